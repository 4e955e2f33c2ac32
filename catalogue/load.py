"""Read a catalogue from its folder: everything is checked, and every mistake is told at once.

A folder is either a whole catalogue (`services/`, `holidays/`, `parties.yaml`, `routes.yaml`, as shipped) or only service
files, which then stand beside the shipped parties, routes and holidays.
"""

from pathlib import Path
from typing import Final, TypeVar

import msgspec

from catalogue.check import check_catalogue, check_holidays, check_service
from catalogue.holidays import Holidays
from catalogue.mistakes import BrokenCatalogueError, Mistake
from catalogue.model import Catalogue, Service
from catalogue.routes import EVERY, Parties, RouteTable
from catalogue.shape import build
from catalogue.yaml_tree import MAX_BYTES, Tree, read_tree

SHIPPED: Final = Path(__file__).parent
MAX_FILES: Final = 500

T = TypeVar("T", bound=msgspec.Struct)


class _Reader:
    """Reads files and keeps what was wrong with them."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.trees: dict[str, Tree] = {}
        """By the id of the service."""

    def one(self, path: Path, kind: type[T]) -> tuple[T, Tree] | None:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            self.mistakes.append(Mistake(path.name, 0, "", f"cannot be read: {error.strerror}"))
            return None
        tree, mistakes = read_tree(path.name, data)
        built: T | None = None
        if tree is not None:
            built, more = build(tree, kind)
            mistakes = [*mistakes, *more]
        self.mistakes += mistakes
        return None if tree is None or built is None or mistakes else (built, tree)

    def all(self, folder: Path, kind: type[T]) -> list[tuple[T, Tree]]:
        paths = sorted(folder.glob("*.yaml"))
        if len(paths) > MAX_FILES:
            self.mistakes.append(Mistake(folder.name, 0, "", f"at most {MAX_FILES} files to a folder"))
            return []
        return [each for each in (self.one(path, kind) for path in paths) if each is not None]

    def services(self, folder: Path) -> dict[str, Service]:
        found: dict[str, Service] = {}
        for service, tree in self.all(folder, Service):
            if service.id in found:
                first = self.trees[service.id].file
                self.mistakes.append(tree.mistake(("id",), f"{service.id} is already in {first}"))
                continue
            found[service.id] = service
            self.trees[service.id] = tree
            if service.id != tree.file.removesuffix(".yaml"):
                self.mistakes.append(tree.mistake(("id",), f"the file must be named {service.id}.yaml"))
        return found


def load_catalogue(folder: Path = SHIPPED) -> Catalogue:
    """Read a folder; BrokenCatalogueError tells every mistake."""
    reader = _Reader()
    services_folder, around = _folders(folder)
    services = reader.services(services_folder)
    if not services and not reader.mistakes:
        reader.mistakes.append(
            Mistake(services_folder.name, 0, "", "holds no service: files *.yaml belong here")
        )
    parties = reader.one(around / "parties.yaml", Parties)
    routes = reader.one(around / "routes.yaml", RouteTable)
    years = reader.all(around / "holidays", Holidays)
    reader.mistakes += check_holidays(years)
    holidays = tuple(each for each, _ in years)
    if parties is None or routes is None:
        raise BrokenCatalogueError(sorted(reader.mistakes))
    table = routes[0] if around == folder else _only_of(services, routes[0])
    whole = Catalogue(services=services, parties=parties[0], routes=table, holidays=holidays)
    mistakes = [*reader.mistakes, *check_catalogue(whole, reader.trees, parties[1], routes[1])]
    if mistakes:
        raise BrokenCatalogueError(sorted(mistakes))
    return whole


def read_service(file: str, data: bytes) -> tuple[Service | None, list[Mistake]]:
    """Read one service by itself: its shape and its own rules, not how it stands among the others."""
    tree, mistakes = read_tree(file, data)
    if tree is None:
        return None, mistakes
    service, more = build(tree, Service)
    mistakes = [*mistakes, *more]
    if service is not None:
        mistakes += check_service(service, tree)
    return (None if mistakes else service), mistakes


def _only_of(services: dict[str, Service], table: RouteTable) -> RouteTable:
    """Leave out the shipped routes of services that are shipped too, and so are not here."""
    return RouteTable(routes=tuple(route for route in table.routes if route.service in {EVERY, *services}))


def _folders(folder: Path) -> tuple[Path, Path]:
    whole = folder / "services"
    return (whole, folder) if whole.is_dir() else (folder, SHIPPED)

"""`tcds-cloud catalogue`: check, describe and look at what stations offer."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cloud.shell import fail

if TYPE_CHECKING:
    from catalogue.mistakes import Mistake
    from catalogue.model import Service

catalogue_app = typer.Typer(help="What stations offer: services as files.", no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Argument(help="A whole catalogue, or a folder of service files; the shipped one when left out."),
]


@catalogue_app.command("check")
def check_folder(folder: Folder = None) -> None:
    """Check every file, and explain every mistake: file, line, place, and what would be right. Ends with 1 if any."""
    from catalogue.load import SHIPPED, load_catalogue
    from catalogue.mistakes import BrokenCatalogueError

    try:
        whole = load_catalogue(_folder(folder) or SHIPPED)
    except BrokenCatalogueError as error:
        _explain(error.mistakes)
    open_points = sum(_open_points(service) for service in whole.services.values())
    typer.echo(
        f"ok: {len(whole.services)} services; {open_points} codes, fees, times and papers not confirmed yet"
    )


@catalogue_app.command("schema")
def print_schema(
    kind: Annotated[
        str, typer.Argument(help="Which file: service, parties, routes or holidays.")
    ] = "service",
) -> None:
    """Print the JSON Schema of a file, for editors (in YAML: `# yaml-language-server: $schema=FILE`)."""
    from catalogue.schema import KINDS, schema_of

    if kind not in KINDS:
        fail([f"{kind}: one of {', '.join(KINDS)}"])
    typer.echo(json.dumps(schema_of(kind), ensure_ascii=False, indent=2))


@catalogue_app.command("preview")
def preview(
    what: Annotated[
        str,
        typer.Argument(
            help="A service's id or its file, or a folder; the whole shipped catalogue when left out."
        ),
    ] = "",
    out: Annotated[Path, typer.Option(help="The page to write; one that is there is replaced.")] = Path(
        "catalogue-preview.html"
    ),
) -> None:
    """Write one HTML page that shows services as people will meet them, in both languages."""
    from catalogue.preview import page

    services = _chosen(what)
    title = services[0].name.vi if len(services) == 1 else "Danh mục dịch vụ"
    try:
        out.write_text(page(services, title), encoding="utf-8")
    except OSError as error:
        fail([f"--out: {out}: {error.strerror}"])
    typer.echo(f"ok: {out}, {len(services)} services")


def _chosen(what: str) -> list["Service"]:
    from catalogue.load import SHIPPED, load_catalogue, read_service
    from catalogue.mistakes import BrokenCatalogueError

    path = Path(what)
    if what and path.is_file():
        service, mistakes = read_service(path.name, path.read_bytes())
        if service is None:
            _explain(mistakes)
        return [service]
    is_folder = bool(what) and path.is_dir()
    try:
        whole = load_catalogue(path if is_folder else SHIPPED)
    except BrokenCatalogueError as error:
        _explain(error.mistakes)
    if is_folder or not what:
        return list(whole.services.values())
    if what not in whole.services:
        fail([f"{what}: no such service, file or folder; there are: {', '.join(whole.services)}"])
    return [whole.services[what]]


def _folder(folder: Path | None) -> Path | None:
    if folder is not None and not folder.is_dir():
        fail([f"{folder}: no such folder"])
    return folder


def _open_points(service: "Service") -> int:
    terms = [term.confirmed for channel in service.channels for term in (channel.fee, channel.time)]
    terms.append(service.code is None or service.code_confirmed)
    terms.append(not service.documents or service.documents_confirmed)
    return terms.count(False)


def _explain(mistakes: Iterable["Mistake"]) -> NoReturn:
    for mistake in mistakes:
        typer.echo(str(mistake), err=True)
    raise typer.Exit(1)

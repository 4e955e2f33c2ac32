"""What all commands share: where the settings come from, opening the store, and how a mistake is told."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from catalogue.model import Catalogue
    from cloud.places import Places
    from cloud.settings import Settings
    from cloud.store.engine import Store

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", envvar="TCDS_CLOUD_CONFIG", help="TOML file; cloud/sample.toml explains every key."
    ),
]


def read_settings(path: Path | None, role: str) -> "Settings":
    """Read the settings and begin the log of `role`; the program ends, with all mistakes, when they cannot be used."""
    from cloud.log import configure_log
    from cloud.settings import SettingsError, load_settings

    try:
        settings = load_settings(path)
    except SettingsError as error:
        fail(error.mistakes)
    configure_log(settings.log.level, role)
    return settings


def read_places(settings: "Settings") -> "Places":
    """Read the list of wards and stations; the program ends when it cannot be used."""
    from cloud.places import load_places
    from cloud.settings import SettingsError

    try:
        return load_places(settings.places)
    except SettingsError as error:
        fail([f"places: {mistake}" for mistake in error.mistakes])


def read_catalogue(settings: "Settings") -> "Catalogue":
    """Read what stations offer; the program ends, with all mistakes, when it cannot be used."""
    from catalogue.load import SHIPPED, load_catalogue
    from catalogue.mistakes import BrokenCatalogueError

    try:
        return load_catalogue(settings.requests.catalogue or SHIPPED)
    except BrokenCatalogueError as error:
        fail([f"requests.catalogue: {mistake}" for mistake in error.mistakes])


def require_files(settings: "Settings") -> None:
    """End the program unless every file that the settings name is there."""
    missing = settings.missing_files()
    if missing:
        fail(missing)


@contextmanager
def open_store_of(settings: "Settings") -> Iterator["Store"]:
    """Open the store; the program ends when its schema is not this release's."""
    from cloud.store.engine import open_store
    from cloud.store.errors import SchemaError

    try:
        with open_store(settings.store.url) as store:
            yield store
    except SchemaError as error:
        fail([str(error)])


def fail(mistakes: list[str]) -> NoReturn:
    """Tell every mistake in a line of its own, and end."""
    for mistake in mistakes:
        typer.echo(f"tcds-cloud: {mistake}", err=True)
    raise typer.Exit(2)

"""What all commands share: where the settings come from, and how a mistake is told."""

import os
from pathlib import Path
from typing import Annotated

import typer

from edge.daemon import EXIT_FAILED, EXIT_SETTINGS
from edge.sections import SettingsError
from edge.settings import Settings, load_settings

Config = Annotated[
    Path, typer.Option("--config", "-c", envvar="TCDS_EDGE_CONFIG", help="The station's settings (TOML).")
]


def load(path: Path) -> Settings:
    """Return the settings; the program ends, with all mistakes, when they cannot be used."""
    try:
        return load_settings(path, os.environ)
    except SettingsError as error:
        raise refusal(error) from error


def refusal(error: SettingsError) -> typer.Exit:
    """Tell what is wrong with the settings; return the program's end."""
    for problem in error.problems:
        typer.echo(str(problem), err=True)
    return typer.Exit(EXIT_SETTINGS)


def failure(text: str) -> typer.Exit:
    """Tell what failed; return the program's end."""
    typer.echo(text, err=True)
    return typer.Exit(EXIT_FAILED)

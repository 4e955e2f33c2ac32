"""`tcds-cloud fhir`: what people had measured in a cabin, for hospitals."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cloud.clock import now_ms
from cloud.shell import Config, fail, open_store_of, read_settings

fhir_app = typer.Typer(
    help="What people had measured in a cabin, as FHIR R4 for hospitals.", no_args_is_help=True
)


@fhir_app.command("export")
def export_fhir(
    session: Annotated[str | None, typer.Option(help="One session, by its id (32 hex digits).")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="All whose consent arrived from then on: 2026-11-22 or 2026-11-22T08:00+07:00."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="... and before then; now when left out. Vietnam's time without an offset."),
    ] = None,
    out: Annotated[str, typer.Option(help="A new file that only you can read; - is standard output.")] = "-",
    config: Config = None,
    *,
    shared_only: Annotated[
        bool, typer.Option("--shared-only", help="Only people who agreed that a doctor may see it.")
    ] = False,
) -> None:
    """Write sessions as FHIR R4 transaction Bundles, one a line.

    Each holds a session's measurements as Observations (vital-signs profiles, LOINC, UCUM; preliminary), about a
    pseudonym, never a name. POST a line to a FHIR server's base address; sending it again creates nothing twice.

    What nobody agreed to, was withdrawn or is past its time is left out. Every export stands in the audit log before
    its first byte is written.
    """
    from cloud.api.people import OPERATOR
    from cloud.export import ExportError, choose, export
    from cloud.store.errors import StoreError

    settings = read_settings(config, "fhir")
    try:
        at_ms = now_ms()
        chosen = choose(session, since, until, at_ms)
        with open_store_of(settings) as store, _output(out) as write:
            told = export(store, chosen, write, actor=OPERATOR, now_ms=at_ms, shared_only=shared_only)
    except (ExportError, StoreError) as error:
        fail([str(error)])
    typer.echo(f"ok: {told.sessions} sessions, {told.observations} observations", err=True)


@contextmanager
def _output(out: str) -> Iterator[Callable[[bytes], object]]:
    """Give a way to write; a file that cannot be written to its end is removed."""
    from cloud.export import ExportError

    if out == "-":
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    try:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise ExportError(f"--out: {path}: {error.strerror}") from error
    try:
        with file:
            yield file.write
    except BaseException:
        path.unlink(missing_ok=True)
        raise

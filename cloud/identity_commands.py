"""`tcds-cloud identity`: what people sent from the chip of their card, for those whom they sent it to."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

from pathlib import Path
from typing import Annotated

import typer

from cloud.clock import now_ms
from cloud.shell import Config, fail, open_store_of, read_settings

identity_app = typer.Typer(
    help="What people sent from the chip of their card, sealed for one recipient.", no_args_is_help=True
)


@identity_app.command("list")
def list_recipients(config: Config = None) -> None:
    """List every recipient: name, then how many shares wait, were fetched, lapsed unfetched; one a line, by tabs."""
    from cloud.store import identities
    from cloud.store.errors import StoreError

    settings = read_settings(config, "identity")
    try:
        with open_store_of(settings) as store, store.reading() as connection:
            tallies = identities.tally(connection, now_ms())
    except StoreError as error:
        fail([str(error)])
    for each in tallies:
        typer.echo("\t".join(map(str, each)))


@identity_app.command("export")
def export_shares(
    recipient: Annotated[str, typer.Option(help="Whose, as `identity list` names them, e.g. ward-police.")],
    out: Annotated[
        Path, typer.Option(help="A folder, made when it is not there; files of the same share are replaced.")
    ],
    config: Config = None,
) -> None:
    """Write what waits for a recipient into a folder: for each share ID.age, then ID.json.

    ID.age is what the person agreed to send, and only the recipient's own key opens it (age -d -i KEY ID.age); nobody
    here can. ID.json says what it is: purpose, names of the fields, text agreed to, station, times, and what was proven
    of the card; nothing of the person.

    A share is written once: when its files are on disk it is deleted here, so look after them. An export that was
    interrupted is simply repeated. Every export stands in the audit log before its first byte is written.
    """
    from cloud.api.people import OPERATOR
    from cloud.delivery import DeliveryError, deliver
    from cloud.store.errors import StoreError

    settings = read_settings(config, "identity")
    try:
        with open_store_of(settings) as store:
            count = deliver(store, recipient, out, actor=OPERATOR, now_ms=now_ms())
    except (DeliveryError, StoreError) as error:
        fail([str(error)])
    typer.echo(f"ok: {count} shares")

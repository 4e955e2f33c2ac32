"""`tcds-cloud request`: what people submitted, as far as an operator may see it; and what could not be carried on."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cloud.clock import now_ms
from cloud.shell import Config, fail, open_store_of, read_settings

if TYPE_CHECKING:
    from cloud.requests.request import Request
    from cloud.store.engine import Store

request_app = typer.Typer(
    help="What people submitted: where it stands, what is overdue, what could not be carried on.",
    no_args_is_help=True,
)

MOST: Final = 1_000
_VIETNAM: Final = dt.timezone(dt.timedelta(hours=7))


@request_app.command("find")
def find(
    code: Annotated[str, typer.Argument(help="The tracking code on the receipt, as people type it.")],
    config: Config = None,
) -> None:
    """Say where a request stands: id, service, state, desk's promise; then everything that happened to it."""
    from cloud.store import request_lists
    from wire.tracking import read_tracking

    tracking = read_tracking(code)
    if tracking is None:
        fail(["CODE: mistyped, or no tracking code"])
    with _opened(config) as store, store.reading() as connection:
        found = request_lists.find_by_tracking(connection, tracking)
        if not found:
            fail(["CODE: nothing was submitted under it"])
        for request in found:
            _print(request)
            for event in request_lists.events(connection, request.id):
                by = event.actor.name or event.actor.kind.value
                typer.echo(f"  {event.sequence}\t{_time(event.at_ms)}\t{event.verb}\t{event.state}\t{by}")


@request_app.command("overdue")
def overdue(
    desk: Annotated[str, typer.Argument(help="A desk's id, as routes name it.")], config: Config = None
) -> None:
    """List a desk's open requests whose promise is missed, the oldest first."""
    from cloud.store import request_lists

    with _opened(config) as store, store.reading() as connection:
        for request in request_lists.overdue(connection, desk, now_ms(), MOST):
            _print(request)


@request_app.command("dead-letters")
def dead_letters(config: Config = None) -> None:
    """List what was given up: number, request, what, by which way, when, why; one a line, by tabs, newest first."""
    from cloud.store import errands

    with _opened(config) as store, store.reading() as connection:
        for each in errands.dead_letters(connection, MOST):
            row = (each.id, each.request, each.kind, each.channel, _time(each.ended_at_ms), each.detail)
            typer.echo("\t".join(map(str, row)))


@request_app.command("resend")
def resend(
    number: Annotated[int, typer.Argument(help="As `request dead-letters` names it.", min=1)],
    config: Config = None,
) -> None:
    """Try a dead letter again from the start; it stands in the audit log."""
    from cloud.api.people import OPERATOR
    from cloud.store import audit, errands
    from cloud.store.engine import take_turn

    with _opened(config) as store:
        with store.writing() as connection:
            take_turn(connection)
            is_there = errands.revive(connection, number, now_ms())
            if is_there:
                audit.append(connection, OPERATOR, "request.resend", str(number), {}, now_ms())
        store.ring()
    if not is_there:
        fail(["NUMBER: no dead letter of this number"])
    typer.echo("ok: it will be tried again")


@contextmanager
def _opened(config: Config) -> "Iterator[Store]":
    from cloud.store.errors import StoreError

    settings = read_settings(config, "request")
    try:
        with open_store_of(settings) as store:
            yield store
    except StoreError as error:
        fail([str(error)])


def _print(request: "Request") -> None:
    row = (request.tracking, request.id, request.service, request.state, _time(request.due_at_ms))
    typer.echo("\t".join(map(str, row)))


def _time(at_ms: int | None) -> str:
    """Return Vietnam's time as ISO 8601; `-` for none."""
    if at_ms is None:
        return "-"
    return dt.datetime.fromtimestamp(at_ms / 1000, _VIETNAM).isoformat(timespec="seconds")

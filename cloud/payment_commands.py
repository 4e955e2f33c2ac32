"""`tcds-cloud payments`: the day's end, what is owed back, and sending it back."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cloud.clock import now_ms
from cloud.shell import Config, fail, open_store_of, read_settings

if TYPE_CHECKING:
    from cloud.payments.order import Order
    from cloud.settings import Settings
    from cloud.store.engine import Store
    from cloud.till import Statement

payment_app = typer.Typer(
    help="Money that people paid at stations: the day's end, what is owed back, and sending it back.",
    no_args_is_help=True,
)

MOST: Final = 1_000
OPEN: Final = 1
"""Exit status: the sides of the day differ, and somebody has to look."""


@payment_app.command("day")
def day(
    of: Annotated[dt.datetime, typer.Argument(metavar="DAY", formats=["%Y-%m-%d"], help="A day in Vietnam.")],
    config: Config = None,
) -> None:
    """Close a day: fetch the bank's statement, book what only it tells of, and compare orders, notices and statement.

    Prints every difference by its kind and ends with status 1 when there is one. It may be run again.
    """
    from cloud.payments.reconcile import report_lines
    from cloud.till import Till

    with _opened(config) as (settings, store):
        statements = asyncio.run(_statements(settings, of.date()))
        found = Till(store, {}, now_ms).close_day(of.date(), statements)
    for line in report_lines(of.date(), found):
        typer.echo(line)
    if found.differences:
        raise typer.Exit(OPEN)


@payment_app.command("owed")
def owed(config: Config = None) -> None:
    """List what is owed back, the oldest first: order, reference, state, dong, and each payment that is due."""
    from cloud.store import payment_refunds

    with _opened(config) as (_, store), store.reading() as connection:
        for order in payment_refunds.owed(connection, MOST):
            _print(order)


@payment_app.command("show")
def show(
    order: Annotated[str, typer.Argument(help="An order's id, or its reference TCDS...")],
    config: Config = None,
) -> None:
    """Say how an order stands."""
    with _opened(config) as (_, store):
        _print(_found(store, order))


@payment_app.command("refund")
def refund(
    order: Annotated[str, typer.Argument(help="An order's id, or its reference TCDS...")],
    config: Config = None,
) -> None:
    """Send back all that is due of an order. VNPAY and MoMo are asked by the counter; from the bank account you send it.

    Put the printed key into the transfer's text: the statement then ends the refund by itself.
    """
    from cloud.payments.errors import RefusedError
    from cloud.store import payment_refunds

    with _opened(config) as (_, store):
        found = _found(store, order)
        due = [payment.key for payment in found.payments if payment.due_dong]
        if not due:
            fail(["ORDER: nothing of it is due"])
        try:
            with store.writing() as connection:
                for key in due:
                    found = payment_refunds.send_back(connection, found.id, key, now_ms())
        except RefusedError as error:
            fail([f"ORDER: {error.code.value}"])
        store.ring()
        _print(found)


async def _statements(settings: "Settings", of: dt.date) -> list["Statement"]:
    """Fetch the bank's statement of a day; the program ends when there is none."""
    from cloud.cash_desk import open_cashiers
    from cloud.connectors.bank_qr import BankCashier
    from cloud.connectors.errors import ConnectorError
    from cloud.payments.bank import credits_of, movements_of
    from cloud.payments.money import Provider
    from cloud.payments.vietnam_time import day_ms
    from cloud.till import Statement

    async with AsyncExitStack() as stack:
        bank = (await open_cashiers(settings, stack)).get(Provider.BANK)
        if not isinstance(bank, BankCashier):
            return []
        try:
            lines = await bank.statement(*day_ms(of))
        except ConnectorError as error:
            fail([f"payments.bank.statement_url: {error}"])
        return [Statement(movements_of(lines), credits_of(lines))]


@contextmanager
def _opened(config: Config) -> Iterator[tuple["Settings", "Store"]]:
    settings = read_settings(config, "payments")
    with open_store_of(settings) as store:
        yield settings, store


def _found(store: "Store", order: str) -> "Order":
    from cloud.store.payment_rows import identity_of, load

    with store.reading() as connection:
        found = load(connection, identity_of(connection, order) or order)
    if found is None:
        fail(["ORDER: there is none of this id or reference"])
    return found


def _print(order: "Order") -> None:
    typer.echo(f"{order.id}\t{order.reference or '-'}\t{order.state}\t{order.amount_dong}\t{order.due_dong}")
    for payment in order.payments:
        sending = "-" if payment.refund is None else payment.refund.id
        typer.echo(
            f"  {payment.key.provider}\t{payment.key.txn}\t{payment.amount_dong}\t{payment.due_dong}\t{sending}"
        )

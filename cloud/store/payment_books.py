"""The books, read: what the ledger holds, what happened to an order, both our sides of a day, whom to ask next."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from cloud.payments.ledger import Account, Place
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey
from cloud.payments.order import Order
from cloud.payments.polling import next_poll_ms
from cloud.payments.reconcile import Item
from cloud.store.payment_rows import COLUMNS, to_order
from cloud.store.schema import LEDGER_POSTING as P
from cloud.store.schema import PAYMENT_EVENT as E
from cloud.store.schema import PAYMENT_ORDER as T
from cloud.store.schema import PROVIDER_NOTICE as N


class Happened(NamedTuple):
    """One event of an order."""

    version: int
    at_ms: int
    kind: str
    data: dict[str, object]


class OurSides(NamedTuple):
    """Two of a day's three sides; the statement is the third."""

    booked: list[Item]
    noticed: list[Item]


def ledger(connection: Connection) -> dict[Account, int]:
    """Fold the whole ledger to balances (dong)."""
    rows = connection.execute(_BALANCES)
    return {Account(Provider(provider), Place(place)): int(total) for provider, place, total in rows}


def history(connection: Connection, identity: str) -> list[Happened]:
    """Return what happened to an order, oldest first."""
    return [Happened(*row) for row in connection.execute(_HISTORY, {"key": identity})]


def sides_of(connection: Connection, since_ms: int, until_ms: int) -> OurSides:
    """Return what moved in [since_ms, until_ms) by the providers' clocks: as booked, and as they told us.

    A refund that we know to be done was told by its provider, or seen by somebody at the desk.
    """
    span = {"since_ms": since_ms, "until_ms": until_ms}
    booked = _items(connection.execute(_MOVED, span))
    noticed = _items(connection.execute(_NOTICED, span))
    return OurSides(booked, noticed + [item for item in booked if item.amount_dong < 0])


def polls_due(connection: Connection, now_ms: int, limit: int) -> list[Order]:
    """Return up to `limit` orders of which their providers are to be asked now, longest due first."""
    rows = connection.execute(_POLLS, {"now_ms": now_ms, "most": limit}).mappings()
    return [to_order(row) for row in rows]


def note_polls(connection: Connection, orders: Iterable[Order], now_ms: int) -> None:
    """Note, before they are asked, when they are asked next; two workers then seldom ask the same."""
    rows = [{"key": order.id, "then_ms": next_poll_ms(order, now_ms)} for order in orders]
    if rows:
        connection.execute(_POLLED, sorted(rows, key=lambda row: str(row["key"])))


def _items(rows: Iterable[tuple[str, str, int]]) -> list[Item]:
    return [Item(PaymentKey(Provider(provider), txn), amount_dong) for provider, txn, amount_dong in rows]


_BALANCES: Final = select(P.c.provider, P.c.place, func.sum(P.c.amount_dong)).group_by(
    P.c.provider, P.c.place
)
_HISTORY: Final = (
    select(E.c.version, E.c.at_ms, E.c.kind, E.c.data)
    .where(E.c.order_id == bindparam("key"))
    .order_by(E.c.version)
)
_MOVED: Final = (
    select(E.c.provider, E.c.txn, E.c.amount_dong)
    .where(E.c.moved_at_ms >= bindparam("since_ms"), E.c.moved_at_ms < bindparam("until_ms"))
    .order_by(E.c.seq)
)
_NOTICED: Final = (
    select(N.c.provider, N.c.txn, N.c.amount_dong)
    .where(
        N.c.taken_at_ms >= bindparam("since_ms"),
        N.c.taken_at_ms < bindparam("until_ms"),
        N.c.notified_at_ms.is_not(None),
    )
    .order_by(N.c.provider, N.c.txn)
)
_POLLS: Final = (
    select(*COLUMNS)
    .where(T.c.next_poll_ms <= bindparam("now_ms"))
    .order_by(T.c.next_poll_ms, T.c.id)
    .limit(bindparam("most"))
)
_POLLED: Final = (
    update(T)
    .where(T.c.id == bindparam("key"), T.c.settled_at_ms.is_(None))
    .values(next_poll_ms=bindparam("then_ms"))
)

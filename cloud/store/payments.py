"""Orders of payment: made, shown, over, closed, given up. Each change is one transaction with its event and postings.

All of it is called within `Store.writing()`. No provider is asked for anything before the row with the key of that
request is committed. Orders are locked by their rows, not by the turn that incidents take: money must never make an SOS
wait.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from cloud.payments.change import Change, close, expire, give_up, open_order, show
from cloud.payments.errors import RefusedCode, RefusedError
from cloud.payments.money import Provider
from cloud.payments.order import Order
from cloud.payments.reference import MAX_SERIAL, reference_of
from cloud.store.errors import AwayError, MissingError
from cloud.store.payment_rows import COLUMNS, insert_order, load, lock, to_order, write
from cloud.store.schema import PAYMENT_ORDER as T

_DRAWS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What is to be paid. `id` (32 hex digits) is minted once, with the draft: the same again is the same order."""

    id: str
    subject: str
    purpose: str
    station: str
    amount_dong: int
    life_ms: int


def _draw() -> int:
    return secrets.randbelow(MAX_SERIAL + 1)


def open_payment(
    connection: Connection, asked: NewOrder, now_ms: int, *, draw: Callable[[], int] = _draw
) -> Order:
    """Make an order, or return the one that is there under this id.

    RefusedError: CONTRADICTS when that one is about something else, ALREADY_PAID when its subject is paid by another.
    """
    known = load(connection, asked.id)
    if known is None:
        paid = connection.execute(_SETTLED, {"the_subject": asked.subject}).first()
        if paid is not None:
            raise RefusedError(RefusedCode.ALREADY_PAID, "order: what it is for is paid already")
        known = _insert(connection, asked, now_ms, draw)
    told = (known.subject, known.purpose, known.station, known.amount_dong)
    if told != (asked.subject, asked.purpose, asked.station, asked.amount_dong):
        raise RefusedError(RefusedCode.CONTRADICTS, "order: there is another one of this id")
    return known


def show_payment(connection: Connection, identity: str, provider: Provider, now_ms: int) -> Order:
    """Note that somebody sees this way to pay; call it before the way is shown. MissingError, RefusedError."""
    return alter(connection, identity, now_ms, lambda order: show(order, provider, now_ms))


def close_payment(connection: Connection, identity: str, reason: str, now_ms: int) -> Order:
    """Let nothing be paid any more; `reason` is a name, no text of a person. MissingError, RefusedError."""
    return alter(connection, identity, now_ms, lambda order: close(order, reason))


def give_up_payment(connection: Connection, identity: str, reason: str, now_ms: int) -> Order:
    """Owe back what was paid for and will not be done. MissingError, RefusedError."""
    return alter(connection, identity, now_ms, lambda order: give_up(order, reason))


def expire_payments(connection: Connection, now_ms: int, limit: int) -> int:
    """Let the time of up to `limit` orders be over; return of how many. Those that somebody else changes are left."""
    rows = connection.execute(_OVER, {"now_ms": now_ms, "most": limit}).mappings()
    changes = [change for row in rows if (change := expire(to_order(row), now_ms)) is not None]
    write(connection, changes, now_ms)
    return len(changes)


def require_payment(connection: Connection, identity: str) -> Order:
    """Read one order; MissingError."""
    order = load(connection, identity)
    if order is None:
        raise MissingError("payment: there is no order of this id")
    return order


def alter(
    connection: Connection, identity: str, now_ms: int, decide: Callable[[Order], Change | None]
) -> Order:
    """Lock an order, decide on it, write that, and return what it is then; MissingError, and whatever `decide` raises."""
    found = [order for order in lock(connection, identity) if order.id == identity]
    if not found:
        raise MissingError("payment: there is no order of this id")
    change = decide(found[0])
    if change is None:
        return found[0]
    write(connection, [change], now_ms)
    return change.order


def _insert(connection: Connection, asked: NewOrder, now_ms: int, draw: Callable[[], int]) -> Order:
    """Insert with a reference that nobody has; return what is there under the id then."""
    for _ in range(_DRAWS):
        change = open_order(
            Order(
                id=asked.id,
                reference=reference_of(draw()),
                subject=asked.subject,
                purpose=asked.purpose,
                station=asked.station,
                amount_dong=asked.amount_dong,
                created_at_ms=now_ms,
                expires_at_ms=now_ms + asked.life_ms,
            )
        )
        if insert_order(connection, change.order, now_ms):
            write(connection, [change], now_ms, is_new=True)
            return change.order
        there = load(connection, asked.id)
        if there is not None:
            return there
    raise AwayError("payment: no free reference was drawn")


_SETTLED: Final = select(T.c.id).where(
    T.c.subject == bindparam("the_subject"), T.c.settled_at_ms.is_not(None)
)
_OVER: Final = (
    select(*COLUMNS)
    .where(
        T.c.expires_at_ms <= bindparam("now_ms"),
        T.c.settled_at_ms.is_(None),
        T.c.is_expired.is_(False),
        T.c.is_closed.is_(False),
    )
    .order_by(T.c.expires_at_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)

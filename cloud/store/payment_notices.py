"""Money that somebody tells of: booked once, whoever tells it first and however often it is told.

A notice of the provider, an answer to our question and a line of a statement are the same payment when provider and
number are the same: that pair is a key of the database. All of it is called within `Store.writing()`.
"""

import hashlib
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from cloud.payments.bookkeeping import book as book_to
from cloud.payments.change import open_stray
from cloud.payments.notice import Outcome, Source, Taken
from cloud.payments.order import Order, State
from cloud.payments.reference import is_reference
from cloud.store.payment_rows import identity_of, insert_order, lock, write
from cloud.store.payments import require_payment
from cloud.store.schema import PROVIDER_NOTICE as T
from cloud.store.upsert import insert_new


class Booked(NamedTuple):
    """What became of money, and the order it belongs to as it is now."""

    outcome: Outcome
    order: Order


def book(connection: Connection, taken: Taken, now_ms: int) -> Booked:
    """Put money into the ledger, once, whoever tells of it: to its order, or to a stray of which all is owed back."""
    named = taken.reference if taken.reference is not None and is_reference(taken.reference) else None
    identity = None if named is None else identity_of(connection, named)
    if not _keep_notice(connection, taken, named, identity, now_ms):
        return _heard_again(connection, taken, now_ms)
    if identity is None:
        return Booked(Outcome.UNMATCHED, _book_stray(connection, taken, now_ms))
    changes = book_to(lock(connection, identity), identity, taken, now_ms)
    write(connection, changes, now_ms)
    order = next(change.order for change in reversed(changes) if change.order.id == identity)
    return Booked(Outcome.MISMATCH if order.state is State.MISMATCH else Outcome.BOOKED, order)


def _keep_notice(
    connection: Connection, taken: Taken, reference: str | None, identity: str | None, now_ms: int
) -> bool:
    """Write what was told; False when this payment is known. Others who tell of it now wait here for our commit."""
    is_stated = taken.source is Source.STATEMENT
    row = {
        "provider": taken.key.provider.value,
        "txn": taken.key.txn,
        "order_id": identity,
        "reference": reference,
        "amount_dong": taken.amount_dong,
        "taken_at_ms": taken.taken_at_ms,
        "received_at_ms": now_ms,
        "notified_at_ms": None if is_stated else now_ms,
        "stated_at_ms": now_ms if is_stated else None,
    }
    inserting = insert_new(connection.dialect.name, T).returning(T.c.txn)
    return connection.execute(inserting, row).first() is not None


def _heard_again(connection: Connection, taken: Taken, now_ms: int) -> Booked:
    key = {"the_provider": taken.key.provider.value, "the_txn": taken.key.txn}
    marking = _STATED if taken.source is Source.STATEMENT else _NOTIFIED
    connection.execute(marking, {**key, "now_ms": now_ms})
    known = connection.execute(_NOTICE, key).one()
    order = require_payment(connection, known.order_id)
    if known.amount_dong == taken.amount_dong:
        return Booked(Outcome.KNOWN, order)
    connection.execute(_CONTRADICTED, {**key, "other_dong": taken.amount_dong})
    return Booked(Outcome.CONTRADICTS, order)


def _book_stray(connection: Connection, taken: Taken, now_ms: int) -> Order:
    provider, txn = taken.key
    change = open_stray(hashlib.sha256(f"{provider}:{txn}".encode()).hexdigest()[:32], taken, now_ms)
    insert_order(connection, change.order, now_ms)
    write(connection, [change], now_ms, is_new=True)
    connection.execute(_ASSIGN, {"the_provider": provider.value, "the_txn": txn, "owner": change.order.id})
    return change.order


_KEY: Final = (T.c.provider == bindparam("the_provider"), T.c.txn == bindparam("the_txn"))
_NOTICE: Final = select(T.c.order_id, T.c.amount_dong).where(*_KEY)
_ASSIGN: Final = update(T).where(*_KEY).values(order_id=bindparam("owner"))
_NOTIFIED: Final = (
    update(T).where(*_KEY).values(notified_at_ms=func.coalesce(T.c.notified_at_ms, bindparam("now_ms")))
)
_STATED: Final = (
    update(T).where(*_KEY).values(stated_at_ms=func.coalesce(T.c.stated_at_ms, bindparam("now_ms")))
)
_CONTRADICTED: Final = (
    update(T)
    .where(*_KEY)
    .values(contradicted_dong=func.coalesce(T.c.contradicted_dong, bindparam("other_dong")))
)

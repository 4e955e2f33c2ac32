"""Between an order's rows and cloud.payments: reading it for a decision, writing what was decided.

A change is written as a whole: the order as it is now, its event, its postings. The caller has locked the orders (`lock`),
so what was read is still true when it is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from cloud.payments.change import Change
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey
from cloud.payments.order import Order, Payment, Refund
from cloud.payments.polling import next_poll_ms
from cloud.store.schema import LEDGER_POSTING, PAYMENT_EVENT
from cloud.store.schema import PAYMENT_ORDER as T
from cloud.store.upsert import insert_new

_FIELDS: Final = tuple(column.name for column in fields(Order))
COLUMNS: Final = tuple(T.c[name] for name in _FIELDS)
"""What `to_order` needs, in no particular order."""


def load(connection: Connection, identity: str) -> Order | None:
    """Read one order."""
    row = connection.execute(_ONE, {"key": identity}).mappings().one_or_none()
    return None if row is None else to_order(row)


def identity_of(connection: Connection, reference: str) -> str | None:
    """Return whose reference it is."""
    return connection.execute(_BY_REFERENCE, {"the_reference": reference}).scalar()


def lock(connection: Connection, identity: str) -> list[Order]:
    """Read all orders of the subject of one, by id, and keep others from changing them until the commit.

    Empty when there is no such order. On SQLite a transaction that writes is alone anyhow.
    """
    return [to_order(row) for row in connection.execute(_SUBJECT, {"key": identity}).mappings()]


def to_order(row: RowMapping) -> Order:
    """Build an order from a row with COLUMNS."""
    values = {name: row[name] for name in _FIELDS}
    values["shown"] = tuple(Provider(name) for name in values["shown"])
    values["payments"] = tuple(_to_payment(told) for told in values["payments"])
    return Order(**values)


def insert_order(connection: Connection, order: Order, now_ms: int) -> bool:
    """Write a new order; False, and nothing is written, when its id or its reference is taken."""
    inserting = insert_new(connection.dialect.name, T).returning(T.c.id)
    return connection.execute(inserting, _values(order, now_ms)).first() is not None


def write(connection: Connection, changes: Sequence[Change], now_ms: int, *, is_new: bool = False) -> None:
    """Write changes in their order; of several to one order the last holds what it is now.

    `is_new`: the orders' rows were just inserted as they are.
    """
    latest = {change.order.id: change.order for change in changes}
    if latest and not is_new:
        connection.execute(_CHANGE, [_update_row(latest[identity], now_ms) for identity in sorted(latest)])
    if changes:
        connection.execute(_EVENT, [_event_row(change, now_ms) for change in changes])
    postings = [row for change in changes for row in _posting_rows(change, now_ms)]
    if postings:
        connection.execute(_POSTING, postings)


def _values(order: Order, now_ms: int) -> dict[str, object]:
    values = {name: getattr(order, name) for name in _FIELDS}
    return {
        **values,
        "shown": [provider.value for provider in order.shown],
        "payments": [_told(payment) for payment in order.payments],
        "state": order.state.value,
        "due_dong": order.due_dong,
        "is_refunding": any(payment.refund for payment in order.payments),
        "next_poll_ms": next_poll_ms(order, now_ms),
        "updated_at_ms": now_ms,
    }


def _update_row(order: Order, now_ms: int) -> dict[str, object]:
    values = {name: value for name, value in _values(order, now_ms).items() if name not in _FIXED}
    return {**values, "key": order.id}


def _event_row(change: Change, now_ms: int) -> dict[str, object]:
    moved = change.movement
    return {
        "order_id": change.order.id,
        "version": change.order.version,
        "at_ms": now_ms,
        "kind": change.kind.value,
        "data": dict(change.data),
        "provider": None if moved is None else moved.key.provider.value,
        "txn": None if moved is None else moved.key.txn,
        "amount_dong": None if moved is None else moved.amount_dong,
        "moved_at_ms": None if moved is None else moved.at_ms,
    }


def _posting_rows(change: Change, now_ms: int) -> Iterable[dict[str, object]]:
    for posting in change.entry.postings if change.entry else ():
        yield {
            "order_id": change.order.id,
            "version": change.order.version,
            "provider": posting.account.provider.value,
            "place": posting.account.place.value,
            "amount_dong": posting.amount_dong,
            "at_ms": now_ms,
        }


def _told(payment: Payment) -> dict[str, object]:
    return {
        "provider": payment.key.provider.value,
        "txn": payment.key.txn,
        "amount_dong": payment.amount_dong,
        "taken_at_ms": payment.taken_at_ms,
        "applied_dong": payment.applied_dong,
        "refunded_dong": payment.refunded_dong,
        "refund": None if payment.refund is None else [payment.refund.id, payment.refund.amount_dong],
    }


def _to_payment(told: Mapping[str, object]) -> Payment:
    values = dict(told)
    key = PaymentKey(Provider(str(values.pop("provider"))), str(values.pop("txn")))
    refund = values.pop("refund")
    sending = Refund(*refund) if isinstance(refund, list) else None
    amounts = {name: int(str(value)) for name, value in values.items()}
    return Payment(key=key, refund=sending, **amounts)


# What an order was opened with never changes.
_FIXED: Final = frozenset(
    {"id", "reference", "subject", "purpose", "station", "amount_dong", "created_at_ms", "expires_at_ms"}
)
_DERIVED: Final = ("state", "due_dong", "is_refunding", "next_poll_ms", "updated_at_ms")
_ONE: Final = select(*COLUMNS).where(T.c.id == bindparam("key"))
_BY_REFERENCE: Final = select(T.c.id).where(T.c.reference == bindparam("the_reference"))
# A notice's foreign key holds a key share of its order: locking against that too, two notices of one subject would wait
# in a circle.
_SUBJECT: Final = (
    select(*COLUMNS)
    .where(T.c.subject == select(T.c.subject).where(T.c.id == bindparam("key")).scalar_subquery())
    .order_by(T.c.id)
    .with_for_update(key_share=True)
)
_CHANGE: Final = (
    update(T)
    .where(T.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in (*_FIELDS, *_DERIVED) if name not in _FIXED})
)
_EVENT: Final = insert(PAYMENT_EVENT)
_POSTING: Final = insert(LEDGER_POSTING)

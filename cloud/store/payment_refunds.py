"""Sending money back: ordered here first, under a key of its own; only then is a provider asked, as often as it takes.

All of it is called within `Store.writing()`, the lists within `reading()`.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from cloud.payments.change import Change, finish_refund, order_refund
from cloud.payments.notice import PaymentKey
from cloud.payments.order import Order, Payment
from cloud.store.payment_rows import COLUMNS, to_order
from cloud.store.payments import alter
from cloud.store.schema import PAYMENT_ORDER as T

_ID_LENGTH: Final = 24


class Sending(NamedTuple):
    """A refund on its way: `payment.refund` has its key and amount."""

    order: Order
    payment: Payment


def send_back(connection: Connection, identity: str, key: PaymentKey, now_ms: int) -> Order:
    """Order the refund of what is due of one payment; one that is on its way stays as it is. MissingError, RefusedError.

    The refund's key is that of the order's next version, in 32 letters and digits at most (VNPAY, vnp_RequestId).
    """

    def decide(order: Order) -> Change | None:
        payment = order.payment(key)
        if payment is not None and payment.refund is not None:
            return None
        return order_refund(order, key, f"R{order.id[:_ID_LENGTH]}v{order.version + 1}")

    return alter(connection, identity, now_ms, decide)


def end_refund(
    connection: Connection,
    identity: str,
    key: PaymentKey,
    refund: str,
    now_ms: int,
    *,
    is_done: bool,
    moved_at_ms: int | None = None,
) -> Order:
    """Note what became of a refund, once; repeating it changes nothing. MissingError, RefusedError.

    `moved_at_ms`: when it went by the provider's clock, where that is told; else now.
    """
    at_ms = now_ms if moved_at_ms is None else moved_at_ms
    return alter(
        connection,
        identity,
        now_ms,
        lambda order: finish_refund(order, key, refund, at_ms, is_done=is_done),
    )


def on_their_way(connection: Connection, limit: int, *, after: str = "") -> list[Sending]:
    """Return the refunds on their way of up to `limit` orders, by the orders' ids, beginning after one.

    By pages, because those that somebody sends by hand may wait for weeks and must not stand before the others.
    """
    rows = connection.execute(_SENDING, {"the_last": after, "most": limit}).mappings()
    orders = [to_order(row) for row in rows]
    return [Sending(order, payment) for order in orders for payment in order.payments if payment.refund]


def owed(connection: Connection, limit: int) -> list[Order]:
    """Return up to `limit` orders of which something is due, oldest change first: the desk's list."""
    return [to_order(row) for row in connection.execute(_OWED, {"most": limit}).mappings()]


_OWED: Final = (
    select(*COLUMNS).where(T.c.due_dong > 0).order_by(T.c.updated_at_ms, T.c.id).limit(bindparam("most"))
)
_SENDING: Final = (
    select(*COLUMNS)
    .where(T.c.due_dong > 0, T.c.is_refunding.is_(True), T.c.id > bindparam("the_last"))
    .order_by(T.c.id)
    .limit(bindparam("most"))
)

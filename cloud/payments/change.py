"""What can happen to an order: each a pure function of (order, what happened, now) that gives one `Change`.

Money that a provider took is never refused, whatever the order's state: it is applied, or it is owed back. Notices,
polls and statements of the same payment are one and the same; the second changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cloud.payments.errors import RefusedCode, RefusedError
from cloud.payments.ledger import Entry, entry_between
from cloud.payments.money import Provider, require_amount
from cloud.payments.notice import Movement, PaymentKey, Taken
from cloud.payments.order import Order, Payment, Refund, State, accounts_of
from cloud.payments.reference import is_reference

MIN_LIFE_MS: Final = 60_000
MAX_LIFE_MS: Final = 24 * 3_600_000
MAX_NAME_LENGTH: Final = 64
STRAY: Final = "stray"
"""Subject and purpose of money that names no order of ours."""


class EventKind(StrEnum):
    """What happened."""

    CREATED = "created"
    SHOWN = "shown"
    TAKEN = "taken"
    EXPIRED = "expired"
    CLOSED = "closed"
    GIVEN_UP = "given_up"
    REFUND_ORDERED = "refund_ordered"
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"


@dataclass(frozen=True, slots=True)
class Change:
    """What an order becomes and why, how its money moved in the ledger, and what came or went at the provider.

    `settles`: from now on it is paid for.
    """

    order: Order
    kind: EventKind
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    entry: Entry | None = None
    movement: Movement | None = None
    settles: bool = False


def open_order(order: Order) -> Change:
    """Begin; RefusedError unless it is as new, names its reference and lives between a minute and a day."""
    require_amount(order.amount_dong)
    names = (order.id, order.subject, order.purpose, order.station)
    if not all(0 < len(name) <= MAX_NAME_LENGTH for name in names):
        raise RefusedError(RefusedCode.INVALID, f"order: its names have 1 to {MAX_NAME_LENGTH} characters")
    if order.reference is None or not is_reference(order.reference):
        raise RefusedError(RefusedCode.INVALID, "order: no reference of ours")
    if not MIN_LIFE_MS <= order.expires_at_ms - order.created_at_ms <= MAX_LIFE_MS:
        raise RefusedError(RefusedCode.INVALID, "order: lives between a minute and a day")
    if order.state is not State.CREATED:
        raise RefusedError(RefusedCode.INVALID, "order: not a new one")
    return Change(order, EventKind.CREATED, {"amount_dong": order.amount_dong})


def open_stray(identity: str, taken: Taken, now_ms: int) -> Change:
    """Keep money that names no order of ours, as an order of which all is owed back."""
    empty = Order(
        id=identity,
        reference=None,
        subject=identity,
        purpose=STRAY,
        station=STRAY,
        amount_dong=taken.amount_dong,
        created_at_ms=now_ms,
        expires_at_ms=now_ms,
        is_closed=True,
    )
    kept = replace(empty, payments=(_payment(taken),))
    entry = entry_between({}, accounts_of(kept))
    return Change(kept, EventKind.TAKEN, _told(taken), entry, _came(taken))


def show(order: Order, provider: Provider, now_ms: int) -> Change | None:
    """Somebody sees the way to pay; None when it was shown already. RefusedError once it shall not be paid any more."""
    if order.is_settled:
        raise RefusedError(RefusedCode.ALREADY_PAID, "order: paid already")
    if order.is_closed or order.is_expired or now_ms >= order.expires_at_ms:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "order: not to be paid any more")
    if provider in order.shown:
        return None
    shown = tuple(sorted((*order.shown, provider)))
    return _change(order, replace(order, shown=shown), EventKind.SHOWN, {"provider": provider.value})


def take(order: Order, taken: Taken, now_ms: int) -> Change | None:
    """Take money in; None when it is known. RefusedError CONTRADICTS when it is known with another amount.

    Late is what becomes known after the order has expired: the person was told so and may have left.
    """
    known = order.payment(taken.key)
    if known is not None:
        if known.amount_dong != taken.amount_dong:
            raise RefusedError(RefusedCode.CONTRADICTS, "payment: known with another amount")
        return None
    richer = replace(order, payments=(*order.payments, _payment(taken)))
    settled = _settle(richer, now_ms)
    return replace(_change(order, settled, EventKind.TAKEN, _told(taken)), movement=_came(taken))


def expire(order: Order, now_ms: int) -> Change | None:
    """Let its time be over; None when that is not so, or means nothing any more."""
    if now_ms < order.expires_at_ms or order.is_expired or order.is_closed or order.is_settled:
        return None
    return _change(order, replace(order, is_expired=True), EventKind.EXPIRED)


def close(order: Order, reason: str) -> Change | None:
    """Nothing shall be paid here any more (withdrawn, or the subject is paid by another order); None when it is so.

    What came in is owed back. RefusedError ALREADY_PAID when it is settled: that is `give_up`'s.
    """
    if order.is_settled:
        raise RefusedError(RefusedCode.ALREADY_PAID, "order: paid already")
    if order.is_closed:
        return None
    return _change(order, replace(order, is_closed=True), EventKind.CLOSED, {"reason": reason})


def give_up(order: Order, reason: str) -> Change:
    """Undo a settlement, because what was paid for will not be done: all is owed back. RefusedError unless settled."""
    if not order.is_settled:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "order: not paid")
    payments = tuple(replace(payment, applied_dong=0) for payment in order.payments)
    unpaid = replace(order, payments=payments, is_closed=True, is_late=False, settled_at_ms=None)
    return _change(order, unpaid, EventKind.GIVEN_UP, {"reason": reason})


def order_refund(order: Order, key: PaymentKey, refund: str) -> Change | None:
    """Send back what is due of one payment; None when this very refund is on its way. RefusedError when nothing is.

    Keep the change before the provider is asked: `refund` is the key by which it recognises a repetition.
    """
    payment = _require_payment(order, key)
    if payment.refund is not None and payment.refund.id == refund:
        return None
    if not 0 < len(refund) <= MAX_NAME_LENGTH:
        raise RefusedError(RefusedCode.INVALID, f"refund: its key has 1 to {MAX_NAME_LENGTH} characters")
    if payment.refund is not None or not payment.free_dong:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "payment: nothing of it can be sent back now")
    sending = replace(payment, refund=Refund(refund, payment.free_dong))
    data = {**_keyed(key), "refund": refund, "amount_dong": payment.free_dong}
    return _change(order, _with(order, sending), EventKind.REFUND_ORDERED, data)


def finish_refund(order: Order, key: PaymentKey, refund: str, at_ms: int, *, is_done: bool) -> Change | None:
    """Note that a refund arrived, or that the provider refused it for good; None when this one is not on its way.

    What could not be sent back may, with what came in since, be enough for the order.
    """
    payment = _require_payment(order, key)
    sent = payment.refund
    if sent is None or sent.id != refund:
        return None
    given_dong = sent.amount_dong if is_done else 0
    ended = replace(payment, refund=None, refunded_dong=payment.refunded_dong + given_dong)
    kind = EventKind.REFUND_DONE if is_done else EventKind.REFUND_FAILED
    change = _change(order, _settle(_with(order, ended), at_ms), kind, {**_keyed(key), "refund": refund})
    back = Movement(PaymentKey(key.provider, refund), -given_dong, at_ms) if is_done else None
    return replace(change, movement=back)


def _settle(order: Order, now_ms: int) -> Order:
    """Apply what is free, oldest first, as soon as it is enough."""
    free_dong = sum(payment.free_dong for payment in order.payments)
    if order.is_closed or order.is_settled or free_dong < order.amount_dong:
        return order
    missing_dong = order.amount_dong
    payments = []
    for payment in order.payments:
        used_dong = min(payment.free_dong, missing_dong)
        missing_dong -= used_dong
        payments.append(replace(payment, applied_dong=used_dong))
    is_late = order.is_expired or now_ms >= order.expires_at_ms
    return replace(order, payments=tuple(payments), is_late=is_late, settled_at_ms=now_ms)


def _change(
    before: Order, after: Order, kind: EventKind, data: Mapping[str, object] = MappingProxyType({})
) -> Change:
    after = replace(after, version=before.version + 1)
    entry = entry_between(accounts_of(before), accounts_of(after))
    return Change(after, kind, data, entry, settles=after.is_settled and not before.is_settled)


def _payment(taken: Taken) -> Payment:
    return Payment(key=taken.key, amount_dong=taken.amount_dong, taken_at_ms=taken.taken_at_ms)


def _with(order: Order, changed: Payment) -> Order:
    payments = tuple(changed if payment.key == changed.key else payment for payment in order.payments)
    return replace(order, payments=payments)


def _require_payment(order: Order, key: PaymentKey) -> Payment:
    payment = order.payment(key)
    if payment is None:
        raise RefusedError(RefusedCode.INVALID, "order: has no such payment")
    return payment


def _keyed(key: PaymentKey) -> dict[str, object]:
    return {"provider": key.provider.value, "txn": key.txn}


def _came(taken: Taken) -> Movement:
    return Movement(taken.key, taken.amount_dong, taken.taken_at_ms)


def _told(taken: Taken) -> dict[str, object]:
    return {**_keyed(taken.key), "amount_dong": taken.amount_dong, "source": taken.source.value}

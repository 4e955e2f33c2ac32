"""An order: what is to be paid, what was, and where each dong of it is.

    created -> qr_shown -> paid
                  '-> expired -> paid_late             an old QR code is matched all the same
                  '-> mismatch -> refund_due -> refunded
                  '-> cancelled -> refund_due -> refunded

The state is not kept but follows from the money and three marks, so that the two can never disagree. It names what is
to be done next about the money; whether the service may go on is `is_settled`: a paid order of which a second payment
waits for its refund is REFUND_DUE and settled.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cloud.payments.ledger import Account, Place
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey

OPENING_VERSION: Final = 1


class State(StrEnum):
    """What is to be done next about the money."""

    CREATED = "created"
    QR_SHOWN = "qr_shown"
    PAID = "paid"
    PAID_LATE = "paid_late"
    EXPIRED = "expired"
    MISMATCH = "mismatch"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund on its way; `id` was kept before anybody was asked, and is the same for every attempt."""

    id: str
    amount_dong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came in once. amount = applied + due + refunded; what is on its way back is still due."""

    key: PaymentKey
    amount_dong: int
    taken_at_ms: int
    applied_dong: int = 0
    refunded_dong: int = 0
    refund: Refund | None = None

    @property
    def due_dong(self) -> int:
        """What is neither paid for nor given back."""
        return self.amount_dong - self.applied_dong - self.refunded_dong

    @property
    def free_dong(self) -> int:
        """What is due and not on its way back yet."""
        return self.due_dong - (self.refund.amount_dong if self.refund else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. `id` is minted where it is made and makes it idempotent; `reference` is how it is known outside.

    `subject`: what is paid for (a request, a bill); several orders may be open for it, one can be settled. `purpose`: a
    name of the price list, no text of a person. A stray order, of money that names no order, has no reference.
    `is_closed`: nothing shall be paid here any more. `is_late`: it was settled after it had expired.
    """

    id: str
    reference: str | None
    subject: str
    purpose: str
    station: str
    amount_dong: int
    created_at_ms: int
    expires_at_ms: int
    version: int = OPENING_VERSION
    shown: tuple[Provider, ...] = ()
    is_expired: bool = False
    is_closed: bool = False
    is_late: bool = False
    settled_at_ms: int | None = None
    payments: tuple[Payment, ...] = field(default=())

    @property
    def taken_dong(self) -> int:
        """All that came in."""
        return sum(payment.amount_dong for payment in self.payments)

    @property
    def due_dong(self) -> int:
        """All that is owed back, on its way or not."""
        return sum(payment.due_dong for payment in self.payments)

    @property
    def is_settled(self) -> bool:
        """Whether it is paid for."""
        return any(payment.applied_dong for payment in self.payments)

    @property
    def difference_dong(self) -> int:
        """What came in and was not given back, against what it should be: positive over, negative short."""
        kept = self.taken_dong - sum(payment.refunded_dong for payment in self.payments)
        return kept - self.amount_dong

    @property
    def state(self) -> State:
        """What is to be done next about the money."""
        if self.due_dong:
            return State.MISMATCH if _is_mismatch(self) else State.REFUND_DUE
        if self.is_settled:
            return State.PAID_LATE if self.is_late else State.PAID
        return State.REFUNDED if self.payments else _state_without_money(self)

    def payment(self, key: PaymentKey) -> Payment | None:
        """Return one payment."""
        return next((payment for payment in self.payments if payment.key == key), None)


def accounts_of(order: Order) -> dict[Account, int]:
    """Return the balances (dong) that this order alone makes."""
    totals: Counter[Account] = Counter()
    for payment in order.payments:
        provider = payment.key.provider
        totals[Account(provider, Place.TAKEN)] += payment.amount_dong
        totals[Account(provider, Place.PAID_FOR)] -= payment.applied_dong
        totals[Account(provider, Place.REFUND_DUE)] -= payment.due_dong
        totals[Account(provider, Place.REFUNDED)] -= payment.refunded_dong
    return dict(totals)


def _is_mismatch(order: Order) -> bool:
    """Whether the amount is wrong and nobody has decided: too little, or one payment of too much.

    A second payment of what is paid is no mismatch: it is simply owed back.
    """
    if order.is_closed or any(payment.refund for payment in order.payments):
        return False
    return not order.is_settled or all(payment.applied_dong for payment in order.payments if payment.due_dong)


def _state_without_money(order: Order) -> State:
    if order.is_closed:
        return State.CANCELLED
    if order.is_expired:
        return State.EXPIRED
    return State.QR_SHOWN if order.shown else State.CREATED

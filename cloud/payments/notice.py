"""What a provider tells of money, from whichever side it is heard, and what became of it here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from cloud.payments.errors import NoticeError
from cloud.payments.money import MAX_DONG, Provider

MAX_TXN_LENGTH: Final = 64


class Source(StrEnum):
    """How we heard of it: told, asked, or read in a statement."""

    NOTIFIED = "notified"
    POLLED = "polled"
    STATEMENT = "statement"


class PaymentKey(NamedTuple):
    """One payment for ever: the provider and its own number for it."""

    provider: Provider
    txn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Money that a provider took: its number for it, our reference if it names one, whole dong, its time (ms UTC).

    NoticeError when it cannot be: no number, a long one, or an amount outside 1..MAX_DONG.
    """

    key: PaymentKey
    reference: str | None
    amount_dong: int
    taken_at_ms: int
    source: Source

    def __post_init__(self) -> None:
        if not 0 < len(self.key.txn) <= MAX_TXN_LENGTH or not self.key.txn.isprintable():
            raise NoticeError("notice: no usable transaction number")
        if not 1 <= self.amount_dong <= MAX_DONG:
            raise NoticeError("notice: no usable amount")


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came (positive) or went back (negative, under the refund's own key), with the provider's time."""

    key: PaymentKey
    amount_dong: int
    at_ms: int


class Outcome(StrEnum):
    """What became of a notice. All but CONTRADICTS mean that the money is in the ledger, once."""

    BOOKED = "booked"
    MISMATCH = "mismatch"
    KNOWN = "known"
    UNMATCHED = "unmatched"
    CONTRADICTS = "contradicts"


class RefundReply(StrEnum):
    """What a provider says of a refund that it was asked for; asking again with the same key is harmless."""

    DONE = "done"
    PENDING = "pending"
    REFUSED = "refused"

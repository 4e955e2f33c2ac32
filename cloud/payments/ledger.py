"""The ledger: append-only, double entry. Every dong that a provider took is at exactly one place.

    taken (+)  =  paid for (-)  +  due for refund (-)  +  refunded (-)          for each provider

An entry's postings sum to zero, so the whole ledger does; balances are folded from entries and never set.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from cloud.payments.errors import LedgerError
from cloud.payments.money import Provider


class Place(StrEnum):
    """Where money is: what was taken stands against the three places where it can be."""

    TAKEN = "taken"
    PAID_FOR = "paid-for"
    REFUND_DUE = "refund-due"
    REFUNDED = "refunded"


class Account(NamedTuple):
    """One place at one provider."""

    provider: Provider
    place: Place


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount (dong, not zero) added to an account; TAKEN grows upwards, the three places downwards."""

    account: Account
    amount_dong: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Postings that become true together; LedgerError unless they sum to zero and each says something."""

    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if not self.postings or any(posting.amount_dong == 0 for posting in self.postings):
            raise LedgerError("ledger: an entry has postings, and none of nothing")
        if sum(posting.amount_dong for posting in self.postings):
            raise LedgerError("ledger: the postings of an entry sum to zero")


def entry_between(before: Mapping[Account, int], after: Mapping[Account, int]) -> Entry | None:
    """Return the entry that leads from balances to others; None when they are the same."""
    accounts = sorted(before.keys() | after.keys())
    moved = [Posting(account, after.get(account, 0) - before.get(account, 0)) for account in accounts]
    postings = tuple(posting for posting in moved if posting.amount_dong)
    return Entry(postings) if postings else None


def balances(entries: Iterable[Entry]) -> dict[Account, int]:
    """Fold entries to the balance (dong) of each account that was ever touched."""
    totals: Counter[Account] = Counter()
    for entry in entries:
        for posting in entry.postings:
            totals[posting.account] += posting.amount_dong
    return dict(totals)


def at(folded: Mapping[Account, int], place: Place) -> int:
    """Return how much (dong, never negative in a sound ledger) is at a place, of all providers together."""
    total = sum(amount for account, amount in folded.items() if account.place is place)
    return total if place is Place.TAKEN else -total

"""The port to whoever bills: which bills of an account are open, and that one was paid.

Settling bears repeating: the same key settles the same bill once. Besides what is raised here, each call raises what
cloud.connectors.errors has.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One open bill; `period` is whoever bills' own word for what it is about (`11/2026`)."""

    id: str
    period: str
    amount_dong: int
    due_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The open bills of a customer, oldest first; `holder` is masked by whoever bills, never more."""

    holder: str = field(repr=False)
    bills: tuple[Bill, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A bill that was paid to us; `key` is the same for ever."""

    key: str
    account: str = field(repr=False)
    bill: str
    amount_dong: int
    paid_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The bill is cleared: the receipt's number, and the e-invoice's where there is one."""

    receipt: str
    invoice: str = ""


class Biller(Protocol):
    """One that bills. UnknownNumberError: no such account; NotTakenError: it will never settle this, and why."""

    @property
    def name(self) -> str:
        """Its name in the catalogue."""

    async def bills(self, account: str) -> Account:
        """Return what is open."""

    async def settle(self, payment: Payment) -> Settlement:
        """Clear a bill that was paid."""

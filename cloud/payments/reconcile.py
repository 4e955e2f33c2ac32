"""The end of the day, from three sides: what our orders hold, what providers told us, what their statements list.

Each side is a list of items under (provider, the provider's number); refunds are items of a negative amount. Whatever
is not the same on all three is listed with its kind. What is not listed is explained: `unexplained_dong` is zero, or
this code is wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cloud.payments.money import Provider, format_dong
from cloud.payments.notice import PaymentKey


@dataclass(frozen=True, slots=True)
class Item:
    """One movement on one side: whole dong, negative when it went back."""

    key: PaymentKey
    amount_dong: int


class Kind(StrEnum):
    """How an item differs; named by what is missing or wrong."""

    AMOUNT_DIFFERS = "amount_differs"
    TWICE = "twice"
    NEVER_NOTIFIED = "never_notified"
    NOT_ON_STATEMENT = "not_on_statement"
    NOT_BOOKED = "not_booked"
    ONLY_BOOKED = "only_booked"
    ONLY_NOTIFIED = "only_notified"
    ONLY_ON_STATEMENT = "only_on_statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One item that is not the same everywhere; None: that side has none of it."""

    kind: Kind
    key: PaymentKey
    booked_dong: int | None
    noticed_dong: int | None
    stated_dong: int | None

    @property
    def gap_dong(self) -> int:
        """How much more the statement has than our orders."""
        return (self.stated_dong or 0) - (self.booked_dong or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One day. Totals (dong) are by provider, refunds taken off; `matched` counts items that all three sides have."""

    matched: int
    booked_dong: Mapping[Provider, int]
    stated_dong: Mapping[Provider, int]
    differences: tuple[Difference, ...]

    @property
    def unexplained_dong(self) -> int:
        """What of the difference between statement and orders is not listed."""
        gap_dong = sum(self.stated_dong.values()) - sum(self.booked_dong.values())
        return gap_dong - sum(difference.gap_dong for difference in self.differences)

    @property
    def is_clean(self) -> bool:
        """Whether all three sides are the same."""
        return not self.differences


def reconcile(booked: Iterable[Item], noticed: Iterable[Item], stated: Iterable[Item]) -> Reconciliation:
    """Compare the three sides; several items of one key on one side are added up, and listed as TWICE."""
    sides = [_Side(booked), _Side(noticed), _Side(stated)]
    keys = sorted({key for side in sides for key in side.sums})
    found = [_compare(key, sides) for key in keys]
    return Reconciliation(
        matched=found.count(None),
        booked_dong=sides[0].totals(),
        stated_dong=sides[2].totals(),
        differences=tuple(difference for difference in found if difference is not None),
    )


def report_lines(day: date, found: Reconciliation) -> list[str]:
    """Return the report of a day as lines of text: totals, then every difference."""
    head = f"Đối soát ngày {day:%d/%m/%Y}"
    totals = [
        f"{provider.value}: sổ {format_dong(found.booked_dong.get(provider, 0))},"
        f" sao kê {format_dong(found.stated_dong.get(provider, 0))}"
        for provider in Provider
    ]
    summary = f"Khớp: {found.matched}; chênh lệch: {len(found.differences)}"
    return [head, *totals, summary, *(_line(difference) for difference in found.differences)]


class _Side:
    """One side by key: the sum, and whether there was more than one."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.sums: dict[PaymentKey, int] = defaultdict(int)
        self.counts: Counter[PaymentKey] = Counter()
        for item in items:
            self.sums[item.key] += item.amount_dong
            self.counts[item.key] += 1

    def totals(self) -> Mapping[Provider, int]:
        """Add up by provider."""
        totals: Counter[Provider] = Counter()
        for key, amount_dong in self.sums.items():
            totals[key.provider] += amount_dong
        return MappingProxyType(dict(totals))


def _compare(key: PaymentKey, sides: list[_Side]) -> Difference | None:
    booked, noticed, stated = (side.sums.get(key) for side in sides)
    kind = _PRESENCE.get((booked is None, noticed is None, stated is None))
    if kind is None and len({booked, noticed, stated}) > 1:
        kind = Kind.AMOUNT_DIFFERS
    if any(side.counts[key] > 1 for side in sides):
        kind = Kind.TWICE
    if kind is None:
        return None
    return Difference(kind=kind, key=key, booked_dong=booked, noticed_dong=noticed, stated_dong=stated)


def _line(difference: Difference) -> str:
    sides = (difference.booked_dong, difference.noticed_dong, difference.stated_dong)
    told = ["không có" if amount is None else format_dong(amount) for amount in sides]
    return (
        f"- {_WORDS[difference.kind]}: {difference.key.provider.value} {difference.key.txn};"
        f" sổ {told[0]}, thông báo {told[1]}, sao kê {told[2]}"
    )


# Missing on: orders, notices, statement. All there is no kind of its own.
_PRESENCE: Final = MappingProxyType(
    {
        (False, True, False): Kind.NEVER_NOTIFIED,
        (False, False, True): Kind.NOT_ON_STATEMENT,
        (True, False, False): Kind.NOT_BOOKED,
        (False, True, True): Kind.ONLY_BOOKED,
        (True, False, True): Kind.ONLY_NOTIFIED,
        (True, True, False): Kind.ONLY_ON_STATEMENT,
    }
)
_WORDS: Final = MappingProxyType(
    {
        Kind.AMOUNT_DIFFERS: "Lệch số tiền",
        Kind.TWICE: "Ghi hai lần",
        Kind.NEVER_NOTIFIED: "Không có thông báo",
        Kind.NOT_ON_STATEMENT: "Chưa có trên sao kê",
        Kind.NOT_BOOKED: "Chưa vào sổ",
        Kind.ONLY_BOOKED: "Chỉ có trong sổ",
        Kind.ONLY_NOTIFIED: "Chỉ có thông báo",
        Kind.ONLY_ON_STATEMENT: "Chỉ có trên sao kê",
    }
)

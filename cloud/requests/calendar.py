"""Clocks of promises: working hours and working days of Vietnam's offices.

Mondays to Fridays, 07:30 to 11:30 and 13:00 to 17:00, all the year at UTC+7; the days off and the weekend days worked
instead are announced year by year (Labour Code 45/2019/QH14, article 112) and come in as data. A year of which nothing
is known counts every weekday: whoever promises must bring the data in time.

Moments are ms since 1970 UTC.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cloud.requests.errors import CalendarError

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
MAX_AMOUNT: Final = 1_000
"""Of any unit in a term: longer promises are none."""

_OFFSET_MS: Final = 7 * HOUR_MS
_MORNING: Final = (7 * HOUR_MS + 30 * MINUTE_MS, 11 * HOUR_MS + 30 * MINUTE_MS)
_AFTERNOON: Final = (13 * HOUR_MS, 17 * HOUR_MS)
_SATURDAY: Final = 5
_EPOCH: Final = dt.date(1970, 1, 1)
_ONE_DAY: Final = dt.timedelta(days=1)
_MAX_DAYS: Final = 4_000
"""So far ahead is looked for working time: some ten years."""


class Unit(StrEnum):
    """What a term counts in."""

    WORKING_HOURS = "working-hours"
    WORKING_DAYS = "working-days"
    HOURS = "hours"
    """Of the clock, for who works day and night."""
    DAYS = "days"
    """Of the calendar."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take: 1 to MAX_AMOUNT of a unit."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MAX_AMOUNT:
            raise CalendarError(f"term: 1 to {MAX_AMOUNT}")


@dataclass(frozen=True, slots=True)
class Lateness:
    """By how much a promise was missed: working time, and the working days begun since."""

    working_ms: int
    working_days: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off, and the weekend days that are worked instead."""

    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()

    def is_working_day(self, day: dt.date) -> bool:
        """Whether offices are open that day."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def due_ms(self, from_ms: int, term: Term) -> int:
        """Return when a term that begins at `from_ms` is over."""
        if term.unit is Unit.WORKING_HOURS:
            return self.add_working_ms(from_ms, term.amount * HOUR_MS)
        if term.unit is Unit.WORKING_DAYS:
            return self.add_working_days(from_ms, term.amount)
        return from_ms + term.amount * (HOUR_MS if term.unit is Unit.HOURS else DAY_MS)

    def add_working_ms(self, from_ms: int, working_ms: int) -> int:
        """Return the first moment at which so much working time (more than 0) has passed since `from_ms`."""
        if working_ms <= 0:
            raise CalendarError("term: longer than nothing")
        left_ms = working_ms
        for begin_ms, end_ms in self._spans_from(from_ms):
            length_ms = end_ms - max(begin_ms, from_ms)
            if left_ms <= length_ms:
                return end_ms - length_ms + left_ms
            left_ms -= max(length_ms, 0)
        raise CalendarError("term: longer than any calendar")

    def add_working_days(self, from_ms: int, days: int) -> int:
        """Return the closing time of the last of so many (1 or more) working days, of which the first is the next one.

        The day of the event itself does not count (Civil Code 91/2015/QH13, article 147).
        """
        if days < 1:
            raise CalendarError("term: longer than nothing")
        day, left = day_of(from_ms), days
        for _ in range(_MAX_DAYS):
            day += _ONE_DAY
            left -= self.is_working_day(day)
            if not left:
                return _midnight_ms(day) + _AFTERNOON[1]
        raise CalendarError("term: longer than any calendar")

    def working_ms(self, from_ms: int, until_ms: int) -> int:
        """Return the working time between two moments; 0 when the second is not after the first."""
        total_ms = 0
        for begin_ms, end_ms in self._spans_from(from_ms):
            if begin_ms >= until_ms:
                break
            total_ms += max(0, min(end_ms, until_ms) - max(begin_ms, from_ms))
        return total_ms

    def days_until(self, now_ms: int, due_ms: int) -> int:
        """Return the working days from today's day to that of a promise: 0 on the day itself, negative once it is past."""
        today, day = day_of(now_ms), day_of(due_ms)
        first, last = min(today, day), max(today, day)
        ahead = (
            first + dt.timedelta(days=each) for each in range(1, min((last - first).days, _MAX_DAYS) + 1)
        )
        count = sum(map(self.is_working_day, ahead))
        return count if day >= today else -count

    def lateness(self, due_ms: int, now_ms: int) -> Lateness | None:
        """Return by how much a promise was missed; None when it was not (yet): the very moment is still in time."""
        if not is_overdue(due_ms, now_ms):
            return None
        days = (day_of(now_ms) - day_of(due_ms)).days
        later = (day_of(due_ms) + dt.timedelta(days=ahead) for ahead in range(1, min(days, _MAX_DAYS) + 1))
        return Lateness(self.working_ms(due_ms, now_ms), sum(map(self.is_working_day, later)))

    def _spans_from(self, from_ms: int) -> Iterator[tuple[int, int]]:
        """Yield the spans of working time in their order, from the day of `from_ms` on."""
        day = day_of(from_ms)
        for _ in range(_MAX_DAYS):
            if self.is_working_day(day):
                midnight_ms = _midnight_ms(day)
                for begin_ms, end_ms in (_MORNING, _AFTERNOON):
                    yield midnight_ms + begin_ms, midnight_ms + end_ms
            day += _ONE_DAY


def is_overdue(due_ms: int, now_ms: int) -> bool:
    """Whether a promise is missed."""
    return now_ms > due_ms


def day_of(at_ms: int) -> dt.date:
    """Return the day in Vietnam."""
    return _EPOCH + dt.timedelta(days=(at_ms + _OFFSET_MS) // DAY_MS)


def _midnight_ms(day: dt.date) -> int:
    return (day - _EPOCH).days * DAY_MS - _OFFSET_MS

"""Days on which Vietnam's authorities do not work, and weekend days on which they do, one file for each year.

Labour Code 45/2019/QH14, article 112; the Tet days, the second National Day and all swaps are announced year by year.
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from catalogue.mistakes import CatalogueError
from catalogue.words import Label, Line

MAX_WORKING_DAYS: int = 1_000
_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5


class Standing(StrEnum):
    """How sure a day is."""

    LAW = "law"
    """It stands in the law, by its date."""
    ANNOUNCED = "announced"
    """The authority has announced it for this year."""
    COMPUTED = "computed"
    """It stands in the law by the lunar calendar; the date was computed."""
    EXPECTED = "expected"
    """It follows from how earlier years were announced; not announced yet."""


class Holiday(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One day off, or one weekend day worked instead."""

    day: dt.date
    name: Label
    standing: Standing
    source: Line


class Holidays(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days of one year."""

    year: Annotated[int, Meta(ge=2020, le=2100)]
    days_off: Annotated[tuple[Holiday, ...], Meta(max_length=40)]
    days_worked: Annotated[tuple[Holiday, ...], Meta(max_length=10)] = ()


class UnknownYearError(CatalogueError):
    """No file tells this year's holidays; `year` is its number. Nothing may be promised on a guess."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no holidays are known for {year}")
        self.year = year


class WorkingDays:
    """The calendar of the years that are known."""

    def __init__(self, years: Iterable[Holidays]) -> None:
        known = tuple(years)
        self._years = frozenset(each.year for each in known)
        self._off = frozenset(holiday.day for each in known for holiday in each.days_off)
        self._worked = frozenset(holiday.day for each in known for holiday in each.days_worked)

    def is_working(self, day: dt.date) -> bool:
        """Whether offices are open that day; UnknownYearError."""
        if day.year not in self._years:
            raise UnknownYearError(day.year)
        return day in self._worked or (day.weekday() < _SATURDAY and day not in self._off)

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """Return the last day of a term of `working_days` (1 to 1000) that begins the day after `day`.

        Civil Code 91/2015/QH13, article 147: the day of the event itself does not count. UnknownYearError.
        """
        if not 1 <= working_days <= MAX_WORKING_DAYS:
            raise ValueError("working_days: 1 to 1000")
        left = working_days
        while left:
            day += _ONE_DAY
            left -= self.is_working(day)
        return day

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.holidays import Standing, UnknownYearError, WorkingDays
from catalogue.load import load_catalogue

HOLIDAYS = load_catalogue().holidays
CALENDAR = WorkingDays(HOLIDAYS)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01",
        "2026-02-16",
        "2026-02-20",
        "2026-04-27",
        "2026-04-30",
        "2026-05-01",
        "2026-09-02",
        "2026-11-24",
        "2027-02-08",
        "2027-02-11",
        "2027-04-16",
        "2027-05-03",
        "2026-11-28",
        "2026-11-29",
    ],
)
def test_offices_are_closed_on_holidays_and_weekends(text: str) -> None:
    assert not CALENDAR.is_working(day(text))


@pytest.mark.parametrize("text", ["2026-02-13", "2026-02-23", "2026-11-25", "2027-02-04", "2027-02-12"])
def test_offices_are_open_on_the_days_around(text: str) -> None:
    assert CALENDAR.is_working(day(text))


def test_a_weekend_day_that_makes_up_for_another_is_worked() -> None:
    assert day("2026-08-22").weekday() == 5
    assert CALENDAR.is_working(day("2026-08-22"))
    assert not CALENDAR.is_working(day("2026-08-31"))


@pytest.mark.parametrize(
    ("begin", "count", "end"),
    [
        ("2026-11-23", 1, "2026-11-25"),
        ("2026-11-20", 3, "2026-11-26"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-12-31", 7, "2027-01-12"),
        ("2027-02-04", 1, "2027-02-12"),
    ],
)
def test_a_term_begins_the_day_after_and_counts_working_days_only(begin: str, count: int, end: str) -> None:
    assert CALENDAR.after(day(begin), count) == day(end)


def test_no_term_is_promised_in_a_year_that_nobody_knows() -> None:
    with pytest.raises(UnknownYearError) as raised:
        CALENDAR.after(day("2027-12-30"), 30)
    assert raised.value.year == 2028


@pytest.mark.parametrize("count", [0, -1, 1_001])
def test_a_term_is_one_to_a_thousand_days(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        CALENDAR.after(day("2026-11-27"), count)


@given(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), st.integers(1, 60))
def test_a_longer_term_ends_later_and_always_on_a_working_day(begin: dt.date, count: int) -> None:
    end, next_end = CALENDAR.after(begin, count), CALENDAR.after(begin, count + 1)
    assert begin < end < next_end
    assert CALENDAR.is_working(end)


def test_the_law_s_twelve_days_stand_in_each_year() -> None:
    for year in HOLIDAYS:
        for month, number in ((1, 1), (4, 30), (5, 1), (9, 2), (11, 24)):
            (found,) = [each for each in year.days_off if each.day == dt.date(year.year, month, number)]
            assert found.standing is Standing.LAW


def test_what_was_not_announced_yet_says_so() -> None:
    (later,) = [year for year in HOLIDAYS if year.year == 2027]
    assert not [each for each in later.days_off if each.standing is Standing.ANNOUNCED]
    assert [each.day.day for each in later.days_off if each.day.month == 2] == [5, 6, 7, 8, 9, 10, 11]
    assert all(each.source for year in HOLIDAYS for each in (*year.days_off, *year.days_worked))

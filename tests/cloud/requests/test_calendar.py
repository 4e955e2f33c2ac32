"""Working time of Vietnam's offices, against an oracle that walks minute by minute."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.requests.calendar import (
    DAY_MS,
    HOUR_MS,
    MAX_AMOUNT,
    MINUTE_MS,
    Calendar,
    Lateness,
    Term,
    Unit,
    day_of,
    is_overdue,
)
from cloud.requests.errors import CalendarError
from tests.cloud.requests.samples import CALENDAR, at_ms

ZONE = dt.timezone(dt.timedelta(hours=7))
DAYS = st.dates(dt.date(2026, 11, 16), dt.date(2026, 12, 6))
CALENDARS = st.builds(
    Calendar,
    off=st.frozensets(DAYS, max_size=12),
    worked=st.frozensets(DAYS.filter(lambda day: day.weekday() >= 5), max_size=4),
)
MOMENTS = st.integers(0, 12 * 24 * 60).map(lambda minute: at_ms(18, 0) + minute * MINUTE_MS)


def is_working_minute(calendar: Calendar, begins_ms: int) -> bool:
    """Say whether an office is open in the minute that begins then: slow, and nothing but the rule."""
    moment = dt.datetime.fromtimestamp(begins_ms / 1000, ZONE)
    day = moment.date()
    if day not in calendar.worked and (day in calendar.off or moment.weekday() >= 5):
        return False
    clock = (moment.hour, moment.minute)
    return (7, 30) <= clock < (11, 30) or (13, 0) <= clock < (17, 0)


def slow_working_minutes(calendar: Calendar, from_ms: int, until_ms: int) -> int:
    return sum(is_working_minute(calendar, at) for at in range(from_ms, until_ms, MINUTE_MS))


@settings(max_examples=60, deadline=None)
@given(CALENDARS, MOMENTS, MOMENTS)
def test_working_time_between_two_moments_is_what_the_oracle_counts(
    calendar: Calendar, one_ms: int, other_ms: int
) -> None:
    counted = calendar.working_ms(one_ms, other_ms)
    assert counted == slow_working_minutes(calendar, one_ms, other_ms) * MINUTE_MS


@settings(max_examples=60, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(1, 20 * 60))
def test_added_working_time_is_over_at_the_first_moment_at_which_it_has_passed(
    calendar: Calendar, from_ms: int, minutes: int
) -> None:
    due_ms = calendar.add_working_ms(from_ms, minutes * MINUTE_MS)
    assert slow_working_minutes(calendar, from_ms, due_ms) == minutes
    assert is_working_minute(calendar, due_ms - MINUTE_MS), "no later than needed"


@settings(max_examples=60, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(1, 15))
def test_added_working_days_end_at_five_and_hold_so_many_days(
    calendar: Calendar, from_ms: int, days: int
) -> None:
    due_ms = calendar.add_working_days(from_ms, days)
    due = dt.datetime.fromtimestamp(due_ms / 1000, ZONE)
    start = dt.datetime.fromtimestamp(from_ms / 1000, ZONE).date()
    between = [start + dt.timedelta(days=ahead) for ahead in range(1, (due.date() - start).days + 1)]
    assert (due.hour, due.minute) == (17, 0)
    assert sum(calendar.is_working_day(day) for day in between) == days
    assert calendar.is_working_day(due.date())


@given(CALENDARS, MOMENTS, MOMENTS, st.sampled_from(Unit), st.integers(1, 20))
def test_who_begins_later_is_never_done_earlier(
    calendar: Calendar, one_ms: int, other_ms: int, unit: Unit, amount: int
) -> None:
    first, second = sorted((one_ms, other_ms))
    term = Term(amount, unit)
    assert first < calendar.due_ms(first, term) <= calendar.due_ms(second, term)


def test_eight_working_hours_from_monday_morning_end_the_same_day() -> None:
    assert CALENDAR.due_ms(at_ms(23, 7, 30), Term(8, Unit.WORKING_HOURS)) == at_ms(23, 17)


def test_the_noon_break_and_a_day_off_count_nothing() -> None:
    assert CALENDAR.due_ms(at_ms(23, 11), Term(1, Unit.WORKING_HOURS)) == at_ms(23, 13, 30)
    assert CALENDAR.due_ms(at_ms(23, 16, 30), Term(1, Unit.WORKING_HOURS)) == at_ms(25, 8), "the 24th is off"


def test_a_saturday_that_is_worked_instead_counts() -> None:
    assert CALENDAR.due_ms(at_ms(27, 16), Term(2, Unit.WORKING_HOURS)) == at_ms(28, 8, 30)
    assert CALENDAR.due_ms(at_ms(27, 16), Term(1, Unit.WORKING_DAYS)) == at_ms(28, 17)


def test_what_arrives_at_night_has_all_of_its_hours() -> None:
    assert CALENDAR.due_ms(at_ms(22, 23), Term(1, Unit.WORKING_HOURS)) == at_ms(23, 8, 30)


def test_the_day_of_the_event_does_not_count() -> None:
    assert CALENDAR.due_ms(at_ms(23, 8), Term(1, Unit.WORKING_DAYS)) == at_ms(25, 17)
    assert CALENDAR.due_ms(at_ms(21, 8), Term(1, Unit.WORKING_DAYS)) == at_ms(23, 17), "a Saturday's event"


def test_hours_of_the_clock_run_day_and_night() -> None:
    assert CALENDAR.due_ms(at_ms(23, 22), Term(4, Unit.HOURS)) == at_ms(24, 2)


def test_days_of_the_calendar_are_days() -> None:
    assert CALENDAR.due_ms(at_ms(23), Term(10, Unit.DAYS)) == at_ms(23) + 10 * DAY_MS


def test_the_very_moment_is_still_in_time() -> None:
    assert not is_overdue(at_ms(23), at_ms(23))
    assert is_overdue(at_ms(23), at_ms(23) + 1)
    assert CALENDAR.lateness(at_ms(23), at_ms(23)) is None


def test_lateness_counts_working_time_and_the_working_days_since() -> None:
    assert CALENDAR.lateness(at_ms(23, 16), at_ms(25, 8, 30)) == Lateness(2 * HOUR_MS, 1)
    assert CALENDAR.lateness(at_ms(23, 17), at_ms(24, 12)) == Lateness(0, 0), "only a day off has passed"
    assert CALENDAR.lateness(at_ms(23, 17), at_ms(30, 9)) == Lateness(8 * 4 * HOUR_MS + 90 * MINUTE_MS, 5)


@pytest.mark.parametrize("amount", [0, -1, MAX_AMOUNT + 1])
def test_a_term_of_nothing_or_without_end_is_none(amount: int) -> None:
    with pytest.raises(CalendarError):
        Term(amount, Unit.WORKING_HOURS)


def test_no_calendar_counts_nothing_or_for_ever() -> None:
    with pytest.raises(CalendarError):
        CALENDAR.add_working_ms(at_ms(23), 0)
    with pytest.raises(CalendarError):
        CALENDAR.add_working_days(at_ms(23), 0)
    with pytest.raises(CalendarError):
        CALENDAR.add_working_days(at_ms(23), 100_000)
    with pytest.raises(CalendarError):
        CALENDAR.add_working_ms(at_ms(23), 100_000 * DAY_MS)


def test_a_day_begins_at_midnight_in_vietnam() -> None:
    assert day_of(at_ms(23, 0)) == dt.date(2026, 11, 23)
    assert day_of(at_ms(23, 0) - 1) == dt.date(2026, 11, 22)

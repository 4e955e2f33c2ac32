"""Whose measurement it is, in all the ways that devices, clocks and earlier persons can mislead a station."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.instrument import DeviceTime, Taken
from edge.drivers.ble.attribution import (
    SETTLED_MS,
    SHORTEST_MS,
    ClockReading,
    DeviceClock,
    Situation,
    Verdict,
    as_datetime,
    is_newer,
    judge,
)
from wire.entries import VitalKind

CONNECTED_MS = 1_000_000
BEGUN_MS = 1_010_000
NOW_MS = 1_070_000
NOON = datetime(2026, 11, 22, 12, 0, 7)  # noqa: DTZ001  # a device's clock has no zone
RIGHT = DeviceClock(found=ClockReading(NOON, CONNECTED_MS), was_right=True)


def at(uptime_ms: int, clock: ClockReading) -> DeviceTime:
    """What `clock` shows at `uptime_ms`, with a second that is not 0."""
    shown = clock.at + timedelta(milliseconds=uptime_ms - clock.uptime_ms)
    return DeviceTime(shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.second or 1)


def taken(stamp: DeviceTime | None = None, sequence: int | None = None) -> Taken:
    return Taken(VitalKind.BLOOD_PRESSURE, {}, b"\x01", taken_at=stamp, sequence=sequence)


def stamped(uptime_ms: int, clock: ClockReading) -> Taken:
    return taken(at(uptime_ms, clock))


def situation(clock: DeviceClock = RIGHT, **changes: object) -> Situation:
    base = Situation(begun_ms=BEGUN_MS, now_ms=NOW_MS, connected_ms=CONNECTED_MS, clock=clock)
    return replace(base, **changes)  # type: ignore[arg-type]  # the fields of a situation


@pytest.mark.parametrize(
    ("uptime_ms", "verdict"),
    [
        (BEGUN_MS + 30_000, Verdict.TELL),
        (NOW_MS, Verdict.TELL),
        (BEGUN_MS - 2_000, Verdict.TELL),
        (BEGUN_MS - 6_000, Verdict.REFUSE),
        (BEGUN_MS - 3_600_000, Verdict.REFUSE),
        (NOW_MS + 3_600_000, Verdict.REFUSE),
    ],
)
def test_a_right_clock_testifies(uptime_ms: int, verdict: Verdict) -> None:
    assert RIGHT.found is not None
    assert judge(stamped(uptime_ms, RIGHT.found), situation()) is verdict


def test_the_reading_of_an_earlier_person_is_refused_also_after_a_live_phase() -> None:
    assert RIGHT.found is not None
    old = stamped(BEGUN_MS - 60_000, RIGHT.found)
    assert judge(old, situation(live_since_ms=BEGUN_MS + 1)) is Verdict.REFUSE


@given(st.integers(-600_000, 600_000))
def test_a_stations_own_clock_may_jump_without_any_effect(jump_ms: int) -> None:
    """Only uptime and the device's clock count; the same stamp is judged the same whatever the wall says."""
    assert RIGHT.found is not None
    inside = jump_ms + BEGUN_MS
    told = judge(stamped(inside, RIGHT.found), situation()) is Verdict.TELL
    assert told or not BEGUN_MS <= inside <= NOW_MS


def test_a_clock_that_was_reset_gives_an_old_reading_the_time_of_the_new_one_and_is_not_believed() -> None:
    reset = ClockReading(datetime(2000, 1, 1, 0, 5, 1), CONNECTED_MS)  # noqa: DTZ001  # a device's
    clock = DeviceClock(found=reset, was_right=False)
    old = stamped(BEGUN_MS + 5_000, reset)
    assert judge(old, situation(clock, connected_ms=NOW_MS - 500)) is Verdict.HOLD
    assert judge(old, situation(clock, now_ms=BEGUN_MS + 6_000)) is Verdict.REFUSE


def test_a_clock_hours_ahead_does_not_bring_this_mornings_reading_into_this_afternoon() -> None:
    ahead = ClockReading(NOON + timedelta(hours=7), CONNECTED_MS)
    clock = DeviceClock(found=ahead, set=ClockReading(NOON, CONNECTED_MS + 500), was_right=False)
    seven_hours_ago = stamped(BEGUN_MS + 20_000 - 7 * 3_600_000, ahead)
    assert judge(seven_hours_ago, situation(clock)) is not Verdict.TELL


def test_a_clock_a_little_ahead_that_was_set_leaves_doubt_near_the_begin() -> None:
    ahead = ClockReading(NOON + timedelta(minutes=2), CONNECTED_MS)
    clock = DeviceClock(found=ahead, set=ClockReading(NOON, CONNECTED_MS + 500), was_right=True)
    before_begin = stamped(BEGUN_MS - 100_000, ahead)
    assert judge(before_begin, situation(clock)) is not Verdict.TELL


def test_a_reading_from_before_the_clock_was_set_is_placed_by_the_old_clock() -> None:
    behind = ClockReading(NOON - timedelta(minutes=4), CONNECTED_MS)
    clock = DeviceClock(found=behind, set=ClockReading(NOON, CONNECTED_MS + 500), was_right=True)
    just_before = stamped(CONNECTED_MS - 5_000, behind)
    early_begin = situation(clock, begun_ms=CONNECTED_MS - 60_000)
    assert judge(just_before, early_begin) is Verdict.TELL


def test_a_clock_that_cannot_be_read_is_believed_once_it_was_set_before() -> None:
    just_set = ClockReading(NOON, CONNECTED_MS)
    fresh = stamped(BEGUN_MS + 30_000, just_set)
    assert judge(fresh, situation(DeviceClock(set=just_set, was_right=True))) is Verdict.TELL
    assert judge(fresh, situation(DeviceClock(set=just_set))) is not Verdict.TELL


def test_a_clock_without_seconds_is_not_held_against_a_reading() -> None:
    assert RIGHT.found is not None
    minute = NOON.replace(second=0) + timedelta(minutes=1)
    stamp = DeviceTime(minute.year, minute.month, minute.day, minute.hour, minute.minute, 0)
    begun_ms = RIGHT.found.uptime_of(minute) + 40_000
    here = situation(begun_ms=begun_ms, now_ms=begun_ms + 30_000)
    assert judge(taken(stamp), here) is Verdict.TELL_UNTIMED
    assert judge(taken(stamp), replace(here, begun_ms=begun_ms + 40_000)) is Verdict.REFUSE


def test_a_date_that_is_not_known_is_no_time() -> None:
    assert as_datetime(DeviceTime(None, 11, 22, 12, 0, 0)) is None
    assert judge(taken(DeviceTime(None, 11, 22, 12, 0, 0)), situation()) is Verdict.TELL_UNTIMED


def test_a_record_number_testifies_where_all_earlier_ones_were_known_at_begin() -> None:
    known = situation(DeviceClock(), newest_sequence=7, newest_ms=BEGUN_MS - 1_000, connected_ms=NOW_MS)
    assert judge(taken(sequence=8), known) is Verdict.TELL
    assert judge(taken(sequence=7), known) is Verdict.REFUSE
    assert judge(taken(sequence=2), known) is Verdict.REFUSE


def test_a_record_number_proves_nothing_when_earlier_ones_may_have_been_missed() -> None:
    known = situation(DeviceClock(), newest_sequence=7, newest_ms=BEGUN_MS - 3_600_000, connected_ms=NOW_MS)
    assert judge(taken(sequence=8), known) is Verdict.HOLD


def test_an_old_record_number_is_refused_whatever_its_time() -> None:
    assert RIGHT.found is not None
    again = replace(stamped(NOW_MS, RIGHT.found), sequence=7)
    assert judge(again, situation(newest_sequence=7)) is Verdict.REFUSE


@given(st.integers(0, 0xFFFF), st.integers(1, 0x7FFF))
def test_record_numbers_begin_anew_after_the_last(sequence: int, step: int) -> None:
    later = (sequence + step) % 0x10000
    assert is_newer(later, sequence)
    assert not is_newer(sequence, later)
    assert not is_newer(sequence, sequence)


def test_a_measuring_that_was_seen_since_begin_makes_up_for_a_missing_time() -> None:
    assert judge(taken(), situation(live_since_ms=BEGUN_MS + 5)) is Verdict.TELL_UNTIMED


def test_a_measuring_that_was_under_way_at_begin_is_somebody_elses() -> None:
    assert RIGHT.found is not None
    running = situation(live_since_ms=BEGUN_MS - 10_000)
    assert judge(taken(), running) is Verdict.REFUSE
    assert judge(stamped(NOW_MS, RIGHT.found), running) is Verdict.REFUSE


def test_a_stream_that_was_running_at_begin_says_nothing_against_a_spot_check() -> None:
    assert RIGHT.found is not None
    spot = replace(stamped(NOW_MS, RIGHT.found), kind=VitalKind.OXYGEN)
    assert judge(spot, situation(live_since_ms=BEGUN_MS - 10_000)) is Verdict.TELL


@pytest.mark.parametrize("kind", list(VitalKind))
def test_what_comes_sooner_than_it_can_be_made_is_older(kind: VitalKind) -> None:
    untimed = replace(taken(), kind=kind)
    after_ms = BEGUN_MS + SHORTEST_MS[kind]
    at_connect = situation(now_ms=after_ms, connected_ms=after_ms - 200)
    assert judge(untimed, at_connect) is Verdict.HOLD
    if SHORTEST_MS[kind]:
        assert judge(untimed, replace(at_connect, now_ms=after_ms - 1)) is Verdict.REFUSE


def test_what_comes_on_a_link_that_has_long_been_drained_was_made_just_now() -> None:
    assert judge(taken(), situation(connected_ms=NOW_MS - SETTLED_MS)) is Verdict.TELL_UNTIMED
    assert judge(taken(), situation(connected_ms=NOW_MS - SETTLED_MS + 1)) is Verdict.HOLD


def test_what_was_told_is_not_told_again_after_a_reconnect() -> None:
    assert RIGHT.found is not None
    assert judge(stamped(NOW_MS, RIGHT.found), situation(was_told=True)) is Verdict.REFUSE
    assert judge(taken(), situation(was_told=True)) is Verdict.REFUSE


def test_the_same_values_measured_again_before_our_eyes_are_a_new_measurement() -> None:
    seen = situation(was_told=True, live_since_ms=BEGUN_MS + 1)
    assert judge(taken(), seen) is Verdict.TELL_UNTIMED


@given(
    st.integers(-10_000_000, BEGUN_MS - 5_000),
    st.booleans(),
    st.sampled_from([None, BEGUN_MS + 1]),
    st.sampled_from([CONNECTED_MS, NOW_MS - 100]),
)
def test_no_reading_that_a_right_clock_puts_before_begin_is_ever_told(
    uptime_ms: int,
    was_told: bool,  # noqa: FBT001  # a property's argument
    live_since_ms: int | None,
    connected_ms: int,
) -> None:
    assert RIGHT.found is not None
    shown = RIGHT.found.at + timedelta(milliseconds=uptime_ms - CONNECTED_MS)
    stamp = DeviceTime(shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.second)
    here = situation(was_told=was_told, live_since_ms=live_since_ms, connected_ms=connected_ms)
    verdict = judge(taken(stamp), here)
    assert verdict is not Verdict.TELL
    assert verdict is Verdict.REFUSE or not stamp.second

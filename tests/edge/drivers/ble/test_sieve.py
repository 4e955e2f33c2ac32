from datetime import datetime, timedelta
from decimal import Decimal

from edge.codecs.gatt.characteristics import (
    BLOOD_PRESSURE,
    BODY_COMPOSITION,
    CONTINUOUS,
    CUFF_PRESSURE,
    GLUCOSE,
    TEMPERATURE,
    WEIGHT,
)
from edge.codecs.instrument import About, Battery, DeviceTime, Failed, Live, Taken, Trouble
from edge.drivers.ble.attribution import ClockReading
from edge.drivers.ble.sieve import MAX_REMEMBERED, Sieve
from wire.entries import Flag, VitalKind

PRESSURE = VitalKind.BLOOD_PRESSURE
HOLD_MS = 1_500
LATE_MS = 60_000
NOON = datetime(2026, 11, 22, 12, 0, 7)  # noqa: DTZ001  # a device's clock has no zone


def sieve(*, connected_ms: int = 0) -> Sieve:
    subject = Sieve(hold_ms=HOLD_MS)
    subject.connected(connected_ms)
    return subject


def untimed(mark: int = 1, kind: VitalKind = PRESSURE) -> Taken:
    return Taken(kind, {"pulse-rate": Decimal(mark)}, bytes((mark,)))


def stamped(uptime_ms: int) -> Taken:
    at = NOON + timedelta(milliseconds=uptime_ms)
    stamp = DeviceTime(at.year, at.month, at.day, at.hour, at.minute, at.second or 1)
    return Taken(PRESSURE, {}, str(uptime_ms).encode(), taken_at=stamp)


def test_nothing_passes_before_anything_is_begun() -> None:
    subject = sieve()
    assert subject.feed(BLOOD_PRESSURE, untimed(), LATE_MS) is None
    assert subject.feed(CUFF_PRESSURE, Live(PRESSURE), LATE_MS) is None
    assert subject.feed(CUFF_PRESSURE, Failed(PRESSURE, Trouble.MOTION), LATE_MS) is None
    assert subject.refused == 1


def test_a_right_clock_lets_the_new_one_through_and_counts_the_old_one() -> None:
    subject = sieve()
    subject.clock_found(ClockReading(NOON, 0), is_right=True)
    subject.begin(PRESSURE, 30_000)
    new = stamped(50_000)
    assert subject.feed(BLOOD_PRESSURE, stamped(1_000), 55_000) is None
    assert subject.feed(BLOOD_PRESSURE, new, 55_000) == new
    assert subject.refused == 1


def test_a_clock_is_believed_for_one_connection_only() -> None:
    subject = sieve()
    subject.clock_found(ClockReading(NOON, 0), is_right=True)
    subject.connected(40_000)
    subject.begin(PRESSURE, 41_000)
    assert subject.feed(BLOOD_PRESSURE, stamped(41_500), 42_000) is None


def test_one_alone_is_held_for_a_moment_and_then_told_untimed() -> None:
    subject = sieve()
    subject.begin(PRESSURE, 0)
    subject.connected(LATE_MS)
    assert subject.feed(BLOOD_PRESSURE, untimed(), LATE_MS + 100) is None
    assert subject.deadline_ms == LATE_MS + 100 + HOLD_MS
    assert subject.due(LATE_MS + HOLD_MS) == []
    (told,) = subject.due(LATE_MS + 100 + HOLD_MS)
    assert told.flags == {Flag.UNTIMED}
    assert subject.due(LATE_MS * 2) == []
    assert subject.refused == 0


def test_a_burst_is_refused_to_the_last() -> None:
    subject = sieve()
    subject.begin(PRESSURE, 0)
    subject.connected(LATE_MS)
    for mark in range(3):
        assert subject.feed(BLOOD_PRESSURE, untimed(mark), LATE_MS + mark * 200) is None
    assert subject.due(LATE_MS + 60_000) == []
    assert subject.refused == 3


def test_two_halves_of_one_weighing_are_no_burst() -> None:
    subject = sieve()
    subject.begin(VitalKind.WEIGHT, 0)
    subject.connected(LATE_MS)
    subject.feed(WEIGHT, untimed(1, VitalKind.WEIGHT), LATE_MS)
    subject.feed(BODY_COMPOSITION, untimed(2, VitalKind.WEIGHT), LATE_MS + 100)
    assert len(subject.due(LATE_MS + 2 * HOLD_MS)) == 2


def test_what_is_held_is_dropped_when_the_person_cancels() -> None:
    subject = sieve()
    subject.begin(PRESSURE, 0)
    subject.connected(LATE_MS)
    subject.feed(BLOOD_PRESSURE, untimed(), LATE_MS)
    subject.cancel(PRESSURE)
    assert subject.due(LATE_MS + 60_000) == []
    assert subject.refused == 1


def test_what_is_held_for_one_person_is_not_told_to_the_next() -> None:
    subject = sieve()
    subject.begin(PRESSURE, 0)
    subject.connected(LATE_MS)
    subject.feed(BLOOD_PRESSURE, untimed(), LATE_MS)
    subject.begin(PRESSURE, LATE_MS + 500)
    assert subject.due(LATE_MS + 60_000) == []


def test_a_measuring_that_was_seen_is_told_at_once() -> None:
    subject = sieve()
    subject.begin(PRESSURE, 1_000)
    for at_ms in range(2_000, 30_000, 1_000):
        assert subject.feed(CUFF_PRESSURE, Live(PRESSURE), at_ms) is not None
    told = subject.feed(BLOOD_PRESSURE, untimed(), 31_000)
    assert isinstance(told, Taken)
    assert told.flags == {Flag.UNTIMED}


def test_a_measuring_that_was_cut_off_long_ago_proves_nothing() -> None:
    subject = sieve()
    subject.begin(PRESSURE, 0)
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 1_000)
    subject.connected(5_000)
    assert subject.feed(BLOOD_PRESSURE, untimed(), 6_000) is None
    assert subject.refused == 1


def test_the_run_of_the_last_person_is_not_the_run_of_this_one() -> None:
    subject = sieve()
    subject.begin(PRESSURE, 0)
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 1_000)
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 6_000)
    subject.begin(PRESSURE, 7_000)
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 8_000)
    assert subject.feed(BLOOD_PRESSURE, untimed(), 9_000) is None
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 40_000)
    assert subject.feed(BLOOD_PRESSURE, untimed(2), 41_000) is not None
    assert subject.refused == 1


def test_what_is_live_and_begun_when_a_link_breaks_is_known() -> None:
    subject = sieve()
    subject.begin(PRESSURE, 0)
    assert subject.running(500) == frozenset()
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 1_000)
    assert subject.running(1_500) == {PRESSURE}
    subject.feed(BLOOD_PRESSURE, untimed(), 2_000)
    assert subject.running(2_100) == frozenset()


def test_a_failure_of_a_stream_is_told_at_once_and_a_stored_one_is_not() -> None:
    subject = sieve()
    subject.begin(VitalKind.OXYGEN, 0)
    subject.begin(PRESSURE, 0)
    assert subject.feed(CONTINUOUS, Failed(VitalKind.OXYGEN, Trouble.PROBE_OFF), 10) is not None
    assert subject.feed(BLOOD_PRESSURE, Failed(PRESSURE, Trouble.CUFF_LOOSE), 10) is None
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 1_000)
    assert subject.feed(BLOOD_PRESSURE, Failed(PRESSURE, Trouble.CUFF_LOOSE), 2_000) is not None


def test_the_failure_of_a_measuring_that_was_under_way_at_begin_is_somebody_elses() -> None:
    subject = sieve()
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 1_000)
    subject.begin(PRESSURE, 2_000)
    subject.feed(CUFF_PRESSURE, Live(PRESSURE), 3_000)
    assert subject.feed(BLOOD_PRESSURE, Failed(PRESSURE, Trouble.MOTION), 4_000) is None


def test_what_was_sent_already_is_refused_after_a_reconnect() -> None:
    subject = sieve()
    subject.clock_found(ClockReading(NOON, 0), is_right=True)
    subject.begin(PRESSURE, 10_000)
    assert subject.feed(BLOOD_PRESSURE, stamped(20_000), 21_000) is not None
    subject.connected(22_000)
    subject.clock_found(ClockReading(NOON + timedelta(seconds=22), 22_000), is_right=True)
    assert subject.feed(BLOOD_PRESSURE, stamped(20_000), 23_000) is None
    assert subject.refused == 1


def test_record_numbers_known_at_begin_tell_new_from_old() -> None:
    subject = sieve()
    for sequence in (4, 5, 6):
        subject.feed(GLUCOSE, Taken(VitalKind.GLUCOSE, {}, bytes((sequence,)), sequence=sequence), 100)
    subject.records_read(200)
    assert subject.newest_sequence == 6
    subject.begin(VitalKind.GLUCOSE, 1_000)
    old = Taken(VitalKind.GLUCOSE, {}, b"again", sequence=5)
    new = Taken(VitalKind.GLUCOSE, {}, b"new", sequence=7)
    assert subject.feed(GLUCOSE, old, 9_000) is None
    assert subject.feed(GLUCOSE, new, 9_000) == new


def test_what_a_device_says_of_itself_is_nobodys_measurement() -> None:
    subject = sieve()
    subject.begin(VitalKind.TEMPERATURE, 0)
    assert subject.feed(TEMPERATURE, Battery(50), 10) is None
    assert subject.feed(TEMPERATURE, About("a", "b"), 10) is None
    assert subject.refused == 0


def test_what_is_remembered_is_bounded() -> None:
    subject = sieve()
    subject.clock_found(ClockReading(NOON, 0), is_right=True)
    subject.begin(PRESSURE, 0)
    for count in range(MAX_REMEMBERED * 2):
        subject.feed(BLOOD_PRESSURE, stamped(count * 2_000), 10_000_000)
    assert len(subject._told) == MAX_REMEMBERED

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.instrument import (
    About,
    Damage,
    DamageReason,
    DeviceTime,
    Failed,
    InstrumentEvent,
    Live,
    Taken,
    Trouble,
)
from edge.codecs.serial.protocol import MAX_NOISE
from edge.codecs.serial.taidoc import ANSWER_MS, IDLE_ROUND_MS, MAX_MISSES, ROUND_MS, Taidoc
from edge.codecs.serial.taidoc_frames import (
    FROM_METER,
    FrameCutter,
    decode_time,
    encode,
    encode_time,
    minutes,
)
from tests.edge.codecs.gatt.captures import capture
from tests.edge.codecs.serial.chunks import damaged_bytes, fed_at_random
from wire.entries import Flag, VitalKind

GLUCOSE, PRESSURE = VitalKind.GLUCOSE, VitalKind.BLOOD_PRESSURE
MINUTE_MS = 60_000
CONNECT, CLOCK, MODEL, STAMP, VALUE, COUNT, SET_CLOCK = 0x22, 0x23, 0x24, 0x25, 0x26, 0x2B, 0x33
WAITS = [Live(GLUCOSE)]


def at(hour: int, minute: int) -> DeviceTime:
    return DeviceTime(2027, 3, 1, hour, minute, 0)


class Meter:
    """A meter that answers at once, its clock, and a station that polls it; `now_ms` counts from the clock's noon."""

    def __init__(self, kind: VitalKind = GLUCOSE) -> None:
        self.protocol = Taidoc(kind)
        self.now_ms = 0
        self.clock_minutes = 12 * 60
        self.wall_minutes = 12 * 60
        self.records: list[tuple[bytes, bytes]] = []
        self.questions: list[int] = []
        self.set_to: list[DeviceTime | None] = []
        self.is_awake = True

    def measure(self, value: bytes = b"\x65\x00\x00\x00", *, minutes_ago: int = 0, flags: int = 0) -> None:
        then = self.clock_minutes + self.now_ms // MINUTE_MS - minutes_ago
        stamp = bytearray(encode_time(at(then // 60, then % 60)))
        stamp[2] |= flags
        self.records.append((bytes(stamp), value))

    def begin(self) -> None:
        (kind,) = self.protocol.traits.kinds
        self.protocol.begin(kind, self.now_ms)

    def round(self) -> list[InstrumentEvent]:
        """Poll until the protocol wants to wait; return what it tells meanwhile."""
        events: list[InstrumentEvent] = []
        while self.protocol.next_poll_ms <= self.now_ms:
            wall = self.wall_minutes + self.now_ms // MINUTE_MS
            question = self.protocol.poll(self.now_ms, at(wall // 60, wall % 60))
            if question:
                events += self._answer(question)
        return events

    def wait(self, wait_ms: int) -> list[InstrumentEvent]:
        """Let time pass, polling whenever that is wanted."""
        events: list[InstrumentEvent] = []
        end_ms = self.now_ms + wait_ms
        while self.protocol.next_poll_ms <= end_ms:
            self.now_ms = max(self.now_ms, self.protocol.next_poll_ms)
            events += self.round()
        self.now_ms = end_ms
        return events

    def _answer(self, question: bytes) -> list[InstrumentEvent]:
        self.questions.append(question[1])
        assert question == encode(question[1], question[2:6])
        if not self.is_awake:
            return []
        clock = self.clock_minutes + self.now_ms // MINUTE_MS
        data = {
            CONNECT: bytes(4),
            MODEL: b"\x77\x42\x00\x00",
            CLOCK: encode_time(at(clock // 60, clock % 60)),
            COUNT: len(self.records).to_bytes(2, "little") + b"\xff\xff",
            STAMP: self.records[-1][0] if self.records else bytes(4),
            VALUE: self.records[-1][1] if self.records else bytes(4),
            SET_CLOCK: question[2:6],
        }[question[1]]
        if question[1] == SET_CLOCK:
            told = decode_time(question[2:6])
            self.set_to.append(told)
            assert told is not None
            self.clock_minutes = told.hour * 60 + told.minute - self.now_ms // MINUTE_MS
        return self.protocol.feed(encode(question[1], data, FROM_METER))


def results(events: list[InstrumentEvent]) -> list[Taken | Failed]:
    return [event for event in events if isinstance(event, Taken | Failed)]


def test_the_published_question_and_times() -> None:
    question, *times = capture("td4277-glucometerutils")
    assert question == encode(CONNECT)
    assert [decode_time(each) for each in times] == [
        DeviceTime(2018, 1, 1, 21, 14, 0),
        DeviceTime(2019, 1, 1, 21, 14, 0),
        DeviceTime(2019, 8, 4, 13, 37, 0),
    ]


@given(st.dates(date(2000, 1, 1), date(2127, 12, 31)), st.times())
def test_a_time_survives_the_way_there_and_back(day: date, hour: time) -> None:
    whole = DeviceTime(day.year, day.month, day.day, hour.hour, hour.minute, 0)
    assert decode_time(encode_time(whole)) == whole


def test_a_date_that_there_is_not_is_none() -> None:
    assert decode_time(bytes(4)) is None
    assert decode_time(encode_time(DeviceTime(2027, 2, 30, 0, 0, 0))) is None
    assert minutes(DeviceTime(None, 1, 1, 0, 0, 0)) is None


def test_the_line_is_opened_as_published() -> None:
    traits = Taidoc(PRESSURE).traits
    assert (traits.baud, traits.parity, traits.sleeps) == (19_200, "N", True)
    assert traits.kinds == {PRESSURE}


def test_a_round_asks_one_question_at_a_time_and_the_model_only_once() -> None:
    meter = Meter()
    assert meter.round() == [About(manufacturer="TaiDoc", model="TD-4277")]
    assert meter.questions == [CONNECT, MODEL, CLOCK, COUNT]
    assert meter.protocol.next_poll_ms == IDLE_ROUND_MS
    meter.measure()
    meter.wait(IDLE_ROUND_MS)
    assert meter.questions[4:] == [CONNECT, CLOCK, COUNT, STAMP, VALUE]


def test_what_it_measures_after_begin_is_told_once() -> None:
    meter = Meter()
    meter.measure(b"\xc8\x00\x00\x00")
    meter.round()
    meter.begin()
    assert meter.round() == WAITS
    meter.now_ms += 5_000
    meter.measure(b"\x65\x00\x00\x40")
    (taken,) = meter.round()
    assert isinstance(taken, Taken)
    assert (taken.kind, taken.values, taken.flags) == (GLUCOSE, {"glucose": Decimal("5.6")}, frozenset())
    assert (taken.taken_at, taken.sequence) == (at(12, 0), 2)
    assert len(taken.raw) == 16
    assert meter.wait(60_000) == []


def test_the_record_of_an_earlier_person_is_never_told() -> None:
    meter = Meter()
    meter.measure()
    meter.begin()
    assert results(meter.wait(10 * MINUTE_MS)) == []


def test_a_record_made_between_two_persons_is_not_the_second_ones() -> None:
    meter = Meter()
    meter.measure()
    meter.round()
    meter.is_awake = False
    meter.now_ms += 30_000
    meter.measure(b"\xc8\x00\x00\x00")
    meter.now_ms += 5_000
    meter.is_awake = True
    meter.begin()
    assert results(meter.wait(10 * MINUTE_MS)) == []


def test_a_meter_that_wakes_after_the_measurement_is_believed_by_its_own_clock() -> None:
    meter = Meter()
    meter.clock_minutes = 3 * 60
    meter.is_awake = False
    meter.begin()
    meter.wait(2 * MINUTE_MS)
    meter.measure()
    meter.wait(30_000)
    meter.is_awake = True
    (taken,) = results(meter.wait(2 * ROUND_MS))
    assert isinstance(taken, Taken)
    assert taken.taken_at == at(3, 2), "its clock was hours wrong, and told the age well"


def test_in_the_same_minute_nobody_knows_whose_it_is() -> None:
    meter = Meter()
    meter.is_awake = False
    meter.measure()
    meter.now_ms += 10_000
    meter.begin()
    meter.wait(5_000)
    meter.is_awake = True
    assert results(meter.wait(10 * MINUTE_MS)) == []


def test_a_record_from_the_future_is_nobodys() -> None:
    meter = Meter()
    meter.is_awake = False
    meter.begin()
    meter.wait(5 * MINUTE_MS)
    meter.measure(minutes_ago=-30)
    meter.is_awake = True
    assert results(meter.wait(MINUTE_MS)) == []


def test_another_meter_in_its_place_does_not_bring_its_own_past() -> None:
    meter = Meter()
    meter.measure()
    meter.begin()
    assert meter.wait(ROUND_MS)[-1:] == WAITS
    meter.is_awake = False
    meter.wait(10_000)
    meter.records = []
    meter.measure(b"\xc8\x00\x00\x00", minutes_ago=1)
    meter.is_awake = True
    assert results(meter.wait(10 * MINUTE_MS)) == []
    assert meter.questions.count(MODEL) == 2


def test_an_old_record_that_comes_up_because_others_were_deleted_is_not_told() -> None:
    meter = Meter()
    meter.measure(minutes_ago=300)
    meter.measure()
    meter.begin()
    meter.wait(ROUND_MS)
    del meter.records[-1]
    assert results(meter.wait(10 * MINUTE_MS)) == []


def test_one_lost_answer_loses_no_measurement() -> None:
    meter = Meter()
    meter.begin()
    meter.wait(ROUND_MS)
    meter.is_awake = False
    meter.wait(ROUND_MS)
    meter.is_awake = True
    meter.measure()
    assert len(results(meter.wait(2 * ROUND_MS + ANSWER_MS))) == 1


def test_begun_again_only_what_is_new_is_told() -> None:
    meter = Meter()
    meter.begin()
    meter.wait(ROUND_MS)
    meter.measure()
    assert len(results(meter.wait(ROUND_MS))) == 1
    meter.begin()
    assert results(meter.wait(5_000)) == []
    meter.measure(b"\x70\x00\x00\x00")
    assert len(results(meter.wait(ROUND_MS))) == 1


def test_cancelled_nothing_is_told() -> None:
    meter = Meter()
    meter.begin()
    meter.wait(ROUND_MS)
    meter.protocol.cancel(GLUCOSE)
    meter.measure()
    assert meter.wait(2 * IDLE_ROUND_MS) == []


def test_a_wrong_clock_is_set_after_the_record_was_read() -> None:
    meter = Meter()
    meter.clock_minutes = 9 * 60
    meter.measure()
    meter.round()
    assert meter.questions[-3:] == [STAMP, VALUE, SET_CLOCK]
    assert meter.set_to == [at(12, 0)]
    meter.wait(IDLE_ROUND_MS)
    assert meter.set_to == [at(12, 0)], "and is right from then on"


def test_a_clock_that_is_a_minute_off_is_left_alone() -> None:
    meter = Meter()
    meter.clock_minutes += 2
    meter.round()
    assert SET_CLOCK not in meter.questions


def test_a_meter_that_sleeps_is_asked_again_after_a_while() -> None:
    meter = Meter()
    meter.is_awake = False
    meter.begin()
    assert meter.wait(MAX_MISSES * (ROUND_MS + ANSWER_MS)) == []
    assert set(meter.questions) == {CONNECT}
    assert len(meter.questions) >= MAX_MISSES


@pytest.mark.parametrize(
    ("said_mg", "glucose"),
    [
        (101, "5.6"),
        (18, None),
        (19, None),
        (20, "1.1"),
        (600, "33.3"),
        (601, None),
        (0xFFFF, None),
        (126, "7.0"),
    ],
)
def test_glucose_is_told_in_millimoles(said_mg: int, glucose: str | None) -> None:
    meter = Meter()
    meter.begin()
    meter.round()
    meter.measure(said_mg.to_bytes(2, "little") + bytes(2))
    (taken,) = results(meter.wait(ROUND_MS))
    assert isinstance(taken, Taken)
    assert taken.values == {"glucose": None if glucose is None else Decimal(glucose)}


@pytest.mark.parametrize("kind", [0xC0, 0x1C, 0x20], ids=["control solution", "ketone", "uric acid"])
def test_what_is_no_blood_sugar_is_not_told(kind: int) -> None:
    meter = Meter()
    meter.begin()
    meter.round()
    meter.measure(bytes((101, 0, 0, kind)))
    assert results(meter.wait(5_000)) == []


@pytest.mark.parametrize(
    ("value", "mean"),
    [((124, 94, 79, 68), Decimal(94)), ((124, 0, 79, 68), None), ((124, 130, 79, 68), None)],
)
def test_a_blood_pressure(value: tuple[int, ...], mean: Decimal | None) -> None:
    meter = Meter(PRESSURE)
    meter.begin()
    meter.round()
    meter.measure(bytes(value), flags=0x80)
    (taken,) = results(meter.wait(ROUND_MS))
    assert isinstance(taken, Taken)
    assert taken.values == {
        "systolic-pressure": Decimal(124),
        "diastolic-pressure": Decimal(79),
        "mean-arterial-pressure": mean,
        "pulse-rate": Decimal(68),
    }
    assert taken.flags == frozenset()
    assert taken.taken_at == at(12, 0)


def test_an_irregular_pulse_is_flagged() -> None:
    meter = Meter(PRESSURE)
    meter.begin()
    meter.round()
    meter.measure(bytes((124, 94, 79, 68)), flags=0xC0)
    (taken,) = results(meter.wait(ROUND_MS))
    assert isinstance(taken, Taken)
    assert taken.flags == {Flag.IRREGULAR_PULSE}


@pytest.mark.parametrize("value", [(124, 94, 79, 3), (0, 0, 79, 68), (124, 0, 0, 68)])
def test_an_error_code_is_a_failure(value: tuple[int, ...]) -> None:
    meter = Meter(PRESSURE)
    meter.begin()
    meter.round()
    meter.measure(bytes(value))
    (failed,) = results(meter.wait(ROUND_MS))
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.trouble) == (PRESSURE, Trouble.BROKEN)


def test_what_was_not_asked_for_is_passed_over() -> None:
    protocol = Taidoc(GLUCOSE)
    answer = encode(VALUE, b"\x65\x00\x00\x00", FROM_METER)
    assert protocol.feed(answer) == []
    protocol.poll(0, at(12, 0))
    assert protocol.feed(answer) == []
    assert protocol.frames == 2


def test_an_echo_is_unknown_and_a_wrong_sum_is_noise() -> None:
    cutter = FrameCutter()
    assert cutter.feed(encode(CONNECT)) == [Damage(DamageReason.UNKNOWN, 8)]
    broken = bytearray(encode(CLOCK, bytes(4), FROM_METER))
    broken[3] ^= 1
    good = encode(CLOCK, bytes(4), FROM_METER)
    first, second = cutter.feed(bytes(broken) + good)
    assert first == Damage(DamageReason.NOISE, 8)
    assert not isinstance(second, Damage)


FRAMES = st.tuples(
    st.sampled_from([CONNECT, CLOCK, MODEL, STAMP, VALUE, COUNT]), st.binary(min_size=4, max_size=4)
).map(lambda drawn: encode(*drawn, FROM_METER))
STREAMS = st.lists(st.one_of(FRAMES, FRAMES, st.binary(max_size=20), st.just(b"\x51")), max_size=20).map(
    b"".join
)


def asked() -> Taidoc:
    protocol = Taidoc(GLUCOSE)
    protocol.begin(GLUCOSE, 0)
    protocol.poll(0, at(12, 0))
    return protocol


@given(STREAMS, st.data())
def test_any_chunking_gives_the_same_events(stream: bytes, data: st.DataObject) -> None:
    assert fed_at_random(asked, stream, data) == asked().feed(stream)


@given(STREAMS)
def test_every_byte_is_in_a_frame_or_told_as_damage(stream: bytes) -> None:
    cutter = FrameCutter()
    pieces = cutter.feed(stream) + cutter._noise.end()
    told = sum(piece.size if isinstance(piece, Damage) else 8 for piece in pieces)
    assert told + len(cutter._held) == len(stream)
    assert len(cutter._held) < 8


@given(st.lists(st.one_of(FRAMES, st.binary(max_size=30)), max_size=60))
def test_whatever_it_answers_nothing_fails(answers: list[bytes]) -> None:
    protocol = asked()
    for count, answer in enumerate(answers):
        assert damaged_bytes(protocol.feed(answer)) <= MAX_NOISE + 38
        protocol.poll(count * 10_000, at(12, 0))

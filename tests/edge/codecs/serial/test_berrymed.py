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
    Wave,
)
from edge.codecs.serial import berrymed
from edge.codecs.serial.berrymed import CUFF_ADULT, CUFF_START, CUFF_STOP, STOP_AGAIN_MS, Pm6750
from edge.codecs.serial.berrymed_frames import MAX_LENGTH, FrameCutter, command, frame
from edge.codecs.serial.protocol import MAX_NOISE
from tests.edge.codecs.gatt.captures import capture
from tests.edge.codecs.serial.chunks import damaged_bytes, fed_at_random, next_poll_ms
from wire.entries import Flag, VitalKind

NOON = DeviceTime(2027, 3, 1, 12, 0, 0)
PRESSURE, OXYGEN, TEMPERATURE = VitalKind.BLOOD_PRESSURE, VitalKind.OXYGEN, VitalKind.TEMPERATURE
MEASURING, FINISHED, STOPPED = 1, 0, 2


def cuff(state: int, pressure_mmhg: int = 0, *values: int) -> bytes:
    return frame(bytes((0x03, state << 2 | 0x01, pressure_mmhg // 2, *(values or (0, 0, 0)))))


def begun(kind: VitalKind = PRESSURE) -> Pm6750:
    module = Pm6750()
    module.begin(kind, 0)
    return module


def test_the_papers_own_example_and_a_command_are_frames() -> None:
    wave, order = FrameCutter().feed(b"".join(capture("pm6750-protocol-v3.2")))
    assert wave == bytes.fromhex("0A018080808080808074")
    assert order == command(0x01, 1)[2:] == bytes.fromhex("040101F9")


def test_the_line_is_opened_as_the_paper_says() -> None:
    assert (Pm6750.traits.baud, Pm6750.traits.parity, Pm6750.traits.sleeps) == (115_200, "N", False)
    assert Pm6750.traits.kinds == {PRESSURE, OXYGEN, TEMPERATURE}


def test_opening_deflates_first_and_switches_on_only_what_is_used() -> None:
    orders = FrameCutter().feed(Pm6750().open(0))
    assert [(order[1], order[2]) for order in orders if isinstance(order, bytes)] == [
        (0x02, 0), (0x01, 0), (0xFF, 0), (0x03, 1), (0xFE, 1), (0x04, 1), (0xFC, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "oxygen", "pulse", "signal"),
    [
        ((0, 97, 68), 97, 68, None),
        ((0, 127, 68), None, 68, None),
        ((0, 97, 255), 97, None, None),
        ((0, 0, 0), None, None, None),
        ((1, 97, 68), None, None, Decimal(0)),
        ((2, 127, 255), None, None, Decimal(0)),
        ((3, 97, 68), None, None, Decimal(0)),
        ((9, 97, 68), None, None, Decimal(0)),
    ],
    ids=["both", "no oxygen", "no pulse", "zeroes", "probe off", "no finger", "searching", "unknown status"],
)
def test_oxygen_and_pulse_or_no_value(
    data: tuple[int, ...], oxygen: int | None, pulse: int | None, signal: Decimal | None
) -> None:
    (live,) = Pm6750().feed(frame(bytes((0x04, *data))))
    assert live == Live(
        OXYGEN,
        {
            "oxygen-saturation": None if oxygen is None else Decimal(oxygen),
            "pulse-rate": None if pulse is None else Decimal(pulse),
        },
        signal=signal,
    )


def test_a_search_that_takes_too_long_is_a_weak_signal() -> None:
    (live,) = Pm6750().feed(frame(bytes((0x04, 4, 127, 255))))
    assert isinstance(live, Live)
    assert live.flags == {Flag.WEAK_SIGNAL}


@pytest.mark.parametrize(
    ("data", "celsius"),
    [
        ((0, 36, 6), "36.6"),
        ((2, 36, 6, 0, 0), "36.6"),
        ((1, 36, 6), None),
        ((3, 36, 6), None),
        ((0, 0, 0), None),
        ((0, 36, 10), None),
    ],
    ids=["one probe", "second probe off", "first probe off", "both off", "zero", "no digit"],
)
def test_temperature_or_no_value(data: tuple[int, ...], celsius: str | None) -> None:
    (live,) = Pm6750().feed(frame(bytes((0x05, *data))))
    assert live == Live(TEMPERATURE, {"body-temperature": None if celsius is None else Decimal(celsius)})


def test_five_samples_are_one_piece_of_wave() -> None:
    module = Pm6750()
    events = module.feed(b"".join(frame(bytes((0xFE, sample))) for sample in (0, 50, 100, 101, 255, 1)))
    assert events == [Wave((0, 50, 100, 100, 100), 50)]
    assert module.frames == 6


def test_begun_for_oxygen_the_wave_starts_with_this_person() -> None:
    module = Pm6750()
    module.feed(frame(bytes((0xFE, 99))) * 4)
    module.begin(OXYGEN, 0)
    assert module.feed(frame(bytes((0xFE, 1))) * 5) == [Wave((1,) * 5, 50)]


def test_the_version_is_its_firmware() -> None:
    (about,) = Pm6750().feed(frame(b"\xfcV3.2\x00\xff "))
    assert about == About(manufacturer="BerryMed", model="PM6750", firmware="V3.2")


@pytest.mark.parametrize("kind", [0x01, 0x02, 0x30, 0x31, 0xFD, 0xFF])
def test_what_is_known_and_not_used_is_passed_over(kind: int) -> None:
    module = Pm6750()
    assert module.feed(frame(bytes((kind, 1, 2, 3)))) == []
    assert module.frames == 1


def test_an_unknown_frame_and_a_short_one_are_damage() -> None:
    assert Pm6750().feed(frame(b"\x77\x01")) == [Damage(DamageReason.UNKNOWN, 6)]
    assert Pm6750().feed(frame(b"\x04\x00\x61")) == [Damage(DamageReason.TRUNCATED, 7)]
    assert Pm6750().feed(frame(b"\xfe")) == [Damage(DamageReason.UNKNOWN, 5)]


def test_a_measurement_shows_the_cuff_and_ends_with_its_values() -> None:
    module = begun()
    events = module.feed(cuff(9) + cuff(MEASURING, 80) + cuff(MEASURING, 60) + cuff(FINISHED, 0, 124, 94, 79))
    assert events[:3] == [Live(PRESSURE, {"cuff-pressure": Decimal(mmhg)}) for mmhg in (0, 80, 60)]
    taken = events[3]
    assert isinstance(taken, Taken)
    assert taken.values == {
        "systolic-pressure": Decimal(124),
        "diastolic-pressure": Decimal(79),
        "mean-arterial-pressure": Decimal(94),
    }
    assert taken.raw == cuff(FINISHED, 0, 124, 94, 79)[2:]
    assert module.feed(cuff(FINISHED, 0, 124, 94, 79)) == [], "it is told once"


def test_the_values_of_an_earlier_person_are_never_told() -> None:
    module = Pm6750()
    earlier = cuff(FINISHED, 0, 181, 140, 111)
    assert module.feed(earlier * 3) == []
    module.begin(PRESSURE, 0)
    assert module.feed(earlier * 5) == [], "it has not been seen to measure yet"


def test_what_was_on_its_way_when_it_was_begun_again_ends_nothing() -> None:
    module = begun()
    module.feed(cuff(MEASURING, 80) * 4)
    assert module.begin(PRESSURE, 1) == CUFF_STOP + CUFF_ADULT + CUFF_START
    events = module.feed(cuff(MEASURING, 90) + cuff(STOPPED) + cuff(9) + cuff(MEASURING, 20))
    assert all(isinstance(event, Live) for event in events)
    (taken,) = module.feed(cuff(FINISHED, 0, 120, 90, 80))
    assert isinstance(taken, Taken)


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        (3, Trouble.OVERPRESSURE),
        (4, Trouble.CUFF_LOOSE),
        (5, Trouble.TIMED_OUT),
        (6, Trouble.BROKEN),
        (7, Trouble.MOTION),
        (8, Trouble.NO_PULSE),
        (15, Trouble.BROKEN),
        (STOPPED, Trouble.BROKEN),
        (FINISHED, Trouble.NO_PULSE),
    ],
)
def test_each_failure_has_its_name(state: int, trouble: Trouble) -> None:
    module = begun()
    module.feed(cuff(MEASURING, 20) * 2)
    end = cuff(state)
    assert module.feed(end) == [Failed(PRESSURE, trouble, end[2:])]


def test_cancelled_it_deflates_and_tells_nothing() -> None:
    module = begun()
    module.feed(cuff(MEASURING, 80) * 3)
    assert module.cancel(PRESSURE) == CUFF_STOP
    assert module.feed(cuff(MEASURING, 90) + cuff(FINISHED, 0, 124, 94, 79)) == []


def test_a_cuff_that_works_for_nobody_is_stopped_until_it_does() -> None:
    module = Pm6750()
    assert next_poll_ms(module) is None
    module.feed(cuff(MEASURING, 80))
    assert next_poll_ms(module) == 0
    assert module.poll(1_000, NOON) == CUFF_STOP
    assert next_poll_ms(module) == 1_000 + STOP_AGAIN_MS
    assert module.poll(1_001, NOON) == b""
    assert module.poll(1_000 + STOP_AGAIN_MS, NOON) == CUFF_STOP
    module.feed(cuff(STOPPED))
    assert next_poll_ms(module) is None


def test_streams_are_begun_and_not_stopped() -> None:
    module = Pm6750()
    assert module.begin(TEMPERATURE, 0) == berrymed.TEMPERATURE_ON
    assert module.begin(OXYGEN, 0) == berrymed.OXYGEN_ON + berrymed.PLETH_ON
    assert module.cancel(OXYGEN) == module.cancel(TEMPERATURE) == b""


def test_a_damaged_frame_costs_only_itself() -> None:
    good = frame(bytes((0x04, 0, 97, 68)))
    broken = good[:-2] + bytes((good[-2] ^ 1, good[-1]))
    events = Pm6750().feed(broken + good)
    assert events[0] == Damage(DamageReason.CHECKSUM, len(broken))
    assert isinstance(events[1], Live)


@pytest.mark.parametrize("lost", range(8))
def test_a_lost_byte_never_costs_the_next_frame(lost: int) -> None:
    good = frame(bytes((0x04, 0, 97, 68)))
    short = good[:lost] + good[lost + 1 :]
    events = Pm6750().feed(short + good + good)
    assert [event for event in events if isinstance(event, Live)][-2:] == Pm6750().feed(good) * 2


def test_a_false_head_is_not_waited_for_long() -> None:
    good = frame(bytes((0x04, 0, 97, 68)))
    events = Pm6750().feed(b"\x55\xaa\xff" + good)
    assert events[0] == Damage(DamageReason.NOISE, 3)
    assert isinstance(events[1], Live)


def test_noise_is_told_in_pieces_and_not_held() -> None:
    cutter = FrameCutter()
    assert cutter.feed(b"\x00" * (2 * MAX_NOISE + 5)) == [Damage(DamageReason.NOISE, MAX_NOISE)] * 2
    assert cutter._held == b""
    assert cutter.feed(command(1, 0)) == [Damage(DamageReason.NOISE, 5), command(1, 0)[2:]]


FRAMES = st.one_of(
    st.binary(min_size=1, max_size=10).map(frame),
    st.tuples(st.integers(0, 15), st.binary(min_size=3, max_size=3)).map(
        lambda drawn: cuff(drawn[0], 40, *drawn[1])
    ),
    st.integers(0, 255).map(lambda sample: frame(bytes((0xFE, sample)))),
)
STREAMS = st.lists(
    st.one_of(FRAMES, FRAMES, st.binary(max_size=30), st.just(b"\x55"), st.just(b"\x55\xaa")), max_size=30
).map(b"".join)


@given(STREAMS, st.data())
def test_any_chunking_gives_the_same_events(stream: bytes, data: st.DataObject) -> None:
    assert fed_at_random(begun, stream, data) == begun().feed(stream)


@given(STREAMS)
def test_every_byte_is_in_a_frame_or_told_as_damage(stream: bytes) -> None:
    cutter = FrameCutter()
    pieces = cutter.feed(stream) + cutter._noise.end()
    told = sum(piece.size if isinstance(piece, Damage) else len(piece) + 2 for piece in pieces)
    assert told + len(cutter._held) == len(stream)
    assert len(cutter._held) < MAX_LENGTH + 2


@given(st.binary(max_size=2_000))
def test_nothing_makes_it_fail(noise: bytes) -> None:
    module = begun()
    events: list[InstrumentEvent] = module.feed(noise) + module.feed(noise[::-1])
    assert damaged_bytes(events) <= 2 * len(noise)

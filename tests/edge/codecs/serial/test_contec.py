from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.instrument import Damage, DamageReason, DeviceTime, InstrumentEvent, Live, Wave
from edge.codecs.serial.contec import (
    KEEP_ALIVE,
    KEEP_ALIVE_MS,
    PIECE,
    START,
    START_AGAIN_MS,
    STOP,
    Cms50d,
    Cms50dV46,
)
from edge.codecs.serial.contec_frames import SyncCutter
from edge.codecs.serial.protocol import MAX_NOISE, SerialProtocol
from tests.edge.codecs.serial.chunks import damaged_bytes, fed_at_random, next_poll_ms
from wire.entries import Flag, VitalKind

NOON = DeviceTime(2027, 3, 1, 12, 0, 0)
OXYGEN = VitalKind.OXYGEN


def old(
    signal: int = 7, pleth: int = 64, pulse: int = 68, oxygen: int = 97, *, first: int = 0, third: int = 0
) -> bytes:
    return bytes((0x80 | first | signal, pleth, third | (pulse & 0x80) >> 1, pulse & 0x7F, oxygen))


def new(data: bytes) -> bytes:
    """Return seven bytes as a frame of firmware 4.6: their bits 7 go before them."""
    high = sum((byte >> 7) << at for at, byte in enumerate(data))
    return bytes((0x01, 0x80 | high)) + bytes(byte | 0x80 for byte in data)


def said(protocol: SerialProtocol, frame: bytes) -> Live:
    """Return what a piece of equal frames amounts to."""
    live = protocol.feed(frame * PIECE)[-1]
    assert isinstance(live, Live)
    return live


def values(oxygen: int | None, pulse: int | None) -> dict[str, Decimal | None]:
    return {
        "oxygen-saturation": None if oxygen is None else Decimal(oxygen),
        "pulse-rate": None if pulse is None else Decimal(pulse),
    }


def test_the_lines_are_opened_as_the_papers_say() -> None:
    assert (Cms50d.traits.baud, Cms50d.traits.parity) == (19_200, "O")
    assert (Cms50dV46.traits.baud, Cms50dV46.traits.parity) == (115_200, "N")
    assert Cms50d.traits.sleeps
    assert Cms50dV46.traits.sleeps


def test_the_commands_are_those_of_the_paper() -> None:
    assert [order.hex() for order in (START, STOP, KEEP_ALIVE)] == [
        "7d81a1808080808080",
        "7d81a2808080808080",
        "7d81af808080808080",
    ]


@pytest.mark.parametrize(
    ("frame", "expected", "signal"),
    [
        (old(), values(97, 68), "0.875"),
        (old(pulse=141), values(97, 141), "0.875"),
        (old(first=0x40), values(97, 68), "0.875"),
        (old(oxygen=127), values(None, 68), "0.875"),
        (old(oxygen=0, pulse=0), values(None, None), "0.875"),
        (old(first=0x10), values(None, None), "0"),
        (old(third=0x10), values(None, None), "0"),
        (old(third=0x20), values(None, None), "0.875"),
        (old(signal=8), values(97, 68), "1"),
        (old(signal=9), values(97, 68), "1"),
        (old(signal=15), values(97, 68), None),
        (old(pulse=255), values(97, None), "0.875"),
    ],
    ids=["good", "fast", "beep", "no oxygen", "zeroes", "out", "probe", "searching", "full", "fuller", "untold", "no pulse"],
)  # fmt: skip
def test_what_a_frame_of_the_old_firmware_says(
    frame: bytes, expected: dict[str, Decimal | None], signal: str | None
) -> None:
    live = said(Cms50d(), frame)
    assert (live.kind, live.values) == (OXYGEN, expected)
    assert live.signal == (None if signal is None else Decimal(signal))


GOOD = (7, 64, 0x10, 68, 97, 0x20, 0x03)


@pytest.mark.parametrize(
    ("data", "expected", "signal"),
    [
        (GOOD, values(97, 68), "0.875"),
        ((7, 64, 0x10, 180, 97, 0, 0), values(97, 180), "0.875"),
        ((0x87, 64, 0x10, 68, 97, 0, 0), values(None, None), "0"),
        ((7, 0xC0, 0x10, 68, 97, 0, 0), values(None, None), "0.875"),
        ((7, 64, 0x10, 255, 127, 0xFF, 0xFF), values(None, None), "0.875"),
        ((7, 64, 0x10, 68, 225, 0, 0), values(None, 68), "0.875"),
        ((15, 64, 0x10, 68, 97, 0, 0), values(97, 68), None),
    ],
    ids=["good", "fast", "out", "searching", "none", "more than all", "signal untold"],
)
def test_what_a_frame_of_firmware_4_6_says(
    data: tuple[int, ...], expected: dict[str, Decimal | None], signal: str | None
) -> None:
    live = said(Cms50dV46(), new(bytes(data)))
    assert (live.kind, live.values) == (OXYGEN, expected)
    assert live.signal == (None if signal is None else Decimal(signal))


def test_a_search_that_takes_too_long_is_a_weak_signal() -> None:
    assert said(Cms50dV46(), new(bytes((0x12, 0xC0, 0x10, 255, 127, 0, 0)))).flags == {Flag.WEAK_SIGNAL}
    assert said(Cms50dV46(), new(bytes(GOOD))).flags == frozenset()


@pytest.mark.parametrize(
    ("protocol", "frames"),
    [
        (Cms50d(), [old(pleth=pleth) for pleth in (0, 1, 64, 100, 126, 127)]),
        (Cms50dV46(), [new(bytes((7, pleth, 0, 68, 97, 0, 0))) for pleth in (0, 1, 64, 100, 126, 127)]),
    ],
    ids=["old", "4.6"],
)
def test_six_frames_are_one_piece_of_wave_and_one_reading(
    protocol: SerialProtocol, frames: list[bytes]
) -> None:
    wave, live = protocol.feed(b"".join(frames))
    assert wave == Wave((0, 0, 50, 78, 99, 100), 60)
    assert isinstance(live, Live)
    assert protocol.frames == 6


def test_the_old_firmware_takes_no_orders() -> None:
    one = Cms50d()
    assert one.open(0) == one.begin(OXYGEN, 0) == one.cancel(OXYGEN) == one.poll(9_999, NOON) == b""
    assert next_poll_ms(one) is None


def test_what_was_said_before_it_was_begun_is_no_part_of_a_piece() -> None:
    for one, frame in ((Cms50d(), old), (Cms50dV46(), lambda pleth: new(bytes((7, pleth, 0, 68, 97, 0, 0))))):
        one.feed(frame(pleth=127) * 5)
        one.begin(OXYGEN, 0)
        wave, _ = one.feed(frame(pleth=0) * 6)
        assert wave == Wave((0,) * 6, 60)


def test_firmware_4_6_is_asked_until_it_speaks_and_then_kept_going() -> None:
    one = Cms50dV46()
    assert one.open(0) == STOP
    assert next_poll_ms(one) is None
    assert one.poll(0, NOON) == b""
    assert one.begin(OXYGEN, 0) == START
    assert one.poll(START_AGAIN_MS - 1, NOON) == b""
    assert one.poll(START_AGAIN_MS, NOON) == START
    assert next_poll_ms(one) == 2 * START_AGAIN_MS
    one.feed(new(bytes(GOOD)))
    assert one.poll(2 * START_AGAIN_MS, NOON) == KEEP_ALIVE
    assert next_poll_ms(one) == 2 * START_AGAIN_MS + KEEP_ALIVE_MS
    assert one.poll(2 * START_AGAIN_MS + KEEP_ALIVE_MS, NOON) == START, "it fell silent"
    assert one.cancel(OXYGEN) == STOP
    assert next_poll_ms(one) is None


def test_other_types_of_firmware_4_6_are_unknown() -> None:
    goodbye = b"\x0d" + b"\x80" * 8
    one = Cms50dV46()
    assert one.feed(goodbye) == [Damage(DamageReason.UNKNOWN, 9)]
    assert one.frames == 0


@pytest.mark.parametrize("lost", range(5))
def test_a_lost_byte_costs_one_frame_of_the_old_firmware(lost: int) -> None:
    cutter = SyncCutter(size=5, lead_is_high=True)
    short = old()[:lost] + old()[lost + 1 :]
    pieces = cutter.feed(old() + short + old(pleth=1) + old(pleth=2))
    assert [piece for piece in pieces if isinstance(piece, bytes)] == [old(), old(pleth=1), old(pleth=2)]
    assert [piece for piece in pieces if isinstance(piece, Damage)] == [Damage(DamageReason.NOISE, 4)]


def test_noise_is_told_in_pieces_and_not_held() -> None:
    one = Cms50d()
    assert one.feed(b"\x00" * (MAX_NOISE + 3)) == [Damage(DamageReason.NOISE, MAX_NOISE)]
    events = one.feed(old() * PIECE)
    assert events[0] == Damage(DamageReason.NOISE, 3)


def test_on_a_fresh_line_half_a_frame_of_the_old_one_is_forgotten() -> None:
    one = Cms50d()
    one.feed(old()[:4])
    one.open(0)
    assert one.feed(old()[4:] + old() * PIECE)[0] == Damage(DamageReason.NOISE, 1)


OLD_FRAMES = st.builds(old, st.integers(0, 15), st.integers(0, 127), st.integers(0, 255), st.integers(0, 127))
NEW_FRAMES = st.binary(min_size=7, max_size=7).map(new)
NOISE = st.binary(max_size=20)


@given(st.lists(st.one_of(OLD_FRAMES, OLD_FRAMES, NOISE), max_size=40).map(b"".join), st.data())
def test_any_chunking_of_the_old_firmware_gives_the_same_events(stream: bytes, data: st.DataObject) -> None:
    assert fed_at_random(Cms50d, stream, data) == Cms50d().feed(stream)


@given(st.lists(st.one_of(NEW_FRAMES, NEW_FRAMES, NOISE), max_size=40).map(b"".join), st.data())
def test_any_chunking_of_firmware_4_6_gives_the_same_events(stream: bytes, data: st.DataObject) -> None:
    assert fed_at_random(Cms50dV46, stream, data) == Cms50dV46().feed(stream)


@given(st.lists(st.one_of(OLD_FRAMES, NEW_FRAMES, NOISE), max_size=30).map(b"".join), st.booleans())
def test_every_byte_is_in_a_frame_or_told_as_damage(stream: bytes, lead_is_high: bool) -> None:  # noqa: FBT001  # drawn, not called
    size = 5 if lead_is_high else 9
    cutter = SyncCutter(size=size, lead_is_high=lead_is_high)
    pieces = cutter.feed(stream) + cutter._noise.end()
    told = sum(piece.size if isinstance(piece, Damage) else len(piece) for piece in pieces)
    assert told + len(cutter._held) == len(stream)
    assert len(cutter._held) < size


@given(st.binary(max_size=2_000))
def test_nothing_makes_them_fail(noise: bytes) -> None:
    for one in (Cms50d(), Cms50dV46()):
        events: list[InstrumentEvent] = one.feed(noise)
        assert damaged_bytes(events) <= len(noise)

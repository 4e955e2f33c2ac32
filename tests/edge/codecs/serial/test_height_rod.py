from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.instrument import About, Damage, DamageReason, DeviceTime, Live
from edge.codecs.serial.height_rod import MAX_LINE, HeightRod
from edge.codecs.serial.protocol import MAX_NOISE
from tests.edge.codecs.gatt.captures import capture
from tests.edge.codecs.serial.chunks import damaged_bytes, fed_at_random
from wire.entries import VitalKind

HEIGHT = VitalKind.HEIGHT


def height(centimetres: str | None) -> Live:
    return Live(HEIGHT, {"body-height": None if centimetres is None else Decimal(centimetres)})


def test_the_data_sheets_own_lines() -> None:
    assert HeightRod(2_300).feed(b"".join(capture("mb1403-data-sheet"))) == [height("182.0"), height(None)]


@pytest.mark.parametrize(
    ("range_mm", "centimetres"),
    [
        (648, "165.2"),
        (1_800, "50.0"),
        (301, "199.9"),
        (300, None),
        (2_300, None),
        (2_299, "0.1"),
        (5_000, None),
    ],
)
def test_the_height_is_what_the_range_leaves(range_mm: int, centimetres: str | None) -> None:
    assert HeightRod(2_300).feed(b"R%04d\r" % range_mm) == [height(centimetres)]


@pytest.mark.parametrize(
    ("said_mm", "centimetres"), [(1_652, "165.2"), (0, "0.0"), (5_000, None), (9_999, None)]
)
def test_a_rod_that_subtracts_itself_is_taken_at_its_word(said_mm: int, centimetres: str | None) -> None:
    assert HeightRod().feed(b"R%04d\r\n" % said_mm) == [height(centimetres)]


def test_the_greeting_tells_the_part_number() -> None:
    rod = HeightRod()
    events = rod.feed(b"HRXL-MaxSonar-WR\rPN:MB7360\rCopyright 2011-2013\r")
    assert events == [
        Damage(DamageReason.UNKNOWN, 16),
        About(manufacturer="MaxBotix", model="MB7360"),
        Damage(DamageReason.UNKNOWN, 19),
    ]
    assert rod.frames == 1


@pytest.mark.parametrize(
    "line", [b"R123", b"R12345", b"R12a4", b"1234", b"r1234", b"R1234  ", b"\xffR1234", b"R-123"]
)
def test_anything_else_is_no_height(line: bytes) -> None:
    assert HeightRod().feed(line + b"\r") == [Damage(DamageReason.UNKNOWN, len(line))]


def test_an_endless_line_is_told_in_pieces_and_costs_the_next_one_nothing() -> None:
    rod = HeightRod()
    assert rod.feed(b"R" * (MAX_LINE + 2 * MAX_NOISE)) == [Damage(DamageReason.TOO_LONG, MAX_NOISE)] * 2
    assert len(rod._line) <= MAX_LINE
    assert rod.feed(b"x\rR1652\r") == [Damage(DamageReason.TOO_LONG, MAX_LINE + 1), height("165.2")]


def test_half_a_line_of_before_is_forgotten_on_a_fresh_one() -> None:
    rod = HeightRod()
    rod.feed(b"R16")
    assert rod.open(0) == b""
    assert rod.feed(b"52\rR1652\r") == [Damage(DamageReason.UNKNOWN, 2), height("165.2")]


def test_it_takes_no_orders() -> None:
    rod = HeightRod()
    assert rod.begin(HEIGHT, 0) == rod.cancel(HEIGHT) == rod.poll(0, DeviceTime(2027, 3, 1, 0, 0, 0)) == b""
    assert rod.next_poll_ms is None
    assert (rod.traits.baud, rod.traits.parity, rod.traits.sleeps) == (9_600, "N", False)


LINES = st.one_of(
    st.integers(0, 9_999).map(lambda number: b"R%04d\r" % number),
    st.sampled_from([b"PN:MB7360\r", b"\r\n", b"R12"]),
    st.binary(max_size=150),
)


@given(st.lists(LINES, max_size=20).map(b"".join), st.data())
def test_any_chunking_gives_the_same_events(stream: bytes, data: st.DataObject) -> None:
    assert fed_at_random(HeightRod, stream, data) == HeightRod().feed(stream)


@given(st.binary(max_size=2_000))
def test_nothing_makes_it_fail(noise: bytes) -> None:
    rod = HeightRod(2_300)
    assert damaged_bytes(rod.feed(noise)) <= len(noise)
    assert len(rod._line) <= MAX_LINE

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.frames import Damage, DamageReason, Frame, FrameDecoder
from firmware_bridge.layouts import read_order, read_report, write
from firmware_bridge.messages import (
    AskHello,
    Beat,
    BoardState,
    CommandAck,
    Event,
    EventAck,
    EventId,
    EventKind,
    ForeignHello,
    Hello,
    Lamp,
    LampPattern,
    Order,
    Report,
    ResetCause,
    Siren,
)
from tests.firmware_bridge.strategies import ORDERS, REPORTS

ID = EventId(0x0A0B0C0D, 3, 0x01020304)

EXAMPLES: list[tuple[Report | Order, str]] = [
    (Hello((1, 2, 3), 0x0A0B0C0D, ResetCause.WATCHDOG, 7), "01 01010203 0d0c0b0a 08 07000000"),
    (Event(ID, EventKind.PRESS, 1, 40), "02 0d0c0b0a 03000000 04030201 01 01 28000000"),
    (Event(ID, EventKind.TAMPER, 0, None), "02 0d0c0b0a 03000000 04030201 03 00 ffffffff"),
    (
        Beat(7, 3600, (2500, 1210), LampPattern.POLICE, BoardState.HOST_HEARD, 2, 3, 4, 5),
        "03 07000000 100e0000 c409 ba04 04 08 02 0300 0400 0500",
    ),
    (CommandAck(9, done=True), "04 09 01"),
    (AskHello(), "81"),
    (EventAck(ID), "82 0d0c0b0a 03000000 04030201"),
    (Lamp(9, LampPattern.ON_WAY), "83 09 05"),
    (Siren(10, 30), "84 0a 1e"),
]


def frame_of(message: Report | Order) -> Frame:
    (frame,) = FrameDecoder().feed(write(message))
    assert isinstance(frame, Frame)
    return frame


@pytest.mark.parametrize(("message", "body"), EXAMPLES)
def test_layouts_are_as_documented(message: Report | Order, body: str) -> None:
    frame = frame_of(message)
    assert bytes((frame.kind,)) + frame.payload == bytes.fromhex(body)


@given(REPORTS)
def test_every_report_comes_back(report: Report) -> None:
    assert read_report(frame_of(report)) == report


@given(ORDERS)
def test_every_order_comes_back(order: Order) -> None:
    assert read_order(frame_of(order)) == order


@given(st.builds(Frame, st.integers(0, 255), st.binary(max_size=61)))
def test_no_frame_raises(frame: Frame) -> None:
    for read in (read_report, read_order):
        message = read(frame)
        assert isinstance(message, Damage) or frame_of(message).kind == frame.kind


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (Frame(0x05), DamageReason.UNKNOWN_KIND),
        (Frame(0x81), DamageReason.UNKNOWN_KIND),
        (Frame(0x01), DamageReason.LAYOUT),
        (Frame(0x01, b"\x01"), DamageReason.LAYOUT),
        (Frame(0x02, bytes(18)), DamageReason.LAYOUT),
        (Frame(0x04, b"\x01\x01\x01"), DamageReason.LAYOUT),
    ],
)
def test_a_report_that_is_none_is_damage(frame: Frame, reason: DamageReason) -> None:
    assert read_report(frame) == Damage(reason, len(frame.payload))


@pytest.mark.parametrize("frame", [Frame(0x81, b"\x00"), Frame(0x83, b"\x01\x07"), Frame(0x82, bytes(11))])
def test_an_order_that_is_none_is_damage(frame: Frame) -> None:
    assert read_order(frame) == Damage(DamageReason.LAYOUT, len(frame.payload))


def test_of_a_foreign_hello_only_the_version_is_read() -> None:
    assert read_report(Frame(0x01, b"\x02whatever it may be")) == ForeignHello(2)


def test_an_age_beyond_the_clock_stays_known() -> None:
    event = read_report(frame_of(Event(ID, EventKind.PRESS, 0, 1 << 40)))
    assert isinstance(event, Event)
    assert event.age_ms == 0xFFFF_FFFE


def test_a_field_out_of_range_is_the_callers_mistake() -> None:
    with pytest.raises(struct.error):
        write(Siren(1, 256))


def test_an_event_id_reads_well_and_sorts_by_age() -> None:
    assert str(EventId(0xC0FFEE, 3, 12)) == "00c0ffee-3-12"
    assert EventId(1, 2, 9) < EventId(1, 3, 0)

import pytest

from edge.codecs.board import body_of, describe, pattern_of
from firmware_bridge.messages import Event, EventId, EventKind, Hello, LampPattern, ResetCause
from wire.codec import encode_body
from wire.entries import (
    AnyBody,
    LineChanged,
    LineState,
    SosPressed,
    SosReleased,
    TamperChanged,
)
from wire.messages import SosStage

SOURCE = "000000ff-3-4294967295"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (EventKind.PRESS, SosPressed(button="low", source=SOURCE, ago_ms=5)),
        (EventKind.RELEASE, SosReleased(button="low", source=SOURCE)),
        (EventKind.TAMPER, TamperChanged(opened=True, source=SOURCE)),
        (EventKind.TAMPER_CLEARED, TamperChanged(opened=False, source=SOURCE)),
        (EventKind.WIRE_CUT, LineChanged(button="low", state=LineState.CUT, source=SOURCE)),
        (EventKind.WIRE_SHORT, LineChanged(button="low", state=LineState.SHORT, source=SOURCE)),
        (EventKind.WIRE_RESTORED, LineChanged(button="low", state=LineState.OK, source=SOURCE)),
    ],
)
def test_every_event_has_its_words(kind: EventKind, body: AnyBody) -> None:
    event = Event(EventId(255, 3, 2**32 - 1), kind, 1, 5)
    assert body_of(event, "low", 5) == body
    assert encode_body(body)


def test_no_event_and_no_stage_is_without_words() -> None:
    for kind in EventKind:
        assert body_of(Event(EventId(1, 1, 1), kind, 0, None), "x", 0) is not None
    assert all(pattern_of(stage) is not LampPattern.FAULT for stage in SosStage)
    assert pattern_of(None) is LampPattern.IDLE
    assert pattern_of(SosStage.ON_SCENE) is LampPattern.ON_WAY


def test_a_board_is_described_by_serial_and_firmware() -> None:
    assert describe(Hello((1, 2, 3), 0xAB, ResetCause.POWER_ON, 9)) == "000000ab firmware 1.2.3"

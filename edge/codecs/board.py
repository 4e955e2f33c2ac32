"""Between the board's words and the journal's: the only place that knows both."""

from types import MappingProxyType
from typing import Final

from firmware_bridge.messages import Event, EventKind, Hello, LampPattern
from wire.entries import AnyBody, LineChanged, LineState, SosPressed, SosReleased, TamperChanged
from wire.messages import SosStage

_PATTERNS: Final = MappingProxyType(
    {
        SosStage.RECORDED: LampPattern.RECORDED,
        SosStage.RECEIVED: LampPattern.RECEIVED,
        SosStage.POLICE_RECEIVED: LampPattern.POLICE,
        SosStage.ON_THE_WAY: LampPattern.ON_WAY,
        SosStage.ON_SCENE: LampPattern.ON_WAY,
        SosStage.CLOSED: LampPattern.IDLE,
    }
)
"""The lamp has no pattern of its own for an officer who has arrived."""

_LINE_STATES: Final = MappingProxyType(
    {
        EventKind.WIRE_CUT: LineState.CUT,
        EventKind.WIRE_SHORT: LineState.SHORT,
        EventKind.WIRE_RESTORED: LineState.OK,
    }
)


def pattern_of(stage: SosStage | None) -> LampPattern:
    """Return what the lamp shows for a stage; None: nothing is going on."""
    return LampPattern.IDLE if stage is None else _PATTERNS[stage]


def body_of(event: Event, button: str, ago_ms: int) -> AnyBody:
    """Return the journal's words for what the board said; `ago_ms` is 0 for a press from before the board's reset."""
    source = str(event.id)
    match event.kind:
        case EventKind.PRESS:
            return SosPressed(button=button, source=source, ago_ms=ago_ms)
        case EventKind.RELEASE:
            return SosReleased(button=button, source=source)
        case EventKind.TAMPER | EventKind.TAMPER_CLEARED:
            return TamperChanged(opened=event.kind is EventKind.TAMPER, source=source)
        case _:
            return LineChanged(button=button, state=_LINE_STATES[event.kind], source=source)


def describe(hello: Hello) -> str:
    """Return the board's serial number and firmware for a technician."""
    return f"{hello.board_serial:08x} firmware {'.'.join(map(str, hello.firmware))}"

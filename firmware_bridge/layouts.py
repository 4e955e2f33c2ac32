"""The messages as bytes: one fixed little endian layout each, as their docstrings say."""

import struct
from collections.abc import Callable, Mapping
from typing import TypeVar

from firmware_bridge.frames import Damage, DamageReason, Frame, encode
from firmware_bridge.messages import (
    PROTOCOL,
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

_MessageT = TypeVar("_MessageT")

_HELLO = struct.Struct("<BBBBIBI")
_EVENT = struct.Struct("<IIIBBI")
_BEAT = struct.Struct("<IIHHBBBHHH")
_PAIR = struct.Struct("<BB")
_ID = struct.Struct("<III")

_UNKNOWN_AGE = 0xFFFF_FFFF


def read_report(frame: Frame) -> Report | Damage:
    """Return what the board said. An unknown kind or a wrong layout is damage, never an exception."""
    return _read(_REPORTS, frame)


def read_order(frame: Frame) -> Order | Damage:
    """Return what the host said. An unknown kind or a wrong layout is damage, never an exception."""
    return _read(_ORDERS, frame)


def write(message: Report | Order) -> bytes:
    """Return the bytes for the line. A field out of its range is the caller's mistake: `struct.error`."""
    return encode(_frame(message))


def _read(table: Mapping[int, Callable[[bytes], _MessageT]], frame: Frame) -> _MessageT | Damage:
    read = table.get(frame.kind)
    if read is None:
        return Damage(DamageReason.UNKNOWN_KIND, len(frame.payload))
    try:
        return read(frame.payload)
    except (struct.error, ValueError):
        return Damage(DamageReason.LAYOUT, len(frame.payload))


def _read_hello(payload: bytes) -> Hello | ForeignHello:
    if payload and payload[0] != PROTOCOL:
        return ForeignHello(payload[0])
    _, major, minor, patch, serial, cause, boot = _HELLO.unpack(payload)
    return Hello((major, minor, patch), serial, ResetCause(cause), boot)


def _read_event(payload: bytes) -> Event:
    serial, boot, seq, kind, button, age = _EVENT.unpack(payload)
    return Event(EventId(serial, boot, seq), EventKind(kind), button, None if age == _UNKNOWN_AGE else age)


def _read_beat(payload: bytes) -> Beat:
    boot, uptime, mv_0, mv_1, lamp, state, pending, dropped, lost, damaged = _BEAT.unpack(payload)
    line_mv = (mv_0, mv_1)
    return Beat(boot, uptime, line_mv, LampPattern(lamp), BoardState(state), pending, dropped, lost, damaged)


def _read_command_ack(payload: bytes) -> CommandAck:
    number, done = _PAIR.unpack(payload)
    return CommandAck(number, bool(done))


def _read_ask_hello(payload: bytes) -> AskHello:
    if payload:
        raise ValueError("AskHello carries nothing")
    return AskHello()


def _read_event_ack(payload: bytes) -> EventAck:
    return EventAck(EventId(*_ID.unpack(payload)))


def _read_lamp(payload: bytes) -> Lamp:
    number, pattern = _PAIR.unpack(payload)
    return Lamp(number, LampPattern(pattern))


def _read_siren(payload: bytes) -> Siren:
    return Siren(*_PAIR.unpack(payload))


_REPORTS: Mapping[int, Callable[[bytes], Report]] = {
    0x01: _read_hello,
    0x02: _read_event,
    0x03: _read_beat,
    0x04: _read_command_ack,
}
_ORDERS: Mapping[int, Callable[[bytes], Order]] = {
    0x81: _read_ask_hello,
    0x82: _read_event_ack,
    0x83: _read_lamp,
    0x84: _read_siren,
}


def _frame(message: Report | Order) -> Frame:
    match message:
        case Hello() | ForeignHello() | Event() | Beat() | CommandAck():
            return _report_frame(message)
        case AskHello():
            return Frame(0x81)
        case EventAck(EventId(serial, boot, seq)):
            return Frame(0x82, _ID.pack(serial, boot, seq))
        case Lamp(number, pattern):
            return Frame(0x83, _PAIR.pack(number, pattern))
        case Siren(number, seconds):
            return Frame(0x84, _PAIR.pack(number, seconds))


def _report_frame(report: Report) -> Frame:
    match report:
        case Hello(firmware, serial, cause, boot):
            return Frame(0x01, _HELLO.pack(PROTOCOL, *firmware, serial, cause, boot))
        case ForeignHello(protocol):
            return Frame(0x01, bytes((protocol,)))
        case Event(EventId(serial, boot, seq), kind, button, age_ms):
            age = _UNKNOWN_AGE if age_ms is None else min(age_ms, _UNKNOWN_AGE - 1)
            return Frame(0x02, _EVENT.pack(serial, boot, seq, kind, button, age))
        case Beat() as beat:
            return Frame(0x03, _pack_beat(beat))
        case CommandAck(number, done):
            return Frame(0x04, _PAIR.pack(number, done))


def _pack_beat(beat: Beat) -> bytes:
    return _BEAT.pack(
        beat.boot_count,
        beat.uptime_s,
        *beat.line_mv,
        beat.lamp,
        beat.state,
        beat.pending,
        beat.dropped,
        beat.rx_lost,
        beat.rx_damaged,
    )

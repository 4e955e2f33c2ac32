"""What a board does, as a state machine without wires: the firmware's behaviour told in Python.

Debouncing and voltages are left out. The firmware in `firmware/` is held to the same tests as this model;
the limits below stand there in `protocol.h`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from operator import or_

from firmware_bridge.frames import Damage, FrameDecoder
from firmware_bridge.layouts import read_order, write
from firmware_bridge.messages import (
    LINES,
    AskHello,
    Beat,
    BoardState,
    CommandAck,
    Event,
    EventAck,
    EventId,
    EventKind,
    Hello,
    Lamp,
    LampPattern,
    Order,
    Report,
    ResetCause,
    Siren,
)

FIRMWARE = (1, 0, 0)

RESEND_MS = 200
"""Between two sendings of an event that is not acknowledged."""
BEAT_MS = 1_000
OWN_ALARM_MS = 3_000
"""A press without acknowledgement for this long: the board sounds and blinks by itself."""
SIREN_CAP_MS = 60_000
"""No siren sounds longer, whoever started it."""
HOST_SILENT_MS = 6_000
"""Without an order from the host the lamp shows FAULT: nobody would answer a press."""
PENDING_MAX = 16
"""Events kept. When they are all taken a press drives out the oldest event that is no press; else the new one
is dropped and counted. Sixteen presses without an answer have the siren sounding already."""

DURABLE = frozenset({EventKind.PRESS, EventKind.TAMPER})
"""Kept over a reset. The rest are states, told anew by the board that starts."""


class LineState(Enum):
    """What the voltage of a supervised button line says."""

    IDLE = "idle"
    PRESSED = "pressed"
    CUT = "cut"
    SHORT = "short"


_FAULTS = {LineState.CUT: EventKind.WIRE_CUT, LineState.SHORT: EventKind.WIRE_SHORT}
_MILLIVOLTS = {LineState.IDLE: 2_500, LineState.PRESSED: 1_200, LineState.CUT: 5_000, LineState.SHORT: 0}


@dataclass(slots=True)
class Pending:
    """An event which no host has acknowledged. `noticed_ms`: when it happened or, if `restored`, the last reset."""

    id: EventId
    kind: EventKind
    button: int
    noticed_ms: int
    due_ms: int
    restored: bool = False


@dataclass(slots=True)
class Memory:
    """What survives a reset and a power cut (EEPROM)."""

    board_serial: int
    boot_count: int = 0
    events: list[Pending] = field(default_factory=list)


class Board:
    """One life of a board, from a reset to the next; build another on the same `Memory` to reset it."""

    def __init__(self, memory: Memory, cause: ResetCause, now_ms: int) -> None:
        memory.boot_count += 1
        memory.events = [
            Pending(old.id, old.kind, old.button, now_ms, now_ms, restored=True)
            for old in memory.events
            if old.kind in DURABLE
        ]
        self._memory = memory
        self._cause = cause
        self._seq = 0
        self._started_ms = now_ms
        self._beat_ms = now_ms + BEAT_MS
        self._decoder = FrameDecoder()
        self._out = bytearray()
        self._lines = [LineState.IDLE] * LINES
        self._lid_open = False
        self._pattern = LampPattern.FAULT
        self._host_until_ms = self._siren_until_ms = now_ms
        self._dropped = self._damaged = 0
        self._say(self._hello())

    @property
    def next_deadline_ms(self) -> int:
        """When `tick` has something to send."""
        return min([self._beat_ms, *(event.due_ms for event in self._memory.events)])

    def lamp(self, now_ms: int) -> LampPattern:
        """Return what the lamp shows while the board does not alarm by itself."""
        return self._pattern if now_ms < self._host_until_ms else LampPattern.FAULT

    def own_alarm(self, now_ms: int) -> bool:
        """Say whether the lamp blinks in alarm because nobody acknowledged a press."""
        return any(now_ms >= press.noticed_ms + OWN_ALARM_MS for press in self._presses())

    def siren(self, now_ms: int) -> bool:
        """Say whether the siren sounds: the host wants it, or a press stays without acknowledgement."""
        return now_ms < self._siren_until_ms or any(
            OWN_ALARM_MS <= now_ms - press.noticed_ms < OWN_ALARM_MS + SIREN_CAP_MS
            for press in self._presses()
        )

    def sense_line(self, button: int, state: LineState, now_ms: int) -> list[EventId]:
        """Take a line's new state; return the ids of the events it makes."""
        before, self._lines[button] = self._lines[button], state
        return self._latch(_line_events(before, state), button, now_ms)

    def sense_lid(self, now_ms: int, *, lid_open: bool) -> list[EventId]:
        """Take the tamper switch's new state; return the ids of the events it makes."""
        before, self._lid_open = self._lid_open, lid_open
        if before == lid_open:
            return []
        return self._latch([EventKind.TAMPER if lid_open else EventKind.TAMPER_CLEARED], 0, now_ms)

    def feed(self, data: bytes, now_ms: int) -> None:
        """Take bytes from the host."""
        for frame in self._decoder.feed(data):
            order = frame if isinstance(frame, Damage) else read_order(frame)
            if isinstance(order, Damage):
                self._damaged += 1
            else:
                self.obey(order, now_ms)

    def obey(self, order: Order, now_ms: int) -> None:
        """Take one order from the host."""
        self._host_until_ms = now_ms + HOST_SILENT_MS
        match order:
            case AskHello():
                self._say(self._hello())
            case EventAck(event_id):
                self._memory.events = [event for event in self._memory.events if event.id != event_id]
            case Lamp(number, pattern):
                self._pattern = pattern
                self._say(CommandAck(number, done=True))
            case Siren(number, seconds):
                self._siren_until_ms = now_ms + min(seconds * 1_000, SIREN_CAP_MS)
                self._say(CommandAck(number, done=True))

    def tick(self, now_ms: int) -> None:
        """Send what is due: unacknowledged events again, and the beat."""
        for event in self._memory.events:
            if now_ms >= event.due_ms:
                self._send_event(event, now_ms)
        if now_ms >= self._beat_ms:
            self._beat_ms = now_ms + BEAT_MS
            self._say(self._beat(now_ms))

    def outgoing(self) -> bytes:
        """Take the bytes to write."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def _latch(self, kinds: Iterable[EventKind], button: int, now_ms: int) -> list[EventId]:
        latched = []
        for kind in kinds:
            event_id = EventId(self._memory.board_serial, self._memory.boot_count, self._seq)
            self._seq = (self._seq + 1) & 0xFFFF_FFFF
            if self._make_room(kind):
                event = Pending(event_id, kind, button, now_ms, now_ms)
                self._memory.events.append(event)
                self._send_event(event, now_ms)
                latched.append(event_id)
        return latched

    def _make_room(self, kind: EventKind) -> bool:
        events = self._memory.events
        if len(events) < PENDING_MAX:
            return True
        self._dropped += 1
        others = [event for event in events if event.kind is not EventKind.PRESS]
        if kind is EventKind.PRESS and others:
            events.remove(others[0])
            return True
        return False

    def _send_event(self, event: Pending, now_ms: int) -> None:
        event.due_ms = now_ms + RESEND_MS
        age_ms = None if event.restored else now_ms - event.noticed_ms
        self._say(Event(event.id, event.kind, event.button, age_ms))

    def _presses(self) -> Iterator[Pending]:
        return (event for event in self._memory.events if event.kind is EventKind.PRESS)

    def _hello(self) -> Hello:
        return Hello(FIRMWARE, self._memory.board_serial, self._cause, self._memory.boot_count)

    def _beat(self, now_ms: int) -> Beat:
        return Beat(
            boot_count=self._memory.boot_count,
            uptime_s=(now_ms - self._started_ms) // 1_000,
            line_mv=(_MILLIVOLTS[self._lines[0]], _MILLIVOLTS[self._lines[1]]),
            lamp=self.lamp(now_ms),
            state=self._state(now_ms),
            pending=len(self._memory.events),
            dropped=self._dropped,
            rx_damaged=self._damaged,
        )

    def _state(self, now_ms: int) -> BoardState:
        holds = {
            BoardState.LID_OPEN: self._lid_open,
            BoardState.SIREN_ON: self.siren(now_ms),
            BoardState.OWN_ALARM: self.own_alarm(now_ms),
            BoardState.HOST_HEARD: now_ms < self._host_until_ms,
            BoardState.LINE_0_FAULT: self._lines[0] in _FAULTS,
            BoardState.LINE_1_FAULT: self._lines[1] in _FAULTS,
        }
        return reduce(or_, (flag for flag, on in holds.items() if on), BoardState.CALM)

    def _say(self, report: Report) -> None:
        self._out += write(report)


def _line_events(before: LineState, after: LineState) -> Iterator[EventKind]:
    if before is after:
        return
    if after in _FAULTS:
        yield _FAULTS[after]
        return
    if before in _FAULTS:
        yield EventKind.WIRE_RESTORED
    if after is LineState.PRESSED:
        yield EventKind.PRESS
    elif before is LineState.PRESSED:
        yield EventKind.RELEASE

"""The host's end of the line to one board: a state machine that is given bytes and times.

The rule it exists for: an event is acknowledged to the board only after the caller has it on disk and says
so with `Link.confirm`. Until then the board keeps it and sends it again; the caller still sees it once.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from firmware_bridge.frames import Damage, FrameDecoder
from firmware_bridge.layouts import read_report, write
from firmware_bridge.messages import (
    AskHello,
    Beat,
    CommandAck,
    Event,
    EventAck,
    EventId,
    ForeignHello,
    Hello,
    Lamp,
    LampPattern,
    Order,
    Report,
    Siren,
)

SILENCE_MS = 3_000
"""Three beats missed: the board is lost."""
ASK_MS = 1_000
"""Between two requests for HELLO."""
RETRY_MS = 100
"""A command is answered within 10 ms; the rest is room for a busy line."""
TRIES = 10
"""Then a command has failed."""
REFRESH_MS = 2_000
"""The lamp's order is repeated: it tells the board that the host lives and mends what a reset undid."""

MAX_UNCONFIRMED = 64
"""Four times what a board can hold. Beyond it new events are neither given nor acknowledged: the board keeps them."""
MAX_REMEMBERED = 256
"""Confirmed events whose repetition is answered at once. An older one is given again; its id tells the caller."""
MAX_OUTGOING = 4_096
"""Beyond it a frame is dropped, as on a line that is down: everything the host says is said again."""


@dataclass(frozen=True, slots=True)
class BoardUp:
    """A board introduced itself: for the first time, after a reset, or another one took its place."""

    hello: Hello


@dataclass(frozen=True, slots=True)
class BoardLost:
    """Nothing intact was heard for `SILENCE_MS`."""

    silent_ms: int


@dataclass(frozen=True, slots=True)
class BoardBack:
    """The lost board is heard again."""


@dataclass(frozen=True, slots=True)
class VersionMismatch:
    """The board speaks another protocol version. Its events go on; somebody must flash it."""

    board_protocol: int


class CommandFault(Enum):
    """Why a command failed."""

    REFUSED = "the board refused it"
    UNANSWERED = "the board did not answer"


@dataclass(frozen=True, slots=True)
class CommandFailed:
    """A lamp or siren order did not get through."""

    order: Lamp | Siren
    fault: CommandFault


LinkEvent = Event | Beat | BoardUp | BoardLost | BoardBack | VersionMismatch | CommandFailed | Damage


@dataclass(slots=True)
class _Command:
    order: Lamp | Siren
    due_ms: int
    reported: bool
    tries: int = 1


class Link:
    """One board. All times are milliseconds of one monotonic clock.

    The caller writes what `outgoing` returns after each call, and calls `tick` at `next_deadline_ms`.
    """

    def __init__(self, now_ms: int) -> None:
        self._decoder = FrameDecoder()
        self._out = bytearray()
        self._unconfirmed: set[EventId] = set()
        self._confirmed: OrderedDict[EventId, None] = OrderedDict()
        self._commands: dict[type[Lamp | Siren], _Command] = {}
        self._number = 0
        self._pattern = LampPattern.IDLE
        self._hello: Hello | None = None
        self._lost = False
        self._heard_ms = now_ms
        self._ask_ms: int | None = now_ms
        self._refresh_ms = now_ms
        self.damages = 0
        self.shown: LampPattern | None = None
        """What the board last said its lamp shows; None while unknown."""

    @property
    def next_deadline_ms(self) -> int:
        """When `tick` has something to do."""
        deadlines = [self._refresh_ms, *(command.due_ms for command in self._commands.values())]
        if not self._lost:
            deadlines.append(self._heard_ms + SILENCE_MS)
        if self._ask_ms is not None:
            deadlines.append(self._ask_ms)
        return min(deadlines)

    def reopened(self, now_ms: int) -> None:
        """Say that the port was opened again: half a frame and unsent bytes of the old one are void."""
        self._decoder = FrameDecoder()
        self._out.clear()
        self._ask_ms = now_ms

    def outgoing(self) -> bytes:
        """Take the bytes to write."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def confirm(self, event_id: EventId) -> None:
        """Say that the event is on disk: the board may forget it. May be said again."""
        self._unconfirmed.discard(event_id)
        self._confirmed[event_id] = None
        if len(self._confirmed) > MAX_REMEMBERED:
            self._confirmed.popitem(last=False)
        self._send(EventAck(event_id))

    def deliver_again(self, event_id: EventId) -> None:
        """Say that the event could not be put on disk: the board's next repetition is given once more."""
        self._unconfirmed.discard(event_id)

    def light(self, pattern: LampPattern, now_ms: int) -> None:
        """Make the lamp show `pattern`; the newest order replaces one on its way."""
        self._pattern = pattern
        self._command(Lamp(self._next_number(), pattern), now_ms, reported=True)

    def sound(self, seconds: int, now_ms: int) -> None:
        """Sound the siren for `seconds` (0 = silence, at most 255); the board caps it further."""
        self._command(Siren(self._next_number(), seconds), now_ms, reported=True)

    def feed(self, data: bytes, now_ms: int) -> list[LinkEvent]:
        """Take bytes from the line and return what they mean."""
        events: list[LinkEvent] = []
        for frame in self._decoder.feed(data):
            report = frame if isinstance(frame, Damage) else read_report(frame)
            if isinstance(report, Damage):
                self.damages += 1
                events.append(report)
            else:
                events += self._hear(report, now_ms)
        return events

    def tick(self, now_ms: int) -> list[LinkEvent]:
        """Do what is due."""
        events: list[LinkEvent] = []
        if not self._lost and now_ms >= self._heard_ms + SILENCE_MS:
            self._lost = True
            self.shown = None
            self._ask_ms = now_ms
            events.append(BoardLost(now_ms - self._heard_ms))
        if self._ask_ms is not None and now_ms >= self._ask_ms:
            self._ask_ms = now_ms + ASK_MS
            self._send(AskHello())
        if now_ms >= self._refresh_ms:
            self._refresh(now_ms)
        return events + self._retry(now_ms)

    def _hear(self, report: Report, now_ms: int) -> Iterator[LinkEvent]:
        self._heard_ms = now_ms
        if self._lost:
            self._lost = False
            yield BoardBack()
        match report:
            case Hello():
                yield from self._meet(report, now_ms)
            case ForeignHello(protocol):
                self._ask_ms = self._hello = None
                yield VersionMismatch(protocol)
            case Event():
                yield from self._take(report)
            case Beat():
                self.shown = report.lamp
                if self._ask_ms is None and self._hello and self._hello.boot_count != report.boot_count:
                    self._ask_ms = now_ms
                yield report
            case CommandAck():
                yield from self._answered(report)

    def _meet(self, hello: Hello, now_ms: int) -> Iterator[LinkEvent]:
        self._ask_ms = None
        if hello != self._hello:
            self._hello = hello
            self.shown = None
            self._refresh_ms = now_ms
            yield BoardUp(hello)

    def _take(self, event: Event) -> Iterator[Event]:
        if event.id in self._confirmed:
            self._send(EventAck(event.id))
        elif event.id not in self._unconfirmed and len(self._unconfirmed) < MAX_UNCONFIRMED:
            self._unconfirmed.add(event.id)
            yield event

    def _answered(self, ack: CommandAck) -> Iterator[CommandFailed]:
        for kind, command in self._commands.items():
            if command.order.number == ack.number:
                del self._commands[kind]
                if not ack.done:
                    yield CommandFailed(command.order, CommandFault.REFUSED)
                elif isinstance(command.order, Lamp):
                    self.shown = command.order.pattern
                return

    def _retry(self, now_ms: int) -> list[LinkEvent]:
        failed: list[LinkEvent] = []
        for kind, command in tuple(self._commands.items()):
            if now_ms < command.due_ms:
                continue
            if command.tries < TRIES:
                command.tries += 1
                command.due_ms = now_ms + RETRY_MS
                self._send(command.order)
                continue
            del self._commands[kind]
            if command.reported:
                failed.append(CommandFailed(command.order, CommandFault.UNANSWERED))
        return failed

    def _refresh(self, now_ms: int) -> None:
        self._refresh_ms = now_ms + REFRESH_MS
        if Lamp not in self._commands:
            self._command(Lamp(self._next_number(), self._pattern), now_ms, reported=False)

    def _command(self, order: Lamp | Siren, now_ms: int, *, reported: bool) -> None:
        self._commands[type(order)] = _Command(order, now_ms + RETRY_MS, reported)
        self._send(order)

    def _next_number(self) -> int:
        self._number = self._number % 255 + 1
        return self._number

    def _send(self, order: Order) -> None:
        data = write(order)
        if len(self._out) + len(data) <= MAX_OUTGOING:
            self._out += data

"""The button board on its serial line: presses into the journal, lamp and siren back.

The way of a press is the hot path: bytes -> link -> journal -> confirm -> `on_press`. The board gets its confirmation
only after the journal has the press on disk; until then it repeats it, and alarms by itself when nobody listens. Port
and recording are two tasks, so that a press already read is recorded although the port is lost.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.clock import Clock
from edge.codecs.board import body_of, describe, pattern_of
from edge.drivers.device import Device
from edge.drivers.serial_port import PortError, SerialPort, open_port
from edge.journal.errors import JournalBrokenError, JournalError
from edge.journal.journal import Journal
from edge.logs import Log
from edge.settings import BoardSettings
from edge.supervise import Backoff
from firmware_bridge.frames import BAUD, Damage
from firmware_bridge.link import (
    MAX_UNCONFIRMED,
    BoardBack,
    BoardLost,
    BoardUp,
    CommandFailed,
    Link,
    LinkEvent,
    VersionMismatch,
)
from firmware_bridge.messages import Beat, Event, LampPattern
from wire.entries import DeviceChanged, SosPressed, SosReleased
from wire.messages import SosStage
from wire.topics import Lane

BACKOFF: Final = Backoff(first_s=0.1, limit_s=2.0, healthy_after_s=5.0)
"""The SOS path comes back fast; two seconds is what a person waits before pressing again."""

_log: Final = Log(__name__)


@dataclass(frozen=True, slots=True)
class Press:
    """A press that is on disk as `seq` of lane `sos`; it happened at `pressed_ms` of the clock's uptime."""

    seq: int
    pressed_ms: int


@dataclass(frozen=True, slots=True)
class _Heard:
    event: Event
    heard_ms: int


class BoardDriver:
    """One board. Run `run` and `record`, each under `supervise`."""

    def __init__(
        self,
        settings: BoardSettings,
        journal: Journal,
        clock: Clock,
        *,
        on_press: Callable[[Press], None],
        note: Callable[[DeviceChanged], None],
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._clock = clock
        self._on_press = on_press
        self._device = Device("board", clock, note)
        self._link = Link(clock.uptime_ms())
        self._port: SerialPort | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._heard: asyncio.Queue[_Heard] = asyncio.Queue(MAX_UNCONFIRMED)
        self._news = asyncio.Event()
        self._pattern = LampPattern.IDLE
        self._about = ""
        self._recording_since_ms: int | None = None

    @property
    def device(self) -> Device:
        """The board's health."""
        return self._device

    def show(self, stage: SosStage | None) -> None:
        """Make the lamp tell `stage`; None: nothing is going on. Never waits."""
        self._pattern = pattern_of(stage)
        self._link.light(self._pattern, self._clock.uptime_ms())
        self._flush()

    def sound(self, seconds: int) -> None:
        """Sound the siren for `seconds`, 0 silences it. Never waits."""
        self._link.sound(seconds, self._clock.uptime_ms())
        self._flush()

    async def settled(self) -> None:
        """Return when the board has said that its lamp shows what was last ordered; bound it, a board may be gone."""
        while self._link.shown is not self._pattern:
            self._news.clear()
            await self._news.wait()

    async def run(self) -> None:
        """Serve the port until it fails; raises PortError."""
        try:
            async with open_port(self._settings.port, BAUD) as port:
                self._port = port
                self._link.reopened(self._clock.uptime_ms())
                await self._serve(port)
        except PortError as error:
            self._device.lost(str(error))
            raise
        finally:
            self._port = None
            if self._timer is not None:
                self._timer.cancel()

    async def record(self) -> None:
        """Bring what the board said to disk, as many events at once as wait."""
        while True:
            heard = [await self._heard.get()]
            while not self._heard.empty():
                heard.append(self._heard.get_nowait())
            self._recording_since_ms = self._clock.uptime_ms()
            try:
                await asyncio.gather(*map(self._record, heard))
            finally:
                self._recording_since_ms = None

    @property
    def recording_ms(self) -> int:
        """How long the events being recorded have been waiting for the disk; 0 when there are none."""
        since_ms = self._recording_since_ms
        return 0 if since_ms is None else self._clock.uptime_ms() - since_ms

    async def _serve(self, port: SerialPort) -> None:
        self._tick()
        while True:
            data = await port.read()
            self._take(self._link.feed(data, self._clock.uptime_ms()))

    def _tick(self) -> None:
        self._take(self._link.tick(self._clock.uptime_ms()))

    def _take(self, events: list[LinkEvent]) -> None:
        for event in events:
            if isinstance(event, Event):
                self._queue(event)
            else:
                self._notice(event)
        self._news.set()
        self._flush()

    def _queue(self, event: Event) -> None:
        try:
            self._heard.put_nowait(_Heard(event, self._clock.uptime_ms()))
        except asyncio.QueueFull:
            self._link.deliver_again(event.id)

    def _flush(self) -> None:
        """Send what the link has to say and arm the next tick; a port that takes nothing is given up."""
        data = self._link.outgoing()
        if self._port is None:
            return
        try:
            self._port.write(data)
        except PortError as error:
            self._port.give_up(error)
            return
        if self._timer is not None:
            self._timer.cancel()
        wait_ms = max(1, self._link.next_deadline_ms - self._clock.uptime_ms())
        self._timer = asyncio.get_running_loop().call_later(wait_ms / 1000, self._tick)

    async def _record(self, heard: _Heard) -> None:
        """Put one event on disk and confirm it; whatever prevents that, the board is asked for it again."""
        event = heard.event
        is_safe = False
        try:
            await self._append(heard)
            is_safe = True
        except JournalBrokenError:
            raise
        except JournalError as error:
            _log.error("event not recorded", kind=event.kind.name, source=event.id, reason=error)
        finally:
            if not is_safe:
                self._link.deliver_again(event.id)

    async def _append(self, heard: _Heard) -> None:
        event = heard.event
        uptime_ms = self._clock.uptime_ms()
        ago_ms = (event.age_ms or 0) + uptime_ms - heard.heard_ms
        body = body_of(event, self._button(event.button), ago_ms)
        lane = Lane.SOS if isinstance(body, SosPressed | SosReleased) else Lane.EVENT
        appended = await self._journal.append(
            lane, body, at_ms=self._clock.wall_ms(), uptime_ms=uptime_ms, source=str(event.id)
        )
        self._link.confirm(event.id)
        self._flush()
        if isinstance(body, SosPressed) and appended.is_new:
            self._on_press(Press(appended.seq, uptime_ms - ago_ms))

    def _button(self, line: int) -> str:
        names = self._settings.button_names
        return names[line] if line < len(names) else f"line-{line}"

    def _beat(self) -> None:
        """Take the proof that the board works, unless it speaks another protocol."""
        if self._about:
            self._device.ok(self._about)
        else:
            self._device.seen()

    def _notice(
        self, event: Beat | BoardUp | BoardLost | BoardBack | VersionMismatch | CommandFailed | Damage
    ) -> None:
        match event:
            case Beat():
                self._beat()
            case BoardUp(hello):
                self._about = describe(hello)
                self._device.ok(self._about)
                _log.info("board up", about=self._about, boot=hello.boot_count)
            case BoardBack():
                _log.info("board heard again")
            case BoardLost(silent_ms):
                self._device.lost(f"silent for {silent_ms} ms")
            case VersionMismatch(protocol):
                self._about = ""
                self._device.fault(f"speaks protocol {protocol}")
            case CommandFailed(order, fault):
                _log.warning("board order failed", order=type(order).__name__, fault=fault.value)
            case Damage(reason, size):
                _log.debug("damaged frame", reason=reason.value, size=size)

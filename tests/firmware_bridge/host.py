"""A host for the tests: one link on a tty, everything it told, and a line that can lose what it says."""

import asyncio
import os
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from firmware_bridge.link import BoardUp, Link, LinkEvent
from firmware_bridge.messages import Beat, Event, EventId, EventKind, LampPattern

_EventT = TypeVar("_EventT")


class Host:
    """`async with Host(path) as host`. With `confirms` each event is taken as safely on disk at once."""

    def __init__(self, path: Path, *, confirms: bool = True, mute: bool = False) -> None:
        self.link = Link(_now_ms())
        self.confirms = confirms
        self.mute = mute
        self.acks_to_lose = 0
        self.told: list[LinkEvent] = []
        self._path = path
        self._changed = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._fd = os.open(self._path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._fd)
        self._loop.add_reader(self._fd, self._on_readable)
        self._on_time()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.remove_reader(self._fd)
        if self._timer is not None:
            self._timer.cancel()
        os.close(self._fd)

    def all(self, kind: type[_EventT]) -> list[_EventT]:
        return [event for event in self.told if isinstance(event, kind)]

    def kinds(self) -> list[tuple[EventKind, int]]:
        """What happened at the board, in the order it was told."""
        return [(event.kind, event.button) for event in self.all(Event)]

    def presses(self) -> list[Event]:
        return [event for event in self.all(Event) if event.kind is EventKind.PRESS]

    async def until(self, holds: Callable[[], bool], timeout_s: float = 5) -> None:
        async with asyncio.timeout(timeout_s):
            while not holds():
                self._changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.02)

    async def told_more_than(self, count: int) -> None:
        await self.until(lambda: len(self.kinds()) > count)

    async def up(self) -> BoardUp:
        await self.until(lambda: bool(self.all(BoardUp)))
        return self.all(BoardUp)[-1]

    async def next_beat(self) -> Beat:
        return await self.beat_where(lambda _: True)

    async def beat_where(self, holds: Callable[[Beat], bool]) -> Beat:
        """The first beat from now on of which it holds."""
        seen = len(self.all(Beat))
        await self.until(lambda: any(map(holds, self.all(Beat)[seen:])))
        return next(filter(holds, self.all(Beat)[seen:]))

    def confirm(self, event_id: EventId) -> None:
        self.link.confirm(event_id)
        self._settle([])

    def confirm_all(self) -> None:
        for event in self.all(Event):
            self.link.confirm(event.id)
        self._settle([])

    def light(self, pattern: LampPattern) -> None:
        self.link.light(pattern, _now_ms())
        self._settle([])

    def sound(self, seconds: int) -> None:
        self.link.sound(seconds, _now_ms())
        self._settle([])

    def send_raw(self, data: bytes) -> None:
        os.write(self._fd, data)

    def _on_readable(self) -> None:
        self._settle(self.link.feed(os.read(self._fd, 4_096), _now_ms()))

    def _on_time(self) -> None:
        self._settle(self.link.tick(_now_ms()))

    def _settle(self, events: list[LinkEvent]) -> None:
        self.told += events
        for event in events:
            if isinstance(event, Event) and self.confirms:
                self.link.confirm(event.id)
        data = self._lossy(self.link.outgoing())
        if data and not self.mute:
            os.write(self._fd, data)
        if self._timer is not None:
            self._timer.cancel()
        delay_s = (self.link.next_deadline_ms - _now_ms()) / 1_000
        self._timer = self._loop.call_later(max(delay_s, 0.001), self._on_time)
        self._changed.set()

    def _lossy(self, data: bytes) -> bytes:
        frames = data.split(b"\0")
        kept = [frame for frame in frames if not self._lost(frame)]
        return b"\0" + b"\0".join(kept) + b"\0" if any(kept) else b""

    def _lost(self, frame: bytes) -> bool:
        """COBS keeps an acknowledgement's kind, 0x82, as its second byte."""
        if self.acks_to_lose and frame[1:2] == b"\x82":
            self.acks_to_lose -= 1
            return True
        return False


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000

"""A button board without hardware: the model of `firmware_bridge.board` behind a pty, found at a stable path.

The daemon cannot tell it from a real one. It needs a running event loop, and costs it one reader and one timer.
"""

import asyncio
import os
import time
import tty
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from firmware_bridge.board import Board, LineState, Memory
from firmware_bridge.messages import LINES, EventId, LampPattern, ResetCause

READ_BYTES: Final = 4_096


class VirtualBoard:
    """`async with VirtualBoard(path) as board`: a symbolic link at `path` leads to the board's port.

    It has its own supply: it lives on while the cable is pulled. All methods act at once.
    """

    def __init__(self, path: Path, serial: int = 1) -> None:
        self.path = path
        self._memory = Memory(serial)
        self._lines = [LineState.IDLE] * LINES
        self._is_open = False
        self._master: int | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._board = Board(self._memory, ResetCause.POWER_ON, _now_ms())

    async def __aenter__(self) -> Self:
        self.plug()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()
        if self._timer is not None:
            self._timer.cancel()

    @property
    def lamp(self) -> LampPattern:
        """What the lamp shows."""
        return self._board.lamp(_now_ms())

    @property
    def siren(self) -> bool:
        """Whether the siren sounds."""
        return self._board.siren(_now_ms())

    @property
    def is_plugged(self) -> bool:
        """Whether the cable is in."""
        return self._master is not None

    def press(self, button: int = 0) -> list[EventId]:
        """Press a button; returns the ids of the events it made, none while it is down or its wire is cut."""
        return self._sense(button, LineState.PRESSED) if self._lines[button] is LineState.IDLE else []

    def release(self, button: int = 0) -> None:
        """Let the button come up."""
        if self._lines[button] is LineState.PRESSED:
            self._sense(button, LineState.IDLE)

    def toggle_wire(self, button: int = 0) -> None:
        """Cut the button's wire, or mend it."""
        is_cut = self._lines[button] is LineState.CUT
        self._sense(button, LineState.IDLE if is_cut else LineState.CUT)

    def toggle_lid(self) -> None:
        """Open the case, or close it."""
        self._is_open = not self._is_open
        self._board.sense_lid(_now_ms(), lid_open=self._is_open)
        self._flush()

    def plug(self) -> None:
        """Put the cable in: a new pty behind the same path."""
        if self._master is not None:
            return
        self._master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        aside = self.path.with_name(f".{self.path.name}.new")
        aside.symlink_to(os.ttyname(slave))
        aside.replace(self.path)
        self._slave = slave
        asyncio.get_running_loop().add_reader(self._master, self._receive, self._master)
        self._flush()

    def unplug(self) -> None:
        """Pull the cable: the daemon's reads fail, the path is gone."""
        if self._master is None:
            return
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)
        self._master = None
        self.path.unlink(missing_ok=True)

    def _sense(self, button: int, state: LineState) -> list[EventId]:
        self._lines[button] = state
        events = self._board.sense_line(button, state, _now_ms())
        self._flush()
        return events

    def _receive(self, master: int) -> None:
        with suppress(BlockingIOError):
            self._board.feed(os.read(master, READ_BYTES), _now_ms())
        self._flush()

    def _tick(self) -> None:
        self._board.tick(_now_ms())
        self._flush()

    def _flush(self) -> None:
        data = self._board.outgoing()
        if self._master is not None and data:
            with suppress(BlockingIOError):
                os.write(self._master, data)
        if self._timer is not None:
            self._timer.cancel()
        wait_s = max(1, self._board.next_deadline_ms - _now_ms()) / 1000
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._tick)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000

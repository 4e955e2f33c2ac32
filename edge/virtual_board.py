"""A button board without hardware: the model of `firmware_bridge.board` behind a pty, found at a stable path.

The daemon cannot tell it from a real one. It costs a reader and one timer of the running loop, no task and no thread:
hundreds fit into one process.
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
    """`async with VirtualBoard(path) as board`: a host finds the board at the symbolic link `path`.

    The board has its own supply: it lives on while the cable is pulled. All methods act at once.
    """

    def __init__(self, path: Path | str, serial: int = 1) -> None:
        self.path = Path(path)
        self._memory = Memory(serial)
        self._lines = [LineState.IDLE] * LINES
        self._is_open = False
        self._master: int | None = None
        self._slave = -1
        self._timer: asyncio.TimerHandle | None = None
        self._board = self._start(ResetCause.POWER_ON)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
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
        """What the lamp shows while the board does not alarm by itself."""
        return self._board.lamp(now_ms())

    @property
    def siren(self) -> bool:
        """Whether the siren sounds."""
        return self._board.siren(now_ms())

    @property
    def own_alarm(self) -> bool:
        """Whether the board alarms by itself because nobody took a press."""
        return self._board.own_alarm(now_ms())

    @property
    def pending(self) -> int:
        """Events which no host has acknowledged."""
        return len(self._memory.events)

    @property
    def is_plugged(self) -> bool:
        """Whether the cable is in."""
        return self._master is not None

    @property
    def is_open(self) -> bool:
        """Whether the case is open."""
        return self._is_open

    def line(self, button: int) -> LineState:
        """Return what is done to a button and its wire."""
        return self._lines[button]

    def press(self, button: int = 0) -> EventId | None:
        """Press; the event's id, or None when the button is down already or the board had to drop the event."""
        ids = self._change_line(button, LineState.PRESSED)
        return ids[-1] if ids else None

    def release(self, button: int = 0) -> None:
        """Let the button come up."""
        self._change_line(button, LineState.IDLE)

    def cut_wire(self, button: int = 0) -> None:
        """Cut the button's wire."""
        self._change_line(button, LineState.CUT)

    def restore_wire(self, button: int = 0) -> None:
        """Mend the button's wire."""
        self._change_line(button, LineState.IDLE)

    def tamper(self) -> None:
        """Open the case."""
        self._change_lid(lid_open=True)

    def close_lid(self) -> None:
        """Close the case."""
        self._change_lid(lid_open=False)

    def reset(self, cause: ResetCause = ResetCause.EXTERNAL) -> None:
        """Start again: the memory stays, and what the wires say is noticed anew."""
        self._board = self._start(cause)
        at_ms = now_ms()
        for button, state in enumerate(self._lines):
            self._board.sense_line(button, state, at_ms)
        self._board.sense_lid(at_ms, lid_open=self._is_open)
        self._flush()

    def plug(self) -> None:
        """Connect the cable: a new pty, found at the same path."""
        if self._master is not None:
            return
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._loop.add_reader(self._master, self._receive, self._master)
        aside = self.path.with_name(f".{self.path.name}.new")
        aside.symlink_to(os.ttyname(self._slave))
        aside.replace(self.path)
        self._flush()

    def unplug(self) -> None:
        """Pull the cable: the host's reads fail, the path is gone."""
        if self._master is None:
            return
        self._loop.remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)
        self._master = None
        self.path.unlink(missing_ok=True)

    def _start(self, cause: ResetCause) -> Board:
        return Board(self._memory, cause, now_ms())

    def _change_line(self, button: int, state: LineState) -> list[EventId]:
        self._lines[button] = state
        ids = self._board.sense_line(button, state, now_ms())
        self._flush()
        return ids

    def _change_lid(self, *, lid_open: bool) -> None:
        self._is_open = lid_open
        self._board.sense_lid(now_ms(), lid_open=lid_open)
        self._flush()

    def _receive(self, master: int) -> None:
        with suppress(BlockingIOError):
            self._board.feed(os.read(master, READ_BYTES), now_ms())
        self._flush()

    def _tick(self) -> None:
        self._board.tick(now_ms())
        self._flush()

    def _flush(self) -> None:
        self._write(self._board.outgoing())
        if self._timer is not None:
            self._timer.cancel()
        wait_s = (self._board.next_deadline_ms - now_ms()) / 1_000
        self._timer = self._loop.call_later(max(wait_s, 0.001), self._tick)

    def _write(self, data: bytes) -> None:
        """Bytes which nobody takes are lost, as on a line without flow control."""
        if self._master is not None and data:
            with suppress(BlockingIOError):
                os.write(self._master, data)


def now_ms() -> int:
    """Return the time of the board's own clock."""
    return time.monotonic_ns() // 1_000_000

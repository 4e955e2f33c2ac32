"""A button board on a pty: the model of `firmware_bridge.board` with wires, a cable and faults.

It costs a reader and one timer of the running loop, no task and no thread: hundreds fit into one process.
"""

import asyncio
import os
import time
import tty
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware_bridge.board import Board, LineState, Memory
from firmware_bridge.messages import LINES, EventAck, EventId, LampPattern, Order, ResetCause

_READ_SIZE = 4_096


class _DeafBoard(Board):
    acks_to_lose = 0

    def obey(self, order: Order, now_ms: int) -> None:
        if self.acks_to_lose and isinstance(order, EventAck):
            self.acks_to_lose -= 1
        else:
            super().obey(order, now_ms)


class FakeBoard:
    """`async with FakeBoard(path) as board`: a host finds the board at the symbolic link `path`.

    The board has its own supply: it lives on while the cable is unplugged. All methods act at once.
    """

    def __init__(self, path: Path | str, serial: int = 1) -> None:
        self.path = Path(path)
        self.first_byte_ns: dict[EventId, int] = {}
        """`time.monotonic_ns()` just before the first byte of each press was written (not while unplugged)."""
        self._memory = Memory(serial)
        self._lines = [LineState.IDLE] * LINES
        self._lid_open = False
        self._master: int | None = None
        self._slave = -1
        self._timer: asyncio.TimerHandle | None = None
        self._board = _DeafBoard(self._memory, ResetCause.POWER_ON, _now_ms())

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
        return self._board.lamp(_now_ms())

    @property
    def siren(self) -> bool:
        return self._board.siren(_now_ms())

    @property
    def own_alarm(self) -> bool:
        return self._board.own_alarm(_now_ms())

    @property
    def pending(self) -> int:
        """Events which no host has acknowledged."""
        return len(self._memory.events)

    def press(self, button: int = 0) -> EventId | None:
        """Press; the event's id, or None when the button is down already or the board had to drop the event."""
        ids = self._sense_line(button, LineState.PRESSED)
        if ids and self._master is not None:
            self.first_byte_ns[ids[-1]] = time.monotonic_ns()
        self._flush()
        return ids[-1] if ids else None

    def release(self, button: int = 0) -> None:
        self._change_line(button, LineState.IDLE)

    def cut_wire(self, button: int = 0) -> None:
        self._change_line(button, LineState.CUT)

    def short_wire(self, button: int = 0) -> None:
        self._change_line(button, LineState.SHORT)

    def restore_wire(self, button: int = 0) -> None:
        self._change_line(button, LineState.IDLE)

    def tamper(self) -> None:
        self._change_lid(lid_open=True)

    def close_lid(self) -> None:
        self._change_lid(lid_open=False)

    def reset(self, cause: ResetCause = ResetCause.EXTERNAL) -> None:
        """Start again: the memory stays, and what the wires say is noticed anew."""
        now_ms = _now_ms()
        self._board = _DeafBoard(self._memory, cause, now_ms)
        for button, state in enumerate(self._lines):
            self._board.sense_line(button, state, now_ms)
        self._board.sense_lid(now_ms, lid_open=self._lid_open)
        self._flush()

    def hang(self) -> None:
        """Let the watchdog find a hanging program."""
        self.reset(ResetCause.WATCHDOG)

    def lose_acks(self, count: int) -> None:
        """Lose the next `count` acknowledgements of events on their way to the board."""
        self._board.acks_to_lose += count

    def noise(self, data: bytes) -> None:
        """Put bytes on the line to the host."""
        self._write(data)

    def plug(self) -> None:
        """Connect the cable: a new pty, found at the same path."""
        if self._master is not None:
            return
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._loop.add_reader(self._master, self._on_readable, self._master)
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

    def _sense_line(self, button: int, state: LineState) -> list[EventId]:
        self._lines[button] = state
        return self._board.sense_line(button, state, _now_ms())

    def _change_line(self, button: int, state: LineState) -> None:
        self._sense_line(button, state)
        self._flush()

    def _change_lid(self, *, lid_open: bool) -> None:
        self._lid_open = lid_open
        self._board.sense_lid(_now_ms(), lid_open=lid_open)
        self._flush()

    def _on_readable(self, master: int) -> None:
        with suppress(BlockingIOError):
            self._board.feed(os.read(master, _READ_SIZE), _now_ms())
        self._flush()

    def _on_time(self) -> None:
        self._board.tick(_now_ms())
        self._flush()

    def _flush(self) -> None:
        self._write(self._board.outgoing())
        if self._timer is not None:
            self._timer.cancel()
        delay_s = (self._board.next_deadline_ms - _now_ms()) / 1_000
        self._timer = self._loop.call_later(max(delay_s, 0.001), self._on_time)

    def _write(self, data: bytes) -> None:
        """Bytes which nobody takes are lost, as on a line without flow control."""
        if self._master is not None and data:
            with suppress(BlockingIOError):
                os.write(self._master, data)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000

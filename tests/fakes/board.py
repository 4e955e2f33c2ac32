"""The virtual board with the faults that tests need: lost acknowledgements, a shorted wire, noise, a hanging program."""

import time
from pathlib import Path

from edge.virtual_board import VirtualBoard, now_ms
from firmware_bridge.board import Board, LineState
from firmware_bridge.messages import EventAck, EventId, Order, ResetCause


class _DeafBoard(Board):
    acks_to_lose = 0

    def obey(self, order: Order, now_ms: int) -> None:
        if self.acks_to_lose and isinstance(order, EventAck):
            self.acks_to_lose -= 1
        else:
            super().obey(order, now_ms)


class FakeBoard(VirtualBoard):
    """`async with FakeBoard(path) as board`: a host finds the board at the symbolic link `path`."""

    _board: _DeafBoard

    def __init__(self, path: Path | str, serial: int = 1) -> None:
        super().__init__(path, serial)
        self.first_byte_ns: dict[EventId, int] = {}
        """`time.monotonic_ns()` just before the first byte of each press was written (not while unplugged)."""

    def press(self, button: int = 0) -> EventId | None:
        """Press; the event's id, or None when the button is down already or the board had to drop the event."""
        before_ns = time.monotonic_ns()
        event = super().press(button)
        if event is not None and self.is_plugged:
            self.first_byte_ns[event] = before_ns
        return event

    def short_wire(self, button: int = 0) -> None:
        self._change_line(button, LineState.SHORT)

    def hang(self) -> None:
        """Let the watchdog find a hanging program."""
        self.reset(ResetCause.WATCHDOG)

    def lose_acks(self, count: int) -> None:
        """Lose the next `count` acknowledgements of events on their way to the board."""
        self._board.acks_to_lose += count

    def noise(self, data: bytes) -> None:
        """Put bytes on the line to the host."""
        self._write(data)

    def _start(self, cause: ResetCause) -> _DeafBoard:
        return _DeafBoard(self._memory, cause, now_ms())

"""An ESC/POS printer on a pty: it obeys what a host sends, keeps the paper as a picture, and has a printer's faults.

It is written from the command reference alone. Real-time commands (DLE EOT, DLE ENQ) are obeyed wherever they stand,
also in the midst of a picture, as real heads do; what comes while the paper is out is held and printed on the next roll.
"""

import asyncio
import os
import tty
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image

_FIXED = 0x12


@dataclass
class Faults:
    """What is wrong with the printer now; everything may be changed at any time."""

    rows_left: int | None = None
    """Dots of paper until the roll ends; None: a new roll."""
    near_end: bool = False
    cover_open: bool = False
    knife_stuck: bool = False
    silent: bool = False
    """Prints and says nothing."""
    knows_in_turn: bool = True
    """Answers GS r; cheap ones do not."""
    late_answers: int = 0
    """So many answers come only with the one after them."""


@dataclass
class FakePrinter:
    """`async with FakePrinter(path, width) as printer`: the port is found at the symbolic link `path`."""

    path: Path
    width: int = 576
    faults: Faults = field(default_factory=Faults)
    unknown: bytearray = field(default_factory=bytearray)
    """Bytes that were no command; a real printer would print them as characters."""
    received: int = 0
    cuts: int = 0
    pulses: int = 0
    """Real-time commands that open a drawer or cut the power."""

    async def __aenter__(self) -> Self:
        self._rows: list[bytes] = []
        self._done: list[list[bytes]] = []
        self._master: int | None = None
        self._slave = -1
        self.plug()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def plug(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._held = bytearray()
        self._window = b""
        self._late: list[int] = []
        asyncio.get_running_loop().add_reader(self._master, self._receive, self._master)
        aside = self.path.with_name(f".{self.path.name}.new")
        aside.symlink_to(os.ttyname(self._slave))
        aside.replace(self.path)

    def unplug(self) -> None:
        if self._master is not None:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)
            os.close(self._slave)
            self._master = None
            self.path.unlink(missing_ok=True)

    def new_roll(self) -> None:
        self.faults.rows_left = None
        self._obey()

    @property
    def slips(self) -> list[Image.Image]:
        """What was cut off, each as a picture of one bit a dot (0 is black)."""
        return [self._picture(rows) for rows in self._done]

    @property
    def hanging(self) -> Image.Image:
        """What was printed and not cut off yet."""
        return self._picture(self._rows)

    def _picture(self, rows: list[bytes]) -> Image.Image:
        ink = (
            Image.frombytes("1", (self.width, len(rows)), b"".join(rows)) if rows else Image.new("1", (1, 1))
        )
        return ink.point(lambda dot: 0 if dot else 255)

    def _receive(self, master: int) -> None:
        with suppress(BlockingIOError):
            data = os.read(master, 65_536)
            self.received += len(data)
            for byte in data:
                self._window = (self._window + bytes((byte,)))[-3:]
                self._held.append(byte)
                self._obey_at_once()
            self._obey()

    def _obey_at_once(self) -> None:
        if self._window[:2] == b"\x10\x04" and len(self._window) == 3 and 1 <= self._window[2] <= 4:
            self._say(_FIXED | self._status(self._window[2]))
        elif self._window == b"\x10\x05\x02":
            self._held.clear()
        elif self._window[:2] == b"\x10\x14":
            self.pulses += 1

    def _status(self, query: int) -> int:
        is_out = self.faults.rows_left == 0
        if query == 1:
            return 0x08 * (is_out or self.faults.cover_open or self.faults.knife_stuck)
        if query == 2:
            return 0x04 * self.faults.cover_open | 0x20 * is_out | 0x40 * self.faults.knife_stuck
        if query == 3:
            return 0x08 * self.faults.knife_stuck
        return 0x60 * is_out | 0x0C * (self.faults.near_end or is_out)

    def _say(self, byte: int) -> None:
        if self.faults.silent or self._master is None:
            return
        if self.faults.late_answers:
            self.faults.late_answers -= 1
            self._late.append(byte)
            return
        os.write(self._master, bytes((*self._late, byte)))
        self._late.clear()

    def _obey(self) -> None:
        """Carry out whole commands, as long as there is paper."""
        while self._held and self.faults.rows_left != 0:
            size = self._command(bytes(self._held[:8]))
            if size is None or size > len(self._held):
                return
            command = bytes(self._held[:size])
            del self._held[:size]
            self._carry_out(command)

    def _command(self, head: bytes) -> int | None:
        """Return the size of the command that begins here; None: not enough of it has come."""
        fixed = {
            b"\x1b@": 2, b"\x1bJ": 3, b"\x1bd": 3, b"\x1b3": 3, b"\x1b2": 2, b"\x1ba": 3, b"\x1dr": 3, b"\x1dV": 3,
            b"\x10\x04": 3, b"\x10\x05": 3,
        }  # fmt: skip
        if head[:1] not in (b"\x1b", b"\x1d", b"\x10"):
            return 1
        if head[:2] in fixed:
            return 4 if head[:2] == b"\x1dV" and head[2:3] in (b"A", b"B") else fixed[head[:2]]
        if head[:3] == b"\x1dv0":
            return None if len(head) < 8 else 8 + _word(head[4:6]) * _word(head[6:8])
        if head[:2] == b"\x1b*":
            return None if len(head) < 5 else 5 + _word(head[3:5]) * (3 if head[2] >= 32 else 1)
        return None if len(head) < 2 else 1

    def _carry_out(self, command: bytes) -> None:
        match command[:2]:
            case b"\x1dv":
                self._raster(command)
            case b"\x1b*":
                self._columns(command)
            case b"\x1bJ":
                self._feed(command[2])
            case b"\x1bd":
                self._feed(command[2] * 30)
            case b"\x1dV":
                self.cuts += 1
                self._done.append(self._rows)
                self._rows = []
            case b"\x1dr" if self.faults.knows_in_turn:
                self._say(0)
            case b"\x1b@" | b"\x1b2" | b"\x1b3" | b"\x1ba" | b"\x10\x04" | b"\x10\x05" | b"\x1dr" | b"\n":
                pass
            case _:
                self.unknown += command

    def _raster(self, command: bytes) -> None:
        stride = _word(command[4:6])
        if stride * 8 > self.width:
            self.unknown += command
            return
        for at in range(8, len(command), stride):
            self._row(command[at : at + stride])

    def _columns(self, command: bytes) -> None:
        """ESC *: bytes are columns of eight or 24 dots, from the left."""
        deep = 3 if command[2] >= 32 else 1
        data, count = command[5:], _word(command[3:5])
        for row in range(deep * 8):
            bits = [data[x * deep + row // 8] >> (7 - row % 8) & 1 for x in range(count)]
            whole = "".join(map(str, bits)).ljust(-(-count // 8) * 8, "0")
            self._row(int(whole, 2).to_bytes(len(whole) // 8, "big"))

    def _feed(self, rows: int) -> None:
        for _ in range(rows):
            self._row(b"")

    def _row(self, ink: bytes) -> None:
        if self.faults.rows_left == 0:
            return
        if self.faults.rows_left is not None:
            self.faults.rows_left -= 1
        self._rows.append(ink.ljust(self.width // 8, b"\0"))


def _word(pair: bytes) -> int:
    return int.from_bytes(pair, "little")

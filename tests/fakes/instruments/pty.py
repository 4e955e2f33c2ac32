"""What all virtual instruments have in common: a pty found at a stable path, a body of their own time, and faults.

A driver cannot tell one from a real instrument. It costs a reader and a few timers of the running loop, no task and no
thread. The time of what a body does goes by `pace`, below 1 it hurries; the rates of the line are always the real ones.
"""

import asyncio
import os
import random
import tty
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

READ_BYTES: Final = 4_096
BABBLE_S: Final = 0.005
BABBLE_BYTES: Final = 2_000


@dataclass
class Vitals:
    """An invented person who is being measured; everything may be changed at any time."""

    systolic_mmhg: int = 124
    mean_mmhg: int = 94
    diastolic_mmhg: int = 79
    pulse_bpm: int = 68
    oxygen_percent: int = 97
    temperature_c: float = 36.6
    glucose_mg_dl: int = 101
    height_mm: int = 1_652
    finger_in: bool = True
    has_pulse: bool = True
    cuff_on: bool = True
    moves: bool = False
    has_arrhythmia: bool = False
    is_there: bool = True
    """Stands below the rod."""


class PtyInstrument:
    """`async with X(path) as device`: the port is found at the symbolic link `path`."""

    def __init__(self, path: Path | str, person: Vitals | None = None, *, pace: float = 1.0) -> None:
        self.path = Path(path)
        self.person = person or Vitals()
        self.pace = pace
        self.is_silent = False
        """Hears, and says nothing."""
        self.heard = bytearray()
        """Everything that the host ever sent."""
        self._master: int | None = None
        self._slave = -1
        self._timers: dict[str, asyncio.TimerHandle] = {}

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self.plug()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    @property
    def is_plugged(self) -> bool:
        """Whether the cable is in."""
        return self._master is not None

    def plug(self) -> None:
        """Connect the cable: a new pty, found at the same path; what lives on the cable's power starts anew."""
        if self._master is not None:
            return
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.read_again()
        aside = self.path.with_name(f".{self.path.name}.new")
        aside.symlink_to(os.ttyname(self._slave))
        aside.replace(self.path)
        self._start()

    def unplug(self) -> None:
        """Pull the cable: the host's reads fail, the path is gone."""
        if self._master is None:
            return
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._loop.remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)
        self._master = None
        self.path.unlink(missing_ok=True)

    def stop_reading(self) -> None:
        """Let the host's bytes pile up."""
        assert self._master is not None
        self._loop.remove_reader(self._master)

    def read_again(self) -> None:
        """Take the host's bytes."""
        assert self._master is not None
        self._loop.add_reader(self._master, self._receive, self._master)

    def noise(self, data: bytes) -> None:
        """Put bytes on the line to the host."""
        self._write(data)

    def babble(self, data: bytes = b"") -> None:
        """Say `data` over and over, or nonsense, many times faster than the line could carry."""
        source = random.Random(7)
        self._every(
            "babble",
            BABBLE_S,
            lambda: self._write(
                data * (BABBLE_BYTES // len(data)) if data else source.randbytes(BABBLE_BYTES)
            ),
        )

    def hush(self) -> None:
        """End the babbling."""
        self._stop("babble")

    def say(self, data: bytes) -> None:
        """Say something, unless it is silent."""
        if not self.is_silent:
            self._write(data)

    def _start(self) -> None:
        """Start as after power-up."""

    def _hear(self, data: bytes) -> None:
        """Take what the host said."""

    def _every(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        """Do something again and again, without drift, until stopped; in place of what had the name before."""
        self._stop(name)
        self._repeat(name, self._loop.time() + seconds, seconds, act)

    def _repeat(self, name: str, at_s: float, seconds: float, act: Callable[[], None]) -> None:
        def run() -> None:
            late = self._loop.time() > at_s + 1
            self._repeat(name, (self._loop.time() if late else at_s) + seconds, seconds, act)
            act()

        self._timers[name] = self._loop.call_at(at_s, run)

    def _stop(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def _receive(self, master: int) -> None:
        with suppress(BlockingIOError):
            data = os.read(master, READ_BYTES)
            self.heard += data
            self._hear(data)

    def _write(self, data: bytes) -> None:
        """Bytes which nobody takes are lost, as on a line without flow control."""
        if self._master is not None and data:
            with suppress(BlockingIOError):
                os.write(self._master, data)


def pleth(phase: float) -> float:
    """Return the height of a pulse wave, 0 to 1, at `phase` (0 to 1) of a heartbeat: a steep rise, a notch, a fall."""
    if phase < 0.15:
        return phase / 0.15
    if phase < 0.4:
        return 1 - (phase - 0.15) * 2
    if phase < 0.5:
        return 0.5 + (phase - 0.4)
    return max(0.0, 0.6 * (1 - (phase - 0.5) / 0.5))

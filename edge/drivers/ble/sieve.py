"""Lets through what belongs to the person who sits there, out of all that one device says. Pure: told every time.

It remembers what `attribution.judge` needs: what is begun, the clock, live values, record numbers, what was told. One
that must wait for its like (a burst of stored measurements) is held for a moment.
"""

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

from edge.codecs.gatt.characteristics import CONTINUOUS, HEART_RATE
from edge.codecs.instrument import Failed, InstrumentEvent, Live, Taken
from edge.drivers.ble.attribution import (
    SHORTEST_MS,
    ClockReading,
    DeviceClock,
    Situation,
    Verdict,
    is_newer,
    judge,
)
from wire.entries import Flag, VitalKind

MAX_REMEMBERED: Final = 64
"""Raw measurements that are known again when they come twice; in memory only."""
LIVE_GAP_MS: Final = 8_000
"""After this long without a live value the next one begins another measurement."""
_STREAMS: Final = frozenset({CONTINUOUS, HEART_RATE})
"""Characteristics that only ever tell of now."""

Told = Taken | Live | Failed
"""What can be for the person who sits there."""


@dataclass(slots=True)
class _Run:
    since_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class _Held:
    number: int
    taken: Taken
    until_ms: int


class Sieve:
    """What of one device is for whom. `refused` counts measurements that were nobody's or somebody else's.

    `pace` below 1 is for virtual devices that measure faster than any real one can.
    """

    def __init__(self, *, hold_ms: int, pace: float = 1.0) -> None:
        self.refused = 0
        self._hold_ms = hold_ms
        self._pace = pace
        self._begun: dict[VitalKind, int] = {}
        self._runs: dict[VitalKind, _Run] = {}
        self._clock = DeviceClock()
        self._was_set = False
        self._connected_ms = 0
        self._newest: int | None = None
        self._newest_ms: int | None = None
        self._told: deque[bytes] = deque(maxlen=MAX_REMEMBERED)
        self._held: list[_Held] = []
        self._last: dict[int, int] = {}

    @property
    def newest_sequence(self) -> int | None:
        """The highest record number seen so far."""
        return self._newest

    @property
    def deadline_ms(self) -> int | None:
        """When `due` has something to say."""
        return min((held.until_ms for held in self._held), default=None)

    def running(self, now_ms: int) -> frozenset[VitalKind]:
        """Return what is begun and was live just now."""
        return frozenset(kind for kind in self._begun if self._live_since(kind, now_ms) is not None)

    def begin(self, kind: VitalKind, now_ms: int) -> None:
        """Let through what is taken from now on."""
        self.cancel(kind)
        self._begun[kind] = now_ms

    def cancel(self, kind: VitalKind) -> None:
        """Let nothing of `kind` through any more."""
        self._begun.pop(kind, None)
        self._drop([held for held in self._held if held.taken.kind is kind])

    def connected(self, now_ms: int) -> None:
        """Take that a link is up: nothing is live any more, and the clock may have been changed."""
        self._connected_ms = now_ms
        self._runs.clear()
        self._last.clear()
        self._clock = DeviceClock(was_right=self._was_set)

    def clock_found(self, reading: ClockReading, *, is_right: bool) -> None:
        """Take what the device's clock showed, before it was set."""
        self._clock = replace(self._clock, found=reading, was_right=is_right)

    def clock_set(self, reading: ClockReading) -> None:
        """Take what the device's clock was set to."""
        self._clock = replace(self._clock, set=reading)
        self._was_set = True

    def records_read(self, now_ms: int) -> None:
        """Take that the device has sent all its records."""
        self._newest_ms = now_ms

    def feed(self, number: int, event: InstrumentEvent, now_ms: int) -> Told | None:
        """Take what characteristic `number` said; return it when it is for the person now."""
        match event:
            case Taken():
                return self._take(number, event, now_ms)
            case Live(kind=kind):
                self._see(kind, now_ms)
                return event if kind in self._begun else None
            case Failed(kind=kind):
                since_ms = self._live_since(kind, now_ms)
                if number not in _STREAMS:
                    self._runs.pop(kind, None)
                return event if self._may_fail(number, kind, since_ms, now_ms) else None
        return None

    def due(self, now_ms: int) -> list[Taken]:
        """Return what was held and stayed alone."""
        ripe = [held for held in self._held if held.until_ms <= now_ms]
        self._held = [held for held in self._held if held.until_ms > now_ms]
        return [self._tell(replace(held.taken, flags=held.taken.flags | {Flag.UNTIMED})) for held in ripe]

    def _take(self, number: int, taken: Taken, now_ms: int) -> Taken | None:
        verdict = self._judge(taken, now_ms)
        self._runs.pop(taken.kind, None)
        self._remember_sequence(taken)
        is_burst = now_ms - self._last.get(number, -self._hold_ms) < self._hold_ms
        self._last[number] = now_ms
        if is_burst:
            self._drop([held for held in self._held if held.number == number])
        if verdict is Verdict.TELL:
            return self._tell(taken)
        if verdict is Verdict.TELL_UNTIMED:
            return self._tell(replace(taken, flags=taken.flags | {Flag.UNTIMED}))
        if verdict is Verdict.HOLD and not is_burst:
            self._held.append(_Held(number, taken, now_ms + self._hold_ms))
        else:
            self.refused += 1
        return None

    def _judge(self, taken: Taken, now_ms: int) -> Verdict:
        begun_ms = self._begun.get(taken.kind)
        if begun_ms is None:
            return Verdict.REFUSE
        situation = Situation(
            begun_ms=begun_ms,
            now_ms=now_ms,
            connected_ms=self._connected_ms,
            clock=self._clock,
            live_since_ms=self._live_since(taken.kind, now_ms),
            newest_sequence=self._newest,
            newest_ms=self._newest_ms,
            was_told=taken.raw in self._told,
            pace=self._pace,
        )
        return judge(taken, situation)

    def _tell(self, taken: Taken) -> Taken:
        self._told.append(taken.raw)
        return taken

    def _drop(self, held: list[_Held]) -> None:
        self.refused += len(held)
        self._held = [kept for kept in self._held if kept not in held]

    def _see(self, kind: VitalKind, now_ms: int) -> None:
        run = self._runs.get(kind)
        if run is None or now_ms - run.last_ms > LIVE_GAP_MS:
            self._runs[kind] = _Run(now_ms, now_ms)
        else:
            run.last_ms = now_ms

    def _live_since(self, kind: VitalKind, now_ms: int) -> int | None:
        run = self._runs.get(kind)
        return None if run is None or now_ms - run.last_ms > LIVE_GAP_MS else run.since_ms

    def _may_fail(self, number: int, kind: VitalKind, since_ms: int | None, now_ms: int) -> bool:
        begun_ms = self._begun.get(kind)
        if begun_ms is None:
            return False
        if since_ms is not None:
            return number in _STREAMS or since_ms >= begun_ms
        return number in _STREAMS or now_ms - begun_ms >= SHORTEST_MS[kind] * self._pace

    def _remember_sequence(self, taken: Taken) -> None:
        sequence = taken.sequence
        if sequence is not None and (self._newest is None or is_newer(sequence, self._newest)):
            self._newest = sequence

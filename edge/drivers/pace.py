"""Keeps a device that babbles from flooding anybody: so many bytes are looked at, so much is told to a screen."""

from typing import Final

from edge.codecs.instrument import Live, Wave
from wire.entries import VitalKind

INTERVAL_MS: Final = 100
"""At most ten `Live` of a kind, and ten pieces of wave, a second."""
MAX_SAMPLES: Final = 100
"""Of a wave that comes faster than it can be told; the oldest go."""


class Pace:
    """Lets through what is due and holds the rest: of `Live` the newest of each kind, of a wave all samples."""

    def __init__(self) -> None:
        self._live: dict[VitalKind, Live] = {}
        self._live_ms: dict[VitalKind, int] = {}
        self._samples: list[int] = []
        self._rate_hz = 0
        self._wave_ms = 0

    @property
    def next_ms(self) -> int | None:
        """When something that is held may go, or None."""
        times = [self._live_ms.get(kind, 0) for kind in self._live]
        if self._samples:
            times.append(self._wave_ms)
        return min(times, default=None)

    def hold(self, event: Live | Wave) -> None:
        """Take something to be told when it is due."""
        if isinstance(event, Live):
            self._live[event.kind] = event
            return
        self._rate_hz = event.rate_hz
        self._samples += event.samples
        del self._samples[:-MAX_SAMPLES]

    def due(self, now_ms: int) -> list[Live | Wave]:
        """Return what may go now."""
        going: list[Live | Wave] = []
        if self._samples and now_ms >= self._wave_ms:
            self._wave_ms = now_ms + INTERVAL_MS
            going.append(Wave(tuple(self._samples), self._rate_hz))
            self._samples.clear()
        for kind in [kind for kind in self._live if now_ms >= self._live_ms.get(kind, 0)]:
            self._live_ms[kind] = now_ms + INTERVAL_MS
            going.append(self._live.pop(kind))
        return going

    def forget(self, kind: VitalKind) -> None:
        """Drop what is held of one kind; the wave belongs to oxygen."""
        self._live.pop(kind, None)
        if kind is VitalKind.OXYGEN:
            self._samples.clear()


class Allowance:
    """How many bytes may be looked at: `bytes_per_s`, and after a pause as many at once as come in one second.

    What is beyond it is never looked at, rather than later: old data would be taken for new.
    """

    def __init__(self, bytes_per_s: int) -> None:
        self._bytes_per_s = bytes_per_s
        self._left = float(bytes_per_s)
        self._at_ms: int | None = None

    def take(self, size: int, now_ms: int) -> int:
        """Return how many of `size` bytes that have just come may be looked at."""
        if self._at_ms is not None:
            earned = (now_ms - self._at_ms) * self._bytes_per_s / 1000
            self._left = min(self._bytes_per_s, self._left + earned)
        self._at_ms = now_ms
        taken = min(size, int(self._left))
        self._left -= taken
        return taken

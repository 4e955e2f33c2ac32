"""Frames of fixed size whose first byte alone has bit 7 set, or alone has not.

There is no checksum; what is left of a damaged frame is told as noise, and the next one is found.
"""

import re
from typing import Final

from edge.codecs.instrument import Damage, DamageReason
from edge.codecs.serial.protocol import Noise

_HIGH: Final = rb"[\x80-\xff]"
_LOW: Final = rb"[\x00-\x7f]"


class SyncCutter:
    """Cuts a stream into frames of `size` bytes; those that do not begin with `only_lead` are told as unknown."""

    __slots__ = ("_frame", "_held", "_lead_is_high", "_noise", "_only_lead", "_size", "_tail")

    def __init__(self, *, size: int, lead_is_high: bool, only_lead: int | None = None) -> None:
        self._size = size
        self._lead_is_high = lead_is_high
        self._only_lead = only_lead
        lead, other = (_HIGH, _LOW) if lead_is_high else (_LOW, _HIGH)
        self._frame = re.compile(lead + other + b"{%d}" % (size - 1))
        self._tail = re.compile(lead + other + rb"{0,%d}\Z" % (size - 2))
        self._held = b""
        self._noise = Noise()

    def fresh(self) -> "SyncCutter":
        """Return one of the same kind that has heard nothing yet."""
        return SyncCutter(size=self._size, lead_is_high=self._lead_is_high, only_lead=self._only_lead)

    def feed(self, data: bytes) -> list[bytes | Damage]:
        """Take the next bytes and return the frames and damages that they complete, in order."""
        held = self._held + data
        found: list[bytes | Damage] = []
        at = 0
        for match in self._frame.finditer(held):
            start, end = match.span()
            if start > at:
                found += self._noise.add(start - at)
            found += self._noise.end()
            frame = match[0]
            is_known = self._only_lead is None or frame[0] == self._only_lead
            found.append(frame if is_known else Damage(DamageReason.UNKNOWN, self._size))
            at = end
        tail = self._tail.search(held, max(at, len(held) - self._size + 1))
        rest = tail.start() if tail else len(held)
        found += self._noise.add(rest - at)
        self._held = held[rest:]
        return found

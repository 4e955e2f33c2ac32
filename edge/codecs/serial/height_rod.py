"""A height rod: an ultrasonic MaxBotix sensor (HRXL-MaxSonar, MB7360 and its kin) that looks down on the person's head.

Published (HRXL-MaxSonar-WR data sheet PD11500, "RS232 serial output", and HRUSB-MaxSonar-EZ PD12141): 9600 8N1; six to ten
times a second "R", four digits of millimetres, carriage return (the USB kin put a space before it). The farthest range,
5000 (9999 with the ten-metre kin), is said when nothing is seen, the nearest, 300, for anything nearer. At power-up a few
lines of text, one of them "PN:" and the part number.
The height is the mounting height minus the range. Where the mounting height is not told, the line's own number is taken
as the height in millimetres: that of a rod whose own controller has subtracted already.
"""

import re
from decimal import Decimal
from typing import Final

from edge.codecs.instrument import About, Damage, DamageReason, DeviceTime, InstrumentEvent, Live
from edge.codecs.serial.protocol import MAX_NOISE, Traits
from wire.entries import VitalKind

MAX_LINE: Final = 40
"""The longest line of the greeting has some thirty characters."""
FARTHEST_MM: Final = 5_000
NEAREST_MM: Final = 300

_RANGE: Final = re.compile(rb"R(\d{4}) ?")
_PART: Final = re.compile(rb"PN: ?([A-Z0-9-]{1,20})")


class HeightRod:
    """One rod (edge.codecs.serial.protocol.SerialProtocol), `mounting_mm` above the floor. It takes no orders."""

    traits: Final = Traits(baud=9_600, kinds=frozenset({VitalKind.HEIGHT}), patience_ms=3_000, quiet_ms=3_000)
    next_poll_ms: Final = None

    def __init__(self, mounting_mm: int | None = None) -> None:
        self.frames = 0
        self._mounting_mm = mounting_mm
        self._line = b""
        self._size = 0

    def open(self, now_ms: int) -> bytes:
        """Listen."""
        del now_ms
        self._line, self._size = b"", 0
        return b""

    def begin(self, kind: VitalKind, since_ms: int) -> bytes:
        """Listen from now on."""
        del kind, since_ms
        return b""

    def cancel(self, kind: VitalKind) -> bytes:
        """Nothing can be said to it."""
        del kind
        return b""

    def poll(self, now_ms: int, wall: DeviceTime) -> bytes:
        """Nothing can be said to it."""
        del now_ms, wall
        return b""

    def feed(self, data: bytes) -> list[InstrumentEvent]:
        """Take the next bytes and return what they complete."""
        first, *others = data.replace(b"\n", b"\r").split(b"\r")
        events = self._hold(first)
        for chunk in others:
            events += self._end_line()
            events += self._hold(chunk)
        return events

    def _hold(self, chunk: bytes) -> list[InstrumentEvent]:
        """Take more of a line; what is longer than a line can be is told in pieces, as it comes."""
        before, self._size = self._size, self._size + len(chunk)
        if self._size <= MAX_LINE:
            self._line += chunk
            return []
        told, due = (max(size - MAX_LINE, 0) // MAX_NOISE for size in (before, self._size))
        return [Damage(DamageReason.TOO_LONG, MAX_NOISE)] * (due - told)

    def _end_line(self) -> list[InstrumentEvent]:
        line, size = self._line, self._size
        self._line, self._size = b"", 0
        if size > MAX_LINE:
            return [Damage(DamageReason.TOO_LONG, size - (size - MAX_LINE) // MAX_NOISE * MAX_NOISE)]
        if match := _RANGE.fullmatch(line):
            self.frames += 1
            return [Live(VitalKind.HEIGHT, {"body-height": self._height(int(match[1]))})]
        if match := _PART.fullmatch(line):
            self.frames += 1
            return [About(manufacturer="MaxBotix", model=match[1].decode("ascii"))]
        return [Damage(DamageReason.UNKNOWN, size)] if size else []

    def _height(self, said_mm: int) -> Decimal | None:
        """Return the height in cm; None when nobody stands there."""
        if self._mounting_mm is None:
            return Decimal(said_mm).scaleb(-1) if said_mm < FARTHEST_MM else None
        if not NEAREST_MM < said_mm < min(FARTHEST_MM, self._mounting_mm):
            return None
        return Decimal(self._mounting_mm - said_mm).scaleb(-1)

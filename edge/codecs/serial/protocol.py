"""What the driver of a wired instrument asks of its protocol, whichever it is.

Times are milliseconds of one clock that only grows. However the bytes are chunked, the events are the same; none of the
methods raises, and what is held is bounded.
"""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from edge.codecs.instrument import Damage, DamageReason, DeviceTime, InstrumentEvent
from wire.entries import VitalKind

Parity = Literal["N", "E", "O"]

MAX_NOISE: Final = 64
"""Bytes without a frame are told in pieces of this size, so that a babbling line holds back nothing."""


@dataclass(frozen=True, slots=True)
class Traits:
    """How to open the line (8 data bits, 1 stop bit), what is measured, and how long silence may last.

    Begun and without a first word for `patience_ms`, or silent for `quiet_ms` after it, an instrument is not there.
    One that `sleeps` is switched on by the person, so that silence while nobody uses it means nothing; the silence of
    any other means that the line or the instrument must be started anew.
    """

    baud: int
    kinds: frozenset[VitalKind]
    patience_ms: int
    quiet_ms: int
    parity: Parity = "N"
    sleeps: bool = False


class SerialProtocol(Protocol):
    """One instrument at the other end of a line; it remembers across openings of the port what it must not tell."""

    @property
    def traits(self) -> Traits:
        """What never changes."""

    @property
    def frames(self) -> int:
        """Intact frames so far: it grows while the instrument is there."""

    @property
    def next_poll_ms(self) -> int | None:
        """When `poll` wants to be called; in the past: at once; None: not before something else happens."""

    def open(self, now_ms: int) -> bytes:
        """Start on a fresh line: half frames and running measurements are forgotten. Return what to send."""

    def begin(self, kind: VitalKind, since_ms: int) -> bytes:
        """Start one measurement (again) of which nothing older than `since_ms` is told. Return what to send."""

    def cancel(self, kind: VitalKind) -> bytes:
        """End it. Return what to send, so that a cuff deflates."""

    def poll(self, now_ms: int, wall: DeviceTime) -> bytes:
        """Return what is to be sent now; `wall` is the station's local time, for instruments with a clock."""

    def feed(self, data: bytes) -> list[InstrumentEvent]:
        """Take the next bytes and return what they complete, in order."""


class Noise:
    """Counts bytes that belong to no frame, and tells each of them once."""

    __slots__ = ("_size",)

    def __init__(self) -> None:
        self._size = 0

    def add(self, size: int) -> list[Damage]:
        """Take `size` more bytes; return the pieces that are full."""
        full, self._size = divmod(self._size + size, MAX_NOISE)
        return [Damage(DamageReason.NOISE, MAX_NOISE)] * full

    def end(self) -> list[Damage]:
        """Say that something else begins; return what was left."""
        size, self._size = self._size, 0
        return [Damage(DamageReason.NOISE, size)] if size else []

"""Contec's finger oximeters CMS50D+ and CMS50E, on a USB cable with a serial chip; 60 frames a second, no checksum.

Old firmware, published (Contec's "Communication protocol" for the CMS50D+, and several independent readers): 19200 8O1,
5 bytes, streams whenever it is switched on. Only the first byte has bit 7.
    0: bits 0-3 signal, 4 finger out, 5 oxygen drops, 6 beep; 1: pleth; 2: bits 0-3 bar, 4 probe error, 5 searching,
    6 bit 7 of the pulse; 3: pulse; 4: oxygen
Firmware 4.6 and CMS50E, published (Contec's "Communication protocol of pulse oximeter V7.0", and several readers): 115200
8N1, 9 bytes, streams when asked to and as long as it is told every five seconds that somebody listens. Only the first
byte, the type, lacks bit 7; the bits 7 of bytes 2 to 8 stand in byte 1, lowest first.
    2: bits 0-3 signal, 4 searching too long, 5 low oxygen, 6 beep, 7 probe error; 3: pleth, bit 7 searching;
    4: bar; 5: pulse (255 none); 6: oxygen (127 none); 7, 8: perfusion index, in a unit that readers do not agree upon:
    not told
Assumed: the signal goes from 0 to 8 (15: not told), as V7.0 says, with the old firmware too; a finger that is out shows as
probe error with 4.6, as readers found.
"""

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Final

from edge.codecs.instrument import Damage, DeviceTime, InstrumentEvent, Live, Wave
from edge.codecs.serial.contec_frames import SyncCutter
from edge.codecs.serial.protocol import Traits
from wire.entries import Flag, VitalKind

RATE_HZ: Final = 60
PIECE: Final = 6
"""Frames that are told as one: ten times a second."""
KEEP_ALIVE_MS: Final = 5_000
START_AGAIN_MS: Final = 1_000
"""So often an oximeter that says nothing is asked to start: it may have been switched on meanwhile."""

_KINDS: Final = frozenset({VitalKind.OXYGEN})
_NO_SIGNAL: Final = 15
_MAX_SIGNAL: Final = 8
_MAX_PERCENT: Final = 100
_NO_PULSE: Final = 255
_SAMPLES: Final = bytes(sample * 100 // 127 for sample in range(128)) * 2
"""From seven bits to 0..100, whatever bit 7 says."""


class _Oximeter(ABC):
    """What both firmwares have in common: frames in, a piece of wave and a `Live` for each `PIECE` of them out."""

    _pleth_at: int

    def __init__(self, cutter: SyncCutter) -> None:
        self.frames = 0
        self._cutter = cutter
        self._piece: list[bytes] = []

    def feed(self, data: bytes) -> list[InstrumentEvent]:
        """Take the next bytes and return what they complete."""
        events: list[InstrumentEvent] = []
        for frame in self._cutter.feed(data):
            if isinstance(frame, Damage):
                events.append(frame)
                continue
            self.frames += 1
            self._piece.append(frame)
            if len(self._piece) == PIECE:
                pleth_at = self._pleth_at
                events.append(Wave(tuple([_SAMPLES[each[pleth_at]] for each in self._piece]), RATE_HZ))
                events.append(self._read(frame))
                self._piece.clear()
        return events

    def _start_anew(self) -> None:
        self._cutter = self._cutter.fresh()
        self._piece.clear()

    @abstractmethod
    def _read(self, frame: bytes) -> Live:
        """Return what one frame says."""


class Cms50d(_Oximeter):
    """A CMS50D+ with old firmware (edge.codecs.serial.protocol.SerialProtocol). It takes no orders."""

    traits: Final = Traits(
        baud=19_200, parity="O", kinds=_KINDS, patience_ms=10_000, quiet_ms=3_000, sleeps=True
    )
    next_poll_ms: Final = None
    _pleth_at = 1

    def __init__(self) -> None:
        super().__init__(SyncCutter(size=5, lead_is_high=True))

    def open(self, now_ms: int) -> bytes:
        """Listen."""
        del now_ms
        self._start_anew()
        return b""

    def begin(self, kind: VitalKind, since_ms: int) -> bytes:
        """Listen from now on."""
        del kind, since_ms
        self._piece.clear()
        return b""

    def cancel(self, kind: VitalKind) -> bytes:
        """Nothing can be said to it."""
        del kind
        return b""

    def poll(self, now_ms: int, wall: DeviceTime) -> bytes:
        """Nothing can be said to it."""
        del now_ms, wall
        return b""

    def _read(self, frame: bytes) -> Live:
        first, _, third, pulse, percent = frame
        is_out = bool(first & 0x10 or third & 0x10)
        is_there = not is_out and not third & 0x20
        return _live(first, (third & 0x40) << 1 | pulse, percent, is_there=is_there, is_out=is_out)


class Cms50dV46(_Oximeter):
    """A CMS50D+ with firmware 4.6, or a CMS50E (edge.codecs.serial.protocol.SerialProtocol)."""

    traits: Final = Traits(baud=115_200, kinds=_KINDS, patience_ms=10_000, quiet_ms=3_000, sleeps=True)
    _pleth_at = 3

    def __init__(self) -> None:
        super().__init__(SyncCutter(size=9, lead_is_high=False, only_lead=0x01))
        self._poll_ms: int | None = None
        self._frames_then = 0

    @property
    def next_poll_ms(self) -> int | None:
        """When to ask it to start, or to go on."""
        return self._poll_ms

    def open(self, now_ms: int) -> bytes:
        """Stop what somebody else may have started: it eats the battery."""
        del now_ms
        self._start_anew()
        self._poll_ms = None
        return STOP

    def begin(self, kind: VitalKind, since_ms: int) -> bytes:
        """Ask it to stream."""
        del kind
        self._piece.clear()
        self._frames_then = self.frames
        self._poll_ms = since_ms + START_AGAIN_MS
        return START

    def cancel(self, kind: VitalKind) -> bytes:
        """Ask it to stop."""
        del kind
        self._poll_ms = None
        return STOP

    def poll(self, now_ms: int, wall: DeviceTime) -> bytes:
        """Tell it to go on while it speaks, and to start while it does not."""
        del wall
        if self._poll_ms is None or now_ms < self._poll_ms:
            return b""
        speaks = self.frames != self._frames_then
        self._frames_then = self.frames
        self._poll_ms = now_ms + (KEEP_ALIVE_MS if speaks else START_AGAIN_MS)
        return KEEP_ALIVE if speaks else START

    def _read(self, frame: bytes) -> Live:
        high = frame[1]
        is_out = bool(high & 0x01)
        pulse = frame[5] & 0x7F | (high & 0x08) << 4
        percent = frame[6] & 0x7F | (high & 0x10) << 3
        is_there = not is_out and not high & 0x02
        return _live(
            frame[2], pulse, percent, is_there=is_there, is_out=is_out, is_weak=bool(frame[2] & 0x10)
        )


def command(number: int) -> bytes:
    """Return a command of firmware 4.6 without data: type 0x7D, the high bit of `number`, `number`, six times nothing."""
    return bytes((0x7D, 0x80 | number >> 7, number | 0x80)) + b"\x80" * 6


START: Final = command(0xA1)
STOP: Final = command(0xA2)
KEEP_ALIVE: Final = command(0xAF)


def _live(
    status: int, pulse: int, percent: int, *, is_there: bool, is_out: bool, is_weak: bool = False
) -> Live:
    strength = status & 0x0F
    signal = None if strength == _NO_SIGNAL else Decimal(min(strength, _MAX_SIGNAL)) / _MAX_SIGNAL
    values = {
        "oxygen-saturation": Decimal(percent) if is_there and 0 < percent <= _MAX_PERCENT else None,
        "pulse-rate": Decimal(pulse) if is_there and 0 < pulse < _NO_PULSE else None,
    }
    return Live(
        VitalKind.OXYGEN,
        values,
        signal=Decimal(0) if is_out else signal,
        flags=frozenset({Flag.WEAK_SIGNAL}) if is_weak else frozenset(),
    )

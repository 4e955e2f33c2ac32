"""The BerryMed PM6750: one module for blood pressure, oxygen and temperature (its ECG is left switched off).

Published (PM6750 Patient Monitor Protocol V3.2, Shanghai Berry Electronic Technology, sections 2 to 4, and users'
recordings of the stream): 115200 8N1, the frame format (berrymed_frames), all commands and statuses below, 1 frame a
second of oxygen and of temperature, 2 of blood pressure, and that nothing is sent before it is switched on. The manual
says 40 samples a second of the pleth wave, recordings have 50.
Assumed: wave samples are 0 to 100; the answer to "software version" is ASCII; whether blood pressure frames also come
while nothing is measured, and which status they then have, is left open.
"""

from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from edge.codecs.instrument import (
    About,
    Damage,
    DamageReason,
    DeviceTime,
    InstrumentEvent,
    Live,
    Wave,
)
from edge.codecs.serial.berrymed_cuff import Cuff
from edge.codecs.serial.berrymed_frames import FrameCutter, command
from edge.codecs.serial.protocol import Traits
from wire.entries import Flag, VitalKind

WAVE_RATE_HZ: Final = 50
WAVE_PIECE: Final = 5
"""Samples told at once: ten pieces a second."""
MAX_SAMPLE: Final = 100
STOP_AGAIN_MS: Final = 1_000
"""So often a cuff that works for nobody is told to stop, until it does."""

ECG_OFF: Final = command(0x01, 0)
CUFF_STOP: Final = command(0x02, 0)
CUFF_START: Final = command(0x02, 1)
OXYGEN_ON: Final = command(0x03, 1)
TEMPERATURE_ON: Final = command(0x04, 1)
CUFF_ADULT: Final = command(0x09, 1)
"""Inflates to 150 mmHg at first; the module goes higher by itself when that is not enough."""
SOFTWARE_VERSION: Final = command(0xFC, 0)
PLETH_ON: Final = command(0xFE, 1)
RESPIRATION_OFF: Final = command(0xFF, 0)

_PRESSURE: Final = 0x03
_OXYGEN: Final = 0x04
_TEMPERATURE: Final = 0x05
_VERSION: Final = 0xFC
_PLETH: Final = 0xFE
_UNUSED: Final = frozenset({0x01, 0x02, 0x30, 0x31, 0xFD, 0xFF})
"""ECG wave and values, beats, hardware version, respiration: known, and of no use here."""
_DATA_AT: Final = 2
"""A body is length, type, data, checksum."""
_SEARCHED_TOO_LONG: Final = 4
_MAX_PERCENT: Final = 100
_MAX_PULSE: Final = 250
_T1_OFF: Final = 0x01
_MAX_DIGIT: Final = 9


class Pm6750:
    """One module (edge.codecs.serial.protocol.SerialProtocol)."""

    traits: Final = Traits(
        baud=115_200,
        kinds=frozenset({VitalKind.BLOOD_PRESSURE, VitalKind.OXYGEN, VitalKind.TEMPERATURE}),
        patience_ms=5_000,
        quiet_ms=5_000,
    )

    def __init__(self) -> None:
        self.frames = 0
        self._cutter = FrameCutter()
        self._cuff = Cuff()
        self._samples: list[int] = []
        self._stop_ms = 0
        self._readers: Final = MappingProxyType[int, tuple[int, Callable[[bytes], list[InstrumentEvent]]]](
            {
                _PRESSURE: (5, self._cuff.hear),
                _OXYGEN: (3, _read_oxygen),
                _TEMPERATURE: (3, _read_temperature),
                _VERSION: (1, _read_version),
            }
        )

    @property
    def next_poll_ms(self) -> int | None:
        """When to tell a cuff once more to stop."""
        return self._stop_ms if self._cuff.works_for_nobody else None

    def open(self, now_ms: int) -> bytes:
        """Deflate whatever was going on, switch on what is used, off what is not."""
        del now_ms
        self._cutter = FrameCutter()
        self._samples.clear()
        self._cuff.cancel()
        return (
            CUFF_STOP + ECG_OFF + RESPIRATION_OFF + OXYGEN_ON + PLETH_ON + TEMPERATURE_ON + SOFTWARE_VERSION
        )

    def begin(self, kind: VitalKind, since_ms: int) -> bytes:
        """Inflate, or see to it that the stream is on."""
        del since_ms
        if kind is VitalKind.OXYGEN:
            self._samples.clear()
            return OXYGEN_ON + PLETH_ON
        if kind is VitalKind.TEMPERATURE:
            return TEMPERATURE_ON
        before = CUFF_STOP if self._cuff.is_working else b""
        self._cuff.begin()
        return before + CUFF_ADULT + CUFF_START

    def cancel(self, kind: VitalKind) -> bytes:
        """Deflate; streams go on, they tell that the module is there."""
        if kind is not VitalKind.BLOOD_PRESSURE:
            return b""
        self._cuff.cancel()
        return CUFF_STOP

    def poll(self, now_ms: int, wall: DeviceTime) -> bytes:
        """Stop a cuff that works for nobody."""
        del wall
        if not self._cuff.works_for_nobody or now_ms < self._stop_ms:
            return b""
        self._stop_ms = now_ms + STOP_AGAIN_MS
        return CUFF_STOP

    def feed(self, data: bytes) -> list[InstrumentEvent]:
        """Take the next bytes and return what they complete."""
        events: list[InstrumentEvent] = []
        for piece in self._cutter.feed(data):
            if isinstance(piece, Damage):
                events.append(piece)
                continue
            self.frames += 1
            if piece[1] == _PLETH and len(piece) > _DATA_AT + 1:
                self._add_sample(piece[_DATA_AT], events)
            else:
                events += self._read(piece)
        return events

    def _add_sample(self, sample: int, events: list[InstrumentEvent]) -> None:
        self._samples.append(min(sample, MAX_SAMPLE))
        if len(self._samples) == WAVE_PIECE:
            events.append(Wave(tuple(self._samples), WAVE_RATE_HZ))
            self._samples.clear()

    def _read(self, body: bytes) -> list[InstrumentEvent]:
        length, read = self._readers.get(body[1], (0, None))
        if read is None:
            return [] if body[1] in _UNUSED else [Damage(DamageReason.UNKNOWN, len(body) + 2)]
        if len(body) < _DATA_AT + length + 1:
            return [Damage(DamageReason.TRUNCATED, len(body) + 2)]
        return read(body)


def _read_oxygen(body: bytes) -> list[InstrumentEvent]:
    """Status (0 ok, 1 sensor off, 2 no finger, 3 and 4 searching), % (127 error), pulse (255 error)."""
    status, percent, pulse = body[_DATA_AT : _DATA_AT + 3]
    is_there = status == 0
    values = {
        "oxygen-saturation": Decimal(percent) if is_there and 0 < percent <= _MAX_PERCENT else None,
        "pulse-rate": Decimal(pulse) if is_there and 0 < pulse <= _MAX_PULSE else None,
    }
    flags = frozenset({Flag.WEAK_SIGNAL}) if status == _SEARCHED_TOO_LONG else frozenset[Flag]()
    return [Live(VitalKind.OXYGEN, values, signal=None if is_there else Decimal(0), flags=flags)]


def _read_temperature(body: bytes) -> list[InstrumentEvent]:
    """Status (bit 0: first probe off), whole degrees, tenths; a second probe may follow and is not used."""
    status, degrees, tenths = body[_DATA_AT : _DATA_AT + 3]
    is_there = not status & _T1_OFF and degrees and tenths <= _MAX_DIGIT
    value = Decimal(10 * degrees + tenths).scaleb(-1) if is_there else None
    return [Live(VitalKind.TEMPERATURE, {"body-temperature": value})]


def _read_version(body: bytes) -> list[InstrumentEvent]:
    text = body[_DATA_AT:-1].decode("ascii", "replace")
    firmware = "".join(letter for letter in text if letter.isascii() and letter.isprintable()).strip()
    return [About(manufacturer="BerryMed", model="PM6750", firmware=firmware)]

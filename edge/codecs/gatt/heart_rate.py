"""Heart rate (2A37), as a chest strap or watch streams it.

Source: GATT Specification Supplement, section Heart Rate Measurement; Heart Rate Service 1.0, section 3.1.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from edge.codecs.gatt.reader import MAX_ATTRIBUTE, Reader
from edge.codecs.instrument import Failed, InstrumentEvent, Live, Trouble
from wire.entries import VitalKind

_WIDE: Final = 0x01
_CONTACT: Final = 0x02
_HAS_CONTACT: Final = 0x04
_ENERGY: Final = 0x08
_INTERVALS: Final = 0x10


@dataclass(frozen=True, slots=True)
class HeartRate:
    """2A37. `rate_bpm` None: the device has not found one yet (0); `has_contact` None: it has no such sensor.

    `intervals` are between beats, in 1/1024 s, oldest first.
    """

    rate_bpm: Decimal | None
    has_contact: bool | None
    energy_kj: int | None
    intervals: tuple[int, ...]


def decode_heart_rate(data: bytes) -> HeartRate:
    """Decode 2A37; one interval at least where its flag is set, and as many as the packet holds."""
    reader = Reader(data, MAX_ATTRIBUTE)
    flags = reader.uint8()
    rate = reader.uint16() if flags & _WIDE else reader.uint8()
    energy = reader.uint16() if flags & _ENERGY else None
    return HeartRate(
        rate_bpm=Decimal(rate) if rate else None,
        has_contact=bool(flags & _CONTACT) if flags & _HAS_CONTACT else None,
        energy_kj=energy,
        intervals=_intervals(reader) if flags & _INTERVALS else (),
    )


def heart_rate_events(data: bytes) -> list[InstrumentEvent]:
    """Return the rate now; a failure while the device does not touch the skin."""
    told = decode_heart_rate(data)
    if told.has_contact is False:
        return [Failed(VitalKind.HEART_RATE, Trouble.PROBE_OFF, data)]
    return [Live(VitalKind.HEART_RATE, {"pulse-rate": told.rate_bpm})]


def _intervals(reader: Reader) -> tuple[int, ...]:
    intervals = [reader.uint16()]
    while reader.left:
        intervals.append(reader.uint16())
    return tuple(intervals)

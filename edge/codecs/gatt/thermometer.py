"""Body temperature: the measurement (2A1C), the same while it settles (2A1E), and where it is taken (2A1D).

Source: GATT Specification Supplement, sections Temperature Measurement, Intermediate Temperature, Temperature Type.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Final

from edge.codecs.gatt.date_time import read_date_time
from edge.codecs.gatt.reader import Reader
from edge.codecs.gatt.units import celsius_of_fahrenheit
from edge.codecs.instrument import DeviceTime, Failed, InstrumentEvent, Live, Taken, Trouble
from wire.entries import VitalKind

_FAHRENHEIT: Final = 0x01
_TIME: Final = 0x02
_SITE: Final = 0x04


class Site(IntEnum):
    """Where on the body."""

    ARMPIT = 1
    BODY = 2
    EAR = 3
    FINGER = 4
    GUT = 5
    MOUTH = 6
    RECTUM = 7
    TOE = 8
    EARDRUM = 9


@dataclass(frozen=True, slots=True)
class Temperature:
    """2A1C or 2A1E in Cel; `site` None: not told, or reserved."""

    temperature_cel: Decimal | None
    taken_at: DeviceTime | None
    site: Site | None


def decode_temperature(data: bytes) -> Temperature:
    """Decode 2A1C or 2A1E."""
    reader = Reader(data)
    flags = reader.uint8()
    value = reader.float32()
    return Temperature(
        temperature_cel=celsius_of_fahrenheit(value) if flags & _FAHRENHEIT else value,
        taken_at=read_date_time(reader) if flags & _TIME else None,
        site=_site(reader.uint8()) if flags & _SITE else None,
    )


def decode_temperature_type(data: bytes) -> Site | None:
    """Decode 2A1D, which a thermometer has that always measures at one site."""
    return _site(Reader(data).uint8())


def temperature_events(data: bytes) -> list[InstrumentEvent]:
    """Return a measurement, or a failure where the thermometer has no value."""
    told = decode_temperature(data)
    if told.temperature_cel is None:
        return [Failed(VitalKind.TEMPERATURE, Trouble.PROBE_OFF, data)]
    values = {"body-temperature": told.temperature_cel}
    return [Taken(VitalKind.TEMPERATURE, values, data, taken_at=told.taken_at)]


def settling_temperature_events(data: bytes) -> list[InstrumentEvent]:
    """Return how the running measurement stands."""
    values = {"body-temperature": decode_temperature(data).temperature_cel}
    return [Live(VitalKind.TEMPERATURE, values)]


def _site(code: int) -> Site | None:
    return Site(code) if Site.ARMPIT <= code <= Site.EARDRUM else None

"""Glucose: one record of a meter (2A18) and the circumstances that may follow it (2A34).

Source: GATT Specification Supplement, sections Glucose Measurement, Glucose Measurement Context; Glucose Service 1.0.1,
sections 3.1 and 3.2.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntFlag
from typing import Final

from edge.codecs.gatt.date_time import read_date_time, shifted
from edge.codecs.gatt.reader import Reader
from edge.codecs.gatt.units import mmol_of_kg_per_l, mmol_of_mol_per_l
from edge.codecs.instrument import DeviceTime, InstrumentEvent, Taken
from wire.entries import VitalKind

_OFFSET: Final = 0x01
_VALUE: Final = 0x02
_MOLAR: Final = 0x04
_STATUS: Final = 0x08
_CONTEXT: Final = 0x10
_OVERRUN: Final = 0x7FFF
_UNDERRUN: Final = -0x8000
_LOW_NIBBLE: Final = 0x0F
_CONTROL_FLUID: Final = 10
_CONTROL_LOCATION: Final = 4


class GlucoseStatus(IntFlag):
    """Sensor Status Annunciation."""

    BATTERY_LOW = 1 << 0
    SENSOR_MALFUNCTION = 1 << 1
    SAMPLE_TOO_SMALL = 1 << 2
    STRIP_INSERTION = 1 << 3
    STRIP_TYPE = 1 << 4
    TOO_HIGH = 1 << 5
    TOO_LOW = 1 << 6
    TOO_HOT = 1 << 7
    TOO_COLD = 1 << 8
    STRIP_PULLED = 1 << 9
    FAULT = 1 << 10
    TIME_FAULT = 1 << 11


_WORTHLESS: Final = ~(GlucoseStatus.BATTERY_LOW | GlucoseStatus.TIME_FAULT)


@dataclass(frozen=True, slots=True)
class Glucose:
    """2A18. `value_mmol_l` None: the meter has none, or the result lies outside of what it can process.

    `taken_at` is base time and offset together; None when the meter doubts its clock or the offset ran over. `fluid`
    and `location` are the codes of the Supplement, None not told.
    """

    sequence: int
    taken_at: DeviceTime | None
    value_mmol_l: Decimal | None
    fluid: int | None
    location: int | None
    status: GlucoseStatus
    has_context: bool

    @property
    def is_control(self) -> bool:
        """Tell whether it was the maker's control solution and nobody's blood."""
        return self.fluid == _CONTROL_FLUID or self.location == _CONTROL_LOCATION


def decode_glucose(data: bytes) -> Glucose:
    """Decode 2A18."""
    reader = Reader(data)
    flags = reader.uint8()
    sequence = reader.uint16()
    base = read_date_time(reader)
    offset_min = reader.int16() if flags & _OFFSET else 0
    value = _value(reader, flags) if flags & _VALUE else None
    sample = reader.uint8() if flags & _VALUE else None
    status = GlucoseStatus(reader.uint16() if flags & _STATUS else 0)
    return Glucose(
        sequence=sequence,
        taken_at=None if status & GlucoseStatus.TIME_FAULT else _taken_at(base, offset_min),
        value_mmol_l=None if status & _WORTHLESS else value,
        fluid=None if sample is None else sample & _LOW_NIBBLE,
        location=None if sample is None else sample >> 4,
        status=status,
        has_context=bool(flags & _CONTEXT),
    )


def glucose_events(data: bytes) -> list[InstrumentEvent]:
    """Return the record, also without a value: its number and time tell whose it is. Control solution is nobody's."""
    told = decode_glucose(data)
    if told.is_control:
        return []
    values = {"glucose": told.value_mmol_l}
    return [Taken(VitalKind.GLUCOSE, values, data, taken_at=told.taken_at, sequence=told.sequence)]


def _value(reader: Reader, flags: int) -> Decimal | None:
    value = reader.sfloat()
    return mmol_of_mol_per_l(value) if flags & _MOLAR else mmol_of_kg_per_l(value)


def _taken_at(base: DeviceTime, offset_min: int) -> DeviceTime | None:
    if offset_min in {_OVERRUN, _UNDERRUN}:
        return None
    return shifted(base, offset_min) if offset_min else base

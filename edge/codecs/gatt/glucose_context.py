"""The circumstances of a glucose record (2A34): meal, exercise, medication, who measured.

Source: GATT Specification Supplement, section Glucose Measurement Context; Glucose Service 1.0.1, section 3.2.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from edge.codecs.gatt.reader import Reader
from edge.codecs.instrument import InstrumentEvent

_CARBOHYDRATE: Final = 0x01
_MEAL: Final = 0x02
_TESTER: Final = 0x04
_EXERCISE: Final = 0x08
_MEDICATION: Final = 0x10
_LITRES: Final = 0x20
_HBA1C: Final = 0x40
_EXTENDED: Final = 0x80
_OVERRUN: Final = 0xFFFF
_LOW_NIBBLE: Final = 0x0F


@dataclass(frozen=True, slots=True)
class Carbohydrate:
    """What was eaten: `kind` is a code of the Supplement, `mass_kg` None: no value."""

    kind: int
    mass_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Exercise:
    """How long (None: longer than it can say) and how hard."""

    duration_s: int | None
    intensity_percent: int


@dataclass(frozen=True, slots=True)
class Medication:
    """What was taken: `kind` is a code of the Supplement, `amount` is in kg, or in L when `is_volume`."""

    kind: int
    amount: Decimal | None
    is_volume: bool


@dataclass(frozen=True, slots=True)
class GlucoseContext:
    """2A34; belongs to the record `sequence`. Codes are those of the Supplement; None: not told."""

    sequence: int
    carbohydrate: Carbohydrate | None
    meal: int | None
    tester: int | None
    health: int | None
    exercise: Exercise | None
    medication: Medication | None
    has_hba1c: bool
    hba1c_percent: Decimal | None


def decode_glucose_context(data: bytes) -> GlucoseContext:
    """Decode 2A34."""
    reader = Reader(data)
    flags = reader.uint8()
    sequence = reader.uint16()
    if flags & _EXTENDED:
        reader.uint8()
    carbohydrate = Carbohydrate(reader.uint8(), reader.sfloat()) if flags & _CARBOHYDRATE else None
    meal = reader.uint8() if flags & _MEAL else None
    tester = reader.uint8() if flags & _TESTER else None
    return GlucoseContext(
        sequence=sequence,
        carbohydrate=carbohydrate,
        meal=meal,
        tester=None if tester is None else tester & _LOW_NIBBLE,
        health=None if tester is None else tester >> 4,
        exercise=_exercise(reader) if flags & _EXERCISE else None,
        medication=_medication(reader, flags) if flags & _MEDICATION else None,
        has_hba1c=bool(flags & _HBA1C),
        hba1c_percent=reader.sfloat() if flags & _HBA1C else None,
    )


def glucose_context_events(data: bytes) -> list[InstrumentEvent]:
    """Return nothing: alone it measures nothing; `Joiner` puts it beside its record."""
    decode_glucose_context(data)
    return []


def _exercise(reader: Reader) -> Exercise:
    duration = reader.uint16()
    return Exercise(None if duration == _OVERRUN else duration, reader.uint8())


def _medication(reader: Reader, flags: int) -> Medication:
    return Medication(reader.uint8(), reader.sfloat(), is_volume=bool(flags & _LITRES))

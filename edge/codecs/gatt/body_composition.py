"""Body composition (2A9C): the share of fat, and often the weight.

Source: GATT Specification Supplement, section Body Composition Measurement; Body Composition Service 1.0.1, section 3.2.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntFlag
from typing import Final

from edge.codecs.gatt.date_time import read_date_time
from edge.codecs.gatt.reader import Reader
from edge.codecs.gatt.weight import UNSUCCESSFUL, read_length, read_mass, read_user
from edge.codecs.instrument import DeviceTime, Failed, InstrumentEvent, Taken, Trouble
from wire.entries import VitalKind

_TENTH: Final = Decimal("0.1")


class _Has(IntFlag):
    IMPERIAL = 1 << 0
    TIME = 1 << 1
    USER = 1 << 2
    METABOLISM = 1 << 3
    MUSCLE_SHARE = 1 << 4
    MUSCLE = 1 << 5
    FAT_FREE = 1 << 6
    SOFT_LEAN = 1 << 7
    WATER = 1 << 8
    IMPEDANCE = 1 << 9
    WEIGHT = 1 << 10
    HEIGHT = 1 << 11
    PART = 1 << 12


@dataclass(frozen=True, slots=True)
class BodyComposition:
    """2A9C; None: not told, or unsuccessful (FFFF). `is_part`: one of two packets that make up the measurement."""

    fat_percent: Decimal | None
    taken_at: DeviceTime | None
    user: int | None
    basal_metabolism_kj: int | None
    muscle_percent: Decimal | None
    muscle_kg: Decimal | None
    fat_free_kg: Decimal | None
    soft_lean_kg: Decimal | None
    water_kg: Decimal | None
    impedance_ohm: Decimal | None
    weight_kg: Decimal | None
    height_cm: Decimal | None
    is_part: bool


def decode_body_composition(data: bytes) -> BodyComposition:
    """Decode 2A9C."""
    reader = Reader(data)
    flags = _Has(reader.uint16())
    is_imperial = bool(flags & _Has.IMPERIAL)

    def mass(field: _Has) -> Decimal | None:
        return read_mass(reader, is_imperial=is_imperial) if flags & field else None

    return BodyComposition(
        fat_percent=_tenths(reader),
        taken_at=read_date_time(reader) if flags & _Has.TIME else None,
        user=read_user(reader) if flags & _Has.USER else None,
        basal_metabolism_kj=reader.uint16() if flags & _Has.METABOLISM else None,
        muscle_percent=_tenths(reader) if flags & _Has.MUSCLE_SHARE else None,
        muscle_kg=mass(_Has.MUSCLE),
        fat_free_kg=mass(_Has.FAT_FREE),
        soft_lean_kg=mass(_Has.SOFT_LEAN),
        water_kg=mass(_Has.WATER),
        impedance_ohm=_tenths(reader) if flags & _Has.IMPEDANCE else None,
        weight_kg=mass(_Has.WEIGHT),
        height_cm=read_length(reader, is_imperial=is_imperial) if flags & _Has.HEIGHT else None,
        is_part=bool(flags & _Has.PART),
    )


def joined(first: BodyComposition, second: BodyComposition) -> BodyComposition:
    """Return one measurement of its two packets, as far as `weighing_events` needs it."""
    return replace(
        first,
        fat_percent=first.fat_percent or second.fat_percent,
        weight_kg=first.weight_kg or second.weight_kg,
        taken_at=first.taken_at or second.taken_at,
        user=second.user if first.user is None else first.user,
        is_part=False,
    )


def weighing_events(told: BodyComposition, raw: bytes) -> list[InstrumentEvent]:
    """Return a measurement of fat, and of weight where it is told; a failure where neither has a value.

    A share of 0 is none: the scale was not touched with bare feet.
    """
    fat = told.fat_percent or None
    if fat is None and told.weight_kg is None:
        return [Failed(VitalKind.WEIGHT, Trouble.MOTION, raw)]
    values = {"body-fat": fat}
    if told.weight_kg is not None:
        values["body-weight"] = told.weight_kg
    return [Taken(VitalKind.WEIGHT, values, raw, taken_at=told.taken_at, user=told.user)]


def body_composition_events(data: bytes) -> list[InstrumentEvent]:
    """Return what one packet tells."""
    return weighing_events(decode_body_composition(data), data)


def _tenths(reader: Reader) -> Decimal | None:
    count = reader.uint16()
    return None if count == UNSUCCESSFUL else count * _TENTH

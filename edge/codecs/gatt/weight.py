"""Body weight (2A9D), and how scales count mass and length.

Source: GATT Specification Supplement, section Weight Measurement; Weight Scale Service 1.0.1, section 3.2.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from edge.codecs.gatt.date_time import read_date_time
from edge.codecs.gatt.reader import Reader
from edge.codecs.gatt.units import cm_of_inch, kg_of_lb
from edge.codecs.instrument import DeviceTime, Failed, InstrumentEvent, Taken, Trouble
from wire.entries import VitalKind

UNSUCCESSFUL: Final = 0xFFFF
UNKNOWN_USER: Final = 0xFF

_IMPERIAL: Final = 0x01
_TIME: Final = 0x02
_USER: Final = 0x04
_INDEX_AND_HEIGHT: Final = 0x08
_TENTH: Final = Decimal("0.1")
_KG_STEP: Final = Decimal("0.005")
_LB_STEP: Final = Decimal("0.01")
_INCH_STEP: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Weight:
    """2A9D. `weight_kg` None: the scale could not weigh.

    The body mass index and height are those of the scale's own user, whose height somebody once typed in; None: not
    told, or never typed in (0). `user` None: not told, or unknown (FF).
    """

    weight_kg: Decimal | None
    taken_at: DeviceTime | None
    user: int | None
    body_mass_index: Decimal | None
    height_cm: Decimal | None


def decode_weight(data: bytes) -> Weight:
    """Decode 2A9D."""
    reader = Reader(data)
    flags = reader.uint8()
    is_imperial = bool(flags & _IMPERIAL)
    weight = read_mass(reader, is_imperial=is_imperial)
    taken_at = read_date_time(reader) if flags & _TIME else None
    user = read_user(reader) if flags & _USER else None
    if not flags & _INDEX_AND_HEIGHT:
        return Weight(weight, taken_at, user, None, None)
    index = reader.uint16() * _TENTH or None
    return Weight(weight, taken_at, user, index, read_length(reader, is_imperial=is_imperial))


def weight_events(data: bytes) -> list[InstrumentEvent]:
    """Return a measurement, or a failure where the person did not stand still for long enough."""
    told = decode_weight(data)
    if told.weight_kg is None:
        return [Failed(VitalKind.WEIGHT, Trouble.MOTION, data)]
    values = {"body-weight": told.weight_kg}
    if told.body_mass_index is not None:
        values["body-mass-index"] = told.body_mass_index
    return [Taken(VitalKind.WEIGHT, values, data, taken_at=told.taken_at, user=told.user)]


def read_mass(reader: Reader, *, is_imperial: bool) -> Decimal | None:
    """Read a mass in steps of 0.005 kg or 0.01 lb as kg; None for FFFF, measurement unsuccessful."""
    count = reader.uint16()
    if count == UNSUCCESSFUL:
        return None
    return kg_of_lb(count * _LB_STEP) if is_imperial else count * _KG_STEP


def read_length(reader: Reader, *, is_imperial: bool) -> Decimal | None:
    """Read a height in steps of 0.001 m or 0.1 in as cm; None for 0."""
    count = reader.uint16()
    if not count:
        return None
    return cm_of_inch(count * _INCH_STEP) if is_imperial else count * _TENTH


def read_user(reader: Reader) -> int | None:
    """Read a user's number; None for FF, unknown."""
    user = reader.uint8()
    return None if user == UNKNOWN_USER else user

"""One finished measurement: which of its values count, whether anybody can have them, and how they are rounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Final

from edge.cabin.view import Trouble
from edge.codecs.instrument import DeviceTime, Taken
from wire.entries import Flag, VitalKind
from wire.measures import MEASURES

MAX_RAW_BYTES: Final = 64
"""As much as `wire.entries.Measured` takes; a longer message is kept from its start."""
MAX_REPEATS: Final = 2
"""So often a doubtful result is offered to be repeated; each inflation hurts, and a doubt that stays is shown as one."""
TYPED: Final = "typed"
"""Name of the sensor where the person typed the value."""

DISTURBED: Final = frozenset({Flag.MOTION, Flag.CUFF_LOOSE, Flag.WRONG_POSITION, Flag.WEAK_SIGNAL})
"""What sitting still or putting the thing on again mends: such a reading is offered to be repeated.

An irregular pulse is the person's own and no reason to doubt the way it was measured, so it is kept and not repeated;
the same holds for a pulse outside the device's range. (A cuff's own advice, the flags of Blood Pressure Measurement
2A35, says no more than that.)
"""

REQUIRED: Final = MappingProxyType(
    {
        VitalKind.BLOOD_PRESSURE: ("systolic-pressure", "diastolic-pressure"),
        VitalKind.OXYGEN: ("oxygen-saturation",),
        VitalKind.TEMPERATURE: ("body-temperature",),
        VitalKind.HEART_RATE: ("pulse-rate",),
        VitalKind.WEIGHT: ("body-weight",),
        VitalKind.HEIGHT: ("body-height",),
        VitalKind.GLUCOSE: ("glucose",),
    }
)
"""What a measurement of each kind is: without one of these it is none, and a sheet says these first."""
_BESIDES: Final = MappingProxyType(
    {
        VitalKind.BLOOD_PRESSURE: ("mean-arterial-pressure", "pulse-rate"),
        VitalKind.OXYGEN: ("pulse-rate", "perfusion-index"),
        VitalKind.WEIGHT: ("body-fat",),
    }
)
"""A scale's own body mass index is not taken: it stands on the height of whoever is stored in the scale."""
_TENTH: Final = Decimal("0.1")
_RESOLUTIONS: Final = MappingProxyType(
    dict.fromkeys(
        (
            "body-temperature",
            "body-weight",
            "body-height",
            "body-fat",
            "body-mass-index",
            "glucose",
            "perfusion-index",
        ),
        _TENTH,
    )
)
"""How finely a measure is usually told; everything else in whole units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measurement that may be believed; `sensor` names the device, `raw` is at most MAX_RAW_BYTES of its bytes."""

    kind: VitalKind
    values: Mapping[str, Decimal]
    flags: frozenset[Flag] = frozenset()
    sensor: str
    raw: bytes = b""
    taken_at: DeviceTime | None = None

    @property
    def is_disturbed(self) -> bool:
        """Whether the person can do it better."""
        return bool(self.flags & DISTURBED)

    @property
    def is_typed(self) -> bool:
        """Whether no instrument but the person said it."""
        return Flag.MANUAL in self.flags


def required(kind: VitalKind) -> tuple[str, ...]:
    """Return the measures without which there is no measurement of `kind`."""
    return REQUIRED[kind]


def wanted(kind: VitalKind) -> tuple[str, ...]:
    """Return the measures that a measurement of `kind` can have; others that a device tells are left out."""
    return (*REQUIRED[kind], *_BESIDES.get(kind, ()))


def is_plausible(measure: str, value: Decimal) -> bool:
    """Tell whether a working sensor can have reported `value`: the range of `wire.measures`, NaN never."""
    return value.is_finite() and MEASURES[measure].is_plausible(float(value))


def judge(taken: Taken, sensor: str) -> Reading | Trouble:
    """Return the reading that the device's message amounts to, or why it is none.

    NO_VALUE when a required value is missing (a scale's "unsuccessful", an oximeter's dashes). IMPLAUSIBLE when any
    value is outside the range of `wire.measures`, or a diastolic pressure is not below the systolic one: a sensor that
    is wrong about one of its values is not believed about the others.
    """
    said = {name: taken.values.get(name) for name in wanted(taken.kind)}
    values = {name: value for name, value in said.items() if value is not None}
    if any(name not in values for name in required(taken.kind)):
        return Trouble.NO_VALUE
    if not all(is_plausible(name, value) for name, value in values.items()) or _is_upside_down(values):
        return Trouble.IMPLAUSIBLE
    return Reading(
        kind=taken.kind,
        values=values,
        flags=taken.flags,
        sensor=sensor,
        raw=taken.raw[:MAX_RAW_BYTES],
        taken_at=taken.taken_at,
    )


def typed_height(height_cm: float) -> Reading | None:
    """Return the height that the person typed, or None for one that nobody can have (`wire.measures`: 40 to 250 cm)."""
    if not MEASURES["body-height"].is_plausible(height_cm):
        return None
    values = {"body-height": rounded("body-height", Decimal(str(height_cm)))}
    return Reading(kind=VitalKind.HEIGHT, values=values, flags=frozenset({Flag.MANUAL}), sensor=TYPED)


def is_same_record(taken: Taken, earlier: Reading) -> bool:
    """Tell whether the device only told once more what it had told: the same moment by its own clock."""
    return taken.taken_at is not None and taken.taken_at == earlier.taken_at


def rounded(measure: str, value: Decimal) -> Decimal:
    """Return `value` as finely as the measure is usually told, halves away from zero; stays within its range."""
    return value.quantize(_RESOLUTIONS.get(measure, Decimal(1)), ROUND_HALF_UP)


def shown(values: Mapping[str, Decimal]) -> dict[str, float]:
    """Return the values as the screen and the wire have them: rounded, as floats."""
    return {name: float(rounded(name, value)) for name, value in values.items()}


def _is_upside_down(values: Mapping[str, Decimal]) -> bool:
    systolic, diastolic = values.get("systolic-pressure"), values.get("diastolic-pressure")
    return systolic is not None and diastolic is not None and diastolic >= systolic

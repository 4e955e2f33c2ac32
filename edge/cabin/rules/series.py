"""Several readings of one person: how many are needed, what counts of them, and how far they may lie apart.

Blood pressure follows the 2018 ESC/ESH Guidelines for the management of arterial hypertension (Williams et al.,
European Heart Journal 39:3021, table 8): readings 1 to 2 minutes apart, a further one when the first two differ by more
than 10 mmHg, and the mean of the last two counts. The guideline takes three in any case; a cabin without a physician
takes two and the third only where it can change something, as its readings are for sorting and not for a diagnosis.
Everything else is measured once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from edge.cabin.rules.readings import Reading
from wire.entries import Flag, VitalKind

MAX_DIFFERENCE_MMHG: Final = Decimal(10)
PRESSURE_READINGS: Final = 2
MAX_PRESSURE_READINGS: Final = 3


@dataclass(frozen=True, slots=True)
class Result:
    """What counts of one kind of measurement; `is_doubtful` asks for care, and for another try where one is left."""

    values: dict[str, Decimal] = field(default_factory=dict)
    flags: frozenset[Flag] = frozenset()
    is_doubtful: bool = False


def readings_wanted(kind: VitalKind, readings: Sequence[Reading]) -> int:
    """Return how many readings it takes in all, as far as that can be known by now."""
    if kind is not VitalKind.BLOOD_PRESSURE:
        return 1
    return MAX_PRESSURE_READINGS if _first_two_differ(readings) else PRESSURE_READINGS


def wants_another(kind: VitalKind, readings: Sequence[Reading]) -> bool:
    """Tell whether a further reading is needed after `readings`."""
    return len(readings) < readings_wanted(kind, readings)


def differ(one: Reading, other: Reading) -> bool:
    """Tell whether two readings of blood pressure lie more than 10 mmHg apart, systolic or diastolic."""
    return any(
        abs(one.values[name] - other.values[name]) > MAX_DIFFERENCE_MMHG
        for name in ("systolic-pressure", "diastolic-pressure")
    )


def marked(reading: Reading, earlier: Sequence[Reading]) -> Reading:
    """Return `reading` with DIVERGENT if it is the last that is taken and still far from the one before."""
    if len(earlier) == MAX_PRESSURE_READINGS - 1 and differ(earlier[-1], reading):
        return replace(reading, flags=reading.flags | {Flag.DIVERGENT})
    return reading


def result_of(kind: VitalKind, readings: Sequence[Reading]) -> Result:
    """Return what counts: the mean of the last two of blood pressure, else the last; nothing of nothing.

    In doubt: a counted reading was disturbed, the last two lie too far apart, or of blood pressure there is but one.
    """
    if not readings:
        return Result()
    is_pressure = kind is VitalKind.BLOOD_PRESSURE
    counted = readings[-PRESSURE_READINGS:] if is_pressure else readings[-1:]
    flags = frozenset().union(*(reading.flags for reading in counted))
    names = [name for name in counted[0].values if all(name in reading.values for reading in counted)]
    values = {
        name: sum((reading.values[name] for reading in counted), Decimal(0)) / len(counted) for name in names
    }
    is_doubtful = (
        any(reading.is_disturbed for reading in counted)
        or Flag.DIVERGENT in flags
        or (is_pressure and wants_another(kind, readings))
    )
    return Result(values, flags, is_doubtful)


def _first_two_differ(readings: Sequence[Reading]) -> bool:
    return len(readings) >= PRESSURE_READINGS and differ(readings[0], readings[1])

"""NEWS2 as far as a cabin can know it: points for what was measured, and the names of what was not.

National Early Warning Score (NEWS) 2, Royal College of Physicians, London 2017, chart 1 (scoring system) and chart 2
(thresholds). A cabin has no respiration rate, does not ask about consciousness and does not see a bottle of oxygen; none
of them is ever taken as normal, so a partial score is a lower bound ("at least"). It sorts a doctor's queue and offers
help; it is no diagnosis, and it does not hold below 16 years or in pregnancy (whoever shows it must say so).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from edge.cabin.rules.readings import rounded

RESPIRATION: Final = "respiration-rate"
OXYGEN: Final = "oxygen-saturation"
SUPPLEMENT: Final = "supplemental-oxygen"
SYSTOLIC: Final = "systolic-pressure"
PULSE: Final = "pulse-rate"
CONSCIOUSNESS: Final = "consciousness"
TEMPERATURE: Final = "body-temperature"

PARAMETERS: Final = (RESPIRATION, OXYGEN, SUPPLEMENT, SYSTOLIC, PULSE, CONSCIOUSNESS, TEMPERATURE)
"""The seven parameters in the chart's order; those that are measures go by the names of `wire.measures`."""
URGENT: Final = 5
"""Chart 2: an aggregate of 5 or more is the threshold for an urgent response."""
RED: Final = 3
"""Chart 2: so many points in any single parameter call for an urgent review, whatever the sum."""

_Bands = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Chart:
    """Bands of one parameter: up to and including each limit so many points, `above` the last one `beyond`."""

    bands: _Bands
    beyond: int

    def points(self, value: Decimal) -> int:
        """Return the points for a value as finely as the chart has it."""
        return next((points for limit, points in self.bands if value <= Decimal(limit)), self.beyond)


_CHARTS: Final = MappingProxyType(
    {
        RESPIRATION: _Chart((("8", 3), ("11", 1), ("20", 0), ("24", 2)), 3),
        OXYGEN: _Chart((("91", 3), ("93", 2), ("95", 1)), 0),
        SYSTOLIC: _Chart((("90", 3), ("100", 2), ("110", 1), ("219", 0)), 3),
        PULSE: _Chart((("40", 3), ("50", 1), ("90", 0), ("110", 1), ("130", 2)), 3),
        TEMPERATURE: _Chart((("35.0", 3), ("36.0", 1), ("38.0", 0), ("39.0", 1)), 2),
    }
)
_SCALE_2_AIR: Final = _Chart((("83", 3), ("85", 2), ("87", 1)), 0)
_SCALE_2_OXYGEN: Final = _Chart((("83", 3), ("85", 2), ("87", 1), ("92", 0), ("94", 1), ("96", 2)), 3)
_SUPPLEMENT_POINTS: Final = 2
_NOT_ALERT_POINTS: Final = 3


@dataclass(frozen=True, slots=True)
class Partial:
    """`at_least` points without `missing`; `is_high` by the rule of `partial_score`."""

    at_least: int
    missing: tuple[str, ...]
    is_high: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """All seven parameters of one person, units as in `wire.measures`; scale 2 only on a physician's word."""

    respiration_rate: Decimal
    oxygen_saturation: Decimal
    on_oxygen: bool
    systolic_pressure: Decimal
    pulse_rate: Decimal
    body_temperature: Decimal
    is_alert: bool
    is_scale_2: bool = False


def points_of(parameter: str, value: Decimal) -> int:
    """Return the points of one measured parameter (oxygen saturation by scale 1); the value is rounded as charted."""
    return _CHARTS[parameter].points(rounded(parameter, value))


def partial_score(values: Mapping[str, Decimal]) -> Partial | None:
    """Return the score as far as `values` (by measure) carry it; None when they hold none of its parameters.

    High is a partial score of 5 or more, or 3 points in any single parameter: what is unknown can only add to it.
    """
    points = {name: points_of(name, values[name]) for name in _CHARTS if name in values}
    if not points:
        return None
    total = sum(points.values())
    missing = tuple(name for name in PARAMETERS if name not in points)
    return Partial(total, missing, total >= URGENT or max(points.values()) >= RED)


def full_score(signs: Signs) -> int:
    """Return the whole score, 0 to 20."""
    measured = {
        RESPIRATION: signs.respiration_rate,
        SYSTOLIC: signs.systolic_pressure,
        PULSE: signs.pulse_rate,
        TEMPERATURE: signs.body_temperature,
    }
    return (
        sum(points_of(name, value) for name, value in measured.items())
        + _oxygen_points(signs)
        + (_SUPPLEMENT_POINTS if signs.on_oxygen else 0)
        + (0 if signs.is_alert else _NOT_ALERT_POINTS)
    )


def _oxygen_points(signs: Signs) -> int:
    if not signs.is_scale_2:
        return points_of(OXYGEN, signs.oxygen_saturation)
    chart = _SCALE_2_OXYGEN if signs.on_oxygen else _SCALE_2_AIR
    return chart.points(rounded(OXYGEN, signs.oxygen_saturation))

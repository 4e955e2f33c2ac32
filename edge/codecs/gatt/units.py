"""From the units that devices use to those of `wire.measures`, in Decimal; None stays None.

Exact where the factor allows it. Three conversions are rounded, half away from zero, as finely as devices resolve.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_MMHG_PER_KPA: Final = Decimal("7.500617")
_KG_PER_LB: Final = Decimal("0.45359237")
_CM_PER_INCH: Final = Decimal("2.54")
_MG_PER_DL_PER_KG_PER_L: Final = Decimal(100_000)
_MG_PER_DL_PER_MMOL_PER_L: Final = Decimal("18.0156")
"""A tenth of the molar mass of glucose."""
_MMOL_PER_MOL: Final = Decimal(1000)
_TENTH: Final = Decimal("0.1")
_HUNDREDTH: Final = Decimal("0.01")
_LARGEST_EXPONENT: Final = 9
"""From here on a number is noise, far outside of every range; rounding it could overflow."""


def mmhg_of_kpa(pressure_kpa: Decimal | None) -> Decimal | None:
    """Return mm[Hg], to 0.1."""
    return None if pressure_kpa is None else _rounded(pressure_kpa * _MMHG_PER_KPA, _TENTH)


def celsius_of_fahrenheit(temperature_f: Decimal | None) -> Decimal | None:
    """Return Cel, to 0.01: thermometers resolve 0.1 degF, which is 0.056 Cel."""
    return None if temperature_f is None else _rounded((temperature_f - 32) * 5 / 9, _HUNDREDTH)


def kg_of_lb(mass_lb: Decimal) -> Decimal:
    """Return kg, exactly."""
    return mass_lb * _KG_PER_LB


def cm_of_inch(length_in: Decimal) -> Decimal:
    """Return cm, exactly."""
    return length_in * _CM_PER_INCH


def mmol_of_kg_per_l(concentration: Decimal | None) -> Decimal | None:
    """Return mmol/L of glucose for kg/L (1 kg/L is 100,000 mg/dL), to 0.1."""
    if concentration is None:
        return None
    return _rounded(concentration * _MG_PER_DL_PER_KG_PER_L / _MG_PER_DL_PER_MMOL_PER_L, _TENTH)


def mmol_of_mol_per_l(concentration: Decimal | None) -> Decimal | None:
    """Return mmol/L for mol/L, exactly."""
    return None if concentration is None else concentration * _MMOL_PER_MOL


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    if value.adjusted() > _LARGEST_EXPONENT:
        return value
    return value.quantize(step, ROUND_HALF_UP)

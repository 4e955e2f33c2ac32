from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.units import (
    celsius_of_fahrenheit,
    cm_of_inch,
    kg_of_lb,
    mmhg_of_kpa,
    mmol_of_kg_per_l,
    mmol_of_mol_per_l,
)
from tests.edge.codecs.gatt.cases import unhurried

Conversion = Callable[[Decimal | None], Decimal | None]


@pytest.mark.parametrize(
    ("convert", "told", "meant"),
    [
        (mmhg_of_kpa, "18.9", "141.8"),
        (mmhg_of_kpa, "11", "82.5"),
        (mmhg_of_kpa, "16", "120.0"),
        (mmhg_of_kpa, "0", "0.0"),
        (celsius_of_fahrenheit, "98.6", "37.00"),
        (celsius_of_fahrenheit, "99.1", "37.28"),
        (celsius_of_fahrenheit, "32", "0.00"),
        (celsius_of_fahrenheit, "95.9", "35.50"),
        (mmol_of_kg_per_l, "0.00111", "6.2"),
        (mmol_of_kg_per_l, "0.00120", "6.7"),
        (mmol_of_kg_per_l, "0.00018", "1.0"),
        (mmol_of_mol_per_l, "0.0055", "5.5000"),
        (mmol_of_mol_per_l, "0.01234", "12.34"),
    ],
)
def test_a_devices_unit_becomes_ours(convert: Conversion, told: str, meant: str) -> None:
    value = convert(Decimal(told))
    assert value == Decimal(meant)
    assert convert(None) is None


def test_pounds_and_inches_are_converted_exactly() -> None:
    assert kg_of_lb(Decimal("154.32")) == Decimal("69.9983745384")
    assert cm_of_inch(Decimal("68.9")) == Decimal("175.006")


def test_a_half_is_rounded_away_from_zero_as_displays_do() -> None:
    assert celsius_of_fahrenheit(Decimal("32.009")) == Decimal("0.01")
    assert celsius_of_fahrenheit(Decimal("31.991")) == Decimal("-0.01")


@unhurried
@given(st.integers(-8388605, 8388605), st.integers(-128, 127))
def test_no_number_of_any_device_is_too_large_or_small_to_convert(mantissa: int, exponent: int) -> None:
    value = Decimal(mantissa).scaleb(exponent)
    for convert in (mmhg_of_kpa, celsius_of_fahrenheit, mmol_of_kg_per_l, mmol_of_mol_per_l):
        converted = convert(value)
        assert converted is not None
        assert converted.is_finite()

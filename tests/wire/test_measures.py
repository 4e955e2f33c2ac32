"""The catalogue of measures is consistent."""

import math
import re

import pytest

from wire.measures import MEASURES


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_is_well_formed(name: str) -> None:
    measure = MEASURES[name]
    assert measure.name == name
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert len(name) <= 32
    assert measure.low < measure.high
    assert measure.unit
    assert measure.meaning


@pytest.mark.parametrize("name", MEASURES)
def test_bounds_are_inclusive_and_nothing_beyond_is_plausible(name: str) -> None:
    measure = MEASURES[name]
    assert measure.is_plausible(measure.low)
    assert measure.is_plausible(measure.high)
    assert not measure.is_plausible(math.nextafter(measure.low, -math.inf))
    assert not measure.is_plausible(math.nextafter(measure.high, math.inf))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_special_values_are_never_plausible(value: float) -> None:
    assert not any(measure.is_plausible(value) for measure in MEASURES.values())

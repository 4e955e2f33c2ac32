"""One finished measurement is believed, or it is said why not."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.cabin.rules.readings import (
    DISTURBED,
    MAX_RAW_BYTES,
    Reading,
    is_plausible,
    is_same_record,
    judge,
    required,
    rounded,
    shown,
    typed_height,
    wanted,
)
from edge.cabin.view import Trouble
from edge.codecs.instrument import Taken
from tests.edge.cabin.sayings import NOON, pressure, read_pressure, taken, warmth, weight
from wire.entries import Flag, Measured, VitalKind
from wire.measures import MEASURES


@pytest.mark.parametrize("kind", VitalKind)
def test_every_kind_has_measures_that_the_wire_knows(kind: VitalKind) -> None:
    assert set(required(kind)) <= set(wanted(kind)) <= set(MEASURES)
    assert required(kind)


def test_a_reading_keeps_values_flags_sensor_bytes_and_time() -> None:
    reading = judge(pressure(132, 84, 76, {Flag.IRREGULAR_PULSE}, NOON), "cuff")
    assert reading == Reading(
        kind=VitalKind.BLOOD_PRESSURE,
        values={
            "systolic-pressure": Decimal(132),
            "diastolic-pressure": Decimal(84),
            "pulse-rate": Decimal(76),
        },
        flags=frozenset({Flag.IRREGULAR_PULSE}),
        sensor="cuff",
        raw=b"\x1e\x8a",
        taken_at=NOON,
    )


@pytest.mark.parametrize(
    "nothing",
    [
        pressure(systolic=None),
        pressure(diastolic=None),
        weight(None),
        warmth(None),
        Taken(VitalKind.GLUCOSE, {}, b""),
        Taken(VitalKind.OXYGEN, {"pulse-rate": Decimal(70)}, b""),
    ],
)
def test_without_its_main_value_there_is_no_measurement(nothing: Taken) -> None:
    assert judge(nothing, "any") is Trouble.NO_VALUE


def test_a_missing_value_beside_the_main_one_is_left_out_and_never_zero() -> None:
    reading = judge(pressure(pulse=None), "cuff")
    assert isinstance(reading, Reading)
    assert set(reading.values) == {"systolic-pressure", "diastolic-pressure"}


@pytest.mark.parametrize(
    "nonsense",
    [
        pressure(301, 84),
        pressure(39, 30),
        pressure(132, 19),
        pressure(84, 132),
        pressure(100, 100),
        pressure(132, 84, pulse=301),
        warmth("45.1"),
        warmth("24.9"),
        weight("1.9"),
        weight("300.1"),
        taken(VitalKind.GLUCOSE, glucose="0.4"),
        taken(VitalKind.OXYGEN, oxygen_saturation=101),
        taken(VitalKind.OXYGEN, oxygen_saturation=0),
        taken(VitalKind.HEART_RATE, pulse_rate="NaN"),
        taken(VitalKind.HEART_RATE, pulse_rate="sNaN"),
        taken(VitalKind.HEART_RATE, pulse_rate="Infinity"),
    ],
)
def test_what_nobody_can_have_is_implausible_as_a_whole(nonsense: Taken) -> None:
    assert judge(nonsense, "any") is Trouble.IMPLAUSIBLE


def test_a_scales_own_body_mass_index_is_somebody_elses() -> None:
    reading = judge(taken(VitalKind.WEIGHT, body_weight=60, body_fat=22, body_mass_index=31), "scale")
    assert isinstance(reading, Reading)
    assert set(reading.values) == {"body-weight", "body-fat"}


def test_a_long_message_is_kept_from_its_start() -> None:
    long = Taken(VitalKind.WEIGHT, {"body-weight": Decimal(60)}, bytes(range(100)))
    reading = judge(long, "scale")
    assert isinstance(reading, Reading)
    assert reading.raw == bytes(range(MAX_RAW_BYTES))


@pytest.mark.parametrize("flag", Flag)
def test_only_what_the_person_can_mend_disturbs(flag: Flag) -> None:
    mendable = {Flag.MOTION, Flag.CUFF_LOOSE, Flag.WRONG_POSITION, Flag.WEAK_SIGNAL}
    assert (flag in DISTURBED) == (flag in mendable)
    assert read_pressure(120, 80, {flag}).is_disturbed == (flag in mendable)


@pytest.mark.parametrize(("height_cm", "value"), [(40, "40.0"), (163.25, "163.3"), (250, "250.0")])
def test_a_typed_height_is_marked_as_typed(height_cm: float, value: str) -> None:
    reading = typed_height(height_cm)
    assert reading is not None
    assert reading.values == {"body-height": Decimal(value)}
    assert reading.is_typed
    assert reading.sensor == "typed"


@pytest.mark.parametrize("height_cm", [39.9, 250.1, 0, -170, float("nan"), float("inf"), 1e300])
def test_a_height_that_nobody_has_is_not_taken(height_cm: float) -> None:
    assert typed_height(height_cm) is None


def test_the_same_moment_by_the_devices_clock_is_the_same_record() -> None:
    reading = judge(pressure(taken_at=NOON), "cuff")
    assert isinstance(reading, Reading)
    assert is_same_record(pressure(140, 90, taken_at=NOON), reading)
    assert not is_same_record(pressure(132, 84), reading)


def test_without_a_clock_equal_bytes_are_two_measurements() -> None:
    reading = judge(pressure(), "cuff")
    assert isinstance(reading, Reading)
    assert not is_same_record(pressure(), reading)


@pytest.mark.parametrize(
    ("measure", "value", "expected"),
    [
        ("systolic-pressure", "131.5", 132.0),
        ("pulse-rate", "72.49", 72.0),
        ("body-temperature", "36.65", 36.7),
        ("body-weight", "61.545", 61.5),
        ("glucose", "5.55", 5.6),
    ],
)
def test_values_are_told_as_finely_as_usual(measure: str, value: str, expected: float) -> None:
    assert shown({measure: Decimal(value)}) == {measure: expected}


@settings(deadline=None)
@given(measure=st.sampled_from(sorted({name for kind in VitalKind for name in wanted(kind)})), data=st.data())
def test_rounding_never_makes_a_plausible_value_implausible(measure: str, data: st.DataObject) -> None:
    limits = MEASURES[measure]
    value = data.draw(st.decimals(str(limits.low), str(limits.high), places=4))
    assert is_plausible(measure, value)
    assert is_plausible(measure, rounded(measure, value))


def test_the_wire_takes_as_many_bytes_as_the_rules_keep() -> None:
    assert "{0,64}" in str(Measured.__annotations__["raw"])
    assert MAX_RAW_BYTES == 64

"""How many readings are needed, and what counts of them."""

from decimal import Decimal

import pytest

from edge.cabin.rules.readings import Reading
from edge.cabin.rules.series import Result, differ, marked, readings_wanted, result_of, wants_another
from tests.edge.cabin.sayings import read, read_pressure
from wire.entries import Flag, VitalKind

BP = VitalKind.BLOOD_PRESSURE


@pytest.mark.parametrize(
    ("second", "is_far"),
    [
        ((142, 84), False),
        ((143, 84), True),
        (("142.1", 84), True),
        ((122, 84), False),
        ((121, 84), True),
        ((132, 94), False),
        ((132, 95), True),
        ((132, 73), True),
    ],
)
def test_a_third_reading_only_beyond_ten_mmhg_in_either_value(
    second: tuple[str | int, int], *, is_far: bool
) -> None:
    readings = [read_pressure(132, 84), read_pressure(*second)]
    assert differ(*readings) is is_far
    assert wants_another(BP, readings) is is_far
    assert readings_wanted(BP, readings) == (3 if is_far else 2)


def test_blood_pressure_begins_with_two() -> None:
    assert readings_wanted(BP, []) == 2
    assert wants_another(BP, [])
    assert wants_another(BP, [read_pressure(132, 84)])


def test_after_three_there_is_never_a_fourth() -> None:
    readings = [read_pressure(132, 84), read_pressure(160, 84), read_pressure(100, 60)]
    assert not wants_another(BP, readings)


@pytest.mark.parametrize("kind", [kind for kind in VitalKind if kind is not BP])
def test_everything_else_is_measured_once(kind: VitalKind) -> None:
    reading = Reading(kind=kind, values={}, sensor="any")
    assert readings_wanted(kind, []) == 1
    assert wants_another(kind, [])
    assert not wants_another(kind, [reading])


def test_the_mean_of_the_last_two_counts() -> None:
    two = [read_pressure(130, 80), read_pressure(133, 84)]
    assert result_of(BP, two).values == {
        "systolic-pressure": Decimal("131.5"),
        "diastolic-pressure": Decimal(82),
    }
    three = [read_pressure(160, 95), read_pressure(140, 90), read_pressure(136, 86)]
    assert result_of(BP, three) == Result(
        {"systolic-pressure": Decimal(138), "diastolic-pressure": Decimal(88)}
    )


def test_a_value_that_one_of_the_two_lacks_has_no_mean() -> None:
    with_pulse = read(BP, systolic_pressure=130, diastolic_pressure=80, pulse_rate=70)
    assert "pulse-rate" not in result_of(BP, [with_pulse, read_pressure(130, 80)]).values
    assert result_of(BP, [with_pulse, with_pulse]).values["pulse-rate"] == 70


def test_a_third_that_is_still_far_from_the_second_is_divergent() -> None:
    earlier = [read_pressure(130, 80), read_pressure(150, 80)]
    third = marked(read_pressure(170, 80), earlier)
    assert third.flags == {Flag.DIVERGENT}
    result = result_of(BP, [*earlier, third])
    assert result.is_doubtful
    assert Flag.DIVERGENT in result.flags


def test_a_third_near_the_second_settles_it() -> None:
    earlier = [read_pressure(130, 80), read_pressure(150, 80)]
    third = marked(read_pressure(146, 80), earlier)
    assert third.flags == frozenset()
    assert not result_of(BP, [*earlier, third]).is_doubtful


def test_the_second_is_never_divergent_by_itself() -> None:
    assert marked(read_pressure(170, 80), [read_pressure(130, 80)]).flags == frozenset()


@pytest.mark.parametrize("flag", [Flag.MOTION, Flag.CUFF_LOOSE])
def test_a_disturbed_reading_makes_a_doubtful_result_while_it_counts(flag: Flag) -> None:
    disturbed = read_pressure(130, 80, {flag})
    assert result_of(BP, [read_pressure(131, 80), disturbed]).is_doubtful
    assert not result_of(BP, [disturbed, read_pressure(145, 80), read_pressure(143, 80)]).is_doubtful


def test_an_irregular_pulse_is_told_and_no_doubt() -> None:
    result = result_of(BP, [read_pressure(130, 80, {Flag.IRREGULAR_PULSE}), read_pressure(131, 80)])
    assert result.flags == {Flag.IRREGULAR_PULSE}
    assert not result.is_doubtful


def test_a_single_reading_of_blood_pressure_is_doubtful() -> None:
    assert result_of(BP, [read_pressure(130, 80)]).is_doubtful


def test_nothing_comes_of_nothing() -> None:
    assert result_of(BP, []) == Result()

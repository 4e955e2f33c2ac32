"""NEWS2 by its chart; what is not known is missing, never normal."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.cabin.news2 import PARAMETERS, Partial, Signs, full_score, partial_score, points_of


def signs(rate: int, spo2: int, on_oxygen: str, systolic: int, pulse: int, cel: str, alert: str) -> Signs:
    return Signs(
        respiration_rate=Decimal(rate),
        oxygen_saturation=Decimal(spo2),
        on_oxygen=on_oxygen == "O2",
        systolic_pressure=Decimal(systolic),
        pulse_rate=Decimal(pulse),
        body_temperature=Decimal(cel),
        is_alert=alert == "A",
    )


@pytest.mark.parametrize(
    ("person", "score"),
    [
        (signs(16, 97, "air", 132, 76, "36.7", "A"), 0),
        (signs(22, 94, "air", 105, 112, "38.4", "A"), 7),
        (signs(25, 91, "O2", 90, 131, "39.1", "CVPU"), 19),
        (signs(8, 91, "O2", 220, 40, "35.0", "CVPU"), 20),
    ],
)
def test_whole_people(person: Signs, score: int) -> None:
    assert full_score(person) == score


@pytest.mark.parametrize(
    ("spo2", "on_oxygen", "points"),
    [
        (93, True, 1),
        (97, True, 3),
        (97, False, 0),
        (83, False, 3),
        (84, True, 2),
        (87, False, 1),
        (88, True, 0),
        (92, True, 0),
        (95, True, 2),
    ],
)
def test_scale_2_is_for_those_who_retain_carbon_dioxide(spo2: int, points: int, *, on_oxygen: bool) -> None:
    person = Signs(
        respiration_rate=Decimal(16),
        oxygen_saturation=Decimal(spo2),
        on_oxygen=on_oxygen,
        systolic_pressure=Decimal(132),
        pulse_rate=Decimal(76),
        body_temperature=Decimal("36.7"),
        is_alert=True,
        is_scale_2=True,
    )
    assert full_score(person) == points + 2 * on_oxygen


@pytest.mark.parametrize(
    ("parameter", "edges"),
    [
        (
            "respiration-rate",
            [("8", 3), ("9", 1), ("11", 1), ("12", 0), ("20", 0), ("21", 2), ("24", 2), ("25", 3)],
        ),
        ("oxygen-saturation", [("91", 3), ("92", 2), ("93", 2), ("94", 1), ("95", 1), ("96", 0), ("100", 0)]),
        (
            "systolic-pressure",
            [("90", 3), ("91", 2), ("100", 2), ("101", 1), ("110", 1), ("111", 0), ("219", 0), ("220", 3)],
        ),
        (
            "pulse-rate",
            [
                ("40", 3),
                ("41", 1),
                ("50", 1),
                ("51", 0),
                ("90", 0),
                ("91", 1),
                ("110", 1),
                ("111", 2),
                ("130", 2),
                ("131", 3),
            ],
        ),
        (
            "body-temperature",
            [
                ("35.0", 3),
                ("35.1", 1),
                ("36.0", 1),
                ("36.1", 0),
                ("38.0", 0),
                ("38.1", 1),
                ("39.0", 1),
                ("39.1", 2),
            ],
        ),
    ],
)
def test_every_edge_of_the_chart(parameter: str, edges: list[tuple[str, int]]) -> None:
    assert [(value, points_of(parameter, Decimal(value))) for value, _ in edges] == edges


def test_between_two_steps_of_the_chart_the_nearer_counts() -> None:
    assert points_of("systolic-pressure", Decimal("90.4")) == 3
    assert points_of("systolic-pressure", Decimal("90.5")) == 2
    assert points_of("body-temperature", Decimal("35.04")) == 3


def test_what_a_cabin_cannot_know_is_missing() -> None:
    score = partial_score(
        {
            "oxygen-saturation": Decimal(97),
            "systolic-pressure": Decimal(132),
            "pulse-rate": Decimal(76),
            "body-temperature": Decimal("36.7"),
        }
    )
    assert score == Partial(0, ("respiration-rate", "supplemental-oxygen", "consciousness"), is_high=False)


def test_what_was_not_measured_is_missing_too() -> None:
    score = partial_score({"pulse-rate": Decimal(120)})
    assert score is not None
    assert score.at_least == 2
    assert score.missing == tuple(name for name in PARAMETERS if name != "pulse-rate")


def test_without_anything_there_is_no_score() -> None:
    assert partial_score({}) is None
    assert partial_score({"body-weight": Decimal(60), "glucose": Decimal(5)}) is None


@pytest.mark.parametrize(
    ("values", "at_least", "is_high"),
    [
        ({"oxygen-saturation": 91}, 3, True),
        ({"systolic-pressure": 220}, 3, True),
        ({"oxygen-saturation": 94, "pulse-rate": 112, "systolic-pressure": 105}, 4, False),
        ({"oxygen-saturation": 93, "pulse-rate": 112, "systolic-pressure": 105}, 5, True),
        ({"oxygen-saturation": 92, "pulse-rate": 130}, 4, False),
    ],
)
def test_high_is_five_in_all_or_three_in_one(values: dict[str, int], at_least: int, *, is_high: bool) -> None:
    score = partial_score({name: Decimal(value) for name, value in values.items()})
    assert score is not None
    assert (score.at_least, score.is_high) == (at_least, is_high)


@settings(deadline=None)
@given(
    spo2=st.integers(35, 100),
    systolic=st.integers(40, 300),
    pulse=st.integers(20, 300),
    tenths=st.integers(250, 450),
    rate=st.integers(2, 80),
    known=st.sets(
        st.sampled_from(["oxygen-saturation", "systolic-pressure", "pulse-rate", "body-temperature"])
    ),
)
def test_a_partial_score_is_never_above_the_whole_one(
    spo2: int, systolic: int, pulse: int, tenths: int, rate: int, known: set[str]
) -> None:
    values = {
        "oxygen-saturation": Decimal(spo2),
        "systolic-pressure": Decimal(systolic),
        "pulse-rate": Decimal(pulse),
        "body-temperature": Decimal(tenths) / 10,
    }
    whole = full_score(signs(rate, spo2, "air", systolic, pulse, str(Decimal(tenths) / 10), "A"))
    partial = partial_score({name: value for name, value in values.items() if name in known})
    assert partial is None or partial.at_least <= whole

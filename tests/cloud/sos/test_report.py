"""The shift report's figures, on incidents small enough to count by hand."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cloud.sos.incident import Resolution, State
from cloud.sos.report import HOUR_MS, Life, Spread, busiest_hour, report, spread

CALM = Life(
    drill=False,
    state=State.RESOLVED,
    resolution=Resolution.FOUNDED,
    opened_at_ms=1_000_000,
    acknowledged_at_ms=1_010_000,
    on_scene_at_ms=1_300_000,
    escalated=False,
    press_to_store_ms=(150,),
)


def test_an_empty_shift() -> None:
    empty = report([])
    assert (empty.incidents, empty.presses, empty.drills, empty.still_open) == (0, 0, 0, 0)
    assert empty.acknowledge == empty.arrival == empty.press_to_store == Spread(None, None, None)
    assert empty.alarm_rate_per_h_max == 0


def test_every_figure_of_a_small_shift() -> None:
    told = report(
        [
            CALM,
            replace(CALM, acknowledged_at_ms=1_045_000, escalated=True, press_to_store_ms=(200, 900)),
            replace(
                CALM, resolution=Resolution.FALSE_PRESS, on_scene_at_ms=None, acknowledged_at_ms=1_120_000
            ),
            replace(CALM, state=State.NEW, resolution=None, acknowledged_at_ms=None, on_scene_at_ms=None),
            replace(CALM, drill=True, resolution=Resolution.DRILL, press_to_store_ms=(9_999,)),
        ]
    )
    assert (told.incidents, told.drills, told.presses) == (4, 1, 5)
    assert told.by_resolution == {"founded": 2, "false_press": 1}
    assert told.acknowledge == Spread(45_000, 120_000, 120_000)
    assert (told.acknowledged_within_20_s, told.acknowledged_within_60_s) == (1, 2)
    assert told.arrival == Spread(300_000, 300_000, 300_000)
    assert told.press_to_store == Spread(150, 900, 900)
    assert (told.escalated, told.still_open, told.alarm_rate_per_h_max) == (1, 1, 4)


def test_limits_are_inclusive() -> None:
    told = report([replace(CALM, acknowledged_at_ms=CALM.opened_at_ms + limit) for limit in (20_000, 60_000)])
    assert (told.acknowledged_within_20_s, told.acknowledged_within_60_s) == (1, 2)


def test_the_busiest_hour_slides() -> None:
    assert busiest_hour([0, HOUR_MS - 1, HOUR_MS, 2 * HOUR_MS]) == 2
    assert busiest_hour([30, 10, 20]) == 3


@given(st.lists(st.integers(0, 10**7), min_size=1))
def test_percentiles_are_values_that_occurred_and_enough_lie_below(values: list[int]) -> None:
    told = spread(values)
    for percent, value in ((50, told.p50_ms), (95, told.p95_ms), (100, told.max_ms)):
        assert value in values
        assert value is not None
        assert sum(each <= value for each in values) * 100 >= percent * len(values)
        assert sum(each < value for each in values) * 100 < percent * len(values)


@given(st.lists(st.integers(0, 10 * HOUR_MS)))
def test_the_busiest_hour_is_what_counting_finds(times_ms: list[int]) -> None:
    counted = [sum(start <= at_ms < start + HOUR_MS for at_ms in times_ms) for start in times_ms]
    assert busiest_hour(times_ms) == max(counted, default=0)

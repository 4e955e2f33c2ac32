"""The escalation plan: its defaults, its snapshot, and the holes that it refuses to have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.settings import Escalation
from cloud.sos.errors import PlanError
from cloud.sos.plan import Audience, Channel, Level, Plan, Target

CONSOLES = (Target(Audience.WARD, Channel.CONSOLE),)


def test_the_default_plan_calls_the_ward_its_backup_the_city_and_the_telephones() -> None:
    plan = Plan()
    assert [level.after_s for level in plan.levels] == [0, 20, 45, 90]
    assert plan.levels[0].targets == CONSOLES
    assert {target.channel for target in plan.levels[1].targets} == {Channel.PUSH}
    assert {target.audience for target in plan.levels[2].targets} == {Audience.CITY_DESK}
    assert {target.channel for target in plan.levels[3].targets} >= {Channel.SMS}


def test_the_settings_default_is_the_same_plan() -> None:
    assert Plan.from_json(Escalation().plan()) == Plan()


def test_the_next_level_is_due_so_long_after_the_alarm_began() -> None:
    plan = Plan()
    assert plan.next_call_ms(0, 1_000, 1_000) == 21_000
    assert plan.next_call_ms(1, 1_000, 1_500) == 46_000
    assert plan.next_call_ms(2, 1_000, 1_500) == 91_000


def test_a_level_that_should_have_been_called_already_is_due_now() -> None:
    assert Plan().next_call_ms(0, 1_000, 500_000) == 500_000


def test_the_last_level_repeats_for_ever() -> None:
    assert Plan().next_call_ms(3, 1_000, 100_000) == 160_000


def test_a_plan_of_one_level_repeats_it() -> None:
    plan = Plan(levels=(Level(0, CONSOLES),), repeat_s=5)
    assert plan.next_call_ms(0, 0, 1_000) == 6_000


@given(
    st.lists(st.integers(1, 600), max_size=5, unique=True),
    st.integers(1, 600),
    st.lists(st.sampled_from(list(Channel)), min_size=1, max_size=3),
)
def test_a_snapshot_is_the_plan(gaps: list[int], repeat_s: int, channels: list[Channel]) -> None:
    targets = tuple(Target(Audience.WARD, channel) for channel in channels)
    plan = Plan(levels=tuple(Level(after_s, targets) for after_s in [0, *sorted(gaps)]), repeat_s=repeat_s)
    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    "levels",
    [
        (),
        (Level(1, CONSOLES),),
        (Level(0, CONSOLES), Level(0, CONSOLES)),
        (Level(0, CONSOLES), Level(30, CONSOLES), Level(20, CONSOLES)),
        (Level(0, ()),),
    ],
)
def test_a_plan_with_a_hole_is_refused(levels: tuple[Level, ...]) -> None:
    with pytest.raises(PlanError):
        Plan(levels=levels)


@pytest.mark.parametrize("limit", ["repeat_s", "dispatch_within_s", "arrive_within_s", "finish_within_s"])
def test_a_limit_of_nothing_is_refused(limit: str) -> None:
    with pytest.raises(PlanError):
        Plan.from_json({limit: 0})


@pytest.mark.parametrize("snapshot", [None, [], {"levels": "x"}, {"unknown": 1}, {"levels": []}])
def test_what_is_no_snapshot_is_refused(snapshot: object) -> None:
    with pytest.raises(PlanError):
        Plan.from_json(snapshot)

"""What the clock brings: warnings, wiping, countdowns."""

import pytest

from edge.cabin.session.due import next_deadline_ms
from edge.cabin.session.events import Begin, Cancel, KeepEnd
from edge.cabin.session.state import MEASURING_LIMITS_MS, WAITING_LIMIT_MS, State
from edge.cabin.view import Action, Page, Phase
from tests.edge.cabin.booth import PACE, Booth, measure_pressure
from tests.edge.cabin.sayings import cuff, finger, weight
from wire.entries import SessionOutcome, VitalKind

BP, SPO2, KG = VitalKind.BLOOD_PRESSURE, VitalKind.OXYGEN, VitalKind.WEIGHT
IDLE_S, WARNING_S = PACE.idle_ms / 1000, PACE.warning_ms / 1000


def idle_s(booth: Booth) -> int | None:
    idle = booth.view.idle
    return None if idle is None else idle.seconds_left


def test_an_empty_cabin_waits_for_ever() -> None:
    booth = Booth()
    assert next_deadline_ms(booth.state, booth.now_ms) is None
    booth.wait(100_000)
    assert idle_s(booth) is None


def test_the_warning_comes_counts_down_and_ends_in_the_wiping() -> None:
    booth = Booth()
    booth.come(KG)
    booth.wait(IDLE_S - 1)
    assert idle_s(booth) is None
    assert Action.EXTEND not in booth.actions
    booth.wait(1)
    assert idle_s(booth) == 15
    assert Action.EXTEND in booth.actions
    booth.wait(14.5)
    assert idle_s(booth) == 1
    booth.wait(0.5)
    assert booth.state == State(pace=PACE, offers=booth.state.offers)


@pytest.mark.parametrize("action", [Action.EXTEND, Action.START, Action.SKIP])
def test_any_act_removes_the_warning(action: Action) -> None:
    booth = Booth()
    booth.come(KG)
    booth.wait(IDLE_S + 5)
    booth.act(action)
    assert idle_s(booth) is None
    assert Action.EXTEND not in booth.actions


def test_an_act_a_moment_too_late_finds_an_empty_cabin() -> None:
    booth = Booth()
    booth.come(KG)
    booth.act(Action.START)
    booth.say(KG, weight())
    booth.wait(IDLE_S)
    booth.now_ms += PACE.warning_ms
    assert booth.act(Action.BEGIN, (SPO2,)) == [KeepEnd("1".zfill(32), SessionOutcome.ABANDONED)]
    assert booth.view.page is Page.CONSENT


def test_a_wiped_session_that_was_written_down_is_closed_as_abandoned() -> None:
    booth = Booth()
    booth.come(KG)
    booth.act(Action.START)
    booth.say(KG, weight())
    assert booth.wait(IDLE_S + WARNING_S) == [KeepEnd(booth.token, SessionOutcome.ABANDONED)]


def test_a_wiped_session_without_a_record_leaves_none() -> None:
    booth = Booth()
    booth.come(KG)
    assert booth.wait(IDLE_S + WARNING_S) == []


def test_a_sheet_is_wiped_too() -> None:
    booth = Booth()
    booth.come(KG)
    booth.act(Action.START)
    booth.say(KG, weight())
    booth.act(Action.NEXT)
    booth.wait(IDLE_S)
    assert idle_s(booth) == 15
    booth.wait(WARNING_S)
    assert booth.view.page is Page.CHOOSE
    assert booth.view.sheet is None


def test_a_choice_that_somebody_left_is_wiped() -> None:
    booth = Booth()
    booth.act(Action.BEGIN, (KG,))
    booth.act(Action.BACK)
    booth.wait(IDLE_S)
    assert booth.actions == {Action.BEGIN, Action.EXTEND}
    booth.wait(WARNING_S)
    assert booth.view.chosen == []


def test_whoever_is_being_measured_is_not_wiped() -> None:
    booth = Booth()
    booth.come(BP)
    booth.act(Action.START)
    for _ in range(17):
        booth.wait(10)
        booth.say(BP, cuff(100))
        assert idle_s(booth) is None
    assert booth.step().phase is Phase.MEASURING


def test_whoever_rests_is_not_wiped_and_has_the_whole_time_afterwards() -> None:
    booth = Booth()
    booth.come(BP)
    measure_pressure(booth, (130, 80), (131, 81))
    assert booth.step().phase is Phase.RESULT
    booth.wait(IDLE_S - 1)
    assert idle_s(booth) is None
    booth.wait(1)
    assert idle_s(booth) == 15


def test_whoever_was_waited_for_in_vain_is_warned_before_the_wiping() -> None:
    booth = Booth()
    booth.come(BP)
    booth.act(Action.START)
    booth.wait(WAITING_LIMIT_MS / 1000)
    assert booth.step().phase is Phase.TROUBLE
    booth.wait(IDLE_S)
    assert idle_s(booth) == 15
    booth.wait(WARNING_S)
    assert booth.view.page is Page.CHOOSE


def test_wiping_ends_an_instrument_that_is_still_awaited() -> None:
    booth = Booth()
    booth.come(BP)
    booth.act(Action.START)
    booth.lose(BP)
    booth.wait(IDLE_S)
    assert booth.wait(WARNING_S) == [Cancel(BP)]
    booth.find(BP)
    assert booth.view.page is Page.CHOOSE


def test_an_instrument_that_comes_back_takes_the_warning_away() -> None:
    booth = Booth()
    booth.come(BP)
    booth.act(Action.START)
    booth.lose(BP)
    booth.wait(IDLE_S)
    assert idle_s(booth) == 15
    booth.find(BP)
    assert idle_s(booth) is None


def test_a_late_tick_does_everything_that_was_due() -> None:
    booth = Booth()
    booth.come(BP)
    measure_pressure(booth, (130, 80))
    assert booth.wait(3_600) == [Begin(BP)]
    assert booth.step().phase is Phase.WAITING


def test_the_next_deadline_is_the_next_change_of_the_screen() -> None:
    booth = Booth()
    booth.come(BP)
    assert next_deadline_ms(booth.state, booth.now_ms) == booth.now_ms + PACE.idle_ms
    booth.wait(IDLE_S)
    assert next_deadline_ms(booth.state, booth.now_ms) == booth.now_ms + 1_000
    booth.act(Action.START)
    assert next_deadline_ms(booth.state, booth.now_ms) == booth.now_ms + WAITING_LIMIT_MS
    booth.say(BP, cuff(30))
    assert next_deadline_ms(booth.state, booth.now_ms) == booth.now_ms + MEASURING_LIMITS_MS[BP]


def test_each_second_of_a_pause_is_a_deadline() -> None:
    booth = Booth()
    booth.come(BP)
    measure_pressure(booth, (130, 80))
    countdown = []
    while booth.step().phase is Phase.REST:
        countdown.append(booth.step().countdown_s)
        deadline_ms = next_deadline_ms(booth.state, booth.now_ms)
        assert deadline_ms is not None
        assert deadline_ms > booth.now_ms
        booth.wait((deadline_ms - booth.now_ms) / 1000)
    assert countdown == list(range(60, 0, -1))


def test_the_farewell_ends_at_its_deadline() -> None:
    booth = Booth()
    booth.come(SPO2)
    booth.act(Action.START)
    booth.stream(SPO2, finger(), 10)
    booth.act(Action.NEXT)
    booth.act(Action.FINISH)
    deadline_ms = next_deadline_ms(booth.state, booth.now_ms)
    assert deadline_ms is not None
    booth.wait((deadline_ms - booth.now_ms - 1) / 1000)
    assert booth.actions == set()
    booth.wait(0.001)
    assert booth.view.page is Page.CHOOSE

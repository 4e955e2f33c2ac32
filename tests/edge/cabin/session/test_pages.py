"""From one screen to the next, and what is kept on the way."""

import pytest

from edge.cabin.errors import ActionRefusedError, Refusal
from edge.cabin.orders import Order
from edge.cabin.ports import CALM_ORDER
from edge.cabin.session.events import (
    Act,
    Bound,
    Cancel,
    Entry,
    Halted,
    KeepConsent,
    KeepEnd,
    KeepReading,
    KeepWithdrawal,
    Recorded,
)
from edge.cabin.session.state import FAREWELL_MS, State
from edge.cabin.view import Action, Page, Phase, Trouble
from edge.instrument import Readiness
from tests.edge.cabin.booth import PACE, WALL_MS, Booth, measure_oxygen, measure_pressure
from tests.edge.cabin.sayings import pressure, warmth, weight
from tests.fakes.rack import FakeRack
from wire.entries import ConsentScope, SessionOutcome, VitalKind

BP, SPO2, KG, CEL = (
    VitalKind.BLOOD_PRESSURE,
    VitalKind.OXYGEN,
    VitalKind.WEIGHT,
    VitalKind.TEMPERATURE,
)
CARD = "ca" * 16


def refusal(booth: Booth, action: Action, **data: object) -> Refusal:
    before = booth.state
    with pytest.raises(ActionRefusedError) as refused:
        booth.act(action, **data)  # type: ignore[arg-type]
    assert booth.state == before
    return refused.value.reason


def weigh(booth: Booth) -> None:
    booth.act(Action.START)
    booth.say(KG, weight())


def test_a_cabin_begins_with_the_choice() -> None:
    booth = Booth()
    assert booth.view.page is Page.CHOOSE
    assert booth.view.actions == [Action.BEGIN]
    assert [offer.kind for offer in booth.view.offers] == list(CALM_ORDER)


def test_a_cabin_without_instruments_offers_nothing() -> None:
    booth = Booth(FakeRack(kinds=()))
    assert booth.view.offers == []
    assert booth.view.actions == []
    assert refusal(booth, Action.BEGIN, kinds=(VitalKind.HEIGHT,)) is Refusal.NOT_NOW


def test_a_height_can_always_be_typed() -> None:
    booth = Booth(FakeRack(kinds=(KG,)))
    assert [(offer.kind, offer.readiness) for offer in booth.view.offers] == [
        (VitalKind.HEIGHT, Readiness.READY),
        (KG, Readiness.READY),
    ]


@pytest.mark.parametrize("kinds", [(), (KG, KG), (SPO2,), (KG, VitalKind.GLUCOSE)])
def test_only_what_can_be_measured_may_be_chosen(kinds: tuple[VitalKind, ...]) -> None:
    rack = FakeRack(kinds=(KG, SPO2), readiness={SPO2: Readiness.MISSING})
    assert refusal(Booth(rack), Action.BEGIN, kinds=kinds) is Refusal.KINDS


def test_an_instrument_that_sleeps_may_be_chosen() -> None:
    booth = Booth(FakeRack(readiness={BP: Readiness.ASLEEP}))
    booth.act(Action.BEGIN, (BP,))
    assert booth.view.page is Page.CONSENT


def test_steps_come_in_a_calm_order_whatever_was_pressed_first() -> None:
    booth = Booth()
    booth.act(Action.BEGIN, (VitalKind.GLUCOSE, BP, KG, VitalKind.HEIGHT, CEL))
    assert booth.view.chosen == [VitalKind.HEIGHT, KG, CEL, BP, VitalKind.GLUCOSE]


def test_the_question_for_consent_can_be_answered_or_left() -> None:
    booth = Booth()
    booth.act(Action.BEGIN, (KG,))
    assert booth.view.actions == [Action.CONSENT, Action.BACK]
    booth.act(Action.BACK)
    assert booth.view.page is Page.CHOOSE
    assert booth.view.chosen == [KG]
    assert booth.state.session == ""


@pytest.mark.parametrize("text_version", ["", "Version 1", "x" * 65])
def test_nobody_agrees_to_a_text_without_a_name(text_version: str) -> None:
    booth = Booth()
    booth.act(Action.BEGIN, (KG,))
    reason = refusal(booth, Action.CONSENT, scope=ConsentScope.KEEP, text_version=text_version)
    assert reason is Refusal.TEXT_VERSION


def test_keeping_nothing_needs_no_text() -> None:
    booth = Booth()
    booth.act(Action.BEGIN, (KG,))
    booth.act(Action.CONSENT)
    assert booth.view.page is Page.STEP
    assert booth.view.consent is None


@pytest.mark.parametrize("scope", ConsentScope)
def test_the_consent_goes_with_the_first_reading_and_once(scope: ConsentScope) -> None:
    booth = Booth()
    booth.come(KG, CEL, scope=scope)
    agreed_ms = booth.now_ms
    booth.wait(5)
    assert booth.effects == []
    weigh(booth)
    booth.act(Action.NEXT)
    booth.act(Action.START)
    booth.say(CEL, warmth())
    keeps = [effect for effect in booth.effects if isinstance(effect, KeepConsent | KeepReading)]
    assert [type(keep) for keep in keeps] == [KeepConsent, KeepReading, KeepReading]
    assert keeps[0] == KeepConsent(
        session=booth.token,
        scope=scope,
        text_version="2026-11",
        subject=None,
        wall_ms=WALL_MS + agreed_ms,
        uptime_ms=agreed_ms,
    )


def test_without_consent_nothing_is_kept_and_everything_counted() -> None:
    booth = Booth()
    booth.come(KG, scope=None)
    weigh(booth)
    booth.act(Action.NEXT)
    booth.act(Action.FINISH)
    assert not any(isinstance(effect, KeepConsent | KeepReading | KeepEnd) for effect in booth.effects)
    assert booth.counts == (1, 0)


def test_back_leads_to_the_question_and_forgets_its_answer() -> None:
    booth = Booth()
    booth.come(KG, CEL)
    assert Action.BACK in booth.actions
    booth.act(Action.BACK)
    assert booth.view.page is Page.CONSENT
    assert booth.view.consent is None
    booth.act(Action.CONSENT)
    weigh(booth)
    assert booth.kept == []


def test_back_from_the_second_step_takes_the_skip_back() -> None:
    booth = Booth()
    booth.come(KG, CEL)
    booth.act(Action.SKIP)
    booth.act(Action.BACK)
    assert booth.step().kind is KG
    assert booth.state.skipped == ()


def test_nobody_goes_back_over_a_measurement() -> None:
    booth = Booth()
    booth.come(KG, CEL)
    weigh(booth)
    assert Action.BACK not in booth.actions
    booth.act(Action.NEXT)
    assert booth.step().kind is CEL
    assert Action.BACK not in booth.actions


def test_after_the_last_step_comes_the_sheet() -> None:
    booth = Booth()
    booth.come(KG, SPO2)
    weigh(booth)
    booth.act(Action.NEXT)
    booth.act(Action.SKIP)
    sheet = booth.sheet()
    assert booth.view.page is Page.SHEET
    assert booth.view.step is None
    assert sheet.at_ms == WALL_MS + booth.now_ms
    assert [row.kind for row in sheet.rows] == [KG]
    assert sheet.skipped == [SPO2]


def test_the_sheet_promises_nothing_before_the_disk_has_it() -> None:
    booth = Booth()
    booth.come(KG)
    weigh(booth)
    booth.act(Action.NEXT)
    sheet = booth.sheet()
    assert (sheet.kept, sheet.trouble) == (None, None)
    booth.settle()
    sheet = booth.sheet()
    assert (sheet.kept, sheet.trouble) == (ConsentScope.KEEP, None)


def test_one_reading_on_disk_is_not_all_of_them() -> None:
    booth = Booth()
    booth.come(KG, CEL)
    weigh(booth)
    booth.settle()
    booth.act(Action.NEXT)
    booth.act(Action.START)
    booth.say(CEL, warmth())
    booth.act(Action.NEXT)
    assert booth.sheet().kept is None
    booth.settle()
    assert booth.sheet().kept is ConsentScope.KEEP


def test_a_full_disk_is_told_with_the_result_and_on_the_sheet() -> None:
    booth = Booth()
    booth.come(KG, CEL)
    weigh(booth)
    booth.settle(is_kept=False)
    assert booth.step().phase is Phase.RESULT
    assert booth.step().trouble is Trouble.NOT_RECORDED
    booth.act(Action.NEXT)
    booth.act(Action.START)
    booth.say(CEL, warmth())
    booth.settle(is_kept=True)
    booth.act(Action.NEXT)
    sheet = booth.sheet()
    assert (sheet.kept, sheet.trouble) == (None, Trouble.NOT_RECORDED)
    assert len(sheet.rows) == 2


def test_a_sheet_of_nothing_keeps_nothing() -> None:
    booth = Booth()
    booth.come(KG)
    booth.act(Action.SKIP)
    sheet = booth.sheet()
    assert (sheet.rows, sheet.kept, sheet.news2) == ([], None, None)
    assert booth.view.actions == [Action.FINISH]
    assert booth.act(Action.FINISH) == []


def test_finishing_forgets_everything_and_says_good_bye() -> None:
    booth = Booth()
    booth.come(KG)
    weigh(booth)
    booth.act(Action.NEXT)
    assert booth.act(Action.FINISH) == [KeepEnd(booth.token, SessionOutcome.FINISHED)]
    assert booth.view.page is Page.FAREWELL
    assert booth.view.actions == []
    assert booth.state == State(
        pace=PACE,
        offers=booth.state.offers,
        page=Page.FAREWELL,
        touched_ms=booth.now_ms,
        farewell_until_ms=booth.now_ms + FAREWELL_MS,
    )
    booth.wait(FAREWELL_MS / 1000)
    assert booth.state == State(pace=PACE, offers=booth.state.offers)


def test_withdrawing_ends_the_keeping_at_once_and_is_told_when_written() -> None:
    booth = Booth()
    booth.come(KG, CEL)
    assert Action.WITHDRAW not in booth.actions
    weigh(booth)
    booth.settle()
    assert booth.act(Action.WITHDRAW) == [KeepWithdrawal(booth.token)]
    assert Action.WITHDRAW not in booth.actions
    booth.act(Action.NEXT)
    booth.act(Action.START)
    booth.say(CEL, warmth())
    assert len(booth.kept) == 1
    booth.act(Action.NEXT)
    sheet = booth.sheet()
    assert (sheet.kept, sheet.is_withdrawn) == (None, False)
    booth.take(Recorded(booth.token, Entry.WITHDRAWAL, is_kept=True))
    sheet = booth.sheet()
    assert (sheet.kept, sheet.is_withdrawn) == (None, True)
    assert booth.act(Action.FINISH) == [KeepEnd(booth.token, SessionOutcome.FINISHED)]


def test_a_withdrawal_that_found_no_place_is_told_and_may_be_asked_again() -> None:
    booth = Booth()
    booth.come(KG)
    weigh(booth)
    booth.act(Action.NEXT)
    booth.act(Action.WITHDRAW)
    booth.take(Recorded(booth.token, Entry.WITHDRAWAL, is_kept=False))
    sheet = booth.sheet()
    assert (sheet.is_withdrawn, sheet.trouble) == (False, Trouble.NOT_RECORDED)
    booth.act(Action.WITHDRAW)
    booth.take(Recorded(booth.token, Entry.WITHDRAWAL, is_kept=True))
    sheet = booth.sheet()
    assert (sheet.is_withdrawn, sheet.trouble) == (True, None)
    assert booth.withdrawals == 2


def test_what_the_journal_says_of_an_earlier_session_is_nothing_to_the_next_person() -> None:
    booth = Booth()
    booth.come(KG)
    weigh(booth)
    earlier = booth.token
    booth.act(Action.NEXT)
    booth.act(Action.FINISH)
    booth.wait(FAREWELL_MS / 1000)
    booth.come(KG)
    weigh(booth)
    before = booth.state
    booth.take(Recorded(earlier, Entry.READING, is_kept=False))
    booth.take(Recorded(earlier, Entry.WITHDRAWAL, is_kept=True))
    assert booth.state == before


def test_a_card_binds_a_pseudonym_to_the_consent() -> None:
    booth = Booth()
    booth.act(Action.BEGIN, (KG,))
    booth.take(Bound(CARD))
    booth.act(Action.CONSENT, scope=ConsentScope.SHARE, text_version="2026-11")
    weigh(booth)
    consent = next(effect for effect in booth.effects if isinstance(effect, KeepConsent))
    assert consent.subject == CARD


def test_a_card_may_come_after_the_consent_until_it_is_written() -> None:
    booth = Booth()
    booth.come(KG, CEL)
    booth.take(Bound(CARD))
    weigh(booth)
    consent = next(effect for effect in booth.effects if isinstance(effect, KeepConsent))
    assert consent.subject == CARD
    with pytest.raises(ActionRefusedError):
        booth.take(Bound(CARD))


def test_who_keeps_nothing_is_not_bound_to_anybody() -> None:
    booth = Booth()
    booth.act(Action.BEGIN, (KG,))
    booth.take(Bound(CARD))
    booth.act(Action.CONSENT)
    assert booth.state.subject is None
    with pytest.raises(ActionRefusedError):
        booth.take(Bound(CARD))


@pytest.mark.parametrize("subject", ["", "Nguyen Van A", "CA" * 16, "079200000000"])
def test_only_a_pseudonym_is_bound(subject: str) -> None:
    booth = Booth()
    booth.act(Action.BEGIN, (KG,))
    with pytest.raises(ActionRefusedError) as refused:
        booth.take(Bound(subject))
    assert refused.value.reason is Refusal.SUBJECT
    assert not subject or subject not in str(refused.value)


def test_a_daemon_that_ends_closes_the_session() -> None:
    booth = Booth()
    booth.come(BP)
    measure_pressure(booth, (130, 80))
    booth.wait(60)
    assert booth.take(Halted()) == [Cancel(BP), KeepEnd(booth.token, SessionOutcome.INTERRUPTED)]
    assert booth.state == State(pace=PACE, offers=booth.state.offers)


def test_a_whole_visit() -> None:
    booth = Booth()
    booth.come(BP, KG, VitalKind.HEIGHT, SPO2)
    booth.act(Action.ENTER, measure="body-height", value=163)
    booth.act(Action.NEXT)
    weigh(booth)
    booth.act(Action.NEXT)
    measure_oxygen(booth)
    booth.act(Action.NEXT)
    measure_pressure(booth, (138, 88), (134, 86))
    booth.act(Action.NEXT)
    booth.settle()
    sheet = booth.sheet()
    assert [row.kind for row in sheet.rows] == [VitalKind.HEIGHT, KG, SPO2, BP]
    assert sheet.rows[1].values == {"body-weight": 61.5, "body-mass-index": 23.1}
    assert sheet.rows[3].values == {
        "systolic-pressure": 136.0,
        "diastolic-pressure": 87.0,
        "pulse-rate": 76.0,
    }
    assert sheet.kept is ConsentScope.KEEP
    assert len(booth.kept) == 5
    assert booth.running == set()


def test_an_overdue_calibration_is_told_on_the_sheet() -> None:
    booth = Booth(FakeRack(overdue={KG}))
    booth.come(KG, CEL)
    weigh(booth)
    booth.act(Action.NEXT)
    booth.act(Action.START)
    booth.say(CEL, warmth())
    booth.act(Action.NEXT)
    assert [row.calibration_overdue for row in booth.sheet().rows] == [True, False]


def test_an_action_that_is_not_listed_changes_nothing() -> None:
    booth = Booth()
    booth.come(BP)
    measure_pressure(booth, (130, 80))
    for action in set(Action) - booth.actions:
        assert refusal(booth, action) is Refusal.NOT_NOW
    assert booth.take(Act(Order(action=Action.STOP), booth.token, 0)) == []


def test_a_late_measurement_of_the_last_person_is_nothing_to_the_next() -> None:
    booth = Booth()
    booth.come(BP)
    booth.act(Action.START)
    booth.wait(200)
    booth.wait(100)
    assert booth.view.page is Page.CHOOSE
    booth.come(BP)
    booth.say(BP, pressure())
    assert booth.step().phase is Phase.PREPARE
    assert booth.kept == []

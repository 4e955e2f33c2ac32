"""The way through a service, from the start screen to the receipt."""

import pytest

from catalogue.model import Level, Need
from edge.idcard.groups import Field
from edge.services.errors import OrderRefusedError, Refusal
from edge.services.orders import Order
from edge.services.session.events import Act
from edge.services.session.machine import apply
from edge.services.session.state import State
from edge.services.view import NO_RECIPIENT, Action, Page
from tests.edge.services.visits import (
    CARD,
    FIELDS,
    NAME,
    REPORT,
    STAY,
    TRACKING,
    Counter,
    card_questions,
    site,
)


def refusal(counter: Counter, action: Action, **members: object) -> Refusal:
    before = counter.state
    with pytest.raises(OrderRefusedError) as refused:
        counter.act(action, **members)
    assert counter.state is before
    return refused.value.reason


def test_the_start_screen_leads_by_need_to_a_service_that_explains_itself() -> None:
    counter = Counter()
    assert counter.view.actions == [Action.OPEN, Action.CHOOSE]
    counter.act(Action.OPEN, need=Need.SAFETY)
    assert (counter.at(), counter.view.need, counter.view.service) == (Page.GROUP, Need.SAFETY, None)
    counter.act(Action.CHOOSE, service="report-security")
    service = counter.view.service
    assert service is not None
    assert (service.id, service.identity.level) == ("report-security", Level.NONE)
    assert [told.topic for told in service.answers] == ["what", "how-much", "how-long", "what-needed"]
    assert all(told.source.startswith("report-security@1#") for told in service.answers)
    assert counter.view.actions == [Action.START, Action.BACK, Action.END]


def test_what_is_not_offered_cannot_be_opened() -> None:
    counter = Counter()
    assert refusal(counter, Action.OPEN) is Refusal.NEED
    assert refusal(counter, Action.CHOOSE, service="no-such-thing") is Refusal.SERVICE
    assert refusal(counter, Action.START) is Refusal.NOT_NOW


def test_choosing_the_cabin_leaves_the_screen_to_it() -> None:
    counter = Counter()
    counter.act(Action.OPEN, need=Need.HEALTH)
    counter.act(Action.CHOOSE, service="cabin")
    assert counter.at() is Page.HOME
    assert counter.state.visit is None


def test_one_question_follows_the_other_and_then_all_are_checked() -> None:
    counter = Counter()
    counter.start("report-security")
    asked = []
    while counter.at() is Page.QUESTION:
        card = counter.question
        asked.append((card.id, card.number))
        counter.act(Action.ANSWER, question=card.id, value=REPORT[card.id])
    assert asked == [("category", 1), ("now", 2), ("where", 3), ("what", 4), ("anonymous", 5)]
    assert counter.at() is Page.CHECK
    assert [row.question for row in counter.view.rows] == list(REPORT)


def test_each_type_of_question_says_what_its_page_needs() -> None:
    counter = Counter()
    counter.start("report-security")
    assert next(option.id for option in counter.question.options or []) == "theft"
    counter.answer_all({**REPORT, "now": False, "day": "2026-11-01", "anonymous": True})
    counter.act(Action.CHANGE, question="what")
    assert (counter.question.max_length, counter.question.many_lines) == (1000, True)
    assert counter.question.value == REPORT["what"]
    counter.act(Action.BACK)
    counter.act(Action.CHANGE, question="day")
    assert (counter.question.type, counter.question.span, counter.question.years) == ("day", "past", 10)


def test_a_wrong_answer_stays_on_its_page_with_the_reason_and_is_not_kept() -> None:
    counter = Counter()
    counter.start("report-security")
    counter.act(Action.ANSWER, question="category", value="treason")
    assert counter.question.fault is not None
    assert (counter.question.id, counter.question.fault.reason, counter.question.value) == (
        "category",
        "wrong-kind",
        None,
    )
    counter.act(Action.ANSWER, question="category", value="theft")
    assert counter.question.id == "now"
    assert counter.question.fault is None


def test_only_the_question_on_the_page_is_answered() -> None:
    counter = Counter()
    counter.start("report-security")
    assert refusal(counter, Action.ANSWER, question="now", value=True) is Refusal.QUESTION
    assert refusal(counter, Action.ANSWER, question="soul", value=True) is Refusal.QUESTION
    assert refusal(counter, Action.SKIP, question="category") is Refusal.NOT_NOW


def test_back_goes_question_by_question_with_what_was_answered() -> None:
    counter = Counter()
    counter.start("report-security")
    counter.act(Action.ANSWER, question="category", value="fraud")
    counter.act(Action.BACK)
    assert (counter.question.id, counter.question.value) == ("category", "fraud")
    counter.act(Action.BACK)
    assert counter.at() is Page.SERVICE
    counter.act(Action.START)
    assert counter.question.id == "now"
    counter.act(Action.BACK)
    counter.act(Action.BACK)
    counter.act(Action.BACK)
    assert counter.at() is Page.GROUP
    counter.act(Action.BACK)
    assert (counter.at(), counter.state.visit) == (Page.HOME, None)


def test_a_service_looked_up_again_still_has_its_answers_and_another_one_has_none() -> None:
    counter = Counter()
    counter.start("report-security")
    counter.act(Action.ANSWER, question="category", value="fraud")
    for _ in range(3):
        counter.act(Action.BACK)
    assert counter.at() is Page.GROUP
    counter.start("report-security")
    assert counter.question.id == "now"
    for _ in range(3):
        counter.act(Action.BACK)
    counter.start("report-civic")
    assert counter.state.visit is not None
    assert counter.state.visit.answers == {}


def test_an_earlier_answer_is_changed_from_the_check_and_leads_back_there() -> None:
    counter = Counter()
    counter.to_check()
    counter.act(Action.CHANGE, question="category")
    counter.act(Action.BACK)
    assert counter.at() is Page.CHECK
    counter.act(Action.CHANGE, question="category")
    counter.act(Action.ANSWER, question="category", value="drugs")
    assert counter.at() is Page.CHECK
    assert counter.row("category").shown.en == "Drugs, gambling or prostitution"


def test_a_changed_answer_asks_what_now_applies_and_forgets_what_no_longer_does() -> None:
    counter = Counter()
    counter.to_check(answers={**REPORT, "anonymous": False, "name": NAME, "phone": "0901234567"})
    counter.act(Action.CHANGE, question="now")
    counter.act(Action.ANSWER, question="now", value=False)
    assert counter.question.id == "day"
    counter.act(Action.ANSWER, question="day", value="2026-11-02")
    counter.act(Action.CHANGE, question="anonymous")
    counter.act(Action.ANSWER, question="anonymous", value=True)
    assert counter.at() is Page.CHECK
    assert counter.state.visit is not None
    assert {"name", "phone"}.isdisjoint(counter.state.visit.answers)
    assert NAME not in counter.state.visit.answers.values()


def test_submitting_says_once_more_what_is_submitted_and_ends_in_a_receipt() -> None:
    counter = Counter()
    counter.to_check("temporary-residence", STAY)
    assert not counter.view.is_submitted
    order = counter.submit()
    assert order.answers == {
        **{name: FIELDS[Field(name[5:])] for name in card_questions("temporary-residence")},
        **{name: value for name, value in STAY.items() if value is not None},
    }
    assert (order.card, order.text_version, order.tracking) == (CARD, "service-submit-1", "")
    assert (counter.at(), counter.view.actions, counter.view.is_submitted) == (Page.SENDING, [], False)
    counter.settle()
    receipt = counter.view.receipt
    assert receipt is not None
    assert (receipt.tracking, receipt.is_online) == (TRACKING, True)
    assert receipt.deadline_words is not None
    assert receipt.deadline_words.en.startswith("Three working days")
    assert (counter.at(), counter.view.is_submitted, counter.view.actions) == (
        Page.RECEIPT,
        True,
        [Action.END],
    )


def test_a_submission_without_the_name_of_its_text_is_none() -> None:
    counter = Counter()
    counter.to_check()
    for text_version in ("", "With Spaces"):
        assert refusal(counter, Action.SUBMIT, text_version=text_version) is Refusal.TEXT_VERSION


def test_a_day_that_has_become_wrong_meanwhile_keeps_it_from_being_submitted() -> None:
    counter = Counter()
    counter.to_check(answers={**REPORT, "now": False, "day": "2026-11-27"})
    assert Action.SUBMIT in counter.view.actions
    counter.today = counter.today.replace(day=26)
    assert Action.SUBMIT not in counter.view.actions
    assert Action.CHANGE in counter.view.actions


def test_a_station_without_the_authority_s_key_says_so_before_anything_is_typed() -> None:
    counter = Counter(State(site=site(has_keys=False)))
    counter.start("report-security")
    assert (counter.at(), counter.view.trouble) == (Page.TROUBLE, NO_RECIPIENT)
    assert counter.view.actions == [Action.BACK, Action.END]
    counter.act(Action.BACK)
    assert (counter.at(), counter.view.trouble) == (Page.SERVICE, None)


def test_more_than_can_be_sealed_is_not_taken() -> None:
    counter = Counter()
    counter.to_check()
    visit = counter.state.visit
    assert visit is not None
    counter.act(Action.CHANGE, question="what")
    stuffed = {f"note-{number}": "x" * 1_000 for number in range(24)}
    crowded = State(
        site=counter.state.site,
        visit=type(visit)(
            session=visit.session,
            need=visit.need,
            page=Page.QUESTION,
            offered=visit.offered,
            question="what",
            answers=stuffed,
        ),
    )
    state, _ = apply(
        crowded, Act(Order(action=Action.ANSWER, question="what", value="y"), "0" * 32), counter.moment
    )
    assert state.visit is not None
    assert state.visit.fault is not None
    assert (state.visit.fault.reason, state.visit.answers) == ("too-long", stuffed)

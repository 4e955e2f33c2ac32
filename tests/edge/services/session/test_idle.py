"""What the clock, the card beside it and the disk bring: warnings, wiping, trouble, and that nothing outlives a visit."""

import msgspec
import pytest

from catalogue.model import Need
from edge.services.session.due import next_deadline_ms
from edge.services.session.events import Abandoned, Away, Halted, Settled, Touched
from edge.services.session.state import FAREWELL_MS, Visit
from edge.services.view import FULL, NO_RECIPIENT, Action, Outcome, Page
from tests.edge.services.visits import CARD, IDLE_MS, REPORT, SECRETS, STAY, TRACKING, WARNING_MS, Counter


def idle_s(counter: Counter) -> int | None:
    return None if counter.view.idle is None else counter.view.idle.seconds_left


def test_somebody_who_leaves_is_warned_and_then_forgotten() -> None:
    counter = Counter()
    counter.to_check("temporary-residence", STAY)
    counter.wait(IDLE_MS - 1)
    assert idle_s(counter) is None
    counter.wait(1)
    assert idle_s(counter) == WARNING_MS // 1000
    assert Action.EXTEND in counter.view.actions
    counter.wait(WARNING_MS)
    assert counter.state.visit is None
    assert (counter.at(), counter.view.outcome) == (Page.FAREWELL, Outcome.TIMED_OUT)
    counter.wait(FAREWELL_MS)
    assert (counter.at(), counter.view.outcome) == (Page.HOME, None)


def test_a_touch_is_enough_to_stay() -> None:
    counter = Counter()
    counter.to_check()
    counter.wait(IDLE_MS + 1)
    counter.act(Action.EXTEND)
    assert idle_s(counter) is None
    assert Action.EXTEND not in counter.view.actions
    counter.wait(IDLE_MS - 1)
    counter.feed(Touched())
    counter.wait(IDLE_MS - 1)
    assert (counter.at(), idle_s(counter)) == (Page.CHECK, None)


def test_whoever_only_looked_leaves_without_a_word() -> None:
    counter = Counter()
    counter.act(Action.OPEN, need=Need.HOME)
    counter.wait(IDLE_MS + WARNING_MS)
    assert (counter.at(), counter.view.outcome) == (Page.HOME, None)
    counter.act(Action.CHOOSE, service="report-civic")
    counter.act(Action.END)
    assert (counter.at(), counter.view.outcome) == (Page.HOME, None)


def test_whoever_ends_before_submitting_is_told_that_nothing_was_submitted() -> None:
    counter = Counter()
    counter.to_check()
    counter.act(Action.END)
    assert (counter.at(), counter.view.outcome, counter.view.is_submitted) == (
        Page.FAREWELL,
        Outcome.LEFT,
        False,
    )
    assert counter.view.actions == [Action.OPEN, Action.CHOOSE]


@pytest.mark.parametrize("is_touched", [True, False])
def test_a_receipt_is_finished_whether_its_person_says_so_or_walks_off(*, is_touched: bool) -> None:
    counter = Counter()
    counter.to_receipt()
    if is_touched:
        counter.act(Action.END)
    else:
        counter.wait(IDLE_MS + WARNING_MS)
    assert (counter.view.outcome, counter.view.is_submitted) == (Outcome.FINISHED, True)
    assert counter.view.receipt is None


def test_every_countdown_wakes_the_screen_once_a_second() -> None:
    counter = Counter()
    counter.to_check()
    seen = []
    while counter.at() is Page.CHECK:
        deadline_ms = next_deadline_ms(counter.state, counter.now_ms)
        assert deadline_ms is not None
        counter.wait(deadline_ms - counter.now_ms)
        seen += [] if (seconds := idle_s(counter)) is None else [seconds]
    assert seen == list(range(WARNING_MS // 1000, 0, -1))
    assert next_deadline_ms(counter.state, counter.now_ms) == counter.now_ms + FAREWELL_MS
    counter.wait(FAREWELL_MS)
    assert next_deadline_ms(counter.state, counter.now_ms) is None


def test_nobody_is_warned_while_the_station_writes() -> None:
    counter = Counter()
    counter.to_check()
    counter.submit()
    counter.wait(10 * IDLE_MS)
    assert counter.at() is Page.SENDING
    assert next_deadline_ms(counter.state, counter.now_ms) is None


def test_nobody_is_warned_here_while_they_are_busy_with_their_card() -> None:
    counter = Counter()
    counter.start("temporary-residence")
    counter.feed(Away(is_away=True))
    counter.wait(10 * IDLE_MS)
    assert counter.at() is Page.QUESTION
    assert next_deadline_ms(counter.state, counter.now_ms) is None
    counter.feed(Away(is_away=False))
    counter.wait(IDLE_MS - 1)
    assert idle_s(counter) is None
    counter.wait(WARNING_MS + 1)
    assert counter.at() is Page.HOME


def test_whoever_walks_off_from_the_card_leaves_no_draft_behind() -> None:
    counter = Counter()
    counter.start("report-civic")
    counter.act(Action.ANSWER, question=counter.question.id, value=(counter.question.options or [])[0].id)
    counter.feed(Abandoned())
    assert (counter.state.visit, counter.view.outcome) == (None, Outcome.TIMED_OUT)


def test_a_full_disk_keeps_the_answers_and_the_same_request_is_tried_again() -> None:
    counter = Counter()
    counter.to_check()
    first = counter.submit()
    counter.settle(FULL)
    assert (counter.at(), counter.view.trouble, counter.view.is_submitted) == (Page.TROUBLE, FULL, False)
    assert counter.view.actions == [Action.SUBMIT, Action.BACK, Action.END]
    counter.act(Action.BACK)
    assert (counter.at(), counter.view.trouble) == (Page.CHECK, None)
    second = counter.submit()
    assert (second.request, second.tracking) == (first.request, TRACKING)
    assert second.answers == first.answers
    counter.settle()
    assert counter.at() is Page.RECEIPT


def test_it_can_be_tried_again_right_where_it_was_refused() -> None:
    counter = Counter()
    counter.to_check()
    first = counter.submit()
    counter.settle(FULL, tracking="")
    again = counter.submit()
    assert (again.request, again.tracking) == (first.request, "")


def test_without_a_recipient_there_is_nothing_to_try_again() -> None:
    counter = Counter()
    counter.to_check()
    counter.submit()
    counter.settle(NO_RECIPIENT)
    assert counter.view.actions == [Action.BACK, Action.END]


def test_another_request_has_another_name() -> None:
    counter = Counter()
    counter.to_check()
    first = counter.submit()
    counter.settle()
    counter.act(Action.END)
    counter.to_check()
    assert counter.submit().request != first.request


def test_what_settles_too_late_belongs_to_nobody() -> None:
    counter = Counter()
    counter.to_check()
    session = counter.submit().session
    counter.feed(Halted())
    counter.to_check()
    counter.submit()
    counter.feed(Settled(session=session, tracking=TRACKING))
    assert counter.at() is Page.SENDING
    counter.settle()
    counter.feed(Settled(session=session, problem=FULL))
    assert counter.at() is Page.RECEIPT


def test_after_submitting_nothing_of_the_answers_is_left() -> None:
    counter = Counter()
    counter.to_check("temporary-residence", STAY)
    counter.submit()
    counter.settle()
    visit = counter.state.visit
    assert isinstance(visit, Visit)
    assert (visit.answers, visit.card, visit.shown) == ({}, None, frozenset())
    shown = msgspec.json.encode(counter.view).decode()
    assert not [secret for secret in SECRETS if secret in shown]


def test_the_end_of_the_daemon_is_the_end_of_the_visit() -> None:
    counter = Counter()
    counter.to_check()
    counter.feed(Halted())
    assert counter.state.visit is None


def test_no_repr_of_anything_tells_what_was_answered() -> None:
    counter = Counter()
    counter.to_check("temporary-residence", STAY)
    counter.act(Action.SHOW, question="address")
    views = [counter.view]
    counter.act(Action.CHANGE, question="phone")
    views.append(counter.view)
    counter.act(Action.BACK)
    counter.submit()
    told = repr((counter.state, views, counter.effects, CARD, REPORT.keys()))
    assert not [secret for secret in SECRETS if secret in told]

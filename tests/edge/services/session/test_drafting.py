"""A draft is kept, opened again and gone on with at the same question; the disk is played by the test."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from catalogue.model import Service
from edge.idcard.card import Proof
from edge.services.draft_view import NO_ROOM, NOT_KEPT, DraftFault
from edge.services.errors import OrderRefusedError
from edge.services.session.draft import Draft, Keepsake, Kept, Way
from edge.services.session.due import next_deadline_ms
from edge.services.session.events import (
    DraftForgotten,
    DraftKept,
    DraftOpened,
    ForgetDraft,
)
from edge.services.session.state import PAUSE_MS, WRONG_CODES
from edge.services.view import FULL, Action, Outcome, Page
from tests.edge.services.session.drafts import (
    BY_CODE,
    CARD,
    CODE,
    DRAFT,
    UNTIL_MS,
    begun,
    counter,
    failed,
    found,
    keep,
    kept,
    opened,
    pause_s,
    session,
    unlock,
)
from tests.edge.services.visits import IDLE_MS, REPORT, WARNING_MS, Counter, site


def test_it_can_be_kept_on_every_page_once_something_was_answered() -> None:
    one = counter()
    one.start("report-security")
    assert Action.KEEP not in one.view.actions
    while one.at() is Page.QUESTION:
        one.act(Action.ANSWER, question=one.question.id, value=REPORT[one.question.id])
        assert Action.KEEP in one.view.actions
    assert one.at() is Page.CHECK
    one.submit()
    assert Action.KEEP not in one.view.actions
    one.settle(FULL)
    assert Action.KEEP in one.view.actions


def test_a_station_that_keeps_nothing_offers_nothing() -> None:
    one = Counter()
    assert Action.RESUME not in one.view.actions
    one.to_check()
    assert Action.KEEP not in one.view.actions


def test_a_code_is_shown_only_when_the_disk_has_the_draft_and_the_answers_are_then_forgotten() -> None:
    one = begun()
    order = keep(one)
    assert (order.draft, order.keepsake) == (DRAFT, Keepsake(Way.CODE, ""))
    assert (one.at(), one.view.actions, one.view.kept) == (Page.WAITING, [], None)
    one.wait(10 * IDLE_MS)
    assert one.at() is Page.WAITING
    kept(one)
    assert one.view.kept is not None
    assert (one.at(), one.view.kept.code, one.view.kept.until_ms) == (Page.KEPT, CODE, UNTIL_MS)
    assert one.state.visit is not None
    assert not one.state.visit.answers
    assert not one.view.is_submitted
    one.act(Action.END)
    assert (one.at(), one.view.outcome) == (Page.FAREWELL, Outcome.KEPT)


def test_who_does_not_want_it_goes_back_to_the_same_question() -> None:
    one = begun()
    before = one.question
    one.act(Action.KEEP)
    assert (one.at(), Action.KEEP_BY_CARD in one.view.actions) == (Page.KEEP, False)
    one.act(Action.BACK)
    assert one.question == before


@pytest.mark.parametrize("problem", [NO_ROOM, NOT_KEPT])
def test_what_cannot_be_kept_is_still_there(problem: str) -> None:
    one = begun()
    before = one.question
    keep(one)
    one.feed(DraftKept(session=session(one), problem=problem))
    assert (one.at(), one.view.trouble) == (Page.TROUBLE, problem)
    assert Action.KEEP in one.view.actions
    assert Action.SUBMIT not in one.view.actions
    one.act(Action.BACK)
    assert one.question == before


def test_a_draft_is_gone_on_with_at_the_same_question() -> None:
    one = found()
    view = one.view
    assert view.found is not None
    assert (view.page, view.found.answered, view.found.anew, view.found.is_changed) == (
        Page.FOUND,
        2,
        [],
        False,
    )
    one.act(Action.START)
    assert (one.at(), one.question.id) == (Page.QUESTION, "where")
    one.act(Action.BACK)
    assert (one.question.id, one.question.value) == ("now", True)


def test_who_had_stepped_back_comes_to_where_they_were_and_who_had_checked_to_the_check() -> None:
    one = begun()
    one.act(Action.BACK)
    assert keep(one).draft.question == "now"
    for question, page in (("now", Page.QUESTION), ("", Page.CHECK)):
        other = counter()
        unlock(other)
        opened(other, Draft("report-security", 1, question, REPORT))
        other.act(Action.START)
        assert (other.at(), "" if other.view.question is None else other.question.id) == (page, question)


def test_a_draft_that_was_gone_on_with_keeps_its_code() -> None:
    one = found()
    one.act(Action.START)
    one.act(Action.ANSWER, question="where", value=REPORT["where"])
    order = keep(one)
    assert (order.keepsake, order.instead) == (BY_CODE, None)


def test_what_was_submitted_is_kept_no_longer() -> None:
    one = found()
    one.act(Action.START)
    one.answer_all(REPORT)
    one.submit()
    before = len(one.effects)
    one.settle()
    assert one.effects[before:] == [ForgetDraft(session(one), BY_CODE)]
    assert one.at() is Page.RECEIPT
    one.act(Action.END)
    assert one.view.outcome is Outcome.FINISHED


def test_what_could_not_be_submitted_is_kept_on() -> None:
    one = found()
    one.act(Action.START)
    one.answer_all(REPORT)
    one.submit()
    one.settle(FULL)
    assert not [each for each in one.effects if isinstance(each, ForgetDraft)]


@pytest.mark.parametrize("leaving", ["end", "idle"])
def test_who_leaves_without_submitting_is_told_that_the_draft_is_still_there(leaving: str) -> None:
    one = found()
    one.act(Action.START)
    if leaving == "end":
        one.act(Action.END)
    else:
        one.wait(IDLE_MS + WARNING_MS)
    assert (one.state.visit, one.view.outcome) == (None, Outcome.STILL_KEPT)


def test_a_draft_is_deleted_when_its_person_says_so_and_only_then_told() -> None:
    one = found()
    assert one.act(Action.FORGET) == [ForgetDraft(session(one), BY_CODE)]
    assert one.at() is Page.WAITING
    one.feed(DraftForgotten(session(one)))
    assert (one.at(), one.view.outcome) == (Page.FAREWELL, Outcome.FORGOTTEN)


def test_a_draft_that_the_disk_does_not_let_go_of_is_not_said_to_be_gone() -> None:
    one = found()
    one.act(Action.FORGET)
    one.feed(DraftForgotten(session(one), NOT_KEPT))
    assert (one.at(), one.view.trouble) == (Page.TROUBLE, NOT_KEPT)
    one.act(Action.BACK)
    assert one.at() is Page.FOUND


def test_a_slip_of_the_finger_is_told_at_once_and_not_counted() -> None:
    one = counter()
    one.act(Action.RESUME)
    for _ in range(2 * WRONG_CODES):
        assert one.act(Action.UNLOCK, code=CODE[:-1]) == []
        assert one.view.resume is not None
        assert (one.view.resume.fault, one.view.resume.seconds_left) == (DraftFault.MISTYPED, None)


def test_five_wrong_codes_make_a_pause_of_a_minute_whoever_stands_there() -> None:
    one = counter()
    for _ in range(WRONG_CODES - 1):
        assert failed(one, None) is DraftFault.UNKNOWN
    one.act(Action.END)
    assert one.at() is Page.HOME
    assert failed(one, None) is DraftFault.UNKNOWN
    assert pause_s(one) == PAUSE_MS // 1000
    assert next_deadline_ms(one.state, one.now_ms) == one.now_ms + 1_000
    with pytest.raises(OrderRefusedError):
        one.act(Action.UNLOCK, code=CODE)
    one.act(Action.END)
    one.act(Action.RESUME)
    assert Action.UNLOCK not in one.view.actions
    one.wait(PAUSE_MS - 1)
    assert (pause_s(one), Action.UNLOCK in one.view.actions) == (1, False)
    one.wait(1)
    assert pause_s(one) is None
    unlock(one)
    opened(one)
    assert one.at() is Page.FOUND


@pytest.mark.parametrize("fault", [DraftFault.DAMAGED, DraftFault.UNREADABLE])
def test_what_is_the_station_s_fault_is_not_counted(fault: DraftFault) -> None:
    one = counter()
    for _ in range(2 * WRONG_CODES):
        assert failed(one, fault) is fault


def test_a_code_that_opens_something_ends_the_counting() -> None:
    one = counter()
    for _ in range(WRONG_CODES - 1):
        failed(one, None)
    unlock(one)
    opened(one)
    one.act(Action.END)
    one.wait(10_000)
    assert failed(one, None) is DraftFault.UNKNOWN
    assert Action.UNLOCK in one.view.actions


def test_a_service_that_is_no_longer_offered_is_told() -> None:
    one = counter()
    unlock(one)
    opened(one, Draft("gone-water", 1, "", {}))
    assert one.view.resume is not None
    assert one.view.resume.fault is DraftFault.NOT_OFFERED


def test_whoever_has_left_is_shown_nothing() -> None:
    one = counter()
    unlock(one)
    late = session(one)
    one.feed(DraftOpened(session="f" * 32, keepsake=BY_CODE, draft=DRAFT))
    assert one.at() is Page.WAITING
    opened(one, None)
    one.act(Action.END)
    for event in (
        DraftOpened(session=late, keepsake=BY_CODE, draft=DRAFT),
        DraftKept(session=late, kept=Kept(BY_CODE, UNTIL_MS)),
        DraftForgotten(late),
    ):
        one.feed(event)
        assert one.at() is Page.HOME


def changed(version: int = 9) -> Service:
    """The report as its authority changed it: `category` has other options, `now` is gone, `phone` is new."""
    offered = site().offer.find("report-security")
    assert offered is not None
    first, _, *others = offered.asked.questions
    options = tuple(each for each in first.options if each.id != "theft")  # type: ignore[union-attr]
    questions = (msgspec.structs.replace(first, options=options), *others)
    return msgspec.structs.replace(offered.asked, version=version, questions=questions)


def test_after_a_change_of_the_service_what_fits_stays_and_the_rest_is_named() -> None:
    one = counter()
    offered = one.state.site.offer.find("report-security")
    assert offered is not None
    one.state.site.offer._services["report-security"] = replace(offered, whole=changed(), asked=changed())
    unlock(one)
    opened(one, Draft("report-security", 1, "what", {**REPORT, "soul": "lost"}))
    view = one.view.found
    assert view is not None
    assert (view.is_changed, [text.vi for text in view.anew]) == (True, [offered.asked.questions[0].text.vi])
    one.act(Action.START)
    assert (one.at(), one.question.id) == (Page.QUESTION, "category")
    assert one.state.visit is not None
    assert one.state.visit.answers["where"] == REPORT["where"]
    assert "soul" not in one.state.visit.answers


def test_an_answer_that_time_has_passed_by_is_asked_anew() -> None:
    one = counter()
    one.today = dt.date(2026, 8, 1)
    unlock(one)
    opened(one, Draft("temporary-residence", 3, "months", {"case": "new", "since": "2026-09-01"}))
    assert one.view.found is not None
    assert len(one.view.found.anew) == 1


def test_the_warning_offers_to_keep_what_would_be_wiped() -> None:
    one = begun()
    one.wait(IDLE_MS)
    assert {Action.EXTEND, Action.KEEP} <= {*one.view.actions}
    one.act(Action.KEEP)
    assert one.at() is Page.KEEP
    assert one.view.idle is None


def test_no_repr_tells_a_code_or_an_answer() -> None:
    one = begun()
    order = keep(one)
    kept(one)
    unlocked = DraftOpened(session="1", keepsake=BY_CODE, draft=DRAFT)
    told = f"{order!r} {one.state!r} {one.view!r} {unlocked!r} {Proof!r} {CARD.proof!r}"
    for trace in (CODE, "theft", "ab" * 32):
        assert trace not in told

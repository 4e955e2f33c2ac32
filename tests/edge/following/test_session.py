"""Following a request, without any hands: codes, what is known and heard, what may be done and what is asked twice."""

from dataclasses import replace
from typing import Any

import pytest

from edge.following.errors import OrderRefusedError
from edge.following.session import (
    MAX_WRONG,
    NOBODY,
    PAUSE_MS,
    State,
    allowed,
    amendment,
    heard,
    known,
    left,
    recorded,
    show,
    shown,
    typed,
    unrecorded,
)
from edge.following.view import Needed, Order, Page, Step, Trouble
from tests.edge.following.test_known import news
from wire.asking import NotAnswered, RequestFound, RequestsFound
from wire.entries import RequestAction, RequestKind
from wire.messages import AmendmentRefused, RequestChanged
from wire.tracking import Receipt, proof_of

A, B = "a" * 32, "b" * 32
OPEN = news(allowed=[RequestAction.SUPPLEMENT, RequestAction.WITHDRAW, RequestAction.RATE])
CODE = OPEN.tracking
WORD = "K7QM3V"
PROOF = proof_of(Receipt(CODE, WORD))


def found(now: RequestChanged) -> RequestsFound:
    one = RequestFound(
        service="temporary-residence", request_kind=RequestKind.DOSSIER, submitted_at_ms=1, now=now
    )
    return RequestsFound(requests=[one])


def looked_up(now: RequestChanged = OPEN) -> State:
    return heard(typed(NOBODY, CODE, 0), CODE, found(now), A, 0)


def proven(now: RequestChanged = OPEN) -> State:
    return shown(looked_up(now), WORD, 0)


def order(action: RequestAction, **more: Any) -> Order:
    return Order(step=Step.AMEND, action=action, **more)


def test_a_code_is_read_however_it_is_written() -> None:
    for text in (CODE, CODE.lower(), CODE.replace("-", " ")):
        state = typed(NOBODY, text, 0)
        assert (state.page, state.code, state.trouble) == (Page.ASKING, CODE, None)


def test_a_mistyped_code_is_told_before_anybody_is_asked() -> None:
    state = typed(NOBODY, "K7QM-3VXP-2HFE", 0)
    assert (state.page, state.code, state.trouble) == (Page.CODE, "", Trouble.MISTYPED)


def test_ten_wrong_codes_are_followed_by_a_pause_which_leaving_does_not_end() -> None:
    state = NOBODY
    for number in range(MAX_WRONG):
        state = typed(state, CODE, number)
        assert state.code == CODE
        state = heard(state, CODE, NotAnswered(code="unknown"), A, number)
        assert state.trouble is Trouble.UNKNOWN
    assert typed(left(state), CODE, PAUSE_MS - 1).trouble is Trouble.TOO_OFTEN
    assert typed(left(state), CODE, PAUSE_MS).code == CODE


def test_what_the_station_was_told_is_shown_at_once_and_the_centre_makes_it_fresh() -> None:
    local = known(typed(NOBODY, CODE, 0), OPEN, A)
    assert (local.page, local.now, local.is_fresh) == (Page.FOUND, OPEN, False)
    newer = news(version=4, state="decided")
    fresh = heard(local, CODE, found(newer), B, 0)
    assert (fresh.now, fresh.is_fresh, fresh.token) == (newer, True, B)
    assert show(fresh).service == "temporary-residence"


def test_an_older_answer_of_the_centre_does_not_take_back_what_is_known() -> None:
    local = known(typed(NOBODY, CODE, 0), news(version=9), A)
    assert heard(local, CODE, found(OPEN), B, 0).now == news(version=9)


def test_without_an_answer_what_is_known_stays_and_is_said_to_be_old() -> None:
    local = known(typed(NOBODY, CODE, 0), OPEN, A)
    state = heard(local, CODE, None, B, 0)
    assert (state.page, state.now, state.is_fresh, state.trouble) == (
        Page.FOUND,
        OPEN,
        False,
        Trouble.OFFLINE,
    )
    nothing = heard(typed(NOBODY, CODE, 0), CODE, None, B, 0)
    assert (nothing.page, nothing.trouble) == (Page.CODE, Trouble.OFFLINE)
    assert nothing.wrong_ms == (), "a line that is cut is nobody's wrong code"


def test_too_many_questions_are_told_as_such() -> None:
    state = heard(typed(NOBODY, CODE, 0), CODE, NotAnswered(code="too-often"), A, 0)
    assert (state.page, state.trouble) == (Page.CODE, Trouble.TOO_OFTEN)


def test_an_answer_about_another_code_changes_nothing() -> None:
    state = left(proven())
    assert heard(state, CODE, found(OPEN), B, 0) == state


def test_what_needs_papers_or_a_card_is_not_offered() -> None:
    assert allowed(proven()) == [RequestAction.WITHDRAW, RequestAction.RATE]
    owned = news(is_owned=True, allowed=OPEN.allowed)
    assert allowed(looked_up(owned)) == []
    with pytest.raises(OrderRefusedError):
        amendment(looked_up(owned), order(RequestAction.WITHDRAW, is_sure=True))


def test_the_code_alone_shows_and_the_word_lets_one_act() -> None:
    view = show(looked_up())
    assert (view.now, view.actions, view.needed) == (OPEN, [], Needed.WORD)
    assert view.offered == [RequestAction.WITHDRAW, RequestAction.RATE]
    with pytest.raises(OrderRefusedError):
        amendment(looked_up(), order(RequestAction.RATE, rating=5))
    for text in (WORD, "k7q m3v", "K7Q-M3V"):
        view = show(shown(looked_up(), text, 0))
        assert (view.actions, view.needed) == (view.offered, Needed.NOTHING)


def test_the_code_of_the_receipt_holds_both() -> None:
    state = typed(NOBODY, f"{CODE}/{WORD}", 0)
    assert (state.page, state.code, state.proof) == (Page.ASKING, CODE, PROOF)
    assert allowed(heard(state, CODE, found(OPEN), A, 0)) == [RequestAction.WITHDRAW, RequestAction.RATE]
    assert typed(NOBODY, f"{CODE}/K7QM", 0).trouble is Trouble.MISTYPED


def test_a_wrong_word_is_told_and_counted_and_can_be_typed_again() -> None:
    state = heard(proven(), CODE, NotAnswered(code="not-yours"), B, 0)
    assert (state.now, allowed(state), state.trouble) == (OPEN, [], Trouble.NOT_YOURS)
    assert show(state).needed is Needed.WORD
    for _ in range(MAX_WRONG - 2):
        state = shown(state, "K7QM3", 0)
        assert state.trouble is Trouble.MISTYPED
    state = shown(state, "", 0)
    assert shown(state, WORD, PAUSE_MS - 1).trouble is Trouble.TOO_OFTEN
    assert allowed(shown(state, WORD, PAUSE_MS)) == [RequestAction.WITHDRAW, RequestAction.RATE]


def test_a_wrong_word_that_only_the_centre_could_tell_is_asked_for_again() -> None:
    sent = replace(proven(), sent=RequestAction.WITHDRAW)
    refused = news(allowed=OPEN.allowed, refused=AmendmentRefused(amendment=A, code="not-yours"))
    state = known(sent, refused, B)
    assert (allowed(state), state.trouble, show(state).needed) == ([], Trouble.NOT_YOURS, Needed.WORD)


def test_a_scanned_receipt_whose_word_is_wrong_begins_anew() -> None:
    state = heard(typed(NOBODY, f"{CODE}/{WORD}", 0), CODE, NotAnswered(code="not-yours"), B, 0)
    assert (state.page, state.trouble, state.proof) == (Page.CODE, Trouble.NOT_YOURS, "")


def test_a_word_is_taken_only_where_one_is_asked_for() -> None:
    for state in (NOBODY, proven(), looked_up(news(is_owned=True, allowed=OPEN.allowed))):
        with pytest.raises(OrderRefusedError):
            shown(state, WORD, 0)


def test_what_was_shown_is_told_to_nobody() -> None:
    assert WORD not in repr(Order(step=Step.PROVE, word=WORD, code=WORD))
    assert PROOF not in repr(proven())


def test_withdrawing_is_asked_twice() -> None:
    with pytest.raises(OrderRefusedError) as caught:
        amendment(proven(), order(RequestAction.WITHDRAW))
    assert caught.value.reason == "not-sure"
    made = amendment(proven(), order(RequestAction.WITHDRAW, is_sure=True))
    assert (made.amendment, made.request, made.version) == (A, OPEN.request, OPEN.version)
    assert made.proof == PROOF


@pytest.mark.parametrize(
    "wanted",
    [
        order(RequestAction.RATE),
        order(RequestAction.WITHDRAW, is_sure=True, rating=3),
        order(RequestAction.CONFIRM),
        order(RequestAction.SUPPLEMENT),
        Order(step=Step.AMEND),
    ],
)
def test_what_is_not_offered_or_not_whole_is_refused(wanted: Order) -> None:
    with pytest.raises(OrderRefusedError) as caught:
        amendment(proven(), wanted)
    assert caught.value.reason == "not-now"


def test_after_it_is_recorded_nothing_is_offered_until_the_request_changes() -> None:
    state = proven()
    sent = recorded(state, amendment(state, order(RequestAction.RATE, rating=5)))
    assert (sent.sent, allowed(sent)) == (RequestAction.RATE, [])
    assert heard(sent, CODE, found(OPEN), B, 0).sent is RequestAction.RATE
    after = heard(sent, CODE, found(news(version=4)), B, 0)
    assert (after.sent, after.token) == (None, B)


def test_a_refusal_of_what_was_done_here_is_shown_and_lets_the_person_go_on() -> None:
    sent = replace(proven(), sent=RequestAction.WITHDRAW)
    other = news(allowed=OPEN.allowed, refused=AmendmentRefused(amendment=B, code="stale"))
    assert known(sent, other, "c" * 32) == sent
    ours = news(allowed=OPEN.allowed, refused=AmendmentRefused(amendment=A, code="stale"))
    state = known(sent, ours, B)
    assert (state.sent, state.token, state.now) == (None, B, ours)
    assert RequestAction.WITHDRAW in allowed(state)


def test_what_the_disk_did_not_take_can_be_tried_again() -> None:
    state = unrecorded(proven())
    assert (state.trouble, state.sent) == (Trouble.NOT_RECORDED, None)
    assert RequestAction.RATE in allowed(state)

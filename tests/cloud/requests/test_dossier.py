"""The dossier of a public service, from the kiosk to the result."""

from typing import Any

import pytest

from cloud.requests.act import LATE_TEXT, MAX_NEW_DATES, NEW_DATE_TEXT, act, tick
from cloud.requests.dossier import DOSSIER, MAX_SUPPLEMENTS
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.request import CITIZEN, SYSTEM, Actor, ActorKind, Decision, State, Verb
from tests.cloud.requests.samples import (
    CALENDAR,
    DAY_MS,
    NOW_MS,
    OFFICER,
    PORTAL,
    TO_PROCESSING,
    action,
    at_ms,
    do,
    fresh,
    walk,
)

WANTED: dict[str, Any] = {"reason": "incomplete", "wanted": ("birth-certificate",)}
GRANT = (Verb.DECIDE, {"decision": Decision.GRANTED})


def test_a_dossier_goes_from_the_kiosk_to_the_result_with_supplement_and_fee() -> None:
    request = walk(
        fresh(),
        (Verb.RECEIVE, {"case_number": "H29.13.5-261123-0012"}),
        (Verb.ASK_SUPPLEMENT, WANTED),
        (Verb.SUPPLEMENT, {}),
        (Verb.ASK_FEE, {}),
        (Verb.PAY, {"order": "order-1"}),
        (Verb.START, {}),
        GRANT,
        (Verb.MAKE_READY, {}),
        (Verb.DELIVER, {}),
        (Verb.RATE, {"rating": 5}),
    )
    assert (request.state, request.decision, request.rating) == (State.DELIVERED, Decision.GRANTED, 5)
    assert (request.case_number, request.payment_order) == ("H29.13.5-261123-0012", "order-1")
    assert request.version == 11
    assert request.ended_at_ms == NOW_MS


def test_the_opening_event_is_the_citizens_and_names_the_first_state() -> None:
    request = fresh()
    assert (request.version, request.state) == (1, State.SUBMITTED)
    assert request.due_at_ms == at_ms(25, 8), "eight working hours from Monday 08:00, the 24th is off"


def test_every_change_is_an_event_with_sequence_actor_time_and_key() -> None:
    change = do(fresh(), Verb.REFUSE, OFFICER, reason="outside-our-remit", key="abc", now_ms=NOW_MS + 5)
    event = change.event
    assert (event.sequence, event.actor, event.at_ms, event.key) == (2, OFFICER, NOW_MS + 5, "desk:abc")
    assert (event.verb, event.state) == (Verb.REFUSE, State.REFUSED)
    assert dict(event.data) == {"reason": "outside-our-remit"}
    assert change.request.reason == "outside-our-remit"


def test_a_refusal_has_a_reason() -> None:
    with pytest.raises(RefusedError) as refused:
        do(fresh(), Verb.REFUSE)
    assert refused.value.code is RefusedCode.INVALID


def test_what_is_wanted_is_named() -> None:
    change = do(walk(fresh(), *TO_PROCESSING), Verb.ASK_SUPPLEMENT, **WANTED)
    assert dict(change.event.data) == {"reason": "incomplete", "wanted": ["birth-certificate"]}
    assert change.request.due_at_ms == NOW_MS + 30 * DAY_MS


def test_supplements_are_asked_for_so_often_and_no_more() -> None:
    request = walk(fresh(), *TO_PROCESSING)
    for _ in range(MAX_SUPPLEMENTS):
        request = walk(request, (Verb.ASK_SUPPLEMENT, WANTED), (Verb.SUPPLEMENT, {}))
    with pytest.raises(RefusedError) as refused:
        do(request, Verb.ASK_SUPPLEMENT, **WANTED)
    assert refused.value.code is RefusedCode.TOO_OFTEN


@pytest.mark.parametrize(
    "state", [State.SUBMITTED, State.PROCESSING, State.SUPPLEMENT_WANTED, State.FEE_PAID]
)
def test_the_citizen_may_withdraw_while_nothing_is_decided(state: State) -> None:
    steps = {
        State.SUBMITTED: (),
        State.PROCESSING: TO_PROCESSING,
        State.SUPPLEMENT_WANTED: (*TO_PROCESSING, (Verb.ASK_SUPPLEMENT, WANTED)),
        State.FEE_PAID: (*TO_PROCESSING, (Verb.ASK_FEE, {}), (Verb.PAY, {"order": "order-1"})),
    }
    request = walk(fresh(), *steps[state])
    assert request.state is state
    assert do(request, Verb.WITHDRAW, CITIZEN).request.state is State.WITHDRAWN


def test_what_is_decided_cannot_be_withdrawn() -> None:
    request = walk(fresh(), *TO_PROCESSING, GRANT)
    with pytest.raises(RefusedError) as refused:
        do(request, Verb.WITHDRAW, CITIZEN)
    assert refused.value.code is RefusedCode.NOT_ALLOWED
    assert refused.value.fresh == request


def test_only_the_platform_says_that_money_came() -> None:
    request = walk(fresh(), *TO_PROCESSING, (Verb.ASK_FEE, {}))
    for nobody in (CITIZEN, OFFICER):
        with pytest.raises(RefusedError):
            do(request, Verb.PAY, nobody, order="order-1")
    assert do(request, Verb.PAY, SYSTEM, order="order-1").request.state is State.FEE_PAID


def test_a_dossier_is_stopped_only_when_the_citizens_time_is_over() -> None:
    request = walk(fresh(), *TO_PROCESSING, (Verb.ASK_FEE, {}))
    assert request.due_at_ms is not None
    with pytest.raises(RefusedError):
        do(request, Verb.STOP, reason="not-paid", now_ms=request.due_at_ms)
    stopped = do(request, Verb.STOP, reason="not-paid", now_ms=request.due_at_ms + 1).request
    assert (stopped.state, stopped.reason) == (State.STOPPED, "not-paid")


def test_a_late_desk_apologises_of_itself_and_once() -> None:
    request = fresh()
    assert request.due_at_ms is not None
    assert tick(DOSSIER, request, request.due_at_ms, CALENDAR) is None
    change = tick(DOSSIER, request, request.due_at_ms + 1, CALENDAR)
    assert change is not None
    assert (change.event.verb, change.event.text) == (Verb.RUN_LATE, LATE_TEXT)
    assert dict(change.event.data) == {"due_at_ms": request.due_at_ms}
    assert change.event.key == "system:run-late-2"
    late = change.request
    assert (late.late_since_ms, late.due_at_ms) == (request.due_at_ms, request.due_at_ms)
    assert tick(DOSSIER, late, request.due_at_ms + 40 * DAY_MS, CALENDAR) is None


def test_lateness_makes_no_officers_view_stale_and_is_kept() -> None:
    request = fresh()
    late = tick(DOSSIER, request, NOW_MS + 10 * DAY_MS, CALENDAR)
    assert late is not None
    after = do(late.request, Verb.RECEIVE, version=request.version, now_ms=NOW_MS + 10 * DAY_MS).request
    assert after.state is State.RECEIVED
    assert after.late_since_ms == request.due_at_ms


def test_a_new_date_is_promised_with_an_apology() -> None:
    request = walk(fresh(), *TO_PROCESSING)
    new_ms = NOW_MS + 20 * DAY_MS
    change = do(request, Verb.APOLOGISE, new_due_ms=new_ms, reason="much-to-check")
    assert change.event.text == NEW_DATE_TEXT
    assert dict(change.event.data) == {
        "due_at_ms": request.due_at_ms,
        "new_due_ms": new_ms,
        "reason": "much-to-check",
    }
    assert change.request.due_at_ms == new_ms
    late = tick(DOSSIER, change.request, new_ms + 1, CALENDAR)
    assert late is not None
    assert late.event.verb is Verb.RUN_LATE


def test_a_new_date_is_no_excuse_for_ever() -> None:
    request = walk(fresh(), *TO_PROCESSING)
    assert request.due_at_ms is not None
    for bad_ms in (request.due_at_ms, NOW_MS - 1, NOW_MS + 400 * DAY_MS):
        with pytest.raises(RefusedError) as refused:
            do(request, Verb.APOLOGISE, new_due_ms=bad_ms, reason="much-to-check")
        assert refused.value.code is RefusedCode.INVALID
    for number in range(MAX_NEW_DATES):
        new_ms = NOW_MS + (20 + number) * DAY_MS
        request = do(request, Verb.APOLOGISE, new_due_ms=new_ms, reason="much-to-check").request
    with pytest.raises(RefusedError) as refused:
        do(request, Verb.APOLOGISE, new_due_ms=NOW_MS + 80 * DAY_MS, reason="much-to-check")
    assert refused.value.code is RefusedCode.TOO_OFTEN


def test_nobody_apologises_for_the_citizen() -> None:
    request = walk(fresh(), *TO_PROCESSING, (Verb.ASK_FEE, {}))
    with pytest.raises(RefusedError):
        do(request, Verb.APOLOGISE, new_due_ms=NOW_MS + 60 * DAY_MS, reason="much-to-check")


def test_a_citizen_who_does_nothing_is_nudged_not_called_late() -> None:
    request = walk(fresh(), *TO_PROCESSING, (Verb.ASK_SUPPLEMENT, WANTED))
    nudged = tick(DOSSIER, request, NOW_MS + 31 * DAY_MS, CALENDAR)
    assert nudged is not None
    assert nudged.event.verb is Verb.NUDGE
    assert nudged.request.late_since_ms is None
    assert do(nudged.request, Verb.SUPPLEMENT, CITIZEN).request.state is State.SUPPLEMENTED


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(rating: int) -> None:
    with pytest.raises(RefusedError):
        do(do(fresh(), Verb.REFUSE, reason="incomplete").request, Verb.RATE, CITIZEN, rating=rating)


def test_one_rates_once_and_only_at_the_end() -> None:
    with pytest.raises(RefusedError) as early:
        do(fresh(), Verb.RATE, CITIZEN, rating=5)
    assert early.value.code is RefusedCode.NOT_ALLOWED
    rated = walk(fresh(), (Verb.REFUSE, {"reason": "incomplete"}), (Verb.RATE, {"rating": 1}))
    with pytest.raises(RefusedError) as again:
        do(rated, Verb.RATE, CITIZEN, rating=5)
    assert again.value.code is RefusedCode.TOO_OFTEN


def test_the_portal_says_where_it_stands_and_no_step_is_made_up() -> None:
    change = do(fresh(), Verb.FOLLOW, PORTAL, state=State.PROCESSING, case_number="H29.13.5-261123-0012")
    assert change.request.state is State.PROCESSING
    assert change.request.case_number == "H29.13.5-261123-0012"
    assert change.event.sequence == 2
    assert change.event.actor == PORTAL


def test_the_portal_does_not_lead_backwards_or_out_of_an_end() -> None:
    decided = walk(fresh(), *TO_PROCESSING, GRANT)
    for request, state in ((decided, State.PROCESSING), (fresh(), State.SUBMITTED), (fresh(), State.BOOKED)):
        with pytest.raises(RefusedError):
            do(request, Verb.FOLLOW, PORTAL, state=state)
    refused = do(fresh(), Verb.REFUSE, reason="incomplete").request
    with pytest.raises(RefusedError):
        do(refused, Verb.FOLLOW, PORTAL, state=State.PROCESSING)


def test_a_decision_belongs_to_what_was_decided() -> None:
    with pytest.raises(RefusedError):
        do(fresh(), Verb.FOLLOW, PORTAL, state=State.DECIDED)
    with pytest.raises(RefusedError):
        do(fresh(), Verb.FOLLOW, PORTAL, state=State.PROCESSING, decision=Decision.GRANTED)
    ready = do(fresh(), Verb.FOLLOW, PORTAL, state=State.RESULT_READY, decision=Decision.DENIED).request
    assert ready.decision is Decision.DENIED


def test_an_officer_does_not_speak_for_an_outside_system() -> None:
    with pytest.raises(RefusedError):
        do(fresh(), Verb.FOLLOW, Actor(ActorKind.DESK, "mot.cua"), state=State.PROCESSING)


@pytest.mark.parametrize("changed", [{"key": ""}, {"key": "k" * 65}, {"note": "n" * 201}, {"rating": 3}])
def test_an_action_of_no_form_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as refused:
        act(DOSSIER, fresh(), action(Verb.RECEIVE, **changed), NOW_MS, CALENDAR)
    assert refused.value.code is RefusedCode.INVALID


@pytest.mark.parametrize("changed", [{"state": State.RECEIVED}, {"version": 2}, {"fields": ("x",) * 17}])
def test_only_what_is_new_can_be_opened(changed: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        fresh(**changed)

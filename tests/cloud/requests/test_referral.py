"""A referral to a bank, an operator, or the ward's area officer."""

import pytest

from cloud.requests.act import open_request, tick
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.referral import MAX_SUPPLEMENTS, REFERRAL
from cloud.requests.request import CITIZEN, Kind, Request, State, Verb
from tests.cloud.requests.samples import CALENDAR, DAY_MS, NOW_MS, Step, do, fresh, walk

FIELDS = ("number", "name", "birth")
RECEIVED: Step = (Verb.RECEIVE, {})
CONTACTED: Step = (Verb.CONTACT, {})


def referral(kind: Kind = Kind.REFERRAL) -> Request:
    return fresh(kind, service="referral-bank-account", fields=FIELDS)


@pytest.mark.parametrize("kind", [Kind.REFERRAL, Kind.CONTACT])
def test_a_wish_is_received_answered_and_done(kind: Kind) -> None:
    request = walk(referral(kind), RECEIVED, CONTACTED, (Verb.FINISH, {}), (Verb.RATE, {"rating": 3}))
    assert (request.state, request.rating) == (State.DONE, 3)


def test_the_fields_that_the_person_agreed_to_send_stay_the_same() -> None:
    assert walk(referral(), RECEIVED, CONTACTED).fields == FIELDS


def test_who_calls_at_once_has_received_it() -> None:
    assert do(referral(), Verb.CONTACT).request.state is State.CONTACTED


def test_a_partner_declines_with_a_reason() -> None:
    with pytest.raises(RefusedError):
        do(referral(), Verb.DECLINE)
    declined = do(referral(), Verb.DECLINE, reason="not-eligible").request
    assert (declined.state, declined.reason) == (State.DECLINED, "not-eligible")


@pytest.mark.parametrize("steps", [(), (RECEIVED,), (RECEIVED, CONTACTED)])
def test_the_person_withdraws_until_it_is_done(steps: tuple[Step, ...]) -> None:
    assert do(walk(referral(), *steps), Verb.WITHDRAW, CITIZEN).request.state is State.WITHDRAWN


def test_what_is_done_is_not_withdrawn() -> None:
    with pytest.raises(RefusedError) as refused:
        do(walk(referral(), RECEIVED, (Verb.FINISH, {})), Verb.WITHDRAW, CITIZEN)
    assert refused.value.code is RefusedCode.NOT_ALLOWED


def test_a_partner_who_says_nothing_runs_late_and_is_not_let_off() -> None:
    late = tick(REFERRAL, referral(), NOW_MS + 5 * DAY_MS, CALENDAR)
    assert late is not None
    assert (late.request.state, late.event.verb) == (State.SENT, Verb.RUN_LATE)
    assert do(late.request, Verb.RECEIVE).request.state is State.RECEIVED


def test_what_is_missing_may_be_brought_and_not_for_ever() -> None:
    request = walk(referral(), RECEIVED)
    wanted = {"reason": "incomplete", "wanted": ("payslip",)}
    for _ in range(MAX_SUPPLEMENTS):
        request = walk(request, (Verb.ASK_SUPPLEMENT, wanted), (Verb.SUPPLEMENT, {}))
    assert request.state is State.RECEIVED
    with pytest.raises(RefusedError) as refused:
        do(request, Verb.ASK_SUPPLEMENT, reason="incomplete", wanted=("payslip",))
    assert refused.value.code is RefusedCode.TOO_OFTEN


def test_a_withdrawn_referral_is_not_rated() -> None:
    with pytest.raises(RefusedError):
        do(do(referral(), Verb.WITHDRAW, CITIZEN).request, Verb.RATE, CITIZEN, rating=5)


def test_the_opening_is_told_as_the_persons_own_act() -> None:
    request = Request(
        **{
            name: getattr(referral(), name)
            for name in ("id", "tracking", "kind", "service", "service_version")
        },
        station="st-0001",
        ward="27097",
        state=State.SENT,
        opened_at_ms=NOW_MS,
        entered_at_ms=NOW_MS,
        updated_at_ms=NOW_MS,
    )
    event = open_request(REFERRAL, request, "opening", NOW_MS, CALENDAR).event
    assert (event.sequence, event.verb, event.actor, event.key) == (
        1,
        Verb.SUBMIT,
        CITIZEN,
        "citizen:opening",
    )

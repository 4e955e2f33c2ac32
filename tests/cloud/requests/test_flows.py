"""What holds for every kind of request, whatever anybody does in whatever order."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.requests.act import act, tick
from cloud.requests.calendar import Term, Unit
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.flow import Flow
from cloud.requests.flows import FLOWS
from cloud.requests.request import (
    Action,
    Actor,
    ActorKind,
    Change,
    Decision,
    Kind,
    Request,
    Slot,
    State,
    Verb,
)
from tests.cloud.requests.samples import CALENDAR, DAY_MS, HOUR_MS, NOW_MS, fresh

KINDS = pytest.mark.parametrize("kind", Kind)
MAX_STEPS = 25

SLOTS = st.lists(
    st.builds(
        lambda ahead, length: Slot(NOW_MS + ahead * HOUR_MS, NOW_MS + (ahead + length) * HOUR_MS),
        st.integers(-10, 400),
        st.integers(0, 3),
    ),
    max_size=3,
).map(tuple)
KEYS = st.sampled_from([None, "incomplete", "outside-our-remit"])
ACTIONS = st.builds(
    Action,
    verb=st.sampled_from(Verb),
    by=st.sampled_from([Actor(kind) for kind in ActorKind]),
    key=st.text("ab", min_size=1, max_size=3),
    version=st.none() | st.integers(0, 12),
    reason=KEYS,
    note=st.sampled_from(["", "x"]),
    wanted=st.sampled_from([(), ("birth-certificate",)]),
    decision=st.none() | st.sampled_from(Decision),
    duplicate_of=st.sampled_from([None, "6e" * 16, "7f" * 16]),
    assignee=st.sampled_from([None, "to.truong"]),
    rating=st.none() | st.integers(0, 6),
    slots=SLOTS,
    slot_start_ms=st.none() | st.integers(-10, 400).map(lambda ahead: NOW_MS + ahead * HOUR_MS),
    new_due_ms=st.none() | st.integers(-5, 120).map(lambda days: NOW_MS + days * DAY_MS),
    order=st.sampled_from([None, "order-1"]),
    state=st.none() | st.sampled_from(State),
)


def likely(flow: Flow, request: Request, now_ms: int) -> st.SearchStrategy[Action]:
    """Return actions of the right form for where the request is; chance alone gets nowhere."""
    possible = [move for move in flow.moves.values() if request.state in move.sources]
    actions = [
        Action(
            verb=move.verb,
            by=Actor(by),
            key="k",
            **{name: _GOOD[name](request, now_ms) for name in move.needs},
        )
        for move in possible
        for by in move.by
    ]
    follow = [
        Action(
            verb=Verb.FOLLOW,
            by=Actor(ActorKind.CONNECTOR),
            key="k",
            state=state,
            decision=Decision.GRANTED if state is State.DECIDED else None,
        )
        for state in sorted(flow.reachable(request.state))
    ]
    rate = Action(verb=Verb.RATE, by=Actor(ActorKind.CITIZEN), key="k", rating=4)
    return st.sampled_from([*actions, *follow, rate])


_GOOD: dict[str, Callable[[Request, int], Any]] = {
    "reason": lambda _request, _now_ms: "incomplete",
    "wanted": lambda _request, _now_ms: ("birth-certificate",),
    "decision": lambda _request, _now_ms: Decision.DENIED,
    "duplicate_of": lambda _request, _now_ms: "7f" * 16,
    "assignee": lambda _request, _now_ms: "to.truong",
    "slots": lambda _request, now_ms: (Slot(now_ms + 30 * HOUR_MS, now_ms + 31 * HOUR_MS),),
    "slot_start_ms": lambda request, _now_ms: request.slots[0].start_ms if request.slots else 0,
    "order": lambda _request, _now_ms: "order-1",
}


def attempt(flow: Flow, request: Request, action: Action, now_ms: int) -> Change | None:
    """Act; None when it is refused, which gives back the request as it is."""
    try:
        return act(flow, request, action, now_ms, CALENDAR)
    except RefusedError as error:
        fresh_one = error.fresh
    assert fresh_one == request
    return None


def check(flow: Flow, before: Request, change: Change, now_ms: int) -> None:
    """Hold one change to the promises."""
    after = change.request
    assert after.version == before.version + 1 == change.event.sequence
    assert change.event.state is after.state
    assert change.event.at_ms == now_ms
    assert after.state in flow.states
    if before.state in flow.ends:
        assert after.state is before.state, "an end is never left"
        assert after.ended_at_ms == before.ended_at_ms, "nothing ends twice"
    is_end = after.state in flow.ends
    assert is_end == (after.due_at_ms is None) == (after.ended_at_ms is not None)
    assert after.wake_at_ms is None or not is_end
    assert is_end or flow.reachable(after.state) & flow.ends, "there is a way to an end"
    if after.decided_version != before.decided_version:
        assert after.decided_version == after.version


@KINDS
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_happens_there_is_a_way_on_a_deadline_and_one_end(kind: Kind, data: st.DataObject) -> None:
    flow, request, now_ms = FLOWS[kind], fresh(kind), NOW_MS
    for _ in range(data.draw(st.integers(1, MAX_STEPS))):
        now_ms += data.draw(st.sampled_from([0, HOUR_MS, DAY_MS, 40 * DAY_MS]))
        if data.draw(st.booleans()):
            change = tick(flow, request, now_ms, CALENDAR)
        else:
            action = data.draw(st.one_of(likely(flow, request, now_ms), ACTIONS))
            change = attempt(flow, request, action, now_ms)
        if change is not None:
            check(flow, request, change, now_ms)
            request = change.request


@KINDS
def test_a_flow_has_a_wait_or_an_end_for_every_state_that_it_leads_to(kind: Kind) -> None:
    flow = FLOWS[kind]
    assert flow.start in flow.waits
    assert not flow.waits.keys() & flow.ends
    assert {flow.start} | flow.reachable(flow.start) == flow.states, "no state is out of reach, none unknown"
    assert flow.rated <= flow.ends
    for state, wait in flow.waits.items():
        assert (wait.term is None) is not (wait.until is None), state
        assert flow.reachable(state) & flow.ends, state
    for move in flow.moves.values():
        assert not move.sources & flow.ends, move.verb
        assert move.sources <= flow.waits.keys(), move.verb


@KINDS
def test_the_clock_does_each_thing_once_and_comes_to_rest(kind: Kind) -> None:
    """Nobody acts: the clock may go on for ever, the request does not."""
    flow, request = FLOWS[kind], fresh(kind)
    for day in range(1, 400):
        while (change := tick(flow, request, NOW_MS + day * DAY_MS, CALENDAR)) is not None:
            check(flow, request, change, NOW_MS + day * DAY_MS)
            request = change.request
            assert request.version < 10
    assert request.version == 2
    assert request.late_since_ms == request.due_at_ms, "it is the desk that was late"


@KINDS
def test_an_action_on_an_old_view_is_refused_with_the_request_as_it_is(kind: Kind) -> None:
    flow, request = FLOWS[kind], fresh(kind)
    first = next(
        move for move in flow.moves.values() if flow.start in move.sources and ActorKind.DESK in move.by
    )
    needs = {name: _GOOD[name](request, NOW_MS) for name in first.needs}
    action = Action(verb=first.verb, by=Actor(ActorKind.DESK, "mot"), key="one", version=1, **needs)
    changed = act(flow, request, action, NOW_MS, CALENDAR).request
    with pytest.raises(RefusedError) as refused:
        act(flow, changed, action, NOW_MS, CALENDAR)
    assert refused.value.code is RefusedCode.STALE
    assert refused.value.fresh == changed


@KINDS
def test_a_view_of_the_future_is_refused(kind: Kind) -> None:
    action = Action(verb=Verb.WITHDRAW, by=Actor(ActorKind.CITIZEN), key="k", version=9)
    with pytest.raises(RefusedError) as refused:
        act(FLOWS[kind], fresh(kind), action, NOW_MS, CALENDAR)
    assert refused.value.code is RefusedCode.INVALID


@KINDS
def test_nobody_does_what_is_somebody_elses(kind: Kind) -> None:
    flow = FLOWS[kind]
    for move, by in product(flow.moves.values(), ActorKind):
        if by in move.by:
            continue
        request = fresh(kind)
        action = Action(verb=move.verb, by=Actor(by), key="k")
        with pytest.raises(RefusedError) as refused:
            act(flow, request, action, NOW_MS, CALENDAR)
        assert refused.value.code is RefusedCode.NOT_ALLOWED


@KINDS
def test_a_service_has_terms_of_its_own(kind: Kind) -> None:
    flow = FLOWS[kind].with_terms({state: Term(7, Unit.DAYS) for state in FLOWS[kind].states})
    for state, wait in flow.waits.items():
        if wait.until is None:
            assert wait.term == Term(7, Unit.DAYS), state
        else:
            assert wait.term is None, state
    assert flow.states == FLOWS[kind].states

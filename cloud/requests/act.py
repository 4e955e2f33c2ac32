"""Doing something to a request: what is refused, what it becomes, and the one event that says so.

Every change is a pure function of (flow, request, what happens, now, calendar). An action on a view that is stale is
refused with the request as it is now: a second officer must not undo what the first one did while looking elsewhere.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cloud.requests.calendar import DAY_MS, Calendar
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.flow import Flow, Move, Wait, Whose
from cloud.requests.forms import MAX_KEY_LENGTH, SIDE_FORMS, data_of, event_key, require_form
from cloud.requests.request import (
    MAX_FIELDS,
    Action,
    Actor,
    ActorKind,
    Change,
    Decision,
    Event,
    Request,
    State,
    Verb,
)

MAX_NEW_DATES: Final = 3
MAX_POSTPONED_MS: Final = 90 * DAY_MS

LATE_TEXT: Final = "requests.apology.late"
"""Key of the apology; its parameter is `due_at_ms`."""

NEW_DATE_TEXT: Final = "requests.apology.new-date"
"""Key of the apology with a new promise; its parameters are `due_at_ms`, `new_due_ms` and `reason` (a key)."""

_TELLS_DECISION: Final = frozenset({State.RESULT_READY, State.DELIVERED})


def open_request(flow: Flow, request: Request, key: str, now_ms: int, calendar: Calendar) -> Change:
    """Begin; RefusedError unless it is as new and within the limits."""
    if request.state is not flow.start or request.version != 1:
        raise RefusedError(RefusedCode.INVALID, "request: not a new one")
    if len(request.fields) > MAX_FIELDS:
        raise RefusedError(RefusedCode.INVALID, f"request: at most {MAX_FIELDS} fields")
    opened = _enter(flow, request, flow.start, now_ms, calendar)
    return Change(opened, _event(opened, Verb.SUBMIT, Actor(ActorKind.CITIZEN), key, now_ms, {}))


def act(flow: Flow, request: Request, action: Action, now_ms: int, calendar: Calendar) -> Change:
    """Apply an action; RefusedError, with the request as it is, when it is malformed, stale, or not possible now."""
    try:
        _require_fresh(request, action)
        if action.verb is Verb.RATE:
            return _rate(flow, request, action, now_ms)
        if action.verb is Verb.APOLOGISE:
            return _apologise(flow, request, action, now_ms)
        if action.verb is Verb.FOLLOW:
            return _follow(flow, request, action, now_ms, calendar)
        return _move(flow, request, action, now_ms, calendar)
    except RefusedError as error:
        error.fresh = request
        raise


def tick(flow: Flow, request: Request, now_ms: int, calendar: Calendar) -> Change | None:
    """Do what the clock has to do; None when it is not time yet, or nothing waits."""
    wait = flow.waits.get(request.state)
    if wait is None or request.wake_at_ms is None or now_ms < request.wake_at_ms:
        return None
    system = Actor(ActorKind.SYSTEM)
    if wait.then is not None:
        changed = _enter(flow, _advance(request, now_ms, decides=True), wait.then, now_ms, calendar)
        return Change(changed, _event(changed, wait.verb, system, _clock_key(wait.verb, changed), now_ms, {}))
    changed = replace(_advance(request, now_ms), wake_at_ms=None)
    if wait.whose is Whose.CITIZEN:
        return Change(
            changed, _event(changed, Verb.NUDGE, system, _clock_key(Verb.NUDGE, changed), now_ms, {})
        )
    changed = replace(changed, late_since_ms=request.late_since_ms or request.due_at_ms)
    key = _clock_key(Verb.RUN_LATE, changed)
    data: dict[str, object] = {"due_at_ms": request.due_at_ms}
    return Change(changed, _event(changed, Verb.RUN_LATE, system, key, now_ms, data, LATE_TEXT))


def _clock_key(verb: Verb, changed: Request) -> str:
    return f"{verb}-{changed.version}"


def _require_fresh(request: Request, action: Action) -> None:
    if not 1 <= len(action.key) <= MAX_KEY_LENGTH:
        raise RefusedError(RefusedCode.INVALID, f"action: a key of 1 to {MAX_KEY_LENGTH} characters")
    if action.version is None:
        return
    if action.version > request.version:
        raise RefusedError(RefusedCode.INVALID, "action: based on a version that does not exist yet")
    if action.version < request.decided_version and action.verb is not Verb.RATE:
        raise RefusedError(RefusedCode.STALE, "action: the request has changed since")


def _move(flow: Flow, request: Request, action: Action, now_ms: int, calendar: Calendar) -> Change:
    move = flow.moves.get(action.verb)
    if move is None or action.by.kind not in move.by:
        raise RefusedError(RefusedCode.NOT_ALLOWED, f"action: no {action.verb} by a {action.by.kind}")
    require_form(action, move.needs, move.may)
    if request.state not in move.sources:
        raise RefusedError(RefusedCode.NOT_ALLOWED, f"action: no {action.verb} in state {request.state}")
    counted = _count(request, move)
    brought = counted if move.effect is None else move.effect(counted, action, now_ms)
    changed = _enter(flow, _advance(brought, now_ms, decides=True), move.to, now_ms, calendar)
    event = _event(changed, action.verb, action.by, action.key, now_ms, data_of(action))
    return Change(changed, event)


def _count(request: Request, move: Move) -> Request:
    if move.limit is None:
        return request
    if request.rounds >= move.limit:
        raise RefusedError(RefusedCode.TOO_OFTEN, f"action: {move.verb} at most {move.limit} times")
    return replace(request, rounds=request.rounds + 1)


def _rate(flow: Flow, request: Request, action: Action, now_ms: int) -> Change:
    require_form(action, *SIDE_FORMS[Verb.RATE])
    if request.state not in flow.rated or action.by.kind is not ActorKind.CITIZEN:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "action: nothing to be rated, or not by you")
    if request.rating is not None:
        raise RefusedError(RefusedCode.TOO_OFTEN, "action: rated already")
    changed = replace(_advance(request, now_ms), rating=action.rating)
    return Change(changed, _event(changed, Verb.RATE, action.by, action.key, now_ms, data_of(action)))


def _apologise(flow: Flow, request: Request, action: Action, now_ms: int) -> Change:
    """Promise a new date, of which the person is told together with the reason."""
    require_form(action, *SIDE_FORMS[Verb.APOLOGISE])
    wait = flow.waits.get(request.state)
    is_ours = wait is not None and wait.whose is Whose.DESK and action.by.kind is ActorKind.DESK
    if not is_ours or request.due_at_ms is None:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "action: nobody waits for the desk")
    if request.new_dates >= MAX_NEW_DATES:
        raise RefusedError(RefusedCode.TOO_OFTEN, f"action: at most {MAX_NEW_DATES} new dates")
    due_ms = action.new_due_ms or 0
    if not max(now_ms, request.due_at_ms) < due_ms <= now_ms + MAX_POSTPONED_MS:
        raise RefusedError(
            RefusedCode.INVALID, "action: a new date lies ahead, later than the old, and not too far"
        )
    changed = replace(
        _advance(request, now_ms, decides=True),
        due_at_ms=due_ms,
        wake_at_ms=due_ms + 1,
        new_dates=request.new_dates + 1,
    )
    data = {"due_at_ms": request.due_at_ms, **data_of(action)}
    event = _event(changed, Verb.APOLOGISE, action.by, action.key, now_ms, data, NEW_DATE_TEXT)
    return Change(changed, event)


def _follow(flow: Flow, request: Request, action: Action, now_ms: int, calendar: Calendar) -> Change:
    """Go where an outside system says that it is; steps that it did not tell of are not made up."""
    require_form(action, *SIDE_FORMS[Verb.FOLLOW])
    state = action.state
    if state is None or action.by.kind is not ActorKind.CONNECTOR or not _can_follow(flow, request, state):
        raise RefusedError(RefusedCode.NOT_ALLOWED, "action: there is no way to where it is said to be")
    if action.duplicate_of is not None and (
        state is not State.DUPLICATE or action.duplicate_of == request.id
    ):
        raise RefusedError(RefusedCode.INVALID, "action: a duplicate is one of another request")
    if not _is_decision_right(state, action.decision):
        raise RefusedError(
            RefusedCode.INVALID, "action: a decision belongs to decided and what comes after it"
        )
    brought = replace(
        request,
        reason=action.reason,
        decision=action.decision or request.decision,
        case_number=action.case_number or request.case_number,
        duplicate_of=action.duplicate_of,
    )
    changed = _enter(flow, _advance(brought, now_ms, decides=True), state, now_ms, calendar)
    return Change(changed, _event(changed, Verb.FOLLOW, action.by, action.key, now_ms, data_of(action)))


def _is_decision_right(state: State, decision: Decision | None) -> bool:
    if state is State.DECIDED:
        return decision is not None
    return decision is None or state in _TELLS_DECISION


def _can_follow(flow: Flow, request: Request, state: State) -> bool:
    """Whether steps of the flow lead there; where a moment counts that only a slot tells, there must be one."""
    if state is request.state or state not in flow.reachable(request.state):
        return False
    wait = flow.waits.get(state)
    return wait is None or wait.until is None or request.slot is not None


def _enter(flow: Flow, request: Request, state: State, now_ms: int, calendar: Calendar) -> Request:
    wait = flow.waits.get(state)
    due_ms = None if wait is None else _due_ms(wait, request, now_ms, calendar)
    return replace(
        request,
        state=state,
        entered_at_ms=now_ms,
        due_at_ms=due_ms,
        wake_at_ms=None if due_ms is None else due_ms + 1,
        ended_at_ms=now_ms if wait is None else None,
    )


def _due_ms(wait: Wait, request: Request, now_ms: int, calendar: Calendar) -> int:
    if wait.until is not None:
        return wait.until(request)
    assert wait.term is not None, "a wait has a term or a moment"
    return calendar.due_ms(now_ms, wait.term)


def _advance(request: Request, now_ms: int, *, decides: bool = False) -> Request:
    version = request.version + 1
    decided = version if decides else request.decided_version
    return replace(request, version=version, decided_version=decided, updated_at_ms=now_ms)


def _event(
    request: Request,
    verb: Verb,
    actor: Actor,
    key: str,
    now_ms: int,
    data: Mapping[str, object],
    text: str | None = None,
) -> Event:
    return Event(
        request=request.id,
        sequence=request.version,
        at_ms=now_ms,
        actor=actor,
        verb=verb,
        state=request.state,
        key=event_key(actor, key),
        data=data,
        text=text,
    )

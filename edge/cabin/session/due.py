"""What the clock brings: the end of a pause, a measurement that takes too long, nobody there any more."""

from edge.cabin.rules.settling import SETTLING, fault_of
from edge.cabin.session.events import Cancel, Effects, KeepEnd
from edge.cabin.session.state import (
    MEASURING_LIMITS_MS,
    WAITING_LIMIT_MS,
    State,
    Step,
    wiped,
)
from edge.cabin.session.steps import Change, begin, fail
from edge.cabin.view import Page, Phase, Trouble
from edge.countdown import next_second_ms
from wire.entries import SessionOutcome


def due(state: State, now_ms: int) -> Change:
    """Do what is due at `now_ms`."""
    if state.page is Page.FAREWELL:
        return (wiped(state), ()) if now_ms >= state.farewell_until_ms else (state, ())
    if state.wiped_ms is not None and now_ms >= state.wiped_ms:
        return end(state, SessionOutcome.ABANDONED)
    if state.step is not None and state.step.is_busy:
        return _step_due(state, state.step, now_ms)
    return state, ()


def end(state: State, outcome: SessionOutcome) -> Change:
    """Forget everything; an instrument that was begun stops, and a session that was written down is closed."""
    effects: Effects = ()
    if state.step is not None and state.step.is_begun:
        effects = (Cancel(state.step.kind),)
    if state.ledger.is_begun:
        effects = (*effects, KeepEnd(state.session, outcome))
    return wiped(state), effects


def next_deadline_ms(state: State, now_ms: int) -> int | None:
    """Return when time next changes something, the seconds of a countdown included; None: not until something happens."""
    if state.page is Page.FAREWELL:
        return state.farewell_until_ms
    if state.step is not None and state.step.is_busy:
        return _step_deadline_ms(state.step, now_ms)
    if state.warned_ms is None or state.wiped_ms is None:
        return None
    return state.warned_ms if now_ms < state.warned_ms else next_second_ms(state.wiped_ms, now_ms)


def _step_due(state: State, step: Step, now_ms: int) -> Change:
    if now_ms < _limit_ms(step):
        return state, ()
    if step.phase is Phase.REST:
        return begin(state, step, now_ms)
    if step.phase is Phase.WAITING:
        return fail(state, step, Trouble.SILENT, now_ms)
    return fail(state, step, _why_unsettled(step), now_ms)


def _step_deadline_ms(step: Step, now_ms: int) -> int:
    limit_ms = _limit_ms(step)
    return next_second_ms(limit_ms, now_ms) if step.phase is Phase.REST else limit_ms


def _limit_ms(step: Step) -> int:
    if step.phase is Phase.REST:
        return step.rest_until_ms
    if step.phase is Phase.WAITING:
        return step.begun_ms + WAITING_LIMIT_MS
    limit_ms = MEASURING_LIMITS_MS[step.kind]
    return min(step.since_ms, step.begun_ms + WAITING_LIMIT_MS) + limit_ms


def _why_unsettled(step: Step) -> Trouble:
    """Name what kept a stream from settling, where its last moment shows it."""
    if step.kind not in SETTLING or step.live is None:
        return Trouble.TIMED_OUT
    return fault_of(step.live) or Trouble.TIMED_OUT

"""What the clock brings: nobody there any more, the end of the farewell, a reader that hangs."""

from dataclasses import replace

from edge.countdown import next_second_ms
from edge.idcard.errors import CardFault
from edge.identity.session.events import Effects, StopReading
from edge.identity.session.state import (
    FAREWELL_MS,
    READING_LIMIT_MS,
    Farewell,
    Remedy,
    State,
    Trouble,
    Visit,
)
from edge.identity.view import Outcome, Page

Change = tuple[State, Effects]


def due(state: State, now_ms: int) -> Change:
    """Do what is due at `now_ms`."""
    if state.farewell is not None and now_ms >= state.farewell.until_ms:
        return replace(state, farewell=None), ()
    if state.wiped_ms is not None and now_ms >= state.wiped_ms:
        return end(state, Outcome.TIMED_OUT, now_ms)
    visit = state.visit
    if visit is not None and visit.page is Page.READING and now_ms >= visit.begun_ms + READING_LIMIT_MS:
        return fail(state, visit, CardFault.SILENT, Remedy.READ_AGAIN, now_ms)
    return state, ()


def end(state: State, outcome: Outcome, now_ms: int) -> Change:
    """Forget everything of the person and say so."""
    effects: Effects = (StopReading(),) if state.page is Page.READING else ()
    return replace(state, visit=None, farewell=Farewell(outcome, now_ms + FAREWELL_MS)), effects


def leave(state: State) -> Change:
    """Forget everything of a person of whom nothing was read, without a word."""
    effects: Effects = (StopReading(),) if state.page is Page.READING else ()
    return replace(state, visit=None, farewell=None), effects


def fail(state: State, visit: Visit, fault: str, remedy: Remedy, now_ms: int) -> Change:
    """Say what went wrong."""
    effects: Effects = (StopReading(),) if visit.page is Page.READING else ()
    troubled = replace(visit, page=Page.TROUBLE, step=None, trouble=Trouble(str(fault), remedy))
    return replace(state, visit=troubled, touched_ms=now_ms), effects


def next_deadline_ms(state: State, now_ms: int) -> int | None:
    """Return when time next changes something, the seconds of a countdown included; None: not by itself."""
    if state.farewell is not None:
        return state.farewell.until_ms
    visit = state.visit
    if visit is None:
        return None
    if visit.page is Page.READING:
        return visit.begun_ms + READING_LIMIT_MS
    deadlines = []
    if visit.page is Page.TROUBLE and state.tries.is_paused(now_ms):
        deadlines.append(next_second_ms(state.tries.paused_until_ms, now_ms))
    if state.warned_ms is not None and state.wiped_ms is not None:
        is_warned = now_ms >= state.warned_ms
        deadlines.append(next_second_ms(state.wiped_ms, now_ms) if is_warned else state.warned_ms)
    return min(deadlines, default=None)

"""What the clock brings: nobody there any more, the end of the farewell."""

from dataclasses import replace

from edge.countdown import next_second_ms
from edge.services.session.events import Effects
from edge.services.session.state import FAREWELL_MS, Farewell, State, Visit
from edge.services.view import Outcome, Page

Change = tuple[State, Effects]


def due(state: State, now_ms: int) -> State:
    """Do what is due at `now_ms`."""
    if state.farewell is not None and now_ms >= state.farewell.until_ms:
        return replace(state, farewell=None)
    if state.wiped_ms is not None and now_ms >= state.wiped_ms:
        return end(state, Outcome.TIMED_OUT, now_ms)
    return state


def end(state: State, outcome: Outcome, now_ms: int) -> State:
    """Forget everything of the person; say so where there was something, and what became of it."""
    visit = state.visit
    if visit is None or not (visit.is_draft or visit.kept or visit.page is Page.RECEIPT):
        return leave(state)
    return replace(state, visit=None, farewell=Farewell(_told(visit, outcome), now_ms + FAREWELL_MS))


def _told(visit: Visit, outcome: Outcome) -> Outcome:
    """Return how it ended for its person: what was kept is there still, unless it was to be deleted."""
    if visit.page is Page.RECEIPT:
        return Outcome.FINISHED
    if visit.kept is None or outcome is Outcome.FORGOTTEN:
        return outcome
    return Outcome.KEPT if visit.page is Page.KEPT else Outcome.STILL_KEPT


def leave(state: State) -> State:
    """Forget everything of the person without a word."""
    return replace(state, visit=None, farewell=None)


def fail(state: State, visit: Visit, trouble: str, now_ms: int) -> State:
    """Say what went wrong; the answers stay."""
    return replace(state, visit=replace(visit, page=Page.TROUBLE, trouble=trouble), touched_ms=now_ms)


def next_deadline_ms(state: State, now_ms: int) -> int | None:
    """Return when time next changes something, the seconds of a countdown included; None: not by itself."""
    if state.farewell is not None:
        return state.farewell.until_ms
    deadlines = [each for each in (_next_warning_ms(state, now_ms), _next_pause_ms(state, now_ms)) if each]
    return min(deadlines, default=None)


def _next_pause_ms(state: State, now_ms: int) -> int | None:
    """Return when the seconds of a pause change; None where nobody looks at them."""
    is_shown = state.page is Page.RESUME and now_ms < state.paused_ms
    return next_second_ms(state.paused_ms, now_ms) if is_shown else None


def _next_warning_ms(state: State, now_ms: int) -> int | None:
    if state.warned_ms is None or state.wiped_ms is None:
        return None
    return next_second_ms(state.wiped_ms, now_ms) if now_ms >= state.warned_ms else state.warned_ms

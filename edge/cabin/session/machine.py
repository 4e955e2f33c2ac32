"""The session's door: `apply` is the whole machine. Times are milliseconds of one monotonic clock."""

from dataclasses import replace

from edge.cabin.errors import ActionRefusedError, Refusal
from edge.cabin.session.actions import allowed
from edge.cabin.session.due import due, end
from edge.cabin.session.events import Act, Bound, Entry, Event, Halted, Offered, Recorded, Tick, Touched
from edge.cabin.session.news import hear
from edge.cabin.session.pages import carry_out
from edge.cabin.session.state import State
from edge.cabin.session.steps import Change
from edge.cabin.view import Page
from edge.instrument import Back, Gone, Heard
from wire.entries import SessionOutcome
from wire.errors import IdError
from wire.ids import require_id


def apply(state: State, event: Event, now_ms: int) -> Change:
    """Take one event, after everything that was due before it.

    ActionRefusedError for an act that is not allowed or a subject that comes at the wrong time: nothing has changed
    then, so send `Tick` first and what was due is not lost with it.
    """
    before, effects = due(state, now_ms)
    after, more = _react(before, event, now_ms)
    if state.is_busy and not after.is_busy and after.is_in_use:
        after = replace(after, touched_ms=max(after.touched_ms, now_ms))
    return after, (*effects, *more)


def _react(state: State, event: Event, now_ms: int) -> Change:
    if isinstance(event, Act):
        if event.order.action not in allowed(state, now_ms):
            raise ActionRefusedError(Refusal.NOT_NOW)
        return carry_out(state, event, now_ms)
    if isinstance(event, Heard | Gone | Back):
        return hear(state, event, now_ms)
    if isinstance(event, Halted):
        return end(state, SessionOutcome.INTERRUPTED)
    return _noted(state, event, now_ms), ()


def _noted(state: State, event: Offered | Bound | Recorded | Touched | Tick, now_ms: int) -> State:
    match event:
        case Offered():
            return replace(state, offers=event.offers)
        case Bound():
            return _bound(state, event.subject, now_ms)
        case Recorded():
            return _recorded(state, event)
        case Touched():
            return replace(state, touched_ms=now_ms)
        case Tick():
            return state


def _bound(state: State, subject: str, now_ms: int) -> State:
    """Tie the session to a pseudonym, while the person is being asked or before the consent was written down."""
    agreed = state.page is Page.STEP and state.consent is not None and not state.ledger.is_begun
    if state.page is not Page.CONSENT and not agreed:
        raise ActionRefusedError(Refusal.SUBJECT)
    try:
        return replace(state, subject=require_id(subject), touched_ms=now_ms)
    except IdError:
        raise ActionRefusedError(Refusal.SUBJECT) from None


def _recorded(state: State, event: Recorded) -> State:
    """Note what the journal says of this session; of an earlier one it says nothing to anybody any more."""
    ledger = state.ledger
    if event.session != state.session or not ledger.is_begun:
        return state
    if event.entry is Entry.WITHDRAWAL:
        ledger = replace(
            ledger,
            is_withdrawing=False,
            is_withdrawn=ledger.is_withdrawn or event.is_kept,
            is_refused=not event.is_kept,
        )
    else:
        ledger = replace(
            ledger,
            waiting=ledger.waiting - 1,
            kept=ledger.kept + event.is_kept,
            is_refused=ledger.is_refused or not event.is_kept,
        )
    return replace(state, ledger=ledger)

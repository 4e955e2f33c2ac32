"""The session's machine: what a touch, a card, a reader and the clock make of its state."""

from dataclasses import replace
from typing import Final

from edge.idcard.card import CardRead
from edge.idcard.errors import CardFault
from edge.idcard.groups import Field
from edge.identity.errors import OrderRefusedError, Refusal
from edge.identity.purposes import Gives
from edge.identity.session.allowed import allowed
from edge.identity.session.doing import carry_out, open_visit, towards_reading
from edge.identity.session.due import Change, due, end, fail, leave
from edge.identity.session.events import (
    Act,
    CardIn,
    CardOut,
    Event,
    Halted,
    Misread,
    Progressed,
    ReadDone,
    ReaderChanged,
    ReadFailed,
    Settled,
    Tick,
)
from edge.identity.session.state import Remedy, State, Tries, Visit
from edge.identity.view import BUSY, TOO_LATE, Action, Outcome, Page

_LAID_ANEW: Final = frozenset({CardFault.GONE, CardFault.SILENT, CardFault.OTHER_CARD, CardFault.GARBLED})
"""Troubles that laying the card on once more answers by itself."""


def apply(state: State, event: Event, now_ms: int) -> Change:
    """Return the state after `event`, and what is to be done.

    OrderRefusedError for an act that is not allowed or has wrong data: nothing has changed then, so send `Tick` first and
    what was due is not lost with it.
    """
    state, before = due(state, now_ms)
    after, effects = _react(state, event, now_ms)
    return after, (*before, *effects)


def _react(state: State, event: Event, now_ms: int) -> Change:
    match event:
        case Act():
            if event.order.action not in allowed(state, now_ms):
                raise OrderRefusedError(Refusal.NOT_NOW)
            return carry_out(state, event, now_ms)
        case CardIn() | CardOut() | Misread() | ReaderChanged():
            return _noticed(state, event, now_ms)
        case Progressed() | ReadDone() | ReadFailed():
            return _heard(state, event, now_ms)
        case Settled():
            return _settled(state, event, now_ms)
        case Tick() | Halted():
            return leave(state) if isinstance(event, Halted) else (state, ())


def _noticed(state: State, event: CardIn | CardOut | Misread | ReaderChanged, now_ms: int) -> Change:
    match event:
        case CardIn():
            return _laid_on(replace(state, turn=event.turn), event, now_ms)
        case CardOut():
            return _taken_away(state, event, now_ms)
        case Misread():
            return _misread(state, now_ms), ()
        case ReaderChanged():
            return replace(state, is_reader_ok=event.is_ok), ()


def _misread(state: State, now_ms: int) -> State:
    """Say so where a code is waited for; elsewhere it means nothing."""
    if state.visit is None or Action.SCAN not in allowed(state, now_ms):
        return state
    return replace(state, visit=replace(state.visit, is_misread=True), touched_ms=now_ms)


def _laid_on(state: State, event: CardIn, now_ms: int) -> Change:
    visit = state.visit
    if visit is None:
        if not event.offered:
            return state, ()
        return open_visit(replace(state, touched_ms=now_ms), event.token, event.offered)
    touched = replace(state, touched_ms=now_ms)
    is_retry = visit.trouble is not None and visit.trouble.fault in _LAID_ANEW
    if visit.page is Page.CARD or (visit.page is Page.TROUBLE and is_retry and visit.key is not None):
        return towards_reading(touched, visit, now_ms)
    return touched, ()


def _taken_away(state: State, event: CardOut, now_ms: int) -> Change:
    if event.turn != state.turn:
        return state, ()
    state = replace(state, turn=None)
    visit = state.visit
    if visit is None:
        return state, ()
    if visit.page is Page.READING:
        return fail(state, visit, CardFault.GONE, Remedy.READ_AGAIN, now_ms)
    if visit.page is Page.DONE:
        return end(state, Outcome.FINISHED, now_ms)
    if visit.card is not None and visit.page is not Page.SENDING:
        return end(state, Outcome.CARD_REMOVED, now_ms)
    return state, ()


def _heard(state: State, event: Progressed | ReadDone | ReadFailed, now_ms: int) -> Change:
    visit = state.visit
    if visit is None or visit.page is not Page.READING or event.attempt != state.attempt:
        return state, ()
    match event:
        case Progressed():
            return replace(state, visit=replace(visit, step=event.step)), ()
        case ReadDone():
            return _read(replace(state, tries=Tries(), touched_ms=now_ms), visit, event.card, now_ms)
        case ReadFailed(fault=CardFault.WRONG_KEY):
            return _refused_key(state, visit, now_ms)
        case ReadFailed():
            return fail(state, visit, event.fault, _remedy(event.fault), now_ms)


def _read(state: State, visit: Visit, card: CardRead, now_ms: int) -> Change:
    assert visit.purpose is not None
    if visit.number is not None and card.fields.get(Field.NUMBER, visit.number) != visit.number:
        return fail(state, _keyless(visit), CardFault.OTHER_PERSON, Remedy.TYPE_AGAIN, now_ms)
    if not visit.purpose.needed <= card.fields.keys():
        return fail(state, visit, CardFault.UNREADABLE, Remedy.READ_AGAIN, now_ms)
    return replace(state, visit=replace(visit, page=Page.REVIEW, step=None, card=card)), ()


def _refused_key(state: State, visit: Visit, now_ms: int) -> Change:
    tries = state.tries.failed(now_ms)
    fault = BUSY if tries.is_paused(now_ms) else CardFault.WRONG_KEY
    return fail(replace(state, tries=tries), _keyless(visit), fault, Remedy.TYPE_AGAIN, now_ms)


def _keyless(visit: Visit) -> Visit:
    """Forget what was typed or scanned: it is not this card's."""
    return replace(visit, key=None, number=None)


def _remedy(fault: CardFault) -> Remedy:
    return Remedy.NONE if fault is CardFault.BLOCKED else Remedy.READ_AGAIN


def _settled(state: State, event: Settled, now_ms: int) -> Change:
    """Say that it is done, and forget what was read; or why it is not. A service that took it over goes on by itself."""
    visit = state.visit
    if visit is None or visit.page is not Page.SENDING or event.session != visit.session:
        return state, ()
    if event.problem is not None:
        remedy = Remedy.NONE if event.problem == TOO_LATE else Remedy.REVIEW_AGAIN
        return fail(state, visit, event.problem, remedy, now_ms)
    if visit.purpose is not None and visit.purpose.gives is Gives.PREFILL:
        return leave(state)
    done = replace(visit, page=Page.DONE, card=None, key=None, number=None, shown=frozenset())
    return replace(state, visit=done, touched_ms=now_ms), ()

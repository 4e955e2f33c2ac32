"""The session's machine: what a touch, a card that was handed over, the disk and the clock make of its state."""

from dataclasses import replace

from edge.services.errors import OrderRefusedError, Refusal
from edge.services.session.allowed import allowed
from edge.services.session.card import card_answers
from edge.services.session.doing import answered, carry_out
from edge.services.session.drafting import carry_out_draft, heard_of_draft, is_about_draft
from edge.services.session.due import Change, due, end, fail, leave
from edge.services.session.events import (
    Abandoned,
    Act,
    Away,
    Discarded,
    DraftForgotten,
    DraftKept,
    DraftOpened,
    Effects,
    Event,
    ForgetDraft,
    Halted,
    Heard,
    OpenDraft,
    Prefilled,
    Settled,
    Tick,
)
from edge.services.session.state import CardGiven, Moment, Receipt, State, Visit
from edge.services.view import Outcome, Page


def apply(state: State, event: Event, moment: Moment) -> Change:
    """Return the state after `event`, and what is to be done.

    OrderRefusedError for an act that is not allowed or has wrong data: nothing has changed then, so send `Tick` first and
    what was due is not lost with it.
    """
    state = due(state, moment.uptime_ms)
    if isinstance(event, Act):
        if event.order.action not in allowed(state, moment):
            raise OrderRefusedError(Refusal.NOT_NOW)
        carry = carry_out_draft if is_about_draft(state, event.order.action) else carry_out
        return carry(state, event, moment)
    after = _heard(state, event, moment)
    return after, _follows(state, event, after)


def can_take(state: State, card: CardGiven, moment: Moment) -> bool:
    """Tell whether the service wants a card now, and this one has what it cannot do without."""
    visit = state.visit
    if visit is None or visit.offered is None or not visit.wishes_card:
        return False
    return card_answers(visit.offered.asked, card, moment.today) is not None


def _follows(before: State, event: Heard, after: State) -> Effects:
    """Return what is to be done after what was heard: a draft that was submitted goes, and a card may open one."""
    if isinstance(event, Settled) and after.page is Page.RECEIPT and before.visit is not None:
        kept = before.visit.kept
        return () if kept is None else (ForgetDraft(before.visit.session, kept.keepsake),)
    if isinstance(event, Prefilled) and after is not before and after.visit is not None:
        keepsake = after.visit.card_keepsake
        is_asked = after.site.keeps_drafts and keepsake is not None and not after.visit.is_keepable
        return (OpenDraft(after.visit.session, keepsake),) if keepsake is not None and is_asked else ()
    return ()


def _heard(state: State, event: Heard, moment: Moment) -> State:
    match event:
        case Prefilled():
            return _prefilled(state, event.card, moment)
        case Settled():
            return _settled(state, event, moment)
        case DraftKept() | DraftOpened() | DraftForgotten():
            return heard_of_draft(state, event, moment)
        case Abandoned():
            return end(state, Outcome.TIMED_OUT, moment.uptime_ms)
        case Halted():
            return leave(state)
        case Discarded():
            state = replace(state, visit=_without(state.visit, event.name))
        case Away():
            state = replace(state, is_away=event.is_away)
        case _:
            pass
    return state if isinstance(event, Tick) else replace(state, touched_ms=moment.uptime_ms)


def _prefilled(state: State, card: CardGiven, moment: Moment) -> State:
    visit = state.visit
    if visit is None or not can_take(state, card, moment):
        return state
    taken = replace(visit, card=card, fault=None)
    return answered(replace(state, touched_ms=moment.uptime_ms), taken, visit.answers, moment)


def _without(visit: Visit | None, picture: str) -> Visit | None:
    """Take a picture out of the answer that it is in; an answer of pictures without any is none."""
    if visit is None:
        return None
    left = {
        question: [name for name in value if name != picture] if isinstance(value, list) else value
        for question, value in visit.answers.items()
    }
    return replace(visit, answers={question: value for question, value in left.items() if value != []})


def _settled(state: State, event: Settled, moment: Moment) -> State:
    """Say that it is submitted, and forget what was answered; or why it is not, and keep it."""
    visit = state.visit
    if visit is None or visit.page is not Page.SENDING or event.session != visit.session:
        return state
    if event.problem is not None:
        tried = replace(visit, tracking=event.tracking or visit.tracking, word=event.word or visit.word)
        return fail(state, tried, event.problem, moment.uptime_ms)
    assert visit.offered is not None
    receipt = Receipt(
        tracking=event.tracking,
        word=event.word,
        at_ms=event.at_ms,
        is_online=event.is_online,
        papers=visit.offered.owed_papers(visit.answers),
    )
    done = Visit(
        session=visit.session, need=visit.need, page=Page.RECEIPT, offered=visit.offered, receipt=receipt
    )
    return replace(state, visit=done, touched_ms=moment.uptime_ms)

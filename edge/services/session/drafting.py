"""What is done with a draft: kept for later by a code or by the card, opened again, gone on with, deleted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from catalogue.asking import applicable, question_of
from catalogue.questions import CardQuestion, Question
from edge.services.draft_view import DRAFT_DAMAGED, NO_DRAFT, NOT_KEPT, DraftFault
from edge.services.errors import OrderRefusedError, Refusal
from edge.services.session.codes import read_code
from edge.services.session.doing import answered, ask_question, offered_of
from edge.services.session.draft import Draft, Keepsake, Kept, Way, fitting, typed_answers
from edge.services.session.due import Change, end, fail
from edge.services.session.events import (
    Act,
    DraftForgotten,
    DraftKept,
    DraftOpened,
    ForgetDraft,
    KeepDraft,
    OpenDraft,
)
from edge.services.session.state import PAUSE_MS, WRONG_CODES, Moment, State, Visit
from edge.services.view import Action, Outcome, Page

_TROUBLES: Final = MappingProxyType(
    {DraftFault.DAMAGED: DRAFT_DAMAGED, DraftFault.UNREADABLE: NOT_KEPT, DraftFault.UNKNOWN: NO_DRAFT}
)


def carry_out_draft(state: State, act: Act, moment: Moment) -> Change:
    """Do what the person wants with a draft; whether it is allowed was asked before."""
    touched = replace(state, touched_ms=moment.uptime_ms)
    if act.order.action is Action.RESUME:
        return replace(
            touched, visit=Visit(session=act.token, need=None, page=Page.RESUME), farewell=None
        ), ()
    assert state.visit is not None
    return _DOERS[act.order.action](touched, replace(state.visit, fault=None), act, moment)


def heard_of_draft(state: State, event: DraftKept | DraftOpened | DraftForgotten, moment: Moment) -> State:
    """Take what became of an effect; whoever has left meanwhile is told nothing."""
    match event:
        case DraftKept():
            return _kept(state, event, moment)
        case DraftOpened():
            return _opened(state, event, moment)
        case DraftForgotten():
            return _forgotten(state, event, moment)


def _kept(state: State, event: DraftKept, moment: Moment) -> State:
    """Say that it is kept, and forget what was answered; or why it is not, and go on having it."""
    visit = _waiting(state, event.session)
    if visit is None or visit.offered is None:
        return state
    if event.kept is None:
        return fail(state, visit, event.problem or NOT_KEPT, moment.uptime_ms)
    done = Visit(
        session=visit.session, need=visit.need, page=Page.KEPT, offered=visit.offered, kept=event.kept
    )
    return replace(state, visit=done, touched_ms=moment.uptime_ms)


def _opened(state: State, event: DraftOpened, moment: Moment) -> State:
    """Show what was found; a wrong code is counted, and WRONG_CODES of them make a pause."""
    if event.keepsake.way is Way.CARD:
        return _opened_by_card(state, event, moment)
    visit = _waiting(state, event.session)
    if visit is None or visit.offered is not None:
        return state
    touched = replace(state, touched_ms=moment.uptime_ms)
    if event.draft is None:
        fault = event.fault or DraftFault.UNKNOWN
        return _not_opened(_counted(touched, moment) if event.fault is None else touched, visit, fault)
    offered = state.site.offer.find(event.draft.service)
    if offered is None:
        return _not_opened(touched, visit, DraftFault.NOT_OFFERED)
    opened = replace(visit, need=offered.whole.need, offered=offered)
    return _found(replace(touched, wrong_codes=0), opened, event, moment)


def _forgotten(state: State, event: DraftForgotten, moment: Moment) -> State:
    """Say that it is deleted; or that the disk does not let go of it."""
    visit = _waiting(state, event.session)
    if visit is None or visit.offered is None:
        return state
    if event.problem is not None:
        return fail(state, visit, NOT_KEPT, moment.uptime_ms)
    return end(state, Outcome.FORGOTTEN, moment.uptime_ms)


def resumed(state: State, visit: Visit, moment: Moment) -> State:
    """Go on with what was found: at the question that was asked last, unless one before it lacks its answer."""
    found = visit.found
    assert found is not None
    cards = {
        name: value
        for name, value in visit.answers.items()
        if name not in typed_answers(offered_of(visit), visit.answers)
    }
    begun = replace(visit, found=None, question="")
    onward = answered(state, begun, {**cards, **found.answers}, moment)
    last = question_of(offered_of(visit).asked, found.question)
    if onward.visit is None or last is None or not _comes_before(last, onward.visit):
        return onward
    return ask_question(onward, onward.visit, last)


def _keep(state: State, visit: Visit, _act: Act, _moment: Moment) -> Change:
    return replace(state, visit=replace(visit, page=Page.KEEP, trouble=None)), ()


def _keep_by_code(state: State, visit: Visit, _act: Act, _moment: Moment) -> Change:
    """Give a code out; whoever has one already goes on with that."""
    has_code = visit.kept is not None and visit.kept.keepsake.way is Way.CODE
    keepsake = visit.kept.keepsake if visit.kept is not None and has_code else Keepsake(Way.CODE, "")
    return _keep_by(state, visit, keepsake)


def _keep_by_card(state: State, visit: Visit, _act: Act, _moment: Moment) -> Change:
    keepsake = visit.card_keepsake
    assert keepsake is not None
    return _keep_by(state, visit, keepsake)


def _keep_by(state: State, visit: Visit, keepsake: Keepsake) -> Change:
    offered = offered_of(visit)
    before = None if visit.kept is None else visit.kept.keepsake
    order = KeepDraft(
        session=visit.session,
        keepsake=keepsake,
        draft=Draft(
            service=offered.whole.id,
            version=offered.whole.version,
            question=visit.question,
            answers=typed_answers(offered, visit.answers),
        ),
        instead=None if before == keepsake else before,
    )
    return replace(state, visit=replace(visit, page=Page.WAITING)), (order,)


def _unlock(state: State, visit: Visit, act: Act, _moment: Moment) -> Change:
    """Look for a code's draft. A slip of the finger that the check notices could find nothing, and is not counted."""
    code = read_code(act.order.code)
    if code is None:
        return _not_opened(state, visit, DraftFault.MISTYPED), ()
    waiting = replace(visit, page=Page.WAITING, fault_of_code=None)
    return replace(state, visit=waiting), (OpenDraft(visit.session, Keepsake(Way.CODE, code)),)


def _forget(state: State, visit: Visit, _act: Act, _moment: Moment) -> Change:
    assert visit.kept is not None
    waiting = replace(visit, page=Page.WAITING)
    return replace(state, visit=waiting), (ForgetDraft(visit.session, visit.kept.keepsake),)


def _choose_by_card(state: State, _visit: Visit, act: Act, _moment: Moment) -> Change:
    """Show a service whose card is said to open something."""
    offered = state.site.offer.find(act.order.service)
    if offered is None or offered.whole.id not in state.site.offer.by_card:
        raise OrderRefusedError(Refusal.SERVICE)
    visit = Visit(
        session=act.token, need=offered.whole.need, page=Page.SERVICE, offered=offered, seeks_draft=True
    )
    return replace(state, visit=visit), ()


def _start(state: State, visit: Visit, _act: Act, moment: Moment) -> Change:
    """Go on with what was found."""
    return resumed(state, visit, moment), ()


def _opened_by_card(state: State, event: DraftOpened, moment: Moment) -> State:
    """Show what the card opened, unless its person is busy with something newer; say what they would miss."""
    visit = state.visit
    if visit is None or visit.session != event.session or visit.card_keepsake != event.keepsake:
        return state
    if visit.is_keepable or visit.page not in {Page.QUESTION, Page.CHECK}:
        return state
    if event.draft is not None:
        return _found(state, visit, event, moment)
    if event.fault is None and not visit.seeks_draft:
        return state
    return fail(state, visit, _TROUBLES[event.fault or DraftFault.UNKNOWN], moment.uptime_ms)


def _found(state: State, visit: Visit, event: DraftOpened, moment: Moment) -> State:
    assert event.draft is not None
    found = replace(
        visit,
        page=Page.FOUND,
        question="",
        kept=Kept(event.keepsake, event.until_ms),
        found=fitting(offered_of(visit), event.draft, moment.today),
    )
    return replace(state, visit=found, touched_ms=moment.uptime_ms)


def _not_opened(state: State, visit: Visit, fault: DraftFault) -> State:
    return replace(state, visit=replace(visit, page=Page.RESUME, fault_of_code=fault))


def _counted(state: State, moment: Moment) -> State:
    wrong = state.wrong_codes + 1
    if wrong < WRONG_CODES:
        return replace(state, wrong_codes=wrong)
    return replace(state, wrong_codes=0, paused_ms=moment.uptime_ms + PAUSE_MS)


def _waiting(state: State, session: str) -> Visit | None:
    """Return the visit that waits for this, if its person is still there."""
    visit = state.visit
    is_theirs = visit is not None and visit.page is Page.WAITING and visit.session == session
    return visit if is_theirs else None


def _comes_before(last: Question, visit: Visit) -> bool:
    """Tell whether a question applies, and comes no later than where the visit is now."""
    if isinstance(last, CardQuestion) or visit.page not in {Page.QUESTION, Page.CHECK}:
        return False
    ids = [each.id for each in applicable(offered_of(visit).asked, visit.answers)]
    reached = ids.index(visit.question) if visit.page is Page.QUESTION else len(ids)
    return last.id in ids[: reached + 1]


_DOERS: Final[Mapping[Action, Callable[[State, Visit, Act, Moment], Change]]] = MappingProxyType(
    {
        Action.KEEP: _keep,
        Action.KEEP_BY_CODE: _keep_by_code,
        Action.KEEP_BY_CARD: _keep_by_card,
        Action.UNLOCK: _unlock,
        Action.FORGET: _forget,
        Action.CHOOSE: _choose_by_card,
        Action.START: _start,
    }
)


_BY_NAME: Final = frozenset(_DOERS) - {Action.CHOOSE, Action.START} | {Action.RESUME}
_BY_PAGE: Final = frozenset({(Page.RESUME, Action.CHOOSE), (Page.FOUND, Action.START)})


def is_about_draft(state: State, action: Action) -> bool:
    """Tell whether an act is about a draft: by its name, or by the page that it is done on."""
    return action in _BY_NAME or (state.page, action) in _BY_PAGE

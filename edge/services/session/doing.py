"""What the person does: each action, carried out. Whether it is allowed was asked before."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import msgspec

from catalogue.answering import check_answer, tidy
from catalogue.asking import applicable, kept, next_question, question_of
from catalogue.faults import Reason, fault_of
from catalogue.model import Kind
from catalogue.questions import CardQuestion, Question
from edge.services.draft_view import DRAFT_TROUBLES
from edge.services.errors import OrderRefusedError, Refusal
from edge.services.offer import Offered
from edge.services.orders import Order
from edge.services.session.card import card_answers
from edge.services.session.due import Change, end, fail, leave
from edge.services.session.events import Act, OpenCard, Submit
from edge.services.session.state import Moment, State, Visit
from edge.services.view import NO_RECIPIENT, Action, Outcome, Page
from wire.entries import Name

MAX_ANSWERS_BYTES: Final = 24_000
"""All answers together, as JSON: sealed, with what stands around them, they fit wire.entries.MAX_REQUEST_BYTES."""


def carry_out(state: State, act: Act, moment: Moment) -> Change:
    """Do what the person wants; OrderRefusedError when the order's data is wrong."""
    touched = replace(state, touched_ms=moment.uptime_ms)
    match act.order.action:
        case Action.OPEN:
            return _open(touched, act), ()
        case Action.CHOOSE:
            return _choose(touched, act), ()
        case Action.SUBMIT | Action.USE_CARD:
            return _ask(touched, act)
        case _:
            assert state.visit is not None
            doer = _DOERS[act.order.action]
            return doer(touched, replace(state.visit, fault=None), act.order, moment), ()


def onward(state: State, visit: Visit, moment: Moment) -> State:
    """Go to the first question that has no good answer yet, or to the page that checks all of them."""
    offered = offered_of(visit)
    if offered.recipient not in state.site.recipients:
        return fail(state, visit, NO_RECIPIENT, moment.uptime_ms)
    question = next_question(offered.asked, visit.answers, moment.today)
    if question is None:
        return _to(state, visit, Page.CHECK)
    return ask_question(state, replace(visit, is_changing=False), question)


def answered(state: State, visit: Visit, answers: Mapping[str, object], moment: Moment) -> State:
    """Go on with these answers and the card's; those to questions that no longer apply are forgotten."""
    service = offered_of(visit).asked
    from_card = None if visit.card is None else card_answers(service, visit.card, moment.today)
    known = {**answers, **(from_card or {})}
    left = {each.id: known[each.id] for each in applicable(service, known) if each.id in known}
    return onward(state, replace(visit, answers=left, shown=visit.shown & left.keys()), moment)


def _open(state: State, act: Act) -> State:
    need = act.order.need
    if need is None or not state.site.offer.has(need):
        raise OrderRefusedError(Refusal.NEED)
    return replace(state, visit=Visit(session=act.token, need=need), farewell=None)


def _choose(state: State, act: Act) -> State:
    """Show a service. The cabin has its own screens: the visit ends, and leaves the screen to them."""
    offered = state.site.offer.find(act.order.service)
    if offered is None:
        raise OrderRefusedError(Refusal.SERVICE)
    if offered.whole.kind is Kind.CABIN:
        return leave(state)
    if state.visit is not None and state.visit.offered is offered:
        return _to(state, state.visit, Page.SERVICE)
    visit = Visit(session=act.token, need=offered.whole.need, page=Page.SERVICE, offered=offered)
    return replace(state, visit=visit, farewell=None)


def _ask(state: State, act: Act) -> Change:
    assert state.visit is not None
    visit, offered = state.visit, offered_of(state.visit)
    if act.order.action is Action.USE_CARD:
        return state, (OpenCard(offered.whole.id),)
    sending = replace(visit, page=Page.SENDING, request=visit.request or act.token, trouble=None, question="")
    submit = Submit(
        session=sending.session,
        request=sending.request,
        tracking=sending.tracking,
        word=sending.word,
        offered=offered,
        answers=kept(offered.asked, sending.answers),
        card=sending.card,
        text_version=_text_version(act.order),
    )
    return replace(state, visit=sending), (submit,)


def _start(state: State, visit: Visit, _order: Order, moment: Moment) -> State:
    return onward(state, visit, moment)


def _answer(state: State, visit: Visit, order: Order, moment: Moment) -> State:
    question = _present(visit, order)
    fault = check_answer(question, order.value, moment.today)
    if fault is None:
        answers = {**visit.answers, question.id: tidy(question, order.value)}
        if len(msgspec.json.encode(answers)) <= MAX_ANSWERS_BYTES:
            return answered(state, visit, answers, moment)
        fault = fault_of(question, Reason.TOO_LONG)
    return replace(state, visit=replace(visit, fault=fault))


def _skip(state: State, visit: Visit, order: Order, moment: Moment) -> State:
    question = _present(visit, order)
    return answered(state, visit, {**visit.answers, question.id: None}, moment)


def _change(state: State, visit: Visit, order: Order, _moment: Moment) -> State:
    question = _applying(visit, order)
    if isinstance(question, CardQuestion):
        raise OrderRefusedError(Refusal.QUESTION)
    return ask_question(state, replace(visit, is_changing=True), question)


def _show(state: State, visit: Visit, order: Order, _moment: Moment) -> State:
    return replace(state, visit=replace(visit, shown=visit.shown | {_personal(visit, order)}))


def _hide(state: State, visit: Visit, order: Order, _moment: Moment) -> State:
    return replace(state, visit=replace(visit, shown=visit.shown - {_personal(visit, order)}))


def _back(state: State, visit: Visit, _order: Order, _moment: Moment) -> State:
    match visit.page:
        case Page.QUESTION if visit.is_changing:
            return _to(state, visit, Page.CHECK)
        case Page.QUESTION | Page.CHECK:
            return _previous(state, visit)
        case Page.TROUBLE if visit.trouble not in DRAFT_TROUBLES:
            return _to(state, visit, Page.SERVICE if visit.trouble == NO_RECIPIENT else Page.CHECK)
        case Page.KEEP | Page.TROUBLE:
            return _where_it_was(state, visit)
        case Page.SERVICE:
            return _to(state, visit, Page.GROUP)
        case _:
            return leave(state)


def _where_it_was(state: State, visit: Visit) -> State:
    """Go back to what was left for a draft's sake."""
    question = question_of(offered_of(visit).asked, visit.question)
    if question is not None:
        return ask_question(state, visit, question)
    return _to(state, visit, Page.CHECK if visit.found is None else Page.FOUND)


def _previous(state: State, visit: Visit) -> State:
    """Go to the question before; what the card answered is no page of its own."""
    ids = [each.id for each in applicable(offered_of(visit).asked, visit.answers)]
    before = ids[: ids.index(visit.question)] if visit.page is Page.QUESTION else ids
    for name in reversed(before):
        question = question_of(offered_of(visit).asked, name)
        if question is not None and not isinstance(question, CardQuestion):
            return ask_question(state, visit, question)
    return _to(state, visit, Page.SERVICE)


def _end(state: State, _visit: Visit, _order: Order, moment: Moment) -> State:
    return end(state, Outcome.LEFT, moment.uptime_ms)


def _extend(state: State, visit: Visit, _order: Order, _moment: Moment) -> State:
    return replace(state, visit=visit)


def ask_question(state: State, visit: Visit, question: Question) -> State:
    """Show one question."""
    asked = replace(visit, page=Page.QUESTION, question=question.id, trouble=None)
    return replace(state, visit=asked)


def _to(state: State, visit: Visit, page: Page) -> State:
    shown = visit.shown if page is Page.CHECK else frozenset[str]()
    moved = replace(visit, page=page, question="", is_changing=False, fault=None, shown=shown, trouble=None)
    return replace(state, visit=moved)


def offered_of(visit: Visit) -> Offered:
    """Return the service of a visit that has one."""
    assert visit.offered is not None
    return visit.offered


def _present(visit: Visit, order: Order) -> Question:
    question = _applying(visit, order)
    if question.id != visit.question:
        raise OrderRefusedError(Refusal.QUESTION)
    return question


def _personal(visit: Visit, order: Order) -> str:
    question = _applying(visit, order)
    if not question.personal:
        raise OrderRefusedError(Refusal.QUESTION)
    return question.id


def _applying(visit: Visit, order: Order) -> Question:
    for question in applicable(offered_of(visit).asked, visit.answers):
        if question.id == order.question:
            return question
    raise OrderRefusedError(Refusal.QUESTION)


def _text_version(order: Order) -> str:
    try:
        return msgspec.convert(order.text_version, Name)
    except msgspec.ValidationError:
        raise OrderRefusedError(Refusal.TEXT_VERSION) from None


_DOERS: Final[Mapping[Action, Callable[[State, Visit, Order, Moment], State]]] = MappingProxyType(
    {
        Action.START: _start,
        Action.ANSWER: _answer,
        Action.SKIP: _skip,
        Action.CHANGE: _change,
        Action.SHOW: _show,
        Action.HIDE: _hide,
        Action.BACK: _back,
        Action.END: _end,
        Action.EXTEND: _extend,
    }
)

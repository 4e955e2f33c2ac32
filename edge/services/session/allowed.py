"""What the person may do now."""

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from catalogue.asking import applicable, question_of
from catalogue.questions import CardQuestion
from edge.services.draft_view import DRAFT_DAMAGED, NO_DRAFT
from edge.services.session.state import Moment, State, Visit
from edge.services.view import FULL, Action, Page


def allowed(state: State, moment: Moment) -> list[Action]:
    """Return every action that will be accepted at `moment`, in a steady order."""
    visit = state.visit
    if visit is None:
        return [Action.OPEN, Action.CHOOSE, *([Action.RESUME] if state.site.keeps_drafts else [])]
    actions = set(_FIXED[visit.page])
    special = _SPECIAL.get(visit.page)
    if special is not None:
        actions |= special(visit, moment.today)
    if visit.wishes_card:
        actions.add(Action.USE_CARD)
    if state.site.keeps_drafts and visit.is_keepable:
        actions.add(Action.KEEP)
    if visit.page is Page.RESUME and moment.uptime_ms >= state.paused_ms:
        actions.add(Action.UNLOCK)
    if state.warned_ms is not None and moment.uptime_ms >= state.warned_ms:
        actions.add(Action.EXTEND)
    return [action for action in Action if action in actions]


def _question(visit: Visit, _today: dt.date) -> set[Action]:
    assert visit.offered is not None
    question = question_of(visit.offered.asked, visit.question)
    assert question is not None
    # a field of the card is never typed: it would count as read from the chip
    actions = set() if isinstance(question, CardQuestion) else {Action.ANSWER}
    return actions | ({Action.SKIP} if question.optional else set())


def _check(visit: Visit, today: dt.date) -> set[Action]:
    assert visit.offered is not None
    questions = applicable(visit.offered.asked, visit.answers)
    actions: set[Action] = set()
    if any(not isinstance(each, CardQuestion) for each in questions):
        actions.add(Action.CHANGE)
    if any(each.personal for each in questions):
        actions |= {Action.SHOW, Action.HIDE}
    return actions | _submittable(visit, today)


def _trouble(visit: Visit, today: dt.date) -> set[Action]:
    if visit.trouble in {NO_DRAFT, DRAFT_DAMAGED}:
        return {Action.START}
    return _submittable(visit, today) if visit.trouble == FULL else set()


def _keep(visit: Visit, _today: dt.date) -> set[Action]:
    return set() if visit.card_keepsake is None else {Action.KEEP_BY_CARD}


def _submittable(visit: Visit, today: dt.date) -> set[Action]:
    return {Action.SUBMIT} if visit.is_complete(today) else set()


_FIXED: Final[Mapping[Page, frozenset[Action]]] = MappingProxyType(
    {
        Page.GROUP: frozenset({Action.CHOOSE, Action.BACK, Action.END}),
        Page.SERVICE: frozenset({Action.START, Action.BACK, Action.END}),
        Page.QUESTION: frozenset({Action.BACK, Action.END}),
        Page.CHECK: frozenset({Action.BACK, Action.END}),
        Page.SENDING: frozenset(),
        Page.RECEIPT: frozenset({Action.END}),
        Page.TROUBLE: frozenset({Action.BACK, Action.END}),
        Page.KEEP: frozenset({Action.KEEP_BY_CODE, Action.BACK, Action.END}),
        Page.KEPT: frozenset({Action.END}),
        Page.RESUME: frozenset({Action.CHOOSE, Action.BACK, Action.END}),
        Page.FOUND: frozenset({Action.START, Action.FORGET, Action.END}),
        Page.WAITING: frozenset(),
    }
)
_SPECIAL: Final[Mapping[Page, Callable[[Visit, dt.date], set[Action]]]] = MappingProxyType(
    {Page.QUESTION: _question, Page.CHECK: _check, Page.TROUBLE: _trouble, Page.KEEP: _keep}
)

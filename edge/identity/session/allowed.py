"""What the person may do now."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from edge.idcard.errors import CardFault
from edge.identity.purposes import Gives
from edge.identity.session.state import Remedy, State, Visit
from edge.identity.view import Action, Page


def allowed(state: State, now_ms: int) -> list[Action]:
    """Return every action that will be accepted at `now_ms`, in a steady order."""
    visit = state.visit
    if visit is None:
        return [Action.OPEN]
    actions = set(_FIXED.get(visit.page, frozenset()))
    special = _SPECIAL.get(visit.page)
    if special is not None:
        actions |= special(visit)
    if state.tries.is_paused(now_ms):
        actions -= {Action.RETRY, Action.TO_DATES}
    if state.warned_ms is not None and now_ms >= state.warned_ms:
        actions.add(Action.EXTEND)
    return [action for action in Action if action in actions]


def _trouble(visit: Visit) -> set[Action]:
    assert visit.trouble is not None
    actions = {Action.END}
    if visit.trouble.remedy is not Remedy.NONE:
        actions.add(Action.RETRY)
    if visit.trouble.fault in (CardFault.WRONG_KEY, CardFault.BLOCKED):
        actions.add(Action.TO_DATES)
    return actions


def _review(visit: Visit) -> set[Action]:
    assert visit.purpose is not None
    actions = {Action.SHOW, Action.HIDE, Action.END}
    if visit.is_choosable:
        actions |= {Action.REMOVE, Action.RESTORE}
    if visit.purpose.gives is not Gives.NOTHING:
        actions.add(Action.SEND)
    return actions


_FIXED: Final[Mapping[Page, frozenset[Action]]] = MappingProxyType(
    {
        Page.PURPOSE: frozenset({Action.CHOOSE, Action.BACK, Action.END}),
        Page.CONSENT: frozenset({Action.AGREE, Action.BACK, Action.END}),
        Page.NUMBER: frozenset({Action.NUMBER, Action.SCAN, Action.TO_DATES, Action.BACK, Action.END}),
        Page.DATES: frozenset({Action.DATES, Action.SCAN, Action.BACK, Action.END}),
        Page.CARD: frozenset({Action.SCAN, Action.BACK, Action.END}),
        Page.READING: frozenset({Action.END}),
        Page.DONE: frozenset({Action.END}),
    }
)
_SPECIAL: Final[Mapping[Page, Callable[[Visit], set[Action]]]] = MappingProxyType(
    {Page.TROUBLE: _trouble, Page.REVIEW: _review}
)

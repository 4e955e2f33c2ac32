"""What the person may do in a state: exactly what the machine accepts."""

from collections.abc import Callable
from typing import Final

from edge.cabin.ports import CALM_ORDER
from edge.cabin.rules.series import result_of
from edge.cabin.session.state import MAX_FAILURES, State, Step, can_measure
from edge.cabin.view import Action, Page, Phase
from wire.entries import VitalKind


def allowed(state: State, now_ms: int) -> list[Action]:
    """Return the actions that will be accepted, in the order of the catalogue."""
    actions = set(_BY_PAGE[state.page](state))
    if state.warned_ms is not None and now_ms >= state.warned_ms:
        actions.add(Action.EXTEND)
    return [action for action in Action if action in actions]


def is_repeatable(step: Step) -> bool:
    """Tell whether the result that is shown may be taken once more: in doubt, or typed."""
    if step.offered is not None:
        return step.offered.is_typed or step.may_repeat
    return result_of(step.kind, step.readings).is_doubtful and step.may_repeat


def _choose(state: State) -> set[Action]:
    return {Action.BEGIN} if any(can_measure(state, kind) for kind in CALM_ORDER) else set()


def _consent(_: State) -> set[Action]:
    return {Action.CONSENT, Action.BACK}


def _step(state: State) -> set[Action]:
    assert state.step is not None
    step = state.step
    actions = {*_withdrawal(state), *_BY_PHASE[step.phase](step)}
    if step.phase in (Phase.PREPARE, Phase.ENTRY) and not state.has_measured:
        actions.add(Action.BACK)
    return actions


def _sheet(state: State) -> set[Action]:
    return {Action.FINISH, *_withdrawal(state)}


def _withdrawal(state: State) -> set[Action]:
    ledger = state.ledger
    is_possible = ledger.is_begun and not ledger.is_withdrawing and not ledger.is_withdrawn
    return {Action.WITHDRAW} if is_possible else set()


def _typing(step: Step) -> set[Action]:
    return {Action.ENTER} if step.kind is VitalKind.HEIGHT else set()


def _prepare(step: Step) -> set[Action]:
    return {Action.START, Action.SKIP, *_typing(step)}


def _busy(_: Step) -> set[Action]:
    return {Action.STOP, Action.SKIP}


def _result(step: Step) -> set[Action]:
    actions = {Action.NEXT}
    if is_repeatable(step):
        actions.add(Action.REPEAT)
    if step.offered is not None:
        actions.add(Action.SKIP)
    return actions


def _trouble(step: Step) -> set[Action]:
    again = {Action.REPEAT} if step.failures < MAX_FAILURES else set()
    return {Action.SKIP, *again, *_typing(step)}


def _entry(_: Step) -> set[Action]:
    return {Action.ENTER, Action.SKIP}


_BY_PAGE: Final[dict[Page, Callable[[State], set[Action]]]] = {
    Page.CHOOSE: _choose,
    Page.CONSENT: _consent,
    Page.STEP: _step,
    Page.SHEET: _sheet,
    Page.FAREWELL: lambda _: set(),
}
_BY_PHASE: Final[dict[Phase, Callable[[Step], set[Action]]]] = {
    Phase.PREPARE: _prepare,
    Phase.WAITING: _busy,
    Phase.MEASURING: _busy,
    Phase.REST: _busy,
    Phase.RESULT: _result,
    Phase.TROUBLE: _trouble,
    Phase.ENTRY: _entry,
}

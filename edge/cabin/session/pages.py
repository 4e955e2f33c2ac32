"""What the person does: each action of the catalogue, carried out. Whether it is allowed was asked before."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec

from edge.cabin.errors import ActionRefusedError, Refusal
from edge.cabin.orders import Order
from edge.cabin.ports import CALM_ORDER
from edge.cabin.rules.readings import typed_height
from edge.cabin.session import steps
from edge.cabin.session.due import end
from edge.cabin.session.events import Act, KeepWithdrawal
from edge.cabin.session.state import (
    FAREWELL_MS,
    Consent,
    State,
    Step,
    can_measure,
    wiped,
)
from edge.cabin.session.steps import Change
from edge.cabin.view import Action, Page
from wire.entries import Name, SessionOutcome, VitalKind


def carry_out(state: State, act: Act, now_ms: int) -> Change:
    """Do what the person wants; ActionRefusedError when the order's data is wrong."""
    done, effects = _DOERS[act.order.action](state, act, now_ms)
    return replace(done, touched_ms=now_ms), effects


def _begin(state: State, act: Act, _: int) -> Change:
    kinds = act.order.kinds
    if not kinds or len(set(kinds)) < len(kinds) or not all(can_measure(state, kind) for kind in kinds):
        raise ActionRefusedError(Refusal.KINDS)
    chosen = tuple(kind for kind in CALM_ORDER if kind in kinds)
    return replace(wiped(state), page=Page.CONSENT, session=act.token, chosen=chosen), ()


def _consent(state: State, act: Act, now_ms: int) -> Change:
    consent = _agreed(act.order, act.wall_ms, now_ms)
    subject = None if consent is None else state.subject
    return steps.enter(replace(state, consent=consent, subject=subject), state.chosen[0], now_ms), ()


def _agreed(order: Order, wall_ms: int, now_ms: int) -> Consent | None:
    if order.scope is None:
        return None
    try:
        text_version = msgspec.convert(order.text_version, Name)
    except msgspec.ValidationError:
        raise ActionRefusedError(Refusal.TEXT_VERSION) from None
    return Consent(order.scope, text_version, wall_ms, now_ms)


def _back(state: State, _: Act, now_ms: int) -> Change:
    """Go one page back; what was chosen stays chosen."""
    if state.page is Page.CONSENT:
        return replace(wiped(state), chosen=state.chosen), ()
    place = state.chosen.index(_on(state).kind)
    if place == 0:
        return replace(state, page=Page.CONSENT, consent=None, step=None), ()
    before = state.chosen[place - 1]
    skipped = tuple(kind for kind in state.skipped if kind is not before)
    return steps.enter(replace(state, skipped=skipped), before, now_ms), ()


def _start(state: State, _: Act, now_ms: int) -> Change:
    return steps.start(state, _on(state), now_ms)


def _stop(state: State, _: Act, now_ms: int) -> Change:
    return steps.stop(state, _on(state), now_ms)


def _repeat(state: State, _: Act, now_ms: int) -> Change:
    return steps.repeat(state, _on(state), now_ms)


def _skip(state: State, act: Act, now_ms: int) -> Change:
    return _leave(state, _on(state), act, now_ms)


def _next(state: State, act: Act, now_ms: int) -> Change:
    """Go on with what is shown; a series that is not complete goes on with its next reading."""
    step = _on(state)
    if step.offered is None:
        return _leave(state, step, act, now_ms)
    counted, effects = steps.commit(state, step, step.offered, now_ms)
    if step.kind is VitalKind.BLOOD_PRESSURE:
        return counted, effects
    left, more = _leave(counted, _on(counted), act, now_ms)
    return left, (*effects, *more)


def _enter(state: State, act: Act, now_ms: int) -> Change:
    step, order = _on(state), act.order
    height = None if order.value is None else typed_height(order.value)
    if order.measure != "body-height" or height is None:
        raise ActionRefusedError(Refusal.VALUE)
    return steps.accept(state, step, height, now_ms)


def _finish(state: State, _: Act, now_ms: int) -> Change:
    ended, effects = end(state, SessionOutcome.FINISHED)
    return replace(ended, page=Page.FAREWELL, farewell_until_ms=now_ms + FAREWELL_MS), effects


def _withdraw(state: State, _act: Act, _now_ms: int) -> Change:
    """Keep nothing from here on, and have what was kept deleted."""
    ledger = replace(state.ledger, is_withdrawing=True)
    return replace(state, consent=None, ledger=ledger), (KeepWithdrawal(state.session),)


def _extend(state: State, _act: Act, _now_ms: int) -> Change:
    return state, ()


def _leave(state: State, step: Step, act: Act, now_ms: int) -> Change:
    """Go to the next step, or to the sheet after the last one."""
    left, effects = steps.finish(state, step)
    if state.is_last_step:
        return replace(left, page=Page.SHEET, step=None, sheet_at_ms=act.wall_ms), effects
    following = state.chosen[state.chosen.index(step.kind) + 1]
    return steps.enter(left, following, now_ms), effects


def _on(state: State) -> Step:
    assert state.step is not None
    return state.step


_DOERS: Final[dict[Action, Callable[[State, Act, int], Change]]] = {
    Action.BEGIN: _begin,
    Action.CONSENT: _consent,
    Action.START: _start,
    Action.STOP: _stop,
    Action.REPEAT: _repeat,
    Action.SKIP: _skip,
    Action.NEXT: _next,
    Action.ENTER: _enter,
    Action.BACK: _back,
    Action.FINISH: _finish,
    Action.WITHDRAW: _withdraw,
    Action.EXTEND: _extend,
}

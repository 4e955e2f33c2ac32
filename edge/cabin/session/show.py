"""The view of a state."""

from types import MappingProxyType
from typing import Final

from edge.cabin.ports import CALM_ORDER, Offer
from edge.cabin.rules.readings import shown
from edge.cabin.rules.series import readings_wanted, result_of
from edge.cabin.rules.settling import believable, progress
from edge.cabin.session.actions import allowed
from edge.cabin.session.state import State, Step, can_measure
from edge.cabin.sheet import Facts, make_sheet, reading_view
from edge.cabin.view import (
    IdleView,
    LiveView,
    OfferView,
    Page,
    Phase,
    ReadingView,
    SheetView,
    StepView,
    Trouble,
    View,
)
from edge.countdown import seconds_left
from edge.instrument import Readiness
from wire.entries import ConsentScope, VitalKind

_SECONDS: Final = MappingProxyType(
    {
        VitalKind.HEIGHT: 20,
        VitalKind.WEIGHT: 20,
        VitalKind.TEMPERATURE: 60,
        VitalKind.OXYGEN: 30,
        VitalKind.HEART_RATE: 30,
        VitalKind.BLOOD_PRESSURE: 120,
        VitalKind.GLUCOSE: 60,
    }
)
"""About how long each takes, the pauses of blood pressure left out."""


def show(state: State, version: int, now_ms: int) -> View:
    """Return what the screen shows of `state` at `now_ms`."""
    return View(
        version=version,
        page=state.page,
        offers=_offers(state),
        actions=allowed(state, now_ms),
        chosen=list(state.chosen),
        consent=None if state.consent is None else state.consent.scope,
        is_bound=state.subject is not None,
        step=None if state.step is None else _step(state, state.step, now_ms),
        sheet=_sheet(state) if state.page is Page.SHEET else None,
        idle=_idle(state, now_ms),
    )


def kept(state: State) -> ConsentScope | None:
    """Return what is kept: the scope once the disk has every reading of the session, else nothing may be promised."""
    ledger = state.ledger
    if state.consent is None or not ledger.kept or ledger.waiting or ledger.is_refused:
        return None
    return state.consent.scope


def _offers(state: State) -> list[OfferView]:
    offers = {offer.kind: offer for offer in state.offers}
    return [
        OfferView(kind=kind, readiness=_readiness(state, offers.get(kind)), seconds=_seconds(state, kind))
        for kind in CALM_ORDER
        if kind in offers or can_measure(state, kind)
    ]


def _readiness(state: State, offer: Offer | None) -> Readiness:
    """Return how ready it is; a height that no rod measures is typed, and that is always possible."""
    if offer is None or (offer.readiness is Readiness.MISSING and can_measure(state, offer.kind)):
        return Readiness.READY
    return offer.readiness


def _seconds(state: State, kind: VitalKind) -> int:
    rest_s = state.pace.rest_ms // 1000 if kind is VitalKind.BLOOD_PRESSURE else 0
    return _SECONDS[kind] + rest_s


def _step(state: State, step: Step, now_ms: int) -> StepView:
    wanted = readings_wanted(step.kind, step.readings)
    is_resting = step.phase is Phase.REST
    has_result = step.phase is Phase.RESULT
    return StepView(
        kind=step.kind,
        number=state.chosen.index(step.kind) + 1,
        of=len(state.chosen),
        phase=step.phase,
        reading=_number(step, wanted),
        readings=wanted,
        live=_live(step) if step.phase is Phase.MEASURING else None,
        countdown_s=seconds_left(step.rest_until_ms, now_ms) if is_resting else None,
        trouble=Trouble.NOT_RECORDED if has_result and state.ledger.is_refused else step.trouble,
        result=_result(step) if has_result else None,
        is_doubtful=has_result and _is_doubtful(step),
    )


def _number(step: Step, wanted: int) -> int:
    """Count to the reading that is on or comes next; with the result, to the last one that was taken."""
    is_over = step.phase is Phase.RESULT and step.offered is None
    return min(wanted, len(step.readings) + (not is_over))


def _live(step: Step) -> LiveView | None:
    if step.live is None:
        return None
    told = step.live.progress
    share = progress(step.window, step.kind) if told is None else told
    return LiveView(
        values=shown(believable(step.live)),
        signal=None if step.live.signal is None else round(float(step.live.signal), 2),
        progress=None if share is None else round(float(share), 2),
        flags=sorted(step.live.flags),
    )


def _result(step: Step) -> ReadingView:
    if step.offered is not None:
        return reading_view(step.offered)
    result = result_of(step.kind, step.readings)
    return ReadingView(values=shown(result.values), flags=sorted(result.flags))


def _is_doubtful(step: Step) -> bool:
    if step.offered is not None:
        return step.offered.is_disturbed
    return result_of(step.kind, step.readings).is_doubtful


def _sheet(state: State) -> SheetView:
    return make_sheet(
        Facts(
            at_ms=state.sheet_at_ms,
            readings={done.kind: done.readings for done in state.done},
            skipped=state.skipped,
            kept=kept(state),
            is_withdrawn=state.ledger.is_withdrawn,
            is_refused=state.ledger.is_refused,
            overdue=frozenset(offer.device for offer in state.offers if offer.calibration_overdue),
        )
    )


def _idle(state: State, now_ms: int) -> IdleView | None:
    if state.warned_ms is None or state.wiped_ms is None or now_ms < state.warned_ms:
        return None
    return IdleView(seconds_left=seconds_left(state.wiped_ms, now_ms))

"""The view of a state."""

from edge.countdown import seconds_left
from edge.idcard.groups import Field
from edge.identity.purposes import Purpose
from edge.identity.session.allowed import allowed
from edge.identity.session.state import MAX_TRIES, State, Visit
from edge.identity.view import (
    FieldView,
    IdentityView,
    IdleView,
    Page,
    ProofView,
    PurposeView,
    StepView,
    TroubleView,
)


def show(state: State, version: int, now_ms: int) -> IdentityView:
    """Return what the screen shows of `state` at `now_ms`."""
    visit = state.visit
    frame = IdentityView(
        version=version,
        page=state.page,
        actions=allowed(state, now_ms),
        card_present=state.turn is not None,
        reader_ok=state.is_reader_ok,
        idle=_idle(state, now_ms),
        outcome=None if state.farewell is None else state.farewell.outcome,
    )
    return frame if visit is None else _of_visit(frame, state, visit, now_ms)


def _of_visit(frame: IdentityView, state: State, visit: Visit, now_ms: int) -> IdentityView:
    is_review = visit.page is Page.REVIEW
    return IdentityView(
        version=frame.version,
        page=frame.page,
        actions=frame.actions,
        card_present=frame.card_present,
        reader_ok=frame.reader_ok,
        idle=frame.idle,
        purposes=[_purpose(each) for each in visit.offered] if visit.page is Page.PURPOSE else [],
        purpose=None if visit.purpose is None else _purpose(visit.purpose),
        is_misread=visit.is_misread,
        step=None if visit.step is None else StepView(name=visit.step),
        trouble=_trouble(state, visit, now_ms),
        fields=[_field(visit, field) for field in visit.fields] if is_review else [],
        has_photo=is_review and visit.card is not None and visit.card.photo is not None,
        proof=_proof(visit) if is_review else None,
    )


def _purpose(purpose: Purpose) -> PurposeView:
    return PurposeView(
        purpose=purpose.name,
        gives=purpose.gives,
        fields=list(purpose.fields),
        recipient=purpose.recipient,
    )


def _trouble(state: State, visit: Visit, now_ms: int) -> TroubleView | None:
    if visit.trouble is None:
        return None
    return TroubleView(
        fault=visit.trouble.fault,
        tries_left=MAX_TRIES - state.tries.wrong,
        wait_s=seconds_left(state.tries.paused_until_ms, now_ms),
    )


def _field(visit: Visit, field: Field) -> FieldView:
    assert visit.card is not None
    assert visit.purpose is not None
    is_shown = field in visit.shown
    return FieldView(
        field=field,
        value=visit.card.fields[field] if is_shown else None,
        is_shown=is_shown,
        is_removed=field in visit.removed,
        is_needed=field in visit.purpose.needed,
    )


def _proof(visit: Visit) -> ProofView | None:
    if visit.card is None:
        return None
    return ProofView(issuer=visit.card.proof.issuer, clone_check=visit.card.proof.clone_check)


def _idle(state: State, now_ms: int) -> IdleView | None:
    if state.warned_ms is None or state.wiped_ms is None or now_ms < state.warned_ms:
        return None
    return IdleView(seconds_left=seconds_left(state.wiped_ms, now_ms))

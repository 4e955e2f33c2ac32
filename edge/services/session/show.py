"""The view of a state."""

from edge.countdown import seconds_left
from edge.services.draft_view import FoundView, KeptView, ResumeView
from edge.services.session.allowed import allowed
from edge.services.session.cards import question_card, row_cards, service_card
from edge.services.session.draft import Way
from edge.services.session.state import Moment, State, Visit
from edge.services.view import IdleView, Outcome, Page, QuestionCard, ReceiptView, RowCard, ServicesView


def show(state: State, version: int, moment: Moment) -> ServicesView:
    """Return what the screen shows of `state` at `moment`."""
    visit, outcome = state.visit, None if state.farewell is None else state.farewell.outcome
    return ServicesView(
        version=version,
        page=state.page,
        actions=allowed(state, moment),
        need=None if visit is None else visit.need,
        service=None if visit is None or visit.page is Page.GROUP else service_card(visit),
        question=_question(visit),
        rows=_rows(state, visit),
        receipt=_receipt(visit),
        trouble=None if visit is None else visit.trouble,
        is_submitted=state.page is Page.RECEIPT or outcome is Outcome.FINISHED,
        idle=_idle(state, moment.uptime_ms),
        outcome=outcome,
        resume=_resume(state, visit, moment.uptime_ms),
        found=_found(visit),
        kept=_kept(visit),
    )


def _question(visit: Visit | None) -> QuestionCard | None:
    return question_card(visit) if visit is not None and visit.page is Page.QUESTION else None


def _rows(state: State, visit: Visit | None) -> list[RowCard]:
    return row_cards(visit, state.site.wards) if visit is not None and visit.page is Page.CHECK else []


def _receipt(visit: Visit | None) -> ReceiptView | None:
    if visit is None or visit.receipt is None or visit.offered is None:
        return None
    return ReceiptView(
        tracking=visit.receipt.tracking,
        word=visit.receipt.word,
        at_ms=visit.receipt.at_ms,
        is_online=visit.receipt.is_online,
        deadline_words=visit.offered.deadline_words,
    )


def _resume(state: State, visit: Visit | None, now_ms: int) -> ResumeView | None:
    if visit is None or visit.page is not Page.RESUME:
        return None
    left = seconds_left(state.paused_ms, now_ms)
    return ResumeView(
        fault=visit.fault_of_code, seconds_left=left or None, by_card=list(state.site.offer.by_card)
    )


def _found(visit: Visit | None) -> FoundView | None:
    if visit is None or visit.page is not Page.FOUND or visit.found is None or visit.kept is None:
        return None
    return FoundView(
        answered=len(visit.found.answers),
        anew=[each.text for each in visit.found.anew],
        is_changed=visit.found.is_changed,
        until_ms=visit.kept.until_ms,
    )


def _kept(visit: Visit | None) -> KeptView | None:
    if visit is None or visit.page is not Page.KEPT or visit.kept is None:
        return None
    keepsake = visit.kept.keepsake
    return KeptView(code=keepsake.secret if keepsake.way is Way.CODE else "", until_ms=visit.kept.until_ms)


def _idle(state: State, now_ms: int) -> IdleView | None:
    if state.warned_ms is None or state.wiped_ms is None or now_ms < state.warned_ms:
        return None
    return IdleView(seconds_left=seconds_left(state.wiped_ms, now_ms))

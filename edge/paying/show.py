"""From the state of a payment to what the screen shows of it."""

from msgspec.structs import replace

from edge.paying.session import State, allowed
from edge.paying.view import Page, PayingView
from wire.asking import PaymentStands


def show(state: State, version: int) -> PayingView:
    """Return what the screen shows."""
    found, stands = state.found, state.stands
    is_shown = stands is not None and state.page in {Page.PAY, Page.PAID, Page.DONE, Page.OVER}
    view = PayingView(
        version=version,
        page=state.page,
        actions=allowed(state),
        is_fee=state.due is not None and state.due.account is None,
        holder="" if found is None else found.holder,
        bills=[] if found is None else found.bills,
        is_changed=state.is_changed,
        chosen=state.chosen,
        trouble=state.trouble,
        is_heard=state.is_heard,
    )
    return _with_money(view, stands) if stands is not None and is_shown else view


def _with_money(view: PayingView, stands: PaymentStands) -> PayingView:
    return replace(
        view,
        amount_dong=stands.amount_dong,
        taken_dong=stands.taken_dong,
        ways=[way.provider for way in stands.ways],
        reference=stands.reference,
        until_ms=stands.expires_at_ms,
        paid_at_ms=stands.paid_at_ms,
        receipt=stands.receipt,
        invoice=stands.invoice,
    )

"""What several kinds of requests have in common: a reason that is written down, and a fee that is paid."""

from dataclasses import replace
from typing import Final

from cloud.requests.flow import SYSTEM_ONLY, Move, names
from cloud.requests.request import Action, Request, State, Verb


def because(request: Request, action: Action, _now_ms: int) -> Request:
    """Write down why."""
    return replace(request, reason=action.reason)


def _paid(request: Request, action: Action, _now_ms: int) -> Request:
    return replace(request, payment_order=action.order)


PAY: Final = Move(
    verb=Verb.PAY,
    sources=frozenset({State.FEE_WANTED}),
    to=State.FEE_PAID,
    by=SYSTEM_ONLY,
    needs=names("order"),
    effect=_paid,
)

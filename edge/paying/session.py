"""A payment as a pure state machine: what the person does and what the centre says in, what is to be asked next out.

Nothing here makes or loses money: an order is the centre's, and it is paid when the centre says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from msgspec import structs

from edge.paying.errors import OrderRefusedError
from edge.paying.orders import Order
from edge.paying.view import Action, Page, Trouble
from wire.asking import (
    AnyAnswer,
    AskBills,
    AskPayment,
    BillChosen,
    BillsFound,
    NotAnswered,
    OpenBill,
    PaymentStands,
)

POLL_MS: Final = 1_000
"""So often a payment that is shown is asked for."""
CLEARING_MS: Final = 5_000
"""So often whether a paid bill is cleared, which may take a day."""
SUBMITTING_MS: Final = 60_000
"""So long the centre may not know of what was just submitted."""

Question = AskBills | AskPayment
Answer = AnyAnswer | None
"""None: no answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPay:
    """What was submitted and is to be paid: the bills of `account`, or without it the fee that is asked for."""

    request: str
    service: str
    account: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a payment is. `order` is minted when a way to pay is first asked for, `since_ms` is when that was (uptime)."""

    page: Page = Page.NONE
    due: ToPay | None = None
    found: BillsFound | None = None
    is_changed: bool = False
    chosen: OpenBill | None = None
    order: str = ""
    since_ms: int = 0
    stands: PaymentStands | None = None
    is_heard: bool = True
    trouble: Trouble | None = None


NOBODY: Final = State()


def begin(due: ToPay, token: str, now_ms: int) -> State:
    """Begin for what was submitted; `token` becomes the order of a fee."""
    if due.account is not None:
        return State(page=Page.ASKING, due=due)
    return State(page=Page.OPENING, due=due, order=token, since_ms=now_ms)


def act(state: State, order: Order, token: str, now_ms: int) -> State:
    """Do what the person wants; `token` names an order that begins with it. OrderRefusedError."""
    if order.action not in allowed(state):
        raise OrderRefusedError
    return _DOERS[order.action](state, order, token, now_ms)


def question(state: State) -> Question | None:
    """Return what is to be asked now; None: nothing."""
    if state.due is None:
        return None
    if state.page is Page.ASKING and state.due.account is not None:
        return AskBills(service=state.due.service, account=state.due.account)
    is_cleared = state.stands is not None and bool(state.stands.receipt)
    if state.page in {Page.OPENING, Page.PAY} or (state.page in {Page.PAID, Page.DONE} and not is_cleared):
        return AskPayment(order=state.order, request=state.due.request, bill=_bill(state))
    return None


def pause_ms(state: State) -> int:
    """Return how long to wait before the next question."""
    has_time = state.page is Page.DONE or (state.due is not None and state.due.account is None)
    return CLEARING_MS if has_time and state.page in {Page.PAID, Page.DONE} else POLL_MS


def heard(state: State, asked: Question, answer: Answer, now_ms: int, wall_ms: int) -> State:
    """Take an answer; one to a question that is not asked any more changes nothing."""
    if asked != question(state):
        return state
    match answer:
        case BillsFound():
            page = Page.BILLS if answer.bills else Page.NO_BILLS
            return replace(state, page=page, found=answer, is_heard=True)
        case PaymentStands():
            return _stands(state, answer, wall_ms)
        case NotAnswered(code=code):
            return _not_answered(state, asked, code, now_ms)
        case _:
            return _unheard(state, Trouble.OFFLINE)


def allowed(state: State) -> list[Action]:
    """Return every action that will be accepted, in a steady order."""
    actions = set(_FIXED.get(state.page, frozenset()))
    if state.page is Page.TROUBLE and state.trouble in {Trouble.OFFLINE, Trouble.OUT_OF_REACH}:
        actions.add(Action.AGAIN)
    if state.page in {Page.PAY, Page.OVER, Page.TROUBLE} and state.found is not None:
        actions.add(Action.BACK)
    return [each for each in Action if each in actions]


def code_of(state: State, provider: str) -> str | None:
    """Return the text of a provider's code, while it can be paid."""
    if state.stands is None or state.page is not Page.PAY:
        return None
    return next((way.qr_text for way in state.stands.ways if way.provider == provider), None)


def _bill(state: State) -> BillChosen | None:
    if state.chosen is None or state.due is None or state.due.account is None:
        return None
    return BillChosen(account=state.due.account, bill=state.chosen.bill, amount_dong=state.chosen.amount_dong)


def _stands(state: State, stands: PaymentStands, wall_ms: int) -> State:
    """Show what the centre says; a code that was shown stays while its provider does not answer."""
    now = replace(state, stands=stands, is_heard=True, trouble=None)
    if stands.is_paid:
        return replace(now, page=Page.DONE if state.page is Page.DONE else Page.PAID)
    if wall_ms >= stands.expires_at_ms or stands.state in _ENDED:
        return replace(now, page=Page.OVER)
    if stands.ways:
        return replace(now, page=Page.PAY)
    before = state.stands
    if before is not None and before.ways:
        return replace(now, stands=structs.replace(stands, ways=before.ways))
    return replace(now, page=Page.TROUBLE, trouble=Trouble.OUT_OF_REACH)


def _not_answered(state: State, asked: Question, code: str, now_ms: int) -> State:
    if code == "changed" and state.found is not None:
        return replace(state, page=Page.ASKING, found=None, chosen=None, is_changed=True)
    if code == "too-often":
        return state
    if code == "unknown" and isinstance(asked, AskPayment) and now_ms - state.since_ms < SUBMITTING_MS:
        return state  # what was just submitted may still be on its way to the centre
    ended = Trouble.UNKNOWN_ACCOUNT if _is_unknown_account(asked, code) else _REFUSED.get(code)
    if ended is not None:
        return replace(state, page=Page.TROUBLE, trouble=ended)
    return _unheard(state, Trouble.OUT_OF_REACH)


def _is_unknown_account(asked: Question, code: str) -> bool:
    return code == "unknown" and isinstance(asked, AskBills)


def _unheard(state: State, trouble: Trouble) -> State:
    """Say that nothing is heard: a code on the screen can be paid all the same."""
    if state.page in {Page.PAY, Page.PAID, Page.DONE}:
        return replace(state, is_heard=False)
    return replace(state, page=Page.TROUBLE, trouble=trouble)


def _choose(state: State, order: Order, token: str, now_ms: int) -> State:
    bills = [] if state.found is None else state.found.bills
    chosen = next((bill for bill in bills if bill.bill == order.bill), None)
    if chosen is None:
        raise OrderRefusedError
    return replace(
        state,
        page=Page.OPENING,
        chosen=chosen,
        order=token,
        since_ms=now_ms,
        stands=None,
        is_changed=False,
    )


def _again(state: State, _order: Order, token: str, now_ms: int) -> State:
    """Ask again; a code whose time is over is followed by another order."""
    is_bills = state.chosen is None and state.due is not None and state.due.account is not None
    if is_bills:
        return replace(state, page=Page.ASKING, trouble=None)
    identity = token if state.page is Page.OVER else state.order
    return replace(state, page=Page.OPENING, order=identity, since_ms=now_ms, stands=None, trouble=None)


def _back(state: State, _order: Order, _token: str, _now_ms: int) -> State:
    """Return to the bills, asked for anew: one of them may be paid meanwhile."""
    return replace(state, page=Page.ASKING, chosen=None, found=None, stands=None, trouble=None, is_heard=True)


def _done(state: State, _order: Order, _token: str, _now_ms: int) -> State:
    return replace(state, page=Page.DONE)


_REFUSED: Final = MappingProxyType({"paid": Trouble.PAID_ALREADY, "not-offered": Trouble.NOT_OFFERED})
"""Answers after which asking again is of no use."""

_ENDED: Final = frozenset({"expired", "cancelled", "closed"})
_FIXED: Final = MappingProxyType(
    {
        Page.BILLS: frozenset({Action.CHOOSE}),
        Page.OVER: frozenset({Action.AGAIN}),
        Page.PAID: frozenset({Action.DONE}),
    }
)
_DOERS: Final[MappingProxyType[Action, Callable[[State, Order, str, int], State]]] = MappingProxyType(
    {Action.CHOOSE: _choose, Action.AGAIN: _again, Action.BACK: _back, Action.DONE: _done}
)

"""A bill: the person pays it at the station, the platform clears it with whoever bills.

    fee-wanted -> fee-paid -> done | declined (the money goes back)
        '-> stopped, when it is not paid in time; withdrawn by the person before they pay

What is paid may have been cleared over there already, with the answer lost on its way: by hand it is declined only when whoever
bills has had a day to say so, and somebody has asked them. The money itself is cloud.payments' business: what was paid too late, twice or for what was declined is owed back there.
"""

from typing import Final

from cloud.requests.calendar import Term, Unit
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.flow import CITIZEN_ONLY, Flow, Move, Wait, Whose, moves, names
from cloud.requests.request import Action, ActorKind, Request, State, Verb
from cloud.requests.shared import PAY, because

_BY_HAND_TOO: Final = frozenset({ActorKind.SYSTEM, ActorKind.DESK})


def _declined(request: Request, action: Action, now_ms: int) -> Request:
    is_early = request.due_at_ms is None or now_ms <= request.due_at_ms
    if request.state is State.FEE_PAID and action.by.kind is ActorKind.DESK and is_early:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "action: whoever bills has still to say how it stands")
    return because(request, action, now_ms)


BILL: Final = Flow(
    start=State.FEE_WANTED,
    ends=frozenset({State.DONE, State.DECLINED, State.STOPPED, State.WITHDRAWN}),
    rated=frozenset({State.DONE, State.DECLINED}),
    waits={
        State.FEE_WANTED: Wait(whose=Whose.CITIZEN, term=Term(1, Unit.HOURS), then=State.STOPPED),
        State.FEE_PAID: Wait(whose=Whose.DESK, term=Term(24, Unit.HOURS)),
    },
    moves=moves(
        PAY,
        Move(
            verb=Verb.FINISH,
            sources=frozenset({State.FEE_PAID}),
            to=State.DONE,
            by=_BY_HAND_TOO,
        ),
        Move(
            verb=Verb.DECLINE,
            sources=frozenset({State.FEE_WANTED, State.FEE_PAID}),
            to=State.DECLINED,
            by=_BY_HAND_TOO,
            needs=names("reason"),
            effect=_declined,
        ),
        Move(verb=Verb.WITHDRAW, sources=frozenset({State.FEE_WANTED}), to=State.WITHDRAWN, by=CITIZEN_ONLY),
    ),
)

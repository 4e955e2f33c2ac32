"""The dossier of a public service.

    submitted -> received -> processing -> decided (granted | denied) -> result-ready -> delivered
        |            |  ^        |  ^
        v            v  |        v  |
     refused   supplement-wanted -> supplemented      and fee-wanted -> fee-paid, either as often as it takes

Withdrawn by the citizen while not decided; stopped when the citizen brings or pays nothing in time. The desk's terms are
defaults; a service has its own (Flow.with_terms).
"""

from dataclasses import replace
from typing import Final

from cloud.requests.calendar import Term, Unit
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.flow import CITIZEN_ONLY, DESK_ONLY, Flow, Move, Wait, Whose, moves, names
from cloud.requests.request import Action, Request, State, Verb
from cloud.requests.shared import PAY, because

MAX_SUPPLEMENTS: Final = 5

_UNDECIDED: Final = frozenset(
    {
        State.SUBMITTED,
        State.RECEIVED,
        State.PROCESSING,
        State.SUPPLEMENT_WANTED,
        State.SUPPLEMENTED,
        State.FEE_WANTED,
        State.FEE_PAID,
    }
)
_AT_THE_DESK: Final = frozenset({State.RECEIVED, State.PROCESSING, State.SUPPLEMENTED, State.FEE_PAID})
_ENDS: Final = frozenset({State.REFUSED, State.STOPPED, State.WITHDRAWN, State.DELIVERED})


def _received(request: Request, action: Action, _now_ms: int) -> Request:
    return replace(request, case_number=action.case_number or request.case_number)


def _decided(request: Request, action: Action, _now_ms: int) -> Request:
    return replace(request, decision=action.decision, reason=action.reason)


def _stopped(request: Request, action: Action, now_ms: int) -> Request:
    if request.due_at_ms is None or now_ms <= request.due_at_ms:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "action: the citizen still has time")
    return replace(request, reason=action.reason)


DOSSIER: Final = Flow(
    start=State.SUBMITTED,
    ends=_ENDS,
    rated=_ENDS - {State.WITHDRAWN},
    waits={
        State.SUBMITTED: Wait(whose=Whose.DESK, term=Term(8, Unit.WORKING_HOURS)),
        State.RECEIVED: Wait(whose=Whose.DESK, term=Term(1, Unit.WORKING_DAYS)),
        State.PROCESSING: Wait(whose=Whose.DESK, term=Term(3, Unit.WORKING_DAYS)),
        State.SUPPLEMENT_WANTED: Wait(whose=Whose.CITIZEN, term=Term(30, Unit.DAYS)),
        State.SUPPLEMENTED: Wait(whose=Whose.DESK, term=Term(8, Unit.WORKING_HOURS)),
        State.FEE_WANTED: Wait(whose=Whose.CITIZEN, term=Term(15, Unit.DAYS)),
        State.FEE_PAID: Wait(whose=Whose.DESK, term=Term(8, Unit.WORKING_HOURS)),
        State.DECIDED: Wait(whose=Whose.DESK, term=Term(1, Unit.WORKING_DAYS)),
        State.RESULT_READY: Wait(whose=Whose.CITIZEN, term=Term(30, Unit.DAYS)),
    },
    moves=moves(
        Move(
            verb=Verb.RECEIVE,
            sources=frozenset({State.SUBMITTED}),
            to=State.RECEIVED,
            by=DESK_ONLY,
            may=names("case_number", "note"),
            effect=_received,
        ),
        Move(
            verb=Verb.REFUSE,
            sources=frozenset({State.SUBMITTED}),
            to=State.REFUSED,
            by=DESK_ONLY,
            needs=names("reason"),
            effect=because,
        ),
        Move(
            verb=Verb.START,
            sources=frozenset({State.RECEIVED, State.SUPPLEMENTED, State.FEE_PAID}),
            to=State.PROCESSING,
            by=DESK_ONLY,
        ),
        Move(
            verb=Verb.ASK_SUPPLEMENT,
            sources=_AT_THE_DESK,
            to=State.SUPPLEMENT_WANTED,
            by=DESK_ONLY,
            needs=names("reason", "wanted"),
            limit=MAX_SUPPLEMENTS,
            effect=because,
        ),
        Move(
            verb=Verb.SUPPLEMENT,
            sources=frozenset({State.SUPPLEMENT_WANTED}),
            to=State.SUPPLEMENTED,
            by=CITIZEN_ONLY,
        ),
        Move(verb=Verb.ASK_FEE, sources=_AT_THE_DESK, to=State.FEE_WANTED, by=DESK_ONLY),
        PAY,
        Move(
            verb=Verb.DECIDE,
            sources=frozenset({State.PROCESSING, State.FEE_PAID}),
            to=State.DECIDED,
            by=DESK_ONLY,
            needs=names("decision"),
            may=names("reason", "note"),
            effect=_decided,
        ),
        Move(
            verb=Verb.MAKE_READY,
            sources=frozenset({State.DECIDED}),
            to=State.RESULT_READY,
            by=DESK_ONLY,
        ),
        Move(
            verb=Verb.DELIVER,
            sources=frozenset({State.RESULT_READY}),
            to=State.DELIVERED,
            by=DESK_ONLY,
        ),
        Move(
            verb=Verb.STOP,
            sources=frozenset({State.SUPPLEMENT_WANTED, State.FEE_WANTED}),
            to=State.STOPPED,
            by=DESK_ONLY,
            needs=names("reason"),
            effect=_stopped,
        ),
        Move(verb=Verb.WITHDRAW, sources=_UNDECIDED, to=State.WITHDRAWN, by=CITIZEN_ONLY),
    ),
)

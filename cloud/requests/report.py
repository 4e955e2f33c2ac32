"""A citizen's report on security or a civic matter.

    new -> accepted -> assigned -> in-progress -> resolved -> confirmed | closed (nobody objected in time)
     |                     ^                         |
     v                     '------- reopened <-------'  within ten days, when it is not true
  refused | duplicate | withdrawn by the reporter       supplement-wanted on the way, then accepted again

The right to report again is that of the city's 1022 portal (QD 1478/QD-UBND 2020); ten days are what DIGIT's complaint
service has. Who reported is never public unless the reporter wants it.
"""

from dataclasses import dataclass, replace
from typing import Final

from cloud.requests.calendar import Term, Unit, day_of
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.flow import CITIZEN_ONLY, DESK_ONLY, Flow, Move, Wait, Whose, moves, names
from cloud.requests.request import Action, Request, State, Verb
from cloud.requests.shared import because

REOPEN_DAYS: Final = 10
MAX_REOPENINGS: Final = 3
"""After that a person must look at it together with the reporter."""


def _assigned(request: Request, action: Action, _now_ms: int) -> Request:
    return replace(request, assignee=action.assignee)


def _duplicate(request: Request, action: Action, _now_ms: int) -> Request:
    if action.duplicate_of == request.id:
        raise RefusedError(RefusedCode.INVALID, "action: a report is no duplicate of itself")
    return replace(request, duplicate_of=action.duplicate_of)


def _reopened(request: Request, action: Action, now_ms: int) -> Request:
    if request.due_at_ms is None or now_ms > request.due_at_ms:
        raise RefusedError(RefusedCode.NOT_ALLOWED, f"action: to be reopened within {REOPEN_DAYS} days")
    return replace(request, reason=action.reason)


REPORT: Final = Flow(
    start=State.NEW,
    ends=frozenset({State.REFUSED, State.DUPLICATE, State.WITHDRAWN, State.CONFIRMED, State.CLOSED}),
    rated=frozenset({State.REFUSED, State.CONFIRMED, State.CLOSED}),
    waits={
        State.NEW: Wait(whose=Whose.DESK, term=Term(2, Unit.WORKING_HOURS)),
        State.ACCEPTED: Wait(whose=Whose.DESK, term=Term(4, Unit.WORKING_HOURS)),
        State.ASSIGNED: Wait(whose=Whose.DESK, term=Term(8, Unit.WORKING_HOURS)),
        State.IN_PROGRESS: Wait(whose=Whose.DESK, term=Term(5, Unit.WORKING_DAYS)),
        State.SUPPLEMENT_WANTED: Wait(whose=Whose.CITIZEN, term=Term(5, Unit.DAYS), then=State.CLOSED),
        State.RESOLVED: Wait(whose=Whose.CITIZEN, term=Term(REOPEN_DAYS, Unit.DAYS), then=State.CLOSED),
        State.REOPENED: Wait(whose=Whose.DESK, term=Term(4, Unit.WORKING_HOURS)),
    },
    moves=moves(
        Move(verb=Verb.ACCEPT, sources=frozenset({State.NEW}), to=State.ACCEPTED, by=DESK_ONLY),
        Move(
            verb=Verb.REFUSE,
            sources=frozenset({State.NEW, State.ACCEPTED}),
            to=State.REFUSED,
            by=DESK_ONLY,
            needs=names("reason"),
            effect=because,
        ),
        Move(
            verb=Verb.MARK_DUPLICATE,
            sources=frozenset({State.NEW, State.ACCEPTED}),
            to=State.DUPLICATE,
            by=DESK_ONLY,
            needs=names("duplicate_of"),
            effect=_duplicate,
        ),
        Move(
            verb=Verb.WITHDRAW,
            sources=frozenset({State.NEW, State.ACCEPTED}),
            to=State.WITHDRAWN,
            by=CITIZEN_ONLY,
        ),
        Move(
            verb=Verb.ASK_SUPPLEMENT,
            sources=frozenset({State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS}),
            to=State.SUPPLEMENT_WANTED,
            by=DESK_ONLY,
            needs=names("reason", "wanted"),
            effect=because,
        ),
        Move(
            verb=Verb.SUPPLEMENT,
            sources=frozenset({State.SUPPLEMENT_WANTED}),
            to=State.ACCEPTED,
            by=CITIZEN_ONLY,
        ),
        Move(
            verb=Verb.ASSIGN,
            sources=frozenset({State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.REOPENED}),
            to=State.ASSIGNED,
            by=DESK_ONLY,
            needs=names("assignee"),
            effect=_assigned,
        ),
        Move(verb=Verb.START, sources=frozenset({State.ASSIGNED}), to=State.IN_PROGRESS, by=DESK_ONLY),
        Move(
            verb=Verb.RESOLVE,
            sources=frozenset({State.ASSIGNED, State.IN_PROGRESS}),
            to=State.RESOLVED,
            by=DESK_ONLY,
        ),
        Move(verb=Verb.CONFIRM, sources=frozenset({State.RESOLVED}), to=State.CONFIRMED, by=CITIZEN_ONLY),
        Move(
            verb=Verb.REOPEN,
            sources=frozenset({State.RESOLVED}),
            to=State.REOPENED,
            by=CITIZEN_ONLY,
            may=names("reason", "note"),
            limit=MAX_REOPENINGS,
            effect=_reopened,
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReport:
    """All that the public is told of a report: what about, in which ward, on which day (ISO 8601), and how far it is."""

    service: str
    category: str
    ward: str
    reported_on: str
    state: State


def public_view(request: Request) -> PublicReport:
    """Return what may be shown to anybody; neither place nor words nor who it was, which are sealed."""
    return PublicReport(
        service=request.service,
        category=request.category or request.service,
        ward=request.ward,
        reported_on=day_of(request.opened_at_ms).isoformat(),
        state=request.state,
    )

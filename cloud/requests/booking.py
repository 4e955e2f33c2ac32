"""A booked examination, online or at a hospital.

asked -> offered (slots) -> booked -> reminded -> attended | missed
             ^    |           |          |
             |----' others    |----------'--> cancelled, by either side; also when no slot was chosen in time
             '----------------' others, when the hospital cannot keep the time: the person chooses anew
"""

from dataclasses import replace
from itertools import pairwise
from typing import Final

from cloud.requests.calendar import DAY_MS, HOUR_MS, Term, Unit
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.flow import CITIZEN_ONLY, DESK_ONLY, Flow, Move, Wait, Whose, moves, names
from cloud.requests.request import Action, ActorKind, Request, Slot, State, Verb

REMIND_BEFORE_MS: Final = DAY_MS
GRACE_MS: Final = 4 * HOUR_MS
"""So long after a slot the hospital has to say who came; then who did not is taken to have missed it."""

MAX_OFFERS: Final = 5
MAX_SLOT_MS: Final = 12 * HOUR_MS
MAX_AHEAD_MS: Final = 180 * DAY_MS

_BY_HOSPITAL: Final = frozenset({ActorKind.DESK, ActorKind.CONNECTOR})
_OPEN: Final = frozenset({State.ASKED, State.OFFERED, State.BOOKED, State.REMINDED})
_COMING: Final = frozenset({State.BOOKED, State.REMINDED})


def _slot(request: Request) -> Slot:
    assert request.slot is not None, "nobody is booked without a slot"
    return request.slot


def _remind_ms(request: Request) -> int:
    return max(_slot(request).start_ms - REMIND_BEFORE_MS, request.updated_at_ms)


def _missed_ms(request: Request) -> int:
    return _slot(request).end_ms + GRACE_MS


def _offered(request: Request, action: Action, now_ms: int) -> Request:
    slots = tuple(sorted(action.slots))
    are_ahead = all(now_ms < slot.start_ms <= now_ms + MAX_AHEAD_MS for slot in slots)
    are_spans = all(0 < slot.end_ms - slot.start_ms <= MAX_SLOT_MS for slot in slots)
    are_apart = all(one.start_ms < other.start_ms for one, other in pairwise(slots))
    if not (are_ahead and are_spans and are_apart):
        raise RefusedError(
            RefusedCode.INVALID, "action: slots lie ahead, have a length, and differ in their start"
        )
    return replace(request, slots=slots, slot=None)


def _booked(request: Request, action: Action, now_ms: int) -> Request:
    chosen = next((slot for slot in request.slots if slot.start_ms == action.slot_start_ms), None)
    if chosen is None:
        raise RefusedError(RefusedCode.INVALID, "action: no such slot was offered")
    if chosen.start_ms <= now_ms:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "action: that slot has begun")
    return replace(request, slot=chosen, slots=())


def _attended(request: Request, _action: Action, now_ms: int) -> Request:
    if now_ms < _slot(request).start_ms - DAY_MS:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "action: the slot is more than a day ahead")
    return request


def _missed(request: Request, _action: Action, now_ms: int) -> Request:
    if now_ms < _slot(request).start_ms:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "action: the slot has not begun")
    return request


def _cancelled(request: Request, action: Action, _now_ms: int) -> Request:
    return replace(request, reason=action.reason, slots=())


BOOKING: Final = Flow(
    start=State.ASKED,
    ends=frozenset({State.ATTENDED, State.CANCELLED, State.MISSED}),
    rated=frozenset({State.ATTENDED}),
    waits={
        State.ASKED: Wait(whose=Whose.DESK, term=Term(8, Unit.WORKING_HOURS)),
        State.OFFERED: Wait(whose=Whose.CITIZEN, term=Term(2, Unit.DAYS), then=State.CANCELLED),
        State.BOOKED: Wait(whose=Whose.CITIZEN, until=_remind_ms, then=State.REMINDED, verb=Verb.REMIND),
        State.REMINDED: Wait(whose=Whose.CITIZEN, until=_missed_ms, then=State.MISSED, verb=Verb.MISS),
    },
    moves=moves(
        Move(
            verb=Verb.OFFER,
            sources=_OPEN,
            to=State.OFFERED,
            by=_BY_HOSPITAL,
            needs=names("slots"),
            limit=MAX_OFFERS,
            effect=_offered,
        ),
        Move(
            verb=Verb.BOOK,
            sources=frozenset({State.OFFERED}),
            to=State.BOOKED,
            by=CITIZEN_ONLY,
            needs=names("slot_start_ms"),
            effect=_booked,
        ),
        Move(verb=Verb.ATTEND, sources=_COMING, to=State.ATTENDED, by=DESK_ONLY, effect=_attended),
        Move(verb=Verb.MISS, sources=_COMING, to=State.MISSED, by=DESK_ONLY, effect=_missed),
        Move(
            verb=Verb.CANCEL,
            sources=_OPEN,
            to=State.CANCELLED,
            by=frozenset({ActorKind.CITIZEN, ActorKind.DESK}),
            may=names("reason", "note"),
            effect=_cancelled,
        ),
    ),
)

"""What a desk, or the person, may do to a request now: for screens, which offer nothing that is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cloud.requests.act import MAX_NEW_DATES
from cloud.requests.flow import Flow, Whose
from cloud.requests.forms import SIDE_FORMS
from cloud.requests.reasons import Reason, reasons_for
from cloud.requests.request import ActorKind, Request, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One verb. `needs` and `may` are parameters of the action; `is_end`: nothing can be done to the request after it."""

    verb: Verb
    needs: frozenset[str]
    may: frozenset[str]
    is_end: bool
    reasons: tuple[Reason, ...]


PATIENT: Final = frozenset({Verb.STOP})
"""What is allowed only when the person's time is over."""


def options(flow: Flow, request: Request, now_ms: int) -> list[Option]:
    """Return everything that a desk may do now, in the order of the flow; a new date comes last."""
    return list(_options(flow, request, now_ms))


def open_to_person(flow: Flow, request: Request) -> list[Verb]:
    """Return what the person may do now, in the order of the flow."""
    verbs = [
        move.verb
        for move in flow.moves.values()
        if ActorKind.CITIZEN in move.by
        and request.state in move.sources
        and (move.limit is None or request.rounds < move.limit)
    ]
    can_rate = request.state in flow.rated and request.rating is None
    return [*verbs, Verb.RATE] if can_rate else verbs


def _options(flow: Flow, request: Request, now_ms: int) -> Iterator[Option]:
    is_past = request.due_at_ms is not None and request.due_at_ms < now_ms
    for move in flow.moves.values():
        is_ours = ActorKind.DESK in move.by and request.state in move.sources
        is_left = move.limit is None or request.rounds < move.limit
        if is_ours and is_left and (is_past or move.verb not in PATIENT):
            yield Option(
                verb=move.verb,
                needs=move.needs,
                may=move.may,
                is_end=move.to in flow.ends,
                reasons=reasons_for(move.verb, request.kind),
            )
    wait = flow.waits.get(request.state)
    if wait is not None and wait.whose is Whose.DESK and request.new_dates < MAX_NEW_DATES:
        needs, may = SIDE_FORMS[Verb.APOLOGISE]
        reasons = reasons_for(Verb.APOLOGISE, request.kind)
        yield Option(verb=Verb.APOLOGISE, needs=needs, may=may, is_end=False, reasons=reasons)

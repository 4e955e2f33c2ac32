"""Invented requests and a working week for tests of cloud.requests; 2026-11-23 is a Monday."""

import datetime as dt
from typing import Any, Final

from cloud.requests.act import act, open_request
from cloud.requests.calendar import Calendar
from cloud.requests.flows import FLOWS
from cloud.requests.request import CITIZEN, Action, Actor, ActorKind, Change, Kind, Request, Slot, Verb

REQUEST: Final = "6e" * 16
OFFICER: Final = Actor(ActorKind.DESK, "mot.cua")
PORTAL: Final = Actor(ActorKind.CONNECTOR, "national-portal")
CALENDAR: Final = Calendar(off=frozenset({dt.date(2026, 11, 24)}), worked=frozenset({dt.date(2026, 11, 28)}))
Step = tuple[Verb, dict[str, Any]]
"""A verb and its parameters."""

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS


def at_ms(day: int, hour: int = 8, minute: int = 0, *, month: int = 11) -> int:
    """Return a moment of 2026 by Vietnam's clock."""
    zone = dt.timezone(dt.timedelta(hours=7))
    return round(dt.datetime(2026, month, day, hour, minute, tzinfo=zone).timestamp() * 1000)


NOW_MS: Final = at_ms(23)
SLOT: Final = Slot(at_ms(27, 9), at_ms(27, 10))


def fresh(kind: Kind = Kind.DOSSIER, **changed: Any) -> Request:
    """Return a request that has just been opened."""
    values: dict[str, Any] = {
        "id": REQUEST,
        "tracking": "K7QM-3VXP-2HFD",
        "kind": kind,
        "service": "temporary-residence",
        "service_version": 3,
        "station": "st-0001",
        "ward": "27097",
        "state": FLOWS[kind].start,
        "opened_at_ms": NOW_MS,
        "entered_at_ms": NOW_MS,
        "updated_at_ms": NOW_MS,
    }
    request = Request(**(values | changed))
    return open_request(FLOWS[kind], request, "opening", NOW_MS, CALENDAR).request


def action(verb: Verb, by: Actor = OFFICER, **changed: Any) -> Action:
    """Return an action; its key is its verb's unless the test says otherwise."""
    values: dict[str, Any] = {"verb": verb, "by": by, "key": f"key-{verb}"}
    return Action(**(values | changed))


def do(request: Request, verb: Verb, by: Actor = OFFICER, *, now_ms: int = NOW_MS, **changed: Any) -> Change:
    """Act on the request as it is."""
    return act(FLOWS[request.kind], request, action(verb, by, **changed), now_ms, CALENDAR)


def walk(request: Request, *steps: Step, now_ms: int = NOW_MS) -> Request:
    """Take several steps, those of the citizen's verbs by the citizen."""
    for verb, changed in steps:
        by = CITIZEN if verb in CITIZENS else OFFICER
        if verb is Verb.PAY:
            by = Actor(ActorKind.SYSTEM)
        request = do(request, verb, by, now_ms=now_ms, **changed).request
    return request


CITIZENS: Final = frozenset({Verb.SUPPLEMENT, Verb.WITHDRAW, Verb.CONFIRM, Verb.REOPEN, Verb.BOOK, Verb.RATE})
TO_PROCESSING: Final[tuple[Step, ...]] = ((Verb.RECEIVE, {}), (Verb.START, {}))

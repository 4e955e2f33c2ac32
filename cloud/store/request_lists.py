"""Requests as desks and the station's screens ask for them: by tracking code, by desk, by what is overdue."""

from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from cloud.requests.report import PublicReport, public_view
from cloud.requests.request import Actor, ActorKind, Event, Kind, Request, State, Verb
from cloud.store import request_rows
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_EVENT as E


def find_by_tracking(connection: Connection, code: str) -> list[Request]:
    """Return the requests of a tracking code (in its one form): one, unless two stations clash."""
    rows = connection.execute(_TRACKED, {"code": code}).mappings()
    return [request_rows.to_request(row) for row in rows]


def of_person(connection: Connection, pseudonym: str, limit: int) -> tuple[list[Request], int]:
    """Return the newest requests that a pseudonym submitted, and how many there are."""
    rows = connection.execute(_OF_PERSON, {"person": pseudonym, "most": limit}).mappings().all()
    count = connection.execute(_COUNT_OF_PERSON, {"person": pseudonym}).scalar_one()
    return [request_rows.to_request(row) for row in rows], count


def events(connection: Connection, identity: str) -> list[Event]:
    """Return everything that happened to a request, in order."""
    rows = connection.execute(_EVENTS, {"of": identity}).mappings()
    return [
        Event(
            request=row["request"],
            sequence=row["version"],
            at_ms=row["at_ms"],
            actor=Actor(ActorKind(row["actor_kind"]), row["actor_name"]),
            verb=Verb(row["verb"]),
            state=State(row["state"]),
            key=row["key"],
            data=row["data"],
            text=row["text"],
        )
        for row in rows
    ]


def public_reports(connection: Connection, ward: str, limit: int) -> list[PublicReport]:
    """Return the newest reports of a ward as anybody may see them; those that were not accepted are not among them."""
    rows = connection.execute(_PUBLIC, {"the_ward": ward, "most": limit}).mappings()
    return [public_view(request_rows.to_request(row)) for row in rows]


def of_desk(connection: Connection, desk: str, limit: int) -> list[Request]:
    """Return what a desk has open, that with the oldest promise first."""
    rows = connection.execute(_OF_DESK, {"the_desk": desk, "most": limit}).mappings()
    return [request_rows.to_request(row) for row in rows]


def overdue(connection: Connection, desk: str, now_ms: int, limit: int) -> list[Request]:
    """Return of a desk's open requests those whose promise is missed."""
    rows = connection.execute(_OVERDUE, {"the_desk": desk, "now_ms": now_ms, "most": limit}).mappings()
    return [request_rows.to_request(row) for row in rows]


_SELECT: Final = select(*request_rows.COLUMNS)
_OPEN: Final = R.c.ended_at_ms.is_(None)
_MINE: Final = (R.c.desk == bindparam("the_desk"), _OPEN)
_TRACKED: Final = _SELECT.where(R.c.tracking == bindparam("code")).order_by(R.c.opened_at_ms).limit(10)
_HERS: Final = R.c.submitted_by == bindparam("person")
_OF_PERSON: Final = _SELECT.where(_HERS).order_by(R.c.opened_at_ms.desc(), R.c.id).limit(bindparam("most"))
_COUNT_OF_PERSON: Final = select(func.count()).select_from(R).where(_HERS)
_SECRET: Final = (State.NEW, State.REFUSED, State.WITHDRAWN)
_PUBLIC: Final = (
    _SELECT.where(
        R.c.kind == Kind.REPORT.value,
        R.c.ward == bindparam("the_ward"),
        R.c.state.not_in([state.value for state in _SECRET]),
    )
    .order_by(R.c.opened_at_ms.desc())
    .limit(bindparam("most"))
)
_EVENTS: Final = select(E).where(E.c.request == bindparam("of")).order_by(E.c.version)
_OF_DESK: Final = _SELECT.where(*_MINE).order_by(R.c.due_at_ms).limit(bindparam("most"))
_OVERDUE: Final = (
    _SELECT.where(*_MINE, R.c.due_at_ms < bindparam("now_ms"))
    .order_by(R.c.due_at_ms)
    .limit(bindparam("most"))
)

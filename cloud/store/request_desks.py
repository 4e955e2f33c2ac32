"""Requests as the people at a desk work with them: the inbox by pages, one in full, what is sealed, and acting."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, func, select, tuple_

from cloud.requests.flows import DESK_STATES
from cloud.requests.offices import Offices
from cloud.requests.request import Action, Request, State
from cloud.store import audit, request_rows, requests
from cloud.store.amendments import DONE
from cloud.store.engine import take_turn
from cloud.store.errors import MissingError
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_AMENDMENT as A
from cloud.store.schema import STATION


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """A request, and where it came from and went; `desk` is None until somebody has been asked to answer for it."""

    request: Request
    authority: str
    desk: str | None
    connector: str | None
    station_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests: of these desks and wards (None: of all), in these states (none: in any).

    Either those that are open or those that ended; `overdue_at_ms`: only those that have waited for a desk beyond then.
    """

    desks: Collection[str] | None
    wards: Collection[str] | None
    states: Collection[State] = ()
    is_open: bool = True
    overdue_at_ms: int | None = None


class Cursor(NamedTuple):
    """Where a page ended: what was promised for its last request, or when that ended; and its id."""

    at_ms: int
    request: str


class Load(NamedTuple):
    """How many requests a desk has open, and how many of them it owes beyond what was promised."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAmendment:
    """What came later; `sealed` is None when nothing came with it, or it is gone."""

    amendment: str
    action: str
    made_at_ms: int
    sealed: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """All that only `recipients` can open, as age files; `document` is None when it is gone."""

    recipients: tuple[str, ...]
    document: bytes | None = field(repr=False)
    amendments: tuple[SealedAmendment, ...]


def inbox(connection: Connection, wanted: Wanted, limit: int, after: Cursor | None = None) -> list[DeskRow]:
    """Return a page: of open requests the oldest promise first, of ended ones the newest end first."""
    key = R.c.due_at_ms if wanted.is_open else R.c.ended_at_ms
    order = (key, R.c.id) if wanted.is_open else (key.desc(), R.c.id.desc())
    statement = _ROWS.where(key.is_not(None), *_conditions(wanted)).order_by(*order).limit(limit)
    if after is not None:
        here = tuple_(key, R.c.id)
        statement = statement.where(here > tuple(after) if wanted.is_open else here < tuple(after))
    return [_row(row) for row in connection.execute(statement).mappings()]


def cursor_of(row: DeskRow) -> Cursor:
    """Return where a page that ends with this row ends."""
    at_ms = row.request.ended_at_ms if row.request.due_at_ms is None else row.request.due_at_ms
    assert at_ms is not None, "a request has a deadline or an end"
    return Cursor(at_ms, row.request.id)


def require_row(connection: Connection, identity: str) -> DeskRow:
    """Return one request; MissingError when there is none."""
    row = connection.execute(_ONE, {"key": identity}).mappings().one_or_none()
    if row is None:
        raise MissingError("request: there is none of this id")
    return _row(row)


def tracked(connection: Connection, wanted: Wanted, code: str) -> list[DeskRow]:
    """Return the requests of a tracking code (in its one form) among these desks and wards, open or ended."""
    statement = (
        _ROWS.where(R.c.tracking == code, *places(wanted)).order_by(R.c.opened_at_ms).limit(_MOST_TRACKED)
    )
    return [_row(row) for row in connection.execute(statement).mappings()]


def loads(connection: Connection, wanted: Wanted, now_ms: int) -> dict[str, Load]:
    """Return how much each desk has open, of those that have any; states and overdue of `wanted` make no difference."""
    rows = connection.execute(
        _LOADS.where(*places(wanted), R.c.desk.is_not(None), R.c.due_at_ms.is_not(None)), {"now_ms": now_ms}
    )
    return {desk: Load(count, overdue) for desk, count, overdue in rows}


def sealed(connection: Connection, identity: str) -> Sealed:
    """Return everything that is sealed of a request, nothing of what was refused; MissingError when there is none."""
    row = connection.execute(_SEALED, {"key": identity}).one_or_none()
    if row is None:
        raise MissingError("request: there is none of this id")
    later = connection.execute(_SEALED_LATER, {"of": identity})
    return Sealed(
        recipients=tuple(row[0]),
        document=row[1],
        amendments=tuple(
            SealedAmendment(amendment=each[0], action=each[1], made_at_ms=each[2], sealed=each[3])
            for each in later
        ),
    )


def act(connection: Connection, identity: str, action: Action, offices: Offices, now_ms: int) -> Request:
    """Do what cloud.store.requests.act does, which raises the same, and audit it the first time."""
    take_turn(connection)
    before = requests.require(connection, identity)
    after = requests.act(connection, identity, action, offices, now_ms)
    if after.version != before.version:
        detail = {"version": after.version, "state": after.state.value}
        audit.append(connection, action.by.name or "", f"request.{action.verb}", identity, detail, now_ms)
    return after


def _row(row: RowMapping) -> DeskRow:
    return DeskRow(
        request=request_rows.to_request(row),
        authority=row["authority"],
        desk=row["desk"],
        connector=row["connector"],
        station_name=row["station_name"] or row["station"],
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = places(wanted)
    if wanted.states:
        found.append(R.c.state.in_([state.value for state in wanted.states]))
    if wanted.overdue_at_ms is not None:
        found.append(and_(R.c.due_at_ms < wanted.overdue_at_ms, _IS_DESKS_TURN))
    return found


def places(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions that keep a query to the desks and wards of `wanted`."""
    limits = ((R.c.desk, wanted.desks), (R.c.ward, wanted.wards))
    return [column.in_(list(names)) for column, names in limits if names is not None]


_MOST_TRACKED: Final = 10
_ROWS: Final = select(
    *request_rows.COLUMNS,
    *(R.c[name] for name in ("authority", "desk", "connector")),
    STATION.c.name.label("station_name"),
).select_from(R.outerjoin(STATION, STATION.c.station == R.c.station))
_ONE: Final = _ROWS.where(R.c.id == bindparam("key"))
_IS_DESKS_TURN: Final = R.c.state.in_([state.value for state in sorted(DESK_STATES)])
_LOADS: Final = select(
    R.c.desk,
    func.count(),
    func.count().filter(R.c.due_at_ms < bindparam("now_ms"), _IS_DESKS_TURN),
).group_by(R.c.desk)
_SEALED: Final = select(R.c.recipients, R.c.sealed).where(R.c.id == bindparam("key"))
_SEALED_LATER: Final = (
    select(A.c.id, A.c.action, A.c.made_at_ms, A.c.sealed)
    .where(A.c.request == bindparam("of"), A.c.outcome == DONE)
    .order_by(A.c.received_at_ms, A.c.made_at_ms, A.c.id)
)

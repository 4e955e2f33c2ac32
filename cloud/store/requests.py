"""What people submitted and what became of it: taking it in, acting on it, letting the clock act.

What is sealed is kept as it came: only its recipients can open it. A request that comes again, from whomever, changes
nothing; what somebody did to it at a station is kept once (cloud.store.amendments).
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, exists, select

from cloud.requests.flows import FLOWS
from cloud.requests.forms import event_key
from cloud.requests.offices import Offices
from cloud.requests.request import Action, Change, Kind, Request, State, Verb
from cloud.store import amendments, errands, request_rows
from cloud.store.engine import take_turn
from cloud.store.errors import MissingError
from cloud.store.schema import PAYMENT_FOR, PAYMENT_ORDER, STATION
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_EVENT as E
from cloud.store.upsert import insert_new
from wire.entries import RequestAmended, RequestSubmitted

MAX_TICKS: Final = 200
OPENING_KEY: Final = "submitted"

AnyBody = RequestSubmitted | RequestAmended


class Told(NamedTuple):
    """One entry of lane `request`: whose, when it arrived (cloud's clock), when it happened (station's clock), what."""

    station: str
    received_at_ms: int
    at_ms: int
    body: AnyBody


def record(connection: Connection, told: Sequence[Told], offices: Offices, now_ms: int) -> None:
    """Take in what stations tell; repeating any of it changes nothing. What was done is applied, or told as refused."""
    if not told:
        return
    take_turn(connection)
    submitted = [(each, each.body) for each in told if isinstance(each.body, RequestSubmitted)]
    amended = [
        amendments.Made(each.station, each.received_at_ms, each.at_ms, each.body)
        for each in told
        if isinstance(each.body, RequestAmended)
    ]
    touched = [body.request for _, body in submitted] + [made.body.request for made in amended]
    if submitted:
        _open(connection, submitted, offices, now_ms)
    amendments.keep(connection, amended)
    amendments.apply(connection, touched, offices, now_ms)


def _open(
    connection: Connection, submitted: Sequence[tuple[Told, RequestSubmitted]], offices: Offices, now_ms: int
) -> None:
    wards = _wards(connection, {each.station for each, _ in submitted})
    known = set(connection.execute(_KNOWN, {"ids": [body.request for _, body in submitted]}).scalars())
    rows: dict[str, tuple[dict[str, object], dict[str, object]]] = {}
    for each, body in submitted:
        if body.request not in known and body.request not in rows:
            ward = body.ward or wards.get(each.station, "")
            opened = offices.open(_request(each, body, ward, now_ms), OPENING_KEY, now_ms)
            row = request_rows.to_row(opened.request) | _what_stays(each, body)
            rows[body.request] = (row, request_rows.event_row(opened.event))
    if rows:
        connection.execute(insert_new(connection.dialect.name, R), [row for row, _ in rows.values()])
        connection.execute(insert_new(connection.dialect.name, E), [event for _, event in rows.values()])


def _wards(connection: Connection, stations: Iterable[str]) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(_WARDS, {"stations": sorted(stations)})}


def _request(each: Told, body: RequestSubmitted, ward: str, now_ms: int) -> Request:
    kind = Kind(body.request_kind.value)
    return Request(
        id=body.request,
        tracking=body.tracking,
        kind=kind,
        service=body.service,
        service_version=body.service_version,
        station=each.station,
        ward=ward,
        state=FLOWS[kind].start,
        opened_at_ms=now_ms,
        entered_at_ms=now_ms,
        updated_at_ms=now_ms,
        payment_order=body.order,
        category=body.category,
        is_anonymous=not body.is_named,
        submitted_by=body.submitted_by,
        proof=body.proof,
        fields=tuple(body.fields),
    )


def _what_stays(each: Told, body: RequestSubmitted) -> dict[str, object]:
    """Return the columns that no rule reads."""
    return {
        "authority": body.authority,
        "text_version": body.text_version,
        "recipients": body.recipients,
        "submitted_at_ms": each.at_ms,
        "received_at_ms": each.received_at_ms,
        "told_version": 1,
        "blobs": [[blob.sha256, blob.size_bytes] for blob in body.blobs],
        "contact": body.contact,
        "sealed": body.sealed,
    }


def act(connection: Connection, identity: str, action: Action, offices: Offices, now_ms: int) -> Request:
    """Apply an action and return the request as it is then; the same key again changes nothing.

    Whoever wanted a fee is told, by an errand, that it was paid.
    MissingError when there is no such request; RefusedError, with the request as it is, when it is not possible.
    """
    take_turn(connection)
    request = require(connection, identity)
    if request_rows.is_done(connection, identity, event_key(action.by, action.key)):
        return request
    change = offices.act(request, action, now_ms)
    request_rows.write(connection, [change], now_ms)
    connector = amendments.connectors_of(connection, [identity]).get(identity)
    if action.verb is Verb.PAY and action.order is not None and connector is not None:
        errands.pay(connection, [(identity, action.order, connector)], now_ms)
    return change.request


def require(connection: Connection, identity: str) -> Request:
    """Read one request; MissingError when there is none."""
    request = request_rows.load(connection, identity)
    if request is None:
        raise MissingError("request: there is none of this id")
    return request


def follow(
    connection: Connection, identity: str, action: Action, offices: Offices, now_ms: int
) -> Change | None:
    """Go where an outside system says that it is; None when it is there already, or said so before."""
    take_turn(connection)
    request = require(connection, identity)
    if action.state is request.state or request_rows.is_done(
        connection, identity, event_key(action.by, action.key)
    ):
        return None
    change = offices.act(request, action, now_ms)
    request_rows.write(connection, [change], now_ms)
    return change


def run_clock(
    connection: Connection, offices: Offices, now_ms: int, *, limit: int = MAX_TICKS
) -> list[Change]:
    """Do what the clock demands of up to `limit` requests, the most overdue first.

    A bill whose money is there is not stopped, however long the clearing takes to tell it so.
    """
    take_turn(connection)
    rows = connection.execute(_DUE, {"now_ms": now_ms, "most": limit}).mappings()
    ticked = [offices.tick(request_rows.to_request(row), now_ms) for row in rows]
    changes = [change for change in ticked if change is not None]
    request_rows.write(connection, changes, now_ms)
    return changes


def clock_due(connection: Connection, now_ms: int) -> bool:
    """Whether `run_clock` has something to do; cheap, and takes no turn."""
    return connection.execute(_DUE, {"now_ms": now_ms, "most": 1}).first() is not None


_KNOWN: Final = select(R.c.id).where(R.c.id.in_(bindparam("ids", expanding=True)))
_WARDS: Final = select(STATION.c.station, STATION.c.ward).where(
    STATION.c.station.in_(bindparam("stations", expanding=True))
)
_IS_PAID_BILL: Final = exists().where(
    R.c.kind == Kind.BILL.value,
    R.c.state == State.FEE_WANTED.value,
    PAYMENT_FOR.c.request == R.c.id,
    PAYMENT_ORDER.c.id == PAYMENT_FOR.c.order_id,
    PAYMENT_ORDER.c.settled_at_ms.is_not(None),
    PAYMENT_ORDER.c.is_closed.is_(False),
)
_DUE: Final = (
    select(*request_rows.COLUMNS)
    .where(R.c.wake_at_ms <= bindparam("now_ms"), ~_IS_PAID_BILL)
    .order_by(R.c.wake_at_ms)
    .limit(bindparam("most"))
)

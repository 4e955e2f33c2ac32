"""What people do to their requests at any station: kept once, applied once, or refused and told so.

An amendment may arrive before its request, when the station that has that is offline: it waits. Who may amend: whoever
holds the receipt, with its word; when the request has a pseudonym, its owner alone.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, func, select, update

from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.holding import is_theirs
from cloud.requests.offices import Offices
from cloud.requests.request import CITIZEN, Action, Kind, Request, Verb
from cloud.store import errands, request_rows
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_AMENDMENT as A
from cloud.store.upsert import insert_new
from wire.entries import RequestAmended
from wire.messages import AmendmentRefused

DONE: Final = "done"


class Made(NamedTuple):
    """One amendment: where, when it arrived (cloud's clock), when it was made (station's clock), what."""

    station: str
    received_at_ms: int
    at_ms: int
    body: RequestAmended


def keep(connection: Connection, made: Sequence[Made]) -> None:
    """Keep amendments; one that is known changes nothing."""
    rows = [
        {
            "id": each.body.amendment,
            "request": each.body.request,
            "station": each.station,
            "action": each.body.action.value,
            "seen_version": each.body.version,
            "made_by": each.body.by,
            "proof": each.body.proof,
            "reason": each.body.reason,
            "rating": each.body.rating,
            "slot_start_ms": each.body.slot_start_ms,
            "made_at_ms": each.at_ms,
            "received_at_ms": each.received_at_ms,
            "blobs": [[blob.sha256, blob.size_bytes] for blob in each.body.blobs],
            "sealed": each.body.sealed,
        }
        for each in made
    ]
    if rows:
        connection.execute(insert_new(connection.dialect.name, A), rows)


def apply(connection: Connection, requests: Iterable[str], offices: Offices, now_ms: int) -> None:
    """Apply what waits for these requests, in the order of its arrival; those that are not here yet go on waiting."""
    rows = connection.execute(_WAITING, {"of": sorted(set(requests))}).mappings().all()
    present = request_rows.load_all(connection, {row["request"] for row in rows})
    connectors = connectors_of(connection, present)
    for row in rows:
        request = present.get(row["request"])
        if request is None:
            continue
        try:
            _require_owner(request, row)
            change = offices.act(request, _action(row, request.kind), now_ms)
        except RefusedError as error:
            _settle(connection, row, error.code.value, now_ms)
            refused = AmendmentRefused(amendment=row["id"], code=error.code.value)
            news = request_rows.news_of(request, refused=refused)
            request_rows.tell(connection, [(row["station"], news)], now_ms)
            continue
        _settle(connection, row, DONE, now_ms)
        request_rows.write(connection, [change], now_ms, also_tell=[row["station"]])
        present[request.id] = change.request
        if (connector := connectors.get(request.id)) is not None:
            errands.amend(connection, [(request.id, row["id"], connector)], now_ms)


def waiting_count(connection: Connection, before_ms: int) -> int:
    """Return how many amendments have waited for their request since before then: more than none is worth a look."""
    return connection.execute(_LOST, {"before_ms": before_ms}).scalar_one()


class Sent(NamedTuple):
    """What another system is told, of an amendment its action; `sealed` is for the recipients alone."""

    action: str | None
    sealed: bytes | None
    slot_start_ms: int | None


def sent(connection: Connection, identity: str) -> Sent:
    """Return what is to be told."""
    return Sent(*connection.execute(_SENT, {"key": identity}).one())


def connectors_of(connection: Connection, requests: Iterable[str]) -> dict[str, str]:
    """Return by which connector each request went, of those that went by any."""
    return {row[0]: row[1] for row in connection.execute(_BY, {"of": sorted(requests)})}


def _require_owner(request: Request, row: RowMapping) -> None:
    if not is_theirs(request, by=row["made_by"], proof=row["proof"]):
        raise RefusedError(RefusedCode.NOT_YOURS, "action: somebody else's request", request)


def _action(row: RowMapping, kind: Kind) -> Action:
    verb = Verb(row["action"])
    return Action(
        # A screen says "withdraw" of everything; what was booked is cancelled.
        verb=Verb.CANCEL if verb is Verb.WITHDRAW and kind is Kind.BOOKING else verb,
        by=CITIZEN,
        key=row["id"],
        version=row["seen_version"],
        reason=row["reason"],
        rating=row["rating"],
        slot_start_ms=row["slot_start_ms"],
    )


def _settle(connection: Connection, row: RowMapping, outcome: str, now_ms: int) -> None:
    connection.execute(_SETTLE, {"key": row["id"], "how": outcome, "now_ms": now_ms})


_PARTS: Final = tuple(
    A.c[name]
    for name in (
        "id",
        "request",
        "station",
        "action",
        "seen_version",
        "made_by",
        "proof",
        "reason",
        "rating",
        "slot_start_ms",
    )
)
_IS_WAITING: Final = A.c.applied_at_ms.is_(None)
_OF: Final[BindParameter[str]] = bindparam("of", expanding=True)
_WAITING: Final = (
    select(*_PARTS)
    .where(A.c.request.in_(_OF), _IS_WAITING)
    .order_by(A.c.received_at_ms, A.c.made_at_ms, A.c.id)
)
_SETTLE: Final = (
    update(A)
    .where(A.c.id == bindparam("key"))
    .values(applied_at_ms=bindparam("now_ms"), outcome=bindparam("how"))
)
_LOST: Final = select(func.count()).where(_IS_WAITING, A.c.received_at_ms < bindparam("before_ms"))
_SENT: Final = select(A.c.action, A.c.sealed, A.c.slot_start_ms).where(A.c.id == bindparam("key"))
_BY: Final = select(R.c.id, R.c.connector).where(R.c.id.in_(_OF), R.c.connector.is_not(None))

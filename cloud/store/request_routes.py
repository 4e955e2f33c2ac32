"""How requests leave the house: to which desk and connector, under which number the other system knows them, when to ask."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, exists, select, update

from cloud.requests.request import Request
from cloud.store import errands, request_rows
from cloud.store.errands import ErrandState
from cloud.store.errors import MissingError
from cloud.store.schema import ERRAND
from cloud.store.schema import REQUEST as R


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a connector hands to another system: the request, and what only the recipients can open."""

    request: Request
    authority: str
    recipients: tuple[str, ...]
    text_version: str
    outside: str | None
    blobs: tuple[tuple[str, int], ...]
    sealed: bytes | None = field(repr=False)


def submission(connection: Connection, identity: str) -> Submission:
    """Return what is to be handed over; MissingError when there is none."""
    row = connection.execute(_SUBMISSION, {"key": identity}).mappings().one_or_none()
    if row is None:
        raise MissingError("request: there is none of this id")
    return Submission(
        request=request_rows.to_request(row),
        authority=row["authority"],
        recipients=tuple(row["recipients"]),
        text_version=row["text_version"],
        outside=row["outside"],
        blobs=tuple((sha256, size) for sha256, size in row["blobs"]),
        sealed=row["sealed"],
    )


def contact(connection: Connection, identity: str) -> bytes | None:
    """Return the sealed contact of a request; None when none was left, or it is gone."""
    return connection.execute(_CONTACT, {"key": identity}).scalar()


def unrouted(connection: Connection, limit: int) -> list[tuple[Request, str]]:
    """Return requests that no desk has yet, oldest first, with the authority that each names."""
    rows = connection.execute(_UNROUTED, {"most": limit}).mappings()
    return [(request_rows.to_request(row), row["authority"]) for row in rows]


def route(connection: Connection, routed: Sequence[tuple[str, str, str | None]], now_ms: int) -> None:
    """Give requests (id, desk, connector) to a desk, and to a connector's outbox where there is one."""
    rows = [{"key": key, "to_desk": desk, "by": connector} for key, desk, connector in routed]
    if rows:
        connection.execute(_ROUTE, rows)
        sent = [(key, connector) for key, _, connector in routed if connector is not None]
        errands.submit(connection, sent, now_ms)


def mark_submitted(connection: Connection, identity: str, outside: str, poll_at_ms: int | None) -> None:
    """Note under which number the other system knows a request, and when it is asked for news."""
    connection.execute(_SUBMITTED, {"key": identity, "number": outside, "poll_ms": poll_at_ms})


def known_as(connection: Connection, connector: str, outside: str) -> str | None:
    """Return the request that another system knows under this number; None when it is none of ours."""
    return connection.execute(_KNOWN_AS, {"by": connector, "number": outside}).scalar()


class Poll(NamedTuple):
    """Of which request another system is to be asked for news: as we know it now, and its number there."""

    request: str
    version: int
    number: str


def polls_due(connection: Connection, connector: str, now_ms: int, limit: int) -> list[Poll]:
    """Return what the connector is to ask for news of; nothing that has still to be told something itself."""
    values = {"by": connector, "now_ms": now_ms, "most": limit}
    return [Poll(*row) for row in connection.execute(_POLLS, values)]


def poll_again(connection: Connection, identity: str, at_ms: int | None) -> None:
    """Ask for news again then; None: never again."""
    connection.execute(_POLL_AGAIN, {"key": identity, "poll_ms": at_ms})


_OPEN: Final = R.c.ended_at_ms.is_(None)
_SUBMISSION: Final = select(
    *request_rows.COLUMNS,
    *(R.c[name] for name in ("authority", "recipients", "text_version", "outside", "blobs", "sealed")),
).where(R.c.id == bindparam("key"))
_CONTACT: Final = select(R.c.contact).where(R.c.id == bindparam("key"))
_UNROUTED: Final = (
    select(*request_rows.COLUMNS, R.c.authority)
    .where(R.c.desk.is_(None))
    .order_by(R.c.received_at_ms)
    .limit(bindparam("most"))
)
_ROUTE: Final = (
    update(R)
    .where(R.c.id == bindparam("key"), R.c.desk.is_(None))
    .values(desk=bindparam("to_desk"), connector=bindparam("by"))
)
_SUBMITTED: Final = (
    update(R)
    .where(R.c.id == bindparam("key"))
    .values(outside=bindparam("number"), poll_at_ms=bindparam("poll_ms"))
)
_POLLS: Final = (
    select(R.c.id, R.c.version, R.c.outside)
    .where(
        R.c.connector == bindparam("by"),
        R.c.poll_at_ms <= bindparam("now_ms"),
        R.c.outside.is_not(None),
        _OPEN,
        ~exists().where(
            ERRAND.c.request == R.c.id,
            ERRAND.c.channel == R.c.connector,
            ERRAND.c.state == ErrandState.PENDING.value,
        ),
    )
    .order_by(R.c.poll_at_ms)
    .limit(bindparam("most"))
)
_KNOWN_AS: Final = select(R.c.id).where(R.c.connector == bindparam("by"), R.c.outside == bindparam("number"))
_POLL_AGAIN: Final = update(R).where(R.c.id == bindparam("key")).values(poll_at_ms=bindparam("poll_ms"))

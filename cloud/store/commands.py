"""Commands on their way to stations: an outbox that a courier empties and replies settle."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, insert, or_, select, update

from cloud.store.schema import COMMAND as T
from wire.messages import Outcome, Ping, Reply, RequestChanged, RunDrill, ShowSos

LIFETIME_MS: Final = 3_600_000
"""After an hour an answer from an SOS that is still open has been repeated with a newer version anyway."""

SUPERSEDED: Final = "superseded"
UNANSWERED: Final = "unanswered"
"""Our own outcomes, beside wire.messages.Outcome: something newer was to be told; nobody answered in time."""

Body = ShowSos | RequestChanged | RunDrill | Ping

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Body).decode


@dataclass(frozen=True, slots=True)
class Order:
    """A command as it stands in the outbox; times in ms, `attempts` so far."""

    id: str
    station: str
    body: Body
    issued_at_ms: int
    expires_at_ms: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A command that a reply has just settled."""

    id: str
    station: str
    body: Body
    outcome: Outcome


def enqueue(
    connection: Connection, station: str, body: Body, now_ms: int, *, lifetime_ms: int = LIFETIME_MS
) -> str:
    """Put a command into the outbox and return its id."""
    row = order_row(station, body, now_ms, lifetime_ms)
    connection.execute(_INSERT, [row])
    return str(row["id"])


def order_row(station: str, body: Body, now_ms: int, lifetime_ms: int = LIFETIME_MS) -> dict[str, object]:
    """Return a new command as a row for `enqueue_rows`."""
    told = _what_is_told(body)
    return {
        "id": secrets.token_hex(16),
        "station": station,
        "incident": told[0],
        "request": _replaceable(body),
        "version": told[1],
        "body": _encode(body),
        "issued_at_ms": now_ms,
        "expires_at_ms": now_ms + lifetime_ms,
        "next_send_at_ms": now_ms,
    }


def _replaceable(body: Body) -> str | None:
    """Return of which request this is the news; that something was refused is told whatever comes after it."""
    return body.request if isinstance(body, RequestChanged) and body.refused is None else None


def _what_is_told(body: Body) -> tuple[str | None, int]:
    if isinstance(body, ShowSos):
        return body.incident, body.version
    return None, body.version if isinstance(body, RequestChanged) else 0


def enqueue_rows(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    """Put several commands into the outbox."""
    connection.execute(_INSERT, rows)


def supersede(connection: Connection, incidents: Sequence[str], now_ms: int) -> None:
    """Take what these incidents had told before out of the outbox: something newer is to be told."""
    connection.execute(_SUPERSEDE, {"incidents": incidents, "now_ms": now_ms})


def supersede_requests(connection: Connection, told: Sequence[tuple[str, str]], now_ms: int) -> None:
    """Take what these stations were to be told of these requests (request, station) out of the outbox."""
    if told:
        rows = [{"of": request, "at_station": station, "now_ms": now_ms} for request, station in told]
        connection.execute(_SUPERSEDE_REQUEST, rows)


def due(connection: Connection, now_ms: int, limit: int) -> list[Order]:
    """Return commands that are to be sent (again) now, oldest first; expired ones are not among them."""
    rows = connection.execute(_DUE, {"now_ms": now_ms, "most": limit})
    return [Order(row[0], row[1], _decode(row[2]), row[3], row[4], row[5]) for row in rows]


def next_send_at_ms(connection: Connection) -> int | None:
    """Return when the next command is to be sent; None when nothing waits."""
    return connection.execute(_NEXT).scalar()


def mark_sent(connection: Connection, sent: Sequence[tuple[str, int]]) -> None:
    """Note an attempt for each (id, when to try again); a command that was settled meanwhile stays settled."""
    if sent:
        connection.execute(_SENT, [{"key": key, "again_at_ms": again} for key, again in sent])


def hasten(connection: Connection, stations: Sequence[str], now_ms: int) -> None:
    """Send what waits for these stations at once: they have just come (back)."""
    if stations:
        connection.execute(_HASTEN, {"stations": stations, "now_ms": now_ms})


def expire(connection: Connection, now_ms: int) -> int:
    """Settle what nobody answered in time; return how many."""
    return connection.execute(_EXPIRE, {"now_ms": now_ms}).rowcount


def settle(connection: Connection, reply: Reply, now_ms: int) -> Settled | None:
    """Note a reply; None when the command is unknown, of another station, or answered already.

    An answer to a command that was superseded or has expired is still an answer: the station did it.
    """
    answer = {
        "key": reply.id,
        "by": reply.station,
        "how": reply.outcome.value,
        "note": reply.detail,
        "now_ms": now_ms,
    }
    row = connection.execute(_SETTLE, answer).one_or_none()
    return None if row is None else Settled(reply.id, reply.station, _decode(row[0]), reply.outcome)


_INSERT: Final = insert(T)
_WAITING: Final = T.c.next_send_at_ms.is_not(None)
_SUPERSEDE: Final = (
    update(T)
    .where(T.c.incident.in_(bindparam("incidents", expanding=True)), _WAITING)
    .values(next_send_at_ms=None, outcome=SUPERSEDED, outcome_at_ms=bindparam("now_ms"))
)
_SUPERSEDE_REQUEST: Final = (
    update(T)
    .where(T.c.request == bindparam("of"), T.c.station == bindparam("at_station"), _WAITING)
    .values(next_send_at_ms=None, outcome=SUPERSEDED, outcome_at_ms=bindparam("now_ms"))
)
_DUE: Final = (
    select(T.c.id, T.c.station, T.c.body, T.c.issued_at_ms, T.c.expires_at_ms, T.c.attempts)
    .where(T.c.next_send_at_ms <= bindparam("now_ms"), T.c.expires_at_ms > bindparam("now_ms"))
    .order_by(T.c.next_send_at_ms)
    .limit(bindparam("most"))
)
_NEXT: Final = select(T.c.next_send_at_ms).where(_WAITING).order_by(T.c.next_send_at_ms).limit(1)
# These three pass over rows that somebody else has in hand instead of waiting: what they miss comes right at the next
# attempt, and who never waits is in no deadlock.
_SENT: Final = (
    update(T)
    .where(
        T.c.id.in_(
            select(T.c.id).where(T.c.id == bindparam("key"), _WAITING).with_for_update(skip_locked=True)
        )
    )
    .values(attempts=T.c.attempts + 1, next_send_at_ms=bindparam("again_at_ms"))
)
_OF_STATIONS: Final = select(T.c.id).where(T.c.station.in_(bindparam("stations", expanding=True)), _WAITING)
_HASTEN: Final = (
    update(T)
    .where(T.c.id.in_(_OF_STATIONS.with_for_update(skip_locked=True)))
    .values(next_send_at_ms=bindparam("now_ms"))
)
_EXPIRED: Final = select(T.c.id).where(_WAITING, T.c.expires_at_ms <= bindparam("now_ms"))
_EXPIRE: Final = (
    update(T)
    .where(T.c.id.in_(_EXPIRED.with_for_update(skip_locked=True)))
    .values(next_send_at_ms=None, outcome=UNANSWERED, outcome_at_ms=bindparam("now_ms"))
)
_SETTLE: Final = (
    update(T)
    .where(
        T.c.id == bindparam("key"),
        T.c.station == bindparam("by"),
        or_(T.c.outcome.is_(None), T.c.outcome.in_([SUPERSEDED, UNANSWERED])),
    )
    .values(
        next_send_at_ms=None,
        outcome=bindparam("how"),
        outcome_at_ms=bindparam("now_ms"),
        detail=bindparam("note"),
    )
    .returning(T.c.body)
)

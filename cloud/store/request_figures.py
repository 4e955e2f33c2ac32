"""How requests are doing, in a few cheap counts: what waits to be carried, what was given up, what is overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from cloud.requests.flows import DESK_STATES
from cloud.store import amendments, blobs
from cloud.store.errands import ErrandState
from cloud.store.schema import ERRAND
from cloud.store.schema import REQUEST as R

PATIENCE_MS: Final = 86_400_000
"""A station that is offline for a day is usual; what was done elsewhere to its requests waits so long without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFigures:
    """`errands` by channel and state, without those that are done; `overdue` by desk, of requests that wait for it.

    `undelivered_since_ms` is when the oldest errand that waits was made, `unrouted_since_ms` when the oldest request
    arrived that no desk has; None without any. `lost_amendments` waited for their request for more than a day,
    `faulty_blobs` came otherwise than they were named.
    """

    errands: Mapping[tuple[str, str], int]
    overdue: Mapping[str, int]
    undelivered_since_ms: int | None
    unrouted_since_ms: int | None
    lost_amendments: int
    faulty_blobs: int


def request_figures(connection: Connection, now_ms: int) -> RequestFigures:
    """Count everything; each count walks an index of what is open."""
    pending, dead = connection.execute(_PENDING).all(), connection.execute(_DEAD).all()
    return RequestFigures(
        errands={
            **{(channel, ErrandState.PENDING.value): count for channel, count, _ in pending},
            **{(channel, ErrandState.DEAD.value): count for channel, count in dead},
        },
        overdue={row[0]: row[1] for row in connection.execute(_OVERDUE, {"now_ms": now_ms})},
        undelivered_since_ms=min((since_ms for *_, since_ms in pending), default=None),
        unrouted_since_ms=connection.execute(_UNROUTED).scalar(),
        lost_amendments=amendments.waiting_count(connection, now_ms - PATIENCE_MS),
        faulty_blobs=blobs.faulty_count(connection),
    )


_PENDING: Final = (
    select(ERRAND.c.channel, func.count(), func.min(ERRAND.c.created_at_ms))
    .where(ERRAND.c.next_at_ms.is_not(None))
    .group_by(ERRAND.c.channel)
)
_DEAD: Final = (
    select(ERRAND.c.channel, func.count())
    .where(ERRAND.c.state == ErrandState.DEAD.value)
    .group_by(ERRAND.c.channel)
)
_OVERDUE: Final = (
    select(R.c.desk, func.count())
    .where(
        R.c.desk.is_not(None),
        R.c.due_at_ms < bindparam("now_ms"),
        R.c.state.in_([state.value for state in sorted(DESK_STATES)]),
    )
    .group_by(R.c.desk)
)
_UNROUTED: Final = select(func.min(R.c.received_at_ms)).where(R.c.desk.is_(None))

"""Which requests have changed, in the order in which it was committed: what the live feed of the desks is made of."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_EVENT as E


class Changed(NamedTuple):
    """An event's number, and where its request is now; `desk` is None until somebody has been asked to answer for it."""

    seq: int
    request: str
    ward: str
    desk: str | None


def last_seq(connection: Connection) -> int:
    """Return the number of the newest event; 0 without any."""
    return connection.execute(_LAST).scalar() or 0


def changes_since(connection: Connection, after_seq: int, limit: int) -> Sequence[Changed]:
    """Return the events after one, oldest first."""
    rows = connection.execute(_SINCE, {"after": after_seq, "most": limit})
    return [Changed(*row) for row in rows]


def whereabouts(connection: Connection, requests: Collection[str]) -> Sequence[Changed]:
    """Return where requests are now, those that have a desk; their `seq` is 0."""
    rows = connection.execute(_WHERE, {"ids": sorted(requests)})
    return [Changed(0, *row) for row in rows]


_PLACE: Final = (R.c.id, R.c.ward, R.c.desk)
_LAST: Final = select(func.max(E.c.seq))
_SINCE: Final = (
    select(E.c.seq, *_PLACE)
    .join(R, R.c.id == E.c.request)
    .where(E.c.seq > bindparam("after"))
    .order_by(E.c.seq)
    .limit(bindparam("most"))
)
_WHERE: Final = select(*_PLACE).where(R.c.id.in_(bindparam("ids", expanding=True)), R.c.desk.is_not(None))

"""Deleting what was sealed once a request has been over for long enough; the record of what became of it stays.

Every call deletes a bounded number of rows, so that whoever takes in an SOS never waits behind a large deletion.
"""

from typing import Final

from sqlalchemy import BindParameter, Connection, bindparam, null, or_, select, update

from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_AMENDMENT as A


def sweep_sealed(connection: Connection, ended_before_ms: int, limit: int) -> int:
    """Delete what is sealed of up to `limit` requests that ended before then, with what came later; return how many."""
    due = connection.execute(_DUE, {"before_ms": ended_before_ms, "most": limit}).scalars().all()
    connection.execute(_SWEEP, {"keys": list(due)})
    connection.execute(_SWEEP_AMENDMENTS, {"keys": list(due)})
    return len(due)


def sweep_lost(connection: Connection, received_before_ms: int, limit: int) -> int:
    """Delete up to `limit` amendments that waited for their request since before then, in vain; return how many."""
    lost = connection.execute(_LOST, {"before_ms": received_before_ms, "most": limit}).scalars().all()
    connection.execute(_FORGET, {"keys": list(lost)})
    return len(lost)


_KEYS: Final[BindParameter[str]] = bindparam("keys", expanding=True)
_DUE: Final = (
    select(R.c.id)
    .where(R.c.ended_at_ms < bindparam("before_ms"), or_(R.c.sealed.is_not(None), R.c.contact.is_not(None)))
    .order_by(R.c.ended_at_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_SWEEP: Final = update(R).where(R.c.id.in_(_KEYS)).values(sealed=null(), contact=null())
_SWEEP_AMENDMENTS: Final = update(A).where(A.c.request.in_(_KEYS)).values(sealed=null())
_LOST: Final = (
    select(A.c.id)
    .where(A.c.applied_at_ms.is_(None), A.c.received_at_ms < bindparam("before_ms"))
    .order_by(A.c.received_at_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FORGET: Final = A.delete().where(A.c.id.in_(_KEYS))

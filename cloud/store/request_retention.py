"""Deleting what was sealed once a request has been over for long enough, its papers too; the record of what became of it stays.

Every call deletes a bounded number of rows, so that whoever takes in an SOS never waits behind a large deletion.
"""

from typing import Final

from sqlalchemy import (
    BindParameter,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    null,
    or_,
    select,
    tuple_,
    update,
)

from cloud.store.schema import BLOB as B
from cloud.store.schema import BLOB_PART as P
from cloud.store.schema import PAYMENT_FOR as M
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_AMENDMENT as A


def sweep_sealed(connection: Connection, ended_before_ms: int, limit: int) -> int:
    """Delete what is sealed of up to `limit` requests that ended before then, with what came later; return how many."""
    due = connection.execute(_DUE, {"before_ms": ended_before_ms, "most": limit}).scalars().all()
    connection.execute(_SWEEP, {"keys": list(due)})
    connection.execute(_SWEEP_AMENDMENTS, {"keys": list(due)})
    connection.execute(_SWEEP_ACCOUNTS, {"keys": list(due)})
    return len(due)


def sweep_blobs(connection: Connection, ended_before_ms: int, received_before_ms: int, limit: int) -> int:
    """Delete up to `limit` parts of blobs, and blobs without any left; return how many parts and blobs.

    Of those whose request ended before then, and of those that came before then and whose request never did.
    """
    times = {"ended_ms": ended_before_ms, "received_ms": received_before_ms, "most": limit}
    parts = connection.execute(_DUE_PARTS, times).all()
    if parts:
        connection.execute(_DELETE_PARTS, {"keys": [tuple(part) for part in parts]})
    blobs = connection.execute(_DUE_BLOBS, times).all()
    if blobs:
        connection.execute(_DELETE_BLOBS, {"keys": [tuple(blob) for blob in blobs]})
    return len(parts) + len(blobs)


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
_SWEEP_ACCOUNTS: Final = update(M).where(M.c.request.in_(_KEYS)).values(account=null())
_LOST: Final = (
    select(A.c.id)
    .where(A.c.applied_at_ms.is_(None), A.c.received_at_ms < bindparam("before_ms"))
    .order_by(A.c.received_at_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FORGET: Final = A.delete().where(A.c.id.in_(_KEYS))

_OVER: Final = or_(
    R.c.ended_at_ms < bindparam("ended_ms"),
    and_(R.c.id.is_(None), B.c.received_at_ms < bindparam("received_ms")),
)
_PARTS_OF: Final = and_(P.c.request == B.c.request, P.c.sha256 == B.c.sha256)
_DUE_BLOBS: Final = (
    select(B.c.request, B.c.sha256)
    .select_from(B.outerjoin(R, R.c.id == B.c.request))
    .where(_OVER, ~exists().where(_PARTS_OF))
    .order_by(B.c.received_at_ms)
    .limit(bindparam("most"))
    .with_for_update(of=B, skip_locked=True)
)
_DUE_PARTS: Final = (
    select(P.c.request, P.c.sha256, P.c.at)
    .select_from(P.join(B, _PARTS_OF).outerjoin(R, R.c.id == B.c.request))
    .where(_OVER)
    .order_by(B.c.received_at_ms)
    .limit(bindparam("most"))
    .with_for_update(of=P, skip_locked=True)
)
_BLOB_KEYS: Final[BindParameter[object]] = bindparam("keys", expanding=True)
_DELETE_PARTS: Final = delete(P).where(tuple_(P.c.request, P.c.sha256, P.c.at).in_(_BLOB_KEYS))
_DELETE_BLOBS: Final = delete(B).where(tuple_(B.c.request, B.c.sha256).in_(_BLOB_KEYS))

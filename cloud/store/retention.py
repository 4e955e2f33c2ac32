"""Deleting what is kept no longer: measurements and sealed shares whose time is over, in the end the records themselves.

Every call deletes a bounded number of rows, so that whoever takes in an SOS never waits behind a large deletion.
"""

from typing import Final, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, null, select, tuple_, update

from cloud.store.schema import CABIN_SESSION as S
from cloud.store.schema import IDENTITY_CONSENT as C
from cloud.store.schema import IDENTITY_SHARE as H
from cloud.store.schema import VITAL as V


class Swept(NamedTuple):
    """How much was deleted: sessions looked at, their measurements, and those of them without a consent."""

    sessions: int
    measurements: int
    unconsented: int


class Forgotten(NamedTuple):
    """How many records of the card reader were deleted: that somebody agreed, and that something was sent."""

    consents: int
    shares: int


def sweep_vitals(connection: Connection, now_ms: int, limit: int) -> Swept:
    """Delete the measurements of up to `limit` sessions whose time is over; a session without a consent goes with them.

    What another process sweeps at this moment is passed over.
    """
    due = connection.execute(_DUE, {"now_ms": now_ms, "most": limit}).all()
    unknown = [row.session for row in due if row.scope is None]
    agreed = [row.session for row in due if row.scope is not None]
    unconsented = _delete_vitals(connection, unknown)
    consented = _delete_vitals(connection, agreed)
    connection.execute(_DELETE_SESSIONS, {"sessions": unknown})
    connection.execute(_CLOSE, {"sessions": agreed})
    return Swept(len(due), consented + unconsented, unconsented)


def forget_consents(connection: Connection, before_ms: int, limit: int) -> int:
    """Delete up to `limit` records of sessions that began before `before_ms` and hold no measurements any more."""
    old = connection.execute(_OLD, {"before_ms": before_ms, "most": limit}).scalars().all()
    connection.execute(_DELETE_SESSIONS, {"sessions": list(old)})
    return len(old)


def sweep_shares(connection: Connection, now_ms: int, limit: int) -> int:
    """Delete what is sealed of up to `limit` shares that nobody fetched in time; the record of them stays."""
    due = connection.execute(_LAPSED, {"now_ms": now_ms, "most": limit}).scalars().all()
    connection.execute(_UNSEAL, {"shares": list(due)})
    return len(due)


def forget_identities(connection: Connection, before_ms: int, limit: int) -> Forgotten:
    """Delete up to `limit` records of each kind that were received before `before_ms`; what still waits stays."""
    agreed = connection.execute(_OLD_CONSENTS, {"before_ms": before_ms, "most": limit}).all()
    shared = connection.execute(_OLD_SHARES, {"before_ms": before_ms, "most": limit}).scalars().all()
    connection.execute(_DELETE_CONSENTS, {"consents": [tuple(row) for row in agreed]})
    connection.execute(_DELETE_SHARES, {"shares": list(shared)})
    return Forgotten(len(agreed), len(shared))


def _delete_vitals(connection: Connection, sessions: list[str]) -> int:
    return connection.execute(_DELETE_VITALS, {"sessions": sessions}).rowcount


_SESSIONS: Final[BindParameter[str]] = bindparam("sessions", expanding=True)
_DUE: Final = (
    select(S.c.session, S.c.scope)
    .where(S.c.keep_until_ms <= bindparam("now_ms"))
    .order_by(S.c.keep_until_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_OLD: Final = (
    select(S.c.session)
    .where(S.c.opened_at_ms < bindparam("before_ms"), S.c.keep_until_ms.is_(None))
    .order_by(S.c.opened_at_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DELETE_VITALS: Final = delete(V).where(V.c.session.in_(_SESSIONS))
_DELETE_SESSIONS: Final = delete(S).where(S.c.session.in_(_SESSIONS))
_CLOSE: Final = update(S).where(S.c.session.in_(_SESSIONS)).values(keep_until_ms=None)

_SHARES: Final[BindParameter[str]] = bindparam("shares", expanding=True)
_LAPSED: Final = (
    select(H.c.share)
    .where(H.c.keep_until_ms <= bindparam("now_ms"))
    .order_by(H.c.keep_until_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_UNSEAL: Final = update(H).where(H.c.share.in_(_SHARES)).values(sealed=null(), keep_until_ms=null())
_OLD_CONSENTS: Final = (
    select(C.c.session, C.c.purpose)
    .where(C.c.received_at_ms < bindparam("before_ms"))
    .order_by(C.c.received_at_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_OLD_SHARES: Final = (
    select(H.c.share)
    .where(H.c.received_at_ms < bindparam("before_ms"), H.c.keep_until_ms.is_(None))
    .order_by(H.c.received_at_ms)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DELETE_CONSENTS: Final = delete(C).where(
    tuple_(C.c.session, C.c.purpose).in_(bindparam("consents", expanding=True))
)
_DELETE_SHARES: Final = delete(H).where(H.c.share.in_(_SHARES))

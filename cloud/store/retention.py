"""Deleting what is kept no longer: measurements whose time is over, and in the end the record of the consent itself.

Every call deletes a bounded number of rows, so that whoever takes in an SOS never waits behind a large deletion.
"""

from typing import Final, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, update

from cloud.store.schema import CABIN_SESSION as S
from cloud.store.schema import VITAL as V


class Swept(NamedTuple):
    """How much was deleted: sessions looked at, their measurements, and those of them without a consent."""

    sessions: int
    measurements: int
    unconsented: int


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

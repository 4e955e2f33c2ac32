"""Presence leases: which consoles have somebody in front of them who listens, now."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from cloud.store.schema import PRESENCE as T
from cloud.store.upsert import insert_or_set

CITY: Final = "*"
"""Stands for the city desk's consoles, which watch all wards."""

LEASE_MS: Final = 15_000


@dataclass(frozen=True, slots=True)
class Lease:
    """A console's lease; `wards` None is the city desk's."""

    console: str
    login: str
    wards: frozenset[str] | None
    armed: bool
    expires_at_ms: int


def renew(connection: Connection, lease: Lease) -> None:
    """Take or renew a lease. An unarmed console (muted, hidden) is known but watches nothing."""
    row = {
        "console": lease.console,
        "login": lease.login,
        "wards": None if lease.wards is None else sorted(lease.wards),
        "armed": lease.armed,
        "expires_at_ms": lease.expires_at_ms,
    }
    connection.execute(insert_or_set(connection.dialect.name, T, _COLUMNS), [row])


def release(connection: Connection, console: str, login: str) -> None:
    """Give a lease back; nothing happens when it is not this login's."""
    connection.execute(delete(T).where(T.c.console == console, T.c.login == login))


def forget_expired(connection: Connection, now_ms: int) -> None:
    """Delete leases that have run out."""
    connection.execute(delete(T).where(T.c.expires_at_ms <= now_ms))


def armed_leases(connection: Connection, now_ms: int) -> list[Lease]:
    """Return the leases that watch something now."""
    rows = connection.execute(_ARMED, {"now_ms": now_ms})
    return [
        Lease(row[0], row[1], None if row[2] is None else frozenset(row[2]), row[3], row[4]) for row in rows
    ]


def armed_counts(connection: Connection, now_ms: int) -> dict[str, int]:
    """Return how many armed consoles watch each ward; those of the city desk count under CITY only."""
    return dict(_count(armed_leases(connection, now_ms)))


def _count(leases: Collection[Lease]) -> Counter[str]:
    return Counter(ward for lease in leases for ward in (lease.wards if lease.wards is not None else {CITY}))


_COLUMNS: Final = ("login", "wards", "armed", "expires_at_ms")
_ARMED: Final = select(T.c.console, T.c.login, T.c.wards, T.c.armed, T.c.expires_at_ms).where(
    T.c.armed, T.c.expires_at_ms > bindparam("now_ms")
)

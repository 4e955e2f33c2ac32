"""The audit log: append-only, each row sealed with the hash of the one before it.

The database refuses UPDATE and DELETE by trigger; the chain shows what somebody with the database's own rights did.
Details carry names of things and versions, never notes or anything else of a person.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, insert, select

from cloud.store.engine import take_turn
from cloud.store.schema import AUDIT as T

FIRST_HASH: Final = "0" * 64
_PAGE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One entry; `detail` is canonical JSON, `hash` seals everything else and `previous_hash`."""

    seq: int
    at_ms: int
    actor: str
    action: str
    subject: str
    detail: str
    previous_hash: str
    hash: str


def append(
    connection: Connection, actor: str, action: str, subject: str, detail: Mapping[str, object], now_ms: int
) -> None:
    """Add one entry: who did what to what. `detail` is JSON values; empty ones are left out."""
    take_turn(connection)
    told = {name: value for name, value in detail.items() if value is not None}
    row = {
        "at_ms": now_ms,
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": msgspec.json.encode(told, order="deterministic").decode(),
        "previous_hash": connection.execute(_LAST_HASH).scalar() or FIRST_HASH,
    }
    connection.execute(_INSERT, [{**row, "hash": _seal(row)}])


def entries(connection: Connection, after: int, limit: int) -> list[AuditRow]:
    """Return up to `limit` entries after `after`, oldest first."""
    rows = connection.execute(_AFTER, {"after": after, "most": limit})
    return [AuditRow(**row) for row in rows.mappings()]


def first_broken(connection: Connection) -> int | None:
    """Walk the whole chain; return the `seq` of the first entry that does not fit, None when all do.

    Entries that were cut off at the end cannot be seen from inside: compare `last_hash` with one kept elsewhere.
    """
    previous = FIRST_HASH
    for row in _walk(connection):
        fields = {name: getattr(row, name) for name in _SEALED}
        if row.previous_hash != previous or row.hash != _seal(fields):
            return row.seq
        previous = row.hash
    return None


def last_hash(connection: Connection) -> str:
    """Return the seal of the newest entry, to be kept outside."""
    return connection.execute(_LAST_HASH).scalar() or FIRST_HASH


def _walk(connection: Connection) -> Iterator[AuditRow]:
    after = 0
    while page := entries(connection, after, _PAGE):
        yield from page
        after = page[-1].seq


def _seal(row: Mapping[str, object]) -> str:
    return hashlib.sha256(msgspec.json.encode([row[name] for name in _SEALED])).hexdigest()


_SEALED: Final = ("previous_hash", "at_ms", "actor", "action", "subject", "detail")
_INSERT: Final = insert(T)
_LAST_HASH: Final = select(T.c.hash).order_by(T.c.seq.desc()).limit(1)
_AFTER: Final = select(T).where(T.c.seq > bindparam("after")).order_by(T.c.seq).limit(bindparam("most"))

"""The whole world, kept and put back; and what makes two of its states the same for everybody in it."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from cloud.store.schema import METADATA
from tests.cloud.together.world import World

TABLES: Final = tuple(
    METADATA.tables[name]
    for name in (
        *("payment_order", "payment_for", "provider_notice", "request", "request_amendment", "request_event"),
        "errand",
    )
)
"""Where all stands that anything is decided by; the others are logs of it, and what stations are told."""

_ALL: Final = {table.name: select(table) for table in TABLES}
_JOURNAL_MODE: Final = slice(18, 20)
_ROLLBACK: Final = b"\1\1"
"""Memory cannot hold a database that says of itself that it has a write-ahead log (SQLite, file format, 1.3)."""

_COUNTS: Final = frozenset({"version", "decided_version", "seq", "told_version", "attempts", "reference"})
"""No rule looks at these: how often something happened, and what was drawn."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One state: the whole database, and what everybody outside knows."""

    database: bytes
    outside: Any


def keep(world: World) -> Kept:
    """Take down everything that outlives our processes."""
    with closing(sqlite3.connect(world.stores.path)) as file:
        database = bytearray(file.serialize())
    database[_JOURNAL_MODE] = _ROLLBACK
    return Kept(bytes(database), world.outside.save())


def put_back(world: World, kept: Kept) -> None:
    """Return to a state, with new processes. The ledger's rows cannot be changed, so all of the file is replaced."""
    with closing(sqlite3.connect(":memory:")) as memory, closing(sqlite3.connect(world.stores.path)) as file:
        file.execute("PRAGMA synchronous=OFF")
        memory.deserialize(kept.database)
        memory.backup(file)
    world.outside.restore(kept.outside)
    world.restart()


def essence(world: World) -> int:
    """Return the same number for states in which the same can happen: moments count as past or to come."""
    now_ms = world.outside.clock()
    with world.stores.others.reading() as connection:
        told = [_rows(connection, table, now_ms) for table in TABLES]
    outside = world.outside
    codes = sorted(outside.memory.codes)
    truth = [(taken.key, taken.amount_dong) for taken in outside.truth()]
    acknowledged, receipted = sorted(outside.memory.acknowledged), sorted(outside.memory.receipted)
    theirs = (sorted(outside.billing.cleared.items()), sorted(outside.billing.answers))
    cases = [(case.status, len(case.received)) for case in outside.portal.cases.values()]
    given = sorted(outside.given_back().values())
    return hash(repr((told, codes, truth, acknowledged, receipted, theirs, cases, given)))


def _rows(connection: Connection, table: Table, now_ms: int) -> list[str]:
    rows = connection.execute(_ALL[table.name])
    return sorted(_told(table.columns.keys(), row, now_ms) for row in rows)


def _told(names: Iterable[str], row: Iterable[Any], now_ms: int) -> str:
    return repr(
        [_value(name, value, now_ms) for name, value in zip(names, row, strict=True) if name not in _COUNTS]
    )


def _value(name: str, value: Any, now_ms: int) -> Any:
    if value is None or not name.endswith("_ms"):
        return _payments(value) if name == "payments" else value
    return value <= now_ms


def _payments(payments: list[dict[str, Any]]) -> list[Any]:
    return [
        [each["txn"], each["applied_dong"], each["refunded_dong"], each["refund"] is None]
        for each in payments
    ]

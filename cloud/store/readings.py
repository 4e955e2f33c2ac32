"""Raw batches of telemetry, kept until the telemetry store has them and for some days more; replayable.

The one place where SQLAlchemy's Core is too slow: every other reading of every sensor of the city passes here.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

import psycopg
from sqlalchemy import Connection, bindparam, delete, func, select

from cloud.store.schema import READING_BATCH as T


class Batch(NamedTuple):
    """One batch as it came: which sequences of which lane, when, and its bytes (JSON of wire.messages.Batch)."""

    station: str
    journal: str
    lane: str
    first_seq: int
    last_seq: int
    received_at_ms: int
    payload: bytes


_COLUMNS: Final = ", ".join(Batch._fields)
_MARKS: Final = ", ".join("?" for _ in Batch._fields)
_INSERT: Final = f"INSERT INTO reading_batch ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608  # our own column names
_COPY: Final = f"COPY reading_batch ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_COPY_TYPES: Final = ("text", "text", "text", "int8", "int8", "int8", "bytea")


def keep_batches(connection: Connection, batches: Sequence[Batch]) -> None:
    """Append batches, in order; no check for repetition, that is the inbox's."""
    if not batches:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_INSERT, list(batches))
    else:
        _copy(connection, batches)


def _copy(connection: Connection, batches: Sequence[Batch]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_COPY_TYPES)
        for batch in batches:
            copy.write_row(batch)


_OLDEST: Final = (
    select(T.c.id, T.c.received_at_ms)
    .where(T.c.id <= bindparam("up_to"))
    .order_by(T.c.id)
    .limit(bindparam("most"))
)
_AFTER: Final = select(T).where(T.c.id > bindparam("after")).order_by(T.c.id).limit(bindparam("most"))


def batches_after(connection: Connection, identity: int, limit: int) -> Iterator[tuple[int, Batch]]:
    """Yield up to `limit` batches with an id above `identity`, oldest first, each with its id."""
    for row in connection.execute(_AFTER, {"after": identity, "most": limit}):
        yield row[0], Batch(*row[1:])


def forget_batches(connection: Connection, *, up_to: int, before_ms: int, limit: int) -> int:
    """Delete up to `limit` of the oldest batches: ids up to `up_to`, received before `before_ms`; return how many."""
    oldest = connection.execute(_OLDEST, {"up_to": up_to, "most": limit}).all()
    over = list(takewhile(lambda row: row.received_at_ms < before_ms, oldest))
    if not over:
        return 0
    return connection.execute(delete(T).where(T.c.id <= over[-1].id)).rowcount


def last_batch(connection: Connection) -> int:
    """Return the highest id, 0 without any batch."""
    return connection.execute(select(func.max(T.c.id))).scalar() or 0


def count_batches(connection: Connection) -> int:
    """Return how many batches wait."""
    return connection.execute(select(func.count()).select_from(T)).scalar_one()

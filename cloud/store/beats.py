"""Signs of life of the cloud's own processes."""

from typing import Final

from sqlalchemy import Connection, select

from cloud.store.schema import BEAT as T
from cloud.store.upsert import insert_or_set

_COLUMNS: Final = ("at_ms",)


def beat(connection: Connection, name: str, now_ms: int) -> None:
    """Note that process `name` got something done."""
    connection.execute(insert_or_set(connection.dialect.name, T, _COLUMNS), [{"name": name, "at_ms": now_ms}])


def beats(connection: Connection) -> dict[str, int]:
    """Return when each process last got something done."""
    return {row[0]: row[1] for row in connection.execute(select(T.c.name, T.c.at_ms))}

"""INSERT ... ON CONFLICT, which both databases speak and SQLAlchemy builds for each by its own class."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert

_INSERTS: Final[Mapping[str, Callable[[Table], Insert]]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)


@cache
def insert_new(dialect: str, table: Table) -> Insert:
    """Insert rows, passing over those whose key is taken."""
    return _INSERTS[dialect](table).on_conflict_do_nothing()


@cache
def insert_or_set(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    """Insert rows; where the primary key is taken, set `columns` to the new values and leave the others alone."""
    insert = _INSERTS[dialect](table)
    keys = [column.name for column in table.primary_key]
    return insert.on_conflict_do_update(
        index_elements=keys, set_={name: insert.excluded[name] for name in columns}
    )


def insert_or_do(dialect: str, table: Table, complete: Callable[[Insert], Insert]) -> Insert:
    """Insert rows; `complete` adds what happens where the primary key is taken."""
    return complete(_INSERTS[dialect](table))

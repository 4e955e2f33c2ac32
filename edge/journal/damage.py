"""What SQLite's errors mean for a journal."""

import sqlite3
from typing import Final

from edge.journal.errors import JournalBrokenError, JournalError, JournalFullError

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NO_ROOM: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_BUSY,
    }
)
"""A card that went read-only or fails to write is treated like a full one: refused now, tried again later."""


def sorted_error(error: sqlite3.Error) -> JournalError:
    """Return ours for SQLite's: damaged, no room, or something that nobody foresaw."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _DAMAGED:
        return JournalBrokenError(f"journal: damaged ({error})")
    if code in _NO_ROOM:
        return JournalFullError(f"journal: the disk refused ({error})")
    return JournalError(f"journal: {error}")

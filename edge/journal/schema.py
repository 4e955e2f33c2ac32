"""The journal's tables, and how an SQLite connection must be set so that a commit means "on disk"."""

import secrets
import sqlite3
from pathlib import Path
from typing import Final

from edge.journal.errors import JournalBrokenError, JournalError
from wire.topics import Lane

VERSION: Final = 1
PAGE_BYTES: Final = 4096

_TABLES: Final = """
BEGIN IMMEDIATE;
CREATE TABLE journal (id TEXT NOT NULL) STRICT;
CREATE TABLE lane (name TEXT PRIMARY KEY, last_seq INTEGER NOT NULL, dropped INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
  lane TEXT NOT NULL, seq INTEGER NOT NULL, boot TEXT NOT NULL, at_ms INTEGER NOT NULL, uptime_ms INTEGER NOT NULL,
  source TEXT, body BLOB NOT NULL, PRIMARY KEY (lane, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entry_source ON entry (lane, source) WHERE source IS NOT NULL;
CREATE TABLE forgotten (
  lane TEXT NOT NULL, source TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (lane, source)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX forgotten_seq ON forgotten (lane, seq);
CREATE TABLE aside (
  lane TEXT NOT NULL, seq INTEGER NOT NULL, boot TEXT NOT NULL, at_ms INTEGER NOT NULL, uptime_ms INTEGER NOT NULL,
  reason TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (lane, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE reply (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, reply BLOB NOT NULL) STRICT;
"""


def connect(path: Path, *, max_bytes: int, wal_pages: int) -> sqlite3.Connection:
    """Open the one writing connection; it may be used by one thread at a time."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.2)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # Vital signs that were delivered shall not stay readable in freed space.
        connection.execute("PRAGMA secure_delete = FAST")
        connection.execute(f"PRAGMA wal_autocheckpoint = {wal_pages}")
        connection.execute(f"PRAGMA max_page_count = {max_bytes // PAGE_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a connection that only reads; each of its reads must be short, or the log cannot be folded back."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=1,
    )
    connection.execute("PRAGMA query_only = ON")
    return connection


def prepare(connection: sqlite3.Connection) -> str:
    """Lay the tables when the file is new, and return the journal's id; JournalError for a newer schema."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise JournalError(f"journal: schema {version} is newer than this release's {VERSION}")
    if version == 0:
        _create(connection)
    row = connection.execute("SELECT id FROM journal").fetchone()
    if row is None:
        raise JournalBrokenError("journal: without an id")
    return str(row[0])


def _create(connection: sqlite3.Connection) -> None:
    try:
        connection.executescript(_TABLES)
        connection.execute("INSERT INTO journal VALUES (?)", (secrets.token_hex(16),))
        connection.executemany("INSERT INTO lane VALUES (?, 0, 0)", [(lane.value,) for lane in Lane])
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise

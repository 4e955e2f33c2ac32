"""The newest that the centre told of each request: on disk before it is confirmed, at hand while the line is cut.

A small SQLite file beside the journal, one row a request, no personal data. It is bounded by number and age, and can be
lost: the centre is asked whenever the line is open.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec

from edge.errors import EdgeError
from edge.logs import Log
from wire.messages import RequestChanged
from wire.tracking import FIRST_DAY_MS

MAX_KNOWN: Final = 5_000
KEPT_MS: Final = 120 * 86_400_000
"""After the last change."""

_TIMEOUT_S: Final = 5.0
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS known (
  request TEXT PRIMARY KEY, tracking TEXT NOT NULL, version INTEGER NOT NULL, at_ms INTEGER NOT NULL, news BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS known_tracking ON known (tracking);
CREATE INDEX IF NOT EXISTS known_at ON known (at_ms);
"""
# The same version again may bring a refusal of what the person wanted; a mere repetition takes none away.
_KEEP: Final = """
INSERT INTO known VALUES (?, ?, ?, ?, ?) ON CONFLICT (request) DO UPDATE SET
  tracking = excluded.tracking, version = excluded.version, at_ms = excluded.at_ms, news = excluded.news
  WHERE excluded.version > known.version OR (excluded.version = known.version AND ?)
"""
_TOO_OLD: Final = "DELETE FROM known WHERE at_ms < ?"
_TOO_MANY: Final = "DELETE FROM known WHERE request IN (SELECT request FROM known ORDER BY at_ms DESC, request LIMIT -1 OFFSET ?)"
_FIND: Final = "SELECT news FROM known WHERE tracking = ? ORDER BY at_ms DESC LIMIT 1"

_log: Final = Log(__name__)
_news: Final = msgspec.json.Decoder(RequestChanged)


class KnownError(EdgeError):
    """The disk fails."""


class Known:
    """What is known at one station; `wall_ms` is its clock. Blocking, and safe from any thread. KnownError."""

    def __init__(self, path: Path, wall_ms: Callable[[], int]) -> None:
        self._path = path
        self._wall_ms = wall_ms
        self._turn = Lock()

    def keep(self, news: RequestChanged) -> bool:
        """Keep what is told, unless something newer is known; on disk when it returns. Tell whether it was kept."""
        row = (news.request, news.tracking, news.version, news.at_ms, msgspec.json.encode(news))
        is_refusal = news.refused is not None
        with self._opened() as connection, connection:
            is_kept = connection.execute(_KEEP, (*row, is_refusal)).rowcount > 0
            if self._wall_ms() >= FIRST_DAY_MS:
                connection.execute(_TOO_OLD, (self._wall_ms() - KEPT_MS,))
            connection.execute(_TOO_MANY, (MAX_KNOWN,))
        return is_kept

    def find(self, tracking: str) -> RequestChanged | None:
        """Return the newest of the request of a code; None when nothing is known, or nothing that this release reads."""
        with self._opened() as connection:
            row = connection.execute(_FIND, (tracking,)).fetchone()
        try:
            return None if row is None else _news.decode(row[0])
        except msgspec.MsgspecError:
            _log.error("request of another release ignored")
            return None

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one turn; a damaged one is moved aside, and this turn fails: the next begins anew."""
        with self._turn:
            try:
                with closing(sqlite3.connect(self._path, timeout=_TIMEOUT_S)) as connection:
                    connection.execute("PRAGMA synchronous = EXTRA")
                    connection.executescript(_SCHEMA)
                    yield connection
            except sqlite3.OperationalError as error:
                raise KnownError("requests: the disk does not take or give them") from error
            except sqlite3.DatabaseError as error:
                self._path.replace(self._path.with_suffix(".damaged"))
                _log.error("known requests damaged, moved aside")
                raise KnownError("requests: damaged, moved aside") from error

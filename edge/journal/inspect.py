"""A look into a journal for a technician, also while the daemon runs: only reads, and only in short statements.

Bodies may hold what a citizen told the station; they are shown only when somebody asks for them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from edge.journal.damage import sorted_error
from edge.journal.errors import JournalError
from edge.journal.records import Tally
from edge.journal.schema import connect_reader
from edge.journal.store import count_lanes
from wire.topics import Lane

_PAGE_ROWS: Final = 500
_WAITING: Final = (
    "SELECT seq, boot, at_ms, uptime_ms, source, NULL, body FROM entry"
    " WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?"
)
_ASIDE: Final = (
    "SELECT seq, boot, at_ms, uptime_ms, NULL, reason, body FROM aside"
    " WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Summary:
    """The journal's id and the state of each lane, highest first."""

    journal_id: str
    lanes: dict[Lane, Tally]


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of an export; `aside` is why the cloud refused it."""

    lane: Lane
    seq: int
    boot: str
    at_ms: int
    uptime_ms: int
    source: str | None = None
    aside: str | None = None
    body: msgspec.Raw | None = None


def summarize(path: Path) -> Summary:
    """Count what is in each lane; JournalError when there is no journal or it cannot be read."""
    with closing(_open(path)) as connection:
        try:
            (journal_id,) = connection.execute("SELECT id FROM journal").fetchone()
            return Summary(journal_id, count_lanes(connection))
        except sqlite3.Error as error:
            raise sorted_error(error) from error


def export(path: Path, *, with_bodies: bool = False) -> Iterator[bytes]:
    """Give one JSON line (without its end) for each entry that waits, then for each one aside; JournalError as above."""
    with closing(_open(path)) as connection:
        for lane in Lane:
            yield from _lines(connection, _WAITING, lane, with_bodies=with_bodies)
        for lane in Lane:
            yield from _lines(connection, _ASIDE, lane, with_bodies=with_bodies)


def _lines(connection: sqlite3.Connection, query: str, lane: Lane, *, with_bodies: bool) -> Iterator[bytes]:
    after_seq = 0
    while True:
        try:
            rows = connection.execute(query, (lane, after_seq, _PAGE_ROWS)).fetchall()
        except sqlite3.Error as error:
            raise sorted_error(error) from error
        if not rows:
            return
        for seq, boot, at_ms, uptime_ms, source, reason, body in rows:
            line = Line(
                lane=lane,
                seq=seq,
                boot=boot,
                at_ms=at_ms,
                uptime_ms=uptime_ms,
                source=source,
                aside=reason,
                body=msgspec.Raw(body) if with_bodies else None,
            )
            yield msgspec.json.encode(line)
        after_seq = rows[-1][0]


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise JournalError(f"journal: there is none at {path}")
    try:
        return connect_reader(path)
    except sqlite3.Error as error:
        raise sorted_error(error) from error

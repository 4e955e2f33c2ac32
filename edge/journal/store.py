"""All SQL of the journal: each public method is one transaction, on disk when it returns; `settle` alone need not be.

Synchronous, for one thread. sqlite3's errors pass through: the writer knows what a full disk means, this file does not.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from edge.journal.records import Appended, NewEntry, Settled, Tally
from edge.journal.schema import PAGE_BYTES
from wire.codec import encode_body
from wire.entries import Dropped
from wire.messages import Rejected
from wire.ranges import SequenceSet
from wire.topics import Lane

MAX_FORGOTTEN_SOURCES: Final = 4_096
"""Per lane. A board holds 16 unconfirmed events; this remembers months of presses after their receipts."""
MAX_ASIDE: Final = 1_000
"""Per lane. Each one is a defect that a technician must see; more of the same tell nothing new."""
MAX_REPLIES: Final = 1_000
"""Answered commands whose repetition is answered alike."""

_INSERT: Final = (
    "INSERT INTO entry (lane, seq, boot, at_ms, uptime_ms, source, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_KNOWN: Final = (
    "SELECT seq FROM entry WHERE lane = ?1 AND source = ?2"
    " UNION ALL SELECT seq FROM forgotten WHERE lane = ?1 AND source = ?2"
)
_LOWEST: Final = "SELECT seq FROM entry WHERE lane = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?"
_OLDEST: Final = "SELECT seq, boot, at_ms, uptime_ms FROM entry WHERE lane = ? ORDER BY seq LIMIT ?"
_NOTICES: Final = (
    "SELECT count(*), min(json_extract(CAST(body AS TEXT), '$.first')) FROM entry"
    " WHERE lane = ? AND seq BETWEEN ? AND ? AND json_extract(CAST(body AS TEXT), '$.kind') = 'dropped'"
)
_DELETE: Final = "DELETE FROM entry WHERE lane = ? AND seq BETWEEN ? AND ?"
_KEEP_SOURCES: Final = (
    "INSERT INTO forgotten SELECT lane, source, seq FROM entry"
    " WHERE lane = ? AND seq BETWEEN ? AND ? AND source IS NOT NULL"
)
_PRUNE_SOURCES: Final = (
    "DELETE FROM forgotten WHERE lane = ?1 AND seq <="
    " (SELECT seq FROM forgotten WHERE lane = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)"
)
_PUT_ASIDE: Final = "INSERT OR REPLACE INTO aside SELECT lane, seq, boot, at_ms, uptime_ms, ?, body FROM entry WHERE lane = ? AND seq = ?"
_PRUNE_ASIDE: Final = (
    "DELETE FROM aside WHERE lane = ?1 AND seq <="
    " (SELECT seq FROM aside WHERE lane = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)"
)
_COUNT: Final = """
SELECT name, last_seq, dropped,
  (SELECT count(*) FROM entry WHERE lane = name),
  (SELECT count(*) FROM aside WHERE lane = name),
  (SELECT seq FROM entry WHERE lane = name ORDER BY seq LIMIT 1),
  (SELECT at_ms FROM entry WHERE lane = name ORDER BY seq LIMIT 1) FROM lane
"""


class Store:
    """The journal's tables over one connection. `tallies` is replaced, never changed: any thread may read it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.tallies: dict[Lane, Tally] = count_lanes(connection)

    def append(self, entries: Sequence[NewEntry]) -> list[Appended]:
        """Write all of `entries` or none; the answers are in their order."""
        tallies = dict(self.tallies)
        fresh: dict[tuple[Lane, str], int] = {}
        rows: list[tuple[str, int, str, int, int, str | None, bytes]] = []
        answers: list[Appended] = []
        with self._transaction():
            for entry in entries:
                known = self._known(entry, fresh)
                if known is not None:
                    answers.append(Appended(known, is_new=False))
                    continue
                tally = tallies[entry.lane] = _grown(tallies[entry.lane], entry.at_ms)
                seq = tally.last_seq
                if entry.source is not None:
                    fresh[entry.lane, entry.source] = seq
                rows.append(
                    (entry.lane, seq, entry.boot, entry.at_ms, entry.uptime_ms, entry.source, entry.body)
                )
                answers.append(Appended(seq, is_new=True))
            self._connection.executemany(_INSERT, rows)
            self._save(tallies)
        self.tallies = tallies
        return answers

    def settle(self, lane: Lane, first: int, last: int, rejected: Sequence[Rejected], limit: int) -> Settled:
        """Forget the lowest `limit` entries within `first` to `last`; of these, put the rejected ones aside.

        Not flushed: what a power cut brings back is sent again and recognized as old, and a card lives longer.
        """
        cut = self._connection.execute(_LOWEST, (lane, first, last, limit)).fetchall()
        if not cut:
            return Settled()
        gone = SequenceSet.of_numbers(seq for (seq,) in cut)
        aside = tuple(one for one in rejected if one.seq in gone)
        with self._unflushed(), self._transaction():
            self._put_aside(lane, aside)
            self._forget(lane, cut[0][0], cut[-1][0])
        self._shrink(lane, len(cut), aside=len(aside))
        return Settled(gone, aside)

    def drop_oldest(self, lane: Lane, count: int) -> int:
        """Drop the `count` oldest entries of a bounded lane and append one `Dropped` for the gap; return how many went.

        A notice of an earlier gap that goes with them is folded into the new one, so there is always one that tells all.
        """
        cut = self._connection.execute(_OLDEST, (lane, count)).fetchall()
        if not cut:
            return 0
        first, (last, boot, at_ms, uptime_ms) = cut[0][0], cut[-1]
        notices, earliest = self._connection.execute(_NOTICES, (lane, first, last)).fetchone()
        notice = encode_body(Dropped(first=min(first, earliest or first), last=last))
        tally = self.tallies[lane]
        seq, dropped = tally.last_seq + 1, tally.dropped + len(cut) - notices
        with self._transaction():
            self._forget(lane, first, last)
            self._connection.execute(_INSERT, (lane, seq, boot, at_ms, uptime_ms, None, notice))
            self._save(self.tallies | {lane: replace(tally, last_seq=seq, dropped=dropped)})
        self.tallies = self.tallies | {
            lane: replace(tally, last_seq=seq, dropped=dropped, depth=tally.depth + 1)
        }
        self._shrink(lane, len(cut))
        return len(cut)

    def recall(self, command: str) -> bytes | None:
        """Return the remembered reply to a command."""
        row = self._connection.execute("SELECT reply FROM reply WHERE id = ?", (command,)).fetchone()
        return None if row is None else bytes(row[0])

    def remember(self, command: str, reply: bytes) -> None:
        """Keep the reply to a command; the oldest make place."""
        with self._transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO reply (id, reply) VALUES (?, ?)", (command, reply)
            )
            self._connection.execute(
                "DELETE FROM reply WHERE number <= (SELECT max(number) FROM reply) - ?", (MAX_REPLIES,)
            )

    def used_bytes(self) -> int:
        """Bytes of the file that hold something."""
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        return int(pages) * PAGE_BYTES - self.free_bytes()

    def free_bytes(self) -> int:
        """Bytes of the file that hold nothing and will be used before it grows."""
        (free,) = self._connection.execute("PRAGMA freelist_count").fetchone()
        return int(free) * PAGE_BYTES

    def shrink(self, pages: int) -> None:
        """Cut up to `pages` free pages off the file; the disk has them after the next folding."""
        self._connection.execute(f"PRAGMA incremental_vacuum({pages})").fetchall()

    def fold_log(self) -> bool:
        """Move the write-ahead log into the file and cut it to nothing; False when a reader was in the way."""
        (busy, _, _) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _known(self, entry: NewEntry, fresh: dict[tuple[Lane, str], int]) -> int | None:
        if entry.source is None:
            return None
        known = fresh.get((entry.lane, entry.source))
        if known is not None:
            return known
        row = self._connection.execute(_KNOWN, (entry.lane, entry.source)).fetchone()
        return None if row is None else int(row[0])

    def _save(self, tallies: dict[Lane, Tally]) -> None:
        self._connection.executemany(
            "UPDATE lane SET last_seq = ?, dropped = ? WHERE name = ?",
            [
                (tally.last_seq, tally.dropped, lane)
                for lane, tally in tallies.items()
                if tally.last_seq != self.tallies[lane].last_seq
            ],
        )

    def _put_aside(self, lane: Lane, rejected: Iterable[Rejected]) -> None:
        for one in rejected:
            self._connection.execute(_PUT_ASIDE, (one.reason, lane, one.seq))
            self._connection.execute(_PRUNE_ASIDE, (lane, MAX_ASIDE))

    def _forget(self, lane: Lane, first: int, last: int) -> None:
        kept = self._connection.execute(_KEEP_SOURCES, (lane, first, last)).rowcount
        self._connection.execute(_DELETE, (lane, first, last))
        if kept:
            self._connection.execute(_PRUNE_SOURCES, (lane, MAX_FORGOTTEN_SOURCES))

    def _shrink(self, lane: Lane, count: int, *, aside: int = 0) -> None:
        row = self._connection.execute(
            "SELECT seq, at_ms FROM entry WHERE lane = ? ORDER BY seq LIMIT 1", (lane,)
        ).fetchone()
        first_seq, oldest_at_ms = row or (None, None)
        tally = self.tallies[lane]
        self.tallies = self.tallies | {
            lane: replace(
                tally,
                depth=tally.depth - count,
                first_seq=first_seq,
                oldest_at_ms=oldest_at_ms,
                aside=min(tally.aside + aside, MAX_ASIDE),
            )
        }

    @contextmanager
    def _unflushed(self) -> Iterator[None]:
        self._connection.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self._connection.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # A full disk may have ended the transaction already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


def _grown(tally: Tally, at_ms: int) -> Tally:
    seq = tally.last_seq + 1
    if tally.first_seq is None:
        return replace(tally, last_seq=seq, depth=1, first_seq=seq, oldest_at_ms=at_ms)
    return replace(tally, last_seq=seq, depth=tally.depth + 1)


def count_lanes(connection: sqlite3.Connection) -> dict[Lane, Tally]:
    """Count what the tables hold, highest lane first."""
    found = {
        name: Tally(last_seq, first_seq, depth, oldest_at_ms, aside, dropped)
        for name, last_seq, dropped, depth, aside, first_seq, oldest_at_ms in connection.execute(_COUNT)
    }
    return {lane: found[lane] for lane in Lane}

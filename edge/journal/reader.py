"""Reading what waits, beside the writing thread: a press is read while a group of readings is still being committed."""

import sqlite3
from typing import Final

from msgspec import Raw

from edge.journal.damage import sorted_error
from edge.journal.records import Pending
from wire.codec import LooseEntry
from wire.topics import Lane

ENTRY_OVERHEAD_BYTES: Final = 100
"""JSON of an entry around its body: names, three numbers of up to 16 digits, a comma."""

_PENDING: Final = (
    "SELECT seq, boot, at_ms, uptime_ms, body FROM entry WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?"
)


class Reader:
    """One reading connection, for one thread; every read is one short statement."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def pending(self, lane: Lane, after_seq: int, max_entries: int, max_bytes: int) -> Pending:
        """Read the entries after `after_seq`, of one boot and within the bounds, but at least one if there is one."""
        try:
            rows = self._connection.execute(_PENDING, (lane, after_seq, max_entries)).fetchall()
        except sqlite3.Error as error:
            raise sorted_error(error) from error
        if not rows:
            return Pending()
        boot, size, entries = rows[0][1], 0, list[LooseEntry]()
        for seq, its_boot, at_ms, uptime_ms, body in rows:
            size += len(body) + ENTRY_OVERHEAD_BYTES
            if its_boot != boot or (entries and size > max_bytes):
                break
            entries.append(LooseEntry(seq=seq, at_ms=at_ms, uptime_ms=uptime_ms, body=Raw(body)))
        return Pending(boot, tuple(entries))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

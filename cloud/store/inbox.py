"""What has been taken in of every lane of every journal, and what was taken out of the way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, desc, select, tuple_

from cloud.store.schema import ASIDE, INBOX, QUARANTINE
from cloud.store.upsert import insert_new, insert_or_set
from wire.ranges import SequenceSet

MAX_KEPT_BYTES: Final = 8192
"""So much of a payload that nobody can read is kept for a technician."""

_CHUNK: Final = 500


class LaneKey(NamedTuple):
    """Whose sequence numbers they are."""

    station: str
    journal: str
    lane: str


class Aside(NamedTuple):
    """An entry that will never be stored: which, why, its bytes, when (cloud's clock)."""

    station: str
    journal: str
    lane: str
    seq: int
    reason: str
    payload: bytes
    at_ms: int


class Quarantined(NamedTuple):
    """A payload that could not be read at all; `digest` is what its sender was told."""

    topic: str
    reason: str
    digest: str
    payload: bytes
    at_ms: int


_SAVE_COLUMNS: Final = ("ranges", "updated_at_ms")


def load(connection: Connection, keys: Iterable[LaneKey]) -> dict[LaneKey, SequenceSet]:
    """Return what is taken in of these lanes; a lane that is not known yet is left out."""
    wanted = list(keys)
    key = tuple_(INBOX.c.station, INBOX.c.journal, INBOX.c.lane)
    found: dict[LaneKey, SequenceSet] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = connection.execute(
            select(INBOX.c.station, INBOX.c.journal, INBOX.c.lane, INBOX.c.ranges).where(key.in_(chunk))
        )
        found.update((LaneKey(*row[:3]), SequenceSet.parse(row[3])) for row in rows)
    return found


def save(connection: Connection, taken: Mapping[LaneKey, SequenceSet], now_ms: int) -> None:
    """Replace what is taken in of these lanes. The caller has merged it with what `load` returned."""
    if not taken:
        return
    rows = [
        {**key._asdict(), "ranges": str(sequences), "updated_at_ms": now_ms}
        for key, sequences in taken.items()
    ]
    connection.execute(insert_or_set(connection.dialect.name, INBOX, _SAVE_COLUMNS), rows)


def set_aside(connection: Connection, entries: Sequence[Aside]) -> None:
    """Keep entries that will never be stored; repeating it changes nothing."""
    if entries:
        rows = [entry._asdict() | {"payload": entry.payload[:MAX_KEPT_BYTES]} for entry in entries]
        connection.execute(insert_new(connection.dialect.name, ASIDE), rows)


def quarantine(connection: Connection, payloads: Sequence[Quarantined]) -> None:
    """Keep unreadable payloads, each content once, however often it is sent."""
    if payloads:
        rows = [entry._asdict() | {"payload": entry.payload[:MAX_KEPT_BYTES]} for entry in payloads]
        connection.execute(insert_new(connection.dialect.name, QUARANTINE), rows)


def latest_aside(connection: Connection, limit: int) -> list[Aside]:
    """Return the newest entries that were set aside."""
    columns = [ASIDE.c[name] for name in Aside._fields]
    rows = connection.execute(select(*columns).order_by(desc(ASIDE.c.at_ms)).limit(limit))
    return [Aside(*row) for row in rows]


def latest_quarantined(connection: Connection, limit: int) -> list[Quarantined]:
    """Return the newest unreadable payloads."""
    columns = [QUARANTINE.c[name] for name in Quarantined._fields]
    rows = connection.execute(select(*columns).order_by(desc(QUARANTINE.c.id)).limit(limit))
    return [Quarantined(*row) for row in rows]

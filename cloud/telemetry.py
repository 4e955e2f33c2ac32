"""Numbers over time: how the stations are. A small port, and its embedded store.

Telemetry is not what must never be lost: it is written after the store has committed, and a failure costs a point on a
chart. Points are keyed by (station, metric, time), so writing them twice changes nothing.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from wire.codec import Intake
from wire.entries import Reading
from wire.measures import STATION_MEASURES
from wire.messages import Heartbeat

HOUR_MS: Final = 3_600_000
_BUSY_TIMEOUT_S: Final = 2.0

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS point (
    station TEXT NOT NULL, metric TEXT NOT NULL, at_ms INTEGER NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (station, metric, at_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hour (
    station TEXT NOT NULL, metric TEXT NOT NULL, hour_ms INTEGER NOT NULL,
    n INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL, total REAL NOT NULL,
    PRIMARY KEY (station, metric, hour_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replay (source TEXT PRIMARY KEY, batch INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS roll_up AFTER INSERT ON point BEGIN
    INSERT INTO hour VALUES (
        new.station, new.metric, new.at_ms - new.at_ms % 3600000, 1, new.value, new.value, new.value
    ) ON CONFLICT DO UPDATE SET
        n = n + 1, low = min(low, excluded.low), high = max(high, excluded.high), total = total + excluded.total;
END;
"""
_INSERT: Final = "INSERT INTO point VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_REPLAYED: Final = "SELECT batch FROM replay WHERE source = 'reading_batch'"
_NOTE_REPLAY: Final = """
INSERT INTO replay VALUES ('reading_batch', ?) ON CONFLICT DO UPDATE SET batch = max(batch, excluded.batch)
"""
_NEXT_SERIES: Final = """
SELECT station, metric FROM point WHERE (station, metric) > (?, ?) ORDER BY station, metric LIMIT 1
"""
_PRUNE: Final = "DELETE FROM point WHERE station = ? AND metric = ? AND at_ms < ?"
_SERIES: Final = """
SELECT at_ms - at_ms % :step AS start, count(*), min(value), max(value), sum(value) FROM point
WHERE station = :station AND metric = :metric AND at_ms >= :since AND at_ms < :until GROUP BY start ORDER BY start
"""
_HOURS: Final = """
SELECT hour_ms - hour_ms % :step AS start, sum(n), min(low), max(high), sum(total) FROM hour
WHERE station = :station AND metric = :metric AND hour_ms >= :since AND hour_ms < :until GROUP BY start ORDER BY start
"""


class TelemetryError(Exception):
    """The telemetry store cannot be written or read."""


@dataclass(frozen=True, slots=True)
class Point:
    """One number of one station at one time (milliseconds since 1970 UTC, the cloud's clock)."""

    station: str
    metric: str
    at_ms: int
    value: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a span of time held, from `start_ms` on: count, lowest, highest and mean value."""

    start_ms: int
    n: int
    low: float
    high: float
    mean: float


class TelemetryStore(Protocol):
    """Where points go; every method raises TelemetryError and nothing else."""

    def write(self, points: Sequence[Point]) -> None:
        """Keep the points; those that are there already stay as they are."""

    def series(
        self, station: str, metric: str, *, since_ms: int, until_ms: int, step_ms: int
    ) -> list[Bucket]:
        """Return one bucket per `step_ms` that held anything, oldest first; `until_ms` is exclusive."""

    def write_replay(self, points: Sequence[Point], *, batch: int) -> None:
        """Keep the points of raw batches up to id `batch`, and that they were kept, as one."""

    def replayed(self) -> int:
        """Return the id up to which raw batches were kept, 0 when none was."""

    def prune(self, before_ms: int) -> None:
        """Forget single points older than `before_ms`; the hourly roll-ups stay."""


class SqliteTelemetry:
    """The embedded store: one clustered table and hourly roll-ups, kept up by the database itself."""

    def __init__(self, path: Path) -> None:
        try:
            self._database = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise TelemetryError(f"telemetry: cannot open its file: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def write(self, points: Sequence[Point]) -> None:
        """Keep the points in one transaction."""
        rows = [(point.station, point.metric, point.at_ms, point.value) for point in points]
        try:
            with self._database:
                self._database.executemany(_INSERT, rows)
        except sqlite3.Error as error:
            raise TelemetryError(f"telemetry: cannot write: {error}") from error

    def series(
        self, station: str, metric: str, *, since_ms: int, until_ms: int, step_ms: int
    ) -> list[Bucket]:
        """Read roll-ups when the step is whole hours and the span begins on one, else the points themselves."""
        is_hourly = step_ms % HOUR_MS == 0 and since_ms % HOUR_MS == 0
        span = {"station": station, "metric": metric, "since": since_ms, "until": until_ms, "step": step_ms}
        try:
            rows = self._database.execute(_HOURS if is_hourly else _SERIES, span).fetchall()
        except sqlite3.Error as error:
            raise TelemetryError(f"telemetry: cannot read: {error}") from error
        return [Bucket(start, n, low, high, total / n) for start, n, low, high, total in rows]

    def write_replay(self, points: Sequence[Point], *, batch: int) -> None:
        """Keep points and progress in one transaction, so that a crash neither loses nor repeats a batch."""
        rows = [(point.station, point.metric, point.at_ms, point.value) for point in points]
        try:
            with self._database:
                self._database.executemany(_INSERT, rows)
                self._database.execute(_NOTE_REPLAY, (batch,))
        except sqlite3.Error as error:
            raise TelemetryError(f"telemetry: cannot write: {error}") from error

    def replayed(self) -> int:
        """Return how far the replay came."""
        try:
            row = self._database.execute(_REPLAYED).fetchone()
        except sqlite3.Error as error:
            raise TelemetryError(f"telemetry: cannot read: {error}") from error
        return 0 if row is None else int(row[0])

    def prune(self, before_ms: int) -> None:
        """Forget single points, one series at a time: who writes a heartbeat waits for no more than that."""
        series = ("", "")
        try:
            while (series := self._database.execute(_NEXT_SERIES, series).fetchone()) is not None:
                with self._database:
                    self._database.execute(_PRUNE, (*series, before_ms))
        except sqlite3.Error as error:
            raise TelemetryError(f"telemetry: cannot prune: {error}") from error


def heartbeat_points(heartbeats: Iterable[tuple[Heartbeat, int]]) -> list[Point]:
    """Return the numbers of heartbeats, each with the time at which it arrived (ms)."""
    return [
        Point(beat.station, metric, at_ms, value)
        for beat, at_ms in heartbeats
        for metric, value in (
            ("loop-lag", float(beat.loop_lag_ms)),
            ("disk-free", float(beat.disk_free_bytes)),
            *((f"queue-depth.{lane.lane}", float(lane.depth)) for lane in beat.lanes),
        )
    ]


def reading_points(batch: Intake, received_at_ms: int) -> list[Point]:
    """Return the numbers of a batch that arrived at `received_at_ms`, as `measure/sensor`, by the cloud's clock.

    A station's clock may be wrong, but how long ago it read something, at the time of sending, is right.
    """
    return [
        Point(
            batch.station,
            f"{entry.body.measure}/{entry.body.sensor}",
            received_at_ms - max(0, batch.sent_at_ms - entry.at_ms),
            entry.body.value,
        )
        for entry in batch.entries
        if isinstance(entry.body, Reading) and entry.body.measure in STATION_MEASURES
    ]

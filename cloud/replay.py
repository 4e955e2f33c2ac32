"""From the raw batches to the telemetry store: what stations measured of themselves becomes numbers over time.

Not done by the ingest, where an SOS may wait behind it. The telemetry store itself remembers how far it came: a file
that was lost fills itself again from the batches that are still there.
"""

import asyncio
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Final

import structlog

from cloud.clock import now_ms, pause
from cloud.store import readings
from cloud.store.engine import Store
from cloud.store.errors import StoreError
from cloud.store.readings import Batch
from cloud.telemetry import Point, SqliteTelemetry, TelemetryError, TelemetryStore, reading_points
from wire.codec import Intake, decode_uplink
from wire.errors import MessageError
from wire.topics import Lane, Topic

_log = structlog.get_logger(__name__)

SETTLED_MS: Final = 30_000
"""So long after its arrival no batch with a lower id can still be on its way into the store."""

_MAX_BATCHES: Final = 100
_MAX_POINTS: Final = 500
"""A write of that many takes some milliseconds, for which the ingest's heartbeats may have to wait."""

_BREATH_S: Final = 0.02
_IDLE_S: Final = 10.0
_AFTER_FAULT_S: Final = 60.0


async def run_replay(
    path: Path, store: Store, stop: asyncio.Event, clock: Callable[[], int] = now_ms
) -> None:
    """Replay until `stop` is set; a store or file that is away is tried again for ever."""
    while not stop.is_set():
        try:
            with SqliteTelemetry(path) as telemetry:
                while not stop.is_set():
                    is_busy = await asyncio.to_thread(replay, store, telemetry, clock())
                    await pause(stop, _BREATH_S if is_busy else _IDLE_S)
        except (StoreError, TelemetryError) as error:
            _log.warning("replay.interrupted", error=str(error))
        except Exception:  # noqa: BLE001  # a point on a chart must not end the escalation beside it
            _log.exception("replay.fault")
        await pause(stop, _AFTER_FAULT_S)


def replay(store: Store, telemetry: TelemetryStore, now_ms: int) -> bool:
    """Bring the next batches over; tell whether there was anything."""
    after = before = telemetry.replayed()
    with store.reading() as connection:
        found = list(readings.batches_after(connection, after, _MAX_BATCHES))
    points: list[Point] = []
    for identity, batch in takewhile(lambda pair: pair[1].received_at_ms <= now_ms - SETTLED_MS, found):
        points += _points(batch)
        after = identity
        if len(points) >= _MAX_POINTS:
            break
    if after == before:
        return False
    telemetry.write_replay(points, batch=after)
    return True


def _points(batch: Batch) -> list[Point]:
    """Read a batch; one that an older release kept and this one does not understand is passed over."""
    try:
        intake = decode_uplink(Topic(batch.station, Lane(batch.lane)), batch.payload)
    except MessageError as error:
        _log.warning("replay.unreadable", station=batch.station, error=str(error))
        return []
    return reading_points(intake, batch.received_at_ms) if isinstance(intake, Intake) else []

"""Raw batches become numbers: every one once, in whatever way it is interrupted, on both databases."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cloud.replay import SETTLED_MS, replay, run_replay
from cloud.store import readings
from cloud.store.engine import Store
from cloud.store.readings import Batch
from cloud.telemetry import HOUR_MS, SqliteTelemetry, TelemetryError
from tests.cloud.ingest.samples import batch as payload_of
from tests.cloud.samples import NOW_MS, STATION
from tests.rig.processes import wait_until
from wire.entries import Dropped, Reading
from wire.topics import Lane

LATER_MS = NOW_MS + SETTLED_MS


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[SqliteTelemetry]:
    with SqliteTelemetry(tmp_path / "telemetry.db") as opened:
        yield opened


def battery(percent: float, sensor: str = "cuff") -> Reading:
    return Reading(measure="battery-level", value=percent, sensor=sensor)


def keep(store: Store, *payloads: bytes, received_at_ms: int = NOW_MS) -> None:
    rows = [
        Batch(STATION, "a" * 32, "telemetry", number, number, received_at_ms + number * 1_000, payload)
        for number, payload in enumerate(payloads)
    ]
    with store.writing() as connection:
        readings.keep_batches(connection, rows)


def told(telemetry: SqliteTelemetry, metric: str = "battery-level/cuff") -> list[float]:
    """Return the values of a series, one for each second that has one."""
    span = {"since_ms": NOW_MS - HOUR_MS, "until_ms": NOW_MS + HOUR_MS}
    return [bucket.mean for bucket in telemetry.series(STATION, metric, **span, step_ms=1_000)]


def replay_all(store: Store, telemetry: SqliteTelemetry, now_ms: int = LATER_MS + HOUR_MS) -> int:
    """Replay until nothing is left; return the number of steps."""
    steps = 0
    while replay(store, telemetry, now_ms):
        steps += 1
    return steps


def test_what_instruments_say_of_themselves_becomes_series(store: Store, telemetry: SqliteTelemetry) -> None:
    signal = Reading(measure="signal-strength", value=-70, sensor="oximeter")
    made = Reading(measure="measurements-made", value=3, sensor="cabin")
    keep(store, payload_of(Lane.TELEMETRY, {1: battery(80), 2: signal, 3: made}))
    assert replay_all(store, telemetry) == 1
    assert told(telemetry) == [80]
    assert told(telemetry, "signal-strength/oximeter") == [-70]
    assert told(telemetry, "measurements-made/cabin") == [3]


def test_every_batch_once(store: Store, telemetry: SqliteTelemetry) -> None:
    keep(store, payload_of(Lane.TELEMETRY, {1: battery(80)}), payload_of(Lane.TELEMETRY, {2: battery(70)}))
    replay_all(store, telemetry)
    assert not replay(store, telemetry, LATER_MS + HOUR_MS)
    keep(store, payload_of(Lane.TELEMETRY, {3: battery(60)}), received_at_ms=NOW_MS + 5_000)
    replay_all(store, telemetry)
    assert told(telemetry) == [80, 70, 60]


def test_what_arrived_just_now_waits_for_what_may_still_come_before_it(
    store: Store, telemetry: SqliteTelemetry
) -> None:
    keep(store, payload_of(Lane.TELEMETRY, {1: battery(80)}), payload_of(Lane.TELEMETRY, {2: battery(70)}))
    assert not replay(store, telemetry, LATER_MS - 1)
    assert replay(store, telemetry, LATER_MS)
    assert told(telemetry) == [80]


def test_a_step_is_small(store: Store, telemetry: SqliteTelemetry) -> None:
    """Some hundred points each, since the ingest's heartbeats wait behind a write."""
    many = [
        payload_of(Lane.TELEMETRY, {seq: battery(seq % 100, f"s{seq}") for seq in range(1, 301)})
        for _ in range(6)
    ]
    keep(store, *many)
    assert replay_all(store, telemetry) == 3


def test_a_lost_file_fills_itself_again(store: Store, telemetry: SqliteTelemetry, tmp_path: Path) -> None:
    keep(store, payload_of(Lane.TELEMETRY, {1: battery(80)}))
    replay_all(store, telemetry)
    with SqliteTelemetry(tmp_path / "anew.db") as anew:
        replay_all(store, anew)
        assert told(anew) == told(telemetry) == [80]


def test_a_failure_is_taken_up_where_it_was(store: Store, telemetry: SqliteTelemetry) -> None:
    keep(store, payload_of(Lane.TELEMETRY, {1: battery(80)}))
    telemetry._database.execute("ALTER TABLE point RENAME TO away")
    with pytest.raises(TelemetryError):
        replay(store, telemetry, LATER_MS + HOUR_MS)
    assert telemetry.replayed() == 0
    telemetry._database.execute("ALTER TABLE away RENAME TO point")
    replay_all(store, telemetry)
    assert told(telemetry) == [80]


def test_what_cannot_be_read_is_passed_over(store: Store, telemetry: SqliteTelemetry) -> None:
    other_version = payload_of(Lane.TELEMETRY, {1: battery(80)}).replace(b'"v":1', b'"v":9')
    gap = payload_of(Lane.TELEMETRY, {5: Dropped(first=1, last=4)})
    keep(store, b"{", other_version, gap, payload_of(Lane.TELEMETRY, {6: battery(70)}))
    replay_all(store, telemetry)
    assert told(telemetry) == [70]


def test_what_is_measured_of_a_person_gets_no_further(
    store: Store, telemetry: SqliteTelemetry, tmp_path: Path
) -> None:
    person = Reading(measure="pulse-rate", value=71, sensor="cuff")
    keep(store, payload_of(Lane.TELEMETRY, {1: person, 2: battery(70)}))
    replay_all(store, telemetry)
    assert told(telemetry, "pulse-rate/cuff") == []
    assert msgspec.json.encode(told(telemetry)) == b"[70.0]"


async def test_the_task_works_by_itself_and_ends_when_told(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "telemetry.db"
    keep(store, payload_of(Lane.TELEMETRY, {1: battery(80)}))
    stop = asyncio.Event()
    running = asyncio.create_task(run_replay(path, store, stop, lambda: LATER_MS), name="replay")
    await asyncio.to_thread(wait_until, lambda: path.exists() and _replayed(path) > 0, "it is replayed")
    stop.set()
    async with asyncio.timeout(10):
        await running


def _replayed(path: Path) -> int:
    with SqliteTelemetry(path) as telemetry:
        return telemetry.replayed()


async def test_a_damaged_file_does_not_end_the_task(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "telemetry.db"
    path.write_bytes(b"this is no database, but it is long enough to be looked at" * 20)
    stop = asyncio.Event()
    running = asyncio.create_task(run_replay(path, store, stop, lambda: LATER_MS), name="replay")
    done, _ = await asyncio.wait({running}, timeout=0.3)
    assert not done
    stop.set()
    async with asyncio.timeout(5):
        await running

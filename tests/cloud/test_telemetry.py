"""Telemetry: idempotent points, honest buckets, roll-ups that agree with the points."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.telemetry import (
    _NEXT_SERIES,
    HOUR_MS,
    Point,
    SqliteTelemetry,
    TelemetryError,
    heartbeat_points,
    reading_points,
)
from wire.codec import Intake
from wire.entries import Entry, Reading
from wire.measures import VITAL_MEASURES
from wire.messages import Heartbeat, LaneHealth
from wire.topics import Lane


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[SqliteTelemetry]:
    with SqliteTelemetry(tmp_path / "telemetry.db") as opened:
        yield opened


def _points(*values: float, step_ms: int = 60_000) -> list[Point]:
    return [Point("st-0001", "loop-lag", number * step_ms, value) for number, value in enumerate(values)]


def test_a_series_is_what_was_written(telemetry: SqliteTelemetry) -> None:
    telemetry.write(_points(1, 5, 3))
    (bucket,) = telemetry.series("st-0001", "loop-lag", since_ms=0, until_ms=180_000, step_ms=180_000)
    assert (bucket.n, bucket.low, bucket.high, bucket.mean) == (3, 1, 5, 3)


def test_writing_twice_changes_nothing(telemetry: SqliteTelemetry) -> None:
    telemetry.write(_points(1, 5, 3))
    telemetry.write(_points(1, 5, 3))
    for step_ms in (HOUR_MS, 60_000 * 59):
        (bucket,) = telemetry.series("st-0001", "loop-lag", since_ms=0, until_ms=HOUR_MS, step_ms=step_ms)
        assert bucket.n == 3


def test_the_end_of_a_span_is_exclusive(telemetry: SqliteTelemetry) -> None:
    telemetry.write(_points(1, 2))
    assert len(telemetry.series("st-0001", "loop-lag", since_ms=0, until_ms=60_000, step_ms=60_000)) == 1


def test_another_station_and_another_metric_are_not_mixed_in(telemetry: SqliteTelemetry) -> None:
    telemetry.write([*_points(1), Point("st-0002", "loop-lag", 0, 9), Point("st-0001", "disk-free", 0, 9)])
    (bucket,) = telemetry.series("st-0001", "loop-lag", since_ms=0, until_ms=HOUR_MS, step_ms=HOUR_MS)
    assert bucket.high == 1


def test_pruned_points_live_on_in_the_hours(telemetry: SqliteTelemetry) -> None:
    telemetry.write(_points(1, 5, 3))
    telemetry.prune(before_ms=HOUR_MS)
    assert telemetry.series("st-0001", "loop-lag", since_ms=0, until_ms=HOUR_MS, step_ms=1_000) == []
    (bucket,) = telemetry.series("st-0001", "loop-lag", since_ms=0, until_ms=HOUR_MS, step_ms=HOUR_MS)
    assert bucket.n == 3


def test_every_series_is_pruned_and_what_is_young_stays(telemetry: SqliteTelemetry) -> None:
    names = [(station, metric) for station in ("st-0001", "st-0002") for metric in ("a", "b", "c")]
    telemetry.write([Point(*name, at_ms, 1) for name in names for at_ms in (0, 1_000, 2_000)])
    telemetry.prune(before_ms=2_000)
    for station, metric in names:
        (bucket,) = telemetry.series(station, metric, since_ms=0, until_ms=HOUR_MS, step_ms=1_000)
        assert (bucket.start_ms, bucket.n) == (2_000, 1)


def test_pruning_looks_at_no_more_than_it_must(telemetry: SqliteTelemetry) -> None:
    """A city has hundreds of millions of points; what is next is found by the key, not by reading them all."""
    plan = telemetry._database.execute(f"EXPLAIN QUERY PLAN {_NEXT_SERIES}", ("", "")).fetchall()
    assert [row[3] for row in plan] == ["SEARCH point USING PRIMARY KEY ((station,metric)>(?,?))"]


@given(values=st.lists(st.tuples(st.integers(0, 5 * HOUR_MS), st.integers(-1000, 1000)), max_size=30))
def test_roll_ups_agree_with_the_points(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[int, int]]
) -> None:
    with SqliteTelemetry(tmp_path_factory.mktemp("telemetry") / "t.db") as telemetry:
        telemetry.write([Point("st-0001", "m", at_ms, value) for at_ms, value in values])
        span = {"until_ms": 6 * HOUR_MS, "step_ms": HOUR_MS}
        hours = telemetry.series("st-0001", "m", since_ms=0, **span)
        points = telemetry.series("st-0001", "m", since_ms=-1, **span)
        assert hours == points


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "telemetry.db"
    path.write_bytes(b"this is not a database, but it is long enough to be looked at" * 20)
    with pytest.raises(TelemetryError, match="cannot open"):
        SqliteTelemetry(path)


def test_a_failure_is_the_ports_own_error(telemetry: SqliteTelemetry, tmp_path: Path) -> None:
    telemetry.write(_points(1))
    with sqlite3.connect(tmp_path / "telemetry.db") as other:
        other.execute("DROP TABLE point")
    with pytest.raises(TelemetryError, match="cannot write"):
        telemetry.write(_points(1))
    with pytest.raises(TelemetryError, match="cannot read"):
        telemetry.series("st-0001", "loop-lag", since_ms=1, until_ms=2, step_ms=1)
    with pytest.raises(TelemetryError, match="cannot prune"):
        telemetry.prune(1)
    with pytest.raises(TelemetryError, match="cannot write"):
        telemetry.write_replay(_points(1), batch=1)
    with sqlite3.connect(tmp_path / "telemetry.db") as other:
        other.execute("DROP TABLE replay")
    with pytest.raises(TelemetryError, match="cannot read"):
        telemetry.replayed()


def test_a_heartbeat_becomes_its_numbers() -> None:
    beat = Heartbeat(
        station="st-0001",
        boot="b" * 32,
        at_ms=1,
        uptime_ms=2,
        loop_lag_ms=3,
        disk_free_bytes=4,
        lanes=[LaneHealth(lane=Lane.SOS, depth=5)],
    )
    assert heartbeat_points([(beat, 77)]) == [
        Point("st-0001", "loop-lag", 77, 3.0),
        Point("st-0001", "disk-free", 77, 4.0),
        Point("st-0001", "queue-depth.sos", 77, 5.0),
    ]


def test_points_and_progress_of_a_replay_are_kept_as_one(telemetry: SqliteTelemetry, tmp_path: Path) -> None:
    assert telemetry.replayed() == 0
    telemetry.write_replay(_points(1), batch=7)
    telemetry.write_replay(_points(1, 2), batch=9)
    assert telemetry.replayed() == 9
    with SqliteTelemetry(tmp_path / "telemetry.db") as other:
        assert other.replayed() == 9
        (bucket,) = other.series("st-0001", "loop-lag", since_ms=0, until_ms=HOUR_MS, step_ms=HOUR_MS)
    assert bucket.n == 2


def test_a_replay_never_goes_back(telemetry: SqliteTelemetry) -> None:
    telemetry.write_replay([], batch=9)
    telemetry.write_replay([], batch=3)
    assert telemetry.replayed() == 9


def _batch(*readings: Reading, sent_at_ms: int = 1_000, at_ms: int = 400) -> Intake:
    entries = tuple(
        Entry(seq=seq, at_ms=at_ms, uptime_ms=0, body=body) for seq, body in enumerate(readings, start=1)
    )
    return Intake("st-0001", "a" * 32, "b" * 32, Lane.TELEMETRY, sent_at_ms, entries)


def test_a_reading_is_named_by_measure_and_sensor_and_dated_by_the_clouds_clock() -> None:
    battery = Reading(measure="battery-level", value=80, sensor="cuff")
    signal = Reading(measure="signal-strength", value=-71, sensor="cuff")
    assert reading_points(_batch(battery, signal), 50_000) == [
        Point("st-0001", "battery-level/cuff", 49_400, 80),
        Point("st-0001", "signal-strength/cuff", 49_400, -71),
    ]


def test_a_clock_that_was_set_back_dates_nothing_in_the_future() -> None:
    (point,) = reading_points(
        _batch(Reading(measure="cpu-temperature", value=50, sensor="cpu"), sent_at_ms=10), 50_000
    )
    assert point.at_ms == 50_000


@pytest.mark.parametrize("measure", sorted(VITAL_MEASURES))
def test_what_is_measured_of_a_person_never_becomes_a_point(measure: str) -> None:
    assert reading_points(_batch(Reading(measure=measure, value=50, sensor="cuff")), 1_000) == []

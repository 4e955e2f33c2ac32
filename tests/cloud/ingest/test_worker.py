"""The ingest over a real Mosquitto and a real store: receipts tell the truth, and nothing is acknowledged too early."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from cloud.clock import now_ms
from cloud.ingest.source import MqttSource, SourceConfig, SourceError
from cloud.ingest.worker import Worker
from cloud.sos.plan import Plan
from cloud.store.engine import Store, open_store
from cloud.store.schema import PRESS, QUARANTINE
from cloud.telemetry import Bucket, SqliteTelemetry
from tests.cloud.cabin import RAW, consent, temperature
from tests.cloud.ingest.samples import BOOT, NOW_MS, STATION, batch, press, reading, spoiled_entry
from tests.fakes.uplink import FakeUplink
from tests.rig.broker import HOST, Broker
from tests.rig.processes import wait_until
from wire.codec import encode
from wire.errors import RefuseReason
from wire.ids import SHARDS
from wire.messages import Heartbeat
from wire.topics import Channel, Lane, Topic

SOS = str(Topic(STATION, Lane.SOS))


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with open_store(sqlite_url) as opened:
        yield opened


def _source(broker: Broker, *, mqtt_version: int = 5, name: str = "ingest-0") -> MqttSource:
    leaf = broker.certificate(name)
    config = SourceConfig(
        host=HOST,
        port=broker.port,
        ca=broker.ca_path,
        certificate=leaf.certificate,
        key=leaf.key,
        client_id=name,
        shards=tuple(range(SHARDS)),
        mqtt_version=mqtt_version,
    )
    return MqttSource(config, now_ms)


@contextmanager
def running(store: Store, source: MqttSource, telemetry: SqliteTelemetry | None = None) -> Iterator[None]:
    stop = threading.Event()
    worker = Worker("ingest-0", source, store, Plan(), now_ms, telemetry)
    thread = threading.Thread(target=worker.run, args=(stop,), name="ingest")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(15)
        assert not thread.is_alive()


def _stored(store: Store) -> list[int]:
    with store.reading() as connection:
        return list(connection.execute(select(PRESS.c.seq).order_by(PRESS.c.seq)).scalars())


@pytest.mark.parametrize("mqtt_version", [3, 5])
def test_a_press_is_stored_when_its_receipt_comes(store: Store, broker: Broker, mqtt_version: int) -> None:
    with running(store, _source(broker, mqtt_version=mqtt_version)), FakeUplink(broker, STATION) as uplink:
        _publish_until_told(uplink, batch(Lane.SOS, {1: press(1)}))
        assert _stored(store) == [1]


def _publish_until_told(uplink: FakeUplink, payload: bytes) -> None:
    """Send as a station does: again until the receipt is there, since the first may come before the ingest does."""
    for _ in range(20):
        uplink.publish(SOS, payload)
        try:
            receipt = uplink.next_receipt(timeout_s=1)
        except queue.Empty:
            continue
        assert receipt.lane is Lane.SOS
        return
    pytest.fail("no receipt came")


def test_repetitions_are_receipted_and_stored_once(store: Store, broker: Broker) -> None:
    payload = batch(Lane.SOS, {1: press(1), 2: press(2)})
    with running(store, _source(broker)), FakeUplink(broker, STATION) as uplink:
        _publish_until_told(uplink, payload)
        for _ in range(5):
            uplink.publish(SOS, payload)
            assert uplink.next_receipt().ranges == [(1, 2)]
        assert _stored(store) == [1, 2]


def test_bad_neighbours_do_not_hold_a_press_up(store: Store, broker: Broker) -> None:
    good = batch(Lane.SOS, {2: press(2)})
    with running(store, _source(broker)), FakeUplink(broker, STATION) as uplink:
        _publish_until_told(uplink, batch(Lane.SOS, {1: press(1)}))
        for bad in (
            b"",
            b"{",
            b"\xff\xfe",
            b"[" * 50_000,
            b'{"v":2}',
            spoiled_entry(good, 0).replace(b'"seq": 2', b'"seq": 3'),
        ):
            uplink.publish(SOS, bad)
        uplink.publish(SOS, good)
        wait_until(lambda: _stored(store) == [1, 2], "the good press is stored")
        reasons = [uplink.next_refusal().reason for _ in range(4)]
        assert reasons == [RefuseReason.MALFORMED] * 3 + [RefuseReason.WRONG_VERSION]
        with store.reading() as connection:
            assert len(connection.execute(select(QUARANTINE)).all()) == 4


def test_what_is_not_committed_is_not_acknowledged_and_comes_again(store: Store, broker: Broker) -> None:
    """The store is away while a press arrives; the broker keeps it, and it is stored when the store is back."""
    with running(store, _source(broker)), FakeUplink(broker, STATION) as uplink:
        _publish_until_told(uplink, batch(Lane.SOS, {1: press(1)}))
        with _store_away(store):
            uplink.publish(SOS, batch(Lane.SOS, {2: press(2)}))
            with pytest.raises(queue.Empty):
                uplink.next_receipt(timeout_s=1)
            assert _stored(store) == [1]
        assert uplink.next_receipt(timeout_s=15).ranges == [(2, 2)]
        assert _stored(store) == [1, 2]


@contextmanager
def _store_away(store: Store) -> Iterator[None]:
    """Make every transaction of the ingest fail for real."""
    with store.writing() as connection:
        connection.execute(text("ALTER TABLE inbox RENAME TO inbox_away"))
    yield
    with store.writing() as connection:
        connection.execute(text("ALTER TABLE inbox_away RENAME TO inbox"))


@pytest.mark.parametrize("kill", [True, False])
def test_a_broker_that_goes_and_comes_back_costs_nothing(store: Store, broker: Broker, kill: bool) -> None:  # noqa: FBT001  # a table's column
    with running(store, _source(broker)):
        with FakeUplink(broker, STATION) as uplink:
            _publish_until_told(uplink, batch(Lane.SOS, {1: press(1)}))
        (broker.kill if kill else broker.stop)()
        broker.start()
        with FakeUplink(broker, STATION) as uplink:
            _publish_until_told(uplink, batch(Lane.SOS, {2: press(2)}))
        assert _stored(store) == [1, 2]


def test_a_frozen_broker_is_left_and_found_again(store: Store, broker: Broker) -> None:
    with running(store, _source(broker)), FakeUplink(broker, STATION) as uplink:
        _publish_until_told(uplink, batch(Lane.SOS, {1: press(1)}))
        broker.pause()
        time.sleep(1)
        broker.resume()
        _publish_until_told(uplink, batch(Lane.SOS, {2: press(2)}))
        assert _stored(store) == [1, 2]


def test_what_was_not_acknowledged_comes_to_the_next_process(store: Store, broker: Broker) -> None:
    """A worker dies between taking and committing: the same session brings everything again."""
    dying = _source(broker)
    dying.connect()
    with FakeUplink(broker, STATION) as uplink:
        uplink.publish(SOS, batch(Lane.SOS, {1: press(1)}))
        assert _drained(dying)
        dying.abandon()
        with running(store, _source(broker)):
            assert uplink.next_receipt().ranges == [(1, 1)]
    assert _stored(store) == [1]


def _drained(source: MqttSource) -> bool:
    return any(source.collect(max_messages=10, max_bytes=10_000, wait_s=1) for _ in range(10))


def test_an_acknowledgement_of_a_former_connection_is_dropped(broker: Broker) -> None:
    source = _source(broker)
    source.connect()
    with FakeUplink(broker, STATION) as uplink:
        uplink.publish(SOS, b"1")
        taken = source.collect(max_messages=10, max_bytes=10_000, wait_s=5)
        source.abandon()
        source.connect()
        source.acknowledge(taken)
        assert source.stale_acks == len(taken) == 1
        assert _drained(source)
    source.close()


def test_a_worker_without_its_right_says_so(broker: Broker) -> None:
    source = _source(broker, name="st-9999")
    source.connect()
    with FakeUplink(broker, STATION) as uplink:
        uplink.publish(SOS, b"1")
        assert not source.collect(max_messages=1, max_bytes=1, wait_s=0.5)
    source.close()


def test_a_broker_that_is_not_there_is_an_error_of_the_source(broker: Broker) -> None:
    source = _source(broker)
    broker.stop()
    with pytest.raises(SourceError, match=str(broker.port)):
        source.connect()
    broker.start()


def test_heartbeats_become_numbers_and_a_lost_number_harms_nobody(
    store: Store, broker: Broker, tmp_path: Path
) -> None:
    beat = Heartbeat(station=STATION, boot=BOOT, at_ms=NOW_MS, uptime_ms=1, loop_lag_ms=7, disk_free_bytes=1)
    with (
        SqliteTelemetry(tmp_path / "t.db") as telemetry,
        running(store, _source(broker), telemetry),
        FakeUplink(broker, STATION) as uplink,
    ):
        _publish_until_told(uplink, batch(Lane.SOS, {1: press(1)}))
        uplink.publish(str(Topic(STATION, Channel.HEARTBEAT)), encode(beat))
        wait_until(lambda: bool(_lags(telemetry)), "the number is there")
        telemetry._database.execute("DROP TABLE point")
        uplink.publish(str(Topic(STATION, Channel.HEARTBEAT)), encode(beat))
        uplink.publish(SOS, batch(Lane.SOS, {2: press(2)}))
        assert uplink.next_receipt().ranges == [(2, 2)]


def _lags(telemetry: SqliteTelemetry) -> list[Bucket]:
    return telemetry.series(STATION, "loop-lag", since_ms=0, until_ms=2**53, step_ms=1_000)


def test_vitals_that_cannot_be_stored_hold_no_press_up_and_are_told_to_nobody(
    store: Store, broker: Broker
) -> None:
    """The station keeps what was refused; here nothing of it is left, neither in quarantine nor in the log."""
    with store.writing() as connection:
        connection.execute(
            text("CREATE TRIGGER poison BEFORE INSERT ON vital BEGIN SELECT RAISE(ABORT, 'poison'); END")
        )
    with (
        capture_logs() as logs,
        running(store, _source(broker)),
        FakeUplink(broker, STATION) as uplink,
    ):
        _publish_until_told(uplink, batch(Lane.SOS, {1: press(1)}))
        vitals = batch(Lane.VITALS, {1: consent(), 2: temperature(value=38.73)})
        uplink.publish(str(Topic(STATION, Lane.VITALS)), vitals)
        uplink.publish(SOS, batch(Lane.SOS, {2: press(2)}))
        assert uplink.next_refusal().reason is RefuseReason.MALFORMED
        wait_until(lambda: _stored(store) == [1, 2], "the press is stored")
    with store.reading() as connection:
        assert connection.execute(select(QUARANTINE.c.payload)).scalars().all() == [b""]
    assert any(line["event"] == "ingest.unstorable" for line in logs)
    assert "38.73" not in repr(logs)
    assert RAW not in repr(logs)


def test_a_thousand_readings_arrive_in_order_and_once(store: Store, broker: Broker) -> None:
    topic = str(Topic(STATION, Lane.TELEMETRY))
    with running(store, _source(broker)), FakeUplink(broker, STATION) as uplink:
        _publish_until_told(uplink, batch(Lane.SOS, {1: press(1)}))
        for start in range(1, 1_001, 50):
            uplink.publish(topic, batch(Lane.TELEMETRY, {seq: reading() for seq in range(start, start + 50)}))
        covered = 0
        while covered < 1_000:
            covered = max(covered, uplink.next_receipt().ranges[-1][1])
        with store.reading() as connection:
            rows = connection.execute(text("SELECT first_seq, last_seq FROM reading_batch ORDER BY id")).all()
        assert [tuple(row) for row in rows] == [(start, start + 49) for start in range(1, 1_001, 50)]

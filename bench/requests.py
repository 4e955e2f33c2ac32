"""`python -m bench.requests`: what people submit, from the broker to the committed store and back as a receipt.

Real Mosquitto (mTLS, QoS 1) and the real ingest process, 50 stations. First a backlog, for submissions per second; then
all stations submit at the same moment, again and again, for how long a receipt takes. Beside it, without any network: the
same rows written to the store in transactions of one.
"""

import sqlite3
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Barrier

import msgspec

from bench.measure import report, spread_ms
from cloud.clock import now_ms
from cloud.ingest.source import MqttSource, SourceConfig
from cloud.requests.offices import Offices
from cloud.store import requests
from cloud.store.engine import open_store
from cloud.store.migration import migrate
from tests.fakes.uplink import FakeUplink
from tests.rig.broker import HOST, Broker, running_broker
from tests.rig.cloud import Cloud, sample_people, sample_places
from tests.rig.processes import Process, wait_until
from wire.codec import LooseBatch, LooseEntry, encode, encode_body
from wire.entries import AGE_INTRO, RequestKind, RequestSubmitted
from wire.ids import SHARDS
from wire.topics import Lane, Topic
from wire.tracking import tracking_code

STATIONS = 50
BACKLOG = 150
"""Submissions of each station that wait when the ingest comes."""

ROUNDS = 40
SEALED_BYTES = 3_000
ALONE = 500
_TIMEOUT_S = 120
_INGEST = "ingest-0"


def main() -> None:
    """Measure and print one JSON object."""
    with tempfile.TemporaryDirectory(prefix="tcds-bench-") as name:
        directory = Path(name)
        with running_broker(directory / "broker", persistent=False) as broker:
            figures = _through_the_ingest(broker, directory)
        baseline = _one_by_one(directory)
    report("requests", figures, samples=STATIONS * (BACKLOG + ROUNDS), baseline=baseline)


def _through_the_ingest(broker: Broker, directory: Path) -> dict[str, float | None]:
    cloud = Cloud(directory / "cloud", broker, sample_places(STATIONS), sample_people()[:1])
    command = [*cloud.command(), "ingest", "--index", "0", "--config", str(cloud.config)]
    ingest = Process("ingest", command, log=directory / "ingest.log")
    _keep_session(broker)
    with ExitStack() as stack:
        names = [place.station for place in sample_places(STATIONS)]
        uplinks = [stack.enter_context(FakeUplink(broker, name)) for name in names]
        for uplink in uplinks:
            for number in range(BACKLOG):
                uplink.send(*_submission(uplink.station, number))
        for uplink in uplinks:
            uplink.flush()
        stack.enter_context(ingest)
        rate = _drain(directory, STATIONS * BACKLOG)
        for uplink in uplinks:
            _wait_receipt(uplink, BACKLOG)
        waits_ms = _all_at_once(uplinks)
    return {
        "submissions_per_s": rate,
        **{f"receipt_{name}": value for name, value in spread_ms(waits_ms).items()},
    }


def _keep_session(broker: Broker) -> None:
    """Let the broker keep a session of the ingest's, as it has after the ingest was there once."""
    leaf = broker.certificate(_INGEST)
    files = (broker.ca_path, leaf.certificate, leaf.key)
    source = MqttSource(SourceConfig(HOST, broker.port, *files, _INGEST, tuple(range(SHARDS))), now_ms)
    source.connect()
    source.close()


def _drain(directory: Path, count: int) -> float:
    """Return submissions per second, from the first commit that is seen."""
    wait_until(lambda: _rows(directory) > 0, "a first request", _TIMEOUT_S)
    first, started = _rows(directory), time.monotonic()
    wait_until(lambda: _rows(directory) >= count, f"{count} requests in the store", _TIMEOUT_S)
    return round((count - first) / (time.monotonic() - started))


def _all_at_once(uplinks: Sequence[FakeUplink]) -> list[float]:
    """Let every station submit at the same moment, ROUNDS times; return how long each waited for its receipt (ms)."""
    together = Barrier(len(uplinks))

    def station(uplink: FakeUplink) -> list[float]:
        waits_ms = []
        for number in range(BACKLOG, BACKLOG + ROUNDS):
            topic, payload = _submission(uplink.station, number)
            together.wait(_TIMEOUT_S)
            started = time.monotonic()
            uplink.send(topic, payload)
            _wait_receipt(uplink, number + 1)
            waits_ms.append((time.monotonic() - started) * 1000)
        return waits_ms

    with ThreadPoolExecutor(len(uplinks)) as pool:
        return [wait_ms for waits in pool.map(station, uplinks) for wait_ms in waits]


def _wait_receipt(uplink: FakeUplink, seq: int) -> None:
    while all(last < seq for _, last in uplink.next_receipt(_TIMEOUT_S).ranges):
        pass


def _one_by_one(directory: Path) -> dict[str, float]:
    """Write submissions to a store of their own, each in its own transaction."""
    url = f"sqlite:///{directory / 'alone.db'}"
    migrate(url)
    offices = Offices()
    bodies = [_body("st-0001", number) for number in range(ALONE)]
    with open_store(url) as store:
        started = time.monotonic()
        for body in bodies:
            with store.writing() as connection:
                told = requests.Told("st-0001", now_ms(), now_ms(), body)
                requests.record(connection, [told], offices, now_ms())
        seconds = time.monotonic() - started
    return {"one_transaction_each_submissions_per_s": round(ALONE / seconds)}


def _submission(station: str, number: int) -> tuple[str, bytes]:
    """Return topic and payload of a batch with the station's submission of this number."""
    entry = LooseEntry(
        seq=number + 1,
        at_ms=now_ms(),
        uptime_ms=number,
        body=msgspec.Raw(encode_body(_body(station, number))),
    )
    batch = LooseBatch(
        station=station,
        journal="a" * 32,
        boot="b" * 32,
        lane=Lane.REQUEST,
        sent_at_ms=now_ms(),
        entries=[entry],
    )
    return str(Topic(station, Lane.REQUEST)), encode(batch)


def _body(station: str, number: int) -> RequestSubmitted:
    tracking = tracking_code(station, number)
    return RequestSubmitted(
        request=f"{hash((station, number)) & (2**64 - 1):032x}",
        tracking=tracking,
        service="temporary-residence",
        service_version=1,
        request_kind=RequestKind.DOSSIER,
        authority="ward-police",
        text_version="2026-11.submit",
        recipients=["ward-police"],
        fields=["number", "name", "birth"],
        sealed=AGE_INTRO.ljust(SEALED_BYTES, b"x"),
    )


def _rows(directory: Path) -> int:
    with closing(sqlite3.connect(f"file:{directory / 'cloud' / 'cloud.db'}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM request").fetchone()[0])


if __name__ == "__main__":
    main()

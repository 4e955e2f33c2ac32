"""`python -m bench.ingest`: from the broker to the committed store, readings per second and per CPU-second.

A backlog waits in a real Mosquitto (mTLS, QoS 1, persistent session); the real ingest process takes it in. Beside it, on
the same backlog: a bare paho loop with manual acknowledgement, which stores nothing, and mosquitto_sub in C.
"""

import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import paho.mqtt.client as paho

from bench.load import readings_batch
from bench.measure import cpu_seconds, report
from cloud.clock import now_ms
from cloud.ingest.source import MqttSource, SourceConfig
from tests.fakes.uplink import FakeUplink, new_client
from tests.rig.broker import HOST, Broker, running_broker
from tests.rig.cloud import Cloud, sample_people, sample_places
from tests.rig.processes import Process, wait_until
from wire.ids import SHARDS
from wire.topics import ROOT, Lane, Topic

STATIONS = 20
MESSAGES = {"batched": 4_000, "single": 16_000}
READINGS = {"batched": 50, "single": 1}
_INGEST = "ingest-0"
_DRAIN_TIMEOUT_S = 120


def main() -> None:
    """Measure both shapes of traffic and print one JSON object."""
    figures: dict[str, float] = {}
    baseline: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="tcds-bench-") as name:
        for shape in MESSAGES:
            # A broker for each: a session that was subscribed in two ways would get everything twice.
            for into, measure in ((figures, _ingest), (baseline, _bare_paho), (baseline, _mosquitto_sub)):
                directory = Path(name) / f"{shape}-{measure.__name__}"
                with running_broker(directory / "broker", persistent=False) as broker:
                    into.update(measure(shape, broker, directory))
    samples = sum(count * READINGS[shape] for shape, count in MESSAGES.items())
    report("ingest", figures, samples=samples, baseline=baseline)


def _ingest(shape: str, broker: Broker, directory: Path) -> dict[str, float]:
    """Drain with the real process; counted from the first commit that is seen, so its start does not count."""
    cloud = Cloud(directory / "cloud", broker, sample_places(STATIONS), sample_people()[:1])
    ingest = Process(
        "ingest",
        [*cloud.command(), "ingest", "--index", "0", "--config", str(cloud.config)],
        log=directory / "ingest.log",
    )
    _keep_session(broker)
    _fill(broker, shape)
    with ingest:
        first_rows, started, start_cpu_s = _wait_rows(directory, 1, ingest)
        last_rows, ended, end_cpu_s = _wait_rows(directory, MESSAGES[shape], ingest)
    readings = (last_rows - first_rows) * READINGS[shape]
    return _rates(shape, readings, ended - started, end_cpu_s - start_cpu_s)


def _bare_paho(shape: str, broker: Broker, _directory: Path) -> dict[str, float]:
    """Drain with the same library in its simplest form: one thread, acknowledged at once, nothing stored."""
    _keep_session(broker)
    _fill(broker, shape)
    leaf = broker.certificate(_INGEST)
    client = new_client(
        _INGEST, broker.ca_path, leaf.certificate, leaf.key, clean_session=False, manual_ack=True
    )
    taken: list[float] = []

    def on_message(client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        taken.append(time.monotonic())
        client.ack(message.mid, 1)
        if len(taken) == MESSAGES[shape]:
            client.disconnect()

    client.on_message = on_message
    client.connect(HOST, broker.port, keepalive=60)
    cpu_s = time.process_time()
    client.loop_forever()
    cpu_s = time.process_time() - cpu_s
    return _rates(f"bare_paho_{shape}", MESSAGES[shape] * READINGS[shape], taken[-1] - taken[0], cpu_s)


def _mosquitto_sub(shape: str, broker: Broker, _directory: Path) -> dict[str, float]:
    """Drain with the broker's own client in C, which acknowledges at once and throws everything away."""
    _keep_session(broker)
    _fill(broker, shape)
    leaf = broker.certificate(_INGEST)
    started = time.monotonic()
    subprocess.run(
        [
            *(
                "mosquitto_sub",
                "-V",
                "5",
                "-h",
                HOST,
                "-p",
                str(broker.port),
                "-i",
                "ingest-0",
                "-c",
                "-q",
                "1",
            ),
            *(
                "-x",
                "3600",
                "--cafile",
                str(broker.ca_path),
                "--cert",
                str(leaf.certificate),
                "--key",
                str(leaf.key),
            ),
            *("-t", f"{ROOT}/+/+/up/#", "-C", str(MESSAGES[shape]), "-F", "%m"),
        ],
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=_DRAIN_TIMEOUT_S,
    )
    count = MESSAGES[shape] * READINGS[shape]
    return {f"mosquitto_sub_{shape}_readings_per_s": round(count / (time.monotonic() - started))}


def _rates(name: str, readings: int, wall_s: float, cpu_s: float) -> dict[str, float]:
    return {
        f"{name}_readings_per_s": round(readings / wall_s),
        f"{name}_readings_per_cpu_s": round(readings / cpu_s),
    }


def _keep_session(broker: Broker) -> None:
    """Let the broker keep a session of the ingest's, as it has after the ingest was there once."""
    leaf = broker.certificate(_INGEST)
    files = (broker.ca_path, leaf.certificate, leaf.key)
    source = MqttSource(SourceConfig(HOST, broker.port, *files, _INGEST, tuple(range(SHARDS))), now_ms)
    source.connect()
    source.close()


def _fill(broker: Broker, shape: str) -> None:
    """Let stations publish a backlog while nobody takes it."""
    each, readings = MESSAGES[shape] // STATIONS, READINGS[shape]
    for place in sample_places(STATIONS):
        topic = str(Topic(place.station, Lane.TELEMETRY))
        with FakeUplink(broker, place.station) as uplink:
            for number in range(each):
                uplink.send(topic, readings_batch(place.station, 1 + number * readings, readings))
            uplink.flush()


def _rows(directory: Path) -> int:
    with closing(sqlite3.connect(f"file:{directory / 'cloud' / 'cloud.db'}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT max(id) FROM reading_batch").fetchone()[0] or 0)


def _wait_rows(directory: Path, rows: int, ingest: Process) -> tuple[int, float, float]:
    """Wait for so many rows; return how many there are, the time, and the CPU time that the ingest has used."""
    wait_until(lambda: _rows(directory) >= rows, f"{rows} batches in the store", _DRAIN_TIMEOUT_S)
    return _rows(directory), time.monotonic(), cpu_seconds(ingest.pid)


if __name__ == "__main__":
    main()

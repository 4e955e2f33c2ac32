"""`python -m bench.sos`: from the serial bytes of a press to the event at a console, both waists on disk.

Real parts all the way: board on a pty, edge daemon, Mosquitto with mTLS, ingest, store, API, a console following the
live feed. First alone, then while 200 other stations each send a batch a second. Beside it the floor: the same bytes
over a bare mTLS publish and subscribe with one fsync on each side.
"""

import asyncio
import os
import queue
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import paho.mqtt.client as paho

from bench.city import running_city
from bench.load import readings_batch
from bench.measure import report, spread_ms
from tests.fakes.uplink import new_client
from tests.rig.broker import HOST, Broker, running_broker
from tests.rig.console import Console
from tests.rig.processes import Process
from tests.rig.tower import Station
from wire.topics import ROOT, Lane, Topic

PRESSES = 200
WARM_UP = 10
OTHER_STATIONS = 200
READINGS_PER_BATCH = 10
_GAP_S = 0.03


async def _presses(console: Console, station: Station, count: int) -> list[float]:
    """Press `count` times, one after the other; return milliseconds from the first byte to the console."""
    taken: list[float] = []
    for _ in range(count):
        before = console.on_screen(station.station)
        event = station.board.press()
        assert event is not None, "the button was still down"
        await console.wait_for(station.station, before + 1)
        shown_ns = console.on_screen_ns[station.station][before]
        taken.append((shown_ns - station.board.first_byte_ns[event]) / 1e6)
        station.board.release()
        await asyncio.sleep(_GAP_S)
    return taken


async def _measure(directory: Path) -> tuple[list[float], list[float]]:
    async with running_city(directory, stations=1) as city, Console(city.cloud) as console:
        (station,) = city.stations
        await _presses(console, station, WARM_UP)
        alone = await _presses(console, station, PRESSES)
        with _others(directory, city.broker):
            busy = await _presses(console, station, PRESSES)
    return alone, busy


def _others(directory: Path, broker: Broker) -> Process:
    for number in range(1, OTHER_STATIONS + 1):
        broker.certificate(f"load-{number:04d}")
    log = directory / "load.log"
    return Process(
        "other stations",
        [
            *(sys.executable, "-m", "bench.load", "--port", str(broker.port)),
            *("--pki", str(broker.authority.directory), "--stations", str(OTHER_STATIONS)),
            *("--readings", str(READINGS_PER_BATCH)),
        ],
        log=log,
        is_ready=lambda: log.exists() and "stations send" in log.read_text(),
    )


def floor_ms(directory: Path, count: int = PRESSES) -> list[float]:
    """Return what the line itself costs: fsync, publish, subscribe, fsync."""
    payload = readings_batch("st-0001", 1, 1)
    arrived: queue.Queue[int] = queue.Queue()
    with (
        running_broker(directory / "floor", persistent=False) as broker,
        closing(_Disk(directory / "far")) as far,
    ):
        receiver = _connected(broker, "ingest-0", far, arrived)
        sender = _connected(broker, "st-0001", None, arrived)
        taken: list[float] = []
        with closing(_Disk(directory / "near")) as near:
            for _ in range(count + WARM_UP):
                started_ns = time.monotonic_ns()
                near.write(payload)
                sender.publish(str(Topic("st-0001", Lane.TELEMETRY)), payload, qos=1)
                taken.append((arrived.get(timeout=10) - started_ns) / 1e6)
                time.sleep(_GAP_S / 3)
        for client in (sender, receiver):
            client.disconnect()
            client.loop_stop()
    return taken[WARM_UP:]


class _Disk:
    """A file to which every write is durable."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, data: bytes) -> None:
        os.write(self._file, data)
        os.fdatasync(self._file)

    def close(self) -> None:
        os.close(self._file)


def _connected(broker: Broker, name: str, disk: _Disk | None, arrived: "queue.Queue[int]") -> paho.Client:
    leaf = broker.certificate(name)
    client = new_client(name, broker.ca_path, leaf.certificate, leaf.key)
    ready: queue.Queue[None] = queue.Queue()
    client.on_connect = lambda client, *_: client.subscribe(f"{ROOT}/+/+/up/#", 1)
    client.on_subscribe = lambda *_: ready.put(None)

    def on_message(_client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        if disk is not None:
            disk.write(bytes(message.payload))
            arrived.put(time.monotonic_ns())

    client.on_message = on_message
    client.connect(HOST, broker.port, keepalive=30)
    client.loop_start()
    ready.get(timeout=10)
    return client


def main() -> None:
    """Measure all three and print one JSON object."""
    with tempfile.TemporaryDirectory(prefix="tcds-bench-") as name:
        directory = Path(name)
        floor = floor_ms(directory)
        alone, busy = asyncio.run(_measure(directory))
    figures = {"alone": spread_ms(alone), f"with_{OTHER_STATIONS}_stations": spread_ms(busy)}
    report(
        "sos",
        figures,
        samples=len(alone) + len(busy),
        baseline={"bare_mtls_and_two_fsyncs": spread_ms(floor)},
    )


if __name__ == "__main__":
    main()

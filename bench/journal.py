"""What the journal and the uplink cost: durable appends, and bursts of 20,000 events from the journal to its receipts.

    python -m bench.journal [--events 20032] [--directory DIR]

The appends stand beside raw sqlite3 with the same pragmas in the same run. The burst runs journal and uplink in a process of
their own (its CPU time is the daemon's) against a real Mosquitto with mTLS and a consumer that commits nothing, checks
everything, and sends receipts.
"""

import argparse
import asyncio
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Final

from bench.measure import percentile, report, resident_mib
from edge.clock import SystemClock
from edge.journal.journal import Journal, open_journal
from edge.journal.records import Limits
from edge.journal.schema import connect
from edge.settings import BrokerSettings
from edge.uplink.uplink import Uplink
from tests.fakes.cloud import FakeCloud, running_cloud
from tests.rig.broker import HOST, Broker, running_broker
from wire.entries import DeviceChanged, DeviceState, SosPressed
from wire.messages import Birth, Command, Heartbeat, Outcome, Receipt
from wire.topics import Lane

STATION: Final = "bench-1"
SOURCES: Final = 64
APPENDERS: Final = 64
PRESSES: Final = 200
BODY: Final = b'{"kind":"device-changed","device":"modem","state":"ok","detail":""}'
INSERT: Final = "INSERT INTO entry VALUES ('event', ?, 'boot', 1, 2, NULL, ?)"


def main() -> None:
    """Measure, print what was measured, and end with the JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=20_032, help="a multiple of 64")
    parser.add_argument(
        "--directory", type=Path, help="where the journal lies; by default the temporary directory"
    )
    parser.add_argument("--station", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.station:
        asyncio.run(_run_station(json.loads(options.station)))
        return
    with tempfile.TemporaryDirectory(dir=options.directory) as name:
        directory = Path(name)
        appends = asyncio.run(_measure_appends(directory))
        raw = _measure_raw(directory)
        burst = _measure_burst(directory, options.events)
    report("journal", appends | burst, samples=options.events, baseline=raw | _PEER)


_PEER: Final = {
    "peer": "thingsboard-gateway 3.8.5, best storage",
    "peer_burst_per_s": 2_300,
    "peer_burst_cpu_us": 348,
}


async def _measure_appends(directory: Path) -> dict[str, float]:
    async with open_journal(directory / "appends.db", Limits(), boot="0" * 32) as journal:
        waits_ms = []
        for _ in range(PRESSES * 5):
            started = time.perf_counter()
            await _append(journal, "modem")
            waits_ms.append((time.perf_counter() - started) * 1000)
        grouped = await _rate(lambda: _append_many(journal, APPENDERS, 200), APPENDERS * 200)
    return {
        "append_one_by_one_per_s": round(1000 * len(waits_ms) / sum(waits_ms)),
        "append_p50_ms": round(percentile(waits_ms, 0.5), 3),
        "append_p99_ms": round(percentile(waits_ms, 0.99), 3),
        "append_64_appenders_per_s": round(grouped),
    }


async def _rate(run: Callable[[], Coroutine[None, None, None]], count: int) -> float:
    started = time.perf_counter()
    await run()
    return count / (time.perf_counter() - started)


async def _append(journal: Journal, device: str) -> None:
    body = DeviceChanged(device=device, state=DeviceState.OK)
    await journal.append(Lane.EVENT, body, at_ms=1, uptime_ms=2)


async def _append_many(journal: Journal, appenders: int, each: int, *, first: int = 0) -> None:
    async def work(source: int) -> None:
        for number in range(first, first + each):
            await _append(journal, f"s{source}.{number}")

    await asyncio.gather(*(work(source) for source in range(appenders)))


def _measure_raw(directory: Path) -> dict[str, float]:
    """Insert with the journal's own pragmas and nothing else: one row a commit, and 64 rows a commit."""
    with closing(connect(directory / "raw.db", max_bytes=1 << 30, wal_pages=1_000)) as connection:
        connection.execute(
            "CREATE TABLE entry (lane, seq, boot, at_ms, uptime_ms, source, body, PRIMARY KEY (lane, seq)) WITHOUT ROWID"
        )
        one = _raw_rate(connection, first=1, commits=1_000, rows=1)
        grouped = _raw_rate(connection, first=10_000, commits=200, rows=APPENDERS)
    return {"raw_one_row_a_commit_per_s": round(one), "raw_64_rows_a_commit_per_s": round(grouped)}


def _raw_rate(connection: sqlite3.Connection, *, first: int, commits: int, rows: int) -> float:
    started = time.perf_counter()
    for start in range(first, first + commits * rows, rows):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, [(seq, BODY) for seq in range(start, start + rows)])
        connection.execute("COMMIT")
    return commits * rows / (time.perf_counter() - started)


def _measure_burst(directory: Path, events: int) -> dict[str, float]:
    """Let a station's process press, burst and drain against a consumer; see `_run_station`."""
    with running_broker(directory / "broker") as broker, running_cloud(broker) as cloud:
        order = {"directory": str(directory), "events": events, "broker": _address(broker)}
        command = [sys.executable, "-m", "bench.journal", "--station", json.dumps(order)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(done.stdout)
        faults = _check(cloud, 2 * events)
        arrived = {arrival.entry.seq: arrival.at_s for arrival in cloud.arrivals if arrival.lane is Lane.SOS}
        waits_ms = [(arrived[seq] - at_s) * 1000 for seq, at_s in result["presses"]]
    return {
        "burst_per_s": round(events / result["burst_s"]),
        "burst_cpu_us_per_event": round(result["burst_cpu_s"] / events * 1e6, 1),
        "drain_per_s": round(events / result["drain_s"]),
        "drain_cpu_us_per_event": round(result["drain_cpu_s"] / events * 1e6, 1),
        "resident_mib": round(result["resident_mib"], 1),
        "press_on_disk_to_consumer_p50_ms": round(percentile(waits_ms[:-1], 0.5), 2),
        "press_on_disk_to_consumer_p99_ms": round(percentile(waits_ms[:-1], 0.99), 2),
        "press_amid_burst_ms": round(waits_ms[-1], 2),
        **faults,
    }


def _address(broker: Broker) -> dict[str, object]:
    leaf = broker.certificate(STATION)
    return {
        "port": broker.port,
        "ca": str(broker.ca_path),
        "certificate": str(leaf.certificate),
        "key": str(leaf.key),
    }


def _check(cloud: FakeCloud, events: int) -> dict[str, int]:
    """Count what is lost, arrived twice, or came after a later one of its source."""
    highest: dict[str, int] = {}
    late = 0
    for entry in cloud.firsts(Lane.EVENT):
        assert isinstance(entry.body, DeviceChanged)
        source, _, number = entry.body.device.partition(".")
        late += int(number) < highest.get(source, -1)
        highest[source] = max(highest.get(source, -1), int(number))
    arrivals = sum(arrival.lane is Lane.EVENT for arrival in cloud.arrivals)
    return {
        "lost": events - len(cloud.firsts(Lane.EVENT)),
        "doubled": arrivals - len(cloud.firsts(Lane.EVENT)),
        "out_of_order": late,
    }


async def _run_station(order: dict[str, object]) -> None:
    """Be the station: presses one by one, a burst while connected, then a backlog from a time without connection."""
    address = order["broker"]
    events = order["events"]
    assert isinstance(address, dict)
    assert isinstance(events, int)
    settings = BrokerSettings(
        host=HOST,
        port=address["port"],
        ca=Path(address["ca"]),
        certificate=Path(address["certificate"]),
        key=Path(address["key"]),
    )
    path = Path(str(order["directory"])) / "burst.db"
    async with open_journal(path, Limits(), boot=secrets.token_hex(16)) as journal:
        async with _connected(settings, journal) as uplink:
            presses = [await _press(journal, number) for number in range(PRESSES)]
            await uplink.drain(30)
            started, started_cpu = time.perf_counter(), time.process_time()
            burst = asyncio.create_task(_append_many(journal, SOURCES, events // SOURCES))
            await asyncio.sleep(0.3)
            presses.append(await _press(journal, PRESSES))
            await burst
            assert await uplink.drain(120)
            burst_s, burst_cpu_s = time.perf_counter() - started, time.process_time() - started_cpu
        await _append_many(journal, SOURCES, events // SOURCES, first=events)
        started, started_cpu = time.perf_counter(), time.process_time()
        async with _connected(settings, journal) as uplink:
            assert await uplink.drain(120)
            drain_s, drain_cpu_s = time.perf_counter() - started, time.process_time() - started_cpu
    result = {
        "burst_s": burst_s,
        "burst_cpu_s": burst_cpu_s,
        "drain_s": drain_s,
        "drain_cpu_s": drain_cpu_s,
        "resident_mib": resident_mib(os.getpid()),
        "presses": presses,
    }
    print(json.dumps(result), flush=True)


@asynccontextmanager
async def _connected(settings: BrokerSettings, journal: Journal) -> AsyncIterator[Uplink]:
    uplink = _uplink(settings, journal)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(uplink.run(), name="uplink")
        yield uplink
        task.cancel()


async def _press(journal: Journal, number: int) -> tuple[int, float]:
    """Press, and return the sequence with the time at which it was on disk (the consumer has the same clock)."""
    source = f"board.1.{number}"
    body = SosPressed(button="standing", source=source)
    appended = await journal.append(Lane.SOS, body, at_ms=1, uptime_ms=2, source=source)
    returned_s = time.monotonic()
    await asyncio.sleep(0.02)
    return appended.seq, returned_s


def _uplink(settings: BrokerSettings, journal: Journal) -> Uplink:
    async def on_receipt(receipt: Receipt) -> None:
        del receipt

    async def on_command(command: Command) -> tuple[Outcome, str]:
        del command
        return Outcome.DONE, ""

    return Uplink(
        settings,
        STATION,
        journal,
        clock=SystemClock(),
        on_receipt=on_receipt,
        on_command=on_command,
        birth=lambda: Birth(
            station=STATION, journal=journal.journal_id, boot=journal.boot, at_ms=1, release="bench"
        ),
        heartbeat=lambda: Heartbeat(
            station=STATION, boot=journal.boot, at_ms=1, uptime_ms=1, loop_lag_ms=0, disk_free_bytes=1
        ),
    )


if __name__ == "__main__":
    main()

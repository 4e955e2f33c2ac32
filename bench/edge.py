"""What the station's daemon costs: start, memory, idle processor, and the way of a press to the broker.

`python -m bench.edge` runs the real daemon with everything on: board and modem on ptys, a real Mosquitto with mTLS.
Beside it, in the same run, a bare interpreter that imports asyncio, ssl and sqlite3 and opens the same connection.
The last line is one JSON object. Goals: <= 50 MiB resident, <= 0.5 % of a core idle, <= 1.0 s from start to READY.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.measure import report, resident_mib, spread_ms
from tests.edge.waiting import eventually
from tests.fakes.board import FakeBoard
from tests.fakes.cloud import FakeCloud, running_cloud
from tests.fakes.modem import FakeModem
from tests.rig.broker import HOST, Broker, running_broker
from tests.rig.station import StationProcess, write_settings
from wire.entries import SosPressed
from wire.topics import Lane

STARTS: Final = 7
IDLE_S: Final = 20.0
PRESSES: Final = 100
PRESS_GAP_S: Final = 0.03
STATION: Final = "bench-edge"
HEARTBEAT: Final = "[heartbeat]\ninterval_s = 5\n"
"""The product's own interval, in place of the tests' shorter one."""

_BARE: Final = """
import asyncio, sqlite3, ssl, sys
async def main(host, port, ca, certificate, key):
    context = ssl.create_default_context(cafile=ca)
    context.load_cert_chain(certificate, key)
    sqlite3.connect(":memory:").execute("SELECT 1")
    _, writer = await asyncio.open_connection(host, int(port), ssl=context)
    print("ready", flush=True)
    await asyncio.sleep(3600)
asyncio.run(main(*sys.argv[1:]))
"""


@dataclass(frozen=True)
class Cost:
    """Of one process."""

    start_s: float
    start_cpu_s: float
    resident_mib: float
    idle_percent: float
    threads: int


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as name,
        running_broker(Path(name) / "broker") as broker,
        running_cloud(broker) as cloud,
    ):
        asyncio.run(_measure(Path(name), broker, cloud))


async def _measure(directory: Path, broker: Broker, cloud: FakeCloud) -> None:
    bare = await _bare(broker)
    print(f"bare interpreter: {bare}", flush=True)
    config = write_settings(directory, broker, STATION, modem=True)
    config.write_text(config.read_text().replace("[heartbeat]\ninterval_s = 1\n", HEARTBEAT))
    async with FakeBoard(directory / "board") as board, FakeModem(directory / "modem"):
        starts, cpu_s = list[float](), list[float]()
        for _ in range(STARTS):
            async with _started(config) as (daemon, start_s):
                cpu_s.append(_busy_s(daemon.pid))
                starts.append(start_s)
        async with _started(config) as (daemon, _):
            await eventually(lambda: cloud.heartbeats)
            before_s = _busy_s(daemon.pid)
            latencies = await _press(board, cloud)
            press_cpu_ms = (_busy_s(daemon.pid) - before_s) * 1_000 / PRESSES
            idle_percent = await _idle_percent(daemon.pid)
            full = _cost(daemon.pid, statistics.median(starts), statistics.median(cpu_s), idle_percent)
    print(f"daemon: {full}, starts {[round(start_s, 2) for start_s in starts]}", flush=True)
    figures = _figures(full) | {
        "start_min_s": round(min(starts), 3),
        "start_max_s": round(max(starts), 3),
        "press_to_consumer": spread_ms(latencies),
        "cpu_per_press_and_release_ms": round(press_cpu_ms, 2),
    }
    report("edge", figures, samples=len(latencies), baseline={"bare_interpreter": _figures(bare)})


def _figures(cost: Cost) -> dict[str, object]:
    return {
        "resident_mib": round(cost.resident_mib, 1),
        "idle_percent_of_core": round(cost.idle_percent, 2),
        "start_to_ready_s": round(cost.start_s, 3),
        "start_cpu_s": round(cost.start_cpu_s, 3),
        "threads": cost.threads,
    }


@asynccontextmanager
async def _started(config: Path) -> AsyncIterator[tuple[StationProcess, float]]:
    """Run the daemon; the board lives in this loop, so the waiting for READY is done beside it."""
    daemon = StationProcess(config)
    started = time.perf_counter()
    try:
        await asyncio.to_thread(daemon.__enter__)
        yield daemon, time.perf_counter() - started
    finally:
        await asyncio.to_thread(daemon.__exit__, None, None, None)


async def _press(board: FakeBoard, cloud: FakeCloud) -> list[float]:
    """Return the milliseconds from the board's first byte to the consumer, for each press."""
    before = len(cloud.firsts(Lane.SOS))
    for _ in range(PRESSES):
        board.press()
        await asyncio.sleep(PRESS_GAP_S)
        board.release()
        await asyncio.sleep(PRESS_GAP_S)
    await eventually(lambda: len(cloud.firsts(Lane.SOS)) - before >= 2 * PRESSES, 60)
    sent_s = {str(event): at_ns / 1e9 for event, at_ns in board.first_byte_ns.items()}
    arrived_s = {
        arrival.entry.body.source: arrival.at_s
        for arrival in cloud.arrivals
        if arrival.is_first and isinstance(arrival.entry.body, SosPressed)
    }
    return [(arrived_s[source] - at_s) * 1_000 for source, at_s in sent_s.items()]


async def _bare(broker: Broker) -> Cost:
    leaf = broker.certificate("bench-bare")
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _BARE,
        HOST,
        str(broker.port),
        *map(str, (broker.ca_path, leaf.certificate, leaf.key)),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        await process.stdout.readline()
        start_s, cpu_s = time.perf_counter() - started, _busy_s(process.pid)
        return _cost(process.pid, start_s, cpu_s, await _idle_percent(process.pid))
    finally:
        process.kill()
        await process.wait()


def _cost(pid: int, start_s: float, start_cpu_s: float, idle_percent: float) -> Cost:
    return Cost(
        start_s, start_cpu_s, resident_mib(pid), idle_percent, len(list(Path(f"/proc/{pid}/task").iterdir()))
    )


async def _idle_percent(pid: int) -> float:
    """Return the share of one core that the process uses while nothing happens."""
    await asyncio.sleep(2)
    before, started = _busy_s(pid), time.perf_counter()
    await asyncio.sleep(IDLE_S)
    return 100 * (_busy_s(pid) - before) / (time.perf_counter() - started)


def _busy_s(pid: int) -> float:
    """Return the processor time of all its threads, finer than the kernel's ticks of 10 ms."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(path.read_text().split()[0]) for path in threads) / 1e9


if __name__ == "__main__":
    main()

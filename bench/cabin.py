"""The health cabin: from "start" to the first live value on the screen, the loop's lag, and the daemon's memory.

`python -m bench.cabin` runs a station with its whole room in one process (ptys and emulated radios included, so lag is
an upper bound), two more oximeters streaming beside the module; and, for memory, the daemon as it is: instruments on
ptys, BlueZ's place on the bus taken by a stand-in, a screen that follows. Beside them the same daemon without a cabin.
The last line is one JSON object. Goals: lag p99 below 10 ms, at most 90 MiB resident.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bench.measure import report, resident_mib, spread_ms
from edge.registry import PairedDevice, Registry
from tests.edge.waiting import eventually
from tests.fakes.bluez import FakeBluez, private_bus
from tests.fakes.board import FakeBoard
from tests.fakes.instruments.cms50d import VirtualCms50d, VirtualCms50dV46
from tests.fakes.instruments.pm6750 import VirtualPm6750
from tests.rig.broker import Broker, running_broker
from tests.rig.processes import free_port
from tests.rig.room import cabin_sections
from tests.rig.screen import Screen
from tests.rig.station import StationProcess, write_settings
from tests.story.cabin import Stage, one_cabin
from wire.entries import VitalKind

ROUNDS: Final = 20
LAG_S: Final = 20.0
PROBE_S: Final = 0.005
SETTLE_S: Final = 10.0
WIRED: Final = (("blood-pressure", "cuff-pressure"), ("oxygen", "oxygen-saturation"))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, running_broker(Path(name) / "broker") as broker:
        for place in ("room", "plain", "cabin"):
            (Path(name) / place).mkdir()
        figures, samples = asyncio.run(_in_one_process(Path(name) / "room", broker))
        memory = asyncio.run(_memory(Path(name), broker))
    baseline = {"daemon_without_cabin_mib": memory.pop("plain"), "bare_timer_lag": figures.pop("bare_lag")}
    report("cabin", figures | memory, samples=samples, baseline=baseline)


async def _in_one_process(directory: Path, broker: Broker) -> tuple[dict[str, object], int]:
    bare = await _lag(LAG_S / 2)
    async with (
        VirtualCms50d(directory / "clip-1"),
        VirtualCms50dV46(directory / "clip-2"),
        one_cabin(directory, broker, has_cuff=False, pace=1.0) as stage,
    ):
        registry = Registry(directory / "registry.json")
        for name, driver in (("clip-1", "contec-cms50d-plus"), ("clip-2", "contec-cms50d-plus-v46")):
            clip = PairedDevice(
                name=name, driver=driver, address=str(directory / name), kinds=[VitalKind.OXYGEN]
            )
            registry.pair(clip)
        first = {kind: await _first_values(stage, kind, measure) for kind, measure in WIRED}
        await stage.begin("blood-pressure")
        await stage.screen.until("step blood-pressure measuring")
        lag = await _lag(LAG_S)
    figures: dict[str, object] = {f"start_to_first_value_{kind}": spread_ms(ms) for kind, ms in first.items()}
    return figures | {"lag": spread_ms(lag), "bare_lag": spread_ms(bare)}, len(lag)


async def _first_values(stage: Stage, kind: str, measure: str) -> list[float]:
    """Return the milliseconds from the touch to the first view that holds a live value, each round."""
    took: list[float] = []
    await stage.screen.choose(kind, scope=None)
    for _ in range(ROUNDS):
        started = time.perf_counter()
        await stage.screen.touch("start")
        await stage.screen.until_view(
            lambda view: measure in (((view["step"] or {}).get("live") or {}).get("values") or {}), measure
        )
        took.append((time.perf_counter() - started) * 1_000)
        await stage.screen.touch("stop")
        await stage.screen.until(f"step {kind} prepare")
    await stage.screen.touch("skip")
    await stage.screen.touch("finish")
    await stage.screen.until("choose")
    return took


async def _lag(seconds: float) -> list[float]:
    """Return how much later than asked for (ms) the loop came back, again and again."""
    lags: list[float] = []
    end = time.perf_counter() + seconds
    while (due := time.perf_counter() + PROBE_S) < end:
        await asyncio.sleep(PROBE_S)
        lags.append(max(0.0, time.perf_counter() - due) * 1_000)
    return lags


async def _memory(directory: Path, broker: Broker) -> dict[str, float]:
    """Return the resident memory (MiB) of the real daemon, without and with a cabin."""
    found: dict[str, float] = {}
    for name in ("plain", "cabin"):
        at = directory / name
        kiosk = free_port()
        extra = cabin_sections(at, kiosk) if name == "cabin" else ""
        config = write_settings(at, broker, f"bench-{name}", extra=extra)
        async with FakeBoard(at / "board"), _instruments(at) as environment:
            daemon = StationProcess(config, environment=environment)
            await asyncio.to_thread(daemon.__enter__)
            try:
                async with Screen(kiosk) as screen:
                    if extra:
                        await screen.until_view(lambda view: len(view["offers"]) > 1, "offers", 30)
                        await eventually(lambda: screen.status)
                    await asyncio.sleep(SETTLE_S)
                    found[name] = round(resident_mib(daemon.pid), 1)
            finally:
                await asyncio.to_thread(daemon.__exit__, None, None, None)
    return {"plain": found["plain"], "resident_with_cabin_mib": found["cabin"]}


@asynccontextmanager
async def _instruments(directory: Path) -> AsyncIterator[dict[str, str]]:
    """Have a module and a clip on ptys, a wireless device that is paired, and a bus with a stand-in for BlueZ."""
    registry = Registry(directory / "registry.json")
    module, clip = directory / "module", directory / "clip"
    for device in (
        PairedDevice(name="module", driver="berrymed-pm6750", address=str(module)),
        PairedDevice(name="clip", driver="contec-cms50d-plus", address=str(clip)),
        PairedDevice(
            name="cuff", driver="ble", address="F0:00:00:00:01:01", kinds=[VitalKind.BLOOD_PRESSURE]
        ),
    ):
        registry.pair(device)
    with private_bus(directory) as bus:
        async with FakeBluez(bus.address), VirtualPm6750(module), VirtualCms50d(clip):
            yield {"DBUS_SYSTEM_BUS_ADDRESS": bus.address}


if __name__ == "__main__":
    main()

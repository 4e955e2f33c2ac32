"""The station and a meter as two processes, over the controllers of a third: no shared loop hides anything."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from edge.drivers.ble.discovery import pair
from edge.drivers.ble.instrument import BleInstrument
from edge.instrument import Heard, InstrumentNews, Readiness
from edge.registry import PairedDevice
from tests.edge.conftest import SetClock
from tests.edge.drivers.ble.cabin import Technician, radio_of
from tests.edge.waiting import eventually
from tests.fakes.ble.meter import ADDRESS
from tests.fakes.ble.ward import VirtualRadio
from wire.entries import VitalKind

ROOT = Path(__file__).parents[4]


@asynccontextmanager
async def running(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Have a Python program run until the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.communicate()


async def test_a_meter_in_another_process_is_paired_and_measures(tmp_path: Path) -> None:
    station, meter_side = tmp_path / "station", tmp_path / "meter"
    ether = ("-m", "bumble.apps.controllers", f"unix-server:{station}", f"unix-server:{meter_side}")
    async with running(*ether):
        await eventually(lambda: station.exists() and meter_side.exists(), timeout_s=20)
        async with (
            VirtualRadio(f"unix-client:{station}") as virtual,
            running("-m", "tests.fakes.ble.meter", f"unix-client:{meter_side}") as meter,
        ):
            assert meter.stdin is not None
            assert meter.stdout is not None
            async with asyncio.timeout(20):
                assert await meter.stdout.readline() == b"on\n"
            clock = SetClock()
            radio = radio_of(virtual, clock)
            listening = asyncio.create_task(radio.run())
            technician = Technician()
            paired = await pair(radio, ADDRESS, technician)
            assert paired.kinds == {VitalKind.GLUCOSE}
            assert technician.times_asked == 1
            news: list[InstrumentNews] = []
            device = PairedDevice(name="meter", driver="ble", address=ADDRESS, kinds=[VitalKind.GLUCOSE])
            instrument = BleInstrument(device, radio, clock, news.append, lambda _note: None)
            meeting = asyncio.create_task(instrument.run())
            await eventually(lambda: instrument.readiness is Readiness.READY)
            instrument.begin(VitalKind.GLUCOSE)
            meter.stdin.write(b"measure\n")
            await eventually(lambda: any(isinstance(item, Heard) for item in news))
            for task in (meeting, listening):
                task.cancel()
            await asyncio.gather(meeting, listening, return_exceptions=True)

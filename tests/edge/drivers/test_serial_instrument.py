"""Oximeters, meters and the rod under the driver, each with what is its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import serial

from edge.clock import SystemClock
from edge.codecs.instrument import About, Live, Taken
from edge.codecs.serial import contec, taidoc
from edge.codecs.serial.contec import Cms50d, Cms50dV46
from edge.drivers.pace import INTERVAL_MS
from edge.drivers.serial_instrument import SERIAL_DRIVERS, SerialInstrument
from edge.instrument import Absence, Back, Gone, Heard, Instrument, Readiness
from tests.edge.drivers.serial_rig import NAME, paired, running
from tests.edge.waiting import eventually
from tests.fakes.instruments.cms50d import VirtualCms50d, VirtualCms50dV46
from tests.fakes.instruments.height_rod import VirtualHeightRod
from tests.fakes.instruments.pty import Vitals
from tests.fakes.instruments.taidoc import VirtualTaidoc
from wire.entries import DeviceState, Flag, VitalKind

OXYGEN, GLUCOSE, HEIGHT, PRESSURE = (
    VitalKind.OXYGEN,
    VitalKind.GLUCOSE,
    VitalKind.HEIGHT,
    VitalKind.BLOOD_PRESSURE,
)
OLD, V46 = "contec-cms50d-plus", "contec-cms50d-plus-v46"


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "line"


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in (Cms50d, Cms50dV46):
        monkeypatch.setattr(one, "traits", replace(one.traits, patience_ms=300, quiet_ms=200))
    monkeypatch.setattr(contec, "START_AGAIN_MS", 50)


class _ShiftedClock(SystemClock):
    shift_ms = 0

    def uptime_ms(self) -> int:
        return super().uptime_ms() + self.shift_ms


@asynccontextmanager
async def _run(one: SerialInstrument) -> AsyncIterator[None]:
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


OXIMETERS = pytest.mark.parametrize(
    ("driver", "make"), [(OLD, VirtualCms50d), (V46, VirtualCms50dV46)], ids=["old", "4.6"]
)


@OXIMETERS
async def test_an_oximeter_streams_at_most_ten_times_a_second(
    port: Path, driver: str, make: type[VirtualCms50d | VirtualCms50dV46]
) -> None:
    async with make(port, Vitals(oxygen_percent=95, pulse_bpm=141)), running(driver, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(OXYGEN)
        await eventually(lambda: len(rig.waves) > 5)
        assert rig.live[-1].values == {"oxygen-saturation": Decimal(95), "pulse-rate": Decimal(141)}
        assert rig.live[-1].signal == Decimal("0.875")
        assert rig.instrument.readiness is Readiness.READY
        assert {wave.rate_hz for wave in rig.waves} == {60}
        assert max(sample for wave in rig.waves for sample in wave.samples) > 50


@OXIMETERS
async def test_a_finger_that_is_out_is_no_value(
    port: Path, driver: str, make: type[VirtualCms50d | VirtualCms50dV46]
) -> None:
    async with make(port) as oximeter, running(driver, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(OXYGEN)
        await eventually(lambda: rig.live)
        oximeter.finger_out()
        await eventually(lambda: rig.live[-1].signal == 0)
        assert rig.live[-1].values == {"oxygen-saturation": None, "pulse-rate": None}


@OXIMETERS
@pytest.mark.usefixtures("_impatient")
async def test_switched_off_it_sleeps_and_is_awaited(
    port: Path, driver: str, make: type[VirtualCms50d | VirtualCms50dV46]
) -> None:
    async with make(port) as oximeter, running(driver, port) as rig:
        oximeter.switch_off()
        await rig.is_alive()
        await eventually(lambda: rig.instrument.readiness is Readiness.ASLEEP)
        rig.instrument.begin(OXYGEN)
        await rig.tells(Gone(NAME, OXYGEN, Absence.SILENT))
        assert rig.states == [DeviceState.OK], "its cable is there, the rest is up to the person"
        oximeter.switch_on()
        await rig.tells(Back(NAME, OXYGEN))
        await eventually(lambda: rig.live)
        oximeter.switch_off()
        await eventually(lambda: rig.news.count(Gone(NAME, OXYGEN, Absence.SILENT)) == 2)


async def test_firmware_4_6_streams_only_while_somebody_measures(port: Path) -> None:
    async with VirtualCms50dV46(port) as oximeter, running(V46, port) as rig:
        await eventually(lambda: oximeter.commands == [0xA2])
        assert not oximeter.is_streaming
        rig.instrument.begin(OXYGEN)
        await eventually(lambda: rig.live)
        rig.instrument.cancel(OXYGEN)
        await eventually(lambda: not oximeter.is_streaming)
        assert oximeter.commands[-1] == 0xA2


async def test_firmware_4_6_is_told_that_somebody_listens(
    port: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contec, "KEEP_ALIVE_MS", 100)
    monkeypatch.setattr(contec, "START_AGAIN_MS", 100)
    async with VirtualCms50dV46(port, pace=0.05) as oximeter, running(V46, port) as rig:
        rig.instrument.begin(OXYGEN)
        await eventually(lambda: oximeter.commands.count(0xAF) >= 8)
        assert oximeter.is_streaming


async def test_an_oximeter_that_babbles_floods_nobody(port: Path) -> None:
    async with VirtualCms50d(port) as oximeter, running(OLD, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(OXYGEN)
        began_s = oximeter._loop.time()
        oximeter.babble(oximeter.frame(60))
        await eventually(lambda: len(rig.live) >= 5)
        intervals = 1 + (oximeter._loop.time() - began_s) * 1000 / INTERVAL_MS
        assert len(rig.live) <= intervals + 1
        assert len(rig.waves) <= intervals + 1
        oximeter.hush()


async def test_begun_again_it_goes_on(port: Path) -> None:
    async with VirtualCms50d(port), running(OLD, port) as rig:
        await rig.is_alive()
        for _ in range(3):
            rig.instrument.begin(OXYGEN)
            told = len(rig.live)
            await eventually(lambda told=told: len(rig.live) > told)  # type: ignore[misc]  # mypy knows no default of a lambda
        assert not [said for said in rig.news if isinstance(said, Gone)]


async def test_a_glucose_meter_tells_what_was_measured_since(port: Path) -> None:
    async with VirtualTaidoc(port) as meter, running("taidoc-td42xx", port) as rig:
        meter.measure()
        await eventually(lambda: rig.instrument.about == About(manufacturer="TaiDoc", model="TD-4277"))
        assert rig.instrument.readiness is Readiness.READY
        meter.person.glucose_mg_dl = 126
        rig.instrument.begin(GLUCOSE)
        await eventually(lambda: rig.live == [Live(GLUCOSE)])
        meter.measure()
        await eventually(lambda: rig.results)
        (taken,) = rig.results
        assert isinstance(taken, Taken)
        assert taken.values == {"glucose": Decimal("7.0")}


async def test_a_meter_that_is_plugged_in_after_the_measurement_tells_it(port: Path) -> None:
    clock = _ShiftedClock()
    heard: list[object] = []
    one = SerialInstrument(paired("taidoc-td31xx", port), clock, heard.append, lambda _: None)
    async with VirtualTaidoc(port, Vitals(has_arrhythmia=True), is_cuff=True) as meter:
        meter.unplug()
        one.begin(PRESSURE)
        await eventually(lambda: heard == [Gone(NAME, PRESSURE, Absence.LOST)])
        clock.shift_ms = 180_000
        meter.measure(ago=timedelta(minutes=1))
        meter.plug()
        async with _run(one):
            await eventually(lambda: len(heard) == 3)
    assert heard[1] == Back(NAME, PRESSURE)
    told = heard[2]
    assert isinstance(told, Heard)
    assert isinstance(told.event, Taken)
    assert told.event.flags == {Flag.IRREGULAR_PULSE}


async def test_a_meter_that_sleeps_is_asleep_and_not_lost(
    port: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taidoc, "ANSWER_MS", 20)
    monkeypatch.setattr(taidoc, "ROUND_MS", 20)
    async with VirtualTaidoc(port) as meter, running("taidoc-td42xx", port) as rig:
        meter.is_awake = False
        await rig.is_alive()
        await eventually(lambda: rig.instrument.readiness is Readiness.ASLEEP)
        rig.instrument.begin(GLUCOSE)
        await eventually(lambda: len(meter.questions) > 5)
        assert rig.news == []
        meter.is_awake = True
        await eventually(lambda: rig.live)
        assert rig.instrument.readiness is Readiness.READY


async def test_a_rod_tells_the_height(port: Path) -> None:
    async with VirtualHeightRod(port) as rod, running("height-rod", port) as rig:
        await rig.is_alive()
        rig.instrument.begin(HEIGHT)
        await eventually(lambda: rig.live)
        assert rig.live[-1] == Live(HEIGHT, {"body-height": Decimal("165.2")})
        rod.person.is_there = False
        await eventually(lambda: rig.live[-1] == Live(HEIGHT, {"body-height": None}))
        rod.unplug()
        await rig.tells(Gone(NAME, HEIGHT, Absence.LOST))
        rod.plug()
        await rig.tells(Back(NAME, HEIGHT))


async def test_the_port_of_the_old_firmware_is_opened_with_odd_parity(
    port: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[dict[str, object]] = []

    class Spy(serial.Serial):
        def __init__(self, path: str, baud: int, **options: Any) -> None:
            opened.append(options)
            super().__init__(path, baud, **options)

    monkeypatch.setattr("edge.drivers.serial_port.serial.Serial", Spy)
    async with VirtualCms50d(port), running(OLD, port) as rig:
        await rig.is_alive()
    assert opened[0]["parity"] == "O"
    assert opened[0]["exclusive"] is True


def test_every_driver_makes_an_instrument_of_its_own(tmp_path: Path) -> None:
    for driver, make in SERIAL_DRIVERS.items():
        one: Instrument = SerialInstrument(
            paired(driver, tmp_path / "none"), SystemClock(), lambda _: None, lambda _: None
        )
        assert one.kinds == make().traits.kinds
        assert one.readiness is Readiness.MISSING
        assert one.health.state is DeviceState.LOST


def test_a_driver_that_there_is_not_is_no_instrument(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="nonin"):
        SerialInstrument(paired("nonin", tmp_path), SystemClock(), lambda _: None, lambda _: None)

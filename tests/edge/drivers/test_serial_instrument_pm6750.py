"""The all-in-one module under the driver: streams, one cuff, and what goes wrong with them."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from edge.codecs.instrument import Failed, Live, Taken, Trouble
from edge.codecs.serial.berrymed import Pm6750
from edge.drivers.pace import INTERVAL_MS
from edge.instrument import Absence, Back, Gone, Heard, Readiness
from tests.edge.drivers.serial_rig import NAME, Rig, running
from tests.edge.waiting import eventually
from tests.fakes.instruments.pm6750 import VirtualPm6750, frame
from tests.fakes.instruments.pty import Vitals
from wire.entries import DeviceState, VitalKind

DRIVER = "berrymed-pm6750"
PRESSURE, OXYGEN, TEMPERATURE = VitalKind.BLOOD_PRESSURE, VitalKind.OXYGEN, VitalKind.TEMPERATURE
PACE = 0.0125
IMPATIENT = replace(Pm6750.traits, patience_ms=400, quiet_ms=400)
"""Shorter than a second: frames of oxygen come slower, those of the wave often enough."""


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "module"


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pm6750, "traits", IMPATIENT)


async def is_inflating(module: VirtualPm6750) -> None:
    await eventually(lambda: module.cuff_mmhg > 30)


async def test_nothing_is_told_that_was_not_begun(port: Path) -> None:
    async with VirtualPm6750(port) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        await eventually(lambda: module._ticks > 60)
        assert rig.news == []
        assert rig.instrument.readiness is Readiness.READY
        assert module.inflations == 0


async def test_oxygen_and_wave_of_a_person(port: Path) -> None:
    async with VirtualPm6750(port) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(OXYGEN)
        await eventually(lambda: rig.live and len(rig.waves) > 3)
        assert rig.live[0].values == {"oxygen-saturation": Decimal(97), "pulse-rate": Decimal(68)}
        assert len({sample for wave in rig.waves for sample in wave.samples}) > 5
        module.finger_out()
        await eventually(lambda: rig.live[-1].signal == 0)
        assert set(rig.live[-1].values.values()) == {None}
        assert {live.kind for live in rig.live} == {OXYGEN}
        rig.instrument.cancel(OXYGEN)
        told = len(rig.news)
        ticks = module._ticks
        await eventually(lambda: module._ticks > ticks + 55)
        assert len(rig.news) == told


async def test_temperature_streams_too(port: Path) -> None:
    async with VirtualPm6750(port, Vitals(temperature_c=38.4)), running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(TEMPERATURE)
        await eventually(lambda: rig.live)
        assert rig.live == [Live(TEMPERATURE, {"body-temperature": Decimal("38.4")})]


async def test_a_blood_pressure_from_the_start_to_its_values(port: Path) -> None:
    async with VirtualPm6750(port, pace=PACE) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(PRESSURE)
        await eventually(lambda: rig.results)
        (taken,) = rig.results
        assert isinstance(taken, Taken)
        assert taken.values == {
            "systolic-pressure": Decimal(124),
            "diastolic-pressure": Decimal(79),
            "mean-arterial-pressure": Decimal(94),
        }
        assert max(live.values["cuff-pressure"] or 0 for live in rig.live) > 50
        assert module.inflations == 1
        assert PRESSURE not in rig.instrument._begun


async def test_the_last_persons_values_are_not_the_next_ones(port: Path) -> None:
    async with (
        VirtualPm6750(port, Vitals(systolic_mmhg=181), pace=PACE) as module,
        running(DRIVER, port) as rig,
    ):
        module.repeats_result = True
        await rig.is_alive()
        rig.instrument.begin(PRESSURE)
        await eventually(lambda: rig.results)
        module.person = Vitals(systolic_mmhg=118)
        rig.instrument.begin(PRESSURE)
        await eventually(lambda: len(rig.results) == 2)
        assert [taken.values["systolic-pressure"] for taken in rig.results if isinstance(taken, Taken)] == [
            181,
            118,
        ]


@pytest.mark.parametrize(
    ("person", "trouble"),
    [
        (Vitals(cuff_on=False), Trouble.CUFF_LOOSE),
        (Vitals(moves=True), Trouble.MOTION),
        (Vitals(has_pulse=False), Trouble.NO_PULSE),
        (Vitals(systolic_mmhg=290), Trouble.OVERPRESSURE),
    ],
    ids=["loose", "moves", "no pulse", "too high"],
)
async def test_why_a_measurement_failed_is_told(port: Path, person: Vitals, trouble: Trouble) -> None:
    async with VirtualPm6750(port, person, pace=PACE) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(PRESSURE)
        await eventually(lambda: rig.results)
        (failed,) = rig.results
        assert isinstance(failed, Failed)
        assert failed.trouble is trouble
        assert module.cuff_mmhg == 0


async def test_cancelled_it_deflates_at_once_and_is_silent(port: Path) -> None:
    async with VirtualPm6750(port, pace=0.05) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(PRESSURE)
        await is_inflating(module)
        rig.instrument.cancel(PRESSURE)
        told = len(rig.news)
        await eventually(lambda: module.cuff_mmhg == 0)
        await eventually(lambda: not module.is_measuring)
        assert len(rig.news) == told
        assert rig.results == []


async def test_a_cuff_that_does_not_obey_is_told_again(port: Path) -> None:
    async with VirtualPm6750(port, pace=0.25) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        module.ignores_stop = True
        rig.instrument.begin(PRESSURE)
        await is_inflating(module)
        rig.instrument.cancel(PRESSURE)
        await eventually(lambda: module.commands[-2:] == [(0x02, 0), (0x02, 0)])
        module.ignores_stop = False
        await eventually(lambda: module.cuff_mmhg == 0)


async def test_a_daemon_that_ends_leaves_no_inflated_cuff(port: Path) -> None:
    async with VirtualPm6750(port, pace=0.1) as module:
        async with running(DRIVER, port) as rig:
            await rig.is_alive()
            rig.instrument.begin(PRESSURE)
            await is_inflating(module)
        await eventually(lambda: module.cuff_mmhg == 0)


async def test_unplugged_in_mid_measurement_it_is_lost_and_measures_anew_when_it_is_back(port: Path) -> None:
    async with VirtualPm6750(port, pace=PACE) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(PRESSURE)
        await is_inflating(module)
        module.unplug()
        await rig.tells(Gone(NAME, PRESSURE, Absence.LOST))
        assert rig.instrument.readiness is Readiness.MISSING
        assert rig.states[-1] is DeviceState.LOST
        module.plug()
        await rig.tells(Back(NAME, PRESSURE))
        await eventually(lambda: rig.results)
        assert module.inflations == 2
        assert rig.news.count(Gone(NAME, PRESSURE, Absence.LOST)) == 1
        assert rig.states == [DeviceState.OK, DeviceState.LOST, DeviceState.OK]


async def test_begun_without_a_cable_it_is_lost_and_not_while_the_caller_still_speaks(port: Path) -> None:
    async with running(DRIVER, port) as rig:
        await eventually(lambda: rig.states == [DeviceState.LOST])
        rig.instrument.begin(OXYGEN)
        assert rig.news == []
        await rig.tells(Gone(NAME, OXYGEN, Absence.LOST))
        async with VirtualPm6750(port):
            await rig.tells(Back(NAME, OXYGEN))
            await eventually(lambda: rig.live)


@pytest.mark.usefixtures("_impatient")
async def test_silent_in_mid_stream_it_is_opened_anew_until_it_speaks(port: Path) -> None:
    async with VirtualPm6750(port) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(OXYGEN)
        await eventually(lambda: rig.waves)
        module.is_silent = True
        await rig.tells(Gone(NAME, OXYGEN, Absence.SILENT))
        await eventually(lambda: rig.states[-1] is DeviceState.LOST)
        assert "makes sense" in rig.instrument.health.detail
        await eventually(lambda: module.commands.count((0x03, 1)) >= 4)
        assert Gone(NAME, OXYGEN, Absence.LOST) not in rig.news
        assert rig.news.count(Gone(NAME, OXYGEN, Absence.SILENT)) == 1
        module.is_silent = False
        await rig.tells(Back(NAME, OXYGEN))


@pytest.mark.usefixtures("_impatient")
async def test_a_cuff_that_never_answers_is_silent_and_told_to_stop(port: Path) -> None:
    async with VirtualPm6750(port) as module, running(DRIVER, port) as rig:
        module.is_cuff_mute = True
        await rig.is_alive()
        rig.instrument.begin(PRESSURE)
        await rig.tells(Gone(NAME, PRESSURE, Absence.SILENT))
        await eventually(lambda: module.commands[-1] == (0x02, 0))
        assert not module.is_measuring
        assert rig.states == [DeviceState.OK], "the module itself is well"


@pytest.mark.usefixtures("_impatient")
async def test_noise_alone_is_silence(port: Path) -> None:
    async with VirtualPm6750(port) as module, running(DRIVER, port) as rig:
        module.is_silent = True
        module.babble()
        rig.instrument.begin(TEMPERATURE)
        await rig.tells(Gone(NAME, TEMPERATURE, Absence.SILENT))
        module.hush()
        module.is_silent = False
        await rig.tells(Back(NAME, TEMPERATURE))


async def test_noise_between_the_frames_costs_nothing(port: Path) -> None:
    async with VirtualPm6750(port, pace=PACE) as module, running(DRIVER, port) as rig:
        module._every("spatter", 0.003, lambda: module.noise(b"\x55\xaa\x00\xff\x55"))
        await rig.is_alive()
        rig.instrument.begin(PRESSURE)
        await eventually(lambda: rig.results)
        assert isinstance(rig.results[0], Taken)


async def test_a_module_that_babbles_floods_nobody(port: Path) -> None:
    async with VirtualPm6750(port) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(OXYGEN)
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        module.babble(frame(0x04, 0, 97, 68) + frame(0xFE, 50) * 5)
        await eventually(lambda: len(rig.live) >= 5)
        intervals = 1 + (loop.time() - began_s) * 1000 / INTERVAL_MS
        assert len(rig.live) <= intervals + 1
        assert len(rig.waves) <= intervals + 1
        module.hush()


async def test_a_module_that_stops_reading_blocks_nothing(port: Path) -> None:
    async with VirtualPm6750(port) as module, running(DRIVER, port) as rig:
        await rig.is_alive()
        module.stop_reading()
        for _ in range(3_000):
            rig.instrument.begin(PRESSURE)
        await rig.tells(Gone(NAME, PRESSURE, Absence.LOST))
        assert any("nobody reads" in change.detail for change in rig.changes)
        module.unplug()
        module.plug()
        await rig.tells(Back(NAME, PRESSURE))


async def test_what_it_is_paired_for_limits_what_it_measures(port: Path) -> None:
    async with VirtualPm6750(port) as module, running(DRIVER, port, OXYGEN, VitalKind.WEIGHT) as rig:
        assert rig.instrument.kinds == {OXYGEN}
        await rig.is_alive()
        rig.instrument.begin(PRESSURE)
        rig.instrument.begin(OXYGEN)
        await eventually(lambda: rig.live)
        assert module.inflations == 0


async def test_what_it_says_of_itself_is_its_health(port: Path) -> None:
    async with VirtualPm6750(port), running(DRIVER, port) as rig:
        await eventually(lambda: rig.instrument.about)
        await eventually(lambda: rig.instrument.health.detail == "BerryMed PM6750 V3.2")
        assert rig.instrument.battery is None
        assert rig.instrument.signal_dbm is None


async def test_two_kinds_at_once_do_not_disturb_each_other(port: Path) -> None:
    async with VirtualPm6750(port, pace=PACE), running(DRIVER, port) as rig:
        await rig.is_alive()
        rig.instrument.begin(OXYGEN)
        rig.instrument.begin(PRESSURE)
        await eventually(lambda: rig.results and any(live.kind is OXYGEN for live in rig.live))
        seen = _kinds(rig)
        assert seen == {OXYGEN, PRESSURE}


def _kinds(rig: Rig) -> set[VitalKind]:
    return {
        said.event.kind
        for said in rig.news
        if isinstance(said, Heard) and isinstance(said.event, Live | Taken)
    }

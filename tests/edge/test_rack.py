"""The rack: what is paired runs, is offered, and is told of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.codecs.instrument import Battery
from edge.instrument import Absence, Gone, Heard, InstrumentNews, Listener, Readiness
from edge.rack import MAX_INSTRUMENTS, Rack
from edge.registry import PairedDevice, Registry
from tests.edge.waiting import eventually
from tests.fakes.instrument import FakeInstrument
from wire.entries import VitalKind

CUFF = PairedDevice(name="cuff", driver="fake", address="1", kinds=[VitalKind.BLOOD_PRESSURE])
MODULE = PairedDevice(
    name="module", driver="fake", address="2", kinds=[VitalKind.OXYGEN, VitalKind.BLOOD_PRESSURE]
)
SCALE = PairedDevice(name="scale", driver="fake", address="3", kinds=[VitalKind.WEIGHT])


class Bench:
    """A rack, and the instruments that it built."""

    def __init__(self, path: Path) -> None:
        self.registry = Registry(path / "registry.json")
        self.built: list[FakeInstrument] = []
        self.news: list[InstrumentNews] = []
        self.rack = Rack(self.registry, SystemClock(), self.build)
        self.rack.attach(self.news.append)

    def build(self, device: PairedDevice, hear: Listener) -> FakeInstrument:
        if device.driver != "fake":
            raise KeyError(device.driver)
        self.built.append(FakeInstrument(device, hear))
        return self.built[-1]

    def __getitem__(self, name: str) -> FakeInstrument:
        return next(made for made in reversed(self.built) if made.name == name)

    @asynccontextmanager
    async def running(self, *devices: PairedDevice) -> AsyncIterator["Bench"]:
        for device in devices:
            self.registry.pair(device)
        task = asyncio.create_task(self.rack.run())
        try:
            await eventually(
                lambda: all(made.is_running for made in self.built) and len(self.built) >= len(devices)
            )
            yield self
        finally:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def offered(bench: Bench) -> list[tuple[str, str]]:
    return [(offer.kind.value, offer.device) for offer in bench.rack.offers()]


async def test_what_is_paired_is_offered_in_a_calm_order(bench: Bench) -> None:
    async with bench.running(CUFF, MODULE, SCALE):
        assert offered(bench) == [("weight", "scale"), ("oxygen", "module"), ("blood-pressure", "cuff")]
    assert offered(bench) == []


async def test_the_readiest_instrument_is_the_one_that_is_begun(bench: Bench) -> None:
    async with bench.running(CUFF, MODULE):
        bench["cuff"].readiness = Readiness.ASLEEP
        bench.rack.begin(VitalKind.BLOOD_PRESSURE)
        assert bench["module"].log == ["begin blood-pressure"]
        bench["module"].readiness = Readiness.MISSING
        bench.rack.cancel(VitalKind.BLOOD_PRESSURE)
        bench.rack.begin(VitalKind.BLOOD_PRESSURE)
        assert bench["module"].log[-1] == "cancel blood-pressure", (
            "the one that runs is cancelled, not the best now"
        )
        assert bench["cuff"].log == ["begin blood-pressure"]
        bench.rack.cancel(VitalKind.WEIGHT)


async def test_what_a_technician_changes_beside_it_is_taken_up(bench: Bench) -> None:
    async with bench.running(CUFF):
        first = bench["cuff"]
        bench.registry.pair(SCALE)
        await eventually(lambda: ("weight", "scale") in offered(bench))
        assert bench["cuff"] is first, "what did not change goes on"
        bench.registry.forget_device("cuff")
        bench.rack.look()
        await eventually(lambda: not first.is_running)
        assert offered(bench) == [("weight", "scale")]


async def test_a_new_place_does_not_disturb_it_but_a_new_address_does(bench: Bench) -> None:
    async with bench.running(CUFF):
        moved = PairedDevice(
            name="cuff",
            driver="fake",
            address="1",
            kinds=[VitalKind.BLOOD_PRESSURE],
            place="Ngăn 3",
            calibration_due_on=date(2020, 1, 1),
        )
        bench.registry.pair(moved)
        await eventually(lambda: bench.rack.health()[0].calibration_overdue)
        assert [offer.calibration_overdue for offer in bench.rack.offers()] == [True]
        assert len(bench.built) == 1
        bench.registry.pair(PairedDevice(name="cuff", driver="fake", address="9", kinds=CUFF.kinds))
        await eventually(lambda: len(bench.built) == 2 and bench["cuff"].is_running)
        assert not bench.built[0].is_running


async def test_one_that_is_forgotten_in_mid_measurement_is_told_as_lost(bench: Bench) -> None:
    async with bench.running(CUFF):
        bench.rack.begin(VitalKind.BLOOD_PRESSURE)
        bench["cuff"].say(Battery(80))
        bench.registry.forget_device("cuff")
        await eventually(lambda: len(bench.news) == 2)
    assert bench.news == [Heard("cuff", Battery(80)), Gone("cuff", VitalKind.BLOOD_PRESSURE, Absence.LOST)]


async def test_one_that_fails_is_started_again_and_disturbs_no_other(bench: Bench) -> None:
    async with bench.running(CUFF, SCALE):
        bench["cuff"].fail()
        await eventually(lambda: bench["cuff"].runs == 2 and bench["cuff"].is_running)
        assert bench["scale"].runs == 1


async def test_a_driver_that_is_not_here_keeps_no_other_from_running(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    alien = PairedDevice(name="alien", driver="of-tomorrow", address="1")
    bench.registry.pair(alien)
    async with bench.running(CUFF):
        assert offered(bench) == [("blood-pressure", "cuff")]
        assert bench.rack.instrument("alien") is None


async def test_more_than_a_heartbeat_can_name_is_not_taken(bench: Bench) -> None:
    many = [
        PairedDevice(name=f"scale-{number:02}", driver="fake", address=str(number), kinds=[VitalKind.WEIGHT])
        for number in range(MAX_INSTRUMENTS + 1)
    ]
    for device in many:
        bench.registry.pair(device)
    async with bench.running():
        await eventually(lambda: len(bench.built) == MAX_INSTRUMENTS)
        assert len(bench.rack.health()) == MAX_INSTRUMENTS


async def test_charge_and_signal_become_numbers(bench: Bench) -> None:
    async with bench.running(CUFF, SCALE):
        bench["cuff"].battery = 15
        bench["scale"].signal_dbm = -70
        told = [(number.measure, number.sensor, number.value) for number in bench.rack.readings()]
    assert told == [("battery-level", "cuff", 15), ("signal-strength", "scale", -70)]

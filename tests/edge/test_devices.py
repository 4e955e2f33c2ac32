"""The technician's desk, over a real registry and a rack of fake instruments."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from edge.clock import SystemClock
from edge.codecs.instrument import About
from edge.devices import BLE, Air, Change, DeviceError, Devices, NewDevice, UnknownDeviceError
from edge.drivers.ble.discovery import Found, Paired
from edge.drivers.ble.errors import PairingError
from edge.drivers.ble.ports import PairingAnswers
from edge.instrument import Listener, Readiness
from edge.rack import MAX_INSTRUMENTS, Rack
from edge.registry import PairedDevice, Registry
from tests.edge.waiting import eventually
from tests.fakes.instrument import FakeInstrument
from wire.entries import VitalKind

ADDRESS = "F0:F1:F2:F3:F4:F5"
ABOUT = About("TCDS Test", "Cuff 1", "SN-0007", "1.0")
PRESSURE = frozenset({VitalKind.BLOOD_PRESSURE})


class Technician:
    """Answers what a pairing asks; in these tests nothing is asked."""

    async def passkey(self) -> int:
        raise AssertionError

    async def confirm(self, _passkey: int) -> bool:
        raise AssertionError


class FakeAir:
    """A radio that finds one cuff and pairs it unless told otherwise."""

    def __init__(self) -> None:
        self.kinds = PRESSURE
        self.error: Exception | None = None

    async def scan(self, _seconds: float) -> Sequence[Found]:
        return [Found(address=ADDRESS, name="Cuff 1", signal_dbm=-50, kinds=self.kinds)]

    async def pair(self, _address: str, _answers: PairingAnswers) -> Paired:
        if self.error is not None:
            raise self.error
        return Paired(about=ABOUT, kinds=self.kinds, battery=80)


class Desk:
    def __init__(self, path: Path) -> None:
        self.registry = Registry(path / "registry.json")
        self.built: dict[str, FakeInstrument] = {}
        self.air = FakeAir()
        self.rack = Rack(self.registry, SystemClock(), self._build)
        drivers = {"module": frozenset({VitalKind.OXYGEN, VitalKind.BLOOD_PRESSURE})}
        self.devices = Devices(self.registry, self.rack, drivers, Air(self.air.scan, self.air.pair))

    def _build(self, device: PairedDevice, hear: Listener) -> FakeInstrument:
        self.built[device.name] = FakeInstrument(device, hear)
        return self.built[device.name]

    async def pair(self, name: str = "cuff", **changes: Any) -> PairedDevice:
        new = NewDevice(name, BLE, ADDRESS, "Ngăn 1")
        return await self.devices.pair(replace(new, **changes), Technician())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    found = Desk(tmp_path)
    task = asyncio.create_task(found.rack.run())
    yield found
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_is_paired_is_kept_with_what_it_said_and_runs_at_once(desk: Desk) -> None:
    device = await desk.pair()
    assert (device.manufacturer, device.model, device.serial_number) == ("TCDS Test", "Cuff 1", "SN-0007")
    assert device.kinds == [VitalKind.BLOOD_PRESSURE]
    assert await desk.devices.listing() == [device]
    await eventually(lambda: "cuff" in desk.built and desk.built["cuff"].is_running)


async def test_a_wired_module_is_paired_by_its_port_and_may_be_kept_to_some_of_its_kinds(desk: Desk) -> None:
    new = NewDevice("oxi", "module", "/dev/serial/by-id/usb-x", kinds=frozenset({VitalKind.OXYGEN}))
    device = await desk.devices.pair(new, Technician())
    assert device.kinds == [VitalKind.OXYGEN]
    whole = await desk.pair("all", driver="module", address="/dev/serial/by-id/usb-y")
    assert set(whole.kinds) == {VitalKind.OXYGEN, VitalKind.BLOOD_PRESSURE}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"driver": "of-tomorrow"}, "no driver of-tomorrow; there are ble, module"),
        ({"name": "Ống nghe"}, "a name is 1 to 64 of a-z"),
        ({"place": "x" * 61}, "a place has at most 60"),
    ],
)
async def test_what_cannot_be_paired_is_said_with_what_would_be_right(
    desk: Desk, changes: dict[str, str], text: str
) -> None:
    with pytest.raises(DeviceError, match=text):
        await desk.pair(**changes)
    assert await desk.devices.listing() == []


async def test_a_device_without_a_measurement_is_not_paired(desk: Desk) -> None:
    desk.air.kinds = frozenset()
    with pytest.raises(DeviceError, match="offers no measurement"):
        await desk.pair()


async def test_a_pairing_that_the_device_refuses_keeps_nothing(desk: Desk) -> None:
    desk.air.error = PairingError("it refused")
    with pytest.raises(PairingError):
        await desk.pair()
    assert await desk.devices.listing() == []


async def test_one_device_has_one_name(desk: Desk) -> None:
    await desk.pair()
    with pytest.raises(DeviceError, match="paired already, as cuff"):
        await desk.pair("other", address=ADDRESS.lower())
    again = await desk.pair(place="Ngăn 2")
    assert again.place == "Ngăn 2"


async def test_there_is_an_end_to_how_many_are_paired(desk: Desk) -> None:
    for number in range(MAX_INSTRUMENTS):
        await desk.pair(f"cuff-{number}", address=f"address-{number}")
    with pytest.raises(DeviceError, match="forget one first"):
        await desk.pair("one-more", address="another")


async def test_place_and_calibration_change_while_it_runs(desk: Desk) -> None:
    await desk.pair()
    changed = await desk.devices.change("cuff", Change(calibration_due_on=date(2020, 1, 1)))
    assert (changed.place, changed.calibration_due_on) == ("Ngăn 1", date(2020, 1, 1))
    await eventually(lambda: [health.calibration_overdue for health in desk.rack.health()] == [True])
    assert (await desk.devices.change("cuff", Change(calibration_due_on=None))).calibration_due_on is None
    with pytest.raises(UnknownDeviceError):
        await desk.devices.change("nobody", Change())


async def test_a_forgotten_device_is_gone(desk: Desk) -> None:
    await desk.pair()
    await desk.devices.forget("cuff")
    assert await desk.devices.listing() == []
    with pytest.raises(UnknownDeviceError):
        await desk.devices.forget("cuff")


async def test_a_test_waits_until_the_device_answers(desk: Desk) -> None:
    await desk.pair()
    await eventually(lambda: "cuff" in desk.built)
    cuff = desk.built["cuff"]
    cuff.readiness, cuff.battery, cuff.about = Readiness.ASLEEP, 70, ABOUT
    test = asyncio.create_task(desk.devices.test("cuff"))
    await asyncio.sleep(0.15)
    assert not test.done()
    cuff.readiness = Readiness.READY
    result = await test
    assert (result.is_ok, result.about, result.battery) == (True, ABOUT, 70)


async def test_a_test_of_a_silent_device_ends_and_says_so(desk: Desk) -> None:
    await desk.pair()
    await eventually(lambda: "cuff" in desk.built)
    desk.built["cuff"].readiness = Readiness.MISSING
    assert not (await desk.devices.test("cuff", timeout_s=0.05)).is_ok
    with pytest.raises(UnknownDeviceError):
        await desk.devices.test("nobody")


async def test_looking_around_tells_what_is_paired_already(desk: Desk) -> None:
    await desk.pair()
    around = await desk.devices.look_around(0.01)
    assert [found.address for found in around.found] == [ADDRESS]
    assert around.paired == {ADDRESS}


async def test_without_a_radio_only_wires_are_offered(tmp_path: Path) -> None:
    wired = Desk(tmp_path)
    wired.devices = Devices(wired.registry, wired.rack, {"module": PRESSURE})
    assert wired.devices.drivers == ["module"]
    assert (await wired.devices.look_around(0.01)).found == ()
    with pytest.raises(DeviceError, match="no radio"):
        await wired.pair()

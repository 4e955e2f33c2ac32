"""What a technician does: look who is there, and pair one of them."""

import asyncio

import pytest

from edge.drivers.ble import discovery
from edge.drivers.ble.discovery import MAX_FOUND, Found, pair, scan
from edge.drivers.ble.errors import PairingError, PairingProblem, RadioGoneError
from tests.edge.drivers.ble.cabin import PACE, Technician, cabin
from tests.edge.waiting import eventually
from tests.fakes.ble.devices import (
    VirtualCuff,
    VirtualGlucoseMeter,
    VirtualHeartStrap,
    VirtualOximeter,
    VirtualScale,
    VirtualThermometer,
)
from tests.fakes.ble.peripheral import PASSKEY, Bonding, VirtualDevice
from wire.entries import VitalKind

ADDRESS = "F0:00:00:00:05:01"


class VirtualLamp(VirtualHeartStrap):
    """Something that advertises and measures nothing."""

    SERVICES = ("1812",)

    def services(self) -> list[object]:  # type: ignore[override]  # nothing at all
        return []


async def test_twenty_devices_are_found_strongest_first() -> None:
    profiles = (VirtualCuff, VirtualOximeter, VirtualThermometer, VirtualScale)
    devices: list[VirtualDevice] = [
        profiles[count % 4](f"F0:00:00:00:05:{count:02X}", name=f"Máy {count}", signal_dbm=-40 - count)
        for count in range(20)
    ]
    async with cabin(*devices) as room:
        for device in devices:
            await device.switch_on()
        found: list[Found] = []
        async with asyncio.timeout(20):
            while len(found) < len(devices):
                found = await scan(room.radio, 0.4)
    assert [device.name for device in found] == [f"Máy {count}" for count in range(20)]
    assert found[0].kinds == {VitalKind.BLOOD_PRESSURE}
    assert found[0].signal_dbm == -40


async def test_instruments_go_before_others_when_there_is_too_much() -> None:
    noise = [Found(f"{count}", "", -30, frozenset()) for count in range(100)]
    cuff = Found("cuff", "", -80, frozenset({VitalKind.BLOOD_PRESSURE}))
    chosen = discovery._strongest([*noise, cuff])
    assert len(chosen) == MAX_FOUND
    assert chosen[-1] == cuff


async def test_just_works_asks_nobody_anything() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    technician = Technician()
    async with cabin(cuff) as room:
        await cuff.switch_on()
        paired = await pair(room.radio, ADDRESS, technician)
    assert paired.kinds == {VitalKind.BLOOD_PRESSURE}
    assert paired.about.serial_number == "A-1001"
    assert paired.battery == 90
    assert technician.times_asked == 0


async def test_a_passkey_is_typed_as_the_device_shows_it() -> None:
    meter = VirtualGlucoseMeter(ADDRESS, bonding=Bonding.PASSKEY, pace=PACE)
    technician = Technician()
    async with cabin(meter) as room:
        await meter.switch_on()
        paired = await pair(room.radio, ADDRESS, technician)
    assert paired.kinds == {VitalKind.GLUCOSE}
    assert technician.times_asked == 1


async def test_a_wrong_passkey_pairs_nothing_and_costs_no_key() -> None:
    meter = VirtualGlucoseMeter(ADDRESS, bonding=Bonding.PASSKEY, pace=PACE)
    async with cabin(meter) as room:
        await meter.switch_on()
        with pytest.raises(PairingError) as refused:
            await pair(room.radio, ADDRESS, Technician(PASSKEY + 1))
        assert refused.value.problem is PairingProblem.REFUSED
        assert room.virtual.host.removed == []
        await pair(room.radio, ADDRESS, Technician())


async def test_both_sides_show_the_same_number_and_have_to_agree() -> None:
    scale = VirtualScale(ADDRESS, bonding=Bonding.NUMERIC, pace=PACE)
    async with cabin(scale) as room:
        await scale.switch_on()
        technician = Technician()
        await pair(room.radio, ADDRESS, technician)
        assert technician.compared is not None
        assert technician.compared == scale.shown


async def test_a_number_that_differs_is_refused() -> None:
    scale = VirtualScale(ADDRESS, bonding=Bonding.NUMERIC, pace=PACE)
    async with cabin(scale) as room:
        await scale.switch_on()
        with pytest.raises(PairingError):
            await pair(room.radio, ADDRESS, Technician(agrees=False))


async def test_a_device_that_does_not_want_to_pair_says_so() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    cuff.is_pairable = False
    async with cabin(cuff) as room:
        await cuff.switch_on()
        with pytest.raises(PairingError) as refused:
            await pair(room.radio, ADDRESS, Technician())
    assert refused.value.problem is PairingProblem.REFUSED


async def test_a_device_that_does_not_advertise_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "FIND_S", 0.1)
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        with pytest.raises(PairingError) as missing:
            await pair(room.radio, ADDRESS, Technician())
    assert missing.value.problem is PairingProblem.NOT_FOUND


async def test_what_is_no_instrument_is_not_kept() -> None:
    lamp = VirtualLamp(ADDRESS)
    async with cabin(lamp) as room:
        await lamp.switch_on()
        with pytest.raises(PairingError) as refused:
            await pair(room.radio, ADDRESS, Technician())
        assert refused.value.problem is PairingProblem.NO_INSTRUMENT
        assert room.virtual.host.removed == [ADDRESS]


async def test_a_healthy_bond_outlives_being_paired_again() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        await room.pair(cuff)
        cuff.is_pairable = False
        await room.pair(cuff)
        assert room.virtual.host.removed == []


async def test_a_bond_that_the_device_lost_is_removed_and_made_anew() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        await room.pair(cuff)
        await cuff.forget_bond()
        await room.pair(cuff)
        assert room.virtual.host.removed == [ADDRESS]


async def test_a_device_is_paired_again_while_its_instrument_runs() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await room.pair(cuff)
        await cuff.switch_on()
        await seat.ready()


async def test_without_a_radio_there_is_nothing_to_find_and_nothing_to_pair() -> None:
    async with cabin() as room:
        await room.virtual.unplug()
        await eventually(lambda: not room.radio.is_present)
        with pytest.raises(RadioGoneError):
            await scan(room.radio, 0.1)
        with pytest.raises(RadioGoneError):
            await pair(room.radio, ADDRESS, Technician())

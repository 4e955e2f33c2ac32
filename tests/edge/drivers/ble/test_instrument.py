"""Each wireless profile, from the person who begins to the result, over a whole Bluetooth stack."""

from decimal import Decimal
from functools import partial

import pytest

from edge.codecs.instrument import About
from edge.instrument import Heard, Readiness
from tests.edge.drivers.ble.cabin import PACE, Seat, cabin
from tests.edge.waiting import eventually
from tests.fakes.ble.devices import (
    VirtualCuff,
    VirtualGlucoseMeter,
    VirtualHeartStrap,
    VirtualOximeter,
    VirtualScale,
    VirtualThermometer,
)
from tests.fakes.ble.peripheral import Bonding, Person, VirtualDevice
from wire.entries import DeviceState, Flag, VitalKind

ADDRESS = "F0:00:00:00:02:01"


def has_taken(seat: Seat, count: int) -> bool:
    return len(seat.taken) == count


async def test_a_cuff_shows_its_pressure_and_then_the_result() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        seat.begin()
        await cuff.switch_on()
        await seat.ready()
        await cuff.measure()
        await eventually(lambda: seat.taken)
    assert max(live.values["cuff-pressure"] or 0 for live in seat.live) == 180
    (taken,) = seat.taken
    assert taken.values["systolic-pressure"] == 128
    assert taken.flags == frozenset()
    assert seat.comings_and_goings == ["back"]


async def test_a_cuff_tells_what_limits_the_trust_in_its_result() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    cuff.status = 0b101
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        seat.begin()
        await cuff.switch_on()
        await seat.ready()
        await cuff.measure()
        await eventually(lambda: seat.taken)
    assert seat.taken[0].flags == {Flag.MOTION, Flag.IRREGULAR_PULSE}


async def test_a_thermometer_is_switched_on_only_after_it_has_measured() -> None:
    thermometer = VirtualThermometer(ADDRESS, pace=PACE)
    async with cabin(thermometer) as room:
        seat = await room.seated(thermometer)
        seat.begin()
        await thermometer.measure()
        await thermometer.switch_on()
        await eventually(lambda: seat.taken)
    assert seat.taken[0].values["body-temperature"] == Decimal("36.6")


async def test_an_oximeter_streams_and_ends_with_a_spot_check() -> None:
    oximeter = VirtualOximeter(ADDRESS, pace=PACE)
    async with cabin(oximeter) as room:
        seat = await room.seated(oximeter)
        seat.begin()
        await oximeter.switch_on()
        await seat.ready()
        await oximeter.measure()
        await eventually(lambda: seat.taken)
    assert seat.live[0].values["oxygen-saturation"] is None
    assert seat.live[-1].values["oxygen-saturation"] == 97
    assert seat.taken[0].values["oxygen-saturation"] == 97


async def test_a_scale_gives_weight_and_fat_in_two_messages() -> None:
    scale = VirtualScale(ADDRESS, pace=PACE)
    async with cabin(scale) as room:
        seat = await room.seated(scale)
        seat.begin()
        await scale.switch_on()
        await seat.ready()
        await scale.measure()
        await eventually(lambda: len(seat.taken) == 2)
    assert seat.taken[0].values["body-weight"] == Decimal("62.5")
    assert seat.taken[1].values["body-fat"] == Decimal("23.4")


async def test_a_heart_strap_only_ever_streams() -> None:
    strap = VirtualHeartStrap(ADDRESS, pace=PACE)
    async with cabin(strap) as room:
        seat = await room.seated(strap)
        seat.begin()
        await strap.switch_on()
        await seat.ready()
        await strap.measure()
        await eventually(lambda: len(seat.live) == strap.SECONDS)
    assert {live.values["pulse-rate"] for live in seat.live} == {71, 72}
    assert not seat.taken


async def test_a_glucose_meter_is_asked_for_the_record_that_is_new() -> None:
    meter = VirtualGlucoseMeter(ADDRESS, bonding=Bonding.PASSKEY, pace=PACE)
    for _ in range(3):
        meter.keep()
    async with cabin(meter) as room:
        await room.pair(meter)
        meter.clock.reset()
        seat = room.seat(meter)
        await meter.switch_on()
        await seat.ready()
        seat.begin()
        meter.person = Person(glucose_mg_dl=126)
        meter.keep()
        await eventually(lambda: seat.taken)
    (taken,) = seat.taken
    assert taken.sequence == 4
    assert taken.values["glucose"] == Decimal("7.0")


@pytest.mark.parametrize("profile", [VirtualCuff, VirtualScale, VirtualGlucoseMeter])
async def test_the_clock_of_a_device_is_set(profile: type[VirtualDevice]) -> None:
    device = profile(ADDRESS, pace=PACE)
    async with cabin(device) as room:
        seat = await room.seated(device)
        device.clock.reset()
        await device.switch_on()
        await seat.ready()
    assert abs(device.clock.offset.total_seconds()) <= 2


async def test_what_a_device_says_of_itself_is_known_while_nobody_sits_there() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE, battery=77, signal_dbm=-48)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        assert seat.readiness() is Readiness.ASLEEP
        assert seat.battery() is None
        await cuff.switch_on()
        await seat.ready()
        assert seat.instrument.about == About("Ví dụ", "VirtualCuff", "A-1001", "1.2")
        assert seat.battery() == 77
        assert seat.instrument.signal_dbm == -48
        assert seat.state() is DeviceState.OK
        assert seat.instrument.health.detail == "battery 77 %"
    assert seat.news == []


async def test_a_low_battery_shows_in_the_devices_health() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        await cuff.tell_battery(9)
        await cuff.switch_off()
        await seat.asleep()
    assert seat.instrument.health.detail == "battery 9 %, low"


async def test_nothing_is_told_of_what_nobody_began() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        await cuff.measure()
        await eventually(lambda: seat.instrument.refused == 1)
    assert seat.news == []


async def test_nothing_is_told_after_a_measurement_was_cancelled() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        seat.begin()
        seat.instrument.cancel(VitalKind.BLOOD_PRESSURE)
        await cuff.measure()
        await eventually(lambda: seat.instrument.refused == 1)
    assert seat.news == []


async def test_a_second_reading_is_a_new_one() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        for seen in (1, 2):
            seat.begin()
            cuff.person = Person(systolic=120 + seen)
            await cuff.measure()
            await eventually(partial(has_taken, seat, seen))
    assert [taken.values["systolic-pressure"] for taken in seat.taken] == [121, 122]


async def test_a_silent_device_that_nobody_waits_for_is_let_go_and_met_again() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff, idle_s=0.2) as room:
        seat = await room.seated(cuff)
        met_before = cuff.connects
        await cuff.switch_on()
        await seat.ready()
        await seat.asleep()
        seat.begin()
        await seat.ready()
        await cuff.measure()
        await eventually(lambda: seat.taken)
    assert cuff.connects >= met_before + 2


async def test_an_instrument_without_kinds_learns_them() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        await room.pair(cuff)
        seat = room.seat(cuff)
        seat.instrument._kinds = frozenset()
        await cuff.switch_on()
        await seat.ready()
    assert seat.instrument.kinds == {VitalKind.BLOOD_PRESSURE}


async def test_three_devices_are_met_side_by_side() -> None:
    devices = [
        VirtualCuff("F0:00:00:00:02:11", pace=PACE),
        VirtualOximeter("F0:00:00:00:02:12", pace=PACE),
        VirtualThermometer("F0:00:00:00:02:13", pace=PACE),
    ]
    async with cabin(*devices) as room:
        seats = [await room.seated(device) for device in devices]
        for seat in seats:
            seat.begin()
            await seat.device.switch_on()
        for seat in seats:
            await seat.ready()
        for seat in seats:
            await seat.device.measure()
        for seat in seats:
            await eventually(partial(has_taken, seat, 1))
    assert all(isinstance(seat.news[-1], Heard) for seat in seats)

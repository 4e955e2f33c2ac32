"""What goes wrong with a wireless instrument, and that the person is told what is so, and nothing of anybody else's."""

import asyncio
from datetime import timedelta

from edge.instrument import Absence, Readiness
from tests.edge.drivers.ble.cabin import PACE, cabin
from tests.edge.waiting import eventually
from tests.fakes.ble.devices import VirtualCuff, VirtualGlucoseMeter, VirtualThermometer
from tests.fakes.ble.peripheral import Person
from wire.entries import DeviceState, Flag, VitalKind

ADDRESS = "F0:00:00:00:03:01"
SLOW = 0.1
"""Slow enough for something to happen in the middle of a measurement."""


async def test_a_device_that_goes_out_of_range_in_mid_measurement_is_lost_and_comes_back() -> None:
    cuff = VirtualCuff(ADDRESS, pace=SLOW)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        seat.begin()
        cuff.soon(cuff.measure())
        await eventually(lambda: len(seat.live) >= 3)
        await cuff.walk_away()
        await eventually(lambda: seat.comings_and_goings == ["lost"])
        assert seat.readiness() is Readiness.ASLEEP
        assert seat.state() is DeviceState.LOST
        await cuff.switch_on()
        await eventually(lambda: seat.comings_and_goings == ["lost", "back"])
        assert seat.state() is DeviceState.OK
        await eventually(lambda: not cuff.is_measuring)
        cuff.pace = PACE
        seat.begin()
        await cuff.measure()
        await eventually(lambda: seat.taken)


async def test_a_battery_that_dies_is_named_in_the_devices_health() -> None:
    cuff = VirtualCuff(ADDRESS, pace=SLOW)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        seat.begin()
        cuff.soon(cuff.measure())
        await eventually(lambda: seat.live)
        await cuff.tell_battery(3)
        await cuff.die()
        await eventually(lambda: seat.comings_and_goings == ["lost"])
        await cuff.switch_on()
        assert not cuff.is_on
    assert seat.battery() == 3
    assert "battery 3 %, low" in seat.instrument.health.detail


async def test_a_device_that_is_never_switched_on_is_silent() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff, answer_s=0.1) as room:
        seat = await room.seated(cuff)
        seat.begin()
        await eventually(lambda: seat.comings_and_goings == ["silent"])
        await cuff.switch_on()
        await eventually(lambda: seat.comings_and_goings == ["silent", "back"])


async def test_a_connected_device_that_says_nothing_is_silent() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    cuff.is_silent = True
    async with cabin(cuff, measure_s=0.2) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        seat.begin()
        await cuff.measure()
        await eventually(lambda: seat.comings_and_goings == ["silent"])
        cuff.is_silent = False
        await cuff.measure()
        await eventually(lambda: seat.live)


async def test_a_device_that_forgot_its_bond_asks_for_the_technician_and_keeps_its_key() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.forget_bond()
        seat.begin()
        await cuff.switch_on()
        await eventually(lambda: seat.comings_and_goings == ["bond"], timeout_s=40)
        assert seat.readiness() is Readiness.MISSING
        assert seat.state() is DeviceState.FAULT
        assert "pair it again" in seat.instrument.health.detail
        assert room.virtual.host.removed == []


async def test_what_is_begun_on_a_device_without_a_bond_is_told_at_once() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff, bond_rest_s=60.0) as room:
        seat = await room.seated(cuff)
        await cuff.forget_bond()
        await cuff.switch_on()
        await eventually(lambda: seat.readiness() is Readiness.MISSING, timeout_s=40)
        seat.begin()
        assert seat.news == []
        await eventually(lambda: seat.comings_and_goings == ["bond"])


async def test_a_host_that_retries_for_ever_does_not_hide_a_lost_bond() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff, connect_s=60.0, bond_rest_s=60.0) as room:
        seat = await room.seated(cuff)
        connect = room.virtual.device.connect

        async def retry_for_ever(*_arguments: object, **_options: object) -> object:
            return await asyncio.Event().wait()

        room.virtual.device.connect = retry_for_ever  # type: ignore[method-assign,assignment]
        seat.begin()
        await cuff.switch_on()
        await eventually(lambda: room.virtual.host.watched)
        room.virtual.host.watched[0].refusal.set()
        await eventually(lambda: seat.comings_and_goings == ["bond"])
        assert room.virtual.host.removed == []
        room.virtual.device.connect = connect  # type: ignore[method-assign]
        await cuff.switch_off()
        await room.pair(cuff)


async def test_a_device_that_is_paired_anew_measures_again() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.forget_bond()
        await cuff.switch_on()
        await eventually(lambda: seat.readiness() is Readiness.MISSING, timeout_s=40)
        await cuff.switch_off()
        await room.pair(cuff)
        seat.begin()
        await cuff.switch_on()
        await seat.ready()
        await cuff.measure()
        await eventually(lambda: seat.taken)
    assert room.virtual.host.removed == [ADDRESS]


async def test_a_cuff_swapped_under_the_same_address_is_a_fault_and_tells_nothing() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE, serial_number="B-2002")
    async with cabin(cuff) as room:
        seat = await room.seated(cuff, serial_number="A-1001")
        await cuff.keep()
        seat.begin()
        await cuff.switch_on()
        await eventually(lambda: seat.comings_and_goings == ["bond"])
        assert seat.readiness() is Readiness.MISSING
    assert "serial number" in seat.instrument.health.detail
    assert seat.taken == []


async def test_a_cuff_of_the_same_model_is_never_connected() -> None:
    ours = VirtualCuff(ADDRESS, pace=PACE)
    theirs = VirtualCuff("F0:00:00:00:03:02", pace=PACE)
    async with cabin(ours, theirs) as room:
        seat = await room.seated(ours)
        seat.begin()
        await theirs.switch_on()
        await ours.switch_on()
        await seat.ready()
    assert theirs.connects == 0


async def test_a_radio_that_goes_is_told_and_comes_back() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        seat.begin()
        await room.virtual.unplug()
        await eventually(lambda: seat.comings_and_goings == ["radio"])
        assert seat.readiness() is Readiness.MISSING
        assert seat.instrument.health.detail == "the station's radio is gone"
        room.virtual.plug_in()
        await eventually(lambda: seat.comings_and_goings[:2] == ["radio", "back"])
        await seat.ready()
        await cuff.measure()
        await eventually(lambda: seat.taken)
    assert [note.state for note in seat.notes] == [DeviceState.OK, DeviceState.FAULT, DeviceState.OK]


async def test_what_is_begun_without_a_radio_is_told_at_once() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        await room.virtual.unplug()
        seat = room.seat(cuff)
        await eventually(lambda: seat.instrument.health.detail)
        seat.begin()
        await eventually(lambda: seat.comings_and_goings == [Absence.RADIO.value])


async def test_the_unsent_reading_of_an_earlier_person_is_nobodys() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        cuff.clock.offset = timedelta(minutes=-20)
        cuff.person = Person(systolic=181)
        await cuff.keep()
        cuff.clock.offset = timedelta(0)
        seat.begin()
        await cuff.switch_on()
        await seat.ready()
        cuff.person = Person(systolic=117)
        await cuff.measure()
        await eventually(lambda: seat.taken)
    assert [taken.values["systolic-pressure"] for taken in seat.taken] == [117]
    assert seat.instrument.refused == 1


async def test_a_device_whose_clock_begins_at_2000_each_time_does_not_hand_on_a_reading() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE, has_live=False)
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        cuff.clock.reset()
        cuff.person = Person(systolic=181)
        await cuff.keep()
        cuff.person = Person(systolic=182)
        await cuff.keep()
        seat.begin()
        await cuff.switch_on()
        await eventually(lambda: seat.instrument.refused == 2)
        await seat.ready()
    assert seat.taken == []


async def test_a_measurement_seen_live_on_a_device_that_knew_no_time_is_told_untimed() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    cuff.is_stamping = False
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        seat.begin()
        await cuff.measure()
        await eventually(lambda: seat.taken)
    assert Flag.UNTIMED in seat.taken[0].flags


async def test_a_burst_of_stored_readings_without_times_is_nobodys() -> None:
    thermometer = VirtualThermometer(ADDRESS, pace=PACE)
    thermometer.is_stamping = False
    async with cabin(thermometer) as room:
        seat = await room.seated(thermometer)
        await thermometer.measure()
        await thermometer.measure()
        seat.begin()
        await thermometer.switch_on()
        await eventually(lambda: seat.instrument.refused == 2)
    assert seat.taken == []


async def test_a_cuff_that_already_worked_for_somebody_else_gives_the_next_one_nothing() -> None:
    cuff = VirtualCuff(ADDRESS, pace=0.02)
    cuff.is_stamping = False
    async with cabin(cuff) as room:
        seat = await room.seated(cuff)
        await cuff.switch_on()
        await seat.ready()
        seat.begin()
        cuff.soon(cuff.measure())
        await eventually(lambda: len(seat.live) >= 3)
        seat.instrument.cancel(VitalKind.BLOOD_PRESSURE)
        seat.begin()
        await eventually(lambda: seat.instrument.refused == 1)
    assert seat.taken == []


async def test_old_glucose_records_are_nobodys_even_when_the_meter_sends_all_of_them() -> None:
    meter = VirtualGlucoseMeter(ADDRESS, pace=PACE)
    meter.clock.offset = timedelta(hours=-3)
    for _ in range(5):
        meter.keep()
    meter.clock.offset = timedelta(0)
    async with cabin(meter) as room:
        seat = await room.seated(meter)
        seat.begin()
        await meter.switch_on()
        await eventually(lambda: seat.instrument.refused)
        await seat.ready()
    assert seat.taken == []


async def test_two_instruments_cannot_have_one_address() -> None:
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    async with cabin(cuff) as room:
        first = room.seat(cuff)
        await eventually(lambda: room.radio._ears)
        second = room.seat(cuff)
        await eventually(second.task.done)
        assert not first.task.done()
        assert second.task.exception() is not None

"""One link's whole talk, with a device that says what a test puts into its mouth."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

import pytest

from edge.codecs.gatt.characteristics import (
    BATTERY_LEVEL,
    BLOOD_PRESSURE,
    CUFF_PRESSURE,
    CURRENT_TIME,
    DATE_TIME,
    GLUCOSE,
    RECORD_ACCESS,
)
from edge.codecs.gatt.date_time import decode_current_time, decode_date_time
from edge.codecs.gatt.device_information import MANUFACTURER, SERIAL_NUMBER
from edge.drivers.ble import conversation
from edge.drivers.ble.clockwork import RIGHT_MS, station_time, tend_clock
from edge.drivers.ble.conversation import MAX_EARLY, MAX_VALUES_A_SECOND, Conversation
from edge.drivers.ble.errors import LinkError, SwappedError
from edge.drivers.ble.link import Link
from edge.drivers.ble.sieve import Sieve, Told
from tests.edge.conftest import SetClock
from tests.edge.drivers.ble.cabin import QUICK
from tests.edge.drivers.ble.fake_link import FakeLink
from tests.edge.waiting import eventually
from tests.fakes.ble import frames
from tests.fakes.ble.peripheral import stamp_of
from wire.entries import VitalKind

CUFF = {BLOOD_PRESSURE: {"indicate"}, CUFF_PRESSURE: {"notify"}}


class Talk:
    """A conversation over a fake link."""

    def __init__(self, link: FakeLink) -> None:
        self.link = link
        self.clock = SetClock()
        self.sieve = Sieve(hold_ms=100, pace=0.0)
        self.told: list[Told] = []
        self.talk = Conversation(cast("Link", link), self.clock, self.sieve, QUICK, self.told.append)

    async def opened(self, serial_number: str = "") -> None:
        await self.talk.open(serial_number)

    def begin(self, kind: VitalKind = VitalKind.BLOOD_PRESSURE) -> None:
        self.sieve.begin(kind, self.clock.uptime_ms())


def now() -> datetime:
    return datetime.now().astimezone().replace(tzinfo=None)


async def test_a_device_that_refuses_one_characteristic_is_still_of_use() -> None:
    link = FakeLink(CUFF)
    link.refused.add(CUFF_PRESSURE)
    subject = Talk(link)
    await subject.opened()
    assert set(link.ears) == {BLOOD_PRESSURE}


async def test_a_link_that_breaks_while_it_is_opened_is_an_error() -> None:
    link = FakeLink(CUFF)
    link.drop()
    with pytest.raises(LinkError):
        await Talk(link).opened()


async def test_what_a_device_does_not_let_read_is_left_out() -> None:
    readable = {MANUFACTURER: {"read"}, BATTERY_LEVEL: {"read"}}
    link = FakeLink(CUFF | readable, {MANUFACTURER: "Ví dụ".encode(), BATTERY_LEVEL: b"\x20"})
    link.refused.add(MANUFACTURER)
    subject = Talk(link)
    await subject.opened()
    assert subject.talk.about is None
    assert subject.talk.battery == 32


async def test_another_serial_number_is_another_device() -> None:
    link = FakeLink(CUFF | {SERIAL_NUMBER: {"read"}}, {SERIAL_NUMBER: b"B-2\x00"})
    with pytest.raises(SwappedError):
        await Talk(link).opened("A-1")
    await Talk(link).opened("B-2")
    await Talk(link).opened()


async def test_what_comes_before_the_clock_is_known_waits_for_it() -> None:
    clock = {DATE_TIME: {"read", "write"}}
    link = FakeLink(CUFF | clock)
    subject = Talk(link)
    subject.begin()
    shown = now()
    link.values[DATE_TIME] = frames.date_time(stamp_of(shown))
    early = frames.blood_pressure(systolic=120, diastolic=80, at=stamp_of(shown))
    old = frames.blood_pressure(systolic=180, diastolic=99, at=stamp_of(shown - timedelta(hours=1)))
    subscribe = link.subscribe

    async def subscribe_and_say(number: int, hear: Callable[[bytes], None]) -> None:
        await subscribe(number, hear)
        if number == BLOOD_PRESSURE:
            link.say(number, old)
            link.say(number, early)
            assert subject.told == []

    link.subscribe = subscribe_and_say  # type: ignore[method-assign]
    await subject.opened()
    assert [event.kind for event in subject.told] == [VitalKind.BLOOD_PRESSURE]
    assert subject.sieve.refused == 1


async def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "MAX_VALUES_A_SECOND", 100_000)
    link = FakeLink(CUFF)
    subject = Talk(link)
    subscribe = link.subscribe

    async def subscribe_and_say(number: int, hear: Callable[[bytes], None]) -> None:
        await subscribe(number, hear)
        for _ in range(MAX_EARLY):
            link.say(number, frames.cuff_pressure(pressure=10))

    link.subscribe = subscribe_and_say  # type: ignore[method-assign]
    await subject.opened()
    assert subject.talk.damaged == MAX_EARLY


async def test_a_device_that_floods_the_station_is_cut_short() -> None:
    link = FakeLink(CUFF)
    subject = Talk(link)
    await subject.opened()
    subject.begin()
    for _ in range(MAX_VALUES_A_SECOND * 5):
        link.say(CUFF_PRESSURE, frames.cuff_pressure(pressure=10))
    assert len(subject.told) <= MAX_VALUES_A_SECOND * 2
    assert subject.talk.damaged >= MAX_VALUES_A_SECOND * 3


async def test_what_makes_no_sense_is_counted() -> None:
    link = FakeLink(CUFF)
    subject = Talk(link)
    await subject.opened()
    link.say(BLOOD_PRESSURE, b"\xff\x01")
    assert subject.talk.damaged == 1


async def test_a_talk_ends_with_its_link() -> None:
    link = FakeLink(CUFF)
    subject = Talk(link)
    await subject.opened()
    collecting = asyncio.create_task(subject.talk.collect(lambda: True))
    await asyncio.sleep(0)
    link.drop()
    async with asyncio.timeout(5):
        await collecting


async def test_a_talk_ends_when_it_is_told_to() -> None:
    subject = Talk(FakeLink(CUFF))
    await subject.opened()
    collecting = asyncio.create_task(subject.talk.collect(lambda: True))
    await asyncio.sleep(0)
    subject.talk.stop()
    async with asyncio.timeout(5):
        await collecting


async def test_a_meter_that_does_not_answer_is_listened_to_all_the_same() -> None:
    link = FakeLink({GLUCOSE: {"notify"}, RECORD_ACCESS: {"write", "indicate"}})
    link.refused.add(RECORD_ACCESS)
    subject = Talk(link)
    await subject.opened()
    assert GLUCOSE in link.ears


async def test_a_meter_that_does_not_know_the_newest_is_asked_for_all() -> None:
    link = FakeLink({GLUCOSE: {"notify"}, RECORD_ACCESS: {"write", "indicate"}})
    record = frames.glucose(sequence=9, at=stamp_of(now()))
    link.answers[b"\x01\x06"] = [(RECORD_ACCESS, frames.record_answer(1, 4))]
    link.answers[b"\x01\x01"] = [(GLUCOSE, record), (RECORD_ACCESS, frames.record_answer(1))]
    subject = Talk(link)
    await subject.opened()
    assert [value for _, value in link.written] == [b"\x01\x06", b"\x01\x01"]
    assert subject.sieve.newest_sequence == 9


async def test_a_meter_is_asked_again_while_somebody_waits_and_then_only_for_what_is_new() -> None:
    link = FakeLink({GLUCOSE: {"notify"}, RECORD_ACCESS: {"write", "indicate"}})
    none = [(RECORD_ACCESS, frames.record_answer(1, 6))]
    record = frames.glucose(sequence=4, at=stamp_of(now()))
    link.answers[b"\x01\x06"] = [(GLUCOSE, record), (RECORD_ACCESS, frames.record_answer(1))]
    link.answers[b"\x01\x03\x01\x05\x00"] = none
    subject = Talk(link)
    await subject.opened()
    collecting = asyncio.create_task(subject.talk.collect(lambda: True))
    await eventually(lambda: [value for _, value in link.written][1:2] == [b"\x01\x03\x01\x05\x00"])
    link.drop()
    await collecting


@pytest.mark.parametrize("number", [DATE_TIME, CURRENT_TIME])
async def test_a_clock_that_is_wrong_is_set_and_one_that_is_right_is_left_alone(number: int) -> None:
    link = FakeLink({number: {"read", "write"}})
    clock, sieve = SetClock(), Sieve(hold_ms=1)
    for off, writes in ((timedelta(0), 0), (timedelta(minutes=3), 1)):
        stamp = stamp_of(now() + off)
        link.values[number] = frames.date_time(stamp) if number == DATE_TIME else frames.current_time(stamp)
        await tend_clock(cast("Link", link), clock, sieve)
        assert len(link.written) == writes
    value = link.written[0][1]
    at = decode_date_time(value) if number == DATE_TIME else decode_current_time(value).at
    assert at.year == now().year


async def test_a_clock_found_years_off_is_not_believed_and_one_found_right_is() -> None:
    link = FakeLink({DATE_TIME: {"read", "write"}})
    sieve = Sieve(hold_ms=1)
    for off_ms, is_believed in ((0, True), (RIGHT_MS - 5_000, True), (RIGHT_MS + 5_000, False)):
        link.values[DATE_TIME] = frames.date_time(stamp_of(now() + timedelta(milliseconds=off_ms)))
        await tend_clock(cast("Link", link), SetClock(), sieve)
        assert sieve._clock.was_right is is_believed


@pytest.mark.parametrize("value", [b"", b"\x00" * 7, b"\xff" * 7])
async def test_a_clock_that_shows_nonsense_is_set(value: bytes) -> None:
    link = FakeLink({DATE_TIME: {"read", "write"}}, {DATE_TIME: value})
    await tend_clock(cast("Link", link), SetClock(), Sieve(hold_ms=1))
    assert len(link.written) == 1


async def test_a_clock_that_refuses_is_no_reason_to_give_the_device_up() -> None:
    link = FakeLink({DATE_TIME: {"read", "write"}})
    link.refused.add(DATE_TIME)
    await tend_clock(cast("Link", link), SetClock(), Sieve(hold_ms=1))
    assert link.written == []


def test_the_stations_time_is_local_and_whole() -> None:
    clock = SetClock()
    reading = station_time(clock)
    assert reading.at.microsecond == 0
    assert reading.at.tzinfo is None
    assert abs((reading.at - now()).total_seconds()) < 5
    assert 0 <= clock.uptime_ms() - reading.uptime_ms < 5_000

"""Calls over a real bus: each ends in time, and what goes wrong has a name and tells nothing about a device."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbus_fast.annotations import DBusStr
from dbus_fast.service import ServiceInterface, dbus_method

from edge.drivers.ble.errors import RadioGoneError
from edge.drivers.ble.system_bus import BUS, BUS_PATH, BusError, open_bus
from tests.edge.waiting import eventually
from tests.fakes.bluez import ADAPTER, PROPERTIES, FakeBluez, PrivateBus, private_bus

GET_ALL = (f"{PROPERTIES}.GetAll", "s", ["org.bluez.Adapter1"])


class Door(ServiceInterface):
    def __init__(self) -> None:
        super().__init__("test.Door")
        self.knocks = 0

    @dbus_method("Knock")
    def knock(self) -> DBusStr:
        self.knocks += 1
        return "come in"


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBus]:
    with private_bus(tmp_path_factory.mktemp("bus")) as running:
        yield running


async def test_an_answer_comes_without_variants(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address), open_bus(bus.address) as connection:
        [properties] = await connection.call("org.bluez", ADAPTER, *GET_ALL)
    assert properties == {"Address": "C0:FF:EE:00:00:01", "Powered": False, "Discovering": False}


async def test_a_refusal_has_the_errors_name_and_not_its_text(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address), open_bus(bus.address) as connection:
        with pytest.raises(BusError) as refused:
            await connection.call("org.bluez", "/org/bluez/hci7", *GET_ALL)
    assert refused.value.name == "org.freedesktop.DBus.Error.UnknownObject"
    assert str(refused.value) == "GetAll: org.freedesktop.DBus.Error.UnknownObject"
    assert isinstance(refused.value, RadioGoneError)


async def test_a_service_that_does_not_answer_is_given_up_and_its_late_answer_hurts_nobody(
    bus: PrivateBus,
) -> None:
    async with FakeBluez(bus.address) as bluez, open_bus(bus.address) as connection:
        bluez.faults.mute = True
        with pytest.raises(BusError, match="no answer") as silent:
            await connection.call("org.bluez", ADAPTER, *GET_ALL, timeout_s=0.02)
        assert silent.value.name == ""
        bluez.faults.mute = False
        assert await connection.call("org.bluez", ADAPTER, *GET_ALL)


async def test_a_service_that_dies_over_a_call_is_told_at_once(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, open_bus(bus.address) as connection:
        bluez.faults.mute = True
        asked = asyncio.create_task(connection.call("org.bluez", ADAPTER, *GET_ALL))
        await asyncio.wait([asked], timeout=0.05)
        await bluez.kill()
        with pytest.raises(BusError, match="NoReply"):
            await asked


async def test_a_bus_that_dies_over_a_call_is_told_at_once_and_ever_after(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, open_bus(bus.address) as connection:
        bluez.faults.mute = True
        asked = asyncio.create_task(connection.call("org.bluez", ADAPTER, *GET_ALL))
        await asyncio.wait([asked], timeout=0.05)
        bus.end()
        for gone in (asked, connection.closed(), connection.call("org.bluez", ADAPTER, *GET_ALL)):
            with pytest.raises(BusError):
                await gone


async def test_calls_at_the_same_time_get_their_own_answers(bus: PrivateBus) -> None:
    async with open_bus(bus.address) as connection:
        names = [f"test.name{number}" for number in range(20)]
        answers = await asyncio.gather(
            *(connection.call(BUS, BUS_PATH, f"{BUS}.NameHasOwner", "s", [name]) for name in [BUS, *names])
        )
    assert answers == [[True], *([False] for _ in names)]


async def test_nobody_owns_a_name_until_somebody_does(bus: PrivateBus) -> None:
    async with open_bus(bus.address) as connection:
        assert await connection.owner("org.bluez") == ""
        async with FakeBluez(bus.address):
            assert (await connection.owner("org.bluez")).startswith(":1.")


async def test_a_service_that_nobody_knows_how_to_start_is_told(bus: PrivateBus) -> None:
    async with open_bus(bus.address) as connection:
        with pytest.raises(BusError, match="ServiceUnknown"):
            await connection.start("org.bluez", timeout_s=5)


async def test_only_whom_the_door_knows_may_knock(bus: PrivateBus) -> None:
    door, welcome = Door(), set[str]()
    async with open_bus(bus.address) as inside, open_bus(bus.address) as outside:
        inside.export("/door", door, lambda caller: caller in welcome)
        where = inside._connection.unique_name or ""
        with pytest.raises(BusError, match="AccessDenied"):
            await outside.call(where, "/door", "test.Door.Knock")
        assert door.knocks == 0
        welcome.add(outside._connection.unique_name or "")
        assert await outside.call(where, "/door", "test.Door.Knock") == ["come in"]


async def test_signals_are_heard_by_their_rule_and_no_longer_than_wanted(bus: PrivateBus) -> None:
    heard: list[str] = []
    rule = f"sender='org.bluez',path='{ADAPTER}',arg0='org.bluez.Adapter1'"
    async with FakeBluez(bus.address) as bluez, open_bus(bus.address) as connection:
        async with connection.listening([rule], lambda message: heard.append(message.member or "")):
            bluez.add_device("AA:BB:CC:00:00:01", is_bonded=False)
            bluez.set_adapter(Discovering=True)
            await eventually(lambda: "PropertiesChanged" in heard)
        assert "InterfacesAdded" not in heard
        heard.clear()
        bluez.set_adapter(Discovering=False)
        await connection.call("org.bluez", ADAPTER, *GET_ALL)
    assert heard == []


@pytest.mark.parametrize(
    "address", ["unix:path={}/none", "nonsense", "unix:path={}", "tcp:host=127.0.0.1,port=1"]
)
async def test_a_bus_that_is_not_there_is_one_kind_of_error(tmp_path: Path, address: str) -> None:
    with pytest.raises(BusError, match="no D-Bus"):
        async with open_bus(address.format(tmp_path)):
            pass

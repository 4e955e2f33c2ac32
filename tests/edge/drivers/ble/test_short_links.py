"""Links that end at once, as BlueZ tells of them when a device has lost its key."""

import asyncio
from collections.abc import Iterator

import pytest
from dbus_fast import Message, Variant

from edge.drivers.ble.agent import PairingAgent
from edge.drivers.ble.bluez import BluezHost
from edge.drivers.ble.errors import RadioGoneError
from edge.drivers.ble.short_links import REFUSALS, SHORT_LINK_S, ShortLinks
from tests.edge.waiting import eventually
from tests.fakes.bluez import FakeBluez, PrivateBus, private_bus

PATH = "/org/bluez/hci0/dev_AA_BB_CC_00_00_01"
OTHER_PATH = "/org/bluez/hci0/dev_AA_BB_CC_00_00_02"
ADDRESS = "AA:BB:CC:00:00:01"


class Hearing:
    """Short links with a clock of the test's own."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.links = ShortLinks(PATH, lambda: self.now_s)

    def told(self, path: str = PATH, **changed: bool) -> None:
        properties = {name: Variant("b", value) for name, value in changed.items()}
        self.links.hear(
            Message.new_signal(
                path=path,
                interface="org.freedesktop.DBus.Properties",
                member="PropertiesChanged",
                signature="sa{sv}as",
                body=["org.bluez.Device1", properties, []],
            )
        )

    def link(self, seconds: float = 0.1, path: str = PATH) -> None:
        self.told(path, Connected=True)
        self.now_s += seconds
        self.told(path, Connected=False)
        self.now_s += 0.8


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBus]:
    with private_bus(tmp_path_factory.mktemp("bus")) as running:
        yield running


async def is_refused(hearing: Hearing) -> bool:
    refused = asyncio.ensure_future(hearing.links.refused())
    done, _ = await asyncio.wait([refused], timeout=0.01)
    refused.cancel()
    return bool(done)


async def test_enough_links_that_end_at_once_are_a_refusal() -> None:
    hearing = Hearing()
    for _ in range(REFUSALS - 1):
        hearing.link()
    assert not await is_refused(hearing)
    hearing.link()
    assert await is_refused(hearing)
    assert hearing.links.count == REFUSALS


async def test_one_link_that_lasts_makes_the_count_begin_anew() -> None:
    hearing = Hearing()
    for _ in range(REFUSALS - 1):
        hearing.link()
    hearing.link(SHORT_LINK_S)
    hearing.link()
    assert hearing.links.count == 1
    assert not await is_refused(hearing)


async def test_services_that_were_found_prove_the_key() -> None:
    hearing = Hearing()
    for _ in range(REFUSALS * 2):
        hearing.told(Connected=True)
        hearing.told(ServicesResolved=True)
        hearing.told(ServicesResolved=False, Connected=False)
    assert hearing.links.count == 0


async def test_another_device_and_other_news_do_not_count() -> None:
    hearing = Hearing()
    for _ in range(REFUSALS):
        hearing.link(path=OTHER_PATH)
        hearing.told(Trusted=True)
        hearing.told(Connected=False)
    assert hearing.links.count == 0


async def test_the_host_watches_one_device_while_it_is_asked_to(bus: PrivateBus) -> None:
    host = BluezHost("hci0", PairingAgent(), bus_address=bus.address)
    with pytest.raises(RadioGoneError):
        async with host.watching_links(ADDRESS):
            pass
    async with FakeBluez(bus.address) as bluez:
        run = asyncio.create_task(host.run())
        await eventually(lambda: host.is_present)
        path = bluez.add_device(ADDRESS, is_bonded=True)
        async with host.watching_links(ADDRESS) as links:
            for _ in range(REFUSALS):
                bluez.set_device(path, Connected=True)
                bluez.set_device(path, Connected=False)
            async with asyncio.timeout(5):
                await links.refused()
        run.cancel()
        await asyncio.wait([run])
    assert links.count == REFUSALS

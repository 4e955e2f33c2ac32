"""Stories of the way to the cloud: what breaks in the field, against a real broker."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.edge.uplink.conftest import (
    Station,
    broker_settings,
    eventually,
    running_station,
)
from tests.fakes.cloud import FakeCloud, running_cloud
from tests.rig.broker import Broker
from tests.rig.proxy import running_proxy
from wire.entries import DeviceChanged
from wire.topics import Lane

pytestmark = pytest.mark.story


def is_quiet(caplog: pytest.LogCaptureFixture) -> bool:
    """Nothing was complained about by the event loop itself: no forgotten task, no dead file descriptor."""
    return not [record for record in caplog.records if record.name == "asyncio"]


async def test_the_broker_is_killed_in_the_middle(
    broker: Broker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A tower sends events while presses come in. The broker dies by SIGKILL, twice, and forgets what it held. Nothing is
    lost, nothing forgotten without a receipt, and every lane arrives in its order.
    """
    with running_cloud(broker) as cloud:
        async with running_station(tmp_path, broker_settings(broker)) as station:
            for round_number in range(2):
                await eventually(lambda: station.uplink.connected)
                working = asyncio.create_task(append_events(station, round_number))
                await asyncio.sleep(0.3)
                broker.kill()
                await station.press(f"board.{round_number}.1")
                await eventually(lambda: not station.uplink.connected)
                broker.start()
                await working
            assert await station.uplink.drain(20)
            assert [entry.seq for entry in cloud.firsts(Lane.SOS)] == [1, 2]
            assert [entry.seq for entry in cloud.firsts(Lane.EVENT)] == list(range(1, 801))
            assert_order_per_source(cloud)
    assert is_quiet(caplog)


async def append_events(station: Station, start: int) -> None:
    for number in range(40):
        await station.note(*(f"s{worker}.{start * 40 + number}" for worker in range(10)))


def assert_order_per_source(cloud: FakeCloud) -> None:
    seen: dict[str, int] = {}
    for entry in cloud.firsts(Lane.EVENT):
        assert isinstance(entry.body, DeviceChanged)
        source, _, number = entry.body.device.partition(".")
        assert int(number) > seen.get(source, -1)
        seen[source] = int(number)


async def test_a_frozen_broker_is_found_within_ten_seconds(
    broker: Broker, cloud: FakeCloud, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The broker stops (SIGSTOP): its sockets stay open and nobody answers. Without anything to send the station notices
    by its own heartbeat. When the broker goes on, the press of that time arrives.
    """
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await eventually(lambda: bool(cloud.heartbeats))
        broker.pause()
        try:
            frozen_s = time.monotonic()
            await eventually(lambda: not station.uplink.connected, 12)
            assert time.monotonic() - frozen_s < 10
            await station.press("board.1.1")
        finally:
            broker.resume()
        assert await station.uplink.drain(20)
        assert [entry.seq for entry in cloud.firsts(Lane.SOS)] == [1]
    assert is_quiet(caplog)


async def test_a_press_finds_a_half_open_link_and_its_way_around(
    broker: Broker, cloud: FakeCloud, tmp_path: Path
) -> None:
    """The line freezes without telling anyone; somebody presses. The missing PUBACK gives the link up after seconds, and
    as soon as the line is mended the press goes out, long before the back-off would have tried.
    """
    with running_proxy(broker.port) as line:
        async with running_station(tmp_path, broker_settings(broker, port=line.port)) as station:
            await eventually(lambda: station.uplink.connected)
            line.freeze()
            await station.press("board.1.1")
            await eventually(lambda: not station.uplink.connected, 10)
            line.cut()
            await asyncio.sleep(1)
            line.mend()
            mended_s = time.monotonic()
            await eventually(lambda: bool(cloud.firsts(Lane.SOS)))
            assert time.monotonic() - mended_s < 2
            assert await station.uplink.drain(10)


async def test_a_backlog_of_20000_drains_in_order_and_a_press_overtakes_it(
    broker: Broker, tmp_path: Path
) -> None:
    """A station was offline for a day. When the line is back everything drains in order, once, with lost and doubled
    receipts on the way; a press in the middle does not wait for the rest.
    """
    with running_proxy(broker.port) as line:
        line.cut()
        async with running_station(tmp_path, broker_settings(broker, port=line.port)) as station:
            for start in range(0, 20_000, 2_000):
                await station.note(*(f"s{n % 7}.{n}" for n in range(start, start + 2_000)))
            with running_cloud(broker) as cloud:
                cloud.faults.repeat = 2
                line.mend()
                await eventually(lambda: len(cloud.firsts(Lane.EVENT)) > 2_000, 20)
                cloud.faults.withhold = 1
                await station.press("board.1.1")
                await eventually(lambda: bool(cloud.firsts(Lane.SOS)))
                assert await station.uplink.drain(30)
                assert [entry.seq for entry in cloud.firsts(Lane.EVENT)] == list(range(1, 20_001))
                assert_order_per_source(cloud)
                press = next(arrival for arrival in cloud.arrivals if arrival.lane is Lane.SOS)
                behind = [
                    arrival
                    for arrival in cloud.arrivals
                    if arrival.lane is Lane.EVENT and arrival.is_first and arrival.at_s > press.at_s
                ]
                assert len(behind) > 5_000

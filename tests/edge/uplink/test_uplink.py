"""The way of an entry to the cloud and back, on a real broker."""

from pathlib import Path

import pytest

from tests.edge.uplink.conftest import broker_settings, eventually, running_station
from tests.fakes.cloud import FakeCloud
from tests.rig.broker import Broker
from wire.topics import Lane


@pytest.mark.parametrize("version", [3, 5])
async def test_a_press_travels_to_its_receipt(
    broker: Broker, cloud: FakeCloud, tmp_path: Path, version: int
) -> None:
    async with running_station(tmp_path, broker_settings(broker, version=version)) as station:
        await eventually(lambda: station.uplink.connected)
        await station.press("board.1.1")
        await eventually(lambda: len(station.receipts) == 1)
        assert await station.uplink.drain(5)
        assert [entry.seq for entry in cloud.firsts(Lane.SOS)] == [1]
        assert station.uplink.last_receipt_at_ms is not None
        assert cloud.births[-1].journal == station.journal.journal_id
    await eventually(lambda: len(cloud.deaths) == 1)

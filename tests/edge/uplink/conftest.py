"""A station's journal and uplink on a real broker, with a fake of the cloud's consumer."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.journal.journal import Journal, open_journal
from edge.journal.records import MIB, Limits
from edge.settings import BrokerSettings
from edge.uplink.uplink import Uplink
from tests.fakes.cloud import FakeCloud, running_cloud
from tests.rig.broker import HOST, Broker
from wire.entries import DeviceChanged, DeviceState, SosPressed
from wire.messages import Birth, Command, Heartbeat, Outcome, Receipt
from wire.topics import Lane

STATION = "tower-a-1"
BOOT = secrets.token_hex(16)


@dataclass
class Station:
    """One running journal and uplink, and what was asked of the station."""

    journal: Journal
    uplink: Uplink
    receipts: list[Receipt] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    outcome: Callable[[Command], tuple[Outcome, str] | None] = lambda _: (Outcome.DONE, "")

    async def press(self, name: str) -> int:
        body = SosPressed(button="standing", source=name)
        return (await self.journal.append(Lane.SOS, body, at_ms=1, uptime_ms=1, source=name)).seq

    async def note(self, *names: str) -> None:
        """Append events, several at once."""
        bodies = [DeviceChanged(device=name, state=DeviceState.OK) for name in names]
        await asyncio.gather(
            *(self.journal.append(Lane.EVENT, body, at_ms=1, uptime_ms=1) for body in bodies)
        )


def broker_settings(broker: Broker, *, port: int | None = None, version: int = 5) -> BrokerSettings:
    leaf = broker.certificate(STATION)
    return BrokerSettings(
        host=HOST,
        port=port or broker.port,
        ca=broker.ca_path,
        certificate=leaf.certificate,
        key=leaf.key,
        mqtt_version=3 if version == 3 else 5,
        keepalive_s=5,
    )


def birth(journal: Journal) -> Birth:
    return Birth(station=STATION, journal=journal.journal_id, boot=BOOT, at_ms=1, release="0.1")


def heartbeat() -> Heartbeat:
    return Heartbeat(station=STATION, boot=BOOT, at_ms=1, uptime_ms=1, loop_lag_ms=0, disk_free_bytes=1)


@asynccontextmanager
async def running_station(
    directory: Path, settings: BrokerSettings, *, heartbeat_interval_s: float = 5.0
) -> AsyncIterator[Station]:
    limits = Limits(max_bytes=64 * MIB, reserve_bytes=MIB)
    async with open_journal(directory / "journal.db", limits, boot=BOOT) as journal:
        station: Station

        async def on_receipt(receipt: Receipt) -> None:
            station.receipts.append(receipt)

        async def on_command(command: Command) -> tuple[Outcome, str] | None:
            station.commands.append(command)
            return station.outcome(command)

        uplink = Uplink(
            settings,
            STATION,
            journal,
            clock=SystemClock(),
            on_receipt=on_receipt,
            on_command=on_command,
            birth=lambda: birth(journal),
            heartbeat=heartbeat,
            heartbeat_interval_s=heartbeat_interval_s,
        )
        station = Station(journal, uplink)
        task = asyncio.create_task(uplink.run(), name="uplink")
        try:
            yield station
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if not task.cancelled() and task.exception() is not None:
                raise task.exception() or AssertionError


async def eventually(condition: Callable[[], bool], timeout_s: float = 10) -> None:
    """Return as soon as a condition holds; fail when it does not in time."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - the fake's lists are written by another thread
            await asyncio.sleep(0.01)


@pytest.fixture
def cloud(broker: Broker) -> Iterator[FakeCloud]:
    with running_cloud(broker) as running:
        yield running

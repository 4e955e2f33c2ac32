"""A whole station in the test's own loop, with clocks that can be set."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from edge.clock import SystemClock
from edge.sd_notify import Notifier
from edge.station import run_station
from firmware_bridge.messages import LampPattern
from tests.edge.waiting import eventually
from tests.fakes.board import FakeBoard
from tests.fakes.modem import FakeModem
from tests.rig.broker import Broker, running_broker
from tests.rig.processes import free_port
from tests.rig.station import read_settings, write_settings


class SetClock(SystemClock):
    """The machine's clocks, and what a test adds to them."""

    def __init__(self) -> None:
        super().__init__()
        self.wall_shift_ms = 0
        self.uptime_shift_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.wall_shift_ms

    def uptime_ms(self) -> int:
        return super().uptime_ms() + self.uptime_shift_ms


@dataclass
class LocalStation:
    """What stands around the station that runs in this loop."""

    board: FakeBoard
    modem: FakeModem
    clock: SetClock
    config: Path


class RunStation(Protocol):
    """Runs the test's station (again); `broker` None: nobody answers at its address."""

    def __call__(
        self, broker: Broker | None = None, *, extra: str = ""
    ) -> AbstractAsyncContextManager[LocalStation]: ...


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker for the certificates, and for those who want to be connected."""
    with running_broker(tmp_path_factory.mktemp("edge-broker")) as broker:
        yield broker


@pytest.fixture
def run_local(tmp_path: Path, certified: Broker) -> RunStation:
    clock = SetClock()

    @asynccontextmanager
    async def run(broker: Broker | None = None, *, extra: str = "") -> AsyncIterator[LocalStation]:
        name = f"local-{abs(hash(tmp_path)):x}"[:20]
        port = broker.port if broker else free_port()
        config = write_settings(tmp_path, certified, name, modem=True, port=port, extra=extra)
        stop = asyncio.Event()
        async with AsyncExitStack() as stack:
            board = await stack.enter_async_context(FakeBoard(tmp_path / "board"))
            modem = await stack.enter_async_context(FakeModem(tmp_path / "modem"))
            task = asyncio.create_task(
                run_station(read_settings(config), Notifier({}), clock=clock, stop=stop), name="station"
            )
            try:
                await eventually(lambda: board.lamp is not LampPattern.FAULT or task.done())
                yield LocalStation(board, modem, clock, config)
            finally:
                stop.set()
                await task

    return run

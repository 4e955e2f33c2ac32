"""One tower, one cloud, one console: the stage on which most stories play."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.rig.broker import Broker, running_broker
from tests.rig.cloud import Cloud, running_cloud, sample_places
from tests.rig.console import Console
from tests.rig.proxy import Proxy, running_proxy
from tests.rig.tower import Station
from tests.story.faults import Outcome, stored_sources

SETTLE_S = 60


async def until(condition: Callable[[], Awaitable[bool]], what: str, timeout_s: float = 20) -> None:
    """Return when `condition` holds; TimeoutError names `what` when it does not in time."""
    deadline = time.monotonic() + timeout_s
    while not await condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        await asyncio.sleep(0.02)


@dataclass(slots=True)
class Scene:
    """What stands on the stage, and the names of the presses so far."""

    broker: Broker
    cloud: Cloud
    line: Proxy
    station: Station
    console: Console
    pressed: list[str] = field(default_factory=list)

    async def press(self) -> float:
        """Press and release the button; return the time (monotonic, s)."""
        pressed_at = time.monotonic()
        event = self.station.board.press()
        assert event is not None, "the button was still down, or the board's memory is full"
        self.pressed.append(f"{self.station.station}/{event}")
        await asyncio.sleep(0.1)
        self.station.board.release()
        await asyncio.sleep(0.1)
        return pressed_at

    async def all_shown(self, since: float, timeout_s: float = SETTLE_S) -> float:
        """Wait until every press so far is on the console; return the seconds since `since`."""
        await self.console.wait_for(self.station.station, len(self.pressed), timeout_s)
        return time.monotonic() - since

    async def card(self) -> dict[str, Any]:
        """Return the one incident's card as the API has it now."""
        (card,) = self.console.cards.values()
        found: dict[str, Any] = (await self.console.detail(card["id"]))["card"]
        return found

    async def outcome(self, fault: str, heals_s: float) -> Outcome:
        """Compare what was pressed with what is stored; assert that each press is there once."""
        stored = await asyncio.to_thread(stored_sources, self.cloud)
        found = Outcome(fault, len(self.pressed), len(stored), sum(n - 1 for n in stored.values()), heals_s)
        assert set(stored) == set(self.pressed), fault
        assert found.doubled == 0, fault
        return found


@asynccontextmanager
async def one_tower(directory: Path, **options: Any) -> AsyncIterator[Scene]:
    """Set the stage below `directory`; `options` are the station's."""
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(running_broker(directory / "broker"))
        places = sample_places(1)
        cloud = stack.enter_context(running_cloud(directory / "cloud", broker, places))
        line = stack.enter_context(running_proxy(broker.port))
        name = places[0].station
        station = Station(directory / name, name, broker, port=line.port, **options)
        await stack.enter_async_context(station)
        console = await stack.enter_async_context(Console(cloud))
        scene = Scene(broker, cloud, line, station, console)
        yield scene

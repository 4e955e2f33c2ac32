"""A small city for demo and benchmarks: broker, cloud, virtual stations, in one temporary directory."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.rig.beyond import running_beyond
from tests.rig.broker import Broker, running_broker
from tests.rig.cloud import Cloud, running_cloud, sample_places
from tests.rig.counter import Counter, Holder
from tests.rig.money import Money, Payer
from tests.rig.portal import Portal
from tests.rig.processes import free_port
from tests.rig.room import cabin_sections
from tests.rig.screen import Screen
from tests.rig.station import VIRTUAL_CABIN
from tests.rig.tower import Station

_WATCH_S = 0.002
_PACE_S = 10.0
"""So often somebody at a far end takes the next step of each case."""


@dataclass(slots=True)
class City:
    """What runs: use `press` and look at the rest."""

    broker: Broker
    cloud: Cloud
    stations: list[Station]
    kiosk: int | None = None
    """Port of the screen of the first station, when it has a cabin."""
    counter: Counter | None = None
    """Where that station's citizens lay their cards on."""
    portal: Portal | None = None
    """Where dossiers go that are submitted at that station."""
    far_ends: dict[str, str] = field(default_factory=dict)
    """Where everything else goes: addresses by the connectors' names."""
    money: Money | None = None
    """Whom its citizens pay."""
    pressed: dict[str, list[int]] = field(default_factory=dict)
    """For each station, `time.monotonic_ns()` at which its 1st, 2nd, ... press left the board."""
    receipt_ms: list[float] = field(default_factory=list)

    async def press(self, station: Station, receipt_timeout_s: float = 30) -> None:
        """Press and release one station's button, and note when its journal has the cloud's receipt."""
        event = station.board.press()
        assert event is not None, "the button was still down"
        pressed_ns = station.board.first_byte_ns.get(event, time.monotonic_ns())
        self.pressed.setdefault(station.station, []).append(pressed_ns)
        for _ in range(int(receipt_timeout_s / _WATCH_S)):
            await asyncio.sleep(_WATCH_S)
            if station.is_receipted(event):
                self.receipt_ms.append((time.monotonic_ns() - pressed_ns) / 1e6)
                break
        station.board.release()

    def press_count(self) -> int:
        """Return how often a button was pressed."""
        return sum(len(times) for times in self.pressed.values())


@asynccontextmanager
async def running_city(
    directory: Path,
    *,
    stations: int,
    map_path: Path | None = None,
    has_cabin: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[City]:
    """Start a city below `directory` and end it, in order, with the context."""
    async with AsyncExitStack() as stack:
        say("broker")
        broker = stack.enter_context(running_broker(directory / "broker"))
        others = stack.enter_context(running_beyond(directory, pace_s=_PACE_S)) if has_cabin else None
        say("cloud")
        places = sample_places(stations)
        cloud = stack.enter_context(
            running_cloud(
                directory / "cloud",
                broker,
                places,
                map_path=map_path,
                extra="" if others is None else others.section,
                has_counter=has_cabin,
            )
        )
        if others is not None:
            others.money.bank.notice_url = f"{cloud.url}/api/pay/bank"
        say(f"{stations} stations")
        kiosk = free_port() if has_cabin else None
        counter = stack.enter_context(Counter(directory / "counter")) if has_cabin else None
        started = []
        for number, place in enumerate(places):
            at = directory / place.station
            more = _cabin(at, kiosk, counter) if number == 0 and kiosk and counter else {}
            started.append(Station(at, place.station, broker, **more))
        for station in started:
            await stack.enter_async_context(station)
        city = City(broker, cloud, started, kiosk, counter)
        if kiosk is not None and counter is not None and others is not None:
            screen = await stack.enter_async_context(Screen(kiosk))
            Holder(counter, screen)
            Payer(others.money, screen)
            city.portal, city.far_ends, city.money = others.portal, others.urls, others.money
        yield city


def _cabin(directory: Path, kiosk: int, counter: Counter) -> dict[str, Any]:
    """Return what makes a station one with a virtual cabin and card reader; its cuff takes half the time of a real one."""
    return {
        "extra": cabin_sections(directory, kiosk, rest_s=10) + counter.section() + counter.services(),
        "environment": counter.environment,
        "program": [*VIRTUAL_CABIN, "--pace", "0.5"],
    }


async def people_pressing(
    city: City,
    press: Callable[[Station], Awaitable[None]],
    *,
    presses: int | None,
    gap_s: tuple[float, float],
) -> None:
    """Let somebody press a button now and then, by `press`: so many times, or until cancelled.

    Not where somebody may be trying the screen, if there are others: a call for help lies over everything there.
    """
    pressed = city.stations[1:] if city.kiosk is not None and len(city.stations) > 1 else city.stations
    done = 0
    while presses is None or done < presses:
        await press(random.choice(pressed))
        done += 1
        await asyncio.sleep(random.uniform(*gap_s))

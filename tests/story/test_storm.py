"""200 presses at five towers while everything between button and officer is killed again and again.

People press. Meanwhile somebody pulls the plug of the broker, of the database, of an ingest, of a station's computer, of
the consoles' API, and cuts the network, over and over. When the storm is over every press is in the store once, and both
officers' consoles show each of them once.
"""

import asyncio
import os
import random
import signal
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from tests.rig.broker import Broker, running_broker
from tests.rig.cloud import Cloud, running_cloud, sample_places
from tests.rig.console import Console
from tests.rig.postgres import Postgres
from tests.rig.processes import Process, RigError
from tests.rig.proxy import Proxy, running_proxy
from tests.rig.tower import Station
from tests.story.faults import FaultTable, Outcome, stored_sources

pytestmark = [pytest.mark.story, pytest.mark.timeout(420)]

PRESSES = 200
STATIONS = 5
BLOWS = 15
_CALM_S = 150


async def test_every_press_of_the_storm_is_stored_and_shown_once(
    tmp_path: Path, postgres: Postgres, faults: FaultTable
) -> None:
    dice = random.Random(7)
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(running_broker(tmp_path / "broker", ingest_workers=2))
        places = sample_places(STATIONS)
        cloud = stack.enter_context(
            running_cloud(tmp_path / "cloud", broker, places, database=postgres.create_database())
        )
        line = stack.enter_context(running_proxy(broker.port))
        stations = [
            await stack.enter_async_context(
                Station(tmp_path / place.station, place.station, broker, port=line.port)
            )
            for place in places
        ]
        consoles = [
            await stack.enter_async_context(Console(cloud, role)) for role in ("duty_officer", "city_desk")
        ]

        people = [asyncio.create_task(_press_often(station, PRESSES // STATIONS)) for station in stations]
        await _storm(dice, broker, cloud, postgres, line, stations)
        pressed = {source for sources in await asyncio.gather(*people) for source in sources}
        calm = time.monotonic()

        for console in consoles:
            for station in stations:
                await console.wait_for(station.station, PRESSES // STATIONS, _CALM_S)
        healed_s = time.monotonic() - calm

        stored = await asyncio.to_thread(stored_sources, cloud)
        doubled = sum(count - 1 for count in stored.values())
        faults.add(
            Outcome(
                f"{BLOWS} blows: daemon, broker, ingest, API, database killed, network cut",
                len(pressed),
                len(stored),
                doubled,
                healed_s,
            )
        )
        assert len(pressed) == PRESSES
        assert set(stored) == pressed
        assert doubled == 0
        for console in consoles:
            assert sum(console.on_screen(station.station) for station in stations) == PRESSES


async def _press_often(station: Station, count: int) -> list[str]:
    """Press like people do, never waiting for an answer; return the names of the presses."""
    sources: list[str] = []
    while len(sources) < count:
        event = station.board.press()
        if event is not None:
            sources.append(f"{station.station}/{event}")
        await asyncio.sleep(0.15)
        station.board.release()
        await asyncio.sleep(0.75)
    return sources


async def _storm(
    dice: random.Random,
    broker: Broker,
    cloud: Cloud,
    postgres: Postgres,
    line: Proxy,
    stations: list[Station],
) -> None:
    blows = [
        lambda: _bounce(broker),
        lambda: _bounce_database(postgres),
        lambda: _kill_role(cloud, "ingest"),
        lambda: _kill_role(cloud, "api"),
        lambda: _bounce(dice.choice(stations).daemon),
        lambda: _cut(line),
    ]
    for number in range(BLOWS):
        await asyncio.to_thread(blows[number % len(blows)])
        await asyncio.sleep(dice.uniform(0.5, 1.5))


def _bounce(process: Process) -> None:
    process.kill()
    time.sleep(0.5)
    process.spawn()


def _bounce_database(postgres: Postgres) -> None:
    """Kill the server as a power cut would; its orphans need a moment before it can start again."""
    postgres.kill()
    for _ in range(20):
        time.sleep(0.5)
        with suppress(RigError):
            postgres.start()
            return
    raise RigError("the database did not come back")


def _kill_role(cloud: Cloud, role: str) -> None:
    """Kill one role's process; `tcds-cloud up` starts it again."""
    children = Path(f"/proc/{cloud.pid}/task/{cloud.pid}/children").read_text().split()
    for child in children:
        command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if role.encode() in command:
            os.kill(int(child), signal.SIGKILL)
            return


def _cut(line: Proxy) -> None:
    line.cut()
    time.sleep(1.0)
    line.mend()

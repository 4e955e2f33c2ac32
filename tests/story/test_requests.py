"""What becomes of a dossier between the station that it was submitted at and the office that decides, over real daemons.

A person submits at a station; the centre has it within moments, and brings it to the portal. Officials there want a paper
that is missing; the station learns of it and says so with a command that it answers. The person brings the paper, an
official decides, and the station knows that too. Meanwhile the portal goes away, and so does the process that carries
requests; what was submitted then waits, and nothing of it is lost or done twice. Whoever presses SOS during all of that
is on the officers' console as soon as ever.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cloud.connectors.simulators.faults import Faults
from cloud.connectors.simulators.manners import READY, SUPPLEMENT, TAKEN
from cloud.store.engine import open_engine
from tests.rig.broker import running_broker
from tests.rig.cloud import Cloud, running_cloud, sample_places
from tests.rig.console import Console
from tests.rig.portal import Portal, running_portal
from tests.rig.submitter import Submitter
from tests.rig.tower import Station
from wire.entries import RequestAction

pytestmark = [pytest.mark.story, pytest.mark.timeout(240)]

MEANWHILE = 12
"""Dossiers that people submit while something is broken."""

SOS_LIMIT_S = 6.0
"""A press is on the console in a tenth of a second; this much allows for a busy machine, and for no queue before it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One tower with an SOS button, one station where people submit, the centre, and the portal."""

    cloud: Cloud
    portal: Portal
    tower: Station
    counter: Submitter
    console: Console

    async def press(self) -> float:
        """Press the tower's button; return the seconds until the press stands on the console."""
        before = self.console.on_screen(self.tower.station)
        started = time.monotonic()
        assert self.tower.board.press() is not None
        await self.console.wait_for(self.tower.station, before + 1)
        took_s = time.monotonic() - started
        self.tower.board.release()
        return took_s

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the store itself."""
        engine = open_engine(self.cloud.database)
        try:
            with engine.begin() as connection:
                return [tuple(row) for row in connection.execute(text(statement))]
        finally:
            engine.dispose()

    def has_cases(self, count: int) -> bool:
        """Whether the portal has at least so many cases."""
        return len(self.portal.desk.cases) >= count

    async def at_the_portal(self, *requests: str, timeout_s: float = 60) -> None:
        """Wait until the portal has these requests."""
        await self.counter.until(
            lambda: all(self.portal.number_of(request) for request in requests),
            "requests at the portal",
            timeout_s,
        )

    async def official(self, request: str, status: str, **more: Any) -> None:
        """Let an official change a case."""
        await asyncio.to_thread(self.portal.official, request, status, **more)

    async def known(self, request: str, state: str) -> None:
        """Wait until the station that it was submitted at knows how a request stands."""
        await self.counter.until(lambda: self.counter.state(request) == state, f"the station knows {state}")


@asynccontextmanager
async def on_stage(directory: Path) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(running_broker(directory / "broker"))
        portal = stack.enter_context(running_portal(directory / "portal"))
        places = sample_places(2)
        cloud = stack.enter_context(
            running_cloud(directory / "cloud", broker, places, extra=portal.section(first_poll_s=1))
        )
        tower, counter = (place.station for place in places)
        station = await stack.enter_async_context(Station(directory / tower, tower, broker))
        submitter = await stack.enter_async_context(Submitter(directory / counter, counter, broker))
        console = await stack.enter_async_context(Console(cloud))
        yield Scene(cloud, portal, station, submitter, console)


async def test_a_dossier_goes_its_way_while_the_portal_does_not_always(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as scene:
        request = await scene.counter.submit()
        await scene.at_the_portal(request)
        await scene.official(request, TAKEN)
        await scene.known(request, "received")

        await scene.official(request, SUPPLEMENT, reason="document-missing")
        await scene.known(request, "supplement-wanted")
        assert scene.counter.told[request][-1].reason == "document-missing"

        await asyncio.to_thread(scene.portal.go_away)
        paper = await scene.counter.amend(request, RequestAction.SUPPLEMENT)
        waiting = [await scene.counter.submit() for _ in range(MEANWHILE)]
        await scene.known(request, "supplemented")
        assert await scene.press() < SOS_LIMIT_S
        await scene.counter.until(lambda: scene.counter.depth() == 0, "the centre has all that was submitted")
        assert all(scene.portal.number_of(each) is None for each in waiting)

        await asyncio.to_thread(scene.portal.come_back)
        await scene.at_the_portal(request, *waiting)
        await scene.counter.until(lambda: scene.portal.number_of(paper) is not None, "the paper")
        await scene.known(request, "processing")
        assert await scene.press() < SOS_LIMIT_S
        await scene.official(request, READY, decision="granted")
        await scene.known(request, "result-ready")

        number = scene.portal.number_of(request)
        assert scene.portal.number_of(paper) == number, "what came later is in the same case"
        assert len(scene.portal.desk.cases) == 1 + MEANWHILE, "nothing made a second case"
        assert scene.rows("SELECT count(*), count(DISTINCT tracking) FROM request") == [
            (1 + MEANWHILE, 1 + MEANWHILE)
        ]
        assert scene.rows("SELECT count(*) FROM errand WHERE state <> 'done'") == [(0,)]
        events = scene.rows(f"SELECT verb FROM request_event WHERE request = '{request}' ORDER BY version")
        assert [verb for (verb,) in events] == [
            "submit",
            "follow",
            "follow",
            "supplement",
            "follow",
            "follow",
        ]
        await scene.counter.until(lambda: _all_answered(scene), "every command has its answer")


async def test_a_carrier_that_dies_at_any_moment_neither_loses_nor_doubles(tmp_path: Path) -> None:
    """The role `route` is killed twice while dossiers go out; whoever keeps the roles starts it anew."""
    async with on_stage(tmp_path) as scene:
        scene.portal.desk.desk.faults = Faults(latency_s=0.2)
        requests = [await scene.counter.submit() for _ in range(MEANWHILE)]
        for gone in (3, 8):
            await scene.counter.until(partial(scene.has_cases, gone), f"{gone} dossiers went out")
            assert await asyncio.to_thread(_kill_route, scene.cloud), "it was at work"
        await scene.at_the_portal(*requests, timeout_s=120)
        await scene.counter.until(
            lambda: scene.rows("SELECT count(*) FROM errand WHERE state = 'done'") == [(MEANWHILE,)],
            "the centre knows that all of them went out",
            timeout_s=120,
        )
        assert await scene.press() < SOS_LIMIT_S
        assert len(scene.portal.desk.cases) == MEANWHILE
        assert all(len(case.received) == 1 for case in scene.portal.desk.cases.values())


def _all_answered(scene: Scene) -> bool:
    return scene.rows("SELECT count(*) FROM command WHERE outcome IS NULL") == [(0,)]


def _kill_route(cloud: Cloud) -> bool:
    """Kill the child that carries requests, as a power cut would; tell whether it was there."""
    pid, was_there = cloud.pid, False
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if "\0route\0" in Path(f"/proc/{child}/cmdline").read_text():
            os.kill(int(child), signal.SIGKILL)
            was_there = True
    return was_there

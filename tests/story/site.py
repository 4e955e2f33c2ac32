"""One station with a cabin, its cloud and its broker, each a process of its own: the stage for whole visits."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.fakes.board import FakeBoard
from tests.rig.broker import running_broker
from tests.rig.cloud import running_cloud, sample_places
from tests.rig.counter import Counter
from tests.rig.processes import free_port
from tests.rig.proxy import running_proxy
from tests.rig.room import cabin_sections, screen_section
from tests.rig.screen import Screen
from tests.rig.station import EDGE, VIRTUAL_CABIN, StationProcess, write_settings
from tests.story.cabin import OFFERED_S, PACE

ALL: Final = ("height", "weight", "temperature", "oxygen", "blood-pressure", "glucose")


class Site:
    """A real broker, a real cloud, and a real daemon with a virtual cabin, each a process; the line can be cut.

    With `has_counter` citizens can lay their cards on, too.
    """

    def __init__(
        self,
        directory: Path,
        stack: ExitStack,
        *,
        has_cabin: bool = True,
        has_counter: bool = False,
        has_services: bool = False,
        has_camera: bool = False,
    ) -> None:
        self.directory = directory
        self.counter = stack.enter_context(Counter(directory / "counter")) if has_counter else None
        broker = stack.enter_context(running_broker(directory / "broker"))
        places = sample_places(1)
        self.station = places[0].station
        self.cloud = stack.enter_context(running_cloud(directory / "cloud", broker, places))
        self.line = stack.enter_context(running_proxy(broker.port))
        self.kiosk = free_port()
        config = write_settings(
            directory,
            broker,
            self.station,
            port=self.line.port,
            extra=(cabin_sections if has_cabin else screen_section)(directory, self.kiosk)
            + (self.counter.section() if self.counter else "")
            + (self.counter.services(has_camera=has_camera) if self.counter and has_services else ""),
        )
        self.daemon = StationProcess(
            config,
            environment=self.counter.environment if self.counter else {},
            program=[*VIRTUAL_CABIN, "--pace", str(PACE)] if has_cabin else EDGE,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the cloud's database."""
        return self.cloud.rows(query)

    def kept(self) -> dict[str, int]:
        """Return how many measurements of each kind the cloud keeps."""
        return dict(self.rows("SELECT kind, count(*) FROM vital GROUP BY kind"))

    def export(self) -> list[dict[str, Any]]:
        """Return what `tcds-cloud fhir export` gives for all sessions."""
        told = subprocess.run(
            [*self.cloud.command(), "fhir", "export", "-c", str(self.cloud.config), "--since", "2026-01-01"],
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in told.stdout.splitlines()]


@asynccontextmanager
async def one_site(
    directory: Path,
    *,
    has_cabin: bool = True,
    has_counter: bool = False,
    has_services: bool = False,
    has_camera: bool = False,
) -> AsyncIterator[tuple[Site, Screen]]:
    """Run a site, with a screen that is ready for a person."""
    async with AsyncExitStack() as stack:
        site = Site(
            directory,
            stack.enter_context(ExitStack()),
            has_cabin=has_cabin,
            has_counter=has_counter,
            has_services=has_services,
            has_camera=has_camera,
        )
        await stack.enter_async_context(FakeBoard(directory / "board"))
        await asyncio.to_thread(site.daemon.__enter__)
        stack.push_async_callback(asyncio.to_thread, site.daemon.__exit__, None, None, None)
        screen = await stack.enter_async_context(Screen(site.kiosk))
        if has_cabin:
            await screen.until_view(lambda view: len(view["offers"]) == len(ALL), "all offers", OFFERED_S)
        if has_counter:
            await screen.until_reader()
        yield site, screen

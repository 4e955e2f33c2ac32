"""A kiosk in the test's own loop, served by uvicorn on a free port, with everything around it scripted."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from edge.kiosk.ports import (
    CabinDesk,
    DeviceDesk,
    FollowingDesk,
    GuideDesk,
    IdentityDesk,
    PayingDesk,
    PicturesDesk,
    PrintDesk,
    ServicesDesk,
    SosDesk,
)
from edge.kiosk.server import Kiosk
from edge.settings import KioskSettings, SpeechSettings, StationSettings
from tests.edge.conftest import SetClock
from tests.edge.waiting import eventually
from tests.fakes.kiosk_desks import ScriptedBench, ScriptedCabin, ScriptedLink, ScriptedPrinter, ScriptedSos
from tests.rig.processes import accepts, free_port
from wire.entries import DeviceChanged

STATION = StationSettings(id="tower-a", name="Trạm công dân số thử", place="Sảnh tháp A")


@dataclass
class Event:
    name: str
    data: Any


@dataclass
class Rig:
    """The kiosk's surroundings and a browser's way to it."""

    port: int = field(default_factory=free_port)
    clock: SetClock = field(default_factory=SetClock)
    cabin: ScriptedCabin = field(default_factory=ScriptedCabin)
    sos: ScriptedSos = field(default_factory=ScriptedSos)
    link: ScriptedLink = field(default_factory=ScriptedLink)
    printer: ScriptedPrinter = field(default_factory=ScriptedPrinter)
    bench: ScriptedBench = field(default_factory=ScriptedBench)
    notes: list[DeviceChanged] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self) -> httpx.AsyncClient:
        """What a page of the kiosk itself sends with every request."""
        headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        return httpx.AsyncClient(
            base_url=self.origin, headers=headers, timeout=20, trust_env=False, verify=False
        )

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[Event]]:
        """A page that listens to the stream."""
        async with self.browser() as browser, browser.stream("GET", "/api/cabin/stream") as answer:
            assert answer.status_code == 200
            yield _events(answer)


class RunKiosk(Protocol):
    """Runs the rig's kiosk; what is None the station has not."""

    def __call__(
        self,
        *,
        cabin: CabinDesk | None = ...,
        identity: IdentityDesk | None = ...,
        services: ServicesDesk | None = ...,
        paying: PayingDesk | None = ...,
        following: FollowingDesk | None = ...,
        pictures: PicturesDesk | None = ...,
        guide: GuideDesk | None = ...,
        sos: SosDesk | None = ...,
        printer: PrintDesk | None = ...,
        devices: DeviceDesk | None = ...,
        pin: str | None = ...,
        speech: SpeechSettings | None = ...,
        pages: Path = ...,
    ) -> AbstractAsyncContextManager[httpx.AsyncClient]: ...


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.fixture
def run_kiosk(rig: Rig, tmp_path: Path) -> RunKiosk:
    @asynccontextmanager
    async def run(
        *,
        cabin: CabinDesk | None = rig.cabin,
        identity: IdentityDesk | None = None,
        services: ServicesDesk | None = None,
        paying: PayingDesk | None = None,
        following: FollowingDesk | None = None,
        pictures: PicturesDesk | None = None,
        guide: GuideDesk | None = None,
        sos: SosDesk | None = rig.sos,
        printer: PrintDesk | None = rig.printer,
        devices: DeviceDesk | None = rig.bench,
        pin: str | None = None,
        speech: SpeechSettings | None = None,
        pages: Path = tmp_path,
    ) -> AsyncIterator[httpx.AsyncClient]:
        kiosk = Kiosk(
            STATION,
            KioskSettings(port=rig.port, pages=pages, service_pin=pin),
            speech or SpeechSettings(),
            rig.clock,
            note=rig.notes.append,
            sos=sos or rig.sos,
            link=rig.link,
            cabin=cabin,
            identity=identity,
            services=services,
            paying=paying,
            following=following,
            pictures=pictures,
            guide=guide,
            printer=printer,
            devices=devices,
        )
        task = asyncio.create_task(kiosk.run(), name="kiosk")
        try:
            await eventually(lambda: accepts(rig.port) or task.done())
            async with rig.browser() as browser:
                yield browser
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() or task.exception() is None

    return run


async def take(events: AsyncIterator[Event], *names: str) -> Event:
    """Return the next event of one of these names."""
    async with asyncio.timeout(10):
        async for event in events:
            if event.name in names:
                return event
    raise AssertionError(f"the stream ended before {names}")


async def _events(answer: httpx.Response) -> AsyncIterator[Event]:
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield Event(name, json.loads(line.removeprefix("data: ")))

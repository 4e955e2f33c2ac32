"""A person in the cabin: from the first touch to what the cloud keeps."""

import asyncio
import json
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.board import FakeBoard
from tests.rig.broker import running_broker
from tests.rig.cloud import running_cloud, sample_places
from tests.rig.processes import free_port
from tests.rig.proxy import running_proxy
from tests.rig.room import cabin_sections
from tests.rig.screen import Screen, View
from tests.rig.station import VIRTUAL_CABIN, StationProcess, write_settings
from tests.story.cabin import OFFERED_S, PACE
from tests.story.city import until

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]

ALL = ("height", "weight", "temperature", "oxygen", "blood-pressure", "glucose")
ENDS = {"prepare", "result", "trouble", "entry"}


async def walk_through(screen: Screen) -> View:
    """Do what a patient person does: start, look, go on, until the sheet is there."""
    while True:
        view = await screen.until_view(
            lambda view: view["page"] == "sheet" or (view["step"] or {}).get("phase") in ENDS, "next", 60
        )
        if view["page"] == "sheet":
            return view
        phase = view["step"]["phase"]
        assert phase in {"prepare", "result"}, f"{screen.phase}: {view['step']['trouble']}"
        await screen.touch("start" if phase == "prepare" else "next")


class Site:
    """A real broker, a real cloud, and a real daemon with a virtual cabin, each a process; the line can be cut."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self.directory = directory
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
            extra=cabin_sections(directory, self.kiosk),
        )
        self.daemon = StationProcess(config, program=[*VIRTUAL_CABIN, "--pace", str(PACE)])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the cloud's database."""
        with closing(sqlite3.connect(f"file:{self.cloud.directory}/cloud.db?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

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
async def one_site(directory: Path) -> AsyncIterator[tuple[Site, Screen]]:
    """Run a site, with a screen that is ready for a person."""
    async with AsyncExitStack() as stack:
        site = Site(directory, stack.enter_context(ExitStack()))
        await stack.enter_async_context(FakeBoard(directory / "board"))
        await asyncio.to_thread(site.daemon.__enter__)
        stack.push_async_callback(asyncio.to_thread, site.daemon.__exit__, None, None, None)
        screen = await stack.enter_async_context(Screen(site.kiosk))
        await screen.until_view(lambda view: len(view["offers"]) == len(ALL), "all offers", OFFERED_S)
        yield site, screen


async def test_what_a_person_measures_is_kept_once_and_goes_when_he_wants_it_to(tmp_path: Path) -> None:
    """A whole visit over real daemons: six kinds are measured, arrive once, become FHIR, and are withdrawn."""
    async with one_site(tmp_path) as (site, screen):
        await screen.choose(*ALL)
        sheet = (await walk_through(screen))["sheet"]
        assert [row["kind"] for row in sheet["rows"]] == list(ALL)
        assert sheet["kept"] == "keep"
        expected = dict.fromkeys(ALL, 1) | {"blood-pressure": 2}
        await until(lambda: asyncio.to_thread(lambda: site.kept() == expected), "all in the cloud")

        (bundle,) = await asyncio.to_thread(site.export)
        codes = [
            coding["code"] for entry in bundle["entry"] for coding in entry["resource"]["code"]["coding"]
        ]
        assert {"85354-9", "59408-5", "8310-5", "29463-7", "8302-2", "15074-8"} <= set(codes)
        assert bundle["type"] == "transaction"

        await screen.touch("withdraw")
        await until(lambda: asyncio.to_thread(lambda: site.kept() == {}), "withdrawn")
        assert await asyncio.to_thread(site.export) == []
        for log in (tmp_path / "daemon.log", site.cloud.directory / "cloud.log"):
            assert "pressure" not in log.read_text(), "a log tells of devices, never of what they measured"


async def test_the_cabin_works_while_the_line_is_down_and_nothing_is_lost(tmp_path: Path) -> None:
    """The uplink is cut before the first touch: the visit goes on as ever, and arrives when the line is back."""
    async with one_site(tmp_path) as (site, screen):
        site.line.cut()
        await screen.until_view(lambda _: not screen.status["online"], "offline")
        await screen.choose("oxygen")
        sheet = (await walk_through(screen))["sheet"]
        assert sheet["kept"] == "keep", "kept means on the station's disk, which needs no line"
        await screen.touch("finish")
        assert await screen.press_sos() == "recorded"
        assert site.kept() == {}
        site.line.mend()
        await until(lambda: asyncio.to_thread(lambda: site.kept() == {"oxygen": 1}), "kept", 60)
        await screen.until_view(lambda _: screen.status["sos"]["stage"] != "recorded", "SOS received", 60)


async def test_what_a_person_does_not_want_kept_never_leaves_the_station(tmp_path: Path) -> None:
    """Without consent the sheet is shown and nothing is written, on the station's disk neither."""
    async with one_site(tmp_path) as (site, screen):
        await screen.choose("height", scope=None)
        sheet = (await walk_through(screen))["sheet"]
        assert sheet["kept"] is None
        await screen.touch("finish")
        assert await screen.press_sos() == "recorded"
        await until(
            lambda: asyncio.to_thread(lambda: bool(site.rows("SELECT * FROM press"))),
            "the SOS that came after",
        )
        assert site.rows("SELECT * FROM cabin_session") == []
        with closing(sqlite3.connect(tmp_path / "journal.db")) as journal:
            (tables,) = journal.execute(
                "SELECT group_concat(name) FROM sqlite_master WHERE type='table'"
            ).fetchone()
            assert "entry" in tables
            vitals = journal.execute("SELECT count(*) FROM entry WHERE lane = 'vitals'").fetchone()
        assert vitals == (0,)

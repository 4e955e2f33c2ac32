"""A person in the cabin: from the first touch to what the cloud keeps."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.rig.screen import Screen, View
from tests.story.city import until
from tests.story.site import ALL, one_site

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]

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


async def all_kept(screen: Screen) -> None:
    """Return when the sheet says that everything is kept, which is when the disk has all of it."""
    await screen.until_view(lambda view: (view["sheet"] or {}).get("kept") == "keep", "kept")


async def test_what_a_person_measures_is_kept_once_and_goes_when_he_wants_it_to(tmp_path: Path) -> None:
    """A whole visit over real daemons: six kinds are measured, arrive once, become FHIR, and are withdrawn."""
    async with one_site(tmp_path) as (site, screen):
        await screen.choose(*ALL)
        sheet = (await walk_through(screen))["sheet"]
        assert [row["kind"] for row in sheet["rows"]] == list(ALL)
        await all_kept(screen)
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
        await walk_through(screen)
        await all_kept(screen)  # on the station's disk, which needs no line
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

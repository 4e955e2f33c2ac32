"""One person at the screen, with the real cabin and a real journal behind the server: from the choice to the paper."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from edge.cabin.cabin import Cabin
from edge.clock import SystemClock
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, Limits
from edge.settings import CabinSettings
from tests.edge.kiosk.conftest import Rig, RunKiosk, take
from tests.edge.waiting import eventually
from tests.fakes.rack import FakeRack
from wire.entries import VitalKind
from wire.topics import Lane

LIMITS = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with open_journal(tmp_path / "journal.db", LIMITS, boot=SystemClock().boot) as opened:
        yield opened


@pytest.fixture
async def cabin(journal: Journal) -> AsyncIterator[Cabin]:
    made = Cabin(CabinSettings(), FakeRack((VitalKind.HEIGHT,)), journal, SystemClock())
    task = asyncio.create_task(made.run(), name="cabin")
    yield made
    task.cancel()
    await asyncio.wait([task])


async def order(browser: httpx.AsyncClient, action: str, **more: object) -> str:
    """Give one order; return the page that it leads to."""
    answer = await browser.post("/api/cabin/orders", json={"action": action, **more})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["page"])


async def test_a_person_measures_and_takes_the_sheet_along(
    rig: Rig, run_kiosk: RunKiosk, cabin: Cabin, journal: Journal
) -> None:
    async with run_kiosk(cabin=cabin) as browser, rig.listening() as events:
        assert (await take(events, "view")).data["page"] == "choose"
        assert await order(browser, "begin", kinds=["height"]) == "consent"
        assert await order(browser, "consent", scope="keep", text_version="v1") == "step"
        await order(browser, "enter", measure="body-height", value=165)
        assert await order(browser, "next") == "sheet"
        shown = await take(events, "view")
        while shown.data["page"] != "sheet":
            shown = await take(events, "view")
        assert shown.data["sheet"]["rows"][0]["values"] == {"body-height": 165.0}
        assert (await browser.get("/api/cabin/sheet.svg")).status_code == 200
        assert (await browser.post("/api/cabin/print", json={"language": "vi"})).json() == {"printed": True}
        assert await order(browser, "finish") == "farewell"
        assert (await browser.get("/api/cabin/sheet.svg")).status_code == 409
    await eventually(lambda: journal.tallies[Lane.VITALS].depth >= 3)
    assert len(rig.printer.slips) == 1


async def test_a_refusal_of_the_real_cabin_has_its_reason(run_kiosk: RunKiosk, cabin: Cabin) -> None:
    async with run_kiosk(cabin=cabin) as browser:
        await order(browser, "begin", kinds=["height"])
        answer = await browser.post("/api/cabin/orders", json={"action": "consent", "scope": "keep"})
        assert (answer.status_code, answer.json()["reason"]) == (409, "text-version")
        assert answer.json()["view"]["page"] == "consent"

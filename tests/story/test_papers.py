"""A paper from the kiosk's camera to the desk's key, over real daemons: taken in a browser, and over a line that breaks."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import async_playwright, expect

from tests.browser.kiosk.visitor import Visitor, open_screen
from tests.browser.officer import ARGUMENTS, CHROMIUM
from tests.edge.papers.samples import jpeg
from tests.fakes.paper import camera_arguments
from tests.rig.screen import Screen
from tests.story.city import until
from tests.story.site import Site, one_site
from tests.story.test_services import SUBMIT, answer_to

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]

PATIENCE_MS = 15_000
SIZE_BYTES = 1_200_000
PICTURES = 2
PARTS = 19 * PICTURES


async def come_to_pictures(screen: Screen, service: str) -> str:
    """Answer a service up to its first question for pictures, and return that."""
    await screen.touch_services("choose", service=service)
    view = await screen.touch_services("start")
    while (question := view["question"])["type"] not in {"photo", "scan"}:
        view = await screen.touch_services("answer", question=question["id"], value=answer_to(question))
    return str(question["id"])


async def submit(screen: Screen) -> str:
    """Leave out what can be left out, submit, and return the tracking code."""
    view = screen.services
    while view["page"] == "question":
        question = view["question"]
        more = {} if question["optional"] else {"value": answer_to(question)}
        view = await screen.touch_services("answer" if more else "skip", question=question["id"], **more)
    await screen.touch_services("submit", text_version=SUBMIT)
    receipt: dict[str, Any] = (await screen.until_services("receipt"))["receipt"]
    return str(receipt["tracking"])


async def is_past(screen: Screen, question: str) -> bool:
    asked = screen.services["question"]
    return asked is None or asked["id"] != question


def here(site: Site) -> int:
    """Return how many parts the cloud has."""
    return int(site.rows("SELECT count(*) FROM blob_part")[0][0])


async def arrived(site: Site) -> dict[str, bytes]:
    """Return what the desk's key opens of the one request, by digest, once all of it is whole."""
    whole = "SELECT count(*) FROM blob WHERE whole_at_ms IS NOT NULL"
    named = "SELECT json_array_length(blobs) FROM request"

    def is_whole() -> bool:
        rows = site.rows(named)
        return bool(rows) and site.rows(whole)[0][0] == rows[0][0] > 0

    await until(lambda: asyncio.to_thread(is_whole), "papers in the cloud", 60)
    assert site.counter is not None
    digests = [row[0] for row in site.rows("SELECT sha256 FROM blob")]
    rows = site.rows("SELECT sha256, data FROM blob_part ORDER BY sha256, at")
    sealed = {name: b"".join(data for digest, data in rows if digest == name) for name in digests}
    return {name: site.counter.open_sealed(content) for name, content in sealed.items()}


def answers(site: Site) -> dict[str, Any]:
    """Return what the person answered, as the desk reads it."""
    assert site.counter is not None
    ((sealed,),) = site.rows("SELECT sealed FROM request")
    document: dict[str, Any] = json.loads(site.counter.open_sealed(sealed))
    return dict(document["answers"])


async def take_a_paper(visitor: Visitor, url: str) -> bytes:
    """Take a picture, let it be cut out, and return it as the page shows it."""
    await visitor.press("Chụp giấy tờ")
    await expect(visitor.button("Chụp", exact=True)).to_be_enabled()
    await visitor.walk_to(re.compile("^Chụp$"))
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("Ảnh này đọc rõ chưa?")
    await visitor.walk_to("Góc trên bên trái")
    await visitor.page.keyboard.press("ArrowLeft")
    await visitor.press("Dùng ảnh này")
    page = visitor.page.get_by_role("img", name="Trang 1")
    await expect(page).to_be_visible()
    source = await page.get_attribute("src")
    return await (await visitor.page.request.get(f"{url}{source}")).body()


async def test_a_paper_before_the_camera_is_what_the_desk_opens(tmp_path: Path) -> None:
    """A real browser with a film for a camera; the cut-out paper reaches the store sealed, part by part."""
    expect.set_options(timeout=PATIENCE_MS)
    async with (
        one_site(tmp_path, has_cabin=False, has_counter=True, has_services=True, has_camera=True) as (
            site,
            screen,
        ),
        async_playwright() as playwright,
    ):
        url = f"http://127.0.0.1:{site.kiosk}"
        arguments = [*ARGUMENTS, *await asyncio.to_thread(camera_arguments, tmp_path)]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        async with open_screen(browser, url) as visitor:
            question = await come_to_pictures(screen, "certified-copy")
            seen = await take_a_paper(visitor, url)
            assert await visitor.violations() == []
            assert await visitor.stored() == {}
            await visitor.press("Tiếp tục")
            await until(lambda: is_past(screen, question), "the next question")
            tracking = await submit(screen)
        await browser.close()
        opened = await arrived(site)
        assert list(opened.values()) == [seen]
        assert answers(site)[question] == list(opened)
        assert site.rows("SELECT tracking FROM request") == [(tracking,)]


async def test_a_line_that_breaks_between_two_parts_loses_none(tmp_path: Path) -> None:
    """Submitted offline; then the line comes, breaks amid the parts, the daemon is killed, and the line comes again."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True, has_services=True, has_camera=True) as (
        site,
        screen,
    ):
        question = await come_to_pictures(screen, "report-civic")
        url = f"http://127.0.0.1:{site.kiosk}"
        headers = {"Origin": url, "Content-Type": "image/jpeg"}
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
            for number in range(PICTURES):
                answer = await client.post(
                    f"/api/services/pictures/{question}", content=jpeg(number, SIZE_BYTES)
                )
        taken = answer.json()["taken"]
        await screen.touch_services("answer", question=question, value=taken)
        site.line.cut()
        await screen.until_offline()
        tracking = await submit(screen)
        assert here(site) == 0
        site.line.mend()
        await until(lambda: asyncio.to_thread(lambda: here(site) > 0), "the first part in the cloud", 60)
        site.line.cut()
        assert here(site) < PARTS, "the line was to break amid the parts"
        await asyncio.to_thread(site.daemon.kill)
        site.line.mend()
        await asyncio.to_thread(site.daemon.start)
        opened = await arrived(site)
        assert [opened[name] for name in taken] == [jpeg(number, SIZE_BYTES) for number in range(PICTURES)]
        assert site.rows("SELECT tracking FROM request") == [(tracking,)]

"""Every page in both themes and on a telephone: readable for everyone, nothing wider than the screen, nothing refused."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import SitDown
from tests.browser.officer import PHONE, Officer
from tests.browser.stage import AN, SEN_1, SEN_2, Stage
from tests.rig.cloud import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = ROOT / "dashboards/node_modules/axe-core/axe.min.js"


@pytest.mark.parametrize("theme", ["day", "night"])
async def test_axe_finds_nothing(stage: Stage, sit_down: SitDown, theme: str) -> None:
    officer = await sit_down(AN, logged_in=False, theme=theme, reduced_motion="reduce")
    assert await _violations(officer) == []
    await officer.enter()
    async for page in _pages(stage, officer):
        assert await _violations(officer) == [], page
    assert await officer.page.evaluate("document.documentElement.dataset.theme") == theme


async def test_nothing_is_wider_than_a_telephone(stage: Stage, sit_down: SitDown) -> None:
    officer = await sit_down(AN, logged_in=False, viewport=PHONE)
    assert await officer.scrolls_sideways() == []
    await officer.enter()
    async for page in _pages(stage, officer):
        assert await officer.scrolls_sideways() == [], page


async def test_the_page_runs_no_script_that_is_not_its_own(sit_down: SitDown) -> None:
    """That nothing of ours is refused is asserted for every window; this proves that a refusal would be seen."""
    officer = await sit_down(AN)
    await officer.page.evaluate(
        "() => document.body.append(Object.assign(document.createElement('script'), {text: 'window.isRun = 1'}))"
    )
    assert await officer.page.evaluate("window.isRun") is None
    (complaint,) = officer.complaints
    assert "Content Security Policy" in complaint
    officer.complaints.clear()


async def _pages(stage: Stage, officer: Officer) -> AsyncIterator[str]:
    """Walk through the console while one person waits and another's case is open."""
    page = officer.page
    if page.viewport_size != PHONE:  # where there is no room for it
        await expect(
            page.get_by_role("figure", name="Bản đồ các trạm").get_by_title(SEN_1.name)
        ).to_be_visible()
        yield "an empty board with its map"
    await stage.press(SEN_1)
    await expect(officer.card(SEN_1)).to_be_visible()
    await stage.press(SEN_2)
    await expect(page).to_have_title("(2) SOS")
    if page.viewport_size != PHONE:
        await expect(page.get_by_title(f"{SEN_1.name}, Chưa tiếp nhận")).to_be_visible()
    yield "a new SOS"
    await officer.card(SEN_1).get_by_role("button", name="Tiếp nhận", exact=True).click()
    await officer.card(SEN_1).get_by_role("button", name="Kết thúc", exact=True).click()
    await expect(page.get_by_role("form", name="Kết thúc vụ việc")).to_be_visible()
    yield "an SOS in hand, and its last form"
    await officer.go("Trạm")
    await expect(page.get_by_role("list", name="Các trạm")).to_be_visible()
    yield "stations"
    await officer.go("Báo cáo ca")
    await expect(page.get_by_role("table")).to_be_visible()
    yield "report"


async def _violations(officer: Officer) -> list[str]:
    await officer.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = await officer.page.evaluate("() => axe.run({resultTypes: ['violations']})")
    assert len(found["passes"]) > 5, "axe saw no page"
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]

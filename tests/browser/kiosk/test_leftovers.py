"""What a visit leaves in a browser that keeps its profile: nothing that somebody typed, on no page back and in no file."""

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import async_playwright, expect

from tests.browser.kiosk.conftest import Mock
from tests.browser.kiosk.visitor import Visitor
from tests.browser.officer import ARGUMENTS, CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

TYPED: Final = "zanhmarker"
_DATABASES: Final = "async () => [(await indexedDB.databases()).length, (await caches.keys()).length]"


def _holding(profile: Path, typed: str) -> list[str]:
    """Name every file of a profile that holds `typed`, in either of the encodings that Chromium writes."""
    markers = [
        form.encode(encoding)
        for form in (typed, typed.upper(), typed.title())
        for encoding in ("utf-8", "utf-16-le")
    ]
    files = [file for file in profile.rglob("*") if file.is_file()]
    assert len(files) > 10, "there is no profile"
    return [str(file) for file in files if any(marker in file.read_bytes() for marker in markers)]


async def test_a_visit_leaves_nothing_in_the_browser(mock: Mock, tmp_path: Path) -> None:
    await mock.turn("services", "yes")
    profile = tmp_path / "profile"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            viewport={"width": 1080, "height": 1920},
            locale="vi-VN",
        )
        visitor = Visitor(browser.pages[0])
        await visitor.page.goto(f"{mock.url}/kiosk/")
        await mock.turn("scene", "services-text")
        field = visitor.page.get_by_role("textbox")
        await expect(field).to_have_attribute("autocomplete", "off")
        await visitor.page.keyboard.type(TYPED)
        await expect(field).to_have_value(re.compile(TYPED, re.IGNORECASE))
        await visitor.press("Tiếp tục")
        await mock.turn("reset")
        await expect(visitor.page.get_by_text(TYPED)).to_have_count(0)
        depth = await visitor.page.evaluate("history.length")
        await visitor.page.go_back()
        assert visitor.page.url == "about:blank", f"a visit is one page of {depth}"
        await visitor.page.goto(f"{mock.url}/kiosk/")
        assert await visitor.page.evaluate(_DATABASES) == [0, 0]
        assert await visitor.stored() == {}
        assert _holding(profile, TYPED) == []
        await browser.close()
    assert _holding(profile, f"{mock.url}/kiosk/"), "what is written into a profile would be found"
    assert _holding(profile, TYPED) == []

"""Somebody at the touch screen: finds things by the names that people and screen readers find them by.

`open_screen(browser, url)` works with any server of the pages, the mock's preview and a daemon's kiosk alike.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.rig.cloud import ROOT

PORTRAIT: Final = {"width": 1080, "height": 1920}
LANDSCAPE: Final = {"width": 1920, "height": 1080}
TARGET_PX: Final = 81
"""20 mm on a screen of 21.5 inches with 1080 lines (0.248 mm to the pixel)."""

ELDER: Final = "To và chờ lâu hơn"
MAX_TABS: Final = 60

_AXE: Final = ROOT / "dashboards/node_modules/axe-core/axe.min.js"
_SMALL: Final = """
(least) => [...document.querySelectorAll("button, a")]
  .filter((each) => !each.closest("[inert]"))
  .map((each) => [each.innerText || each.getAttribute("aria-label"), each.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least)
  .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)
"""
_TINY_TEXT: Final = """
() => [...document.querySelectorAll("body *")]
  .filter((each) => !(each instanceof SVGElement) && !each.closest(".visually-hidden"))
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 24)
  .map((each) => each.textContent.trim())
"""

_WIDER: Final = """
() => [document.documentElement, ...document.querySelectorAll("*")]
  .filter((each) => each === document.documentElement || /auto|scroll/.test(getComputedStyle(each).overflowX))
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.tagName} ${each.className}`)
"""


class Visitor:
    """One browser window, in a profile of its own."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        """What the browser wrote as errors: broken scripts, and what the content security policy refused."""
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        # A refused answer and a lost connection are told to the person, and are no fault of the page.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def button(self, name: str | re.Pattern[str], *, exact: bool = False) -> Locator:
        """A button by its name."""
        return self.page.get_by_role("button", name=name, exact=exact)

    async def press(self, name: str | re.Pattern[str]) -> None:
        """Touch a button."""
        await self.button(name).click()

    async def ease(self, *choices: str, language: str = "vi") -> None:
        """Choose what makes the screen easier, by its names, and close the panel."""
        panel, done = ("Dễ nhìn, dễ bấm", "Xong") if language == "vi" else ("Easier to use", "Done")
        await self.press(panel)
        for choice in choices:
            await self.panel(panel).get_by_role("button", name=choice, exact=True).click()
        await self.panel(panel).get_by_role("button", name=done, exact=True).click()
        await expect(self.panel(panel)).to_have_count(0)

    async def scan(self, text: str) -> None:
        """Let the scanner type a code as it does: fast, wherever the focus is, and with Enter at the end."""
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    async def walk_to(self, name: str | re.Pattern[str]) -> None:
        """Go to a button with the Tab key alone."""
        wanted = self.button(name)
        for _ in range(MAX_TABS):
            await self.page.keyboard.press("Tab")
            if await wanted.evaluate("(each) => each === document.activeElement"):
                return
        raise AssertionError(f"no way to {name} by keyboard")

    async def sees(self, sentence: str | re.Pattern[str]) -> None:
        """Wait until the calm sentence at the top is this one."""
        await expect(self.page.get_by_role("heading", level=1).filter(has_text=sentence)).to_be_visible()

    def panel(self, name: str) -> Locator:
        """What lies over the screen."""
        found = self.page.get_by_role("dialog", name=name)
        return found.or_(self.page.get_by_role("alertdialog", name=name))

    async def violations(self) -> list[str]:
        """Return what axe-core finds on the page at rest: what was about to change is looked at again."""
        found = await self._violations()
        if found:
            await self.page.wait_for_timeout(500)
            found = await self._violations()
        return found

    async def _violations(self) -> list[str]:
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = await self.page.evaluate("() => axe.run({resultTypes: ['violations']})")
        assert len(found["passes"]) > 5, "axe saw no page"
        return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]

    async def small_targets(self) -> list[str]:
        """Name every button that is smaller than a finger of any age needs."""
        found: list[str] = await self.page.evaluate(_SMALL, TARGET_PX)
        return found

    async def tiny_texts(self) -> list[str]:
        """Return every text below 24 px."""
        found: list[str] = await self.page.evaluate(_TINY_TEXT)
        return found

    async def wider(self) -> list[str]:
        """Return everything that would have to be moved sideways to be seen whole."""
        found: list[str] = await self.page.evaluate(_WIDER)
        return found

    async def stored(self) -> dict[str, str]:
        """Return what the browser keeps of this visit, the test's own choice of theme left out."""
        kept: dict[str, str] = await self.page.evaluate("() => ({...localStorage, ...sessionStorage})")
        return {key: value for key, value in kept.items() if key != "tcds.theme"}


@asynccontextmanager
async def open_screen(
    browser: Browser, url: str, *, path: str = "/kiosk/", theme: str = "day", **options: Any
) -> AsyncIterator[Visitor]:
    """Open a page of the station in a fresh profile; nothing moves on it, unless `reduced_motion` says otherwise."""
    chosen: Any = {"origin": url, "localStorage": [{"name": "tcds.theme", "value": theme}]}
    context = await browser.new_context(
        **{
            "viewport": PORTRAIT,
            "locale": "vi-VN",
            "reduced_motion": "reduce",
            "storage_state": {"origins": [chosen]},
            **options,
        }
    )
    try:
        visitor = Visitor(await context.new_page())
        await visitor.page.goto(f"{url}{path}")
        await expect(visitor.page.get_by_role("heading", level=1).first).to_be_visible()
        try:
            yield visitor
        except Exception as error:
            error.add_note(f"on the screen:\n{await visitor.page.locator('body').aria_snapshot()}")
            raise
    finally:
        await context.close()
    assert visitor.complaints == [], "\n".join(visitor.complaints)

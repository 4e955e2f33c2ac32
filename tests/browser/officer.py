"""An officer at a real browser: finds things by the names that people and screen readers find them by."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.rig.cloud import Person, Place

CHROMIUM: Final = "/usr/bin/chromium-headless-shell"
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
DESKTOP: Final = {"width": 1366, "height": 768}
PHONE: Final = {"width": 390, "height": 844}

_LISTEN: Final = """
window.tones = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones.push(`${this.type} ${this.frequency.value}`);
  return start.apply(this, when);
};
"""
"""Headless browsers have no ears: note what is played instead."""

_WIDER: Final = """
() => [document.documentElement, ...document.querySelectorAll("*")]
  .filter((each) => each === document.documentElement || /auto|scroll/.test(getComputedStyle(each).overflowX))
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.tagName} ${each.id} ${each.className}: ${each.scrollWidth} > ${each.clientWidth}`)
"""


class Officer:
    """One browser window, in a profile of its own."""

    def __init__(self, page: Page, person: Person) -> None:
        self.page = page
        self.person = person
        self.complaints: list[str] = []
        """What the browser wrote as errors: broken scripts, and what the content security policy refused."""
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        # An answer 401 or 409 and a lost connection are told to the officer, and are no fault of the page.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    async def log_in(self, password: str | None = None) -> Self:
        """Type name and password (the right one unless given) and send them."""
        await self.page.get_by_role("textbox", name="Tên đăng nhập", exact=True).fill(self.person.login)
        secret = self.page.get_by_role("textbox", name="Mật khẩu", exact=True)
        await secret.fill(password or self.person.password)
        await self.page.get_by_role("button", name="Đăng nhập", exact=True).click()
        return self

    async def enter(self) -> Self:
        """Log in by the form."""
        return await (await self.log_in()).connected()

    async def connected(self) -> Self:
        """Wait until the console hears the centre."""
        await expect(self.page.get_by_role("status").filter(has_text="Đã kết nối")).to_be_visible()
        return self

    async def arm(self) -> Self:
        """Switch the bell on, and wait until the centre knows of it."""
        await self.page.get_by_role("button", name="CHUÔNG TẮT Bật chuông", exact=True).click()
        await expect(
            self.page.get_by_role("button", name="Chuông bật Tắt chuông", exact=True)
        ).to_be_visible()
        return self

    async def go(self, page: str) -> None:
        """Open one of the pages by its name in the header."""
        await self.page.get_by_role("navigation", name="Các trang").get_by_role("link", name=page).click()

    def rows(self, where: Place) -> Locator:
        """Every line of a station on the board, of whatever state."""
        return self.page.get_by_role("link", name=where.name).and_(self.page.locator("[data-row]"))

    def row(self, where: Place, section: str) -> Locator:
        """A station's line in one of the board's lists."""
        return self.page.get_by_role("list", name=section).locator("[data-row]", has_text=where.name)

    def card(self, where: Place) -> Locator:
        """The open card of an incident."""
        return self.page.get_by_role("article", name=f"Vụ việc tại {where.name}", exact=True)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button by its name; the key that does the same stands beside the name."""
        return self.page.get_by_role("button", name=name)

    async def tones(self) -> list[str]:
        """Return and forget what was played: wave and Hz of each tone."""
        played: list[str] = await self.page.evaluate("() => window.tones.splice(0)")
        return played

    async def scrolls_sideways(self) -> list[str]:
        """Name everything on the page that is wider than the room it has."""
        found: list[str] = await self.page.evaluate(_WIDER)
        return found


@asynccontextmanager
async def open_console(
    browser: Browser,
    url: str,
    person: Person,
    cookies: list[Any],
    *,
    theme: str = "night",
    **options: Any,
) -> AsyncIterator[Officer]:
    """Open the console in a fresh profile, and close it so that it gives its ward back."""
    chosen: Any = {"origin": url, "localStorage": [{"name": "tcds.theme", "value": theme}]}
    context = await browser.new_context(
        **{"viewport": DESKTOP, "locale": "vi-VN", "storage_state": {"origins": [chosen]}, **options}
    )
    try:
        await context.add_cookies(cookies)
        await context.add_init_script(_LISTEN)
        officer = Officer(await context.new_page(), person)
        await officer.page.goto(f"{url}/")
        yield officer
        await officer.page.goto("about:blank")
    finally:
        await context.close()
    assert officer.complaints == [], "\n".join(officer.complaints)

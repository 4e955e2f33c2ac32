"""One city and one browser for all browser tests; each test has windows of its own and leaves no open incident."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from typing import Any, Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.officer import ARGUMENTS, CHROMIUM, Officer, open_console
from tests.browser.stage import Stage, running_stage, write_map
from tests.rig.cloud import ROOT, Person

PATIENCE_MS = 15_000


class SitDown(Protocol):
    """`await sit_down(AN)`: a window in which somebody is logged in, unless `logged_in` is False."""

    def __call__(self, who: Person, *, logged_in: bool = True, **options: Any) -> Awaitable[Officer]: ...


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The city, with the built pages."""
    assert (ROOT / "dashboards/dist/duty/index.html").exists(), "the pages are not built: make web"
    directory = tmp_path_factory.mktemp("stage")
    async with running_stage(directory, map_path=write_map(directory / "wards.json")) as standing:
        yield standing


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; every window of it begins with an empty profile."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield running
        finally:
            await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sit_down(stage: Stage, browser: Browser) -> AsyncIterator[SitDown]:
    """Open windows; they are closed and all incidents ended with the test."""
    async with AsyncExitStack() as stack:

        async def sit(who: Person, *, logged_in: bool = True, **options: Any) -> Officer:
            cookies = await stage.session(who) if logged_in else []
            console = open_console(browser, stage.cloud.url, who, cookies, **options)
            officer = await stack.enter_async_context(console)
            return await officer.connected() if logged_in else officer

        yield sit
        await stage.clear()

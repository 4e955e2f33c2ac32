"""The touch screen's pages over the mock's virtual cabin, served as they are built; each test begins with a fresh one."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Protocol

import httpx
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.kiosk.visitor import Visitor, open_screen
from tests.rig.cloud import ROOT
from tests.rig.processes import free_port

START_LIMIT_S = 40.0


class Mock:
    """The virtual cabin's knobs (dashboards/dev/mock/kiosk/server.ts)."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self.url = url
        self._client = client

    async def turn(self, knob: str, value: str = "") -> dict[str, Any]:
        """Turn a knob; return what the mock has heard so far."""
        answer = await self._client.get(f"/mock/kiosk/{knob}", params={"value": value})
        heard: dict[str, Any] = answer.raise_for_status().json()
        return heard


class StepUp(Protocol):
    """`await step_up()`: somebody stands at the screen; options are the browser context's, and `path`, `theme`."""

    async def __call__(self, **options: Any) -> Visitor: ...


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def preview() -> AsyncIterator[Mock]:
    """Serve the built pages with the mock behind them."""
    assert (ROOT / "dashboards/dist/kiosk/index.html").exists(), "the pages are not built: make web"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ("run", "preview:mock", "--", "--port", str(port), "--strictPort")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "tools/npm.py"),
        *command,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        # node ends a connection that lay idle while a test looked elsewhere: each question has its own
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False, limits=limits) as client:
            await _answering(client, process)
            yield Mock(url, client)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _answering(client: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_LIMIT_S):
        while True:
            assert process.returncode is None, "the preview server has ended"
            try:
                (await client.get("/api/kiosk")).raise_for_status()
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return


@pytest_asyncio.fixture(loop_scope="session")
async def mock(preview: Mock) -> Mock:
    """The knobs, all turned back."""
    await preview.turn("reset")
    await preview.turn("fast")
    return preview


@pytest_asyncio.fixture(loop_scope="session")
async def step_up(mock: Mock, browser: Browser) -> AsyncIterator[StepUp]:
    """Open windows; they are closed with the test."""
    async with AsyncExitStack() as stack:

        async def step(**options: Any) -> Visitor:
            return await stack.enter_async_context(open_screen(browser, mock.url, **options))

        yield step

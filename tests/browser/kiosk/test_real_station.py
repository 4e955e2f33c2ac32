"""The same pages over a real station: its daemon as a process, virtual instruments, a printer, and nobody's mock."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.browser.kiosk.visitor import LANDSCAPE, Visitor, open_screen
from tests.fakes.board import FakeBoard
from tests.rig.broker import running_broker
from tests.rig.processes import free_port
from tests.rig.room import SERVICE_PIN, cabin_sections
from tests.rig.station import VIRTUAL_CABIN, StationProcess, write_settings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

PACE = 0.05


@asynccontextmanager
async def running_station(directory: Path) -> AsyncIterator[str]:
    """Run one; give the address of its screen."""
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(running_broker(directory / "broker"))
        port = free_port()
        config = write_settings(directory, broker, "st-screen", extra=cabin_sections(directory, port))
        await stack.enter_async_context(FakeBoard(directory / "board"))
        daemon = StationProcess(config, program=[*VIRTUAL_CABIN, "--pace", str(PACE)])
        await asyncio.to_thread(daemon.__enter__)
        stack.push_async_callback(asyncio.to_thread, daemon.__exit__, None, None, None)
        url = f"http://127.0.0.1:{port}"
        await serving(url)
        yield url


async def serving(url: str) -> None:
    """Wait until the screen is served: the daemon is ready before, since no press waits for a screen."""
    async with asyncio.timeout(30), httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                (await client.get(f"{url}/api/kiosk")).raise_for_status()
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return


async def test_a_visit_on_the_real_station(browser: Browser, tmp_path: Path) -> None:
    """Oxygen and pressure are measured live, printed and given away as a code; SOS is recorded; a reload loses nothing."""
    async with running_station(tmp_path) as url, open_screen(browser, url) as visitor:
        await visitor.sees("Xin chào")
        await visitor.press("Oxy trong máu")
        await visitor.press("Huyết áp")
        await visitor.press(re.compile("^Đo 2 mục"))
        await visitor.press("Lưu 90 ngày, không ghi tên")
        await visitor.press("Bắt đầu đo")
        await expect(visitor.page.get_by_text("Sóng mạch")).to_be_visible()
        await visitor.sees("Oxy trong máu: đã đo xong")
        await visitor.press("Tiếp tục")
        await visitor.press("Bắt đầu đo")
        await visitor.sees("Huyết áp: đã đo xong")
        await visitor.page.reload()
        await visitor.sees("Huyết áp: đã đo xong")
        await visitor.press("Tiếp tục")
        await visitor.sees("Kết quả đo hôm nay")
        await expect(visitor.page.get_by_text("124/79")).to_be_visible()
        await expect(visitor.page.get_by_text("Đã lưu 90 ngày, không ghi tên.")).to_be_visible()
        assert await visitor.violations() == []
        await visitor.press("Lấy về điện thoại")
        await expect(visitor.page.get_by_role("img", name=re.compile("mã", re.IGNORECASE))).to_be_visible()
        await visitor.page.keyboard.press("Escape")
        await call_for_help(visitor)
        await visitor.press("Kết thúc và xóa màn hình")
        await expect(visitor.page.get_by_text("124/79")).to_have_count(0)
        assert await visitor.stored() == {}


async def call_for_help(visitor: Visitor) -> None:
    """Touch the red button: what it says then is what the station has done."""
    await visitor.press("SOS")
    await expect(visitor.page.get_by_text("Trạm đã ghi nhận").first).to_be_visible()
    await visitor.page.keyboard.press("Escape")


async def test_a_technician_finds_the_station_s_own_devices(browser: Browser, tmp_path: Path) -> None:
    """The service page lists what is paired, with its state, over the real desk."""
    async with (
        running_station(tmp_path) as url,
        open_screen(browser, url, path="/service/", viewport=LANDSCAPE) as visitor,
    ):
        for digit in SERVICE_PIN:
            await visitor.button(digit, exact=True).click()
        await visitor.press(re.compile("Đăng nhập|Vào"))
        for name in ("module", "height-rod", "scale", "thermometer", "glucose-meter"):
            await expect(visitor.page.get_by_role("article", name=name)).to_be_visible()
        module = visitor.page.get_by_role("article", name="module")
        await expect(module.get_by_text("Trên tường")).to_be_visible()
        await expect(module.get_by_text("Sẵn sàng").first).to_be_visible()
        assert await visitor.violations() == []

"""The services over a real station: its daemon, the shipped catalogue, a virtual chip, a disk; and no mock."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.kiosk.visitor import Visitor, open_screen
from tests.fakes.board import FakeBoard
from tests.rig.broker import running_broker
from tests.rig.counter import Counter
from tests.rig.processes import free_port
from tests.rig.room import screen_section
from tests.rig.screen import Screen
from tests.rig.station import StationProcess, write_settings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

DRAFT = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{5}-[0-9A-Z]{4}$")
TRACKING = re.compile(r"^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}$")


@asynccontextmanager
async def _serving(directory: Path) -> AsyncIterator[tuple[str, Counter]]:
    """Run a station with services and a card reader; yield the address of its screen."""
    async with AsyncExitStack() as stack:
        things = stack.enter_context(ExitStack())
        counter = things.enter_context(Counter(directory / "counter"))
        broker = things.enter_context(running_broker(directory / "broker"))
        kiosk = free_port()
        sections = screen_section(directory, kiosk) + counter.section() + counter.services()
        config = write_settings(directory, broker, "st-0001", extra=sections)
        daemon = StationProcess(config, environment=counter.environment)
        await stack.enter_async_context(FakeBoard(directory / "board"))
        await asyncio.to_thread(daemon.__enter__)
        stack.push_async_callback(asyncio.to_thread, daemon.__exit__, None, None, None)
        screen = await stack.enter_async_context(Screen(kiosk))
        await screen.until_reader()
        yield f"http://127.0.0.1:{kiosk}", counter


async def _write(visitor: Visitor) -> None:
    """Write to the area officer, as far as the page that checks it."""
    await visitor.press("Nói với công an")
    await visitor.press("Liên hệ cảnh sát khu vực")
    await visitor.press("Bắt đầu")
    await visitor.press("Xin hướng dẫn")
    await visitor.sees("Lời nhắn")
    await visitor.page.keyboard.type("xin hoir gioiwf lafm vieecj")
    await visitor.press("Tiếp tục")
    await visitor.button("Có", exact=True).click()
    await visitor.sees("Họ và tên")
    await visitor.page.keyboard.type("nguyeenx vawn an")
    await visitor.press("Tiếp tục")
    await visitor.sees("Số điện thoại")
    await visitor.page.keyboard.type("0903")
    await visitor.press("Tiếp tục")
    await expect(visitor.page.get_by_role("alert")).to_be_focused()
    await visitor.page.keyboard.type("123456")
    await visitor.press("Tiếp tục")
    await visitor.press("Buổi sáng")
    await visitor.press("Bỏ qua câu này")
    await visitor.sees("Xem lại các câu trả lời")


def _written(directory: Path) -> bytes:
    """Return everything that the station has written."""
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


async def _lay_card(visitor: Visitor, counter: Counter) -> None:
    """Agree to have the card read, type its number, and lay it on."""
    await visitor.press("Đọc thẻ căn cước và bắt đầu")
    await visitor.press("Đồng ý, đọc thẻ")
    await visitor.sees("Quét mã QR, hoặc nhập số của thẻ")
    await visitor.page.keyboard.type(counter.card.person.number)
    await visitor.press("Dùng số này")
    await asyncio.to_thread(counter.lay)
    await visitor.sees("Điền những mục này của thẻ?")


async def _read_card(visitor: Visitor, counter: Counter) -> None:
    """Have all of the card filled in."""
    await _lay_card(visitor, counter)
    await visitor.press("Điền 6 mục này")


async def test_a_message_is_written_checked_and_submitted(browser: Browser, tmp_path: Path) -> None:
    """One answer is not taken at first and stays to be mended; what is private is covered; the code is the station's."""
    async with _serving(tmp_path) as (url, _), open_screen(browser, url) as visitor:
        await visitor.sees("Hôm nay cần làm việc gì")
        await _write(visitor)
        await expect(visitor.page.get_by_text("Nguyễn Văn An")).to_have_count(0)
        await visitor.press("Xem: Họ và tên")
        await expect(visitor.page.get_by_text("Nguyễn Văn An")).to_be_visible()
        assert await visitor.violations() == []
        await visitor.press("Gửi lời nhắn")
        await visitor.sees("Đã ghi lời nhắn tại trạm")
        await expect(visitor.page.get_by_text(TRACKING)).to_be_attached()
        code = visitor.page.get_by_role("img", name="Mã QR của biên nhận")
        assert await code.evaluate("(each) => each.decode().then(() => each.naturalWidth)") > 0
        await visitor.press("Xong, xóa màn hình")
        await visitor.sees("Việc của hôm nay đã xong")
        await visitor.sees("Hôm nay cần làm việc gì")
        assert await visitor.stored() == {}


async def test_a_card_fills_in_what_nobody_types(browser: Browser, tmp_path: Path) -> None:
    """The chip answers the first questions; its person looked at them, left one out, and takes the card away."""
    async with _serving(tmp_path) as (url, counter), open_screen(browser, url) as visitor:
        await visitor.press("Chỗ ở")
        await visitor.press("Đăng ký tạm trú")
        await _lay_card(visitor, counter)
        await visitor.press("Bỏ: Giới tính")
        await visitor.press("Điền 5 mục này")
        await visitor.sees("Ông bà muốn làm gì?")
        await asyncio.to_thread(counter.take)
        await visitor.press("Quay lại")
        await expect(visitor.page.get_by_text("Đã đọc thẻ căn cước")).to_be_visible()
        await visitor.press("Thôi, không làm nữa")
        await visitor.sees("Đã dừng lại, chưa nộp gì")


async def test_a_half_written_message_is_kept_and_gone_on_with(browser: Browser, tmp_path: Path) -> None:
    """Sealed on the station's disk by the code on the screen, which is typed again; nothing typed is in the open."""
    async with _serving(tmp_path) as (url, _), open_screen(browser, url) as visitor:
        await visitor.press("Nói với công an")
        await visitor.press("Liên hệ cảnh sát khu vực")
        await visitor.press("Bắt đầu")
        await visitor.press("Xin hướng dẫn")
        await visitor.sees("Lời nhắn")
        await visitor.page.keyboard.type("giaays towf ddang owr nhaf")
        await visitor.press("Tiếp tục")
        await visitor.press("Để sau, giữ lại phần đã điền")
        await visitor.press("Giữ lại và nhận mã")
        await visitor.sees("Đã giữ lại tại trạm này")
        code = await visitor.page.get_by_text(DRAFT).text_content()
        assert code is not None
        await visitor.press("Xong, xóa màn hình")
        await visitor.sees("Hôm nay cần làm việc gì")
        written = await asyncio.to_thread(_written, tmp_path)
        assert code.encode() not in written
        assert "ở nhà".encode() not in written
        await visitor.press("Làm tiếp hồ sơ đang dở")
        await visitor.sees("Nhập mã làm tiếp")
        await visitor.page.keyboard.type(code.replace("-", " ").lower())
        await visitor.press("Mở hồ sơ")
        await visitor.sees("Đã mở hồ sơ đang dở")
        await visitor.press("Làm tiếp")
        await expect(visitor.button("Có", exact=True)).to_be_visible()
        await visitor.press("Quay lại")
        await expect(visitor.page.get_by_role("textbox")).to_have_value("Giấy tờ đang ở nhà")


async def test_the_card_opens_what_was_tied_to_it(browser: Browser, tmp_path: Path) -> None:
    """One reading finds the draft and fills in the card's answers, which were not kept."""
    async with _serving(tmp_path) as (url, counter), open_screen(browser, url) as visitor:
        await visitor.press("Chỗ ở")
        await visitor.press("Đăng ký tạm trú")
        await _read_card(visitor, counter)
        await visitor.sees("Ông bà muốn làm gì?")
        await visitor.page.get_by_role("list").get_by_role("button").first.click()
        await visitor.press("Để sau, giữ lại phần đã điền")
        await visitor.press("Giữ bằng thẻ căn cước")
        await visitor.sees("Đã giữ lại tại trạm này")
        await asyncio.to_thread(counter.take)
        await visitor.press("Xong, xóa màn hình")
        await visitor.sees("Hôm nay cần làm việc gì")
        await visitor.press("Làm tiếp hồ sơ đang dở")
        await visitor.press("Tôi đã giữ bằng thẻ căn cước")
        await visitor.press("Đăng ký tạm trú")
        await _read_card(visitor, counter)
        await visitor.sees("Đã mở hồ sơ đang dở")
        await visitor.press("Làm tiếp")
        await expect(visitor.page.get_by_text("Câu 2 trên")).to_be_visible()

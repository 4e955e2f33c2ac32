"""The card's screens over a real station: its daemon, a virtual chip in a real reader's place, a cloud, and no mock."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.kiosk.card_holder import NUMBER
from tests.browser.kiosk.visitor import Visitor, open_screen
from tests.story.site import one_site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


async def _agree(visitor: Visitor, purpose: str) -> None:
    await visitor.press("Dùng thẻ căn cước")
    await visitor.press(purpose)
    await visitor.press("Đồng ý, đọc thẻ")
    await visitor.sees("Quét mã QR, hoặc nhập số của thẻ")


async def test_a_citizen_looks_at_their_card_and_sends_from_it(browser: Browser, tmp_path: Path) -> None:
    """The number of another card opens nothing; their own does. They look, leave one thing out, send, take the card."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True) as (site, _):
        assert site.counter is not None
        person = site.counter.card.person
        async with open_screen(browser, f"http://127.0.0.1:{site.kiosk}") as visitor:
            await visitor.sees("Có thể dùng thẻ căn cước tại đây")
            await _agree(visitor, "Đăng ký tạm trú")
            await visitor.page.keyboard.type("999999")
            await visitor.press("Dùng 6 số cuối này")
            await visitor.sees("Đặt thẻ lên đầu đọc")
            await asyncio.to_thread(site.counter.lay)
            await visitor.sees("Số vừa dùng chưa mở được chip")
            await visitor.press("Thử lại")
            await visitor.scan(f"{person.number}||NGUYEN VAN AN|05032003|Nam|BINH TRUNG|12052021")
            await visitor.sees("Xem lại trước khi gửi")
            await expect(visitor.page.get_by_text("Thẻ thật: chữ ký của nơi cấp đúng")).to_be_visible()
            await visitor.press("Xem: Số căn cước")
            await expect(visitor.page.get_by_text(NUMBER)).to_be_visible()
            await visitor.press("Bỏ: Giới tính")
            await visitor.press("Gửi 5 thông tin cho Công an phường")
            await visitor.sees("Đã niêm phong")
            await expect(visitor.page.get_by_text(NUMBER)).to_have_count(0)
            await asyncio.to_thread(site.counter.take)
            await visitor.sees("Đã xong, xin cảm ơn")
            await visitor.sees("Có thể dùng thẻ căn cước tại đây")
            await _agree(visitor, "Kiểm tra thẻ của mình")
            await visitor.page.keyboard.type(person.number)
            await visitor.press("Dùng số này")
            await asyncio.to_thread(site.counter.lay)
            await visitor.sees("Đây là những gì chip ghi")
            await visitor.press("Xem: Ảnh chân dung")
            await expect(visitor.page.get_by_alt_text("Ảnh chân dung trong chip")).to_be_visible()
            assert await visitor.violations() == []
            await asyncio.to_thread(site.counter.take)
            await visitor.sees("Thẻ đã được lấy ra")
            assert await visitor.stored() == {}

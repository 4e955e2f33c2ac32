"""Wiping the screen: for a while no touch does anything, the red button's neither, and the station's own goes on."""

import re
from typing import Final

import pytest
from playwright.async_api import expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COVER: Final = "Đang lau màn hình"
SOS: Final = re.compile("^SOS")


async def _hold_the_name(visitor: Visitor) -> None:
    """Stay on the station's name for three seconds of the page's clock."""
    await visitor.page.locator("header .name").hover()
    await visitor.page.mouse.down()
    await visitor.page.clock.run_for(3_100)
    await visitor.page.mouse.up()


async def test_no_touch_does_anything_while_the_screen_is_wiped(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.sees("Xin chào")
    box = await visitor.button(SOS).bounding_box()
    assert box is not None
    await visitor.page.clock.install()
    await _hold_the_name(visitor)
    await visitor.press("Bắt đầu lau, 30 giây")
    await expect(visitor.panel(COVER)).to_contain_text("nút này vẫn hoạt động")
    assert await visitor.violations() == []
    for x in range(40, 1080, 200):
        for y in (60, 700, 1300, int(box["y"] + box["height"] / 2)):
            await visitor.page.mouse.click(x, y)
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("Escape")
    assert (await mock.turn("heard"))["sos"] == []
    await expect(visitor.panel(COVER)).to_be_visible()
    await visitor.page.clock.fast_forward(31_000)
    await expect(visitor.panel(COVER)).to_have_count(0)
    await visitor.press(SOS)
    await expect(visitor.panel("SOS")).to_be_visible()
    assert len((await mock.turn("heard"))["sos"]) == 1


async def test_a_short_touch_of_the_name_is_none_and_one_may_think_again(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.sees("Xin chào")
    await visitor.page.clock.install()
    await visitor.page.locator("header .name").click()
    await visitor.page.clock.run_for(3_100)
    await expect(visitor.panel("Lau màn hình")).to_have_count(0)
    # by the page's clock the station was silent for as long: let it be heard before the clock goes on
    await mock.turn("online", "no")
    await expect(visitor.page.get_by_text("Trạm đang ngoài mạng")).to_be_visible()
    await _hold_the_name(visitor)
    await visitor.press("Thôi")
    await expect(visitor.panel("Lau màn hình")).to_have_count(0)
    await expect(visitor.panel(COVER)).to_have_count(0)


async def test_the_station_s_own_button_ends_the_wiping(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.sees("Xin chào")
    await visitor.page.clock.install()
    await _hold_the_name(visitor)
    await visitor.press("Bắt đầu lau, 30 giây")
    await expect(visitor.panel(COVER)).to_be_visible()
    await mock.turn("stage", "recorded")
    await expect(visitor.panel(COVER)).to_have_count(0)
    await visitor.sees("Trạm đã ghi nhận")


async def test_a_technician_wipes_it_from_the_service_page(step_up: StepUp) -> None:
    visitor = await step_up(path="/service/")
    await visitor.sees("Nhập mã PIN")
    await visitor.page.keyboard.type("246810")
    await visitor.press("Đăng nhập")
    await visitor.press("Lau màn hình")
    await expect(visitor.panel(COVER)).to_be_visible()
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.panel(COVER)).to_be_visible()
    assert await visitor.violations() == []

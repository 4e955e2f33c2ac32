"""Whole visits at the screen: measuring by touch and by keyboard, calling for help, leaving nothing behind."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _begin(visitor: Visitor, *kinds: str) -> None:
    for kind in kinds:
        await visitor.press(kind)
    await visitor.press(re.compile("^Đo "))
    await visitor.press("Chỉ xem tại đây")


async def test_somebody_measures_weight_and_types_a_height(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await _begin(visitor, "Cân nặng", "Chiều cao")
    await visitor.sees("Bước lên cân")
    await expect(visitor.page.get_by_text("Bước 1/2")).to_be_visible()
    await visitor.press("Bắt đầu đo")
    await visitor.sees("Cân nặng: đã đo xong")
    await expect(visitor.page.get_by_text("61,4")).to_be_visible()
    await visitor.press("Tiếp tục")
    await visitor.sees("Chiều cao là bao nhiêu")
    for key in "163":
        await visitor.button(key, exact=True).click()
    await visitor.press("Xong, dùng số này")
    await visitor.press("Tiếp tục")
    await visitor.sees("Kết quả đo hôm nay")
    await expect(visitor.page.get_by_text("Không lưu.")).to_be_visible()
    heard = await mock.turn("heard")
    assert {"action": "consent", "scope": None, "text_version": "cabin-2026-11-vi"} in heard["orders"]
    assert heard["orders"][-2] == {"action": "enter", "measure": "body-height", "value": 163}


async def test_the_keyboard_alone_is_enough(step_up: StepUp) -> None:
    visitor = await step_up()
    for name in ("Oxy trong máu", "Đo 1 mục đã chọn", "Chỉ xem tại đây", "Bắt đầu đo"):
        await visitor.button(name).focus()
        await visitor.page.keyboard.press("Enter")
    await visitor.sees("Đang đo")
    await expect(visitor.page.get_by_role("heading", level=1)).to_be_focused()
    await visitor.button("Dừng đo").focus()
    await visitor.page.keyboard.press("Space")
    await visitor.sees("Đưa một ngón tay vào kẹp")


async def test_the_pulse_wave_is_drawn(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "measuring-wave")
    await visitor.sees("Đang đo")
    drawn = """() => {
      const canvas = document.querySelector("canvas");
      if (!canvas || canvas.width === 0) return false;
      const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((each) => each > 0);
    }"""
    await visitor.page.wait_for_function(drawn)


async def test_trouble_says_what_to_do_and_lets_go_on(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("trouble", "probe-off")
    await _begin(visitor, "Oxy trong máu")
    await visitor.press("Bắt đầu đo")
    await visitor.sees("Máy chưa thấy ngón tay")
    await expect(visitor.page.get_by_text("Đưa ngón tay vào hết kẹp")).to_be_visible()
    await visitor.press("Bỏ qua mục này")
    await visitor.sees("Chưa đo mục nào")


async def test_help_is_called_with_one_touch_and_told_truly(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "measuring-cuff")
    await mock.turn("sos", "broken")
    await visitor.press("SOS Gọi khẩn cấp")
    await visitor.sees("Màn hình chưa ghi được tín hiệu SOS")
    await expect(visitor.page.get_by_text("Trạm đã ghi nhận").first).not_to_be_in_viewport(ratio=1.01)
    await expect(visitor.page.get_by_text("Đã gọi SOS")).to_have_count(1)  # the button's own name
    await mock.turn("sos", "ok")
    await visitor.sees("Trạm đã ghi nhận")
    await mock.turn("stage", "on-the-way")
    await visitor.sees("Cán bộ đang đến")
    await visitor.press("Quay lại màn hình")
    await visitor.sees("Đang đo")
    await expect(visitor.button("Đã gọi SOS Cán bộ đang đến")).to_be_visible()
    heard = await mock.turn("heard")
    assert len(heard["sos"]) == 1, "one touch was one press, however often it was sent"
    assert re.fullmatch(r"[0-9a-f]{32}", heard["sos"][0])


async def test_a_press_on_the_station_s_own_button_is_shown(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.sees("Xin chào")
    await mock.turn("stage", "recorded")
    await visitor.sees("Trạm đã ghi nhận")


async def test_the_next_person_finds_nothing_of_the_one_before(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.press("English")
    await visitor.ease("Within reach, left hand", language="en")
    await visitor.press("Blood oxygen")
    await visitor.press("Measure 1 chosen")
    await visitor.press("Only show me here")
    await mock.turn("idle", "1")
    await visitor.sees("Xin chào. Hôm nay muốn đo gì?")
    await expect(visitor.page.locator("html")).to_have_attribute("data-reach", "whole")
    await expect(visitor.button("Đo tất cả")).to_be_visible()
    assert await visitor.stored() == {}


async def test_whoever_is_still_there_says_so(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.press("Đo tất cả")
    await visitor.sees("Kết quả đo sẽ được giữ")
    await mock.turn("idle", "30")
    await expect(visitor.panel("Hết thời gian")).to_be_visible()
    await visitor.press("Tôi vẫn đang dùng")
    await expect(visitor.panel("Hết thời gian")).to_have_count(0)
    await visitor.sees("Kết quả đo sẽ được giữ")


async def test_a_silent_station_is_told_and_shows_no_values(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "sheet")
    await visitor.sees("Kết quả đo hôm nay")
    await mock.turn("stall", "on")
    await visitor.sees("Màn hình đang nối lại với trạm")
    await expect(visitor.page.get_by_text("128/82")).to_have_count(0)
    await expect(visitor.button("SOS Gọi khẩn cấp")).to_be_enabled()
    await mock.turn("stall", "off")
    await mock.turn("scene", "sheet")
    await visitor.sees("Kết quả đo hôm nay")


async def test_a_connection_that_was_cut_comes_back_by_itself(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("cut")
    await mock.turn("scene", "rest")
    await visitor.sees("Nghỉ một chút")


async def test_the_sheet_is_printed_taken_along_and_taken_back(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "sheet")
    await mock.turn("printer", "no-paper")
    await visitor.press("In phiếu")
    await expect(visitor.page.get_by_text("Máy in hết giấy")).to_be_visible()
    await visitor.press("Lấy về điện thoại")
    await expect(visitor.page.get_by_alt_text("Mã QR chứa kết quả")).to_be_visible()
    await visitor.press("Đóng")
    await visitor.press("Rút lại đồng ý lưu")
    await expect(visitor.panel("Rút lại đồng ý")).to_be_visible()
    await visitor.press("Rút lại và xóa")
    await expect(visitor.page.get_by_text("Đã rút lại đồng ý")).to_be_visible()
    await visitor.press("Kết thúc và xóa màn hình")
    await visitor.sees("Cảm ơn")


async def test_every_screen_is_spoken_without_its_values_until_asked(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "result")
    await visitor.sees("Huyết áp: đã đo xong")
    async with visitor.page.expect_request(
        lambda request: "/api/speech" in request.url and "128" in request.url
    ):
        before = (await mock.turn("heard"))["speech"]
        await visitor.press("Nghe lại")
    assert before
    assert not any("128" in text for text in before)


async def test_a_voice_that_fails_is_silent(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("voice", "off")
    await mock.turn("scene", "consent")
    await visitor.sees("Kết quả đo sẽ được giữ")
    await visitor.press("Nghe lại")
    await visitor.sees("Kết quả đo sẽ được giữ")


async def test_a_station_without_a_cabin_still_calls_for_help(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("cabin", "no")
    visitor = await step_up()
    await visitor.sees("Trạm này chưa có buồng đo sức khỏe")
    await visitor.press("SOS Gọi khẩn cấp")
    await visitor.sees("Trạm đã ghi nhận")

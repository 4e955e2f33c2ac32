"""The services when something is in the way: no line, no room, nobody there, another person at the same screen."""

from typing import Any, Final

import pytest
from playwright.async_api import expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAME: Final = "Công Tằng Tôn Nữ Thị Phương Thảo"
FIELDS: Final = ("text", "lines", "name", "address", "bill-code")


async def _served(mock: Mock, step_up: StepUp, **options: Any) -> Visitor:
    await mock.turn("services", "yes")
    visitor = await step_up(**options)
    await visitor.sees("Hôm nay cần làm việc gì")
    return visitor


async def _message(visitor: Visitor) -> None:
    """Write to the area officer, as far as the page that checks it."""
    await visitor.press("Nói với công an")
    await visitor.press("Liên hệ cảnh sát khu vực")
    await visitor.press("Bắt đầu")
    await visitor.press("Xin hướng dẫn")
    await visitor.sees("Lời nhắn")
    await visitor.page.keyboard.type("xin hoir")
    await visitor.press("Tiếp tục")
    await visitor.button("Không", exact=True).click()
    await visitor.sees("Họ và tên")
    await visitor.page.keyboard.type("nguyeenx vawn an")
    await visitor.press("Tiếp tục")
    await visitor.press("Bỏ qua câu này")
    await visitor.sees("Xem lại các câu trả lời")


async def test_without_a_line_the_receipt_says_that_it_waits(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await mock.turn("online", "no")
    await expect(visitor.page.get_by_text("Trạm đang ngoài mạng")).to_be_visible()
    await _message(visitor)
    await visitor.press("Gửi lời nhắn")
    await visitor.sees("Đã ghi lời nhắn tại trạm")
    state = visitor.page.get_by_text("Đã ghi tại trạm, đang chờ mạng")
    await expect(state).to_be_visible()
    await expect(visitor.page.get_by_text("đang gửi đi")).to_have_count(0)


async def test_a_station_that_is_full_says_that_nothing_was_submitted_and_keeps_the_answers(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await _served(mock, step_up)
    await _message(visitor)
    await mock.turn("no-submit", "full")
    await visitor.press("Gửi lời nhắn")
    await visitor.sees("Trạm chưa nhận thêm được lúc này")
    await expect(visitor.page.get_by_text("CHƯA NỘP", exact=True)).to_be_visible()
    await visitor.press("Quay lại")
    await visitor.sees("Xem lại các câu trả lời")
    await visitor.press("Xem: Họ và tên")
    await expect(visitor.page.get_by_text("Nguyễn Văn An")).to_be_visible()
    await mock.turn("no-submit", "full")
    await visitor.press("Gửi lời nhắn")
    await visitor.press("Thử nộp lại")
    await visitor.sees("Đã ghi lời nhắn tại trạm")


async def test_whoever_does_not_want_to_go_on_stops_with_one_touch(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await _message(visitor)
    await visitor.press("Thôi, không làm nữa")
    await visitor.sees("Đã dừng lại, chưa nộp gì")
    await visitor.sees("Hôm nay cần làm việc gì")
    assert not [each for each in (await mock.turn("heard"))["services"] if each["action"] == "submit"]


async def test_whoever_is_still_there_says_so_and_whoever_left_is_forgotten(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await _served(mock, step_up)
    await visitor.press("English")
    await visitor.ease("Within reach, left hand", language="en")
    await visitor.press("Talk to the police")
    await visitor.press("Contact the area officer")
    await visitor.press("Begin")
    await mock.turn("idle", "30")
    await expect(visitor.panel("Time is up")).to_be_visible()
    assert await visitor.violations() == []
    await visitor.press("I am still here")
    await expect(visitor.panel("Time is up")).to_have_count(0)
    await visitor.sees("What is it about?")
    await mock.turn("idle", "1")
    await visitor.sees("The time is over")
    await visitor.sees("Hôm nay cần làm việc gì")
    await expect(visitor.page.locator("html")).to_have_attribute("data-reach", "whole")
    assert await visitor.stored() == {}


async def test_a_lost_line_takes_the_answers_off_the_screen(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await mock.turn("scene", "services-check-shown")
    await expect(visitor.page.get_by_text(NAME)).to_be_visible()
    await mock.turn("stall", "on")
    await visitor.sees("Màn hình đang nối lại với trạm")
    await expect(visitor.page.get_by_text(NAME)).to_have_count(0)
    await expect(visitor.button("SOS Gọi khẩn cấp")).to_be_enabled()


async def test_no_field_is_filled_by_the_browser_or_remembered_by_it(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    for scene in FIELDS:
        await mock.turn("scene", f"services-{scene}")
        field = visitor.page.get_by_role("textbox")
        await expect(field).to_have_attribute("autocomplete", "off")
        await expect(field).to_have_attribute("spellcheck", "false")
        assert await field.evaluate("(each) => [each.name, each.id, each.form]") == ["", "", None], scene
        await visitor.page.keyboard.type("An")
        await mock.turn("scene", "services-home")
        await visitor.sees("Hôm nay cần làm việc gì")
        await mock.turn("scene", f"services-{scene}")
        await expect(field).not_to_have_value("An")
        await mock.turn("scene", "services-home")
        await visitor.sees("Hôm nay cần làm việc gì")
    assert await visitor.stored() == {}


async def test_help_and_sos_stay_where_they_are(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await mock.turn("scene", "services-name")
    await visitor.sees("Họ và tên chủ nhà")
    await visitor.press("Trợ giúp")
    await expect(visitor.panel("Trợ giúp")).to_contain_text("Gõ dấu kiểu Telex")
    await visitor.page.keyboard.type("An")
    await visitor.press("Quay lại")
    await expect(visitor.page.get_by_role("textbox")).to_have_value("Trần Thị Bình")
    await visitor.press("SOS Gọi khẩn cấp")
    await visitor.sees("Trạm đã ghi nhận")
    assert len((await mock.turn("heard"))["sos"]) == 1


async def test_the_voice_reads_questions_and_never_an_answer(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await mock.turn("scene", "services-choice")
    await visitor.sees("Chỗ ở này là của ai?")
    await visitor.press("Nghe lại")
    await mock.turn("scene", "services-check-shown")
    await visitor.sees("Xem lại các câu trả lời")
    await visitor.press("Nghe lại")
    await mock.turn("scene", "services-receipt")
    await visitor.sees("Đã nộp hồ sơ tại trạm")
    async with visitor.page.expect_request(lambda request: "V+6+8+M" in request.url):
        await visitor.press("Nghe lại")
    spoken = " ".join((await mock.turn("heard"))["speech"])
    assert "Chỗ ở này là của ai?" in spoken
    assert NAME not in spoken
    assert "0792" not in spoken


async def test_the_cabin_is_one_of_the_ways_and_leads_back(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await visitor.press("Đo sức khỏe")
    await visitor.sees("Hôm nay muốn đo gì?")
    await visitor.press("Quay lại")
    await visitor.sees("Hôm nay cần làm việc gì")
    await visitor.press("Đo sức khỏe")
    await visitor.press("Oxy trong máu")
    await visitor.press("Đo 1 mục đã chọn")
    await visitor.sees("Kết quả đo sẽ được giữ thế nào?")
    await visitor.press("Quay lại")
    await visitor.sees("Hôm nay muốn đo gì?")
    await visitor.press("Quay lại")
    await visitor.sees("Hôm nay cần làm việc gì")


async def test_the_card_is_one_of_the_ways_and_leads_back(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await visitor.press("Dùng thẻ căn cước")
    await visitor.sees("Dùng thẻ căn cước để làm gì?")
    await visitor.press("Quay lại")
    await visitor.sees("Hôm nay cần làm việc gì")


async def test_a_service_that_the_station_cannot_do_is_refused_in_one_sentence(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await _served(mock, step_up)
    await visitor.press("Giấy tờ")
    await visitor.press("Cấp Phiếu lý lịch tư pháp")
    await expect(visitor.page.get_by_text("Trạm này chưa làm được việc đó")).to_be_visible()


async def test_a_receipt_is_printed_and_says_when_it_cannot_be(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await mock.turn("scene", "services-receipt")
    await visitor.press("In biên nhận")
    await expect(visitor.page.get_by_text("Đã in. Xin lấy phiếu")).to_be_visible()
    await mock.turn("printer", "no-paper")
    await visitor.press("In biên nhận")
    await expect(visitor.page.get_by_text("Máy in hết giấy")).to_be_visible()


async def test_telex_can_be_switched_off(mock: Mock, step_up: StepUp) -> None:
    visitor = await _served(mock, step_up)
    await mock.turn("scene", "services-lines")
    await visitor.press("Gõ dấu: bật")
    await visitor.page.keyboard.type("aas")
    await expect(visitor.page.get_by_role("textbox")).to_have_value("Aas")
    await expect(visitor.button("Gõ dấu: tắt")).to_have_attribute("aria-pressed", "false")

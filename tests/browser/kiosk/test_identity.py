"""Whole visits with a citizen's card: asked before it is read, hidden until looked at, gone with the card."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.kiosk.card_holder import NAME, NUMBER, QR, read_card, towards_reading
from tests.browser.kiosk.conftest import Mock, StepUp

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_somebody_sends_what_they_have_looked_at(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await read_card(mock, visitor, "Đăng ký tạm trú")
    await visitor.sees("Xem lại trước khi gửi")
    await expect(visitor.page.get_by_text(NAME)).to_have_count(0)
    await visitor.press("Xem: Họ và tên")
    await expect(visitor.page.get_by_text(NAME)).to_be_visible()
    await visitor.press("Ẩn: Họ và tên")
    await expect(visitor.page.get_by_text(NAME)).to_have_count(0)
    await expect(visitor.button("Bỏ: Số căn cước")).to_have_count(0)
    await expect(visitor.page.get_by_text("Thủ tục bắt buộc có")).to_have_count(3)
    await visitor.press("Bỏ: Giới tính")
    await visitor.press("Bỏ: Quốc tịch")
    await visitor.press("Lấy lại: Quốc tịch")
    await visitor.press("Gửi 5 thông tin cho Công an phường")
    await visitor.sees("Đã niêm phong")
    await mock.turn("card", "off")
    await visitor.sees("Đã xong, xin cảm ơn")
    await visitor.sees("Xin chào")
    orders = (await mock.turn("heard"))["identity"]
    assert {"action": "scan", "text": QR} in orders
    assert [each["text_version"] for each in orders if "text_version" in each] == [
        "identity-read-1",
        "identity-send-1",
    ]
    assert await visitor.stored() == {}


async def test_the_consent_says_what_for_whom_and_how_long_and_can_be_declined(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await step_up()
    await mock.turn("scene", "identity-consent")
    for said in (
        "họ và tên, ngày sinh",
        "hồ sơ đăng ký tạm trú",
        "Công an phường, chỉ sau khi",
        "lấy thẻ ra",
    ):
        await expect(visitor.page.get_by_role("definition").filter(has_text=said)).to_be_visible()
    await mock.turn("scene", "live")
    await visitor.press("Dùng thẻ căn cước")
    await visitor.press("Kiểm tra thẻ của mình")
    await visitor.press("Không đồng ý")
    await visitor.sees("Đã xong")
    assert not [each for each in (await mock.turn("heard"))["identity"] if each["action"] == "agree"]


async def test_somebody_looks_at_their_own_card(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await read_card(mock, visitor, "Kiểm tra thẻ của mình")
    await visitor.sees("Đây là những gì chip ghi")
    await expect(visitor.page.get_by_text("Thẻ thật: chữ ký của nơi cấp đúng")).to_be_visible()
    await expect(visitor.page.get_by_alt_text("Ảnh chân dung trong chip")).to_have_count(0)
    await visitor.press("Xem: Ảnh chân dung")
    face = visitor.page.get_by_alt_text("Ảnh chân dung trong chip")
    await expect(face).to_be_visible()
    await visitor.press("Xem: Số căn cước")
    await expect(visitor.page.get_by_text(NUMBER)).to_be_visible()
    await expect(face).to_be_visible()
    await expect(visitor.button(re.compile("^Bỏ:"))).to_have_count(0)
    await visitor.press("Xong")
    await visitor.sees("Xin lấy lại thẻ căn cước")
    await expect(visitor.page.get_by_text(NUMBER)).to_have_count(0)
    await expect(face).to_have_count(0)


async def test_a_number_is_typed_on_the_screen_s_own_keys_and_read_back(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await towards_reading(visitor, "Kiểm tra thẻ của mình")
    await expect(visitor.page.locator("input")).to_have_count(0)
    for digit in "0012345":
        await visitor.button(digit, exact=True).click()
    await expect(visitor.page.get_by_role("status", name="Số đã nhập")).to_contain_text("001 234 5")
    await expect(visitor.button("Nhập 12 số, hoặc 6 số cuối")).to_be_disabled()
    await visitor.press("Xóa")
    await visitor.press("Dùng 6 số cuối này")
    await visitor.sees("Đặt thẻ lên đầu đọc")
    assert {"action": "number", "number": "001234"} in (await mock.turn("heard"))["identity"]
    await visitor.press("Quay lại")
    await expect(visitor.page.get_by_role("status", name="Số đã nhập")).not_to_contain_text("001")
    await visitor.page.keyboard.type("000000000000")
    await visitor.press("Dùng số này")
    await expect(visitor.page.get_by_text("Số này chưa khớp")).to_be_visible()


async def test_the_dates_of_the_card_open_it_too(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await towards_reading(visitor, "Kiểm tra thẻ của mình")
    await visitor.press("Mở bằng ngày trên thẻ")
    await visitor.sees("Nhập số và hai ngày trên thẻ")
    for digit in "079203001234":
        await visitor.button(digit, exact=True).click()
    await expect(visitor.button("Nhập ngày sinh trên thẻ")).to_be_disabled()
    await visitor.page.keyboard.type("31022003")
    await visitor.press(re.compile("^Ngày sinh"))
    await expect(visitor.button("Nhập ngày sinh trên thẻ")).to_be_disabled()
    for _ in range(8):
        await visitor.page.keyboard.press("Backspace")
    await visitor.page.keyboard.type("0503200305032028")
    await visitor.press("Dùng số và hai ngày này")
    await visitor.sees("Đặt thẻ lên đầu đọc")
    sent = {"number": "079203001234", "birth": "2003-03-05", "expiry": "2028-03-05"}
    assert {"action": "dates", **sent} in (await mock.turn("heard"))["identity"]


async def test_the_cabin_s_results_are_tied_to_a_card(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.press("Oxy trong máu")
    await visitor.press("Đo 1 mục đã chọn")
    await visitor.press("Gắn với thẻ căn cước")
    await visitor.sees("Trạm sẽ đọc những gì từ thẻ?")
    await visitor.press("Đồng ý, đọc thẻ")
    await visitor.scan(QR)
    await visitor.sees("Đặt thẻ lên đầu đọc")
    await mock.turn("card", "on")
    await visitor.sees("Gắn kết quả đo với thẻ này?")
    await visitor.press("Gắn kết quả đo với số căn cước này")
    await visitor.sees("Đã gắn kết quả đo với số căn cước")
    await visitor.press("Xong")
    await visitor.sees("Kết quả đo sẽ được giữ thế nào?")
    await expect(visitor.page.get_by_text("kết quả sẽ đi cùng một mã")).to_be_visible()
    await expect(visitor.button("Gắn với thẻ căn cước")).to_have_count(0)
    await visitor.press("Lưu 90 ngày cùng mã của thẻ")
    await visitor.sees("Đưa một ngón tay vào kẹp")
    consent = (await mock.turn("heard"))["orders"][-1]
    assert consent == {"action": "consent", "scope": "keep", "text_version": "cabin-bound-2026-11-vi"}


async def test_a_station_with_a_reader_and_no_cabin_begins_with_the_card(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("cabin", "no")
    await mock.turn("reader", "yes")
    visitor = await step_up()
    await visitor.sees("Có thể dùng thẻ căn cước tại đây")
    assert await visitor.violations() == []
    await visitor.press("Dùng thẻ căn cước")
    await visitor.sees("Dùng thẻ căn cước để làm gì?")
    await visitor.press("Quay lại")
    await visitor.sees("Có thể dùng thẻ căn cước tại đây")


async def test_a_station_without_a_reader_speaks_of_no_card(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("reader", "no")
    visitor = await step_up()
    await visitor.sees("Xin chào")
    await expect(visitor.button("Đo tất cả")).to_be_enabled()
    await expect(visitor.button("Dùng thẻ căn cước")).to_have_count(0)


async def test_the_keyboard_alone_is_enough(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    keyboard = visitor.page.keyboard
    for name in ("Dùng thẻ căn cước", "Đăng ký tạm trú", "Đồng ý, đọc thẻ"):
        await visitor.walk_to(name)
        await keyboard.press("Enter")
        await expect(visitor.page.get_by_role("heading", level=1)).to_be_focused()
    await visitor.sees("Quét mã QR")
    await keyboard.type("001234")
    await visitor.walk_to("Dùng 6 số cuối này")
    await keyboard.press("Enter")
    await visitor.sees("Đặt thẻ lên đầu đọc")
    await mock.turn("card", "on")
    await visitor.sees("Xem lại trước khi gửi")
    await visitor.walk_to("Xem: Ngày sinh")
    await keyboard.press("Space")
    await expect(visitor.page.get_by_text("05/03/2003")).to_be_visible()
    await expect(visitor.button("Ẩn: Ngày sinh")).to_be_focused()
    await visitor.walk_to(re.compile("^Gửi 6 thông tin"))
    await keyboard.press("Enter")
    await visitor.sees("Đã niêm phong")

"""Whole visits to the services: one question at a time, nothing sent before it is submitted, nothing left behind."""

import re
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from tests.browser.kiosk.card_holder import QR
from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAME: Final = "Nguyễn Văn An"
PHONE: Final = "0903 123 456"
CODE: Final = "V68M-8BYZ-746J"


async def _begin(mock: Mock, step_up: StepUp, group: str, service: str, **options: Any) -> Visitor:
    await mock.turn("services", "yes")
    visitor = await step_up(**options)
    await visitor.sees("Hôm nay cần làm việc gì")
    await visitor.press(group)
    await visitor.press(service)
    return visitor


async def _touch(visitor: Visitor, keys: str) -> None:
    """Type on the screen's own keys."""
    names = {" ": "Dấu cách", "/": "[/]", ".": "[.]"}
    for key in keys:
        await visitor.button(re.compile(f"^{names.get(key, key)}$", re.IGNORECASE)).click()


async def _report(visitor: Visitor) -> None:
    """Answer the questions of a report, as far as the page that checks them."""
    await visitor.press("Bắt đầu")
    await visitor.sees("Việc gì?")
    await expect(visitor.page.get_by_text("Câu 1 trên 6")).to_be_visible()
    await visitor.press("Tiếng ồn")
    await visitor.sees("Ở đâu?")
    await visitor.press("Ngay tại trạm này")
    await visitor.sees("Mô tả ngắn gọn")
    await _touch(visitor, "oonf aof ban ddeem")
    await expect(visitor.page.get_by_role("textbox")).to_have_value("Ồn ào ban đêm")
    await visitor.press("Tiếp tục")
    await visitor.sees("Việc này có từ bao giờ?")
    await visitor.press("Bỏ qua câu này")
    await visitor.sees("Họ và tên")
    await _touch(visitor, "nguyeenx vawn an")
    await visitor.press("Tiếp tục")
    await visitor.sees("Số điện thoại")
    await _touch(visitor, "0903123456")
    await expect(visitor.page.get_by_role("status", name="Số điện thoại")).to_contain_text(PHONE)
    await visitor.press("Tiếp tục")
    await visitor.sees("Xem lại các câu trả lời")


async def _left_behind(page: Page) -> dict[str, Any]:
    """Return all that a next person could find."""
    found: dict[str, Any] = await page.evaluate(
        """async () => ({
          text: document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")]
            .map((each) => each.value).join(),
          address: location.href,
          history: history.length,
          state: history.state,
          cookies: document.cookie,
          caches: await caches.keys(),
          databases: await indexedDB.databases(),
        })"""
    )
    return found


async def test_somebody_reports_noise_and_takes_the_code_along(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up, "Báo tin, phản ánh", "Phản ánh dân sinh")
    before = await _left_behind(visitor.page)
    await _report(visitor)
    await expect(visitor.page.get_by_text("CHƯA NỘP", exact=True)).to_be_visible()
    await expect(visitor.page.get_by_text(NAME)).to_have_count(0)
    await visitor.press("Xem: Họ và tên")
    await expect(visitor.page.get_by_text(NAME)).to_be_visible()
    await visitor.press("Che: Họ và tên")
    await expect(visitor.page.get_by_text(NAME)).to_have_count(0)
    await visitor.press("Gửi phản ánh")
    await visitor.sees("Đã ghi phản ánh tại trạm")
    await expect(visitor.page.get_by_text("CHƯA NỘP")).to_have_count(0)
    await expect(visitor.page.get_by_text("chưa xác nhận là đã nhận")).to_be_visible()
    await expect(visitor.page.get_by_text(CODE)).to_be_attached()
    code = visitor.page.get_by_role("img", name="Mã QR của biên nhận")
    assert await code.evaluate("(each) => each.decode().then(() => each.naturalWidth)") > 0
    await visitor.press("Xong, xóa màn hình")
    await visitor.sees("Việc của hôm nay đã xong")
    await visitor.sees("Hôm nay cần làm việc gì")
    after = await _left_behind(visitor.page)
    for value in (NAME, "Ồn ào", "0903", CODE):
        assert value not in after["text"]
    assert {**after, "text": ""} == {**before, "text": ""}
    assert await visitor.stored() == {}
    orders = (await mock.turn("heard"))["services"]
    assert {"action": "submit", "text_version": "service-submit-1"} in orders
    assert {"action": "answer", "question": "where", "value": {"at": "station"}} in orders
    assert {"action": "answer", "question": "name", "value": NAME} in orders


async def test_a_citizen_begins_with_their_card_and_types_none_of_it(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up, "Chỗ ở", "Đăng ký tạm trú")
    for topic in ("Tốn bao nhiêu?", "Mất bao lâu?", "Cần mang gì?", "Thông tin của tôi đi đâu?"):
        await expect(visitor.page.get_by_role("term").filter(has_text=topic)).to_be_visible()
    await expect(visitor.page.get_by_text("chưa xác nhận", exact=True).first).to_be_visible()
    await visitor.press("Đọc thẻ căn cước và bắt đầu")
    await visitor.sees("Trạm sẽ đọc những gì từ thẻ?")
    await visitor.press("Đồng ý, đọc thẻ")
    await visitor.scan(QR)
    await visitor.sees("Đặt thẻ lên đầu đọc")
    await mock.turn("card", "on")
    await visitor.sees("Điền những mục này của thẻ?")
    await visitor.press("Bỏ: Giới tính")
    await visitor.press("Điền 5 mục này")
    await visitor.sees("Ông bà muốn làm gì?")
    await expect(visitor.page.get_by_text("Câu 1 trên")).to_be_visible()
    await visitor.press("Quay lại")
    await expect(visitor.page.get_by_text("Đã đọc thẻ căn cước")).to_be_visible()
    await expect(visitor.button("Bắt đầu", exact=True)).to_be_enabled()


async def test_what_was_wrong_is_told_at_the_top_and_what_was_typed_stays(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await _begin(mock, step_up, "Trả tiền", "Trả tiền điện")
    await visitor.press("Bắt đầu")
    await visitor.sees("Mã khách hàng tiền điện")
    await visitor.page.keyboard.type("pe0100")
    await visitor.page.keyboard.press("Enter")
    summary = visitor.page.get_by_role("alert")
    await expect(summary).to_contain_text("mười một chữ số")
    await expect(summary).to_be_focused()
    field = visitor.page.get_by_role("textbox", name="Mã khách hàng")
    await expect(field).to_have_value("PE0100")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile("mười một chữ số"))
    assert await visitor.violations() == []
    await visitor.page.keyboard.type("0123456")
    await visitor.press("Tiếp tục")
    await visitor.sees("Số điện thoại nhận biên nhận")
    await expect(visitor.page.get_by_role("alert")).to_have_count(0)


async def test_an_answer_is_changed_from_the_page_that_checks_them(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up, "Báo tin, phản ánh", "Phản ánh dân sinh")
    await _report(visitor)
    await visitor.press("Đổi: Việc gì?")
    await expect(visitor.button("Tiếng ồn")).to_have_attribute("aria-pressed", "true")
    await visitor.press("Giữ câu trả lời này")
    await visitor.press("Đổi: Ở đâu?")
    await visitor.press("Gần trạm, tôi ghi rõ chỗ")
    await visitor.page.keyboard.type("cạnh cổng")
    await visitor.press("Quay lại")
    await expect(visitor.button("Ngay tại trạm này")).to_be_visible()
    await visitor.press("Gần trạm, tôi ghi rõ chỗ")
    await visitor.press("Tiếp tục")
    await visitor.sees("Xem lại các câu trả lời")
    await expect(visitor.page.get_by_text("Tại trạm này (Cạnh cổng)")).to_be_visible()


async def test_an_address_begins_with_its_ward_from_a_list(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "services-address")
    await visitor.sees("Ở phường, xã nào?")
    await _touch(visitor, "binh tr")
    await expect(
        visitor.page.get_by_role("list", name="Các phường tìm thấy").get_by_role("button")
    ).to_have_count(1)
    await visitor.press("Phường Bình Trưng")
    await visitor.sees("Địa chỉ đang ở")
    await _touch(visitor, "25/14 ven soong")
    await visitor.press("Quay lại")
    await visitor.sees("Ở phường, xã nào?")
    await visitor.press("Phường An Khánh")
    await visitor.press("Tiếp tục")
    (order,) = (await mock.turn("heard"))["services"]
    assert order["value"] == {"ward": "27094", "street": "25/14 ven sông"}


async def test_the_keyboard_alone_is_enough(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up()
    keyboard = visitor.page.keyboard
    await visitor.sees("Hôm nay cần làm việc gì")
    for name in ("Nói với công an", "Liên hệ cảnh sát khu vực", "Bắt đầu", "Xin hướng dẫn"):
        await visitor.walk_to(name)
        await keyboard.press("Enter")
        await expect(visitor.page.get_by_role("heading", level=1)).to_be_focused()
    await visitor.sees("Lời nhắn")
    await keyboard.type("xin hoir")
    await keyboard.press("Enter")
    await keyboard.type("gioiwf lafm vieecj")
    await expect(visitor.page.get_by_role("textbox")).to_have_value("Xin hỏi\ngiời làm việc")
    await visitor.walk_to("Tiếp tục")
    await keyboard.press("Enter")
    await visitor.sees("Muốn được gọi lại không?")
    await visitor.walk_to(re.compile("^Không$"))
    await keyboard.press("Space")
    await visitor.sees("Họ và tên")
    await keyboard.type("nguyeenx vawn an")
    await keyboard.press("Enter")
    await visitor.sees("Ở phường, xã nào?")
    await visitor.walk_to("Bỏ qua câu này")
    await keyboard.press("Enter")
    await visitor.sees("Xem lại các câu trả lời")
    await visitor.walk_to("Gửi lời nhắn")
    await keyboard.press("Enter")
    await visitor.sees("Đã ghi lời nhắn tại trạm")
    await visitor.walk_to("Xong, xóa màn hình")
    await keyboard.press("Enter")
    await visitor.sees("Việc của hôm nay đã xong")

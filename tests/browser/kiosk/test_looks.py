"""Every screen of the cabin in both themes and both sizes: readable, reachable, nothing refused by the browser."""

from typing import Final

import pytest
from playwright.async_api import expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import ELDER, LANDSCAPE, PORTRAIT, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

SCENES: Final = {
    "choose": "Xin chào",
    "choose-none": "Hiện chưa có máy đo",
    "consent": "Kết quả đo sẽ được giữ",
    "prepare-blood-pressure": "quấn vòng vào bắp tay",
    "prepare-height": "Đứng thẳng dưới thước",
    "waiting": "Đang chờ máy đo",
    "measuring-cuff": "Đang đo",
    "measuring-weak": "Đang đo",
    "measuring-ring": "Đang đo",
    "rest": "Nghỉ một chút",
    "result": "Huyết áp: đã đo xong",
    "result-doubt": "Đo thêm một lần",
    "result-no-value": "Đo thêm một lần",
    "trouble-cuff-loose": "Vòng quấn còn lỏng",
    "trouble-not-recorded": "Trạm chưa lưu được",
    "entry": "Chiều cao là bao nhiêu",
    "sheet": "Kết quả đo hôm nay",
    "sheet-full": "Kết quả đo hôm nay",
    "sheet-high": "Kết quả đo hôm nay",
    "sheet-empty": "Chưa đo mục nào",
    "farewell": "Cảm ơn",
    "consent-bound": "Kết quả đo sẽ được giữ",
    "sheet-bound": "Kết quả đo hôm nay",
    "identity-purpose": "Dùng thẻ căn cước để làm gì",
    "identity-consent": "Trạm sẽ đọc những gì",
    "identity-consent-history": "Trạm sẽ đọc những gì",
    "identity-number": "Quét mã QR",
    "identity-dates": "hai ngày trên thẻ",
    "identity-card": "Đặt thẻ lên đầu đọc",
    "identity-card-no-reader": "Đặt thẻ lên đầu đọc",
    "identity-reading-photo": "Đang đọc thẻ",
    "identity-trouble-wrong-key": "chưa mở được chip",
    "identity-trouble-busy": "để thẻ nghỉ",
    "identity-trouble-too-late": "Buổi đo đã đi tiếp",
    "identity-review": "Xem lại trước khi gửi",
    "identity-review-shown": "Xem lại trước khi gửi",
    "identity-review-check-shown": "Đây là những gì chip ghi",
    "identity-review-not-checked": "Đây là những gì chip ghi",
    "identity-review-history": "Gắn kết quả đo với thẻ",
    "identity-consent-prefill": "Trạm sẽ đọc những gì",
    "identity-review-prefill": "Điền những mục này của thẻ",
    "identity-sending-prefill": "Đang điền từ thẻ",
    "identity-sending": "Đang niêm phong",
    "identity-done": "Đã niêm phong",
    "identity-farewell": "Xin lấy lại thẻ",
    "identity-farewell-removed": "Thẻ đã được lấy ra",
}


async def _show(mock: Mock, visitor: Visitor, scene: str) -> None:
    await mock.turn("scene", scene)
    await visitor.sees(SCENES[scene])


@pytest.mark.parametrize(
    ("theme", "viewport"), [("day", PORTRAIT), ("night", LANDSCAPE)], ids=["day-portrait", "night-landscape"]
)
async def test_every_screen_is_for_everybody(
    mock: Mock, step_up: StepUp, theme: str, viewport: dict[str, int]
) -> None:
    visitor = await step_up(theme=theme, viewport=viewport)
    for scene in SCENES:
        await _show(mock, visitor, scene)
        assert await visitor.violations() == [], scene
        assert await visitor.small_targets() == [], scene
        assert await visitor.tiny_texts() == [], scene
        assert await visitor.wider() == [], scene


@pytest.mark.parametrize("theme", ["day", "night"])
async def test_what_lies_over_a_screen_is_for_everybody_too(mock: Mock, step_up: StepUp, theme: str) -> None:
    visitor = await step_up(theme=theme)
    await _show(mock, visitor, "sheet-high")
    for button, panel in (
        ("Trợ giúp", "Trợ giúp"),
        ("Lấy về điện thoại", "Mã QR"),
        ("Gọi cấp cứu 115", "Gọi 115"),
        ("SOS Gọi khẩn cấp", "SOS"),
    ):
        await visitor.press(button)
        await expect(visitor.panel(panel)).to_be_visible()
        assert await visitor.violations() == [], panel
        assert await visitor.small_targets() == [], panel
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.panel(panel)).to_have_count(0)
    await mock.turn("scene", "idle")
    await expect(visitor.panel("Hết thời gian")).to_be_visible()
    assert await visitor.violations() == []


async def test_bigger_text_is_bigger_and_leaves_nothing_out(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    title = visitor.page.get_by_role("heading", level=1)
    before = await title.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)")
    await visitor.ease(ELDER)
    assert await title.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)") >= before * 1.2
    for scene in (
        *("choose", "consent", "prepare-glucose", "result-doubt", "sheet"),
        *("identity-consent", "identity-number", "identity-dates", "identity-review-shown"),
    ):
        await mock.turn("scene", scene)
        await expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        assert await visitor.wider() == [], scene


async def test_the_way_forward_stays_at_its_place(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    places = []
    for scene, name in (
        ("choose", "Đo tất cả"),
        ("prepare-oxygen", "Bắt đầu đo"),
        ("measuring-cuff", "Dừng đo"),
        ("result", "Tiếp tục"),
        ("sheet", "Kết thúc và xóa màn hình"),
        ("identity-consent", "Đồng ý, đọc thẻ"),
        ("identity-number", "Nhập 12 số"),
        ("identity-trouble-gone", "Thử lại"),
        ("identity-review", "Gửi 6 thông tin"),
        ("identity-done", "Xong"),
    ):
        await mock.turn("scene", scene)
        await expect(visitor.button(name)).to_be_visible()
        box = await visitor.button(name).bounding_box()
        assert box is not None
        places.append((box["x"], box["y"], box["width"], box["height"]))
    assert len(set(places)) == 1, places

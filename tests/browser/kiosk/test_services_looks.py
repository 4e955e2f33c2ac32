"""Every screen of the services in both themes and both sizes, with big letters and in English."""

from typing import Final

import pytest
from playwright.async_api import Locator, expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import ELDER, LANDSCAPE, PORTRAIT, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

SCENES: Final = {
    "home": "Hôm nay cần làm việc gì",
    "group-home": "Chỗ ở",
    "group-telephone-bank": "Điện thoại, ngân hàng",
    "service": "Đăng ký tạm trú",
    "service-card-read": "Đăng ký tạm trú",
    "service-warning": "Liên hệ cảnh sát khu vực",
    "text": "Số định danh của chủ hộ",
    "text-fault": "Số định danh của chủ hộ",
    "lines": "Lời nhắn",
    "name": "Họ và tên chủ nhà",
    "phone": "Số điện thoại",
    "phone-fault": "Số điện thoại",
    "day": "Ở đây từ ngày nào",
    "day-fault": "Ở đây từ ngày nào",
    "number": "Dự định ở bao nhiêu tháng",
    "amount": "Muốn trả bao nhiêu",
    "choice": "Chỗ ở này là của ai",
    "choice-many": "Việc gì",
    "yes-no": "Có con dưới mười tám tuổi",
    "address": "Ở phường, xã nào",
    "place": "Ở đâu",
    "address-given": "Địa chỉ đang ở",
    "bill-code": "Mã khách hàng tiền điện",
    "bill-code-fault": "Mã khách hàng tiền điện",
    "card": "Số định danh trên thẻ",
    "photo": "Việc này có từ bao giờ",
    "found": "Đã mở hồ sơ đang dở",
    "check": "Xem lại các câu trả lời",
    "check-shown": "Xem lại các câu trả lời",
    "sending": "Đang ghi lại tại trạm",
    "receipt": "Đã nộp hồ sơ tại trạm",
    "receipt-offline": "Đã ghi phản ánh tại trạm",
    "keep": "Giữ lại phần đã điền",
    "kept": "Đã giữ lại tại trạm này",
    "kept-by-card": "Đã giữ lại tại trạm này",
    "resume": "Nhập mã làm tiếp",
    "resume-fault": "Nhập mã làm tiếp",
    "found-changed": "Đã mở hồ sơ đang dở",
    "trouble-no-room": "Trạm chưa giữ thêm",
    "trouble-no-draft": "Không thấy hồ sơ nào",
    "trouble-full": "Trạm chưa nhận thêm được",
    "trouble-no-recipient": "Trạm chưa gửi được",
    "farewell-finished": "Cảm ơn",
    "farewell-timed-out": "Đã hết thời gian chờ",
}
TYPED: Final = (
    "text",
    "text-fault",
    "address",
    "lines",
    "address-given",
    "name",
    "bill-code-fault",
    "resume",
    "resume-fault",
)


async def _show(mock: Mock, visitor: Visitor, scene: str) -> None:
    await mock.turn("scene", f"services-{scene}")
    await visitor.sees(SCENES[scene])


@pytest.mark.parametrize(
    ("theme", "viewport"), [("day", PORTRAIT), ("night", LANDSCAPE)], ids=["day-portrait", "night-landscape"]
)
async def test_every_screen_is_for_everybody(
    mock: Mock, step_up: StepUp, theme: str, viewport: dict[str, int]
) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up(theme=theme, viewport=viewport)
    for scene in SCENES:
        await _show(mock, visitor, scene)
        assert await visitor.violations() == [], scene
        assert await visitor.small_targets() == [], scene
        assert await visitor.tiny_texts() == [], scene
        assert await visitor.wider() == [], scene


@pytest.mark.parametrize("viewport", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
async def test_bigger_letters_and_english_leave_nothing_out(
    mock: Mock, step_up: StepUp, viewport: dict[str, int]
) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up(viewport=viewport)
    await visitor.ease(ELDER)
    await visitor.press("English")
    await visitor.sees("What would you like to do?")
    for scene in ("service", "text-fault", "choice-many", "check-shown", "receipt", "kept", "trouble-full"):
        await mock.turn("scene", f"services-{scene}")
        await expect(visitor.page.get_by_role("heading", level=1)).not_to_contain_text("Welcome")
        await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
        assert await visitor.wider() == [], scene
        assert await visitor.small_targets() == [], scene


async def _box(locator: Locator) -> tuple[float, float]:
    """Return where something begins and ends, from top to bottom."""
    box = await locator.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


@pytest.mark.parametrize("letters", ["Vừa", ELDER])
@pytest.mark.parametrize("viewport", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
async def test_the_keys_lie_low_and_never_over_what_is_typed(
    mock: Mock, step_up: StepUp, viewport: dict[str, int], letters: str
) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up(viewport=viewport)
    await visitor.ease(letters)
    for scene in TYPED:
        await _show(mock, visitor, scene)
        field = await _box(visitor.page.get_by_role("textbox"))
        keys = await _box(visitor.page.get_by_role("group", name="Bàn phím"))
        fixed = await _box(visitor.page.get_by_role("navigation"))
        assert field[1] <= keys[0], scene
        assert keys[1] <= fixed[0], scene
        assert keys[0] > viewport["height"] / 3, scene


async def test_the_way_forward_stays_at_its_place(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up()
    places = []
    for scene, name in (
        ("service-card-read", "Bắt đầu"),
        ("text", "Tiếp tục"),
        ("day", "Nhập đủ ngày"),
        ("choice-many", "Giữ câu trả lời này"),
        ("card", "Đọc thẻ căn cước"),
        ("check", "Nộp hồ sơ"),
        ("receipt", "Xong, xóa màn hình"),
        ("trouble-full", "Thử nộp lại"),
        ("keep", "Giữ lại và nhận mã"),
        ("resume", "Mở hồ sơ"),
        ("found", "Làm tiếp"),
        ("kept", "Xong, xóa màn hình"),
    ):
        await _show(mock, visitor, scene)
        box = await visitor.button(name).bounding_box()
        assert box is not None
        places.append((box["x"], box["y"], box["width"], box["height"]))
    assert len(set(places)) == 1, places

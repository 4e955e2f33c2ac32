"""Every page of paying in both themes and both sizes, and the whole way by keyboard."""

from typing import Final

import pytest
from playwright.async_api import expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import LANDSCAPE, PORTRAIT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

SCENES: Final = {
    "asking": "Đang hỏi hóa đơn",
    "bills": "Chọn hóa đơn muốn trả",
    "bills-changed": "Chọn hóa đơn muốn trả",
    "no-bills": "Không còn hóa đơn nào phải trả",
    "pay": "Quét mã này để trả tiền",
    "pay-one-way": "Quét mã này để trả tiền",
    "pay-partly": "Quét mã này để trả tiền",
    "paid": "Đã nhận tiền, cảm ơn",
    "over": "Mã thanh toán đã hết hạn",
    "trouble-offline": "Trạm đang mất mạng, chưa thể trả tiền",
    "trouble-unknown-account": "Không tìm thấy mã khách hàng này",
    "trouble-paid-already": "Hóa đơn này đã được trả rồi",
}


@pytest.mark.parametrize(
    ("theme", "viewport"), [("day", PORTRAIT), ("night", LANDSCAPE)], ids=["day-portrait", "night-landscape"]
)
async def test_every_page_is_for_everybody(
    mock: Mock, step_up: StepUp, theme: str, viewport: dict[str, int]
) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up(theme=theme, viewport=viewport)
    for scene, title in SCENES.items():
        await mock.turn("scene", f"paying-{scene}")
        await visitor.sees(title)
        assert await visitor.violations() == [], scene
        assert await visitor.small_targets() == [], scene
        assert await visitor.tiny_texts() == [], scene
        assert await visitor.wider() == [], scene


async def test_what_is_not_paid_says_so_and_another_way_is_one_touch_away(
    mock: Mock, step_up: StepUp
) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up(viewport=PORTRAIT)
    await mock.turn("scene", "paying-pay")
    await visitor.sees("Quét mã này để trả tiền")
    page = visitor.page
    await expect(page.get_by_text("CHƯA TRẢ")).to_be_visible()
    await expect(page.get_by_text("1.412.000")).to_be_visible()
    momo = page.get_by_role("button", name="Ví MoMo")
    await momo.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("img", name="Mã QR để trả qua Ví MoMo")).to_be_visible()

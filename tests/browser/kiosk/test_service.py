"""The technician's page: the PIN, the devices and how they are, pairing in each of its ways."""

import pytest
from playwright.async_api import expect

from tests.browser.kiosk.conftest import StepUp
from tests.browser.kiosk.visitor import LANDSCAPE, PORTRAIT, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _log_in(visitor: Visitor, pin: str = "246810") -> None:
    await visitor.sees("Nhập mã PIN")
    await visitor.page.keyboard.type(pin)
    await visitor.press("Đăng nhập")


async def test_a_wrong_pin_is_told_and_five_lock(step_up: StepUp) -> None:
    visitor = await step_up(path="/service/")
    for _ in range(5):
        await _log_in(visitor, "1")
        await expect(visitor.page.get_by_role("alert")).to_have_text("Mã PIN chưa đúng.")
    await _log_in(visitor)
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Đợi 5 phút")


async def test_what_needs_a_hand_stands_first(step_up: StepUp) -> None:
    visitor = await step_up(path="/service/")
    await _log_in(visitor)
    cards = visitor.page.get_by_role("article")
    await expect(cards).to_have_count(4)
    await expect(cards.nth(0)).to_contain_text("Mất liên lạc")
    await expect(cards.nth(1)).to_contain_text("Quá hạn hiệu chuẩn")
    await cards.nth(1).get_by_role("button", name="Kiểm tra").click()
    await expect(cards.nth(1)).to_contain_text("Máy trả lời tốt. Pin 87%.")


async def test_a_new_calibration_is_written_down(step_up: StepUp) -> None:
    visitor = await step_up(path="/service/")
    await _log_in(visitor)
    card = visitor.page.get_by_role("article", name="oximeter")
    await card.get_by_role("button", name="Sửa thông tin").click()
    await visitor.page.get_by_label("Hạn hiệu chuẩn").fill("2031-06-10")
    await visitor.press("Lưu")
    await expect(card).to_contain_text("10/06/2031")
    await expect(card).not_to_contain_text("Quá hạn")


async def test_a_device_is_forgotten_only_after_a_second_question(step_up: StepUp) -> None:
    visitor = await step_up(path="/service/")
    await _log_in(visitor)
    card = visitor.page.get_by_role("article", name="bp-1")
    await card.get_by_role("button", name="Gỡ máy").click()
    await visitor.press("Thôi")
    await expect(card).to_be_visible()
    await card.get_by_role("button", name="Gỡ máy").click()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Gỡ máy").click()
    await expect(card).to_have_count(0)


async def test_a_passkey_is_typed(step_up: StepUp) -> None:
    visitor = await step_up(path="/service/")
    await _log_in(visitor)
    await visitor.press("Tìm máy mới")
    await visitor.press("Ghép nối UA-651BLE")
    await visitor.button("Ghép nối", exact=True).click()
    await expect(visitor.page.get_by_text("Nhập số đang hiện trên máy")).to_be_visible()
    for key in "123456":
        await visitor.button(key, exact=True).click()
    await visitor.press("Gửi số này")
    await expect(visitor.page.get_by_text("Máy đã sẵn sàng")).to_be_visible()
    await visitor.press("Đóng")
    await expect(visitor.page.get_by_role("article", name="ua-651ble")).to_be_visible()


async def test_numbers_that_differ_are_not_paired(step_up: StepUp) -> None:
    visitor = await step_up(path="/service/")
    await _log_in(visitor)
    await visitor.press("Tìm máy mới")
    await visitor.press("Ghép nối Nonin3230")
    await visitor.button("Ghép nối", exact=True).click()
    await expect(visitor.page.get_by_text("482913")).to_be_visible()
    await visitor.press("Khác nhau")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("từ chối ghép nối")


async def test_a_serial_port_is_paired_by_its_protocol(step_up: StepUp) -> None:
    visitor = await step_up(path="/service/")
    await _log_in(visitor)
    await visitor.press("Tìm máy mới")
    await visitor.press("Ghép nối FTDI USB Serial")
    await visitor.page.get_by_label("Giao thức của máy").select_option("height-rod")
    await visitor.page.get_by_label("Tên trong trạm").fill("Thước 1")
    await expect(visitor.page.get_by_text("Tên chỉ gồm chữ thường")).to_be_visible()
    await visitor.page.get_by_label("Tên trong trạm").fill("thuoc-1")
    await visitor.button("Ghép nối", exact=True).click()
    await expect(visitor.page.get_by_text("Máy đã sẵn sàng")).to_be_visible()


@pytest.mark.parametrize(
    ("theme", "viewport"), [("night", PORTRAIT), ("day", LANDSCAPE)], ids=["night-portrait", "day-landscape"]
)
async def test_axe_finds_nothing(step_up: StepUp, theme: str, viewport: dict[str, int]) -> None:
    visitor = await step_up(path="/service/", theme=theme, viewport=viewport)
    assert await visitor.violations() == []
    await _log_in(visitor)
    await expect(visitor.page.get_by_role("article")).to_have_count(4)
    assert await visitor.violations() == []
    assert await visitor.small_targets() == []
    for button, what in (("Sửa thông tin", "Vị trí"), ("Gỡ máy", "Khóa ghép nối"), ("Tìm máy mới", "FTDI")):
        await visitor.button(button).first.click()
        await expect(visitor.page.get_by_role("dialog")).to_contain_text(what)
        assert await visitor.violations() == [], button
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.page.get_by_role("dialog")).to_have_count(0)

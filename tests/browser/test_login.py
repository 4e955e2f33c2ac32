"""The door: who gets in, and what those read who do not."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import SitDown
from tests.browser.stage import AN, LAN

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_wrong_password_is_told_calmly_and_the_right_one_opens(sit_down: SitDown) -> None:
    officer = await sit_down(AN, logged_in=False)
    await officer.log_in("không phải mật khẩu này")
    await expect(officer.page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu chưa đúng")
    secret = officer.page.get_by_role("textbox", name="Mật khẩu", exact=True)
    await expect(secret).to_be_focused()
    await officer.enter()
    await expect(officer.page.get_by_role("button", name=f"Tùy chọn và tài khoản: {AN.name}")).to_be_visible()
    await expect(officer.page.get_by_text("Không có SOS nào đang mở")).to_be_visible()


async def test_an_auditor_sees_and_touches_nothing(sit_down: SitDown) -> None:
    auditor = await sit_down(LAN)
    await expect(auditor.page.get_by_text("Chỉ xem", exact=True)).to_be_visible()
    await expect(auditor.button("Bật chuông")).to_have_count(0)
    await auditor.go("Trạm")
    await expect(auditor.page.get_by_role("list", name="Các trạm").get_by_role("listitem")).to_have_count(3)
    await expect(auditor.button("Diễn tập tại trạm")).to_have_count(0)


async def test_logging_out_leaves_nothing_behind(sit_down: SitDown) -> None:
    officer = await (await sit_down(AN, logged_in=False)).enter()
    await officer.arm()
    await officer.page.get_by_role("button", name="Tùy chọn và tài khoản").click()
    await officer.button("Đăng xuất").click()
    await expect(officer.button("Đăng nhập")).to_be_visible()
    await officer.page.reload()
    await expect(officer.page.get_by_role("textbox", name="Tên đăng nhập", exact=True)).to_have_value("")

"""A draft at the screen: kept on purpose only, opened with its code on the screen's own keys, gone on with where it was left."""

import re
from typing import Final

import pytest
from playwright.async_api import expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import LANDSCAPE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CODE: Final = "K7QM-3VXPW-2HFD"
KEEP: Final = "Để sau, giữ lại phần đã điền"


async def _begin(mock: Mock, step_up: StepUp) -> Visitor:
    """Answer the first question of a report; the second one is asked."""
    await mock.turn("services", "yes")
    visitor = await step_up()
    await visitor.press("Báo tin, phản ánh")
    await visitor.press("Phản ánh dân sinh")
    await visitor.press("Bắt đầu")
    await visitor.sees("Việc gì?")
    await expect(visitor.button(KEEP)).to_have_count(0)
    await visitor.press("Tiếng ồn")
    await visitor.sees("Ở đâu?")
    return visitor


async def _keep(visitor: Visitor) -> None:
    await visitor.press(KEEP)
    await visitor.sees("Giữ lại phần đã điền")
    await visitor.press("Giữ lại và nhận mã")
    await visitor.sees("Đã giữ lại tại trạm này")


async def _come_back(visitor: Visitor, code: str) -> None:
    """Type the code on the screen's keys, and have it looked for."""
    await visitor.press("Làm tiếp hồ sơ đang dở")
    await visitor.sees("Nhập mã làm tiếp")
    for key in code.replace("-", ""):
        await visitor.button(re.compile(f"^{key}$")).click()
    await visitor.press("Mở hồ sơ")


async def test_somebody_fetches_a_paper_and_goes_on_at_the_same_question(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up)
    await expect(visitor.page.get_by_text("CHƯA NỘP")).to_be_visible()
    await _keep(visitor)
    await expect(visitor.page.get_by_text(CODE)).to_be_attached()
    await expect(visitor.page.get_by_text("CHƯA NỘP", exact=True)).to_be_visible()
    await visitor.press("In mã ra giấy")
    await expect(visitor.page.get_by_text("Đã in. Xin lấy phiếu")).to_be_visible()
    await visitor.press("Nghe lại")
    await visitor.press("Xong, xóa màn hình")
    await visitor.sees("Đã giữ lại, chưa nộp")
    await visitor.sees("Hôm nay cần làm việc gì")
    assert CODE not in await visitor.page.content()
    assert await visitor.stored() == {}
    await _come_back(visitor, CODE)
    await visitor.sees("Đã mở hồ sơ đang dở")
    await visitor.press("Làm tiếp")
    await visitor.sees("Ở đâu?")
    await expect(visitor.page.get_by_text("CHƯA NỘP")).to_be_visible()
    heard = await mock.turn("heard")
    assert {"action": "unlock", "code": CODE.replace("-", "")} in heard["services"]
    spoken = " ".join(heard["speech"])
    assert "Đã giữ lại tại trạm này" in spoken
    assert "K 7" not in spoken
    assert "K7QM" not in spoken


async def test_a_code_that_opens_nothing_is_told_and_can_be_typed_again_by_keyboard_alone(
    mock: Mock, step_up: StepUp
) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up(viewport=LANDSCAPE)
    await visitor.walk_to("Làm tiếp hồ sơ đang dở")
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("Nhập mã làm tiếp")
    await expect(visitor.button("Mở hồ sơ")).to_be_disabled()
    await visitor.page.keyboard.type("k7qm 3vxpw 2hfo")
    await expect(visitor.page.get_by_role("textbox")).to_have_value("K7QM 3VXPW 2HFO")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Mã gõ chưa đúng")
    await visitor.page.keyboard.type("k7qm-3vxpw-2hfd")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Không có hồ sơ nào đang giữ")
    await visitor.press("Tôi đã giữ bằng thẻ căn cước")
    await visitor.sees("Hồ sơ đang dở là việc nào?")
    await visitor.press("Quay lại")
    await visitor.sees("Nhập mã làm tiếp")
    await visitor.press("Quay lại")
    await visitor.sees("Hôm nay cần làm việc gì")


async def test_after_too_many_wrong_codes_the_screen_counts_down(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up()
    await mock.turn("scene", "services-resume-pause")
    await expect(visitor.button("Xin đợi 42 giây")).to_be_disabled()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Đã thử nhiều mã chưa đúng")


async def test_the_warning_says_that_nothing_is_kept_and_offers_to_keep_it(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await _begin(mock, step_up)
    await mock.turn("idle", "9")
    panel = visitor.panel("Hết thời gian")
    await expect(panel).to_contain_text("không được giữ lại")
    await panel.get_by_role("button", name="Giữ lại, làm tiếp sau").click()
    await visitor.sees("Giữ lại phần đã điền")
    await visitor.press("Quay lại")
    await visitor.sees("Ở đâu?")


async def test_what_is_kept_is_deleted_only_when_it_is_said_twice(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up)
    await _keep(visitor)
    await visitor.press("Xong, xóa màn hình")
    await visitor.sees("Hôm nay cần làm việc gì")
    await _come_back(visitor, CODE)
    await visitor.sees("Đã mở hồ sơ đang dở")
    await visitor.press("Xóa bản này")
    await visitor.sees("Đã mở hồ sơ đang dở")
    await visitor.press("Bấm lần nữa để xóa hẳn")
    await visitor.sees("Đã xóa bản được giữ")


async def test_what_has_to_be_answered_anew_is_named(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up()
    await mock.turn("scene", "services-found-changed")
    await expect(visitor.page.get_by_text("Thủ tục này đã thay đổi")).to_be_visible()
    await expect(visitor.page.get_by_role("listitem").filter(has_text="bao nhiêu tháng")).to_be_visible()


async def test_what_cannot_be_kept_leads_back_to_the_answers(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up()
    await mock.turn("scene", "services-trouble-no-room")
    await visitor.sees("Trạm chưa giữ thêm được")
    await expect(visitor.button("Quay lại các câu trả lời")).to_be_enabled()
    await expect(visitor.button(KEEP)).to_be_enabled()

"""An SOS from the button to the last word, by mouse and by keyboard, and what a drill has of it."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import SitDown
from tests.browser.stage import AN, KHU_B, MAI, SEN_1, SEN_2, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW, IN_HAND, DRILLS, CLOSED = "Chưa tiếp nhận", "Đang xử lý", "Diễn tập", "Đã kết thúc trong 24 giờ"
WATCHED_S = 2.5
"""A ward that nobody holds is noticed within a second; an unanswered SOS sounds every two."""


async def test_a_press_stands_on_the_screens_of_its_own_ward_before_anybody_does_anything(
    stage: Stage, sit_down: SitDown
) -> None:
    officer, mai = await sit_down(AN), await sit_down(MAI)
    await stage.press(SEN_1)
    await expect(officer.card(SEN_1)).to_be_visible()
    await expect(officer.row(SEN_1, NEW)).to_have_count(1)
    await stage.press(SEN_1)
    await expect(officer.row(SEN_1, NEW)).to_contain_text("2 lần nhấn")
    await expect(officer.page).to_have_title("(1) SOS")
    await stage.press(KHU_B)
    await expect(mai.card(KHU_B)).to_be_visible()
    await expect(mai.rows(SEN_1)).to_have_count(0)
    await expect(officer.rows(KHU_B)).to_have_count(0)


async def test_whoever_arms_the_bell_holds_the_ward(stage: Stage, sit_down: SitDown) -> None:
    mai = await sit_down(MAI)
    await expect(mai.page.get_by_text("Chuông đang tắt: màn hình này chưa trực")).to_be_visible()
    await stage.press(KHU_B)
    await expect(mai.row(KHU_B, NEW)).to_contain_text("Cấp")
    assert await mai.tones() == []
    await stage.clear()

    await mai.arm()
    await expect(mai.page.get_by_text("Chuông đang tắt")).to_have_count(0)
    await stage.press(KHU_B)
    await expect(mai.row(KHU_B, NEW)).to_be_visible()
    await asyncio.sleep(WATCHED_S)
    assert (await stage.card_of(KHU_B))["level"] == 0
    assert {"square 932", "square 698"} <= set(await mai.tones())

    await mai.card(KHU_B).get_by_role("button", name="Tiếp nhận", exact=True).click()
    await expect(mai.row(KHU_B, IN_HAND)).to_be_visible()
    await mai.tones()
    await asyncio.sleep(WATCHED_S)
    assert await mai.tones() == []


async def test_the_whole_way_by_mouse(stage: Stage, sit_down: SitDown) -> None:
    officer = await sit_down(AN)
    await officer.arm()
    await stage.press(SEN_1)
    card = officer.card(SEN_1)
    for button, told in (
        ("Tiếp nhận", "Công an phường đã nhận tin"),
        ("Cử cán bộ đi", "Cán bộ đang đến"),
        ("Đã đến hiện trường", "Cán bộ đã có mặt"),
    ):
        await card.get_by_role("button", name=button, exact=True).click()
        await expect(card.get_by_role("region", name="Người tại trạm đang thấy")).to_contain_text(told)
    await expect(officer.row(SEN_1, IN_HAND)).to_contain_text(AN.name)

    await card.get_by_role("button", name="Kết thúc", exact=True).click()
    form = officer.page.get_by_role("form", name="Kết thúc vụ việc")
    await expect(form.get_by_role("button", name="Chọn một kết quả")).to_be_disabled()
    await form.get_by_role("radio", name=re.compile("^Có sự việc")).click()
    await form.get_by_role("textbox", name="Ghi chú").fill("Một bà cụ ngã, đã đưa đi bệnh viện")
    await form.get_by_role("button", name="Kết thúc: Có sự việc").click()
    await expect(officer.row(SEN_1, CLOSED).first).to_contain_text("Có sự việc")
    await expect(card.get_by_role("region", name="Diễn biến")).to_contain_text("Một bà cụ ngã")
    await expect(card.get_by_text("không có dấu thời gian")).to_have_count(0)
    assert await stage.cards() == []


async def test_the_whole_way_by_keyboard(stage: Stage, sit_down: SitDown) -> None:
    officer = await sit_down(AN, logged_in=False)
    keys = officer.page.keyboard
    await officer.page.get_by_role("textbox", name="Tên đăng nhập", exact=True).focus()
    await keys.type(AN.login)
    await keys.press("Tab")
    await keys.type(AN.password)
    await keys.press("Enter")
    await expect(officer.page.get_by_role("status").filter(has_text="Đã kết nối")).to_be_visible()
    await keys.press("b")
    await expect(officer.button("Chuông bật")).to_be_visible()
    await stage.press(SEN_2)
    await expect(officer.card(SEN_2)).to_be_visible()
    await keys.press("Escape")
    await expect(officer.card(SEN_2)).to_have_count(0)
    await expect(officer.row(SEN_2, NEW)).to_be_focused()
    await keys.press("k")
    await keys.press("Enter")
    card = officer.card(SEN_2)
    await expect(card).to_be_visible()
    for key, then in (("a", "Cử cán bộ đi"), ("d", "Đã đến hiện trường"), ("s", "Kết thúc")):
        await keys.press(key)
        await expect(card.get_by_role("button", name=then, exact=True)).to_be_enabled()
    await keys.press("n")
    await keys.type("Không cần hỗ trợ thêm.")
    await keys.press("Control+Enter")
    await expect(card.get_by_role("region", name="Diễn biến")).to_contain_text("Không cần hỗ trợ thêm.")
    await keys.press("Escape")
    await keys.press("r")
    await expect(officer.page.get_by_role("radio").first).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(officer.row(SEN_2, CLOSED).first).to_contain_text("Nhấn nhầm")
    await expect(card.get_by_role("button", name="Mở lại vụ việc")).to_be_enabled()
    await keys.press("o")
    await expect(officer.row(SEN_2, NEW)).to_be_visible()


async def test_a_drill_looks_and_sounds_like_a_drill(stage: Stage, sit_down: SitDown) -> None:
    officer = await sit_down(AN)
    await officer.arm()
    assert await officer.tones() == ["sine 784"]
    await officer.go("Trạm")
    await officer.page.get_by_role("button", name=f"Diễn tập tại trạm: {SEN_1.name}").click()
    await officer.button("Gửi diễn tập").click()
    await expect(officer.card(SEN_1)).to_contain_text("Diễn tập: không có người gặp nguy hiểm.")
    await expect(officer.row(SEN_1, DRILLS)).to_be_visible()
    await expect(officer.row(SEN_1, NEW)).to_have_count(0)
    await expect(officer.page).to_have_title("Trực ban SOS")
    assert set(await officer.tones()) == {"triangle 523", "triangle 659", "triangle 784"}

    await stage.press(SEN_1)
    await expect(officer.row(SEN_1, NEW)).to_be_visible()
    await expect(officer.row(SEN_1, DRILLS)).to_be_visible()
    await expect(officer.card(SEN_1)).not_to_contain_text("Diễn tập: không có")
    assert "square 932" in await officer.tones()

"""Whole visits to the guide: from a few words to a service, a person, or the red button; nothing is left behind."""

import asyncio
import re
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import ELDER, LANDSCAPE, PORTRAIT, Visitor, open_screen
from tests.story.site import one_site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

FIELD: Final = "Cần làm việc gì? Gõ vài chữ"
FIND: Final = "Tìm việc này"
SCENES: Final = {
    "greeting": "cần làm việc gì",
    "choose": "Có phải ông/bà muốn",
    "choose-long": "Có phải ông/bà muốn",
    "choose-one": "Hãy chọn một",
    "missed": "trạm chưa hiểu",
    "missed-person": "trạm chưa hiểu",
    "answer": "Đăng ký tạm trú",
    "answer-long": "Đăng ký tạm trú",
    "answer-confirmed": "Phản ánh dân sinh",
    "no-answer": "Đăng ký tạm trú",
    "track": "chưa tra cứu được",
    "sos": "Có cần giúp ngay không",
}


async def _come(mock: Mock, step_up: StepUp, **options: Any) -> Visitor:
    """Stand at the start screen of a station with a guide."""
    await mock.turn("guide", "yes")
    visitor = await step_up(**options)
    await visitor.sees("Hôm nay cần làm việc gì")
    return visitor


async def _begin(mock: Mock, step_up: StepUp, **options: Any) -> Visitor:
    visitor = await _come(mock, step_up, **options)
    await visitor.press(FIELD)
    await visitor.sees("Xin chào! Ông/bà cần làm việc gì?")
    return visitor


async def _say(visitor: Visitor, words: str) -> None:
    await visitor.page.keyboard.type(words)
    await visitor.press(FIND)


async def _touch(visitor: Visitor, keys: str) -> None:
    """Type on the screen's own keys."""
    for key in keys:
        name = "Dấu cách" if key == " " else key
        await visitor.button(re.compile(f"^{name}$", re.IGNORECASE)).click()


async def test_an_old_woman_comes_from_her_words_to_the_service(mock: Mock, step_up: StepUp) -> None:
    """She types on the screen, asks what it costs, is told with the source, and begins."""
    visitor = await _begin(mock, step_up)
    await expect(visitor.button(FIND)).to_be_disabled()
    await _touch(visitor, "ddawng kys tamj trus")
    await expect(visitor.page.get_by_role("textbox")).to_have_value("Đăng ký tạm trú")
    await visitor.press(FIND)
    await visitor.sees("Có phải ông/bà muốn:")
    await expect(visitor.page.get_by_text("Đã gõ: “Đăng ký tạm trú”")).to_be_visible()
    proposals = visitor.page.get_by_role("list", name="Các việc có thể đúng").get_by_role("button")
    assert await proposals.count() == 3
    await visitor.press("Hết bao nhiêu?")
    await visitor.sees("Hãy chọn một trong các việc này.")
    await visitor.press("Đăng ký tạm trú")
    await visitor.sees("Đăng ký tạm trú")
    await expect(visitor.page.get_by_text("Bảy nghìn đồng")).to_be_visible()
    await expect(visitor.page.get_by_text("Nguồn: danh mục dịch vụ của trạm, bản 1")).to_be_visible()
    await expect(visitor.page.get_by_text("chưa xác nhận", exact=True)).to_be_visible()
    await visitor.press("Mất bao lâu?")
    await expect(visitor.button("Mất bao lâu?")).to_have_attribute("aria-pressed", "true")
    await visitor.press("Bắt đầu")
    await expect(visitor.page.get_by_role("term").filter(has_text="Cần mang gì?")).to_be_visible()
    heard = await mock.turn("heard")
    assert [order["event"] for order in heard["guide"]] == ["start", "say", "ask", "choose", "ask", "choose"]
    assert heard["services"] == [{"action": "choose", "service": "temporary-residence"}]
    assert not [text for text in heard["speech"] if "Đã gõ" in text]
    assert await visitor.stored() == {}
    await visitor.press("Quay lại")
    await visitor.sees("Chỗ ở")


async def test_the_whole_way_goes_by_keyboard_alone(mock: Mock, step_up: StepUp) -> None:
    visitor = await _come(mock, step_up)
    await visitor.walk_to(FIELD)
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("Xin chào!")
    await visitor.page.keyboard.type("tieengs oonf aof")
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("Có phải ông/bà muốn:")
    await visitor.walk_to("Là việc gì?")
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("Hãy chọn một")
    await visitor.walk_to("Phản ánh dân sinh")
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("Phản ánh dân sinh")
    await visitor.walk_to("Bắt đầu")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.get_by_role("term").first).to_be_visible()
    assert (await mock.turn("heard"))["guide"][1] == {"event": "say", "text": "Tiếng ồn ào"}


async def test_words_that_mean_nothing_here_lead_to_a_person(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up)
    await _say(visitor, "toois nay ai ddas bongs")
    await visitor.sees("trạm chưa hiểu")
    await expect(visitor.page.get_by_text("Đã gõ: “Tối nay ai đá bóng”")).to_be_visible()
    await expect(visitor.page.get_by_role("textbox")).to_have_value("")
    await expect(visitor.button("Gặp người hỗ trợ")).to_have_count(0)
    await _say(visitor, "ke chuyen cuoi")
    await visitor.press("Gặp người hỗ trợ")
    await visitor.sees("Gặp người hỗ trợ")
    assert await visitor.violations() == []
    await visitor.press("Xem cách dùng trạm")
    await visitor.panel("Trợ giúp").get_by_role("button", name="Đóng").click()
    await visitor.press("Quay lại hỏi tiếp")
    await visitor.sees("trạm chưa hiểu")
    await visitor.press("Gặp người hỗ trợ")
    await visitor.press("Nhắn cảnh sát khu vực")
    await visitor.sees("Liên hệ cảnh sát khu vực")


async def test_none_of_these_asks_for_other_words(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up)
    await _say(visitor, "tieenf ddieenj")
    await visitor.press("Không phải việc nào ở trên")
    await visitor.sees("Vậy xin viết lại bằng cách khác")
    await _say(visitor, "hoof sow cuar tooi")
    await visitor.press("Xem hồ sơ đã nộp tới đâu")
    await visitor.sees("chưa tra cứu được hồ sơ")
    await expect(visitor.button("Gặp người hỗ trợ")).to_be_visible()


async def test_in_danger_the_red_button_is_offered_and_pressed_by_nobody_else(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await _begin(mock, step_up)
    await _say(visitor, "cuu voi chay nha")
    await visitor.sees("Có cần giúp ngay không?")
    assert (await mock.turn("heard"))["sos"] == []
    await visitor.press("Không nguy hiểm, hỏi việc khác")
    await visitor.sees("Xin chào!")
    await _say(visitor, "cuu voi chay nha")
    await visitor.press("SOS Nhấn để gọi khẩn cấp")
    await expect(visitor.panel("SOS")).to_be_visible()
    assert len((await mock.turn("heard"))["sos"]) == 1


async def test_the_cabin_is_found_by_words_too(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up)
    await _say(visitor, "ddo huyeets aps")
    names = visitor.page.get_by_role("list", name="Các việc có thể đúng").get_by_role("button")
    await names.first.click()
    await visitor.sees("Hôm nay muốn đo gì?")
    await visitor.press("Quay lại")
    await visitor.sees("Hôm nay cần làm việc gì")


async def test_whoever_goes_back_finds_the_start_screen_and_leaves_nothing(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await _begin(mock, step_up)
    await visitor.page.keyboard.type("bis maatj cuar tooi")
    await expect(visitor.page.get_by_role("textbox")).to_have_value("Bí mật của tôi")
    await visitor.press("Quay lại")
    await visitor.sees("Hôm nay cần làm việc gì")
    assert (await mock.turn("heard"))["guide"][-1] == {"event": "leave"}
    await visitor.press(FIELD)
    await expect(visitor.page.get_by_role("textbox")).to_have_value("")
    kept = await visitor.page.evaluate("() => document.documentElement.outerHTML + location.href")
    assert "mật của" not in kept
    assert await visitor.stored() == {}


async def test_nobody_finds_the_guide_of_the_one_before(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("guide", "yes")
    visitor = await step_up()
    await visitor.page.clock.install()
    await visitor.page.reload()
    await visitor.press(FIELD)
    await visitor.sees("Xin chào! Ông/bà cần làm việc gì?")
    await visitor.page.keyboard.type("dien")
    await visitor.press(FIND)
    await visitor.sees("Có phải ông/bà muốn:")
    for number in range(50):
        # The station is heard all the while: each word of it arrives before the clock goes on.
        await mock.turn("online", "no" if number % 2 == 0 else "yes")
        line = "Trạm đang ngoài mạng" if number % 2 == 0 else "Trạm có mạng"
        await expect(visitor.page.get_by_role("status").filter(has_text=line)).to_be_visible()
        await visitor.page.clock.run_for(1_000)
    await visitor.sees("Hôm nay cần làm việc gì")
    assert (await mock.turn("heard"))["guide"][-1] == {"event": "leave"}


async def test_what_the_guide_cannot_do_now_is_said_and_the_words_stay(mock: Mock, step_up: StepUp) -> None:
    visitor = await _begin(mock, step_up)
    await mock.turn("guide-refusal", "not-ready")
    await _say(visitor, "dien")
    failure = visitor.page.get_by_role("status").filter(has_text="Người hướng dẫn chưa sẵn sàng")
    await expect(failure).to_be_visible()
    await expect(visitor.page.get_by_role("textbox")).to_have_value("Dien")
    await mock.turn("guide-refusal", "")
    await visitor.press(FIND)
    await visitor.sees("Có phải ông/bà muốn:")


async def test_the_guide_says_aloud_what_it_shows_and_never_what_was_typed(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await _begin(mock, step_up)
    await _say(visitor, "tien dien nha 0903123456")
    await visitor.sees("Có phải ông/bà muốn:")
    await visitor.press("Nghe lại")
    spoken: list[str] = []
    async with asyncio.timeout(20):
        while "Trả tiền điện." not in spoken:
            spoken = (await mock.turn("heard"))["speech"]
    assert "Có phải ông/bà muốn:" in spoken
    assert not [text for text in spoken if "0903" in text]


async def test_a_station_without_a_guide_shows_no_field(mock: Mock, step_up: StepUp) -> None:
    await mock.turn("services", "yes")
    visitor = await step_up()
    await visitor.sees("Hôm nay cần làm việc gì")
    await expect(visitor.button("Chỗ ở")).to_be_visible()
    await expect(visitor.button(FIELD)).to_have_count(0)


_CUT: Final = "() => [...document.querySelectorAll('.body')].filter((each) => each.scrollHeight > each.clientHeight + 1).length"


@pytest.mark.parametrize("viewport", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
async def test_the_start_screen_is_seen_whole_with_the_field(
    mock: Mock, step_up: StepUp, viewport: dict[str, int]
) -> None:
    visitor = await _come(mock, step_up, viewport=viewport)
    assert await visitor.page.evaluate(_CUT) == 0
    await visitor.ease(ELDER)
    assert await visitor.page.evaluate(_CUT) == 0
    await visitor.press("English")
    await visitor.sees("What would you like to do?")
    assert await visitor.page.evaluate(_CUT) == 0
    for found in (visitor.violations, visitor.small_targets, visitor.tiny_texts, visitor.wider):
        assert await found() == []


@pytest.mark.parametrize(
    ("theme", "viewport", "letters"),
    [("day", PORTRAIT, "big"), ("night", LANDSCAPE, "usual")],
    ids=["day-portrait-big", "night-landscape"],
)
async def test_every_face_of_the_guide_is_for_everybody(
    mock: Mock, step_up: StepUp, theme: str, viewport: dict[str, int], letters: str
) -> None:
    visitor = await _come(mock, step_up, theme=theme, viewport=viewport)
    if letters == "big":
        await visitor.ease(ELDER)
    assert set((await mock.turn("heard"))["guideScenes"]) == set(SCENES)
    for scene, title in SCENES.items():
        await mock.turn("guide-scene", scene)
        await visitor.press(FIELD)
        await visitor.sees(title)
        for found in (visitor.violations, visitor.small_targets, visitor.tiny_texts, visitor.wider):
            assert await found() == [], scene
        await visitor.press("Quay lại")
        await visitor.sees("Hôm nay cần làm việc gì")


async def _has_learnt(url: str) -> None:
    """Wait until the daemon's guide understands words."""
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}, trust_env=False) as client:
        order = {"event": "say", "text": "xin chào"}
        async with asyncio.timeout(60):
            status = 0
            while status != httpx.codes.OK:
                status = (await client.post("/api/guide", json=order)).status_code


async def test_a_real_station_leads_from_dialect_without_accents_to_the_service(
    browser: Browser, tmp_path: Path
) -> None:
    """Its own daemon, the shipped catalogue, and no mock: asked what is needed, answered from the catalogue, begun."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True, has_services=True) as (site, _):
        url = f"http://127.0.0.1:{site.kiosk}"
        await _has_learnt(url)
        async with open_screen(browser, url) as visitor:
            await visitor.press(FIELD)
            await visitor.sees("Xin chào! Ông/bà cần làm việc gì?")
            await _say(visitor, "tui moi don vo o tro, dang ky tam tru can giay to gi")
            await visitor.sees("Có phải ông/bà muốn:")
            await visitor.press("Đăng ký tạm trú")
            await expect(visitor.button("Cần gì?")).to_have_attribute("aria-pressed", "true")
            await expect(visitor.page.get_by_text("Nguồn: danh mục dịch vụ của trạm")).to_be_visible()
            await visitor.press("Hết bao nhiêu?")
            await expect(visitor.button("Hết bao nhiêu?")).to_have_attribute("aria-pressed", "true")
            await visitor.press("Bắt đầu")
            await expect(visitor.page.get_by_role("term").filter(has_text="Cần mang gì?")).to_be_visible()
            await visitor.press("Quay lại")
            await visitor.press("Quay lại")
            await visitor.press(FIELD)
            await visitor.sees("Xin chào! Ông/bà cần làm việc gì?")
            await _say(visitor, "cuu voi ong noi te xiu roi")
            await visitor.sees("Có cần giúp ngay không?")
            assert await visitor.stored() == {}

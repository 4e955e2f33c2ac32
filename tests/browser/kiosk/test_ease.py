"""The screen for everybody: colours, letters and reach are chosen in one place, shown at once, and forgotten."""

from typing import Final

import pytest
from playwright.async_api import Locator, expect

from tests.browser.kiosk.conftest import Mock, StepUp
from tests.browser.kiosk.visitor import ELDER, LANDSCAPE, PORTRAIT, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

EASE: Final = "Dễ nhìn, dễ bấm"
LOOKS: Final = {
    "Chữ đen, nền trắng": "black-on-white",
    "Chữ trắng, nền đen": "white-on-black",
    "Chữ vàng, nền đen": "yellow-on-black",
}
LOW_RIGHT, LOW_LEFT = "Tầm thấp, tay phải", "Tầm thấp, tay trái"
SCENES: Final = {
    "choose": "Xin chào",
    "consent": "Kết quả đo sẽ được giữ",
    "measuring-cuff": "Đang đo",
    "sheet-high": "Kết quả đo hôm nay",
    "identity-review-shown": "Xem lại trước khi gửi",
    "services-text-fault": "Số định danh",
    "services-check-shown": "Xem lại",
}
"""One of each kind of layout."""


async def _is_for_everybody(visitor: Visitor, scene: str) -> None:
    for found in (visitor.violations, visitor.small_targets, visitor.tiny_texts, visitor.wider):
        assert await found() == [], scene


@pytest.mark.parametrize(
    ("choices", "viewport"),
    [
        (("Chữ đen, nền trắng", LOW_RIGHT), PORTRAIT),
        (("Chữ trắng, nền đen", ELDER), LANDSCAPE),
        (("Chữ vàng, nền đen", ELDER, LOW_LEFT), PORTRAIT),
    ],
    ids=["black-low", "white-elder-landscape", "yellow-elder-low"],
)
async def test_every_way_of_seeing_is_for_everybody(
    mock: Mock, step_up: StepUp, choices: tuple[str, ...], viewport: dict[str, int]
) -> None:
    visitor = await step_up(viewport=viewport)
    await visitor.press(EASE)
    await visitor.panel(EASE).get_by_role("button", name=choices[0], exact=True).click()
    await expect(visitor.page.locator("html")).to_have_attribute("data-theme", LOOKS[choices[0]])
    await _is_for_everybody(visitor, "panel")
    await visitor.panel(EASE).get_by_role("button", name="Xong", exact=True).click()
    await visitor.ease(*choices)
    for scene, title in SCENES.items():
        await mock.turn("scene", scene)
        await visitor.sees(title)
        await _is_for_everybody(visitor, scene)
        await expect(visitor.button("SOS").last).to_be_in_viewport(ratio=1)


async def _boxes(found: Locator) -> list[dict[str, float]]:
    boxes = [await each.bounding_box() for each in await found.all()]
    return [{"x": box["x"], "y": box["y"], "width": box["width"]} for box in boxes if box is not None]


async def test_for_one_hand_all_that_is_touched_lies_low_or_on_its_side(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    touched = visitor.page.locator(".shell button:not(.body *)")
    await visitor.ease(LOW_LEFT)
    for scene in ("choose", "prepare-oxygen", "sheet"):
        await mock.turn("scene", scene)
        await visitor.sees({"choose": "Xin chào", "sheet": "Kết quả"}.get(scene, "ngón"))
        assert min(box["y"] for box in await _boxes(touched)) >= PORTRAIT["height"] / 2, scene
        (body,) = await _boxes(visitor.page.locator(".body"))
        assert body["y"] >= PORTRAIT["height"] / 2 - 20, scene
    (sos,) = await _boxes(visitor.button("SOS Gọi khẩn cấp"))
    assert sos["x"] < PORTRAIT["width"] / 10, "the red button lies at the hand's own edge"
    await visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    assert max(box["x"] + box["width"] for box in await _boxes(touched)) <= 1280
    await visitor.ease(LOW_RIGHT)
    assert min(box["x"] for box in await _boxes(touched)) >= 1920 - 1280


async def test_the_panel_works_by_keyboard_and_its_choices_are_told(step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.walk_to(EASE)
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.panel(EASE)).to_be_focused()
    await visitor.walk_to("Chữ vàng, nền đen")
    await visitor.page.keyboard.press("Space")
    await expect(visitor.button("Chữ vàng, nền đen")).to_have_attribute("aria-pressed", "true")
    await expect(visitor.button("Nền sáng")).to_have_attribute("aria-pressed", "false")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.panel(EASE)).to_have_count(0)
    await expect(visitor.page.locator("html")).to_have_attribute("data-theme", "yellow-on-black")


async def test_whoever_comes_next_meets_the_usual_screen(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    html = visitor.page.locator("html")
    await visitor.ease("Chữ vàng, nền đen", LOW_LEFT)
    await visitor.press("Đo tất cả")
    await visitor.sees("Kết quả đo sẽ được giữ")
    await mock.turn("idle", "1")
    await visitor.sees("Xin chào")
    for name, value in (("theme", "day"), ("reach", "whole"), ("elder", "off")):
        await expect(html).to_have_attribute(f"data-{name}", value)
    assert await visitor.stored() == {}


async def test_who_needs_longer_is_asked_only_at_the_second_warning(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.ease(ELDER)
    await visitor.press("Đo tất cả")
    await visitor.sees("Kết quả đo sẽ được giữ")
    await mock.turn("idle", "30")
    async with visitor.page.expect_response("**/api/cabin/orders") as answered:
        pass
    assert (await (await answered.value).json())["idle"] is None
    await expect(visitor.panel("Hết thời gian")).to_have_count(0)
    await mock.turn("idle", "30")
    await expect(visitor.panel("Hết thời gian")).to_be_visible()


@pytest.mark.parametrize("viewport", [{"width": 540, "height": 960}, {"width": 960, "height": 540}])
async def test_at_twice_the_size_nothing_is_cut_off_and_sos_stays_in_sight(
    mock: Mock, step_up: StepUp, viewport: dict[str, int]
) -> None:
    visitor = await step_up(viewport=viewport)
    for scene in ("choose", "consent", "sheet"):
        await mock.turn("scene", scene)
        await visitor.sees(SCENES.get(scene, "Kết quả đo hôm nay"))
        assert await visitor.wider() == [], scene
        await expect(visitor.button("SOS Gọi khẩn cấp")).to_be_in_viewport(ratio=1)
    await visitor.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await visitor.press("Kết thúc và xóa màn hình")
    await visitor.sees("Cảm ơn")

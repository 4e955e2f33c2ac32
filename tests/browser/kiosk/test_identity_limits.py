"""A card that cannot be read, is taken away or left behind: every trouble in words, and nothing that stays."""

import pytest
from playwright.async_api import expect

from edge.idcard.errors import CardFault
from edge.identity.view import BUSY, FULL, TOO_LATE
from tests.browser.kiosk.card_holder import NAME, QR, read_card, towards_reading
from tests.browser.kiosk.conftest import Mock, StepUp

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_is_no_card_s_code_is_told_and_nothing_of_it_stays(step_up: StepUp) -> None:
    visitor = await step_up()
    await towards_reading(visitor, "Kiểm tra thẻ của mình")
    await visitor.scan("079203001234|voucher")
    await expect(visitor.page.get_by_text("Mã vừa quét không phải mã của thẻ căn cước")).to_be_visible()
    await visitor.button("5", exact=True).click()
    await expect(visitor.page.get_by_role("status", name="Số đã nhập")).not_to_contain_text("079")


async def test_what_the_station_s_own_scanner_misread_is_told_too(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "identity-number-misread")
    await expect(visitor.page.get_by_text("Mã vừa quét không phải mã của thẻ căn cước")).to_be_visible()
    await mock.turn("scene", "identity-number")
    await expect(visitor.page.get_by_text("Mã vừa quét không phải")).to_have_count(0)


async def test_a_code_scanned_where_none_is_asked_for_presses_no_button(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await visitor.press("Dùng thẻ căn cước")
    await visitor.button("Kiểm tra thẻ của mình").focus()
    await visitor.scan(QR)
    await visitor.sees("Dùng thẻ căn cước để làm gì?")
    assert [each["action"] for each in (await mock.turn("heard"))["identity"]] == ["open"]


async def test_each_trouble_says_that_nothing_was_kept_and_what_to_do(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    titles = set()
    for fault in (*CardFault, BUSY, FULL, TOO_LATE):
        await mock.turn("scene", "live")
        await visitor.sees("Xin chào")
        await mock.turn("scene", f"identity-trouble-{fault}")
        await expect(visitor.page.get_by_text("Trạm không giữ lại thông tin nào của thẻ")).to_be_visible()
        await expect(visitor.page.get_by_text("hỏi cán bộ công an phường")).to_be_visible()
        await expect(visitor.button("Dừng lại")).to_be_enabled()
        await expect(visitor.button("SOS Gọi khẩn cấp")).to_be_enabled()
        titles.add(await visitor.page.get_by_role("heading", level=1).text_content())
        assert await visitor.small_targets() == [], fault
    assert len(titles) > len(CardFault) / 2
    assert await visitor.violations() == []


async def test_a_wrong_number_says_how_many_tries_are_left_and_lets_one_try_again(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await step_up()
    await mock.turn("fault", "wrong-key")
    await read_card(mock, visitor, "Kiểm tra thẻ của mình")
    await visitor.sees("Số vừa dùng chưa mở được chip")
    await expect(visitor.page.get_by_text("Còn 2 lần thử")).to_be_visible()
    await visitor.press("Thử lại")
    await visitor.sees("Quét mã QR")


async def test_a_pause_counts_down_before_it_can_be_tried_again(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("fault", BUSY)
    await read_card(mock, visitor, "Kiểm tra thẻ của mình")
    await visitor.sees("xin để thẻ nghỉ một chút")
    await expect(visitor.page.get_by_role("timer")).to_contain_text("Thử lại được sau")
    await expect(visitor.button("Thử lại")).to_be_disabled()
    await expect(visitor.button("Thử lại")).to_be_enabled()


async def test_a_card_that_is_taken_away_takes_everything_with_it(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("card", "on")
    await visitor.sees("Dùng thẻ căn cước để làm gì?")
    await mock.turn("scene", "identity-review-shown")
    await expect(visitor.page.get_by_text(NAME)).to_be_visible()
    await mock.turn("card", "off")
    await visitor.sees("Thẻ đã được lấy ra")
    await expect(visitor.page.get_by_text(NAME)).to_have_count(0)


async def test_a_lost_line_takes_the_values_off_the_screen(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "identity-review-shown")
    await expect(visitor.page.get_by_text(NAME)).to_be_visible()
    await mock.turn("stall", "on")
    await visitor.sees("Màn hình đang nối lại với trạm")
    await expect(visitor.page.get_by_text(NAME)).to_have_count(0)
    await expect(visitor.button("SOS Gọi khẩn cấp")).to_be_enabled()


async def test_help_and_sos_stay_and_speak_of_the_card(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "identity-review-shown")
    await visitor.press("Trợ giúp")
    await expect(visitor.panel("Trợ giúp")).to_contain_text("Thẻ chỉ được đọc sau khi đồng ý")
    await expect(visitor.page.get_by_role("link")).to_have_count(0)
    await visitor.press("Quay lại")
    await visitor.press("SOS Gọi khẩn cấp")
    await visitor.sees("Trạm đã ghi nhận")
    assert len((await mock.turn("heard"))["sos"]) == 1


async def test_nothing_of_a_card_is_ever_spoken(mock: Mock, step_up: StepUp) -> None:
    visitor = await step_up()
    await mock.turn("scene", "identity-review-check-shown")
    await visitor.sees("Đây là những gì chip ghi")
    await visitor.press("Nghe lại")
    await mock.turn("scene", "identity-consent")
    await visitor.sees("Trạm sẽ đọc những gì")
    await visitor.press("Nghe lại")
    async with visitor.page.expect_request(lambda request: "/api/speech" in request.url):
        await visitor.press("Nghe lại")
    spoken = " ".join((await mock.turn("heard"))["speech"])
    assert "chip" in spoken
    assert NAME not in spoken
    assert "0792" not in spoken


async def test_whoever_is_still_there_says_so_and_whoever_left_is_forgotten(
    mock: Mock, step_up: StepUp
) -> None:
    visitor = await step_up()
    await visitor.press("English")
    await visitor.press("Use your citizen card")
    await visitor.press("Check my own card")
    await mock.turn("idle", "30")
    await expect(visitor.panel("Time is up")).to_be_visible()
    await visitor.press("I am still here")
    await expect(visitor.panel("Time is up")).to_have_count(0)
    await mock.turn("idle", "1")
    await visitor.sees("The time is over")
    await visitor.sees("Xin chào. Hôm nay muốn đo gì?")
    assert await visitor.stored() == {}

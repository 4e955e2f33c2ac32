"""A clerk's day in a real browser: what comes in, what only the desk's key opens, and every way in which work goes on."""

import asyncio
from typing import Any

import pyrage
import pytest
from playwright.async_api import Page, Route, expect

from cloud.requests.request import Verb
from cloud.store import errands
from tests.browser.desk.conftest import BINH, HOA, DeskStage, Sit, open_request, row
from tests.cloud.requesting import do

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SECRET = "NGUYỄN VĂN MẪU"
DAY_MS = 86_400_000


async def press(card: Any, name: str) -> None:
    await card.get_by_role("button", name=name, exact=True).click()


async def kept_anywhere(page: Page) -> str:
    """Return all that the page has put where it could outlive it."""
    kept: str = await page.evaluate(
        "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
    )
    return kept


async def test_a_request_comes_by_itself_is_opened_by_keyboard_and_goes_on(
    desks: DeskStage, sit_at_desk: Sit
) -> None:
    page = (await sit_at_desk()).page
    entry = await desks.submit()
    await expect(row(page, entry)).to_contain_text("Đăng ký tạm trú")
    while await page.evaluate("document.activeElement.dataset.row") != entry.request:
        await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    card = page.get_by_role("article", name=f"Hồ sơ {entry.tracking}", exact=True)
    await press(card, "Tiếp nhận")
    await expect(card.get_by_text("Đã ghi nhận: Đã tiếp nhận.")).to_be_visible()
    await press(card, "Yêu cầu bổ sung")
    form = card.get_by_role("form", name="Yêu cầu bổ sung")
    await press(form, "Yêu cầu bổ sung")
    await expect(form.get_by_role("alert")).to_have_text("Chọn một lý do.")
    await form.get_by_label("Lý do").select_option("Còn thiếu giấy tờ.")
    await form.get_by_role("checkbox").first.check()
    await press(form, "Yêu cầu bổ sung")
    await expect(card.get_by_text("Lý do: Còn thiếu giấy tờ.")).to_be_visible()
    await expect(row(page, entry)).to_have_count(0)
    assert desks.load(entry.request).reason == "paper-missing"


async def test_only_the_desks_key_opens_what_was_sent_and_it_stays_in_the_page(
    desks: DeskStage, sit_at_desk: Sit
) -> None:
    page = (await sit_at_desk()).page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    card = await open_request(page, await desks.submit())
    chooser = card.get_by_label("Mở bằng khóa của bàn")
    wrong = str(pyrage.x25519.Identity.generate()).encode()
    await chooser.set_input_files({"name": "k", "mimeType": "text/plain", "buffer": b"not a key"})
    await expect(card.get_by_role("alert")).to_contain_text("không phải tệp khóa")
    await chooser.set_input_files({"name": "k", "mimeType": "text/plain", "buffer": wrong})
    await expect(card.get_by_role("alert")).to_contain_text("Khóa này không mở được hồ sơ")
    await press(card, "Xóa khóa khỏi máy")
    await chooser.set_input_files(desks.key_file)
    await expect(card.get_by_text(SECRET)).to_be_visible()
    await expect(card.get_by_text("Phường Bình Trưng, 12 hẻm Ven Sông")).to_have_count(0)
    await expect(card.get_by_text("12 hẻm Ven Sông, Phường Bình Trưng")).to_be_visible()
    await expect(card.get_by_text("Tôi thuê", exact=True)).to_be_visible()
    whole = await kept_anywhere(page) + "".join(sent)
    assert SECRET not in whole
    assert "AGE-SECRET-KEY" not in whole
    await page.get_by_role("button", name="Tùy chọn và tài khoản").click()
    await page.get_by_role("button", name="Đăng xuất").click()
    await expect(page.get_by_text(SECRET)).to_have_count(0)
    await expect(page.get_by_role("textbox", name="Tên đăng nhập")).to_be_visible()


async def test_what_belongs_to_another_request_is_not_shown(desks: DeskStage, sit_at_desk: Sit) -> None:
    page = (await sit_at_desk()).page
    card = await open_request(page, await desks.submit(request="f" * 32))
    await card.get_by_label("Mở bằng khóa của bàn").set_input_files(desks.key_file)
    await expect(card.get_by_role("alert")).to_contain_text("không khớp với hồ sơ này")
    await expect(card.get_by_text(SECRET)).to_have_count(0)


async def test_who_was_slower_is_told_and_sees_the_request_as_it_is(
    desks: DeskStage, sit_at_desk: Sit
) -> None:
    page = (await sit_at_desk(BINH)).page
    entry = await desks.submit()
    card = await open_request(page, entry)

    async def be_faster(route: Route) -> None:
        at_ms = desks.load(entry.request).updated_at_ms + 5
        await asyncio.to_thread(do, desks.store, Verb.RECEIVE, request=entry.request, now_ms=at_ms)
        await route.continue_()

    await page.route("**/actions", be_faster)
    await press(card, "Tiếp nhận")
    await expect(card.get_by_role("alert")).to_contain_text("hồ sơ đang ở bước “Đã tiếp nhận”")
    await expect(card.get_by_role("button", name="Bắt đầu giải quyết", exact=True)).to_be_enabled()
    assert desks.load(entry.request).version == 2


async def test_what_ends_a_request_is_asked_twice_and_found_again_by_its_code(
    desks: DeskStage, sit_at_desk: Sit
) -> None:
    page = (await sit_at_desk()).page
    entry = await desks.submit()
    card = await open_request(page, entry)
    await press(card, "Từ chối")
    form = card.get_by_role("form", name="Từ chối")
    await form.get_by_label("Lý do").select_option("Hồ sơ nộp nhầm thủ tục.")
    await press(form, "Từ chối")
    assert desks.load(entry.request).version == 1
    await press(form, "Đồng ý: Từ chối")
    await expect(card.get_by_text("Hồ sơ đã kết thúc, không còn việc gì phải làm.")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await page.keyboard.type(entry.tracking.lower().replace("-", " "))
    await page.keyboard.press("Enter")
    await expect(card).to_contain_text("Đã từ chối")
    await page.get_by_role("textbox", name="Tìm theo mã hồ sơ").fill("K7QM-3VXP-2HFA")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Mã này chưa đúng")


async def test_the_late_ones_are_marked_and_an_apology_is_one_press_away(
    desks: DeskStage, sit_at_desk: Sit
) -> None:
    entry = await desks.submit(ago_ms=20 * DAY_MS)
    page = (await sit_at_desk(HOA)).page
    await page.get_by_role("navigation", name="Danh sách").get_by_role("link", name="Quá hạn").click()
    await expect(row(page, entry)).to_contain_text("Quá hạn")
    await page.get_by_role("button", name=f"Xin lỗi và hẹn ngày mới {entry.tracking}").click()
    form = page.get_by_role("form", name="Xin lỗi và hẹn ngày mới")
    await form.get_by_label("Lý do").select_option("Cần kiểm tra thêm tại chỗ.")
    await expect(form.get_by_role("status")).to_contain_text(
        f"Xin lỗi ông/bà vì hồ sơ {entry.tracking} chưa xong đúng hẹn"
    )
    await press(form, "Xin lỗi và hẹn ngày mới")
    await desks.until(entry.request, lambda request: request.new_dates == 1)
    await expect(row(page, entry)).to_have_count(0)


async def test_what_was_not_delivered_is_sent_again(desks: DeskStage, sit_at_desk: Sit) -> None:
    entry = await desks.submit()
    now_ms = desks.load(entry.request).updated_at_ms
    with desks.store.writing() as connection:
        errands.submit(connection, [(entry.request, "far-end")], now_ms)
        (errand,) = errands.claim(connection, "far-end", now_ms, 1, lease_ms=1)
        errands.mark_failed(connection, errand.id, now_ms, "http 503", again_at_ms=None)
    page = (await sit_at_desk()).page
    await (
        page.get_by_role("navigation", name="Danh sách").get_by_role("link", name="Chưa chuyển được").click()
    )
    letters = page.get_by_role("list", name="Chưa chuyển được")
    await expect(letters).to_contain_text("far-end, http 503")
    await letters.get_by_role("button", name=f"Gửi lại {entry.tracking}").click()
    await expect(page.get_by_text("Đã xếp hàng gửi lại.")).to_be_visible()
    await expect(page.get_by_text("Mọi hồ sơ đều đã chuyển được")).to_be_visible()

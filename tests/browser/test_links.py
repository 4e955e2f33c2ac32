"""What the officer sees when the line to the centre is silent or breaks, and after it is mended."""

import asyncio
import os
import re
import signal
import time

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import SitDown
from tests.browser.officer import PHONE
from tests.browser.stage import AN, HA, KHU_B, SEN_1, SEN_2, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW, IN_HAND = "Chưa tiếp nhận", "Đang xử lý"
SILENCE_S = 7.0


async def test_a_silent_centre_is_told_within_seconds_and_forgiven_at_once(
    stage: Stage, sit_down: SitDown
) -> None:
    officer = await sit_down(AN, viewport=PHONE)
    banner = officer.page.get_by_role("alert").filter(has_text="MẤT KẾT NỐI")
    await expect(banner).to_have_count(0)
    with stage.silent_api():
        since = time.monotonic()
        await banner.wait_for(timeout=SILENCE_S * 1_000)
        assert time.monotonic() - since > SILENCE_S / 3, "the line was given up too early"
        await expect(banner).to_contain_text("Dùng bộ đàm hoặc điện thoại trực")
        assert await officer.scrolls_sideways() == []
        await stage.press(SEN_1)
    await expect(officer.card(SEN_1)).to_be_visible()
    await expect(banner).to_have_count(0)
    await expect(officer.page.get_by_role("status").filter(has_text="Đã kết nối")).to_be_visible()


async def test_what_was_pressed_while_the_api_was_dead_comes_once(stage: Stage, sit_down: SitDown) -> None:
    officer = await sit_down(HA)
    await officer.page.evaluate("window.isTheSamePage = true")
    await stage.press(SEN_1)
    await expect(officer.row(SEN_1, NEW)).to_have_count(1)
    os.kill(stage.api_pid(), signal.SIGKILL)
    for where in (SEN_1, SEN_2, KHU_B, SEN_2):
        await stage.press(where)
    for where, told in ((SEN_1, "2 lần nhấn"), (SEN_2, "2 lần nhấn"), (KHU_B, KHU_B.name)):
        await expect(officer.row(where, NEW)).to_contain_text(told)
    await asyncio.sleep(1)
    drawn = await officer.page.locator("[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")
    assert len(drawn) == len(set(drawn))
    for where in (SEN_1, SEN_2, KHU_B):
        await expect(officer.row(where, NEW)).to_have_count(1)
    assert await officer.page.evaluate("window.isTheSamePage")


async def test_a_station_that_dies_is_not_called_online(stage: Stage, sit_down: SitDown) -> None:
    officer = await sit_down(AN)
    await stage.press(SEN_2)
    card, daemon = officer.card(SEN_2), stage.stations[SEN_2.station].daemon
    await expect(card).to_contain_text("Trực tuyến")
    await expect(card).to_contain_text("Trung tâm đã nhận tin")
    await asyncio.to_thread(daemon.kill)
    await expect(card).to_contain_text("Mất liên lạc")
    await expect(card).to_contain_text("đây là điều trạm xác nhận lần cuối")
    await asyncio.to_thread(daemon.start)
    await expect(card).to_contain_text("Trực tuyến")


async def test_a_reload_in_the_middle_loses_neither_case_nor_bell(stage: Stage, sit_down: SitDown) -> None:
    officer = await sit_down(AN)
    await officer.arm()
    await stage.press(SEN_2)
    await officer.card(SEN_2).get_by_role("button", name="Tiếp nhận", exact=True).click()
    await expect(officer.row(SEN_2, IN_HAND)).to_be_visible()
    await officer.page.reload()
    await expect(officer.card(SEN_2).get_by_role("button", name="Cử cán bộ đi", exact=True)).to_be_enabled()
    await expect(officer.button("Chuông bật")).to_be_visible()
    await officer.card(SEN_2).get_by_role("button", name="Cử cán bộ đi", exact=True).click()
    await expect(officer.row(SEN_2, IN_HAND)).to_contain_text("Đang đến")


async def test_the_second_officer_reads_who_was_faster(stage: Stage, sit_down: SitDown) -> None:
    first, second = await sit_down(AN), await sit_down(HA)
    await stage.press(SEN_1)
    taken = asyncio.Event()

    async def hold(route: Route) -> None:
        await taken.wait()
        await route.continue_()

    await second.page.route("**/actions", hold)
    await second.card(SEN_1).get_by_role("button", name="Tiếp nhận", exact=True).click()
    await expect(second.button("Đang tiếp nhận…")).to_be_disabled()
    await first.card(SEN_1).get_by_role("button", name="Tiếp nhận", exact=True).click()
    await expect(first.row(SEN_1, IN_HAND)).to_be_visible()
    taken.set()

    told = second.card(SEN_1).get_by_role("alert")
    await expect(told).to_have_text(
        re.compile(
            rf"{AN.name} đã chuyển vụ việc sang “Đã tiếp nhận” lúc \d\d:\d\d:\d\d\. Màn hình đã cập nhật"
        )
    )
    await expect(second.row(SEN_1, IN_HAND)).to_contain_text(AN.name)
    await expect(second.card(SEN_1).get_by_role("button", name="Cử cán bộ đi", exact=True)).to_be_enabled()
    assert (await stage.card_of(SEN_1))["owner"]["login"] == AN.login
    await told.get_by_role("button", name="Đóng").click()
    await expect(told).to_have_count(0)

"""The screen's own questions to the station, over a real server: what it is, orders, help, signs of life."""

import asyncio
from pathlib import Path

import httpx
import pytest

from edge.cabin.orders import Order
from edge.cabin.view import Action
from edge.journal.errors import JournalFullError
from edge.kiosk import screen_routes
from edge.kiosk.screen import Screen
from edge.kiosk.server import Kiosk
from edge.settings import KioskSettings, SpeechSettings
from tests.edge.kiosk.conftest import STATION, Rig, RunKiosk
from tests.edge.waiting import eventually
from wire.entries import DeviceState, VitalKind

PRESS = {"id": "ab" * 16}


def told(answer: httpx.Response) -> tuple[int, object]:
    return answer.status_code, answer.json().get("problem")


async def test_the_screen_learns_what_this_station_has(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        answer = await browser.get("/api/kiosk")
    assert answer.headers["cache-control"] == "no-store"
    about = answer.json()
    assert about.pop("release")
    assert about == {
        "station": {"id": "tower-a", "name": "Trạm công dân số thử", "place": "Sảnh tháp A"},
        "has_cabin": True,
        "has_card": False,
        "has_services": False,
        "has_guide": False,
        "has_printer": True,
        "has_service": False,
    }


async def test_a_station_without_a_cabin_says_so_and_still_takes_a_press(
    rig: Rig, run_kiosk: RunKiosk
) -> None:
    async with run_kiosk(cabin=None, printer=None) as browser:
        about = (await browser.get("/api/kiosk")).json()
        assert (about["has_cabin"], about["has_printer"]) == (False, False)
        assert told(await browser.post("/api/cabin/orders", json={"action": "begin"})) == (404, "no-cabin")
        assert told(await browser.get("/api/cabin/sheet.svg")) == (404, "no-cabin")
        assert (await browser.post("/api/sos", json=PRESS)).json() == {"stage": "recorded"}
    assert rig.sos.presses == [PRESS["id"]]


async def test_an_order_reaches_the_cabin_and_its_view_comes_back(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        answer = await browser.post("/api/cabin/orders", json={"action": "begin", "kinds": ["oxygen"]})
    assert answer.status_code == 200
    assert (answer.json()["page"], answer.json()["version"]) == ("choose", 2)
    assert rig.cabin.orders == [Order(action=Action.BEGIN, kinds=[VitalKind.OXYGEN])]


async def test_an_order_that_is_not_for_now_is_refused_with_the_view_as_it_is(
    rig: Rig, run_kiosk: RunKiosk
) -> None:
    async with run_kiosk() as browser:
        answer = await browser.post("/api/cabin/orders", json={"action": "finish"})
    assert told(answer) == (409, "refused")
    assert answer.json()["reason"] == "not-now"
    assert answer.json()["view"]["version"] == rig.cabin.view.version
    assert rig.cabin.orders == []


async def test_an_order_that_makes_no_sense_is_malformed(rig: Rig, run_kiosk: RunKiosk) -> None:
    senseless = [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"action":"dance"}',
        b'{"action":"begin","more":1}',
        b'{"action":"begin","kinds":["soul"]}',
        b'{"action":"begin","kinds":[' + b",".join([b'"oxygen"'] * 8) + b"]}",
    ]
    async with run_kiosk() as browser:
        for body in senseless:
            assert told(await browser.post("/api/cabin/orders", content=body)) == (400, "malformed")
    assert rig.cabin.orders == []


async def test_a_press_needs_an_id_and_nothing_else(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        for body in ({}, {"id": "short"}, {"id": "AB" * 16}, {**PRESS, "name": "x"}):
            assert told(await browser.post("/api/sos", json=body)) == (400, "malformed")
    assert rig.sos.presses == []


async def test_a_press_that_the_disk_does_not_take_is_never_called_recorded(
    rig: Rig, run_kiosk: RunKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_routes, "SOS_LIMIT_S", 0.05)
    async with run_kiosk() as browser:
        rig.sos.error = JournalFullError("no room")
        assert told(await browser.post("/api/sos", json=PRESS)) == (503, "not-recorded")
        rig.sos.error, rig.sos.hangs = None, True
        assert told(await browser.post("/api/sos", json=PRESS)) == (503, "not-recorded")


async def test_a_screen_that_says_nothing_for_half_a_minute_is_lost_until_it_speaks(
    rig: Rig, run_kiosk: RunKiosk
) -> None:
    async with run_kiosk() as browser:
        assert (await browser.post("/api/beat", json={"page": "choose"})).status_code == 204
        assert [note.state for note in rig.notes] == [DeviceState.OK]
        rig.clock.uptime_shift_ms += 31_000
        await eventually(lambda: len(rig.notes) == 2)
        await browser.post("/api/beat", json={"page": "sheet"})
    assert [(note.device, note.state) for note in rig.notes] == [
        ("screen", DeviceState.OK),
        ("screen", DeviceState.LOST),
        ("screen", DeviceState.OK),
    ]


async def test_a_beat_names_its_page_in_a_word(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        for page in ("x" * 21, "Trang", "a b"):
            assert told(await browser.post("/api/beat", json={"page": page})) == (400, "malformed")


async def test_a_screen_that_never_came_is_told_as_lost(rig: Rig) -> None:
    kiosk = Kiosk(
        STATION,
        KioskSettings(),
        SpeechSettings(),
        rig.clock,
        note=rig.notes.append,
        sos=rig.sos,
        link=rig.link,
    )
    assert kiosk.device.health.state is DeviceState.LOST
    rig.clock.uptime_shift_ms += 31_000
    kiosk._context.screen.check()
    assert [note.state for note in rig.notes] == [DeviceState.LOST]


async def test_a_lost_screen_is_started_anew_by_the_site_s_program_and_counted(
    rig: Rig, tmp_path: Path
) -> None:
    tally = tmp_path / "tally"
    screen = Screen(rig.clock, rig.notes.append, ("sh", "-c", f"echo again >> {tally}"), silent_s=30)
    task = asyncio.create_task(screen.run())
    try:
        rig.clock.uptime_shift_ms += 31_000
        await eventually(tally.exists)
        assert screen.device.health.detail == "its page says nothing; restarts: 1"
        screen.beat("home")
        assert (screen.device.health.state, screen.device.health.detail) == (DeviceState.OK, "shows home")
    finally:
        task.cancel()
        await asyncio.wait([task])
    assert tally.read_text() == "again\n"


async def test_a_restart_that_fails_is_logged_and_the_screen_stays_lost(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    screen = Screen(rig.clock, rig.notes.append, ("false",), silent_s=30)
    task = asyncio.create_task(screen.run())
    try:
        rig.clock.uptime_shift_ms += 31_000
        await eventually(lambda: "screen not restarted" in caplog.messages)
    finally:
        task.cancel()
        await asyncio.wait([task])
    assert screen.device.health.state is DeviceState.LOST


async def test_a_mistake_of_ours_is_one_word_to_the_page(
    rig: Rig, run_kiosk: RunKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(order: Order) -> None:
        raise ZeroDivisionError(order)

    monkeypatch.setattr(rig.cabin, "act", stumble)
    async with run_kiosk() as browser:
        answer = await browser.post("/api/cabin/orders", json={"action": "begin"})
        assert told(answer) == (500, "internal")
        assert (await browser.get("/api/kiosk")).status_code == 200


async def test_ending_the_kiosk_does_not_wait_for_idle_connections(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        await browser.get("/api/kiosk")
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.port)
        writer.write(b"GET /api/kio")
    assert await reader.read() == b""
    writer.close()

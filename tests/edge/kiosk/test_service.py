"""The technician's door: what a PIN is kept as, how guessing is slowed, how a session ends. Times are held."""

import asyncio
import re

import httpx
import pytest

from edge.kiosk import service
from edge.kiosk.service import (
    MAX_SESSIONS,
    LockedError,
    ServiceDoor,
    UnfitPinError,
    WrongPinError,
    hash_pin,
    verify_pin,
)
from tests.edge.conftest import SetClock
from tests.edge.kiosk.conftest import Rig, RunKiosk
from tests.fakes.kiosk_desks import PAIRING, device

PIN, WRONG = "493817", "000000"
MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def kept() -> str:
    return hash_pin(PIN)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def door(kept: str, clock: SetClock) -> ServiceDoor:
    return ServiceDoor(kept, clock)


async def guess(door: ServiceDoor, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPinError):
            await door.login(WRONG)


def told(answer: httpx.Response) -> tuple[int, object]:
    return answer.status_code, answer.json().get("problem")


def test_a_pin_is_kept_salted_and_as_the_settings_want_it(kept: str) -> None:
    assert re.fullmatch(r"scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}", kept)
    assert hash_pin(PIN) != kept
    assert verify_pin(PIN, kept)
    assert not verify_pin(PIN + "0", kept)
    assert not verify_pin("", kept)


def test_a_pin_that_is_soon_guessed_is_not_taken() -> None:
    for pin in ("", "12345", "1" * 33):
        with pytest.raises(UnfitPinError, match="6 to 32"):
            hash_pin(pin)


async def test_the_right_pin_opens_and_the_token_says_nothing(door: ServiceDoor) -> None:
    token = await door.login(PIN)
    assert len(token) == 64
    assert door.is_open(token, prolong=False)
    assert not door.is_open("", prolong=True)
    assert not door.is_open(token[:-1], prolong=True)
    assert token not in door._sessions


async def test_five_wrong_ones_lock_for_five_minutes_also_the_right_one(
    door: ServiceDoor, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "verify_pin", lambda pin, _kept: pin == PIN)
    await guess(door, 5)
    with pytest.raises(LockedError) as locked:
        await door.login(PIN)
    assert 298 <= locked.value.seconds <= 300
    clock.uptime_shift_ms += 4 * MINUTE_MS
    with pytest.raises(LockedError):
        await door.login(PIN)
    clock.uptime_shift_ms += MINUTE_MS
    await guess(door, 4)
    await door.login(PIN)
    await guess(door, 4)
    await door.login(PIN)


async def test_guesses_at_once_are_heard_one_after_the_other(
    door: ServiceDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "verify_pin", lambda pin, _kept: pin == PIN)
    monkeypatch.setattr(service, "MAX_WAITING", 8)
    ends = await asyncio.gather(*(door.login(WRONG) for _ in range(10)), return_exceptions=True)
    assert [type(end) for end in ends].count(WrongPinError) == 5
    assert [type(end) for end in ends].count(LockedError) == 5


async def test_a_session_nobody_uses_ends_after_ten_minutes(door: ServiceDoor, clock: SetClock) -> None:
    token = await door.login(PIN)
    clock.uptime_shift_ms += 9 * MINUTE_MS
    assert door.is_open(token, prolong=True)
    clock.uptime_shift_ms += 9 * MINUTE_MS
    assert door.is_open(token, prolong=False), "what a page asks by itself does not prolong"
    clock.uptime_shift_ms += MINUTE_MS
    assert not door.is_open(token, prolong=True)
    clock.uptime_shift_ms -= 10 * MINUTE_MS
    assert not door.is_open(token, prolong=True), "it is over for good"


async def test_a_further_login_ends_the_oldest_and_leaving_ends_ones_own(door: ServiceDoor) -> None:
    tokens = [await door.login(PIN) for _ in range(MAX_SESSIONS + 1)]
    assert [door.is_open(token, prolong=True) for token in tokens] == [False, True, True]
    door.logout(tokens[1])
    door.logout("nobody")
    assert [door.is_open(token, prolong=True) for token in tokens] == [False, False, True]


async def test_without_a_pin_there_is_no_service_page(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        assert told(await browser.post("/service/api/login", json={"pin": PIN})) == (404, "not-found")
        assert told(await browser.get("/service/api/devices")) == (404, "not-found")
        assert told(await browser.post("/service/api/logout")) == (404, "not-found")


async def test_nothing_is_shown_before_login_and_after_logout(run_kiosk: RunKiosk, kept: str) -> None:
    async with run_kiosk(pin=kept) as browser:
        assert (await browser.get("/api/kiosk")).json()["has_service"] is True
        closed = [
            ("GET", "devices"),
            ("PATCH", "devices/cuff-1"),
            ("DELETE", "devices/cuff-1"),
            ("POST", "scan"),
        ]
        closed += [
            ("POST", "pair"),
            ("GET", "pairing/x"),
            ("POST", "pairing/x"),
            ("POST", "devices/cuff-1/test"),
        ]
        for method, path in closed:
            answer = await browser.request(method, f"/service/api/{path}", json={})
            assert told(answer) == (401, "no-session"), path
        entered = await browser.post("/service/api/login", json={"pin": PIN})
        assert entered.status_code == 204
        cookie = entered.headers["set-cookie"].lower()
        assert all(
            part in cookie for part in ("tcds-service=", "httponly", "samesite=strict", "path=/service")
        )
        assert (await browser.get("/service/api/devices")).status_code == 200
        assert (await browser.post("/service/api/logout")).status_code == 204
        assert told(await browser.get("/service/api/devices")) == (401, "no-session")


async def test_wrong_pins_over_the_wire_are_slowed_down(
    rig: Rig,
    run_kiosk: RunKiosk,
    kept: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(service, "verify_pin", lambda pin, _kept: pin == PIN)
    async with run_kiosk(pin=kept) as browser:
        assert told(await browser.post("/service/api/login", json={"pin": "1" * 65})) == (400, "malformed")
        for _ in range(5):
            assert told(await browser.post("/service/api/login", json={"pin": WRONG})) == (401, "wrong-pin")
        locked = await browser.post("/service/api/login", json={"pin": PIN})
        assert told(locked) == (429, "locked")
        assert 295 <= locked.json()["seconds"] <= 300
        rig.clock.uptime_shift_ms += 5 * MINUTE_MS
        assert (await browser.post("/service/api/login", json={"pin": PIN})).status_code == 204
    assert WRONG not in caplog.text
    assert PIN not in caplog.text


async def test_a_technician_sees_changes_tests_and_forgets_devices(
    rig: Rig, run_kiosk: RunKiosk, kept: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with run_kiosk(pin=kept) as browser:
        await browser.post("/service/api/login", json={"pin": PIN})
        (row,) = (await browser.get("/service/api/devices")).json()["devices"]
        assert (row["name"], row["kinds"], row["readiness"]) == ("cuff-1", ["blood-pressure"], "asleep")
        assert (row["calibrated_on"], row["calibration_due_on"]) == ("2026-01-02", None)
        changed = await browser.patch(
            "/service/api/devices/cuff-1", json={"calibration_due_on": "2027-01-02"}
        )
        assert changed.json() == {**row, "calibration_due_on": "2027-01-02"}
        cleared = await browser.patch("/service/api/devices/cuff-1", json={"calibrated_on": None})
        assert cleared.json()["calibrated_on"] is None
        for body in ({"name": "other"}, {"calibrated_on": "soon"}, {"place": "x" * 61}):
            assert told(await browser.patch("/service/api/devices/cuff-1", json=body)) == (400, "malformed")
        tested = (await browser.post("/service/api/devices/cuff-1/test")).json()
        assert (tested["ok"], tested["battery"], tested["about"]["model"]) == (True, 81, "BP-1")
        assert told(await browser.post("/service/api/devices/nothing/test")) == (404, "not-found")
        assert (await browser.delete("/service/api/devices/cuff-1")).status_code == 204
        assert (await browser.get("/service/api/devices")).json() == {"devices": []}
    said = [record.getMessage() for record in caplog.records]
    assert "device changed by a technician" in said
    assert "device forgotten by a technician" in said
    assert rig.bench.rows == {}


async def test_a_technician_finds_and_pairs_a_device_and_compares_its_number(
    rig: Rig, run_kiosk: RunKiosk, kept: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    order = {"name": "oxi-1", "driver": "ble", "address": "C0:FF:EE:00:00:02", "place": "shelf"}
    async with run_kiosk(pin=kept) as browser:
        await browser.post("/service/api/login", json={"pin": PIN})
        scan = (await browser.post("/service/api/scan")).json()
        assert scan["found"][0]["kinds"] == ["oxygen"]
        assert scan["ports"] == [{"path": "/dev/serial/by-id/usb-0", "description": "USB serial"}]
        begun = await browser.post("/service/api/pair", json=order)
        assert (begun.status_code, begun.json()) == (202, {"pairing": PAIRING})
        path = f"/service/api/pairing/{PAIRING}"
        assert (await browser.get(path)).json() == {"state": "confirm", "passkey": "012345"}
        for body in ({}, {"passkey": "12345"}, {"passkey": "123456", "accept": True}, {"accept": "yes"}):
            assert told(await browser.post(path, json=body)) == (400, "malformed")
        ended = (await browser.post(path, json={"accept": True})).json()
        assert (ended["state"], ended["device"]["name"]) == ("done", "new")
        assert told(await browser.get("/service/api/pairing/none")) == (404, "not-found")
        rig.bench.refuses = "name-taken"
        assert told(await browser.post("/service/api/pair", json=order)) == (409, "name-taken")
    assert [one.name for one in rig.bench.orders] == ["oxi-1"]
    assert [one.accept for one in rig.bench.answers] == [True]
    assert "012345" not in caplog.text


async def test_a_session_over_the_wire_is_not_kept_alive_by_a_page_that_looks_by_itself(
    rig: Rig, run_kiosk: RunKiosk, kept: str
) -> None:
    async with run_kiosk(pin=kept) as browser:
        await browser.post("/service/api/login", json={"pin": PIN})
        for _ in range(2):
            rig.clock.uptime_shift_ms += 4 * MINUTE_MS
            assert (await browser.get("/service/api/devices")).status_code == 200
        rig.clock.uptime_shift_ms += 2 * MINUTE_MS
        assert told(await browser.get("/service/api/devices")) == (401, "no-session")


async def test_a_station_with_a_pin_and_no_cabin_has_no_devices(run_kiosk: RunKiosk, kept: str) -> None:
    async with run_kiosk(pin=kept, devices=None) as browser:
        await browser.post("/service/api/login", json={"pin": PIN})
        assert told(await browser.get("/service/api/devices")) == (404, "no-cabin")


def test_rows_of_devices_are_what_the_page_expects() -> None:
    assert set(device().__struct_fields__) == {
        "name", "driver", "address", "kinds", "manufacturer", "model", "serial_number", "place", "calibrated_on",
        "calibration_due_on", "is_overdue", "state", "seen_at_ms", "detail", "readiness", "battery",
    }  # fmt: skip

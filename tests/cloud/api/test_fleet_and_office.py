"""Stations, drills, map, roster, reports, push and the audit log over HTTP."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI

from cloud.api.app import create_app
from cloud.api.push_key import read_public_key
from cloud.settings import Notify, Push, Settings, SettingsError
from cloud.store import accounts, commands, stations
from tests.cloud.api.city import HOME, City, client_of, settings_for
from wire.entries import DeviceState
from wire.messages import DeviceHealth, Heartbeat, RunDrill

SUBSCRIPTION = {
    "endpoint": "https://push.example.vn/send/abc?x=1",
    "keys": {"p256dh": "B" + "a" * 86, "auth": "c" * 22},
}


def with_push(
    settings: Settings, directory: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> Settings:
    path = directory / "vapid.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    push = Push(private_key=path, subject="mailto:truc@example.vn")
    return settings.model_copy(update={"notify": Notify(push=push)})


@pytest.fixture
async def pushing(city: City, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = with_push(city.settings, tmp_path, ec.generate_private_key(ec.SECP256R1()))
    app = create_app(settings, city.places, city.catalogue, city.store, city.clock)
    async with client_of(app, city, "duty_officer") as client:
        yield client


async def test_the_console_is_told_about_this_installation(officer: httpx.AsyncClient) -> None:
    config = (await officer.get("/api/config")).json()
    assert set(config) == {"version", "map", "tiles_url", "push_public_key", "wards", "city"}
    assert config["wards"][0] == {"code": HOME, "name": "Phường Bình Trưng"}
    assert (config["map"], config["tiles_url"], config["push_public_key"]) == (False, None, None)
    assert config["city"] == "Thành phố Hồ Chí Minh"


async def test_stations_are_those_of_the_own_wards(
    officer: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    own, all_of_them = [(await client.get("/api/stations")).json()["stations"] for client in (officer, desk)]
    assert [station["id"] for station in own] == ["st-home"]
    assert sorted(station["id"] for station in all_of_them) == ["st-away", "st-home"]
    assert own[0] == {
        "id": "st-home",
        "name": "Trạm Bến Nước",
        "ward": HOME,
        "ward_name": "Phường Bình Trưng",
        "address": "",
        "block": "",
        "floor": "",
        "lat": 10.77,
        "lon": 106.76,
        "state": "unknown",
        "seen_at_ms": None,
        "release": None,
        "devices": [],
        "lanes": [],
        "problems": [],
    }


async def test_an_overdue_calibration_is_told_of_each_device(officer: httpx.AsyncClient, city: City) -> None:
    devices = [
        DeviceHealth(device="cuff", state=DeviceState.OK, seen_at_ms=7, calibration_overdue=True),
        DeviceHealth(device="scales", state=DeviceState.OK),
    ]
    beat = Heartbeat(
        station="st-home",
        boot="b" * 32,
        at_ms=1,
        uptime_ms=1,
        loop_lag_ms=0,
        disk_free_bytes=1,
        devices=devices,
    )
    with city.store.writing() as connection:
        stations.apply_heartbeats(connection, [(beat, city.now_ms)])
    (station,) = (await officer.get("/api/stations")).json()["stations"]
    assert station["devices"] == [
        {"device": "cuff", "state": "ok", "seen_at_ms": 7, "detail": "", "calibration_overdue": True},
        {"device": "scales", "state": "ok", "seen_at_ms": None, "detail": "", "calibration_overdue": False},
    ]


async def test_devices_that_an_older_release_has_noted_are_not_overdue(
    officer: httpx.AsyncClient, city: City
) -> None:
    with city.store.writing() as connection:
        connection.exec_driver_sql(
            """UPDATE station SET devices = '[{"device":"board","state":"ok"}]' WHERE station = 'st-home'"""
        )
    (station,) = (await officer.get("/api/stations")).json()["stations"]
    assert station["devices"][0]["calibration_overdue"] is False


async def test_a_drill_is_a_command_to_the_station(officer: httpx.AsyncClient, city: City) -> None:
    answer = await officer.post("/api/drills", json={"station": "st-home"})
    assert answer.status_code == 202
    with city.store.reading() as connection:
        (order,) = commands.due(connection, city.now_ms, 10)
        assert (order.id, order.station, order.body) == (answer.json()["command"], "st-home", RunDrill())
        assert order.expires_at_ms == city.now_ms + 120_000


@pytest.mark.parametrize(("station", "status"), [("st-away", 403), ("st-none", 404)])
async def test_a_drill_elsewhere_is_refused(officer: httpx.AsyncClient, station: str, status: int) -> None:
    assert (await officer.post("/api/drills", json={"station": station})).status_code == status


async def test_the_map_is_served_when_there_is_one(city: City, tmp_path: Path) -> None:
    path = tmp_path / "wards.topojson"
    path.write_text('{"type": "Topology"}')
    settings = settings_for(tmp_path, city.settings.store.url, map_path=path)
    app = create_app(settings, city.places, city.catalogue, city.store, city.clock)
    async with client_of(app, city, "duty_officer") as client:
        answer = await client.get("/api/map")
        assert answer.json() == {"type": "Topology"}
        assert answer.headers["cache-control"] == "private, max-age=86400"
        assert (await client.get("/api/config")).json()["map"] is True
        path.unlink()
        answer = await client.get("/api/map")
        assert (answer.status_code, answer.json()["code"]) == (404, "no-map")


async def test_the_roster_names_who_may_take_over(
    officer: httpx.AsyncClient, auditor: httpx.AsyncClient, city: City
) -> None:
    people = (await officer.get("/api/roster")).json()["people"]
    assert people == [
        {"login": "thanh.pho", "name": "Trần Thu Hà", "role": "city_desk", "wards": [], "desks": []},
        {"login": "truc.ban", "name": "Lê Minh An", "role": "duty_officer", "wards": [HOME], "desks": []},
    ]
    with city.store.writing() as connection:
        accounts.set_disabled(connection, "thanh.pho", disabled=True)
    people = (await auditor.get("/api/roster")).json()["people"]
    assert [person["login"] for person in people] == ["truc.ban"]


async def test_the_shift_report_counts_the_own_wards(
    officer: httpx.AsyncClient, desk: httpx.AsyncClient, city: City
) -> None:
    city.press()
    city.press()
    city.press("st-away")
    city.press(drill=True)
    span = {"from_ms": city.now_ms - 1, "to_ms": city.now_ms + 1}
    own = (await officer.get("/api/shift-report", params=span)).json()
    assert own == {
        **span,
        "incidents": 1,
        "presses": 2,
        "drills": 1,
        "by_resolution": {},
        "escalated": 0,
        "still_open": 1,
        "acknowledge": {"p50_ms": None, "p95_ms": None, "max_ms": None, "within_20_s": 0, "within_60_s": 0},
        "arrival": {"p50_ms": None, "p95_ms": None, "max_ms": None},
        "press_to_store": {"p50_ms": 40, "p95_ms": 40, "max_ms": 40},
        "alarm_rate_per_h_max": 1,
    }
    assert (await desk.get("/api/shift-report", params=span)).json()["incidents"] == 2


@pytest.mark.parametrize(("first", "last"), [(5, 5), (5, 4), (0, 32 * 86_400_000)])
async def test_a_report_needs_a_span(officer: httpx.AsyncClient, first: int, last: int) -> None:
    answer = await officer.get("/api/shift-report", params={"from_ms": first, "to_ms": last})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_push_subscriptions_come_and_go(pushing: httpx.AsyncClient, city: City) -> None:
    key = (await pushing.get("/api/config")).json()["push_public_key"]
    assert len(key) == 87
    assert (await pushing.post("/api/push-subscriptions", json=SUBSCRIPTION)).status_code == 201
    with city.store.reading() as connection:
        (kept,) = accounts.subscriptions(connection)
    assert (kept.endpoint, kept.login) == (SUBSCRIPTION["endpoint"], "truc.ban")
    answer = await pushing.request("DELETE", "/api/push-subscriptions", json=SUBSCRIPTION)
    assert answer.status_code == 204
    with city.store.reading() as connection:
        assert accounts.subscriptions(connection) == []


async def test_nobody_takes_away_another_ones_subscription(
    pushing: httpx.AsyncClient, desk: httpx.AsyncClient, city: City
) -> None:
    await pushing.post("/api/push-subscriptions", json=SUBSCRIPTION)
    await desk.request("DELETE", "/api/push-subscriptions", json=SUBSCRIPTION)
    with city.store.reading() as connection:
        assert len(accounts.subscriptions(connection)) == 1


async def test_without_a_key_there_is_no_push(officer: httpx.AsyncClient) -> None:
    answer = await officer.post("/api/push-subscriptions", json=SUBSCRIPTION)
    assert (answer.status_code, answer.json()["code"]) == (404, "no-push")


@pytest.mark.parametrize(
    "endpoint",
    [
        *(
            "http://push.example.vn/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.0.0.1/x",
            "https://localhost/",
        ),
        *("https://db.internal/", "https://printer.local/", "file:///etc/passwd", "https://", "https:///x"),
    ],
)
async def test_the_server_calls_no_address_of_its_own_network(
    pushing: httpx.AsyncClient, endpoint: str
) -> None:
    answer = await pushing.post("/api/push-subscriptions", json={**SUBSCRIPTION, "endpoint": endpoint})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_key_that_is_none_is_a_mistake_in_the_settings(city: City, tmp_path: Path) -> None:
    settings = with_push(city.settings, tmp_path, rsa.generate_private_key(65537, 2048))
    with pytest.raises(SettingsError, match="not a key on curve"):
        read_public_key(settings.notify.push)
    (tmp_path / "vapid.pem").write_text("nonsense")
    with pytest.raises(SettingsError, match="private_key: cannot be read"):
        read_public_key(settings.notify.push)


async def test_the_auditor_reads_the_log_and_sees_a_forgery(
    officer: httpx.AsyncClient, auditor: httpx.AsyncClient, city: City, app: FastAPI
) -> None:
    incident = city.press()
    await officer.get(f"/api/incidents/{incident}")
    page = (await auditor.get("/api/audit")).json()
    assert page["verified"] is True
    (entry,) = page["entries"]
    assert (entry["actor"], entry["action"], entry["subject"]) == ("truc.ban", "incident.view", incident)
    assert json.loads(entry["detail"]) == {"version": 1}
    (own,) = (await auditor.get("/api/audit", params={"after": entry["seq"], "limit": 1})).json()["entries"]
    assert (own["actor"], own["action"]) == ("kiem.toan", "audit.view")
    with city.store.writing() as connection:
        for (trigger,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.exec_driver_sql("UPDATE audit SET actor = 'somebody.else' WHERE seq = 1")
    assert (await auditor.get("/api/audit")).json()["verified"] is False

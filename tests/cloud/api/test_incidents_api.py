"""Incidents over HTTP: lists, one in full, actions with their conflicts, export; each in the shape of the contract."""

import secrets
from xml.etree.ElementTree import fromstring

import httpx
import pytest

from cloud.store import audit
from tests.cloud.api.city import City

CARD_KEYS = {
    *("id", "version", "state", "resolution", "drill", "ward", "ward_name", "station", "opened_at_ms"),
    *("last_press_at_ms", "press_count", "level", "next_deadline_ms", "owner", "shown", "seen_at_ms"),
    *("updated_at_ms", "last_event_id"),
}


def action(card: dict[str, object], name: str, **more: object) -> dict[str, object]:
    return {"action": name, "version": card["version"], "idempotency_key": secrets.token_hex(8), **more}


async def card_of(client: httpx.AsyncClient, incident: str) -> dict[str, object]:
    answer = await client.get(f"/api/incidents/{incident}")
    card: dict[str, object] = answer.json()["card"]
    return card


async def test_a_list_has_cards_and_its_place_in_the_feed(officer: httpx.AsyncClient, city: City) -> None:
    incident = city.press()
    city.press()
    body = (await officer.get("/api/incidents")).json()
    (card,) = body["incidents"]
    assert set(card) == CARD_KEYS
    assert card["id"] == incident
    assert (card["state"], card["press_count"], card["drill"]) == ("new", 2, False)
    assert card["ward_name"] == "Phường Bình Trưng"
    assert card["station"] == {
        "id": "st-home",
        "name": "Trạm Bến Nước",
        "address": "",
        "block": "",
        "floor": "",
        "lat": 10.77,
        "lon": 106.76,
        "state": "unknown",
    }
    assert body["last_event_id"] == card["last_event_id"] == 2


async def test_an_officer_sees_own_wards_and_the_desk_all(
    officer: httpx.AsyncClient, desk: httpx.AsyncClient, city: City
) -> None:
    home = city.press("st-home")
    city.now_ms += 1
    away = city.press("st-away")
    lists = [(await client.get("/api/incidents")).json()["incidents"] for client in (officer, desk)]
    assert [[card["id"] for card in cards] for cards in lists] == [[home], [home, away]]
    for path in (f"/api/incidents/{away}", f"/api/incidents/{away}/cap"):
        answer = await officer.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    for path, body in (("actions", action({"version": 1}, "acknowledge")), ("seen", {})):
        answer = await officer.post(f"/api/incidents/{away}/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert (await card_of(desk, away))["state"] == "new"


async def test_recent_includes_what_ended_today(officer: httpx.AsyncClient, city: City) -> None:
    card = await card_of(officer, city.press())
    for name, more in (("acknowledge", {}), ("resolve", {"resolution": "false_press"})):
        card = (
            await officer.post(f"/api/incidents/{card['id']}/actions", json=action(card, name, **more))
        ).json()
    counts = {
        scope: len((await officer.get("/api/incidents", params={"scope": scope})).json()["incidents"])
        for scope in ("open", "recent")
    }
    assert counts == {"open": 0, "recent": 1}
    city.now_ms += 25 * 3_600_000
    # The session is over by now as well.
    assert (await officer.get("/api/incidents")).status_code == 401


async def test_the_detail_has_custody_events_and_presses(officer: httpx.AsyncClient, city: City) -> None:
    incident = city.press()
    await officer.post(f"/api/incidents/{incident}/seen", json={})
    body = (await officer.get(f"/api/incidents/{incident}")).json()
    assert [hop["hop"] for hop in body["custody"]] == [
        "pressed",
        "recorded",
        "received",
        "committed",
        "on_console",
    ]
    assert body["custody"][0]["after_ms"] is None
    assert body["custody"][1] == {"hop": "recorded", "at_ms": city.now_ms - 20, "after_ms": 20, "late": False}
    assert [event["kind"] for event in body["events"]] == ["opened", "seen"]
    assert body["events"][0]["actor"] == {"kind": "station", "login": None, "name": None}
    assert body["events"][1]["actor"] == {"kind": "officer", "login": "truc.ban", "name": "Lê Minh An"}
    assert body["presses"] == [
        {
            "seq": 1,
            "button": "sos",
            "at_ms": city.now_ms - 60,
            "received_at_ms": city.now_ms - 10,
            "committed_at_ms": city.now_ms,
            "ago_ms": 20,
            "clock_offset_ms": 40,
        }
    ]


async def test_the_whole_way_of_an_incident(officer: httpx.AsyncClient, city: City) -> None:
    card = await card_of(officer, city.press())
    steps = [
        ("acknowledge", {}, "acknowledged"),
        ("note", {"note": "đã gọi bảo vệ tòa nhà"}, "acknowledged"),
        ("dispatch", {}, "dispatched"),
        ("on_scene", {}, "on_scene"),
        ("resolve", {"resolution": "founded"}, "resolved"),
        ("reopen", {}, "new"),
    ]
    for name, more, state in steps:
        answer = await officer.post(f"/api/incidents/{card['id']}/actions", json=action(card, name, **more))
        assert answer.status_code == 200, answer.text
        card = answer.json()
        assert card["state"] == state
        assert set(card) == CARD_KEYS
    assert card["owner"] is None


async def test_a_stale_view_gets_the_fresh_card(
    officer: httpx.AsyncClient, desk: httpx.AsyncClient, city: City
) -> None:
    card = await card_of(officer, city.press())
    path = f"/api/incidents/{card['id']}/actions"
    await desk.post(path, json=action(card, "acknowledge"))
    answer = await officer.post(path, json=action(card, "acknowledge"))
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "stale"
    assert set(problem["card"]) == CARD_KEYS
    assert problem["card"]["owner"] == {"login": "thanh.pho", "name": "Trần Thu Hà"}
    again = await officer.post(path, json=action(problem["card"], "acknowledge"))
    assert (again.status_code, again.json()["code"]) == (409, "not-allowed")


async def test_a_repeated_action_happens_once(officer: httpx.AsyncClient, city: City) -> None:
    card = await card_of(officer, city.press())
    body = action(card, "acknowledge")
    answers = [await officer.post(f"/api/incidents/{card['id']}/actions", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"action": "resolve"},
        {"action": "acknowledge", "resolution": "founded"},
        {"action": "resolve", "resolution": "duplicate"},
        {"action": "resolve", "resolution": "duplicate", "duplicate_of": "0" * 32},
        {"action": "hand_over"},
        {"action": "hand_over", "to": "nobody"},
        {"action": "hand_over", "to": "kiem.toan"},
        {"action": "note"},
        {"action": "note", "note": " "},
        {"version": 99},
    ],
)
async def test_what_makes_no_sense_is_invalid(
    officer: httpx.AsyncClient, city: City, more: dict[str, object]
) -> None:
    card = await card_of(officer, city.press())
    answer = await officer.post(
        f"/api/incidents/{card['id']}/actions", json={**action(card, "acknowledge"), **more}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_handing_over_names_the_new_owner(
    officer: httpx.AsyncClient, desk: httpx.AsyncClient, city: City
) -> None:
    card = await card_of(officer, city.press())
    path = f"/api/incidents/{card['id']}/actions"
    card = (await officer.post(path, json=action(card, "acknowledge"))).json()
    card = (await officer.post(path, json=action(card, "hand_over", to="thanh.pho"))).json()
    assert card["owner"] == {"login": "thanh.pho", "name": "Trần Thu Hà"}


async def test_seen_counts_once(officer: httpx.AsyncClient, desk: httpx.AsyncClient, city: City) -> None:
    incident = city.press()
    first = city.now_ms
    for client in (officer, officer, desk):
        assert (await client.post(f"/api/incidents/{incident}/seen", json={})).status_code == 204
        city.now_ms += 1_000
    card = await card_of(officer, incident)
    assert (card["seen_at_ms"], card["version"]) == (first, 2)


async def test_the_export_is_cap(officer: httpx.AsyncClient, city: City) -> None:
    incident = city.press(drill=True)
    answer = await officer.get(f"/api/incidents/{incident}/cap")
    assert answer.headers["content-type"] == "application/cap+xml"
    alert = fromstring(answer.content)
    assert alert.findtext("{urn:oasis:names:tc:emergency:cap:1.2}status") == "Exercise"
    assert alert.findtext("{urn:oasis:names:tc:emergency:cap:1.2}identifier") == f"{incident}-1"


@pytest.mark.parametrize("path", ["", "/cap"])
async def test_there_is_no_such_incident(officer: httpx.AsyncClient, path: str) -> None:
    answer = await officer.get(f"/api/incidents/{'0' * 32}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_every_view_and_action_is_in_the_audit_log(officer: httpx.AsyncClient, city: City) -> None:
    card = await card_of(officer, city.press())
    await officer.get(f"/api/incidents/{card['id']}/cap")
    await officer.post(f"/api/incidents/{card['id']}/actions", json=action(card, "acknowledge"))
    with city.store.reading() as connection:
        rows = audit.entries(connection, 0, 100)
        assert audit.first_broken(connection) is None
    assert [(row.actor, row.action) for row in rows if row.subject == card["id"]] == [
        ("truc.ban", "incident.view"),
        ("truc.ban", "incident.export"),
        ("truc.ban", "incident.acknowledge"),
    ]

"""What surrounds the API: built pages, security headers, probes, metrics, and answers when something is broken."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from cloud.api.app import create_app
from cloud.store import beats, cards, request_routes
from cloud.store.errors import ContentError
from tests.cloud.api.city import City, client_of, settings_for
from tests.cloud.requesting import NOW_MS, bring, submitted


@pytest.fixture
async def anybody(app: FastAPI, city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, city, None) as client:
        yield client


@pytest.fixture
def dist(city: City) -> Path:
    path = city.settings.api.dist
    (path / "duty").mkdir(parents=True)
    (path / "assets").mkdir()
    (path / "duty" / "index.html").write_text("<!doctype html><title>Trực ban</title>")
    (path / "assets" / "duty-B4xk29sd.js").write_text("1")
    (path / "sw.js").write_text("2")
    return path


async def test_the_root_leads_to_the_duty_console(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/duty/")


async def test_hashed_files_are_kept_and_pages_asked_for_again(
    anybody: httpx.AsyncClient, dist: Path
) -> None:
    caching = {
        "/assets/duty-B4xk29sd.js": "public, max-age=31536000, immutable",
        "/duty/": "no-cache",
        "/sw.js": "no-cache",
    }
    for path, control in caching.items():
        answer = await anybody.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, control)
    etag = (await anybody.get("/duty/")).headers["etag"]
    assert (await anybody.get("/duty/", headers={"If-None-Match": etag})).status_code == 304
    assert (await anybody.get("/assets/gone-B4xk29sd.js")).status_code == 404
    assert dist.name == "dist"


async def test_nothing_outside_of_the_build_is_served(anybody: httpx.AsyncClient, dist: Path) -> None:
    (dist.parent / "secret.txt").write_text("secret")
    (dist / "link.txt").symlink_to(dist.parent / "secret.txt")
    for path in (
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/link.txt",
        "//etc/passwd",
    ):
        answer = await anybody.get(path)
        assert answer.status_code == 404, path
        assert "secret" not in answer.text


async def test_without_a_build_a_page_says_what_to_do(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/duty/")
    assert answer.status_code == 503
    assert "make web" in answer.text
    assert 'lang="vi"' in answer.text


@pytest.mark.parametrize("path", ["/", "/duty/", "/api/session", "/api/nothing", "/healthz"])
async def test_every_answer_has_the_security_headers(anybody: httpx.AsyncClient, path: str) -> None:
    headers = (await anybody.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "cache-control" in headers


async def test_api_answers_are_never_stored(officer: httpx.AsyncClient) -> None:
    assert (await officer.get("/api/incidents")).headers["cache-control"] == "no-store"


async def test_tiles_and_https_have_their_headers(city: City, tmp_path: Path) -> None:
    tiles = "https://{s}.tiles.example.vn/{z}/{x}/{y}.png"
    settings = settings_for(tmp_path, city.settings.store.url, tiles_url=tiles, secure_cookies=True)
    async with client_of(
        create_app(settings, city.places, city.catalogue, city.store, city.clock), city, None
    ) as client:
        headers = (await client.get("/healthz")).headers
    assert "img-src 'self' data: https://*.tiles.example.vn;" in headers["content-security-policy"]
    assert headers["strict-transport-security"] == "max-age=31536000"


async def test_the_process_lives_also_when_the_store_is_away(anybody: httpx.AsyncClient, city: City) -> None:
    assert (await anybody.get("/readyz")).json() == {"status": "ok"}
    with city.store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE incident_event RENAME TO gone")
    assert (await anybody.get("/healthz")).status_code == 200
    answer = await anybody.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "store")


async def test_a_fault_of_ours_is_a_problem_without_details(officer: httpx.AsyncClient, city: City) -> None:
    with city.store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE incident_event RENAME TO gone")
    with capture_logs() as logs:
        answer = await officer.get("/api/incidents")
    assert (answer.status_code, answer.json()["code"]) == (503, "store")
    assert "incident_event" not in answer.text
    assert any(line["log_level"] == "error" for line in logs)


async def test_the_figures_tell_how_it_is(anybody: httpx.AsyncClient, city: City) -> None:
    city.press()
    city.press("st-away", drill=True)
    with city.store.writing() as connection:
        beats.beat(connection, "escalate", city.now_ms - 2_500)
    city.now_ms += 7_000
    await anybody.get("/api/session")
    answer = await anybody.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = set(answer.text.splitlines())
    assert {
        'tcds_open_incidents{drill="false",state="new"} 1.0',
        'tcds_open_incidents{drill="true",state="new"} 1.0',
        'tcds_beat_age_seconds{name="escalate"} 9.5',
        'tcds_stations{state="unknown"} 2.0',
        "tcds_unanswered_age_seconds 7.0",
        "tcds_overdue_seconds 0.0",
        "tcds_aside 0.0",
        "tcds_quarantine 0.0",
        "tcds_unconsented_vitals 0.0",
        "tcds_unfetched_share_age_seconds 0.0",
        "tcds_undelivered_age_seconds 0.0",
        "tcds_unrouted_age_seconds 0.0",
        "tcds_lost_amendments 0.0",
        "tcds_faulty_blobs 0.0",
        "tcds_streams 0.0",
        'tcds_requests_total{method="GET",route="/api/session",status="401"} 1.0',
    } <= lines


async def test_the_figures_tell_how_requests_are(anybody: httpx.AsyncClient, city: City) -> None:
    bring(city.store, submitted(1), submitted(2), now_ms=NOW_MS)
    with city.store.writing() as connection:
        request_routes.route(connection, [(f"{1:032x}", "residence", "portal")], NOW_MS)
    city.now_ms = NOW_MS + 30 * 86_400_000
    lines = set((await anybody.get("/metrics")).text.splitlines())
    assert {
        'tcds_errands{channel="portal",state="pending"} 1.0',
        'tcds_overdue_requests{desk="residence"} 1.0',
        "tcds_undelivered_age_seconds 2.592e+06",
        "tcds_unrouted_age_seconds 2.592e+06",
    } <= lines


async def test_the_log_has_no_query_and_no_id(officer: httpx.AsyncClient, city: City) -> None:
    incident = city.press()
    with capture_logs() as logs:
        await officer.get(f"/api/incidents/{incident}", params={"secret": "1"})
    (line,) = [line for line in logs if line["event"] == "request"]
    assert (line["route"], line["status"]) == ("/api/incidents/{incident}", 200)
    assert incident not in repr(logs)
    assert "secret" not in repr(logs)


async def test_what_the_store_will_never_take_is_no_invitation_to_try_again(
    officer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ContentError("store: the database refused what it was given")

    monkeypatch.setattr(cards, "cards", refuse)
    answer = await officer.get("/api/incidents")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "retry-after" not in answer.headers

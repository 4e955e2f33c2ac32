"""The built pages: what the screen needs of them, kept where that is safe, and a word when they are not there."""

from pathlib import Path

import pytest

from edge.kiosk.service import hash_pin
from tests.edge.kiosk.conftest import RunKiosk


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    files = {
        "kiosk/index.html": "<!doctype html>kiosk",
        "service/index.html": "<!doctype html>service",
        "duty/index.html": "<!doctype html>duty",
        "assets/kiosk-Ab12_-9z.js": "1",
        "assets/plain.svg": "<svg/>",
    }
    for name, text in files.items():
        path = tmp_path / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "dist"


async def test_the_root_leads_to_the_screen(run_kiosk: RunKiosk, dist: Path) -> None:
    async with run_kiosk(pages=dist) as browser:
        answer = await browser.get("/")
        assert (answer.status_code, answer.headers["location"]) == (307, "/kiosk/")
        page = await browser.get("/kiosk/")
    assert page.text == "<!doctype html>kiosk"
    assert page.headers["cache-control"] == "no-cache"


async def test_hashed_files_are_kept_for_ever_and_others_asked_for(run_kiosk: RunKiosk, dist: Path) -> None:
    async with run_kiosk(pages=dist) as browser:
        hashed = await browser.get("/assets/kiosk-Ab12_-9z.js")
        assert "immutable" in hashed.headers["cache-control"]
        plain = await browser.get("/assets/plain.svg")
        assert plain.headers["cache-control"] == "no-cache"
        assert (await browser.get("/assets/none.js")).status_code == 404


async def test_nothing_else_that_was_built_is_served_here(run_kiosk: RunKiosk, dist: Path) -> None:
    async with run_kiosk(pages=dist) as browser:
        for path in (
            "/duty/",
            "/service/",
            "/../secret.txt",
            "/kiosk/../../secret.txt",
            "/kiosk/%2e%2e/%2e%2e/secret.txt",
            "/kiosk/%00",
            "/none",
        ):
            assert (await browser.get(path)).status_code == 404, path


async def test_the_service_page_is_there_where_a_technician_can_come_in(
    run_kiosk: RunKiosk, dist: Path
) -> None:
    async with run_kiosk(pages=dist, pin=hash_pin("493817")) as browser:
        assert (await browser.get("/service/")).text == "<!doctype html>service"


async def test_without_a_build_the_screen_says_that_help_still_works(
    run_kiosk: RunKiosk, tmp_path: Path
) -> None:
    async with run_kiosk(pages=tmp_path / "nowhere") as browser:
        answer = await browser.get("/kiosk/")
        assert answer.status_code == 503
        assert "nút SOS vẫn dùng được" in answer.text
        assert "<style" not in answer.text
        assert "<script" not in answer.text
        assert (await browser.get("/api/kiosk")).status_code == 200

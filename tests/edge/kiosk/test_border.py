"""Who is let in: this machine's own pages and nobody else, whatever a browser was talked into."""

import asyncio

import pytest

from edge.kiosk import app
from edge.kiosk.app import limit_of
from edge.kiosk.border import MAX_BODY_BYTES
from tests.edge.kiosk.conftest import Rig, RunKiosk

PRESS = {"id": "ab" * 16}


async def test_only_names_of_this_machine_are_answered(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        for host in (f"127.0.0.1:{rig.port}", f"localhost:{rig.port}", "localhost"):
            assert (await browser.get("/api/kiosk", headers={"Host": host})).status_code == 200
        for host in (
            "tcds.example",
            f"evil.example:{rig.port}",
            "127.0.0.1.evil.example",
            "localhost.evil",
            "[::1]",
            "",
        ):
            answer = await browser.get("/api/kiosk", headers={"Host": host})
            assert answer.status_code == 421, host
            assert answer.json() == {"problem": "host"}


@pytest.mark.parametrize("hosts", [["127.0.0.1", "evil.example"], []])
async def test_two_names_or_none_are_refused(rig: Rig, run_kiosk: RunKiosk, hosts: list[str]) -> None:
    async with run_kiosk():
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.port)
        named = "".join(f"Host: {host}\r\n" for host in hosts)
        writer.write(f"GET /api/kiosk HTTP/1.1\r\n{named}\r\n".encode())
        assert (await reader.readline()).split()[1] in {b"400", b"421"}
        writer.close()


async def test_a_foreign_page_changes_nothing(rig: Rig, run_kiosk: RunKiosk) -> None:
    foreign = (
        "http://evil.example",
        "null",
        "",
        f"http://localhost:{rig.port}",
        f"https://127.0.0.1:{rig.port}",
        "http://127.0.0.1:1",
    )
    async with run_kiosk(pin=None) as browser:
        for origin in foreign:
            for path in (
                "/api/sos",
                "/api/cabin/orders",
                "/api/beat",
                "/api/cabin/print",
                "/service/api/login",
            ):
                answer = await browser.post(path, json=PRESS, headers={"Origin": origin})
                assert (answer.status_code, answer.json()) == (403, {"problem": "origin"}), (origin, path)
        del browser.headers["Origin"]
        assert (await browser.post("/api/sos", json=PRESS)).status_code == 403
    assert rig.sos.presses == []


async def test_a_foreign_page_cannot_even_make_it_speak(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        for site in ("cross-site", "same-site"):
            headers = {"Sec-Fetch-Site": site}
            answer = await browser.get("/api/speech?language=vi&text=xin", headers=headers)
            assert (answer.status_code, answer.json()) == (403, {"problem": "origin"})


async def test_the_same_page_under_its_other_name_works(rig: Rig, run_kiosk: RunKiosk) -> None:
    name = f"localhost:{rig.port}"
    async with run_kiosk() as browser:
        answer = await browser.post(
            "/api/sos", json=PRESS, headers={"Host": name, "Origin": f"http://{name}"}
        )
    assert answer.status_code == 200


async def test_a_body_has_a_bound_declared_or_not(rig: Rig, run_kiosk: RunKiosk) -> None:
    async def pieces() -> object:
        for _ in range(5):
            yield b" " * 1_000

    async with run_kiosk() as browser:
        declared = await browser.post("/api/sos", content=b" " * (MAX_BODY_BYTES + 1))
        assert (declared.status_code, declared.json()) == (413, {"problem": "too-large"})
        streamed = await browser.post("/api/sos", content=pieces())  # type: ignore[arg-type]  # an async iterable
        assert (streamed.status_code, streamed.json()) == (413, {"problem": "too-large"})
        assert (await browser.post("/api/sos", json=PRESS)).status_code == 200


async def test_nobody_is_shown_how_it_is_made(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        for path in ("/docs", "/redoc", "/openapi.json", "/api", "/api/none", "/service/api/none"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.json()) == (404, {"problem": "not-found"}), path
            assert "server" not in answer.headers
        wrong = await browser.put("/api/sos", json=PRESS)
        assert (wrong.status_code, wrong.json()) == (405, {"problem": "method-not-allowed"})


async def test_every_answer_carries_the_strict_policy(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        for path, host in (
            ("/api/kiosk", None),
            ("/none", None),
            ("/kiosk/", None),
            ("/", None),
            ("/api/kiosk", "evil"),
        ):
            answer = await browser.get(path, headers={"Host": host} if host else {})
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_what_takes_too_long_is_ended(
    rig: Rig, run_kiosk: RunKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    was_cancelled = asyncio.Event()

    async def hang(_press: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            was_cancelled.set()

    monkeypatch.setattr(rig.sos, "press", hang)
    monkeypatch.setattr(app, "LIMIT_S", 0.05)
    async with run_kiosk() as browser:
        answer = await browser.post("/api/sos", json=PRESS)
        assert (answer.status_code, answer.json()) == (503, {"problem": "too-slow"})
    assert was_cancelled.is_set()


def test_each_path_has_the_time_that_its_work_needs() -> None:
    assert limit_of("/api/cabin/stream") is None
    assert limit_of("/api/sos") == limit_of("/kiosk/index.html") == 10
    assert limit_of("/service/api/scan") == limit_of("/service/api/devices/a/test") == 30
    assert limit_of("/api/cabin/print") == 120

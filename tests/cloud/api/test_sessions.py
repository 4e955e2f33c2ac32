"""Logging in, staying logged in, logging out; and how guesses are slowed down."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from cloud.api.app import create_app
from cloud.api.passwords import hash_password
from cloud.api.people import disable_person, set_password
from cloud.store import accounts, audit
from cloud.store.errors import BusyError
from tests.cloud.api.city import PASSWORD, PEOPLE, City, client_of, settings_for
from tests.cloud.api.live import running

LOGIN = PEOPLE["duty_officer"].login
HASH = hash_password(PASSWORD)


@pytest.fixture(autouse=True)
def with_password(city: City) -> None:
    with city.store.writing() as connection:
        accounts.set_password_hash(connection, LOGIN, HASH)


async def log_in(client: httpx.AsyncClient, password: str = PASSWORD, login: str = LOGIN) -> httpx.Response:
    return await client.post("/api/session", json={"login": login, "password": password})


async def test_logging_in_and_out(app: FastAPI, city: City) -> None:
    async with client_of(app, city, None) as client:
        answer = await log_in(client)
        assert answer.status_code == 200
        session = answer.json()
        user = {"login": LOGIN, "name": "Lê Minh An", "role": "duty_officer", "wards": ["27097"], "desks": []}
        assert session == {"user": user, "csrf": session["csrf"]}
        assert (await client.get("/api/session")).json() == session
        headers = {"X-CSRF-Token": session["csrf"]}
        answer = await client.delete("/api/session", headers=headers)
        assert answer.status_code == 204
        assert 'tcds=""' in answer.headers["set-cookie"]
        client.cookies.set("tcds", "gone")
        assert (await client.get("/api/session")).json()["code"] == "no-session"


async def test_the_token_is_dead_after_logging_out(app: FastAPI, city: City) -> None:
    async with client_of(app, city, None) as client:
        csrf = (await log_in(client)).json()["csrf"]
        token = client.cookies["tcds"]
        await client.delete("/api/session", headers={"X-CSRF-Token": csrf})
        client.cookies.set("tcds", token)
        assert (await client.get("/api/session")).status_code == 401


async def test_the_cookie_is_kept_from_scripts_and_other_sites(city: City, tmp_path: Path) -> None:
    for is_secure, name in ((False, "tcds"), (True, "__Host-tcds")):
        settings = settings_for(tmp_path, city.settings.store.url, secure_cookies=is_secure)
        app = create_app(settings, city.places, city.catalogue, city.store, city.clock)
        async with client_of(app, city, None) as client:
            cookie = (await log_in(client)).headers["set-cookie"]
        parts = set(cookie.lower().split("; "))
        assert cookie.startswith(f"{name}=")
        assert {"httponly", "samesite=strict", "path=/"} <= parts
        assert ("secure" in parts) is is_secure
        assert not any(part.startswith(("domain", "max-age", "expires")) for part in parts)


def everything_below(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.glob("*.db*") if path.is_file())


async def test_only_the_hash_of_the_token_is_stored(app: FastAPI, city: City, tmp_path: Path) -> None:
    async with client_of(app, city, None) as client:
        await log_in(client)
        token = client.cookies["tcds"]
    assert len(token) >= 43
    stored = everything_below(tmp_path)
    assert LOGIN.encode() in stored
    assert token.encode() not in stored
    assert PASSWORD.encode() not in stored


@pytest.mark.parametrize(
    ("login", "password"),
    [(LOGIN, "wrong"), ("nobody", PASSWORD), ("kiem.toan", PASSWORD), (LOGIN.upper(), PASSWORD)],
)
async def test_every_refusal_looks_alike(app: FastAPI, city: City, login: str, password: str) -> None:
    async with client_of(app, city, None) as client:
        answer = await log_in(client, password, login)
        assert (answer.status_code, answer.json()["code"]) == (401, "bad-credentials")
        assert "set-cookie" not in answer.headers


async def test_a_disabled_account_is_out_at_once(app: FastAPI, city: City) -> None:
    async with client_of(app, city, "duty_officer") as client:
        disable_person(city.store, LOGIN, city.now_ms)
        assert (await client.get("/api/session")).status_code == 401
        assert (await log_in(client)).json()["code"] == "bad-credentials"


async def test_a_new_password_ends_all_sessions(app: FastAPI, city: City) -> None:
    async with client_of(app, city, "duty_officer") as client:
        set_password(city.store, LOGIN, "một mật khẩu khác", city.now_ms)
        assert (await client.get("/api/session")).status_code == 401
        assert (await log_in(client, "một mật khẩu khác")).status_code == 200


async def test_a_session_ends_when_nobody_uses_it(app: FastAPI, city: City) -> None:
    async with client_of(app, city, "duty_officer") as client:
        for _ in range(5):
            city.now_ms += 29 * 60_000
            assert (await client.get("/api/session")).status_code == 200
        city.now_ms += 30 * 60_000
        assert (await client.get("/api/session")).status_code == 401


async def test_a_session_ends_with_the_shift_however_busy_it_is(app: FastAPI, city: City) -> None:
    began_ms = city.now_ms
    async with client_of(app, city, "duty_officer") as client:
        while (await client.get("/api/session")).status_code == 200:
            city.now_ms += 10 * 60_000
    assert city.now_ms - began_ms == 13 * 3_600_000


async def test_guessing_a_password_takes_longer_and_longer(app: FastAPI, city: City) -> None:
    async with client_of(app, city, None) as client:
        for _ in range(5):
            assert (await log_in(client, "guess")).status_code == 401
        waits = []
        for _ in range(4):
            answer = await log_in(
                client
            )  # even the right one has to wait, or it would be told from the wrong ones
            assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
            waits.append(int(answer.headers["retry-after"]))
            city.now_ms += waits[-1] * 1000
            assert (await log_in(client, "guess")).status_code == 401
        assert waits == [1, 2, 4, 8]
        city.now_ms += 16_000
        assert (await log_in(client)).status_code == 200
        assert (await log_in(client, "guess")).status_code == 401


async def test_an_address_that_guesses_many_logins_waits_as_well(app: FastAPI, city: City) -> None:
    with city.store.writing() as connection:
        accounts.note_failure(connection, ["address:127.0.0.1"] * 30, city.now_ms)
    async with client_of(app, city, None) as client:
        assert (await log_in(client)).status_code == 429
        city.now_ms += 1_000
        assert (await log_in(client)).status_code == 200


async def test_an_old_hash_is_renewed_on_the_way_in(app: FastAPI, city: City) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    person = replace(PEOPLE["duty_officer"], password_hash=weak)
    with city.store.writing() as connection:
        accounts.save_account(connection, person)
    async with client_of(app, city, None) as client:
        assert (await log_in(client)).status_code == 200
        with city.store.reading() as connection:
            renewed = accounts.account(connection, LOGIN)
        assert renewed is not None
        assert "m=19456" in renewed.password_hash
        assert (await log_in(client)).status_code == 200


async def test_logins_are_in_the_audit_log_without_what_was_typed(app: FastAPI, city: City) -> None:
    async with client_of(app, city, None) as client:
        await log_in(client, "secret guess")
        await log_in(client, "x", "mật khẩu gõ nhầm chỗ")
        csrf = (await log_in(client)).json()["csrf"]
        await client.delete("/api/session", headers={"X-CSRF-Token": csrf})
    with city.store.reading() as connection:
        rows = audit.entries(connection, 0, 10)
    assert [(row.actor, row.action) for row in rows] == [
        (LOGIN, "session.refused"),
        (LOGIN, "session.open"),
        (LOGIN, "session.close"),
    ]
    assert "guess" not in repr(rows)


async def test_a_flood_of_guesses_keeps_no_officer_waiting(app: FastAPI, city: City) -> None:
    async with running(app, city) as live, live.client() as guesser, live.client("duty_officer") as officer:
        flood = [asyncio.create_task(log_in(guesser, "guess", f"login.{number}")) for number in range(60)]
        await asyncio.sleep(0.1)
        started = time.monotonic()
        assert (await officer.get("/api/incidents")).status_code == 200
        took_s = time.monotonic() - started
        assert not all(task.done() for task in flood)
        codes = {answer.status_code for answer in await asyncio.gather(*flood)}
    assert took_s < 2
    assert codes <= {401, 429}


@pytest.mark.parametrize(("proxies", "counted"), [((), "127.0.0.1"), (("127.0.0.1",), "203.0.113.9")])
async def test_only_a_trusted_proxy_says_who_guesses(
    city: City, tmp_path: Path, proxies: tuple[str, ...], counted: str
) -> None:
    city.settings = settings_for(tmp_path, city.settings.store.url, trusted_proxies=proxies)
    app = create_app(city.settings, city.places, city.catalogue, city.store, city.clock)
    async with running(app, city) as live, live.client() as client:
        body = {"login": LOGIN, "password": "guess"}
        await client.post("/api/session", json=body, headers={"X-Forwarded-For": "203.0.113.9"})
    with city.store.reading() as connection:
        assert accounts.count_failures(connection, f"address:{counted}", 0)[0] == 1


async def test_a_busy_store_keeps_nobody_from_reading(
    app: FastAPI, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise BusyError("store: busy")

    async with client_of(app, city, "duty_officer") as client:
        city.now_ms += 60_000
        monkeypatch.setattr(accounts, "touch_session", busy)
        assert (await client.get("/api/incidents")).status_code == 200

"""Whatever is sent to whatever route: the answer is a problem of the 4xx kind, never a failure of ours."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.api.access import ACCESS
from cloud.api.border import MAX_BODY_BYTES
from cloud.store import request_routes
from tests.cloud.api.city import City, client_of
from tests.cloud.requesting import REQUEST, bring, submitted

ROLES = {"GET /api/audit": "auditor"}
UNSAFE = sorted(route for route in ACCESS if not route.startswith("GET"))
WITHOUT_BODY = {
    "DELETE /api/session",
    "DELETE /api/presence/{console}",
    "POST /api/dead-letters/{number}/resend",
    "POST /api/pay/bank",
    "POST /api/pay/momo",
}
"""Nothing of a body is read; the last two only where no provider is agreed, as here."""

STREAMS = {"/api/stream", "/api/desks/stream"}
JSON = {"content-type": "application/json"}

BODIES: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"login": "\xff"}',
    "a list": b"[]",
    "null": b"null",
    "a number": b"1",
    "NaN": b"NaN",
    "a huge number": b'{"version": ' + b"9" * 5_000 + b"}",
    "infinite": b'{"version": 1e999}',
    "deep lists": b"[" * 8_000,
    "deep and closed": b"[" * 8_000 + b"]" * 8_000,
    "deep objects": b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
    "unknown fields": b'{"surprise": 1}',
    "twice the same": b'{"login": "a", "login": {}}',
    "a lone surrogate": rb'{"login": "\ud800", "password": "\ud800", "station": "\ud800", "console": "\ud800"}',
    "NUL": rb'{"login": "a\u0000", "password": "x", "note": "\u0000", "station": "st\u0000"}',
    "wrong types": b'{"login": 1, "password": [], "action": {}, "version": "1", "console": true, "station": null}',
}


def concrete(route: str) -> tuple[str, str]:
    method, path = route.split(" ")
    for name in ("{incident}", "{console}", "{request}"):
        path = path.replace(name, "0" * 32)
    return method, path.replace("{number}", "1").replace("{form}", "json")


def assert_refused(answer: httpx.Response) -> None:
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["code"]
    assert problem["type"].startswith("urn:tcds:problem:")


@pytest.mark.parametrize("route", [route for route in UNSAFE if route not in WITHOUT_BODY])
async def test_every_bad_body_is_refused(app: FastAPI, city: City, route: str) -> None:
    method, path = concrete(route)
    async with client_of(app, city, "city_desk") as client:
        for name, body in BODIES.items():
            answer = await client.request(method, path, content=body, headers=JSON)
            try:
                assert_refused(answer)
            except AssertionError as error:
                raise AssertionError(name) from error


@pytest.mark.parametrize("route", UNSAFE)
async def test_a_body_that_is_too_large_is_refused(app: FastAPI, city: City, route: str) -> None:
    method, path = concrete(route)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1000 + 2):
            yield b" " * 1000

    async with client_of(app, city, "city_desk") as client:
        answer = await client.request(method, path, content=b" " * (MAX_BODY_BYTES + 1), headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
        if route not in WITHOUT_BODY:
            answer = await client.request(method, path, content=endless(), headers=JSON)
            assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("length", ["-1", "x", "9" * 5_000, "1e3"])
async def test_a_length_that_is_none_is_refused(app: FastAPI, city: City, length: str) -> None:
    async with client_of(app, city, "city_desk") as client:
        answer = await client.post("/api/session", content=b"{}", headers={**JSON, "content-length": length})
        assert_refused(answer)


async def test_another_media_type_is_refused(officer: httpx.AsyncClient) -> None:
    for media_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "x",
    ):
        answer = await officer.put(
            "/api/presence", content=b'{"console": "x"}', headers={"content-type": media_type}
        )
        assert_refused(answer)


@pytest.mark.parametrize("route", sorted(ACCESS))
async def test_every_bad_query_is_refused_or_passed_over(app: FastAPI, city: City, route: str) -> None:
    method, path = concrete(route)
    if path in STREAMS or method != "GET":
        return
    async with client_of(app, city, ROLES.get(route, "city_desk")) as client:
        for value in (
            "-1",
            "x",
            "9" * 30,
            "1e400",
            "\0",
            "%00",
            "nan",
            "[]",
            "\ud800".encode("utf-8", "surrogatepass"),
        ):
            names = (
                *("scope", "after", "limit", "from_ms", "to_ms", "id", "state", "desk", "ward", "overdue"),
                *("status", "service_code", "service_request_id", "start_date", "end_date"),
            )
            answer = await client.get(path, params=dict.fromkeys(names, value))
            assert answer.status_code < 500


@pytest.mark.parametrize("part", ["x", "%00", "..%2f..%2fx", "0" * 33, "é", "%ff", "A" * 32, "'--"])
async def test_every_bad_path_is_refused(officer: httpx.AsyncClient, part: str) -> None:
    for path in (f"/api/incidents/{part}", f"/api/incidents/{part}/cap", f"/api/{part}"):
        assert_refused(await officer.get(path))
    blob = f"/api/requests/{'0' * 32}/blobs/{part}"
    for path in (
        f"/api/requests/{part}",
        f"/api/requests/{part}/sealed",
        f"/api/requests/{part}/blobs",
        blob,
    ):
        assert_refused(await officer.get(path))
    assert_refused(await officer.delete(f"/api/presence/{part}"))
    assert_refused(await officer.post(f"/api/incidents/{part}/seen", json={}))


@pytest.mark.parametrize("method", ["PATCH", "PUT", "TRACE", "OPTIONS", "BREW"])
async def test_another_method_is_refused(officer: httpx.AsyncClient, method: str) -> None:
    assert_refused(await officer.request(method, "/api/incidents"))
    assert_refused(await officer.request(method, "/api/nothing"))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("action", "version", "idempotency_key", "resolution", "duplicate_of", "to", "note")
REQUEST_FIELDS = (
    *("action", "version", "idempotency_key", "reason", "note", "wanted", "decision", "duplicate_of"),
    *("assignee", "slots", "new_due_ms", "case_number"),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), anything, max_size=8))
async def test_no_action_makes_it_fail(app: FastAPI, city: City, body: dict[str, object]) -> None:
    base = {"action": "acknowledge", "version": 1, "idempotency_key": "12345678"}
    async with client_of(app, city, "city_desk") as client:
        text = json.dumps({**base, **body})
        answer = await client.post(f"/api/incidents/{'0' * 32}/actions", content=text.encode(), headers=JSON)
        assert answer.status_code in {404, 409, 422}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(REQUEST_FIELDS) | st.text(max_size=5), anything, max_size=12))
async def test_no_action_on_a_request_makes_it_fail(
    app: FastAPI, city: City, body: dict[str, object]
) -> None:
    bring(city.store, submitted())
    base = {"action": "receive", "version": 1, "idempotency_key": "12345678"}
    with city.store.writing() as connection:
        request_routes.route(connection, [(REQUEST, "duty", None)], city.now_ms)
    async with client_of(app, city, "city_desk") as client:
        text = json.dumps({**base, **body})
        answer = await client.post(f"/api/requests/{REQUEST}/actions", content=text.encode(), headers=JSON)
        assert answer.status_code in {200, 404, 409, 422}


async def test_an_answer_never_repeats_what_was_sent(officer: httpx.AsyncClient) -> None:
    body = {"station": "0912345678 Nguyễn Văn A", "Nguyễn Văn A": 1}
    answer = await officer.post("/api/drills", json=body)
    assert answer.status_code == 422
    assert "0912345678" not in answer.text

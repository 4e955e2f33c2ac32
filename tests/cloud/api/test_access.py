"""Every role on every route: what the table says is what happens, and the table knows every route."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from cloud.api.access import ACCESS, PUBLIC
from cloud.api.guard import GuardedRoute
from cloud.api.routes import (
    blobs,
    desks,
    fleet,
    incidents,
    live,
    office,
    open311,
    payments,
    requests,
    session,
)
from cloud.store.accounts import Role
from tests.cloud.api.city import City, client_of

D, C, F, A, K = "duty_officer", "city_desk", "fleet_admin", "auditor", "desk_officer"
SOS = {D, C, F, A}
ALL = SOS | {K}

EXPECTED: dict[str, set[str]] = {
    "GET /api/session": ALL,
    "DELETE /api/session": ALL,
    "GET /api/config": ALL,
    "GET /api/incidents": SOS,
    "GET /api/incidents/{incident}": SOS,
    "GET /api/incidents/{incident}/cap": SOS,
    "POST /api/incidents/{incident}/actions": {D, C},
    "POST /api/incidents/{incident}/seen": {D, C},
    "GET /api/stream": SOS,
    "PUT /api/presence": {D, C},
    "DELETE /api/presence/{console}": {D, C},
    "GET /api/stations": SOS,
    "POST /api/drills": {D, C, F},
    "GET /api/roster": SOS,
    "GET /api/shift-report": {D, C, A},
    "GET /api/map": SOS,
    "POST /api/push-subscriptions": {D, C},
    "DELETE /api/push-subscriptions": {D, C},
    "GET /api/audit": {A},
    "GET /api/desks": {D, C, K, A},
    "GET /api/desks/stream": {D, C, K, A},
    "GET /api/services/{service}": {D, C, K, A},
    "GET /api/tracking/{code}": {D, C, K, A},
    "GET /api/dead-letters": {D, C, K, A},
    "POST /api/dead-letters/{number}/resend": {D, C, K},
    "GET /api/requests": {D, C, K, A},
    "GET /api/requests/{request}": {D, C, K, A},
    "GET /api/requests/{request}/blobs": {D, C, K, A},
    "GET /api/requests/{request}/blobs/{sha256}": {D, C, K},
    "GET /api/requests/{request}/sealed": {D, C, K},
    "POST /api/requests/{request}/actions": {D, C, K},
}
"""Written down a second time on purpose: a slip in the table has to be made twice to go unseen."""

OPEN311 = [
    "GET /api/open311/v2/requests.{form}",
    "GET /api/open311/v2/requests/{number}.{form}",
    "GET /api/open311/v2/services.{form}",
]
"""For everybody; that it tells nothing but what is public is in test_open311.py."""

NOTICES = ["GET /api/pay/vnpay", "POST /api/pay/bank", "POST /api/pay/momo"]
"""For everybody; that a signature alone is believed is in test_notices.py."""

ROUTES = sorted(
    f"{method} {route.path}"
    for part in (session, incidents, live, fleet, office, desks, requests, blobs, open311, payments)
    for route in part.router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
)


def test_the_table_knows_exactly_the_routes_there_are() -> None:
    assert sorted(ACCESS) == ROUTES
    assert sorted(name for name, roles in ACCESS.items() if roles is PUBLIC) == [
        *OPEN311,
        *NOTICES,
        "POST /api/session",
    ]
    assert {role.value for role in Role} == ALL


def test_a_route_without_a_row_cannot_be_built() -> None:
    router = APIRouter(prefix="/api", route_class=GuardedRoute)
    with pytest.raises(KeyError):
        router.add_api_route("/secrets", lambda: None)


def concrete(route: str) -> tuple[str, str]:
    method, path = route.split(" ")
    for name in ("{incident}", "{console}", "{request}"):
        path = path.replace(name, "0" * 32)
    for name, value in {"{number}": "1", "{service}": "birth", "{code}": "K7QM"}.items():
        path = path.replace(name, value)
    return method, path


@pytest.mark.parametrize(
    "route", sorted(EXPECTED.keys() - {"GET /api/stream", "GET /api/desks/stream"})
)  # endless: see test_stream.py
async def test_every_role_on_every_route(app: FastAPI, city: City, route: str) -> None:
    method, path = concrete(route)
    for role in sorted(ALL):
        async with client_of(app, city, role) as client:
            answer = await client.request(method, path)
            refused = answer.status_code == 403
            assert refused is (role not in EXPECTED[route]), (role, answer.status_code, answer.text)
            if refused:
                assert answer.json()["code"] == "forbidden"
            assert answer.status_code != 401


@pytest.mark.parametrize("route", sorted(EXPECTED))
async def test_nobody_gets_in_without_a_session(app: FastAPI, city: City, route: str) -> None:
    method, path = concrete(route)
    async with client_of(app, city, None) as client:
        for token in ("", "guessed", "x" * 10_000):
            client.cookies.set("tcds", token)
            answer = await client.request(
                method, path, content=b"{", headers={"content-type": "application/json"}
            )
            assert (answer.status_code, answer.json()["code"]) == (401, "no-session")


@pytest.mark.parametrize("route", sorted(route for route in EXPECTED if not route.startswith("GET")))
async def test_nothing_changes_without_the_csrf_token(app: FastAPI, city: City, route: str) -> None:
    method, path = concrete(route)
    async with client_of(app, city, "city_desk") as client:
        for token in ("", "guessed", "é"):
            headers = [(b"X-CSRF-Token", token.encode())]
            answer = await client.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf")

"""Submissions at the desks of a small city, and how a test talks to the API about them."""

from dataclasses import replace
from typing import Any, Final

import httpx

from cloud.store import accounts, audit, request_routes
from cloud.store.accounts import Account
from tests.cloud.api.city import AWAY, HOME, PEOPLE, City
from tests.cloud.requesting import CONTACT, NOW_MS, PERSON, bring, submitted
from wire.entries import RequestKind

ONE: Final = f"{1:032x}"
TWO: Final = f"{2:032x}"
THREE: Final = f"{3:032x}"
FOUR: Final = f"{4:032x}"


def submit_all(city: City) -> None:
    """Two dossiers at the residence desk, one of them away; a security report at the duty desk; one that nobody has."""
    city.now_ms = NOW_MS
    bring(
        city.store,
        submitted(1, ward=HOME, contact=CONTACT, submitted_by=PERSON),
        submitted(2, ward=AWAY),
        submitted(3, ward=HOME, service="report-security", request_kind=RequestKind.REPORT, category="theft"),
        submitted(4, ward=HOME),
    )
    route(city, (ONE, "residence", "portal"), (TWO, "residence", None), (THREE, "duty", None))


def route(city: City, *routed: tuple[str, str, str | None]) -> None:
    """Give requests (id, desk, connector) to desks."""
    with city.store.writing() as connection:
        request_routes.route(connection, routed, NOW_MS)


def audited(city: City) -> list[tuple[str, str, str]]:
    """Return who did what to what."""
    with city.store.reading() as connection:
        return [(row.actor, row.action, row.subject) for row in audit.entries(connection, 0, 100)]


async def listed(client: httpx.AsyncClient, **query: Any) -> list[int]:
    """Return the numbers of a page."""
    answer = await client.get("/api/requests", params=query)
    assert answer.status_code == 200, answer.text
    return [int(card["id"], 16) for card in answer.json()["requests"]]


async def post(client: httpx.AsyncClient, request: str, action: str, **body: Any) -> httpx.Response:
    """Act on a request that was just submitted, unless the test says otherwise."""
    sent = {"action": action, "version": 1, "idempotency_key": "key-00000001"} | body
    return await client.post(f"/api/requests/{request}/actions", json=sent)


def save(city: City, login: str, **changed: Any) -> Account:
    """Keep a colleague of the desk officer, or what has changed about the same."""
    person = replace(PEOPLE["desk_officer"], login=login, **changed)
    with city.store.writing() as connection:
        accounts.save_account(connection, person)
    return person


def log_in(client: httpx.AsyncClient, city: City, person: Account) -> None:
    """Let a client be somebody from now on."""
    token, csrf = city.session_of(person.login)
    client.cookies.set("tcds", token)
    client.headers["X-CSRF-Token"] = csrf

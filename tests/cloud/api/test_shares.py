"""What people sent from their card is no console's business: no route of any role tells of it."""

import base64
from pathlib import Path

import pytest
from fastapi import FastAPI

from cloud.api.access import ACCESS
from cloud.delivery import deliver
from cloud.ingest.commit import commit_group
from cloud.ingest.intake import sort_arrivals
from cloud.sos.plan import Plan
from tests.cloud.api.city import NOW_MS, City, client_of
from tests.cloud.ingest.samples import arrival, batch
from tests.cloud.sharing import KEEP_MS, PURPOSE, RECIPIENT, SECRET, SHARE, VISIT, agreed, sealed, shared
from wire.entries import AnyBody
from wire.topics import Lane
from wire.tracking import tracking_code

STATION = "st-home"
TRACKING = tracking_code(STATION, 1)
ROLES = ("duty_officer", "city_desk", "fleet_admin", "auditor")
PARAMETERS = {"/api/shift-report": {"from_ms": NOW_MS - 1, "to_ms": NOW_MS + 1}}
ROUTES = sorted(
    route.removeprefix("GET ")
    for route in ACCESS
    if route.startswith("GET ") and not route.endswith("/stream")  # endless, and they tell of other things
)


def take_in(city: City) -> str:
    """Let somebody send something from their card, beside a press; return the incident."""
    bodies: dict[int, AnyBody] = {1: agreed(), 2: shared()}
    came = arrival(Lane.REQUEST, batch(Lane.REQUEST, bodies, station=STATION), STATION)
    group = sort_arrivals([came._replace(received_at_ms=NOW_MS)])
    with city.store.writing() as connection:
        commit_group(
            connection, group, now_ms=NOW_MS, plan=Plan(), keep_vitals_ms=KEEP_MS, keep_shares_ms=KEEP_MS
        )
    return city.press(STATION)


async def told(app: FastAPI, city: City, role: str, incident: str) -> dict[str, str]:
    """Ask every route that a role may; return the answers."""
    answers = {}
    async with client_of(app, city, role) as client:
        for route in ROUTES:
            path = (
                route.replace("{incident}", incident)
                .replace("{request}", "0" * 32)
                .replace("{sha256}", "0" * 64)
            )
            path = path.replace("{number}", "1").replace("{form}", "json")
            path = path.replace("{service}", "birth").replace("{code}", TRACKING)
            answer = await client.get(path, params=PARAMETERS.get(route))
            if answer.status_code != 403:
                assert answer.status_code in {200, 404}, (route, answer.text)
                answers[route] = answer.text
    return answers


@pytest.mark.parametrize("role", ROLES)
async def test_nobody_is_shown_what_was_sent_to_whom(app: FastAPI, city: City, role: str) -> None:
    answers = await told(app, city, role, take_in(city))
    assert "/api/incidents/{incident}" in answers
    assert STATION in answers["/api/stations"]
    for route, text in answers.items():
        for word in (
            SHARE,
            VISIT,
            PURPOSE,
            RECIPIENT,
            SECRET.decode(),
            base64.b64encode(sealed()).decode()[:80],
        ):
            assert word not in text, route


async def test_the_auditor_sees_that_something_was_handed_over_and_not_what(
    app: FastAPI, city: City, tmp_path: Path
) -> None:
    incident = take_in(city)
    assert deliver(city.store, RECIPIENT, tmp_path / "out", actor="operator", now_ms=NOW_MS) == 1
    page = (await told(app, city, "auditor", incident))["/api/audit"]
    assert "identity.fetched" in page
    assert RECIPIENT in page
    for word in (SHARE, VISIT, PURPOSE):
        assert word not in page

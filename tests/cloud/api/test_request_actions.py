"""What officers do to requests through the API: to its end, once, on what is so, and only what makes sense."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cloud.requests.request import SYSTEM, State, Verb
from tests.cloud.api.city import HOME, PEOPLE, City, client_of
from tests.cloud.api.dossiers import ONE, THREE, audited, listed, log_in, post, route, save, submit_all
from tests.cloud.requesting import bring, do, load, submitted
from tests.cloud.requests.samples import DAY_MS
from wire.entries import RequestKind


@pytest.fixture(autouse=True)
def submissions(city: City) -> None:
    submit_all(city)


async def test_an_officer_takes_a_dossier_to_its_end(clerk: httpx.AsyncClient, city: City) -> None:
    login = PEOPLE["desk_officer"].login
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("receive", {"case_number": "h29.13.5-261123-0001"}, "received"),
        ("start", {"note": "đang xem"}, "processing"),
        ("ask-fee", {}, "fee-wanted"),
    ]
    for version, (action, body, state) in enumerate(steps, 1):
        answer = await post(
            clerk, ONE, action, version=version, idempotency_key=f"step-{version:04d}", **body
        )
        assert (answer.status_code, answer.json()["state"]) == (200, state), answer.text
    do(city.store, Verb.PAY, SYSTEM, request=ONE, order="order-1")
    for action, body, state in (
        ("decide", {"decision": "granted"}, "decided"),
        ("make-ready", {}, "result-ready"),
        ("deliver", {}, "delivered"),
    ):
        version = load(city.store, ONE).version
        answer = await post(clerk, ONE, action, version=version, idempotency_key=f"end-{action}", **body)
        assert (answer.status_code, answer.json()["state"]) == (200, state), answer.text
    card = answer.json()
    assert (card["turn"], card["actions"], card["decision"]) == (None, [], "granted")
    assert card["case_number"] == "H29.13.5-261123-0001"
    events = (await clerk.get(f"/api/requests/{ONE}")).json()["events"]
    assert {event["actor"]["name"] for event in events if event["actor"]["kind"] == "desk"} == {login}
    assert [action for _, action, _ in audited(city)] == [
        *("request.receive", "request.start", "request.ask-fee", "request.decide"),
        *("request.make-ready", "request.deliver", "request.view"),
    ]
    assert await listed(clerk, scope="ended") == [1]


async def test_the_same_key_again_changes_nothing(clerk: httpx.AsyncClient, city: City) -> None:
    first = await post(clerk, ONE, "receive")
    again = await post(clerk, ONE, "receive")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert load(city.store, ONE).version == 2
    assert len(audited(city)) == 1


async def test_two_officers_keys_do_not_meet(app: FastAPI, city: City, clerk: httpx.AsyncClient) -> None:
    assert (await post(clerk, ONE, "receive")).status_code == 200
    colleague = save(city, "cu.tru.2")
    async with client_of(app, city, None) as client:
        log_in(client, city, colleague)
        answer = await post(client, ONE, "start", version=2)
    assert (answer.status_code, answer.json()["state"]) == (200, "processing")


async def test_whoever_acts_on_what_is_no_longer_so_gets_the_card_as_it_is(
    clerk: httpx.AsyncClient, city: City
) -> None:
    do(city.store, Verb.RECEIVE, request=ONE)
    answer = await post(clerk, ONE, "refuse", reason="not-competent")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    card = answer.json()["card"]
    assert (card["state"], card["version"], card["desk"]) == ("received", 2, "residence")
    answer = await post(clerk, ONE, "deliver", version=2)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-allowed")


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("refuse", {}),
        ("receive", {"reason": "not-asked-for"}),
        ("receive", {"version": 7}),
        ("receive", {"case_number": "H29"}),
        ("receive", {"note": "x" * 201}),
        ("receive", {"note": "a\nb"}),
        ("refuse", {"reason": "Vì thiếu giấy"}),
        ("pay", {}),
        ("withdraw", {}),
        ("follow", {}),
        ("rate", {}),
    ],
)
async def test_a_malformed_action_is_refused_and_changes_nothing(
    clerk: httpx.AsyncClient, city: City, action: str, body: dict[str, Any]
) -> None:
    answer = await post(clerk, ONE, action, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert load(city.store, ONE).state is State.SUBMITTED
    assert audited(city) == []


async def test_a_report_is_given_only_to_somebody_of_its_desk(officer: httpx.AsyncClient, city: City) -> None:
    assert (await post(officer, THREE, "accept")).status_code == 200
    for nobody in ("nobody", PEOPLE["desk_officer"].login, PEOPLE["auditor"].login):
        answer = await post(
            officer, THREE, "assign", version=2, idempotency_key=f"to-{nobody}-1", assignee=nobody
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "not-at-this-desk"), nobody
    login = PEOPLE["duty_officer"].login
    answer = await post(officer, THREE, "assign", version=2, assignee=login, idempotency_key="assign-01")
    assert (answer.status_code, answer.json()["assignee"]) == (200, login)


async def test_a_twin_must_be_there_and_of_ones_own_desk(officer: httpx.AsyncClient, city: City) -> None:
    for twin, status in (("f" * 32, 404), (ONE, 403), (THREE, 422)):
        answer = await post(officer, THREE, "mark-duplicate", duplicate_of=twin)
        assert answer.status_code == status, twin
    bring(city.store, submitted(5, ward=HOME, service="report-security", request_kind=RequestKind.REPORT))
    route(city, (f"{5:032x}", "duty", None))
    answer = await post(officer, THREE, "mark-duplicate", duplicate_of=f"{5:032x}")
    assert (answer.status_code, answer.json()["state"]) == (200, "duplicate")


async def test_a_late_desk_promises_a_new_date(clerk: httpx.AsyncClient, city: City) -> None:
    due_ms = load(city.store, ONE).due_at_ms
    assert due_ms is not None
    body = {"new_due_ms": due_ms + DAY_MS, "reason": "workload"}
    answer = await post(clerk, ONE, "apologise", **body)
    assert (answer.status_code, answer.json()["due_at_ms"]) == (200, due_ms + DAY_MS)

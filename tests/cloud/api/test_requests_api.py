"""Requests through the API: who sees which, page by page, what is sealed, and what officers do to them."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from cloud.requests.request import SYSTEM, State, Verb
from cloud.store import accounts, audit, request_routes
from cloud.store.accounts import Account
from tests.cloud.api.city import AWAY, HOME, PEOPLE, City, client_of
from tests.cloud.requesting import CONTACT, NOW_MS, PERSON, TRACKING, amended, bring, do, load, submitted
from tests.cloud.requests.samples import DAY_MS
from tests.cloud.sharing import sealed
from wire.entries import RequestAction, RequestKind

ONE, TWO, THREE, FOUR = (f"{number:032x}" for number in range(1, 5))


@pytest.fixture
async def clerk(app: FastAPI, city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, city, "desk_officer") as client:
        yield client


@pytest.fixture(autouse=True)
def submissions(city: City) -> None:
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
    with city.store.writing() as connection:
        request_routes.route(connection, routed, NOW_MS)


def audited(city: City) -> list[tuple[str, str, str]]:
    with city.store.reading() as connection:
        return [(row.actor, row.action, row.subject) for row in audit.entries(connection, 0, 100)]


async def listed(client: httpx.AsyncClient, **query: Any) -> list[int]:
    answer = await client.get("/api/requests", params=query)
    assert answer.status_code == 200, answer.text
    return [int(card["id"], 16) for card in answer.json()["requests"]]


async def post(client: httpx.AsyncClient, request: str, action: str, **body: Any) -> httpx.Response:
    sent = {"action": action, "version": 1, "idempotency_key": "key-00000001"} | body
    return await client.post(f"/api/requests/{request}/actions", json=sent)


async def test_everybody_sees_what_they_answer_for_and_no_more(app: FastAPI, city: City) -> None:
    for role, seen in {
        "desk_officer": [1],
        "duty_officer": [3],
        "city_desk": [3],
        "auditor": [1, 2, 3, 4],
    }.items():
        async with client_of(app, city, role) as client:
            assert sorted(await listed(client)) == seen, role
            for number, request in enumerate((ONE, TWO, THREE, FOUR), 1):
                answer = await client.get(f"/api/requests/{request}")
                assert (answer.status_code == 200) is (number in seen), (role, number)
                assert answer.status_code in {200, 403}


async def test_nobody_acts_on_or_opens_what_they_do_not_see(app: FastAPI, city: City) -> None:
    for role, request in (
        ("desk_officer", TWO),
        ("desk_officer", THREE),
        ("desk_officer", FOUR),
        ("duty_officer", ONE),
        ("city_desk", ONE),
    ):
        async with client_of(app, city, role) as client:
            for answer in (
                await post(client, request, "receive"),
                await client.get(f"/api/requests/{request}/sealed"),
            ):
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), role
    assert load(city.store, ONE).version == 1
    assert audited(city) == []


async def test_an_officer_without_wards_answers_for_all_of_them(app: FastAPI, city: City) -> None:
    save(city, "cu.tru", wards=())
    async with client_of(app, city, "desk_officer") as client:
        assert sorted(await listed(client)) == [1, 2]
        assert await listed(client, ward=AWAY) == [2]


async def test_filters_narrow_and_never_widen(clerk: httpx.AsyncClient, city: City) -> None:
    assert await listed(clerk, state="submitted") == [1]
    assert await listed(clerk, state=["received", "processing"]) == []
    assert await listed(clerk, desk="residence", ward=HOME) == [1]
    assert await listed(clerk, overdue=True) == []
    assert await listed(clerk, scope="ended") == []
    for query in ({"desk": "duty"}, {"ward": AWAY}):
        answer = await clerk.get("/api/requests", params=query)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    city.now_ms += 20 * DAY_MS
    await log_in(clerk, city, PEOPLE["desk_officer"])
    assert await listed(clerk, overdue=True) == [1]


async def test_pages_lead_to_one_another(auditor: httpx.AsyncClient) -> None:
    found: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        page = (await auditor.get("/api/requests", params=query)).json()
        found += [card["id"] for card in page["requests"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert sorted(found) == [ONE, TWO, THREE, FOUR]


async def test_a_card_says_what_a_desk_needs_and_nothing_of_the_person(
    clerk: httpx.AsyncClient, city: City
) -> None:
    answer = await clerk.get(f"/api/requests/{ONE}")
    card = answer.json()["card"]
    assert (card["tracking"], card["state"], card["turn"]) == (
        load(city.store, ONE).tracking,
        "submitted",
        "desk",
    )
    assert card["service_name"]["en"] == "Register temporary residence"
    assert (card["ward_name"], card["desk"], card["connector"]) == (
        "Phường Bình Trưng",
        "residence",
        "portal",
    )
    assert card["actions"] == ["receive", "refuse", "apologise"]
    assert card["is_overdue"] is False
    assert answer.json()["events"][0]["verb"] == "submit"
    for private in (PERSON, "submitted_by", "contact", base64.b64encode(sealed()).decode()):
        assert private not in answer.text
    assert audited(city) == [(PEOPLE["desk_officer"].login, "request.view", ONE)]


async def test_a_service_that_the_catalogue_no_longer_has_is_shown_all_the_same(
    auditor: httpx.AsyncClient, city: City
) -> None:
    bring(city.store, submitted(9, service="gone-service"))
    card = (await auditor.get(f"/api/requests/{9:032x}")).json()["card"]
    assert (card["service"], card["service_name"], card["desk"]) == ("gone-service", None, None)


async def test_what_is_sealed_is_handed_out_as_it_came_and_that_is_kept(
    clerk: httpx.AsyncClient, city: City
) -> None:
    do(city.store, Verb.RECEIVE, request=ONE)
    do(city.store, Verb.ASK_SUPPLEMENT, request=ONE, reason="missing", wanted=("photo",))
    more = amended(RequestAction.SUPPLEMENT, request=ONE, by=PERSON, sealed=sealed(b"more"))
    bring(city.store, more, now_ms=NOW_MS + 9_000)
    with capture_logs() as logs:
        told = (await clerk.get(f"/api/requests/{ONE}/sealed")).json()
    assert base64.b64decode(told["sealed"]) == sealed()
    assert told["recipients"] == ["ward-police"]
    assert [base64.b64decode(each["sealed"]) for each in told["amendments"]] == [sealed(b"more")]
    assert audited(city) == [(PEOPLE["desk_officer"].login, "request.open", ONE)]
    assert told["sealed"] not in repr(logs)
    assert ONE not in repr(logs)


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
        await log_in(client, city, colleague)
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


async def test_a_request_that_is_not_there_is_not_found(clerk: httpx.AsyncClient) -> None:
    for answer in (
        await clerk.get(f"/api/requests/{'f' * 32}"),
        await clerk.get(f"/api/requests/{'f' * 32}/sealed"),
        await post(clerk, "f" * 32, "receive"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_desks_are_listed_with_their_work_and_their_people(app: FastAPI, city: City) -> None:
    save(city, "o.xa", wards=(AWAY,))
    save(city, "da.nghi", disabled=True)
    async with client_of(app, city, "desk_officer") as client:
        (desk,) = (await client.get("/api/desks")).json()["desks"]
    assert (desk["id"], desk["open"], desk["overdue"]) == ("residence", 1, 0)
    assert desk["name"]["en"] == "Residence desk"
    assert [person["login"] for person in desk["people"]] == [PEOPLE["desk_officer"].login]
    async with client_of(app, city, "city_desk") as client:
        (desk,) = (await client.get("/api/desks")).json()["desks"]
    assert (desk["id"], desk["open"]) == ("duty", 1)
    assert {person["role"] for person in desk["people"]} == {"duty_officer", "city_desk"}
    async with client_of(app, city, "auditor") as client:
        desks = {each["id"]: each["open"] for each in (await client.get("/api/desks")).json()["desks"]}
    assert len(desks) == len(city.catalogue.parties.desks)
    assert (desks["residence"], desks["duty"], desks["justice"]) == (2, 1, 0)


async def test_the_log_names_no_request_and_no_words(clerk: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        await post(clerk, ONE, "receive", note="lời nhắn riêng")
        await clerk.get("/api/requests", params={"ward": HOME, "desk": "residence"})
    told = repr(logs)
    for private in (ONE, TRACKING, "lời nhắn", HOME):
        assert private not in told
    assert "/api/requests/{request}/actions" in told


def save(city: City, login: str, **changed: Any) -> Account:
    """Keep a colleague of the desk officer, or what has changed about the same."""
    person = replace(PEOPLE["desk_officer"], login=login, **changed)
    with city.store.writing() as connection:
        accounts.save_account(connection, person)
    return person


async def log_in(client: httpx.AsyncClient, city: City, person: Account) -> None:
    token, csrf = city.session_of(person.login)
    client.cookies.set("tcds", token)
    client.headers["X-CSRF-Token"] = csrf

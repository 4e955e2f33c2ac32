"""Requests through the API: who sees which, page by page, in full, and what is sealed of them."""

import base64
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from cloud.requests.request import Verb
from tests.cloud.api.city import AWAY, HOME, PEOPLE, City, client_of
from tests.cloud.api.dossiers import (
    FOUR,
    ONE,
    THREE,
    TWO,
    audited,
    listed,
    log_in,
    post,
    save,
    submit_all,
)
from tests.cloud.requesting import NOW_MS, PERSON, TRACKING, amended, bring, do, load, submitted
from tests.cloud.requests.samples import DAY_MS
from tests.cloud.sharing import sealed
from wire.entries import RequestAction


@pytest.fixture(autouse=True)
def submissions(city: City) -> None:
    submit_all(city)


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
    log_in(clerk, city, PEOPLE["desk_officer"])
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

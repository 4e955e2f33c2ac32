"""What a desk's page asks for beside the requests: figures, words, tracking codes, dead letters, and what may be done."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cloud.requests.request import Verb
from cloud.store import errands
from tests.cloud.api.city import City, client_of
from tests.cloud.api.dossiers import ONE, THREE, audited, listed, post, route, submit_all
from tests.cloud.requesting import NOW_MS, STATION, bring, do, submitted
from tests.cloud.requests.samples import DAY_MS
from wire.tracking import tracking_code


@pytest.fixture(autouse=True)
def submissions(city: City) -> None:
    submit_all(city)


def give_up(city: City, channel: str = "portal", detail: str = "http 503") -> int:
    """Let the one errand of a channel fail for good; return its number."""
    with city.store.writing() as connection:
        (errand,) = errands.claim(connection, channel, NOW_MS, 10, lease_ms=60_000)
        errands.mark_failed(connection, errand.id, NOW_MS + 5, detail, again_at_ms=None)
    return errand.id


async def form_of(client: httpx.AsyncClient, request: str, action: str) -> dict[str, Any]:
    """Return what the API says that an action needs."""
    answer = await client.get(f"/api/requests/{request}")
    (form,) = [each for each in answer.json()["forms"] if each["action"] == action]
    found: dict[str, Any] = form
    return found


async def test_a_code_finds_what_the_visitor_sees_and_nothing_else(
    clerk: httpx.AsyncClient, officer: httpx.AsyncClient
) -> None:
    typed = tracking_code(STATION, 1).lower().replace("-", " ")
    found = (await clerk.get(f"/api/tracking/{typed}")).json()
    assert [each["id"] for each in found["requests"]] == [ONE]
    assert (await officer.get(f"/api/tracking/{typed}")).json()["requests"] == []


async def test_a_mistyped_code_is_told_apart_from_an_unknown_one(clerk: httpx.AsyncClient) -> None:
    answer = await clerk.get("/api/tracking/K7QM-3VXP-2HFA")
    assert (answer.status_code, answer.json()["code"]) == (422, "mistyped")
    unknown = await clerk.get(f"/api/tracking/{tracking_code(STATION, 9_999)}")
    assert (unknown.status_code, unknown.json()["requests"]) == (200, [])


async def test_an_ended_request_is_found_by_its_code_too(clerk: httpx.AsyncClient, city: City) -> None:
    do(city.store, Verb.REFUSE, request=ONE, reason="twice")
    found = (await clerk.get(f"/api/tracking/{tracking_code(STATION, 1)}")).json()
    assert found["requests"][0]["state"] == "refused"


async def test_the_list_can_be_of_those_that_wait_for_one_side(clerk: httpx.AsyncClient, city: City) -> None:
    bring(city.store, submitted(5, ward="27097"))
    route(city, (f"{5:032x}", "residence", None))
    do(city.store, Verb.RECEIVE, request=ONE)
    do(city.store, Verb.ASK_SUPPLEMENT, request=ONE, reason="paper-missing", wanted=("form",))
    assert await listed(clerk, turn="citizen") == [1]
    assert await listed(clerk, turn="desk") == [5]
    assert await listed(clerk, turn="desk", state="supplement-wanted") == []


async def test_each_action_says_what_it_needs_and_which_reasons_there_are(clerk: httpx.AsyncClient) -> None:
    refusal = await form_of(clerk, ONE, "refuse")
    assert refusal["needs"] == ["reason"]
    assert refusal["is_end"] is True
    assert "Hồ sơ nộp nhầm thủ tục." in [each["vi"] for each in refusal["reasons"]]
    receipt = await form_of(clerk, ONE, "receive")
    assert (receipt["needs"], receipt["is_end"]) == ([], False)
    assert "case_number" in receipt["may"]
    assert (await form_of(clerk, ONE, "apologise"))["needs"] == ["new_due_ms", "reason"]


async def test_a_report_has_reasons_of_its_own(officer: httpx.AsyncClient) -> None:
    keys = {each["key"] for each in (await form_of(officer, THREE, "refuse"))["reasons"]}
    assert "nothing-found" in keys
    assert "wrong-procedure" not in keys


async def test_every_offered_form_is_accepted_when_it_is_filled_in(clerk: httpx.AsyncClient) -> None:
    form = await form_of(clerk, ONE, "apologise")
    body = {"reason": form["reasons"][0]["key"], "new_due_ms": NOW_MS + 9 * DAY_MS}
    answer = await post(clerk, ONE, "apologise", **body)
    assert (answer.status_code, answer.json()["new_dates"]) == (200, 1)


async def test_nothing_is_stopped_while_the_person_has_time(clerk: httpx.AsyncClient, city: City) -> None:
    do(city.store, Verb.RECEIVE, request=ONE)
    do(city.store, Verb.ASK_FEE, request=ONE)
    card = (await clerk.get(f"/api/requests/{ONE}")).json()["card"]
    assert "stop" not in card["actions"]
    city.now_ms = NOW_MS + 40 * DAY_MS
    async with client_of_clerk(clerk, city) as later:
        assert "stop" in (await later.get(f"/api/requests/{ONE}")).json()["card"]["actions"]


async def test_a_service_is_told_in_words(clerk: httpx.AsyncClient) -> None:
    service = (await clerk.get("/api/services/birth")).json()
    questions = {each["id"]: each for each in service["questions"]}
    assert service["name"]["vi"] == "Đăng ký khai sinh"
    assert questions["card-name"]["field"] == "name"
    assert questions["child-sex"]["options"][0]["label"] == {"vi": "Con trai", "en": "Boy"}
    assert "birth-slip" in [each["id"] for each in service["documents"]]
    assert (await clerk.get("/api/services/nothing")).status_code == 404


async def test_a_desk_is_told_how_it_does(clerk: httpx.AsyncClient, city: City) -> None:
    do(city.store, Verb.REFUSE, request=ONE, reason="twice", now_ms=NOW_MS + 3 * DAY_MS)
    city.now_ms = NOW_MS + 4 * DAY_MS
    async with client_of_clerk(clerk, city) as later:
        (desk,) = (await later.get("/api/desks")).json()["desks"]
    assert (desk["open"], desk["ended"], desk["median_ms"]) == (0, 1, 3 * DAY_MS)


async def test_a_dead_letter_is_shown_with_its_request_and_sent_again(
    clerk: httpx.AsyncClient, city: City
) -> None:
    number = give_up(city)
    (letter,) = (await clerk.get("/api/dead-letters")).json()["letters"]
    assert (letter["number"], letter["channel"], letter["detail"]) == (number, "portal", "http 503")
    assert letter["request"]["id"] == ONE
    answer = await clerk.post(f"/api/dead-letters/{number}/resend")
    assert (answer.status_code, answer.json()["letters"]) == (202, [])
    assert ("cu.tru", "request.resend", ONE) in audited(city)
    assert (await clerk.post(f"/api/dead-letters/{number}/resend")).status_code == 404


async def test_dead_letters_of_others_are_neither_shown_nor_sent(
    officer: httpx.AsyncClient, auditor: httpx.AsyncClient, city: City
) -> None:
    number = give_up(city)
    assert (await officer.get("/api/dead-letters")).json()["letters"] == []
    assert (await officer.post(f"/api/dead-letters/{number}/resend")).status_code == 403
    assert (await auditor.post(f"/api/dead-letters/{number}/resend")).status_code == 403
    assert len((await auditor.get("/api/dead-letters")).json()["letters"]) == 1


def client_of_clerk(clerk: httpx.AsyncClient, city: City) -> Any:
    """Return a client of the same desk whose session holds at the city's present time."""
    transport: Any = clerk._transport
    app: FastAPI = transport.app
    return client_of(app, city, "desk_officer")

"""Open311 for whoever asks, without a session: what can be reported and what was, and nothing that is not public."""

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any
from xml.etree.ElementTree import fromstring

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from cloud.requests.request import Verb
from cloud.store import request_routes
from tests.cloud.api.city import AWAY, HOME, City, client_of
from tests.cloud.requesting import CONTACT, NOW_MS, PERSON, bring, do, submitted
from tests.cloud.requests.samples import DAY_MS
from wire.entries import RequestKind

ROOT = "/api/open311/v2"


@pytest.fixture
async def anybody(app: FastAPI, city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, city, None) as client:
        yield client


@pytest.fixture(autouse=True)
def reports(city: City) -> None:
    """A civic report in each of two wards, one of them resolved; one to the police; one that nobody has accepted."""
    city.now_ms = NOW_MS + 3 * DAY_MS
    kinds = (
        ("report-civic", "road", HOME, "civic"),
        ("report-civic", "noise", AWAY, "civic"),
        ("report-security", "drugs", HOME, "duty"),
        ("report-civic", "water", HOME, "civic"),
    )
    for number, (service, category, ward, desk) in enumerate(kinds, 1):
        body = submitted(
            number,
            service=service,
            category=category,
            ward=ward,
            request_kind=RequestKind.REPORT,
            submitted_by=PERSON,
            contact=CONTACT,
        )
        bring(city.store, body, now_ms=NOW_MS)
        with city.store.writing() as connection:
            request_routes.route(connection, [(body.request, desk, None)], NOW_MS)
    for number in (1, 2, 3):
        do(city.store, Verb.ACCEPT, request=f"{number:032x}")
    do(city.store, Verb.ASSIGN, request=f"{2:032x}", assignee="do.thi")
    do(city.store, Verb.RESOLVE, request=f"{2:032x}")


async def told(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(f"{ROOT}/requests.json", params=query)
    assert answer.status_code == 200, answer.text
    return [entry["service_code"] for entry in answer.json()]


async def test_anybody_may_see_what_can_be_reported(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get(f"{ROOT}/services.json")
    codes = [entry["service_code"] for entry in answer.json()]
    assert "report-civic.road" in codes
    assert not [code for code in codes if code.startswith("report-security")]
    root = fromstring((await anybody.get(f"{ROOT}/services.xml")).content)
    assert [each.text for each in root.iterfind("service/service_code")] == codes


async def test_anybody_may_see_which_reports_there_are(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get(f"{ROOT}/requests.json")
    noise, road = answer.json()
    assert (noise["service_code"], noise["status"], noise["address"]) == (
        "report-civic.noise",
        "closed",
        "Phường Sài Gòn",
    )
    assert (road["status"], road["requested_datetime"]) == ("open", "2026-11-23T00:00:00+07:00")
    assert answer.headers["cache-control"] == "public, max-age=60"


async def test_nothing_that_leads_to_a_person_is_told(anybody: httpx.AsyncClient) -> None:
    numbers = ",".join(str(number) for number in range(1, 50))
    answers = [
        await anybody.get(f"{ROOT}/requests.{form}", params=query)
        for form in ("json", "xml")
        for query in ({}, {"service_request_id": numbers})
    ]
    for answer in answers:
        assert answer.status_code == 200
        for private in (PERSON, "drugs", "do.thi", "st-0001"):
            assert private not in answer.text
        for number in range(1, 5):
            assert f"{number:032x}" not in answer.text
            assert submitted(number).tracking not in answer.text


async def test_one_report_is_a_list_of_one_in_both_forms(anybody: httpx.AsyncClient) -> None:
    first = (await anybody.get(f"{ROOT}/requests.json")).json()[0]
    number = first["service_request_id"]
    assert (await anybody.get(f"{ROOT}/requests/{number}.json")).json() == [first]
    answer = await anybody.get(f"{ROOT}/requests/{number}.xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert fromstring(answer.content).findtext("request/service_request_id") == number


async def test_a_number_that_is_none_and_one_that_is_not_public_look_alike(
    anybody: httpx.AsyncClient, city: City
) -> None:
    public = {
        int(entry["service_request_id"]) for entry in (await anybody.get(f"{ROOT}/requests.json")).json()
    }
    answers = [
        await anybody.get(f"{ROOT}/requests/{number}.json") for number in range(1, 40) if number not in public
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


async def test_filters_of_the_specification(anybody: httpx.AsyncClient) -> None:
    assert await told(anybody, status="open") == ["report-civic.road"]
    assert await told(anybody, status="closed") == ["report-civic.noise"]
    assert len(await told(anybody, status="open,closed")) == 2
    assert await told(anybody, service_code="report-civic.road") == ["report-civic.road"]
    assert await told(anybody, service_code="report-security.drugs") == []
    assert await told(anybody, end_date="2026-11-01T00:00:00Z") == []
    assert len(await told(anybody, start_date="2026-11-23T00:00:00+07:00")) == 2
    assert await told(anybody, start_date="2026-11-24T00:00:00+07:00") == []
    assert len(await told(anybody, start_date="1900-01-01T00:00:00Z", end_date="2026-12-01T00:00:00Z")) == 0


async def test_dates_tell_no_more_than_the_day(anybody: httpx.AsyncClient) -> None:
    """Else the moment at which somebody reported could be found by halving."""
    midnight = dt.datetime.fromisoformat("2026-11-23T00:00:00+07:00")
    for minute in range(0, 24 * 60, 97):
        at = (midnight + dt.timedelta(minutes=minute)).isoformat()
        assert len(await told(anybody, start_date=at)) == 2, at
        assert len(await told(anybody, end_date=at)) == 2, at


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "yesterday"},
        {"start_date": "2026-11-23T00:00:00"},
        {"status": "broken"},
        {"service_request_id": "1;2"},
        {"service_request_id": "9" * 16},
        {"service_code": "' OR 1=1"},
        {"service_code": ",".join(["x"] * 21)},
    ],
)
async def test_a_question_that_is_none_is_refused(anybody: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await anybody.get(f"{ROOT}/requests.json", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
async def test_the_ends_of_time_are_dates_too(anybody: httpx.AsyncClient, year: str) -> None:
    for name in ("start_date", "end_date"):
        for at in (f"{year}-01-01T00:00:00Z", f"{year}-12-31T23:59:59+00:00"):
            await told(anybody, **{name: at})


@pytest.mark.parametrize(
    "path", ["services.csv", "requests.", "requests/x.json", "requests/0.json", "requests/1"]
)
async def test_another_form_or_number_is_refused(anybody: httpx.AsyncClient, path: str) -> None:
    assert (await anybody.get(f"{ROOT}/{path}")).status_code in {404, 422}


async def test_nobody_submits_this_way(anybody: httpx.AsyncClient) -> None:
    """What people write has to be sealed where they write it."""
    with capture_logs() as logs:
        answer = await anybody.post(f"{ROOT}/requests.json", data={"description": "lời riêng"})
    assert answer.status_code == 405
    assert "lời riêng" not in repr(logs) + answer.text

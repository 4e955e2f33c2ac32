"""Papers of a request through the API: who sees them, how much is here, and each as it came."""

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from tests.cloud.api.city import PEOPLE, City, client_of
from tests.cloud.api.dossiers import audited, route
from tests.cloud.blobs import blob_of, cut, paper, send
from tests.cloud.requesting import NOW_MS, bring, submitted

PAPER, OTHER = paper(), paper(2)
FIVE = f"{5:032x}"
URL = f"/api/requests/{FIVE}/blobs"


@pytest.fixture(autouse=True)
def submission(city: City) -> None:
    """A dossier at the residence desk, one paper of it whole and one under way."""
    city.now_ms = NOW_MS
    bring(city.store, submitted(5, ward="27097", blobs=[blob_of(PAPER), blob_of(OTHER)]))
    route(city, (FIVE, "residence", None))
    send(city.store, [*cut(PAPER, FIVE), *cut(OTHER, FIVE)[:2]])


async def test_a_desk_sees_how_much_of_each_paper_is_here(clerk: httpx.AsyncClient) -> None:
    rows = (await clerk.get(URL)).json()["blobs"]
    assert [(row["sha256"], row["state"], row["here_parts"], row["parts"]) for row in rows] == [
        (blob_of(PAPER).sha256, "whole", 3, 3),
        (blob_of(OTHER).sha256, "coming", 2, 3),
    ]
    assert [row["amendment"] for row in rows] == [None, None]


async def test_a_whole_paper_is_handed_out_as_it_came_and_that_is_kept(
    clerk: httpx.AsyncClient, city: City
) -> None:
    with capture_logs() as logs:
        answer = await clerk.get(f"{URL}/{blob_of(PAPER).sha256}")
    assert (answer.status_code, answer.content) == (200, PAPER)
    assert answer.headers["content-type"] == "application/age"
    assert answer.headers["content-length"] == str(len(PAPER))
    assert answer.headers["cache-control"] == "no-store"
    assert audited(city) == [(PEOPLE["desk_officer"].login, "request.blob", FIVE)]
    assert blob_of(PAPER).sha256 not in repr(logs)


async def test_a_paper_that_is_not_whole_is_not_handed_out(clerk: httpx.AsyncClient, city: City) -> None:
    answer = await clerk.get(f"{URL}/{blob_of(OTHER).sha256}")
    assert (answer.status_code, answer.json()["code"]) == (409, "blob-coming")
    assert (answer.json()["here_parts"], answer.json()["parts"]) == (2, 3)
    send(city.store, cut(paper(3), FIVE, blob=blob_of(OTHER))[2:])
    answer = await clerk.get(f"{URL}/{blob_of(OTHER).sha256}")
    assert (answer.status_code, answer.json()["code"]) == (409, "blob-faulty")
    assert audited(city) == []


async def test_only_what_the_request_names_is_handed_out(clerk: httpx.AsyncClient, city: City) -> None:
    stray = paper(9)
    send(city.store, cut(stray, FIVE))
    for digest, status in ((blob_of(stray).sha256, 404), ("0e" * 32, 404), ("x" * 64, 422)):
        assert (await clerk.get(f"{URL}/{digest}")).status_code == status
    assert (await clerk.get(f"/api/requests/{'6f' * 16}/blobs")).status_code == 404


async def test_nobody_takes_papers_of_requests_that_they_do_not_answer_for(app: FastAPI, city: City) -> None:
    for role, may_list in {"duty_officer": 403, "city_desk": 403, "auditor": 200}.items():
        async with client_of(app, city, role) as client:
            assert (await client.get(URL)).status_code == may_list, role
            assert (await client.get(f"{URL}/{blob_of(PAPER).sha256}")).status_code == 403, role
    assert audited(city) == []

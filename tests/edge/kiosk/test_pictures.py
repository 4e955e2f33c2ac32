"""Pictures on their way from the screen's page to the session: bounded, of one kind, seen by their own page only."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from edge.kiosk.border import MAX_BODY_BYTES, MAX_PICTURE_BYTES
from edge.papers.album import MAX_JPEG_BYTES
from edge.services.view import Action
from tests.edge.kiosk.conftest import RunKiosk
from tests.edge.papers.samples import jpeg
from tests.edge.services.conftest import Place, a_place
from tests.edge.services.visits import REPORT

URL = "/api/services/pictures/photos"
JPEG = {"Content-Type": "image/jpeg"}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A real session that asks for pictures of what is reported."""
    async with a_place(tmp_path, has_camera=True) as place:
        place.act(Action.CHOOSE, service="report-security")
        place.act(Action.START)
        while (question := place.services.view.question) is not None and question.id != "photos":
            place.act(Action.ANSWER, question=question.id, value=REPORT[question.id])
        yield place


def told(answer: httpx.Response) -> tuple[int, object]:
    return answer.status_code, answer.json().get("problem")


async def test_a_picture_is_taken_looked_at_and_discarded(run_kiosk: RunKiosk, place: Place) -> None:
    async with run_kiosk(pictures=place.pictures) as browser:
        one = (await browser.post(URL, content=jpeg(1), headers=JPEG)).json()["taken"]
        both = (await browser.post(URL, content=jpeg(2), headers=JPEG)).json()["taken"]
        assert both == [*one, both[1]]
        assert (await browser.get(URL)).json() == {"taken": both}
        seen = await browser.get(f"{URL}/{both[1]}")
        assert (seen.status_code, seen.content, seen.headers["content-type"]) == (200, jpeg(2), "image/jpeg")
        assert seen.headers["cache-control"] == "no-store"
        assert (await browser.delete(f"{URL}/{one[0]}")).json() == {"taken": both[1:]}
        assert told(await browser.get(f"{URL}/{one[0]}")) == (404, "not-found")


async def test_pictures_are_seen_only_while_their_question_is_asked(
    run_kiosk: RunKiosk, place: Place
) -> None:
    async with run_kiosk(pictures=place.pictures) as browser:
        (name,) = (await browser.post(URL, content=jpeg(), headers=JPEG)).json()["taken"]
        place.act(Action.ANSWER, question="photos", value=[name])
        assert (await browser.get(URL)).json() == {"taken": []}
        assert told(await browser.get(f"{URL}/{name}")) == (404, "not-found")
        assert told(await browser.delete(f"{URL}/{name}")) == (409, "refused")
        assert told(await browser.post(URL, content=jpeg(2), headers=JPEG)) == (409, "refused")


async def test_what_is_no_picture_or_one_too_many_is_refused(run_kiosk: RunKiosk, place: Place) -> None:
    async with run_kiosk(pictures=place.pictures) as browser:
        assert told(await browser.post(URL, content=b"GIF89a" * 99, headers=JPEG)) == (422, "no-picture")
        assert told(await browser.post(URL, content=jpeg())) == (415, "no-picture")
        for number in range(4):
            assert (await browser.post(URL, content=jpeg(number), headers=JPEG)).status_code == 200
        assert told(await browser.post(URL, content=jpeg(9), headers=JPEG)) == (409, "too-many")


async def test_only_pictures_may_be_large_and_they_have_a_bound(run_kiosk: RunKiosk, place: Place) -> None:
    assert MAX_PICTURE_BYTES == MAX_JPEG_BYTES
    async with run_kiosk(pictures=place.pictures) as browser:
        largest = jpeg(1, MAX_JPEG_BYTES)
        assert (await browser.post(URL, content=largest, headers=JPEG)).status_code == 200
        for path, size in ((URL, MAX_JPEG_BYTES), ("/api/services/orders", MAX_BODY_BYTES)):
            answer = await browser.post(path, content=b"\xff" * (size + 1), headers=JPEG)
            assert told(answer) == (413, "too-large")


async def test_another_site_can_neither_give_nor_take_pictures(run_kiosk: RunKiosk, place: Place) -> None:
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    async with run_kiosk(pictures=place.pictures) as browser:
        (name,) = (await browser.post(URL, content=jpeg(), headers=JPEG)).json()["taken"]
        for answer in (
            await browser.post(URL, content=jpeg(2), headers=JPEG | foreign),
            await browser.get(f"{URL}/{name}", headers=foreign),
            await browser.delete(f"{URL}/{name}", headers=foreign),
        ):
            assert told(answer) == (403, "origin")
    assert place.pictures.taken("photos") == [name]


async def test_a_station_without_services_has_no_pictures(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        assert told(await browser.get(URL)) == (404, "no-services")
        assert told(await browser.post(URL, content=jpeg(), headers=JPEG)) == (404, "no-services")

"""Pictures of a visit: sealed for the service's recipient, sent with its request, forgotten with its person."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pyrage
import pytest

from edge.journal.errors import JournalFullError
from edge.journal.records import MIB, Limits
from edge.papers.errors import NoPictureError, TooManyError
from edge.services.errors import OrderRefusedError, Refusal
from edge.services.view import FULL, Action, Page
from tests.edge.papers.samples import joined, jpeg, parts_of
from tests.edge.services.conftest import AUTHORITY, Place, a_place, opened
from tests.edge.services.visits import FIELDS, PROOF, REPORT, STAY
from wire.entries import BlobPart

PHOTOS = "photos"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with a_place(tmp_path, has_camera=True) as place:
        yield place


async def come_to_photos(place: Place) -> None:
    """Answer a report up to its pictures."""
    place.act(Action.CHOOSE, service="report-security")
    place.act(Action.START)
    while (question := place.services.view.question) is not None and question.id != PHOTOS:
        place.act(Action.ANSWER, question=question.id, value=REPORT[question.id])


async def go_on(place: Place) -> None:
    """Take the pictures along, and answer the rest."""
    place.act(Action.ANSWER, question=PHOTOS, value=place.pictures.taken(PHOTOS))
    place.act(Action.ANSWER, question="anonymous", value=True)
    assert place.at() is Page.CHECK


async def test_pictures_go_with_the_request_that_names_them(place: Place) -> None:
    await come_to_photos(place)
    question = place.services.view.question
    assert question is not None
    assert (question.type, question.most, question.optional) == ("photo", 4, True)
    for number in (1, 2):
        await place.pictures.take(PHOTOS, jpeg(number))
    await go_on(place)
    place.submit()
    await place.until(Page.RECEIPT)
    (body,) = await place.requests()
    parts = await parts_of(place.journal)
    assert [blob.sha256 for blob in body.blobs] == opened(body)["answers"][PHOTOS]
    assert {part.request for part in parts} == {body.request}
    plain = [pyrage.decrypt(joined(parts, blob.sha256), [AUTHORITY]) for blob in body.blobs]
    assert plain == [jpeg(1), jpeg(2)]
    assert place.pictures.look(body.blobs[0].sha256) is None, "what is submitted is not looked at again"


async def test_a_paper_of_which_there_is_a_picture_need_not_be_brought(place: Place) -> None:
    place.act(Action.CHOOSE, service="temporary-residence")
    assert place.services.prefill("temporary-residence", FIELDS, PROOF)
    while (question := place.services.view.question) is not None:
        if question.id == "lease-scan":
            await place.pictures.take("lease-scan", jpeg())
            value: object = place.pictures.taken("lease-scan")
        else:
            value = STAY[question.id]
        place.act(Action.ANSWER, question=question.id, value=value)
    service = place.services.view.service
    assert service is not None
    assert service.papers == []
    place.act(Action.CHANGE, question="lease-scan")
    place.act(Action.SKIP, question="lease-scan")
    service = place.services.view.service
    assert service is not None
    assert len(service.papers) == 1


async def test_a_picture_can_be_looked_at_and_discarded_while_its_question_is_asked(place: Place) -> None:
    await come_to_photos(place)
    one, two = (await place.pictures.take(PHOTOS, jpeg(1)), await place.pictures.take(PHOTOS, jpeg(2)))
    assert place.pictures.look(one[0]) == jpeg(1)
    assert place.pictures.discard(PHOTOS, one[0]) == two[1:]
    assert place.pictures.look(one[0]) is None
    place.act(Action.ANSWER, question=PHOTOS, value=two[1:])
    assert place.pictures.taken(PHOTOS) == []
    with pytest.raises(OrderRefusedError):
        place.pictures.discard(PHOTOS, two[1])
    assert place.pictures.look(two[1]) == jpeg(2)


async def test_a_picture_that_is_discarded_later_is_no_longer_in_the_answer(place: Place) -> None:
    await come_to_photos(place)
    (name,) = await place.pictures.take(PHOTOS, jpeg(1))
    await go_on(place)
    place.act(Action.CHANGE, question=PHOTOS)
    place.pictures.discard(PHOTOS, name)
    place.act(Action.BACK)
    place.submit()
    await place.until(Page.RECEIPT)
    (body,) = await place.requests()
    assert (body.blobs, PHOTOS in opened(body)["answers"]) == ([], False)


async def test_an_answer_names_only_pictures_that_are_here(place: Place) -> None:
    await come_to_photos(place)
    values: tuple[list[object], ...] = (["0f" * 32], [7], [{}])
    for value in values:
        with pytest.raises(OrderRefusedError) as refused:
            place.act(Action.ANSWER, question=PHOTOS, value=value)
        assert refused.value.reason is Refusal.PICTURE
    assert place.at() is Page.QUESTION


async def test_a_question_takes_only_so_many_pictures_and_only_pictures(place: Place) -> None:
    await come_to_photos(place)
    for number in range(4):
        await place.pictures.take(PHOTOS, jpeg(number))
    with pytest.raises(TooManyError):
        await place.pictures.take(PHOTOS, jpeg(9))
    with pytest.raises(NoPictureError):
        await place.pictures.take(PHOTOS, b"GIF89a" * 100)
    with pytest.raises(OrderRefusedError):
        await place.pictures.take("lease-scan", jpeg())


async def test_nothing_is_left_of_whoever_walked_off(place: Place) -> None:
    await come_to_photos(place)
    (name,) = await place.pictures.take(PHOTOS, jpeg(1))
    place.act(Action.END)
    assert place.pictures.look(name) is None
    assert await parts_of(place.journal) == []


async def test_a_picture_that_was_on_its_way_when_its_person_left_is_not_kept(place: Place) -> None:
    await come_to_photos(place)
    coming = asyncio.create_task(place.pictures.take(PHOTOS, jpeg(1)))
    await asyncio.sleep(0)
    place.act(Action.END)
    with pytest.raises(OrderRefusedError):
        await coming
    await come_to_photos(place)
    assert place.pictures.taken(PHOTOS) == []


async def test_a_draft_keeps_no_pictures(place: Place) -> None:
    await come_to_photos(place)
    await place.pictures.take(PHOTOS, jpeg(1))
    await go_on(place)
    code = await place.keep()
    place.act(Action.END)
    await place.unlock(code)
    place.act(Action.START)
    question = place.services.view.question
    assert question is not None
    assert (question.id, question.value) == (PHOTOS, None)


async def test_a_full_lane_is_said_before_anything_is_written(tmp_path: Path) -> None:
    narrow = Limits(max_bytes=2 * MIB, reserve_bytes=MIB // 2)
    async with a_place(tmp_path, limits=narrow, has_camera=True) as place:
        await come_to_photos(place)
        await place.pictures.take(PHOTOS, jpeg(1, 1_200_000))
        await go_on(place)
        place.submit()
        await place.until(Page.TROUBLE)
        assert place.services.view.trouble == FULL
        assert (await parts_of(place.journal), await place.requests()) == ([], [])


async def test_a_submission_that_failed_half_way_is_tried_again_with_the_same_parts(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = place.journal.append
    failures = [2]

    async def fail_once(lane: object, body: object, **members: object) -> object:
        if isinstance(body, BlobPart) and failures and body.offset > 0:
            failures.clear()
            raise JournalFullError("journal: full")
        return await append(lane, body, **members)  # type: ignore[arg-type]

    monkeypatch.setattr(place.journal, "append", fail_once)
    await come_to_photos(place)
    await place.pictures.take(PHOTOS, jpeg(1))
    await go_on(place)
    place.submit()
    await place.until(Page.TROUBLE)
    assert await place.requests() == [], "no request without its papers"
    place.submit()
    await place.until(Page.RECEIPT)
    (body,) = await place.requests()
    parts = await parts_of(place.journal)
    assert len(parts) == 3
    assert pyrage.decrypt(joined(parts, body.blobs[0].sha256), [AUTHORITY]) == jpeg(1)

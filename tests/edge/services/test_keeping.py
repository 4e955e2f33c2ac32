"""A draft from the session to a real disk and back: the code comes after the disk, and opens it after a restart."""

import asyncio
import errno
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from edge.services.draft_view import NO_ROOM, NOT_KEPT, DraftFault
from edge.services.drafts import KEPT_MS, MAX_DRAFTS
from edge.services.keeping import Keeping
from edge.services.session.codes import draft_code
from edge.services.view import Action, Outcome, Page
from tests.edge.identity.conftest import written
from tests.edge.services.conftest import Place, a_place
from tests.edge.services.visits import FIELDS, NAME, NUMBER, PROOF, REPORT, STAY, STORY, STREET
from tests.edge.waiting import eventually

SIGNED = replace(PROOF, fingerprint="cd" * 32)


async def settled(place: Place) -> None:
    keeping = place.services._keeping
    assert keeping is not None
    await eventually(lambda: not keeping._tasks)


@asynccontextmanager
async def running(keeping: Keeping) -> AsyncIterator[None]:
    task = asyncio.create_task(keeping.run(), name="keeping")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def files(directory: Path) -> list[Path]:
    return [*(directory / "drafts").glob("*.draft")]


async def test_somebody_fetches_a_paper_and_goes_on_at_the_same_question_after_a_restart(
    tmp_path: Path,
) -> None:
    async with a_place(tmp_path) as place:
        place.begin()
        assert place.services.view.question is not None
        left = place.services.view.question
        code = await place.keep()
        place.act(Action.END)
        assert place.services.view.outcome is Outcome.KEPT
    async with a_place(tmp_path) as place:
        view = await place.unlock(code.lower().replace("-", ""))
        assert (view.page, view.service and view.service.id) == (Page.FOUND, "report-security")
        assert place.act(Action.START).question == left
        for question in ("where", "what", "anonymous"):
            place.act(Action.ANSWER, question=question, value=REPORT[question])
        place.submit()
        await place.until(Page.RECEIPT)
        assert len(await place.requests()) == 1
        await settled(place)
        assert files(tmp_path) == []
        place.act(Action.END)
        view = await place.unlock(code)
        assert view.resume is not None
        assert view.resume.fault is DraftFault.UNKNOWN


async def test_the_card_opens_what_was_tied_to_it_and_another_card_does_not(place: Place) -> None:
    async def come(fingerprint: str) -> None:
        place.act(Action.RESUME)
        place.act(Action.CHOOSE, service="temporary-residence")
        place.act(Action.USE_CARD)
        assert place.services.prefill("temporary-residence", FIELDS, replace(PROOF, fingerprint=fingerprint))
        await settled(place)

    await come("cd" * 32)
    assert place.at() is Page.TROUBLE
    place.act(Action.START)
    for question in ("case", "address"):
        place.act(Action.ANSWER, question=question, value=STAY[question])
    place.act(Action.KEEP)
    place.act(Action.KEEP_BY_CARD)
    await place.until(Page.KEPT)
    place.act(Action.END)
    await come("ef" * 32)
    assert place.at() is Page.TROUBLE
    place.act(Action.END)
    await come("cd" * 32)
    assert place.at() is Page.FOUND
    view = place.act(Action.START)
    assert view.question is not None
    assert view.question.id == "since"


async def test_the_disk_holds_nothing_that_was_typed_nothing_of_the_card_and_no_code(
    place: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        place.act(Action.CHOOSE, service="temporary-residence")
        assert place.services.prefill("temporary-residence", FIELDS, SIGNED)
        for question in ("case", "address"):
            place.act(Action.ANSWER, question=question, value=STAY[question])
        code = await place.keep()
        place.act(Action.END)
        await place.unlock(draft_code(7))
        place.act(Action.END)
        await place.unlock(code)
    disk = written(tmp_path) + b" ".join(path.name.encode() for path in files(tmp_path))
    said = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    for trace in (code, code.replace("-", ""), STREET, NUMBER, NAME, "cd" * 32):
        assert trace.encode() not in disk
        assert trace not in said


async def test_a_full_disk_gives_out_no_code_and_keeps_the_answers_on_the_screen(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    place.begin()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        place.act(Action.KEEP)
        place.act(Action.KEEP_BY_CODE)
        await place.until(Page.TROUBLE)
    assert (place.services.view.trouble, place.services.view.kept, files(tmp_path)) == (NOT_KEPT, None, [])
    assert place.act(Action.BACK).question is not None
    assert await place.keep()


async def test_a_station_that_keeps_enough_says_so(place: Place) -> None:
    for number in range(MAX_DRAFTS):
        place.drafts.keep(str(number), b"{}")
    place.begin()
    place.act(Action.KEEP)
    place.act(Action.KEEP_BY_CODE)
    await place.until(Page.TROUBLE)
    assert place.services.view.trouble == NO_ROOM


@pytest.mark.parametrize("damage", [b"", b"tcds draft 1\nxxxxxxxxxxxxxxxx"])
async def test_a_damaged_draft_is_told_plainly_and_removed(
    place: Place, tmp_path: Path, damage: bytes
) -> None:
    place.begin()
    code = await place.keep()
    place.act(Action.END)
    (path,) = files(tmp_path)
    path.write_bytes(damage)
    os.utime(path, ns=(place.clock.wall_ms() * 1_000_000,) * 2)
    view = await place.unlock(code)
    assert view.resume is not None
    assert (view.resume.fault, files(tmp_path)) == (DraftFault.DAMAGED, [])


async def test_what_another_release_sealed_and_this_one_cannot_read_is_not_thrown_away(
    place: Place, tmp_path: Path
) -> None:
    place.begin()
    code = await place.keep()
    place.act(Action.END)
    place.drafts.keep(code, b'{"steps": []}')
    view = await place.unlock(code)
    assert view.resume is not None
    assert (view.resume.fault, len(files(tmp_path))) == (DraftFault.UNREADABLE, 1)


async def test_keeping_again_leaves_one_draft_with_the_same_code(place: Place, tmp_path: Path) -> None:
    place.begin()
    code = await place.keep()
    place.act(Action.END)
    await place.unlock(code)
    place.act(Action.START)
    place.act(Action.ANSWER, question="where", value=REPORT["where"])
    assert await place.keep() == code
    assert len(files(tmp_path)) == 1
    place.act(Action.END)
    await place.unlock(code)
    view = place.act(Action.START)
    assert view.question is not None
    assert view.question.id == "what"


async def test_a_draft_is_deleted_when_its_person_says_so(place: Place, tmp_path: Path) -> None:
    place.begin()
    code = await place.keep()
    place.act(Action.END)
    await place.unlock(code)
    place.act(Action.FORGET)
    await place.until(Page.FAREWELL)
    assert (place.services.view.outcome, files(tmp_path)) == (Outcome.FORGOTTEN, [])


async def test_the_oldest_go_by_themselves_when_the_daemon_starts(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        place.begin()
        await place.keep()
        (path,) = files(tmp_path)
        over_ns = (place.clock.wall_ms() - KEPT_MS) * 1_000_000
        os.utime(path, ns=(over_ns, over_ns))
    async with a_place(tmp_path) as place:
        keeping = place.services._keeping
        assert keeping is not None
        async with running(keeping):
            await eventually(lambda: not files(tmp_path))


async def test_a_story_that_is_not_kept_is_nowhere(place: Place, tmp_path: Path) -> None:
    place.begin()
    place.act(Action.ANSWER, question="where", value=REPORT["where"])
    place.act(Action.ANSWER, question="what", value=STORY)
    place.act(Action.KEEP)
    place.act(Action.END)
    assert not (tmp_path / "drafts").exists()

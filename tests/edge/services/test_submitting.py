"""What leaves the station: for the authority alone, once, and nobody is told before the disk has it."""

import asyncio
from pathlib import Path

import pytest

from edge.journal.errors import JournalFullError
from edge.services.numbers import Numbers
from edge.services.view import Action, Page
from tests.edge.identity.conftest import written
from tests.edge.services.conftest import Place, a_place, opened, requests_of
from tests.edge.services.visits import FIELDS, REPORT, SECRETS, STAY
from wire.entries import RequestKind
from wire.tracking import Receipt, proof_of, read_word


async def test_the_authority_reads_the_answers_and_the_card_with_its_proof(place: Place) -> None:
    tracking = await place.to_receipt("temporary-residence")
    (body,) = await place.requests()
    assert opened(body) == {
        "request": body.request,
        "tracking": tracking,
        "station": "st-1",
        "service": "temporary-residence",
        "version": 1,
        "code": "1.004194",
        "text_version": "service-submit-1",
        "submitted_at_ms": place.clock.wall_ms(),
        "level": "chip",
        "answers": {name: value for name, value in STAY.items() if value is not None},
        "card": {
            "fields": {field.value: text for field, text in FIELDS.items()},
            "issuer": "verified",
            "clone_check": "chip-authentication",
        },
        "papers": [{"document": "dwelling-proof", "optional": True}],
    }


async def test_in_the_open_stands_at_whom_it_is_directed_and_no_more(place: Place) -> None:
    tracking = await place.to_receipt("temporary-residence")
    (body,) = await place.requests()
    assert (body.tracking, body.service, body.service_version) == (tracking, "temporary-residence", 1)
    assert (body.request_kind, body.authority, body.recipients) == (
        RequestKind.DOSSIER,
        "ward-police",
        ["ward-police"],
    )
    assert body.fields == ["number", "name", "birth", "sex", "nationality", "residence"]
    assert (body.category, body.ward, body.submitted_by) == (None, None, None)


async def test_a_report_says_its_category_in_the_open_and_the_rest_only_sealed(place: Place) -> None:
    await place.to_receipt()
    (body,) = await place.requests()
    assert (body.request_kind, body.category, body.fields) == (RequestKind.REPORT, "theft", [])
    document = opened(body)
    assert (document["answers"], document["card"], document["level"]) == (REPORT, None, "none")


async def test_nothing_of_the_person_is_readable_on_the_disk(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.to_receipt("temporary-residence")
    disk = written(tmp_path)
    assert b"request-submitted" in disk
    assert not [secret for secret in SECRETS if secret.encode() in disk]


async def test_a_full_journal_is_told_and_the_same_request_goes_later_under_the_same_code(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.fill_in()

    async def refuse(*_: object, **__: object) -> None:
        raise JournalFullError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(place.journal, "append", refuse)
        place.submit()
        await place.until(Page.TROUBLE)
    assert place.services.view.trouble == "full"
    assert await place.requests() == []
    visit = place.services._state.visit
    assert visit is not None
    request, tracking = visit.request, visit.tracking
    assert tracking
    place.act(Action.BACK)
    place.submit()
    await place.until(Page.RECEIPT)
    (body,) = await place.requests()
    assert (body.request, body.tracking) == (request, tracking)
    assert place.services.view.receipt is not None
    assert place.services.view.receipt.tracking == tracking


async def test_an_entry_that_came_through_all_the_same_is_not_doubled_by_the_next_try(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.fill_in()
    append = place.journal.append

    async def lose_the_answer(*args: object, **kwargs: object) -> None:
        await append(*args, **kwargs)  # type: ignore[arg-type]
        raise JournalFullError("the answer was lost")

    with monkeypatch.context() as patch:
        patch.setattr(place.journal, "append", lose_the_answer)
        place.submit()
        await place.until(Page.TROUBLE)
    place.submit()
    await place.until(Page.RECEIPT)
    (body,) = await place.requests()
    receipt = place.services.view.receipt
    assert receipt is not None
    assert body.tracking == receipt.tracking
    assert body.proof == proof_of(Receipt(receipt.tracking, receipt.word)), (
        "the word is that of the first try"
    )


async def test_the_receipt_s_word_is_on_the_screen_alone(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.to_receipt()
        receipt = place.services.view.receipt
        assert receipt is not None
        assert read_word(receipt.word) == receipt.word
        (body,) = await place.requests()
        assert body.proof == proof_of(Receipt(receipt.tracking, receipt.word))
        assert receipt.word not in repr((place.services._state, place.services.view))
        place.act(Action.END)
        assert place.services.view.receipt is None
    assert receipt.word.encode() not in written(tmp_path)


async def test_nobody_is_told_before_the_disk_has_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.fill_in()
    gate, append = asyncio.Event(), place.journal.append
    reached = asyncio.Event()

    async def slow(*args: object, **kwargs: object) -> object:
        reached.set()
        await gate.wait()
        return await append(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(place.journal, "append", slow)
    place.submit()
    await reached.wait()
    assert (place.at(), place.services.view.receipt) == (Page.SENDING, None)
    gate.set()
    await place.until(Page.RECEIPT)


async def test_a_number_that_the_disk_does_not_take_is_trouble_and_no_code(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.fill_in()
    with monkeypatch.context() as patch:
        lost = Numbers(tmp_path / "nowhere" / "tracking", "st-1", place.clock.wall_ms)
        patch.setattr(place.submitting, "_numbers", lost)
        place.submit()
        await place.until(Page.TROUBLE)
    assert place.services.view.trouble == "full"
    place.submit()
    await place.until(Page.RECEIPT)
    assert len(await place.requests()) == 1


async def test_a_fault_of_the_station_s_own_is_trouble_and_no_silence(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    place.fill_in()

    def fail(_self: Numbers) -> str:
        raise RuntimeError(REPORT["what"])

    monkeypatch.setattr(Numbers, "mint", fail)
    place.submit()
    await place.until(Page.TROUBLE)
    assert "request not recorded" in caplog.text
    assert str(REPORT["what"]) not in caplog.text


async def test_without_keys_nothing_is_written(tmp_path: Path) -> None:
    async with a_place(tmp_path, has_keys=False) as place:
        place.fill_in()
        place.submit()
        await place.until(Page.TROUBLE)
        assert place.services.view.trouble == "no-recipient"
        assert await place.requests() == []
        assert not (tmp_path / "tracking").exists()


async def test_a_daemon_that_ends_lets_the_disk_take_what_was_submitted(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        place.fill_in()
        place.submit()
    async with a_place(tmp_path) as place:
        assert len(await requests_of(place.journal)) == 1


async def test_no_two_requests_have_the_same_code(place: Place) -> None:
    codes = set()
    for _ in range(3):
        codes.add(await place.to_receipt())
        place.act(Action.END)
    assert len(codes) == 3
    assert {body.tracking for body in await place.requests()} == codes

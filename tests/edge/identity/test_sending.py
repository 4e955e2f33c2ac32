"""What leaves the station: what the person left in, for the recipient alone, and nobody is told before the disk."""

import asyncio
import json
from pathlib import Path

import pyrage
import pytest

from edge.idcard.groups import Field
from edge.identity.view import Action, Page
from edge.journal.errors import JournalFullError
from tests.edge.identity.conftest import AUTHORITY, Place, a_place, written
from tests.edge.identity.visits import FIELDS, SECRETS
from tests.edge.waiting import eventually
from wire.entries import IdentityConsented, IdentityShared


async def shared(place: Place) -> IdentityShared:
    (body,) = [body for body in await place.bodies() if isinstance(body, IdentityShared)]
    return body


async def test_the_recipient_reads_what_the_person_saw_and_nothing_more(place: Place) -> None:
    await place.review()
    place.act(Action.REMOVE, field=Field.RESIDENCE)
    place.act(Action.SEND, text_version="identity-send-1")
    await place.until(Page.DONE)
    body = await shared(place)
    document = json.loads(pyrage.decrypt(body.sealed, [AUTHORITY]))
    fields = {field.value: text for field, text in FIELDS.items() if field is not Field.RESIDENCE}
    assert document.pop("fields") == fields
    assert document == {
        "share": body.share,
        "station": "st-1",
        "purpose": "temporary-residence",
        "text_version": "identity-send-1",
        "agreed_at_ms": place.clock.wall_ms(),
        "issuer": "verified",
        "clone_check": "chip-authentication",
    }


async def test_nothing_of_the_person_is_readable_on_the_disk(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.review()
        place.act(Action.SEND, text_version="identity-send-1")
        await place.until(Page.DONE)
    disk = written(tmp_path)
    assert b"identity-shared" in disk
    for secret in SECRETS:
        assert secret.encode() not in disk


async def test_a_disk_that_takes_nothing_is_told_and_nothing_was_sent(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.review()
    await eventually(lambda: not place.identity._sending._tasks)

    async def refuse(*_: object, **__: object) -> None:
        raise JournalFullError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(place.journal, "append", refuse)
        place.act(Action.SEND, text_version="identity-send-1")
        await place.until(Page.TROUBLE)
    assert place.identity.view.trouble is not None
    assert place.identity.view.trouble.fault == "full"
    assert [type(body) for body in await place.bodies()] == [IdentityConsented]
    place.act(Action.RETRY)
    place.act(Action.SEND, text_version="identity-send-1")
    await place.until(Page.DONE)
    assert await shared(place)


async def test_nobody_is_told_before_the_disk_has_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await place.review()
    gate, append = asyncio.Event(), place.journal.append

    async def slow(*args: object, **kwargs: object) -> object:
        await gate.wait()
        return await append(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(place.journal, "append", slow)
    place.act(Action.SEND, text_version="identity-send-1")
    for _ in range(20):
        await asyncio.sleep(0)
    assert place.at() is Page.SENDING
    gate.set()
    await place.until(Page.DONE)


async def test_a_consent_that_the_disk_refuses_is_logged_and_holds_nobody_up(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise JournalFullError("no room")

    monkeypatch.setattr(place.journal, "append", refuse)
    await place.review("card-check")
    await eventually(lambda: "consent to a reading not recorded" in caplog.text)

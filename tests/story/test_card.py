"""A citizen's card on the counter: from the chip to the authority's desk, and nothing of it anywhere else."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.rig.screen import Screen, View
from tests.story.city import until
from tests.story.site import Site, one_site

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]

READ = "identity-read-1"
SEND = "identity-send-1"


async def come_to_review(site: Site, screen: Screen, purpose: str = "temporary-residence") -> View:
    """Agree, type the number, lay the card on."""
    assert site.counter is not None
    await screen.touch_identity("open", purpose=purpose)
    await screen.touch_identity("agree", text_version=READ)
    await screen.touch_identity("number", number=site.counter.card.person.number)
    await asyncio.to_thread(site.counter.lay)
    return await screen.until_identity("review")


async def leave(site: Site, screen: Screen) -> None:
    """Take the card and wait until the screen knows nobody any more."""
    assert site.counter is not None
    await asyncio.to_thread(site.counter.take)
    await screen.until_identity("farewell")
    await screen.until_identity("none")


def shares(site: Site) -> list[tuple[Any, ...]]:
    return site.rows("SELECT share, purpose, recipient, fields, sealed FROM identity_share")


async def arrived(site: Site) -> tuple[Any, ...]:
    """Return the one share once the cloud has it."""
    await until(lambda: asyncio.to_thread(lambda: len(shares(site)) > 0), "share in the cloud", 60)
    (share,) = await asyncio.to_thread(shares, site)
    return share


def traces(site: Site) -> list[str]:
    """Return which of the person's things can be read in anything that station, broker or cloud have written."""
    assert site.counter is not None
    person = site.counter.card.person
    secrets = [person.number, person.can, person.name, person.residence, f"{person.birth:%d/%m/%Y}"]
    secrets += [person.document_number, f"{person.birth:%y%m%d}", person.origin]
    keys = {"counter"}  # what the virtual card is made of
    written = [
        path
        for path in site.directory.rglob("*")
        if path.is_file() and not keys & set(path.relative_to(site.directory).parts)
    ]
    assert any(path.name == "journal.db" for path in written)
    assert any(path.name == "daemon.log" for path in written)
    return [
        f"{secret} in {path.name}"
        for path in written
        for secret in secrets
        if secret.encode() in path.read_bytes()
    ]


async def test_what_a_citizen_agrees_to_send_reaches_the_authority_and_nobody_else_can_read_it(
    tmp_path: Path,
) -> None:
    """The whole way over real daemons: chip, screen, journal, broker, store, and the authority opens it."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True) as (site, screen):
        assert site.counter is not None
        view = await come_to_review(site, screen)
        assert view["proof"] == {"issuer": "verified", "clone_check": "chip-authentication"}
        assert all(row.get("value") is None for row in view["fields"])
        shown = await screen.touch_identity("show", field="name")
        assert [row["value"] for row in shown["fields"] if row["is_shown"]] == ["Nguyễn Văn An"]
        await screen.touch_identity("remove", field="sex")
        await screen.touch_identity("send", text_version=SEND)
        await screen.until_identity("done")
        share, purpose, recipient, fields, sealed = await arrived(site)
        assert (purpose, recipient) == ("temporary-residence", "ward-police")
        assert "sex" not in json.loads(fields)
        document = json.loads(site.counter.open_sealed(sealed))
        assert (document["share"], document["fields"]["number"]) == (share, "079203001234")
        assert set(document["fields"]) == set(json.loads(fields))
        await leave(site, screen)
        assert await screen.press_sos() == "recorded", "an SOS never needs a card"
        assert await asyncio.to_thread(traces, site) == []


async def test_with_the_line_cut_in_the_middle_it_arrives_once_when_it_is_back(tmp_path: Path) -> None:
    """The uplink is cut while the card is read: the person is told the truth, and nothing is lost or doubled."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True) as (site, screen):
        await come_to_review(site, screen)
        site.line.cut()
        await screen.until_offline()
        await screen.touch_identity("send", text_version=SEND)
        await screen.until_identity("done")
        assert shares(site) == []
        await leave(site, screen)
        site.line.mend()
        await arrived(site)
        consents = site.rows("SELECT purpose, text_version FROM identity_consent")
        assert consents == [("temporary-residence", READ)]


async def test_a_daemon_killed_after_it_said_sent_has_sent_it(tmp_path: Path) -> None:
    """Killed at once after "sent", with the line cut: the next start brings it, and knows nobody."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True) as (site, screen):
        await come_to_review(site, screen)
        site.line.cut()
        await screen.touch_identity("send", text_version=SEND)
        await screen.until_identity("done")
        await asyncio.to_thread(site.daemon.kill)
        screen.identity.clear()
        site.line.mend()
        await asyncio.to_thread(site.daemon.start)
        await arrived(site)
        view = await screen.until_identity("none", "purpose")
        assert view["fields"] == []


async def test_a_daemon_killed_before_anything_was_sent_knows_nobody(tmp_path: Path) -> None:
    """A power cut while somebody looks at their card: nothing of it is anywhere afterwards."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True) as (site, screen):
        await come_to_review(site, screen, "card-check")
        await screen.touch_identity("show", field="number")
        await asyncio.to_thread(site.daemon.kill)
        assert await asyncio.to_thread(traces, site) == []


async def test_the_cabin_knows_somebody_again_without_knowing_who_it_is(tmp_path: Path) -> None:
    """Two visits of one person with their card have one pseudonym, which is not their number."""
    async with one_site(tmp_path, has_counter=True) as (site, screen):
        assert site.counter is not None
        for _ in range(2):
            await screen.until("choose")
            await screen.touch("begin", kinds=["height"])
            await come_to_review(site, screen, "cabin-history")
            await screen.touch_identity("send", text_version=SEND)
            await screen.until_identity("done")
            await leave(site, screen)
            await screen.until_view(lambda view: view["is_bound"], "bound")
            await screen.touch("consent", scope="keep", text_version="cabin-1")
            await screen.touch("enter", measure="body-height", value=165)
            await screen.until_view(lambda view: "next" in view["actions"], "taken")
            await screen.touch("next")
            await screen.until("sheet")
            await screen.touch("finish")
        query = "SELECT pseudonym, session FROM cabin_session"
        await until(lambda: asyncio.to_thread(lambda: len(site.rows(query)) == 2), "both visits", 60)
        (one, first), (other, second) = site.rows(query)
        assert one == other
        assert len({one, first, second, site.counter.card.person.number}) == 4
        assert await asyncio.to_thread(traces, site) == []

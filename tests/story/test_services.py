"""A citizen at the kiosk: from the first touch of a service to the desk that decides, over real daemons."""

import asyncio
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.rig.screen import Screen, View
from tests.story.city import until
from tests.story.site import Site, one_site

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]

SUBMIT = "service-submit-1"
TODAY = datetime.now(timezone(timedelta(hours=7))).date().isoformat()
"""In Vietnam; neither past nor future, so that it answers every question for a day."""
ANSWERS: dict[str, Any] = {
    "yes-no": True,
    "day": TODAY,
    "name": "Trần Thị Bình",
    "phone": "0901234567",
    "text": "Không có gì thêm",
    "number": 2,
    "place": {"at": "station"},
}
"""An answer to a question of each type that fits every service tried here; others choose what is offered."""


def answer_to(question: View) -> Any:
    """Return something that a person could answer."""
    if question["type"] == "choice":
        return question["options"][0]["id"]
    if question["type"] == "address":
        return {"ward": "27097", "street": "12 Nguyễn Duy Trinh"}
    return ANSWERS[question["type"]]


async def answer_all(screen: Screen) -> View:
    """Answer what must be answered, one question after the other, until all can be checked."""
    view = screen.services
    for _ in range(40):
        if view["page"] != "question":
            return view
        question = view["question"]
        assert question.get("fault") is None, question
        if question["optional"]:
            view = await screen.touch_services("skip", question=question["id"])
            continue
        value = answer_to(question)
        view = await screen.touch_services("answer", question=question["id"], value=value)
    raise AssertionError("there is no end of questions")


async def take_card(site: Site, screen: Screen) -> None:
    """Let the card fill in what it knows."""
    assert site.counter is not None
    await screen.touch_services("use-card")
    await screen.until_identity("consent")
    await screen.touch_identity("agree", text_version="identity-read-1")
    await screen.touch_identity("number", number=site.counter.card.person.number)
    await asyncio.to_thread(site.counter.lay)
    await screen.until_identity("review")
    await screen.touch_identity("send", text_version="identity-prefill-1")
    await screen.until_services("question", "check")


def requests(site: Site) -> list[tuple[Any, ...]]:
    return site.rows("SELECT tracking, service, sealed FROM request")


async def arrived(site: Site) -> tuple[Any, ...]:
    """Return the one request once the cloud has it."""
    await until(lambda: asyncio.to_thread(lambda: len(requests(site)) > 0), "request in the cloud", 60)
    (request,) = await asyncio.to_thread(requests, site)
    return request


async def fill_in(site: Site, screen: Screen) -> None:
    """Come to the check of a registration of temporary residence."""
    await screen.touch_services("open", need="home")
    await screen.touch_services("choose", service="temporary-residence")
    await take_card(site, screen)
    view = await answer_all(screen)
    assert view["page"] == "check"
    assert view["is_submitted"] is False


async def test_a_dossier_is_filled_in_by_card_and_reaches_its_authority_sealed(tmp_path: Path) -> None:
    """Chip, questions, check, submit: the tracking code on the screen is the one in the store, and only the key opens it."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True, has_services=True) as (site, screen):
        assert site.counter is not None
        await fill_in(site, screen)
        await screen.touch_services("submit", text_version=SUBMIT)
        receipt = (await screen.until_services("receipt"))["receipt"]
        tracking, service, sealed = await arrived(site)
        assert (tracking, service) == (receipt["tracking"], "temporary-residence")
        document = json.loads(site.counter.open_sealed(sealed))
        assert document["card"]["fields"]["number"] == "079203001234"
        assert document["card"]["issuer"] == "verified"
        assert await screen.press_sos() == "recorded"


async def test_with_the_line_cut_a_dossier_is_recorded_and_arrives_once(tmp_path: Path) -> None:
    """The line is cut before submitting, and the daemon killed after the receipt: it arrives once, with its code."""
    async with one_site(tmp_path, has_cabin=False, has_counter=True, has_services=True) as (site, screen):
        await fill_in(site, screen)
        site.line.cut()
        await screen.until_offline()
        await screen.touch_services("submit", text_version=SUBMIT)
        receipt = (await screen.until_services("receipt"))["receipt"]
        assert receipt["is_online"] is False
        assert requests(site) == []
        await asyncio.to_thread(site.daemon.kill)
        site.line.mend()
        await asyncio.to_thread(site.daemon.start)
        assert (await arrived(site))[0] == receipt["tracking"]

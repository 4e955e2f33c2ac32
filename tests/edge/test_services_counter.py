"""The counter for services with the card's session beside it: real catalogue, keys, journal; the reader is scripted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.cabin.cabin import Cabin
from edge.cabin.orders import Order as CabinOrder
from edge.cabin.view import Action as CabinAction
from edge.card_counter import Neighbour
from edge.guide.orders import Happening
from edge.guide.orders import Order as GuideOrder
from edge.identity.identity import Identity
from edge.identity.orders import Order as CardOrder
from edge.identity.sending import Sending
from edge.identity.view import Action as CardAction
from edge.identity.view import Page as CardPage
from edge.journal.journal import Journal, open_journal
from edge.services.orders import Order
from edge.services.services import Services
from edge.services.view import Action, Outcome, Page, ServicesView
from edge.services_counter import ServicesCounter
from edge.settings import CabinSettings, CardSettings, Settings, read_settings
from edge.shelf import load_shelf
from tests.edge.cabin.conftest import ROOMY, HeldClock
from tests.edge.identity.conftest import ScriptedDesk
from tests.edge.identity.visits import CAN
from tests.edge.services.conftest import requests_of
from tests.edge.services.visits import REPORT, STAY
from tests.edge.waiting import eventually
from tests.fakes.line import LostLine
from tests.fakes.rack import FakeRack
from wire.entries import VitalKind

KEY = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"


@dataclass
class Hall:
    """The counter, and the session of the reader beside it."""

    counter: ServicesCounter
    identity: Identity
    journal: Journal
    clock: HeldClock

    @property
    def services(self) -> Services:
        return self.counter.services

    def act(self, action: Action, **members: object) -> ServicesView:
        return self.services.act(Order(action=action, **members))  # type: ignore[arg-type]

    def card(self, action: CardAction, **members: object) -> None:
        self.identity.act(CardOrder(action=action, **members))  # type: ignore[arg-type]

    def wake(self, ms: int) -> None:
        self.clock.now_ms += ms
        self.identity._wake.set()
        self.services._wake.set()

    def fill_in(self, answers: dict[str, object]) -> None:
        while (question := self.services.view.question) is not None:
            self.act(Action.ANSWER, question=question.id, value=answers[question.id])

    def at(self) -> tuple[Page, CardPage]:
        return self.services.view.page, self.identity.view.page

    async def until_card(self, page: CardPage) -> None:
        await eventually(lambda: self.identity.view.page is page)


def settings_of(directory: Path, **sections: object) -> Settings:
    recipients = directory / "recipients"
    recipients.mkdir(exist_ok=True)
    (recipients / "ward-police.age.pub").write_text(KEY)
    return read_settings(
        {
            "station": {"id": "st-1", "ward": "27097"},
            "broker": {"host": "h", "ca": "a", "certificate": "b", "key": "c"},
            "journal": {"path": "journal.db"},
            "board": {"port": "p"},
            "card": {},
            "services": {"recipients": "recipients"},
            **sections,
        },
        directory,
    )


@asynccontextmanager
async def a_hall(directory: Path, **sections: object) -> AsyncIterator[Hall]:
    settings, clock = settings_of(directory, **sections), HeldClock()
    assert settings.services is not None
    shelf = load_shelf(settings.services)
    assert shelf is not None
    async with open_journal(settings.journal.path, ROOMY, boot=clock.boot) as journal:
        counter = ServicesCounter(settings, shelf, journal, clock, LostLine())
        neighbour = Neighbour(None, counter.form)
        sending = Sending("st-1", journal, clock, neighbour, None, None)
        identity = Identity(CardSettings(), ScriptedDesk(), neighbour, sending, clock, filling=counter.form)
        identity.reader_changed(is_ok=True)
        counter.meet(identity)
        runs = [run() for _, run, _ in counter.runs()]
        tasks = [asyncio.ensure_future(run) for run in (*runs, identity.run())]
        await asyncio.sleep(0)
        try:
            yield Hall(counter, identity, journal, clock)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with a_hall(tmp_path) as hall:
        yield hall


async def review(hall: Hall) -> None:
    """Come to what the card says, from within a service."""
    hall.act(Action.CHOOSE, service="temporary-residence")
    hall.act(Action.USE_CARD)
    hall.card(CardAction.AGREE, text_version="identity-read-1")
    hall.card(CardAction.NUMBER, number=CAN)
    hall.identity.card_in(7)
    await hall.until_card(CardPage.REVIEW)


async def test_the_card_prefills_the_service_which_then_is_filled_in_and_submitted(
    hall: Hall, tmp_path: Path
) -> None:
    await review(hall)
    hall.card(CardAction.SEND, text_version="identity-prefill-1")
    assert hall.at() == (Page.QUESTION, CardPage.NONE)
    hall.identity.card_out(7)
    assert hall.at() == (Page.QUESTION, CardPage.NONE), "the draft outlives the card"
    hall.fill_in(STAY)
    hall.act(Action.SUBMIT, text_version="service-submit-1")
    await eventually(lambda: hall.services.view.page is Page.RECEIPT)
    receipt = hall.services.view.receipt
    assert receipt is not None
    assert not receipt.is_online
    assert (tmp_path / "tracking").exists()


async def test_a_card_laid_on_answers_the_service_that_is_on(hall: Hall) -> None:
    hall.act(Action.CHOOSE, service="temporary-residence")
    hall.identity.card_in(7)
    assert hall.at() == (Page.SERVICE, CardPage.CONSENT)
    assert hall.identity.view.purpose is not None
    assert hall.identity.view.purpose.fields == [
        "number",
        "name",
        "birth",
        "sex",
        "nationality",
        "residence",
    ]


async def test_a_card_laid_on_while_a_service_without_cards_is_on_disturbs_nobody(hall: Hall) -> None:
    hall.act(Action.CHOOSE, service="report-security")
    hall.identity.card_in(7)
    assert hall.at() == (Page.SERVICE, CardPage.NONE)


async def test_the_answers_wait_while_their_person_is_at_the_card(hall: Hall) -> None:
    await review(hall)
    for _ in range(5):
        hall.wake(50_000)
        hall.card(CardAction.SHOW, field="name")
    assert hall.at() == (Page.SERVICE, CardPage.REVIEW)
    assert hall.services.view.idle is None


async def test_whoever_walks_off_from_the_card_leaves_no_answers_behind(hall: Hall) -> None:
    hall.act(Action.CHOOSE, service="report-security")
    hall.act(Action.START)
    hall.act(Action.ANSWER, question="category", value="theft")
    for _ in range(3):
        hall.act(Action.BACK)
    hall.act(Action.BACK)
    await review(hall)
    hall.wake(60_000)
    await eventually(lambda: hall.identity.view.idle is not None)
    hall.wake(15_000)
    await hall.until_card(CardPage.FAREWELL)
    assert hall.services.is_free


async def test_walking_off_with_a_draft_says_so_on_the_service_s_own_screen(hall: Hall) -> None:
    await review(hall)
    hall.card(CardAction.SEND, text_version="identity-prefill-1")
    hall.wake(75_000)
    await eventually(lambda: hall.services.view.page is Page.FAREWELL)
    assert hall.services.view.outcome is Outcome.TIMED_OUT


async def test_whom_nothing_can_be_sealed_for_is_known_before_anything_is_typed(hall: Hall) -> None:
    hall.act(Action.CHOOSE, service="report-civic")
    hall.act(Action.START)
    assert (hall.services.view.page, hall.services.view.trouble) == (Page.TROUBLE, "no-recipient")
    hall.act(Action.END)
    hall.act(Action.CHOOSE, service="report-security")
    hall.act(Action.START)
    hall.fill_in(REPORT)
    hall.act(Action.SUBMIT, text_version="service-submit-1")
    await eventually(lambda: hall.services.view.page is Page.RECEIPT)
    (body,) = await requests_of(hall.journal)
    assert body.recipients == ["ward-police"]


async def test_without_a_list_every_ward_of_the_city_can_be_lived_in_the_station_s_own_first(
    hall: Hall,
) -> None:
    assert len(hall.services.wards) == 168
    assert (hall.services.wards[0].code, hall.services.wards[0].name) == ("27097", "Phường Bình Trưng")


async def test_the_wards_of_the_list_have_their_names(tmp_path: Path) -> None:
    (tmp_path / "wards.txt").write_text("27097 Phường Bình Trưng\n26734 Phường Sài Gòn\n")
    services = {"recipients": "recipients", "wards": "wards.txt"}
    async with a_hall(tmp_path, services=services) as hall:
        assert [ward.name for ward in hall.services.wards] == ["Phường Bình Trưng", "Phường Sài Gòn"]


async def test_what_cannot_be_read_is_logged_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    services = {"recipients": "nowhere", "wards": "nowhere.txt"}
    async with a_hall(tmp_path, services=services) as hall:
        assert [ward.code for ward in hall.services.wards] == ["27097"]
        hall.act(Action.CHOOSE, service="report-security")
        hall.act(Action.START)
        assert hall.services.view.trouble == "no-recipient"
    assert "nothing can be sealed" in caplog.text
    assert "no list of wards" in caplog.text


def test_without_a_catalogue_there_are_no_services(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = settings_of(tmp_path, services={"recipients": "recipients", "catalogue": "nowhere"})
    assert settings.services is not None
    assert load_shelf(settings.services) is None
    assert "the catalogue cannot be used" in caplog.text


async def test_a_service_that_no_reader_is_there_for_opens_none(tmp_path: Path) -> None:
    async with a_hall(tmp_path) as hall:
        hall.card(CardAction.OPEN)
        hall.act(Action.CHOOSE, service="temporary-residence")
        hall.act(Action.USE_CARD)
        assert hall.identity.view.purpose is not None
        assert hall.identity.view.purpose.purpose == "card-check", "who is at the reader stays there"


class Talk:
    """A conversation with the guide of a counter, by touch: choosing leaves something to forget."""

    def __init__(self, counter: ServicesCounter) -> None:
        self._guide = counter.guide

    async def begin(self) -> None:
        await self._guide.act(GuideOrder(event=Happening.CHOOSE, service="report-civic"))
        assert not self.is_forgotten()

    def is_forgotten(self) -> bool:
        return self._guide._state.service is None


async def test_the_guide_knows_what_is_offered_here_and_nothing_else(hall: Hall) -> None:
    offered = {entry.id for need in hall.services.menu.needs for entry in need.services}
    assert set(hall.counter.guide.names) == offered | {"track"}


async def test_the_guide_forgets_whoever_leaves_the_services(hall: Hall) -> None:
    talk = Talk(hall.counter)
    await talk.begin()
    hall.act(Action.CHOOSE, service="report-civic")
    assert not talk.is_forgotten(), "the guide led here"
    hall.act(Action.END)
    assert talk.is_forgotten()
    await talk.begin()
    hall.act(Action.CHOOSE, service="report-security")
    hall.act(Action.START)
    hall.act(Action.ANSWER, question="category", value="theft")
    hall.act(Action.END)
    assert hall.services.view.page is Page.FAREWELL
    assert talk.is_forgotten()


async def test_the_guide_forgets_whoever_leaves_the_card(hall: Hall) -> None:
    talk = Talk(hall.counter)
    await review(hall)
    await talk.begin()
    hall.card(CardAction.END)
    await hall.until_card(CardPage.FAREWELL)
    assert talk.is_forgotten()


async def test_the_guide_forgets_whoever_leaves_the_cabin(tmp_path: Path) -> None:
    settings, clock = settings_of(tmp_path, cabin={}), HeldClock()
    assert settings.services is not None
    shelf = load_shelf(settings.services)
    assert shelf is not None
    async with open_journal(settings.journal.path, ROOMY, boot=clock.boot) as journal:
        rack = FakeRack()
        cabin = Cabin(CabinSettings(), rack, journal, clock)
        counter = ServicesCounter(settings, shelf, journal, clock, LostLine(), cabin)
        assert "cabin" in counter.guide.names
        runs = {name: run for name, run, _ in counter.runs()}
        tasks = [asyncio.ensure_future(run()) for run in (runs["services-cabin"], cabin.run)]
        talk = Talk(counter)
        await talk.begin()
        cabin.act(CabinOrder(action=CabinAction.BEGIN, kinds=[VitalKind.OXYGEN]))
        clock.now_ms += 75_000
        cabin._wake.set()
        await eventually(talk.is_forgotten)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

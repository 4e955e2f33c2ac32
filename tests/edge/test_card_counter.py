"""The counter with everything real but the citizen: pcscd, driver, protocol, trust store, session, journal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.card_counter import CardCounter, Neighbour
from edge.clock import SystemClock
from edge.idcard.groups import Field
from edge.identity.identity import Identity
from edge.identity.orders import Order
from edge.identity.view import Action, IdentityView, Page
from edge.journal.journal import Journal, open_journal
from edge.journal.records import MIB
from edge.settings import CardSettings
from edge.supervise import supervise
from tests.edge.cabin.conftest import ROOMY
from tests.edge.waiting import eventually
from tests.fakes.idcard.issuing import IssuedCard, Personalisation, issue
from tests.fakes.idcard.manners import Manners
from tests.fakes.idcard.people import AN, BINH
from tests.rig.pcsc import PcscDaemon, own_socket
from wire.codec import decode_body
from wire.entries import DeviceChanged, DeviceState, IdentityShared
from wire.topics import Lane


@dataclass
class Hall:
    """A counter that runs, and the reader's slot before it."""

    counter: CardCounter
    pcscd: PcscDaemon
    journal: Journal
    notes: list[DeviceChanged]

    @property
    def identity(self) -> Identity:
        return self.counter.identity

    def act(self, action: Action, **members: object) -> IdentityView:
        return self.identity.act(Order(action=action, **members))  # type: ignore[arg-type]

    def lay(self, card: IssuedCard) -> None:
        self.pcscd.slots[0].insert(card.chip)

    def at(self) -> Page:
        return self.identity.view.page

    async def until(self, page: Page) -> None:
        await eventually(lambda: self.at() is page, 20)

    async def read(self, card: IssuedCard, purpose: str = "temporary-residence", number: str = "") -> None:
        """Come to the reading of a card."""
        await eventually(lambda: self.identity.view.reader_ok, 20)
        self.act(Action.OPEN, purpose=purpose)
        self.act(Action.AGREE, text_version="identity-read-1")
        self.act(Action.NUMBER, number=number or card.person.number)
        await asyncio.to_thread(self.lay, card)

    async def trouble(self) -> str:
        await self.until(Page.TROUBLE)
        assert self.identity.view.trouble is not None
        return self.identity.view.trouble.fault


def settings_of(directory: Path, card: IssuedCard) -> CardSettings:
    """Write what a counter needs, trusting the card's authority."""
    trust = directory / "csca"
    trust.mkdir()
    (trust / "csca.cer").write_bytes(card.authority.csca_der)
    (trust / "csca.crl").write_bytes(card.authority.crl_der)
    recipients = directory / "recipients"
    recipients.mkdir()
    public = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    (recipients / "ward-police.age.pub").write_text(public)
    return CardSettings(trust=trust, recipients=recipients)


@asynccontextmanager
async def a_hall(
    directory: Path, card: IssuedCard, settings: CardSettings | None = None
) -> AsyncIterator[Hall]:
    clock, notes = SystemClock(), list[DeviceChanged]()
    own_socket()
    with PcscDaemon(directory / "pcsc") as pcscd:
        async with open_journal(directory / "journal.db", ROOMY, boot=clock.boot) as journal:
            counter = CardCounter(
                settings or settings_of(directory, card),
                "st-1",
                journal,
                clock,
                note=notes.append,
                cabin=None,
            )
            tasks = [
                asyncio.create_task(supervise(name, run, backoff), name=name)
                for name, run, backoff in counter.runs()
            ]
            try:
                yield Hall(counter, pcscd, journal, notes)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_card_opens_a_session_and_prefills_it(tmp_path: Path) -> None:
    card = issue()
    async with a_hall(tmp_path, card) as hall:
        await hall.read(card)
        await hall.until(Page.REVIEW)
        view = hall.act(Action.SHOW, field=Field.NAME)
        assert {row.field: row.value for row in view.fields if row.is_shown} == {Field.NAME: "Nguyễn Văn An"}
        assert view.proof is not None
        assert (view.proof.issuer, view.proof.clone_check) == ("verified", "chip-authentication")
        hall.act(Action.SEND, text_version="identity-send-1")
        await hall.until(Page.DONE)
        pending = await hall.journal.pending(Lane.REQUEST, 0, 10, MIB)
        assert isinstance(decode_body(pending.entries[-1].body), IdentityShared)
        await asyncio.to_thread(hall.pcscd.slots[0].remove)
        await hall.until(Page.FAREWELL)


async def test_a_card_laid_on_first_asks_what_for(tmp_path: Path) -> None:
    card = issue()
    async with a_hall(tmp_path, card) as hall:
        await eventually(lambda: hall.identity.view.reader_ok, 20)
        await asyncio.to_thread(hall.lay, card)
        await hall.until(Page.PURPOSE)


async def test_the_face_comes_with_the_look_at_one_s_card_and_goes_with_it(tmp_path: Path) -> None:
    card = issue()
    async with a_hall(tmp_path, card) as hall:
        await hall.read(card, "card-check")
        await hall.until(Page.REVIEW)
        assert hall.identity.photo is not None
        await asyncio.to_thread(hall.pcscd.slots[0].remove)
        await hall.until(Page.FAREWELL)
        assert hall.identity.view.outcome == "card-removed"
        assert hall.identity._state.visit is None


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (Personalisation(tampered=13), "tampered"),
        (Personalisation(foreign=True), "foreign-issuer"),
        (Personalisation(dsc_expired=True), "issuer-expired"),
        (Personalisation(cloned=True), "cloned"),
        (Personalisation(revoked=True), "issuer-revoked"),
    ],
)
async def test_what_is_not_to_be_believed_is_named_and_shown_to_nobody(
    tmp_path: Path, plan: Personalisation, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    card = issue(plan)
    async with a_hall(tmp_path, card) as hall:
        await hall.read(card)
        assert await hall.trouble() == fault
        assert hall.identity.view.fields == []
    said = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert not [secret for secret in ("079203001234", "001234", "Nguyễn") if secret in said]


async def test_a_wrong_number_is_told_and_the_right_one_then_works(tmp_path: Path) -> None:
    card = issue()
    async with a_hall(tmp_path, card) as hall:
        await hall.read(card, number="654321")
        assert await hall.trouble() == "wrong-key"
        hall.act(Action.RETRY)
        hall.act(Action.NUMBER, number=card.can)
        await hall.until(Page.REVIEW)


async def test_the_dates_open_a_card_that_knows_no_number(tmp_path: Path) -> None:
    card = issue(Personalisation(pace=False))
    async with a_hall(tmp_path, card) as hall:
        await eventually(lambda: hall.identity.view.reader_ok, 20)
        await asyncio.to_thread(hall.lay, card)
        await hall.until(Page.PURPOSE)
        hall.act(Action.CHOOSE, purpose="card-check")
        hall.act(Action.AGREE, text_version="identity-read-1")
        hall.act(Action.TO_DATES)
        hall.act(Action.DATES, number=card.person.number, birth="2003-05-17", expiry="2028-05-17")
        await hall.until(Page.REVIEW)


async def test_two_cards_in_turn_are_two_persons(tmp_path: Path) -> None:
    one, other = issue(Personalisation(person=AN)), issue(Personalisation(person=BINH))
    async with a_hall(tmp_path, one) as hall:
        for card in (one, other):
            await hall.read(card)
            await hall.until(Page.REVIEW)
            view = hall.act(Action.SHOW, field=Field.NUMBER)
            assert [row.value for row in view.fields if row.is_shown] == [card.person.number]
            await asyncio.to_thread(hall.pcscd.slots[0].remove)
            await hall.until(Page.FAREWELL)
            hall.identity._wake.set()
            await eventually(lambda: hall.at() is Page.NONE, 20)


async def test_a_card_pulled_in_the_middle_is_read_when_it_lies_there_again(tmp_path: Path) -> None:
    card = issue(manners=Manners(pulled_at=8))
    async with a_hall(tmp_path, card) as hall:
        await hall.read(card)
        assert await hall.trouble() == "gone"
        await asyncio.to_thread(hall.lay, issue())
        await hall.until(Page.REVIEW)


async def test_a_service_that_was_killed_comes_back_by_itself(tmp_path: Path) -> None:
    card = issue()
    async with a_hall(tmp_path, card) as hall:
        await eventually(lambda: hall.identity.view.reader_ok, 20)
        await asyncio.to_thread(hall.pcscd.kill)
        await eventually(lambda: not hall.identity.view.reader_ok, 20)
        hall.act(Action.OPEN, purpose="card-check")
        hall.act(Action.AGREE, text_version="identity-read-1")
        assert await hall.trouble() == "no-reader"
        await asyncio.to_thread(hall.pcscd.restart)
        await eventually(lambda: hall.identity.view.reader_ok, 20)
        hall.act(Action.RETRY)
        hall.act(Action.NUMBER, number=card.can)
        await asyncio.to_thread(hall.lay, card)
        await hall.until(Page.REVIEW)
        states = [note.state for note in hall.notes]
        assert states == [DeviceState.OK, DeviceState.LOST, DeviceState.OK]


async def test_a_trust_store_that_cannot_be_read_trusts_nobody(tmp_path: Path) -> None:
    card = issue()
    settings = CardSettings(trust=tmp_path / "nowhere")
    async with a_hall(tmp_path, card, settings) as hall:
        await hall.read(card, "card-check")
        assert await hall.trouble() == "foreign-issuer"


async def test_without_a_trust_store_nobody_is_called_genuine(tmp_path: Path) -> None:
    card = issue()
    async with a_hall(tmp_path, card, CardSettings()) as hall:
        await hall.read(card, "card-check")
        await hall.until(Page.REVIEW)
        assert hall.identity.view.proof is not None
        assert hall.identity.view.proof.issuer == "not-checked"


async def test_telemetry_counts_cards_and_nothing_else(tmp_path: Path) -> None:
    card = issue()
    async with a_hall(tmp_path, card) as hall:
        await hall.read(card)
        await hall.until(Page.REVIEW)
        counted = {reading.measure: reading.value for reading in hall.counter.readings()}
        assert counted == {"cards-read": 1, "cards-refused": 0}
        assert [health.device for health in hall.counter.health()] == ["card-reader"]


def test_without_a_cabin_there_is_nobody_to_bind_and_nobody_to_disturb() -> None:
    neighbour = Neighbour(None)
    neighbour.touched()
    assert (neighbour.is_free, neighbour.can_bind, neighbour.bind("ca" * 16)) == (True, False, False)


def test_whoever_fills_in_a_service_is_not_disturbed_and_stays_there() -> None:
    class Form:
        is_free = False
        wished = None
        touches = 0

        def touched(self) -> None:
            self.touches += 1

        def take(self, *_: object) -> bool:
            raise AssertionError

    form = Form()
    neighbour = Neighbour(None, form)
    neighbour.touched()
    assert (neighbour.is_free, form.touches) == (False, 1)
    form.is_free = True
    assert neighbour.is_free

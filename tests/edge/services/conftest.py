"""A services session on a real journal, with a card beside it and a clock that the test holds."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import pytest

from edge.journal.journal import Journal, open_journal
from edge.journal.records import MIB, Limits
from edge.papers.album import Album
from edge.papers.spool import Spool
from edge.sealing import Recipients
from edge.services.drafts import Drafts
from edge.services.keeping import Keeping
from edge.services.numbers import Numbers
from edge.services.orders import Order
from edge.services.pictures import Pictures
from edge.services.services import Services
from edge.services.submitting import Submitting
from edge.services.view import Action, Page, ServicesView
from tests.edge.cabin.conftest import ROOMY, HeldClock
from tests.edge.services.visits import FIELDS, PROOF, REPORT, STAY, site
from tests.edge.waiting import eventually
from wire.codec import decode_body
from wire.entries import RequestSubmitted
from wire.topics import Lane

AUTHORITY = pyrage.x25519.Identity.generate()


def recipients() -> Recipients:
    return Recipients(dict.fromkeys(site().recipients, AUTHORITY.to_public()))


def opened(body: RequestSubmitted) -> dict[str, Any]:
    """Return what the authority reads."""
    return msgspec.json.decode(pyrage.decrypt(body.sealed, [AUTHORITY]), type=dict[str, Any])


@dataclass
class ScriptedAround:
    is_online: bool = True
    opened: list[str] = field(default_factory=list)
    to_pay: list[tuple[str, str, str]] = field(default_factory=list)

    def open_card(self, service: str) -> None:
        self.opened.append(service)

    def open_payment(self, request: str, service: str, account: str) -> None:
        self.to_pay.append((request, service, account))


@dataclass
class Place:
    """The session and everything around it."""

    services: Services
    submitting: Submitting
    around: ScriptedAround
    journal: Journal
    clock: HeldClock
    drafts: Drafts
    pictures: Pictures

    def act(self, action: Action, **members: object) -> ServicesView:
        return self.services.act(Order(action=action, **members))  # type: ignore[arg-type]

    def at(self) -> Page:
        return self.services.view.page

    async def until(self, page: Page) -> None:
        await eventually(lambda: self.at() is page)

    def fill_in(self, service: str = "report-security", answers: Mapping[str, object] | None = None) -> None:
        """Come to the page that checks all answers."""
        self.act(Action.CHOOSE, service=service)
        if Action.USE_CARD in self.services.view.actions:
            assert self.services.prefill(service, FIELDS, PROOF)
            given = STAY if answers is None else answers
        else:
            self.act(Action.START)
            given = REPORT if answers is None else answers
        while (question := self.services.view.question) is not None:
            view = self.act(Action.ANSWER, question=question.id, value=given[question.id])
            assert view.question is None or view.question.fault is None
        assert self.at() is Page.CHECK

    def submit(self) -> None:
        self.act(Action.SUBMIT, text_version="service-submit-1")

    def begin(self) -> None:
        """Answer the first two questions of a report."""
        self.act(Action.CHOOSE, service="report-security")
        self.act(Action.START)
        for question in ("category", "now"):
            self.act(Action.ANSWER, question=question, value=REPORT[question])

    async def keep(self) -> str:
        """Keep what was answered, and return the code."""
        self.act(Action.KEEP)
        self.act(Action.KEEP_BY_CODE)
        await self.until(Page.KEPT)
        assert self.services.view.kept is not None
        return self.services.view.kept.code

    async def unlock(self, code: str) -> ServicesView:
        """Come back with a code; return the view when the station has looked."""
        self.act(Action.RESUME)
        self.act(Action.UNLOCK, code=code)
        await eventually(lambda: self.at() is not Page.WAITING)
        return self.services.view

    async def to_receipt(self, service: str = "report-security") -> str:
        """Submit, and return the tracking code."""
        self.fill_in(service)
        self.submit()
        await self.until(Page.RECEIPT)
        assert self.services.view.receipt is not None
        return self.services.view.receipt.tracking

    async def requests(self) -> list[RequestSubmitted]:
        """Return what lane `request` holds, in order, once nothing is on its way there any more."""
        await eventually(lambda: not self.submitting._tasks)
        return await requests_of(self.journal)


async def requests_of(journal: Journal) -> list[RequestSubmitted]:
    """Return everything that waits in lane `request`, of whichever start of the machine."""
    bodies, after_seq = [], 0
    while (pending := await journal.pending(Lane.REQUEST, after_seq, 100, MIB)).entries:
        bodies += [decode_body(entry.body) for entry in pending.entries]
        after_seq = pending.entries[-1].seq
    assert all(isinstance(body, RequestSubmitted) for body in bodies)
    return [body for body in bodies if isinstance(body, RequestSubmitted)]


@asynccontextmanager
async def a_place(
    path: Path, *, limits: Limits = ROOMY, has_keys: bool = True, has_camera: bool = False
) -> AsyncIterator[Place]:
    """Run a session; drafts are sealed in a moment, which no real station should do."""
    clock, around = HeldClock(), ScriptedAround()
    async with open_journal(path / "journal.db", limits, boot=clock.boot) as journal:
        numbers = Numbers(path / "tracking", "st-1", clock.wall_ms)
        keys = recipients() if has_keys else None
        spool = Spool(journal, clock, limits.max_bytes)
        submitting, album = Submitting("st-1", journal, clock, numbers, keys, spool), Album()
        drafts = Drafts(path / "drafts", clock.wall_ms, cost=16)
        services = Services(
            site(keeps_drafts=True, has_camera=has_camera),
            around,
            submitting,
            clock,
            keeping=Keeping(drafts),
            album=album,
        )
        pictures = Pictures(services, album, keys)
        task = asyncio.create_task(services.run(), name="services")
        await asyncio.sleep(0)
        try:
            yield Place(services, submitting, around, journal, clock, drafts, pictures)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with a_place(tmp_path) as place:
        yield place

"""An identity session on a real journal, with a card desk, a cabin beside it and a clock that the test holds."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
import pytest

from edge.idcard.card import AccessKey, CardRead, Step
from edge.idcard.groups import Field
from edge.identity.identity import Identity
from edge.identity.orders import Order
from edge.identity.pseudonym import Pseudonyms
from edge.identity.sending import Sending
from edge.identity.view import Action, IdentityView, Page
from edge.journal.journal import Journal, open_journal
from edge.journal.records import MIB, Limits
from edge.sealing import Recipients
from edge.settings import CardSettings
from tests.edge.cabin.conftest import ROOMY, HeldClock
from tests.edge.identity.visits import CAN, CARD
from tests.edge.waiting import eventually
from wire.codec import decode_body
from wire.entries import AnyBody
from wire.topics import Lane

AUTHORITY = pyrage.x25519.Identity.generate()
PSEUDONYMS = Pseudonyms(bytes(range(32)))


@dataclass
class ScriptedDesk:
    """Reads whatever a test lays on it, or fails, or takes until the test lets it go on."""

    card: CardRead = CARD
    error: Exception | None = None
    gate: asyncio.Event | None = None
    asked: list[tuple[int, AccessKey, frozenset[Field]]] = field(default_factory=list)
    cancelled: int = 0

    async def read(
        self, turn: int, key: AccessKey, fields: frozenset[Field], tell: Callable[[Step], None]
    ) -> CardRead:
        self.asked.append((turn, key, fields))
        tell(Step.OPENING)
        try:
            if self.gate is not None:
                await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error is not None:
            raise self.error
        return self.card


@dataclass
class ScriptedNeighbour:
    """A cabin in whatever state a test wants."""

    is_free: bool = True
    can_bind: bool = False
    takes: bool = True
    bound: list[str] = field(default_factory=list)
    touches: int = 0

    def bind(self, subject: str) -> bool:
        if self.takes:
            self.bound.append(subject)
        return self.takes

    def touched(self) -> None:
        self.touches += 1


@dataclass
class Place:
    """The session and everything around it."""

    identity: Identity
    desk: ScriptedDesk
    neighbour: ScriptedNeighbour
    journal: Journal
    clock: HeldClock

    def act(self, action: Action, **members: object) -> IdentityView:
        return self.identity.act(Order(action=action, **members))  # type: ignore[arg-type]

    def agree(self, purpose: str = "temporary-residence") -> None:
        """Come to the reading: a purpose, a consent, a number, a card."""
        self.act(Action.OPEN, purpose=purpose)
        self.act(Action.AGREE, text_version="identity-read-1")
        self.act(Action.NUMBER, number=CAN)
        self.identity.card_in(7)

    async def review(self, purpose: str = "temporary-residence") -> None:
        self.agree(purpose)
        await self.until(Page.REVIEW)

    def at(self) -> Page:
        return self.identity.view.page

    def has_photo(self) -> bool:
        return self.identity.photo is not None

    async def until(self, page: Page) -> None:
        await eventually(lambda: self.identity.view.page is page)

    async def bodies(self) -> list[AnyBody]:
        """Return what lane `request` holds, in order, once nothing is on its way there any more."""
        await eventually(lambda: not self.identity._sending._tasks)
        pending = await self.journal.pending(Lane.REQUEST, 0, 100, MIB)
        return [decode_body(entry.body) for entry in pending.entries]


def written(directory: Path) -> bytes:
    """Return everything that stands on the disk."""
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


@asynccontextmanager
async def a_place(path: Path, *, limits: Limits = ROOMY, has_keys: bool = True) -> AsyncIterator[Place]:
    clock, desk, neighbour = HeldClock(), ScriptedDesk(), ScriptedNeighbour()
    async with open_journal(path / "journal.db", limits, boot=clock.boot) as journal:
        sending = Sending(
            "st-1",
            journal,
            clock,
            neighbour,
            Recipients({"ward-police": AUTHORITY.to_public()}) if has_keys else None,
            PSEUDONYMS if has_keys else None,
        )
        identity = Identity(CardSettings(), desk, neighbour, sending, clock)
        identity.reader_changed(is_ok=True)
        task = asyncio.create_task(identity.run(), name="identity")
        await asyncio.sleep(0)
        try:
            yield Place(identity, desk, neighbour, journal, clock)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with a_place(tmp_path) as place:
        yield place

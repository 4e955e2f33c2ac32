"""Following a request over a real journal and a real disk: what is done is there before it is told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.following.following import FORGOTTEN_MS, Following
from edge.following.known import Known
from edge.following.session import Answer
from edge.following.view import FollowingView, Order, Page, Step, Trouble
from edge.journal.journal import Journal, open_journal
from edge.journal.records import MIB
from edge.uplink.errors import NoAnswerError
from tests.edge.cabin.conftest import ROOMY, HeldClock
from tests.edge.following.test_known import news
from tests.edge.following.test_session import CODE, OPEN, PROOF, WORD, found
from wire.asking import AskRequest, NotAnswered
from wire.codec import decode_body
from wire.entries import RequestAction, RequestAmended
from wire.topics import Lane

RATE = Order(step=Step.AMEND, action=RequestAction.RATE, rating=5)
ASK = Order(step=Step.ASK)


@dataclass
class Scene:
    """The page over a disk; `answer` is the centre's, None: the line is cut."""

    journal: Journal
    known: Known
    clock: HeldClock
    answer: Answer = None
    asked: list[str] = field(default_factory=list)
    proofs: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = Following(self.known, self.journal, self._ask, self.clock)

    async def look(self, code: str = f"{CODE}/{WORD}") -> FollowingView:
        return await self.page.act(Order(step=Step.LOOK, code=code))

    async def entries(self) -> list[RequestAmended]:
        """Return what waits for the centre."""
        pending = await self.journal.pending(Lane.REQUEST, 0, 100, MIB)
        bodies = [decode_body(entry.body) for entry in pending.entries]
        return [body for body in bodies if isinstance(body, RequestAmended)]

    async def _ask(self, question: AskRequest) -> Answer:
        self.asked.append(question.tracking)
        self.proofs.append(question.proof)
        if self.answer is None:
            raise NoAnswerError("cut")
        return self.answer


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    clock = HeldClock()
    async with open_journal(tmp_path / "journal.db", ROOMY, boot=clock.boot) as journal:
        yield Scene(journal, Known(tmp_path / "requests.db", clock.wall_ms), clock)


async def test_what_the_station_was_told_is_there_with_the_line_cut(scene: Scene) -> None:
    scene.known.keep(OPEN)
    view = await scene.look()
    assert (view.page, view.now, scene.asked) == (Page.FOUND, OPEN, [])
    view = await scene.page.act(ASK)
    assert (view.now, view.is_fresh, view.trouble) == (OPEN, False, Trouble.OFFLINE)


async def test_what_another_station_submitted_is_asked_of_the_centre(scene: Scene) -> None:
    assert (await scene.look()).page is Page.ASKING
    scene.answer = found(OPEN)
    view = await scene.page.act(ASK)
    assert (view.page, view.now, view.is_fresh, scene.asked) == (Page.FOUND, OPEN, True, [CODE])


async def test_what_is_done_is_on_disk_once_however_often_it_is_touched(scene: Scene) -> None:
    scene.known.keep(OPEN)
    await scene.look()
    views = await asyncio.gather(scene.page.act(RATE), scene.page.act(RATE), return_exceptions=True)
    assert sum(isinstance(view, FollowingView) for view in views) == 1
    (made,) = await scene.entries()
    assert (made.request, made.action, made.rating) == (OPEN.request, RequestAction.RATE, 5)
    assert made.proof == PROOF


async def test_the_word_can_be_shown_later_and_the_centre_is_asked_with_it(scene: Scene) -> None:
    scene.known.keep(OPEN)
    assert (await scene.look(CODE)).actions == []
    view = await scene.page.act(Order(step=Step.PROVE, word=WORD))
    assert RequestAction.RATE in view.actions
    scene.answer = NotAnswered(code="not-yours")
    view = await scene.page.act(ASK)
    assert (view.actions, view.trouble, scene.proofs) == ([], Trouble.NOT_YOURS, [PROOF])


async def test_what_comes_back_meanwhile_is_shown_when_the_page_asks_again(scene: Scene) -> None:
    scene.known.keep(OPEN)
    await scene.look()
    assert (await scene.page.act(RATE)).sent is RequestAction.RATE
    scene.known.keep(news(version=4, state="decided"))
    view = await scene.page.act(ASK)
    assert view.now is not None
    assert (view.now.version, view.sent) == (4, None)


async def test_a_disk_that_cannot_be_read_is_no_reason_not_to_ask(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "requests.db").write_bytes(b"no database at all, but long enough to be looked at" * 40)
    assert (await scene.look()).page is Page.ASKING
    scene.answer = found(OPEN)
    assert (await scene.page.act(ASK)).now == OPEN


async def test_a_page_that_nobody_touches_is_forgotten(scene: Scene) -> None:
    scene.known.keep(OPEN)
    await scene.look()
    scene.clock.now_ms += FORGOTTEN_MS
    view = await scene.page.act(ASK)
    assert (view.page, view.now, scene.asked) == (Page.CODE, None, [])


async def test_whoever_leaves_leaves_nothing(scene: Scene) -> None:
    scene.known.keep(OPEN)
    await scene.look()
    view = await scene.page.act(Order(step=Step.LEAVE))
    assert (view.page, view.now, view.actions) == (Page.CODE, None, [])

"""The payment session with its hands: who is asked when, and what is let go of."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from edge.paying.orders import Order
from edge.paying.paying import PATIENCE_MS, Paying
from edge.paying.session import Answer, Question
from edge.paying.view import Action, Page, PayingView, Trouble
from edge.uplink.errors import NoAnswerError
from tests.edge.cabin.conftest import HeldClock
from tests.edge.paying.answers import BILL, BILLS, DUE, stands
from tests.edge.waiting import eventually
from wire.asking import AskBills


@dataclass
class Centre:
    """Answers as it is told to; each pause ends when the test says so."""

    clock: HeldClock = field(default_factory=HeldClock)
    answer: Answer = BILLS
    asked: list[Question] = field(default_factory=list)
    stays: int = 0
    pauses: "asyncio.Queue[None]" = field(default_factory=asyncio.Queue)
    is_silent: bool = False

    def __post_init__(self) -> None:
        self.paying = Paying(self.ask, self.clock, stay=self.stay, pause=self.pause)
        self.shown: list[PayingView] = []

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        if self.is_silent:
            await asyncio.Event().wait()
        if self.answer is None:
            raise NoAnswerError("none")
        return self.answer

    def stay(self) -> None:
        self.stays += 1

    async def pause(self, _seconds: float) -> None:
        await self.pauses.get()

    async def until(self, page: Page) -> None:
        await eventually(lambda: self.paying.view.page is page)

    async def choose(self) -> None:
        self.paying.begin(DUE)
        await self.until(Page.BILLS)
        self.answer = stands("vietqr")
        self.paying.act(Order(action=Action.CHOOSE, bill=BILL.bill))
        await self.until(Page.PAY)


@pytest.fixture
async def centre() -> AsyncIterator[Centre]:
    centre = Centre()
    with centre.paying.follow(centre.shown.append):
        yield centre
    centre.paying.end()
    await asyncio.sleep(0)


async def test_it_asks_until_the_money_has_come_and_the_bill_is_cleared(centre: Centre) -> None:
    await centre.choose()
    centre.answer = stands(taken_dong=BILL.amount_dong, is_paid=True, receipt="BN1")
    centre.pauses.put_nowait(None)
    await centre.until(Page.PAID)
    so_far = len(centre.asked)
    centre.pauses.put_nowait(None)
    await eventually(centre.pauses.empty)
    assert (len(centre.asked), centre.paying.code("bank")) == (so_far, None)
    assert [view.version for view in centre.shown] == sorted({view.version for view in centre.shown})


async def test_whoever_leaves_is_forgotten_and_no_late_answer_shows_them(centre: Centre) -> None:
    centre.is_silent = True
    centre.paying.begin(DUE)
    await eventually(lambda: centre.asked)
    centre.paying.end()
    assert (centre.paying.view.page, centre.paying.view.holder) == (Page.NONE, "")
    centre.is_silent = False
    centre.paying.begin(DUE)
    await centre.until(Page.BILLS)
    assert len(centre.asked) == 2


async def test_a_line_that_is_down_is_said_and_asked_again(centre: Centre) -> None:
    centre.answer = None
    centre.paying.begin(DUE)
    await centre.until(Page.TROUBLE)
    assert centre.paying.view.trouble is Trouble.OFFLINE
    centre.answer = BILLS
    centre.paying.act(Order(action=Action.AGAIN))
    await centre.until(Page.BILLS)
    assert all(isinstance(each, AskBills) for each in centre.asked)


async def test_a_person_busy_with_their_telephone_stays_but_not_for_ever(centre: Centre) -> None:
    await centre.choose()
    assert centre.stays == 1
    centre.clock.now_ms += PATIENCE_MS
    so_far = len(centre.asked)
    centre.pauses.put_nowait(None)
    await eventually(lambda: len(centre.asked) > so_far)
    assert (centre.stays, centre.paying.view.page) == (1, Page.PAY)

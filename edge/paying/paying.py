"""The payment session with its hands: questions to the centre, and the clock. Everything of it is for the loop's thread."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from msgspec.structs import replace

from edge.clock import Clock
from edge.logs import Log
from edge.paying.errors import OrderRefusedError
from edge.paying.orders import Order
from edge.paying.session import (
    NOBODY,
    Answer,
    Question,
    State,
    ToPay,
    begin,
    code_of,
    heard,
    pause_ms,
    question,
)
from edge.paying.session import act as acted
from edge.paying.show import show
from edge.paying.view import Page, PayingView
from edge.tokens import new_token
from edge.uplink.errors import NoAnswerError

__all__ = ["OrderRefusedError", "Paying", "ToPay"]

PATIENCE_MS: Final = 5 * 60_000
"""So long a code may be looked at without a touch: its person is busy with their telephone."""

Ask = Callable[[Question], Awaitable[Answer]]
Tell = Callable[[PayingView], None]

_log: Final = Log(__name__)


class Paying:
    """One screen's payment. `ask` raises NoAnswerError; `stay` is called while its person is busy with their telephone."""

    def __init__(
        self,
        ask: Ask,
        clock: Clock,
        *,
        stay: Callable[[], None] = lambda: None,
        new_id: Callable[[], str] = new_token,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._stay = stay
        self._new_id = new_id
        self._pause = pause
        self._state = NOBODY
        self._view = show(NOBODY, 1)
        self._touched_ms = 0
        self._followers: list[Tell] = []
        self._talk: asyncio.Task[None] | None = None

    @property
    def view(self) -> PayingView:
        """The newest view."""
        return self._view

    def code(self, provider: str) -> str | None:
        """Return the text of a provider's code, while it can be paid."""
        return code_of(self._state, provider)

    def begin(self, due: ToPay) -> None:
        """Let the person pay for what they have submitted."""
        self._go(begin(due, self._new_id(), self._clock.uptime_ms()))

    def act(self, order: Order) -> PayingView:
        """Do what the person wants and return the view after it; OrderRefusedError. Never waits."""
        self._go(acted(self._state, order, self._new_id(), self._clock.uptime_ms()))
        return self._view

    def end(self) -> None:
        """Forget everything of the person; an order can be paid until its time is over."""
        if self._state is not NOBODY:
            self._go(NOBODY)

    @contextmanager
    def follow(self, tell: Tell) -> Iterator[None]:
        """Within the context, tell the present view and each newer one; `tell` must not wait."""
        self._followers.append(tell)
        try:
            tell(self._view)
            yield
        finally:
            self._followers.remove(tell)

    def _go(self, state: State) -> None:
        """Take a state that the person brought about: what was being asked before is not waited for any more."""
        self._touched_ms = self._clock.uptime_ms()
        self._take(state)
        if self._talk is not None:
            self._talk.cancel()
        self._talk = asyncio.create_task(self._converse(), name="paying")

    async def _converse(self) -> None:
        try:
            while (asked := question(self._state)) is not None:
                answer = await self._answer(asked)
                now_ms, wall_ms = self._clock.uptime_ms(), self._clock.wall_ms()
                self._take(heard(self._state, asked, answer, now_ms, wall_ms))
                if self._state.page is Page.PAY and now_ms - self._touched_ms < PATIENCE_MS:
                    self._stay()
                await self._pause(pause_ms(self._state) / 1000)
        except Exception as error:  # noqa: BLE001 - nobody awaits this task, and a traceback could hold a customer's code
            _log.error("payment not followed", reason=type(error).__name__)

    async def _answer(self, asked: Question) -> Answer:
        try:
            return await self._ask(asked)
        except NoAnswerError:
            return None

    def _take(self, state: State) -> None:
        self._state = state
        view = show(state, self._view.version)
        if view != self._view:
            self._view = replace(view, version=view.version + 1)
            for tell in self._followers:
                tell(self._view)

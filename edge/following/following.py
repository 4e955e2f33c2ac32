"""The page that follows a request, with its hands: the station's disk, the centre, the journal. For the loop's thread."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from edge.clock import Clock
from edge.following.known import Known, KnownError
from edge.following.session import (
    NOBODY,
    Answer,
    State,
    amendment,
    heard,
    known,
    left,
    recorded,
    show,
    shown,
    typed,
    unrecorded,
)
from edge.following.view import FollowingView, Order, Step
from edge.journal.errors import JournalError
from edge.journal.journal import Journal
from edge.logs import Log
from edge.tokens import new_token
from edge.uplink.errors import NoAnswerError
from wire.asking import AskRequest
from wire.entries import RequestAmended
from wire.messages import RequestChanged
from wire.topics import Lane

FORGOTTEN_MS: Final = 3 * 60_000
"""Whoever has not touched the page for so long has left."""

Ask = Callable[[AskRequest], Awaitable[Answer]]

_log: Final = Log(__name__)


class Following:
    """One screen's page. `ask` raises NoAnswerError. What is done to a request is on disk before it is told."""

    def __init__(
        self,
        known: Known,
        journal: Journal,
        ask: Ask,
        clock: Clock,
        *,
        new_id: Callable[[], str] = new_token,
    ) -> None:
        self._known = known
        self._journal = journal
        self._ask = ask
        self._clock = clock
        self._new_id = new_id
        self._state = NOBODY
        self._touched_ms = 0
        self._turn = asyncio.Lock()

    async def act(self, order: Order) -> FollowingView:
        """Take a step and return the page after it; OrderRefusedError. As long as the centre needs to answer, for `ask`."""
        now_ms = self._clock.uptime_ms()
        if now_ms - self._touched_ms >= FORGOTTEN_MS:
            self._state = left(self._state)
        self._touched_ms = now_ms
        match order.step:
            case Step.LOOK:
                await self._look(order.code, now_ms)
            case Step.ASK:
                await self._ask_centre()
            case Step.PROVE:
                self._state = shown(self._state, order.word, now_ms)
            case Step.AMEND:
                await self._amend(order)
            case Step.LEAVE:
                self._state = left(self._state)
        return show(self._state)

    async def _look(self, text: str, now_ms: int) -> None:
        state = self._state = typed(self._state, text, now_ms)
        if state.code:
            news = await asyncio.to_thread(self._find, state.code)
            self._put(state, known(state, news, self._new_id()))

    async def _ask_centre(self) -> None:
        code = self._state.code
        if not code:
            return
        try:
            answer = await self._ask(AskRequest(tracking=code, proof=self._state.proof or None))
        except NoAnswerError:
            answer = None
        news = await asyncio.to_thread(self._find, code)
        state = heard(self._state, code, answer, self._new_id(), self._clock.uptime_ms())
        self._state = known(state, news, self._new_id()) if state.code == code else state

    async def _amend(self, order: Order) -> None:
        async with self._turn:  # a second touch finds that the first is on disk
            await self._record(amendment(self._state, order))

    async def _record(self, made: RequestAmended) -> None:
        try:
            await self._journal.append(
                Lane.REQUEST,
                made,
                at_ms=self._clock.wall_ms(),
                uptime_ms=self._clock.uptime_ms(),
                source=made.amendment,
            )
        except JournalError as error:
            _log.error("amendment not recorded", reason=str(error))
            self._state = unrecorded(self._state)
        else:
            self._state = recorded(self._state, made)

    def _put(self, before: State, after: State) -> None:
        """Take a state that came of `before`, unless the person has gone on meanwhile."""
        if self._state is before:
            self._state = after

    def _find(self, code: str) -> RequestChanged | None:
        try:
            return self._known.find(code)
        except KnownError as error:
            _log.warning("known requests not read", reason=str(error))
            return None

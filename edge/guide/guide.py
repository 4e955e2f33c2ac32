"""The guide of the one screen: holds its conversation, and forgets it.

What a person says is heard and let go: the conversation remembers services and topics, nothing of it is written anywhere.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

from catalogue.model import Service
from catalogue.words import Label
from edge.clock import Clock
from edge.guide.dialogue import step
from edge.guide.ear import Ear
from edge.guide.errors import OrderRefusedError, Refusal
from edge.guide.events import Asked, Chosen, Event, Heard, Left, Refused, Started, State
from edge.guide.knowledge import CatalogueKnowledge
from edge.guide.orders import Happening, Order
from edge.guide.showing import show
from edge.guide.understanding import TRACK
from edge.guide.view import GuideView

FORGET_AFTER_MS: Final = 60_000
"""Without a word or a touch; whoever comes then is somebody else."""
TRACK_NAME: Final = Label("Xem hồ sơ đã nộp tới đâu", "See how far a request is")


class Guide:
    """Knows `services`, by their id. Run `run` under `supervise`; all of it is for the loop's thread.

    Before `listen` it understands no words, and everything else works.
    """

    def __init__(self, services: Mapping[str, Service], clock: Clock) -> None:
        self.names: Final[Mapping[str, Label]] = MappingProxyType(
            {name: service.name for name, service in services.items()} | {TRACK: TRACK_NAME}
        )
        self._knowledge = CatalogueKnowledge(services)
        self._clock = clock
        self._ear: Ear | None = None
        self._state = State()
        self._touched_ms = clock.uptime_ms()
        self._turns = 0
        self._wake = asyncio.Event()

    def listen(self, ear: Ear | None) -> None:
        """Understand words with `ear` from now on; None: no more."""
        self._ear = ear

    async def act(self, order: Order) -> GuideView:
        """Return the turn that `order` brings about; OrderRefusedError, and nothing has changed.

        It waits only where words need a second opinion; whatever happens meanwhile comes before them.
        """
        self._forget_in_time()
        event = self._quick(order)
        turns = self._touch()
        if event is None:
            event = await self._hear(order.text)
            if turns != self._turns:
                raise OrderRefusedError(Refusal.OVERTAKEN)
        self._state, turn = step(self._state, event, self._knowledge)
        return show(self._state, turn, self.names)

    def forget(self) -> None:
        """Know nothing of anybody any more."""
        self._state = State()
        self._turns += 1

    async def run(self) -> None:
        """Let time pass until cancelled."""
        try:
            while True:
                self._forget_in_time()
                self._wake.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._wait_s()):
                        await self._wake.wait()
        finally:
            self.forget()

    def _quick(self, order: Order) -> Event | None:
        """Return what happened; None: words, which have to be heard first."""
        match order.event:
            case Happening.SAY:
                self._check_words(order)
                return None
            case Happening.CHOOSE:
                return Chosen(self._named(order))
            case Happening.ASK:
                return _asked(order)
            case Happening.REFUSE:
                return Refused()
            case Happening.START:
                return Started()
            case Happening.LEAVE:
                return Left()

    def _check_words(self, order: Order) -> None:
        if not order.text.strip():
            raise OrderRefusedError(Refusal.TEXT)
        if self._ear is None:
            raise OrderRefusedError(Refusal.NOT_READY)

    async def _hear(self, text: str) -> Heard:
        assert self._ear is not None
        return Heard(await self._ear.hear(text))

    def _named(self, order: Order) -> str:
        if order.service not in self.names:
            raise OrderRefusedError(Refusal.SERVICE)
        return order.service

    def _touch(self) -> int:
        self._touched_ms = self._clock.uptime_ms()
        self._turns += 1
        self._wake.set()
        return self._turns

    def _forget_in_time(self) -> None:
        if self._state != State() and self._wait_s() == 0:
            self.forget()

    def _wait_s(self) -> float | None:
        """Return how long the conversation is remembered; None: there is none."""
        if self._state == State():
            return None
        return max(0, self._touched_ms + FORGET_AFTER_MS - self._clock.uptime_ms()) / 1000


def _asked(order: Order) -> Asked:
    if order.topic is None:
        raise OrderRefusedError(Refusal.TOPIC)
    return Asked(order.topic)

"""What the live feed tells, and the queue in which it waits for one stream."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cloud.store.cards import CardRow
from cloud.store.stations import StationRow

MAX_QUEUE: Final = 256
"""Updates that wait for one subscriber; more, and it is told to reload."""

Wards = frozenset[str] | None
"""Ward codes that a subscriber sees; None means all of the city."""


@dataclass(frozen=True, slots=True)
class CardNews:
    """An incident as it is now; `seq` is how far whoever has it has seen everything."""

    seq: int
    card: CardRow

    @property
    def ward(self) -> str:
        """Whose business it is."""
        return self.card.ward


@dataclass(frozen=True, slots=True)
class StationNews:
    """A station's state, devices or problems have changed."""

    station: StationRow

    @property
    def ward(self) -> str:
        """Whose business it is."""
        return self.station.place.ward


@dataclass(frozen=True, slots=True)
class PresenceNews:
    """How many armed consoles each ward has; `presence.CITY` stands for the city desk."""

    armed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RequestNews:
    """A request of a desk has changed, or came to it; who wants to know more asks for it."""

    request: str
    ward: str
    desk: str


News = CardNews | StationNews | PresenceNews | RequestNews


@dataclass(frozen=True, slots=True)
class Taken:
    """What a subscriber finds: news in order; that some were lost; that the stream is over."""

    news: tuple[News, ...] = ()
    has_gap: bool = False
    is_over: bool = False


class Subscription:
    """One stream's queue; all of it happens on the event loop."""

    def __init__(self, wards: Wards, login: str, session: str) -> None:
        self.wards = wards
        self.login = login
        self.session = session
        self._queue: deque[News] = deque()
        self._has_gap = False
        self._is_over = False
        self._ready = asyncio.Event()

    def offer(self, news: News) -> None:
        """Queue what the subscriber may see; when the queue is full, forget all of it and remember the gap."""
        if not self._sees(news):
            return
        if len(self._queue) >= MAX_QUEUE:
            self.lose()
        elif not self._has_gap:
            self._queue.append(news)
            self._ready.set()

    def _sees(self, news: News) -> bool:
        if isinstance(news, RequestNews):
            return False
        return isinstance(news, PresenceNews) or self.wards is None or news.ward in self.wards

    def lose(self) -> None:
        """Forget what waits; the subscriber is told to reload."""
        self._queue.clear()
        self._has_gap = True
        self._ready.set()

    def end(self) -> None:
        """Let the stream end."""
        self._is_over = True
        self._ready.set()

    async def take(self, timeout_s: float) -> Taken:
        """Wait for something, at most `timeout_s`, and take all there is."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._ready.wait()
        except TimeoutError:
            return Taken()
        self._ready.clear()
        taken = Taken(tuple(self._queue), self._has_gap, self._is_over)
        self._queue.clear()
        self._has_gap = False
        return taken


class DeskSubscription(Subscription):
    """The stream of somebody at a desk: requests of `desks` (None: of all) in their wards, and no incident."""

    def __init__(self, wards: Wards, login: str, session: str, desks: frozenset[str] | None) -> None:
        super().__init__(wards, login, session)
        self.desks = desks

    def _sees(self, news: News) -> bool:
        return (
            isinstance(news, RequestNews)
            and (self.wards is None or news.ward in self.wards)
            and (self.desks is None or news.desk in self.desks)
        )

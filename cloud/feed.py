"""The live feed: what was committed reaches every console's stream within milliseconds, however many there are.

One thread waits for the store's bell (and looks once a second without it), reads what is new once for all, and hands it
to the subscribers on the event loop; another one looks at what is slow and less urgent. A subscriber that does not keep
up loses its queue and is told to reload: the truth is in the store.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self, TypeVarTuple

import structlog

from cloud.desk_watch import DeskWatch
from cloud.news import CardNews, News, PresenceNews, StationNews, Subscription, Wards
from cloud.store import accounts, beats, cards, presence, stations
from cloud.store.engine import Store, Transaction
from cloud.store.stations import StationRow

MAX_REPLAY_EVENTS: Final = 500
"""Events that are replayed after a gap; more, and the lists are loaded anew."""

STALE_MS: Final = 10_000
"""A part of the cloud that has not been heard of for so long is not known to work."""

_LOOK_S: Final = 1.0
_SLOW_LOOK_S: Final = 3.0
_RETRY_S: Final = 1.0

log = structlog.get_logger(__name__)

Arguments = TypeVarTuple("Arguments")


@dataclass(frozen=True, slots=True)
class Replay:
    """What happened up to `last_event_id`, as news of what changed; None when it is too much to be told singly."""

    last_event_id: int
    news: tuple[CardNews, ...] | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Whether those work without whom nobody is called; ages in ms, None when never heard of."""

    ok: bool
    escalate_age_ms: int | None
    ingest_age_ms: int | None


class Feed:
    """Connects the store with the subscribers while its context lasts; made and used on one event loop."""

    def __init__(self, store: Store, clock: Callable[[], int], *, workers: int, per_login: int) -> None:
        self._store = store
        self._clock = clock
        self._ingests = [f"ingest-{index}" for index in range(workers)]
        self._per_login = per_login
        self._subscriptions: list[Subscription] = []
        self._is_ending = False
        self._stop = threading.Event()
        self._seq: int | None = None
        self._armed: Mapping[str, int] = {}
        self._stations: dict[str, object] | None = None
        self._beats: Mapping[str, int] = {}
        self._looked_at_ms = clock()
        self._desk_watch = DeskWatch()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        for look in (self._look, self._look_around):
            await asyncio.to_thread(self._try, look)
        self._threads = [
            threading.Thread(target=self._listen, name="feed", daemon=True),
            threading.Thread(target=self._look_slowly, name="feed-slow", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end_all()
        self._stop.set()
        self._store.ring()
        for thread in self._threads:
            await asyncio.to_thread(thread.join, _LOOK_S * 2)

    @property
    def streams(self) -> int:
        """How many subscribers there are."""
        return len(self._subscriptions)

    @property
    def presence(self) -> PresenceNews:
        """Who watches now."""
        return PresenceNews(self._armed)

    def watch(self) -> Watch:
        """Tell whether escalation, ingest and this feed have worked lately."""
        now_ms = self._clock()
        escalate = _age_ms(self._beats, ["escalate"], now_ms)
        ingest = _age_ms(self._beats, self._ingests, now_ms)
        ages = (escalate, ingest, now_ms - self._looked_at_ms)
        return Watch(all(age is not None and age < STALE_MS for age in ages), escalate, ingest)

    def subscribe(self, wards: Wards, login: str, session: str) -> Subscription:
        """Begin a stream of incidents; see `join`."""
        subscription = Subscription(wards, login, session)
        self.join(subscription)
        return subscription

    def join(self, subscription: Subscription) -> None:
        """Begin a stream. Of too many streams of one login the oldest ends: it is the one that nobody looks at."""
        own = [each for each in self._subscriptions if each.login == subscription.login]
        if len(own) >= self._per_login:
            self._end([own[0]])
        if self._is_ending:
            subscription.end()
        self._subscriptions.append(subscription)

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a stream, whether it has ended or not."""
        self._end([subscription])

    def end_session(self, session: str) -> None:
        """End the streams of a session that was closed."""
        self._end([each for each in self._subscriptions if each.session == session])

    def end_all(self) -> None:
        """End all streams, also those that are still to come: the process is about to end."""
        self._is_ending = True
        self._end(list(self._subscriptions))

    def replay(self, after_seq: int | None, wards: Wards) -> Replay:
        """Read what a subscriber missed since an event (None: it comes for the first time). Blocks."""
        with self._store.reading() as connection:
            last = cards.last_event_seq(connection)
            if after_seq is None:
                return Replay(last, ())
            changed = _changed(connection, after_seq, MAX_REPLAY_EVENTS + 1)
            if after_seq > last or changed.count > MAX_REPLAY_EVENTS:
                return Replay(last, None)
            seen = tuple(news for news in changed.news if wards is None or news.ward in wards)
            return Replay(max(last, changed.last_seq), seen)

    def _end(self, ending: Iterable[Subscription]) -> None:
        for subscription in ending:
            subscription.end()
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)

    def _listen(self) -> None:
        while not self._stop.is_set():
            self._try(self._listen_once)

    def _listen_once(self) -> None:
        with self._store.bell() as bell:
            while not self._stop.is_set():
                self._look()
                bell.wait(_LOOK_S)

    def _look_slowly(self) -> None:
        while not self._stop.is_set():
            self._try(self._look_around)
            self._stop.wait(_SLOW_LOOK_S)

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001  the feed outlives the database's failures and its own mistakes
            log.error("feed.failed", step=step.__name__, error=type(error).__name__)  # noqa: TRY400  no values in logs
            self._stop.wait(_RETRY_S)

    def _look(self) -> None:
        """Read and hand out everything that was committed since the last look."""
        with self._store.reading() as connection:
            if self._seq is None:
                self._seq = cards.last_event_seq(connection)
                self._call(self._lose_all)  # who came before the first look may have missed something
            while (changed := _changed(connection, self._seq, MAX_REPLAY_EVENTS)).count:
                self._seq = changed.last_seq
                self._hand_out(changed.news)
            self._hand_out(self._desk_watch.look(connection))
            armed = presence.armed_counts(connection, self._clock())
            self._beats = beats.beats(connection)
        if armed != self._armed:
            self._armed = armed
            self._hand_out([PresenceNews(armed)])
        self._looked_at_ms = self._clock()

    def _look_around(self) -> None:
        """Look at the stations, and whether the streams' sessions still hold; nobody there, nothing to do.

        The first look is taken all the same: what changes later is told by comparison with it.
        """
        now_ms = self._clock()
        sessions = {subscription.session for subscription in tuple(self._subscriptions)}
        if not sessions and self._stations is not None:
            return
        with self._store.reading() as connection:
            rows = stations.list_stations(connection, None, now_ms)
            alive = accounts.live_sessions(connection, sessions, now_ms)
        for session in sessions - alive:
            self._call(self.end_session, session)
        self._compare_stations(rows)

    def _compare_stations(self, rows: Sequence[StationRow]) -> None:
        known = self._stations
        self._stations = {row.place.station: _look_of(row) for row in rows}
        if known is not None:
            changed = [row for row in rows if known.get(row.place.station) != _look_of(row)]
            self._hand_out([StationNews(row) for row in changed])

    def _hand_out(self, news: Iterable[News]) -> None:
        self._call(self._deliver, tuple(news))

    def _call(self, function: Callable[[*Arguments], None], *arguments: *Arguments) -> None:
        self._loop.call_soon_threadsafe(function, *arguments)

    def _deliver(self, news: tuple[News, ...]) -> None:
        for subscription in self._subscriptions:
            for each in news:
                subscription.offer(each)

    def _lose_all(self) -> None:
        for subscription in self._subscriptions:
            subscription.lose()


@dataclass(frozen=True, slots=True)
class _Changed:
    """What some events changed: how many they were, the last one, and each incident once."""

    count: int
    last_seq: int
    news: tuple[CardNews, ...]


def _changed(connection: Transaction, after_seq: int, limit: int) -> _Changed:
    events = cards.events_since(connection, after_seq, limit)
    if not events:
        return _Changed(0, after_seq, ())
    last = events[-1].seq
    rows = cards.cards_of(connection, dict.fromkeys(event.incident for event in events))
    # A card may already show a later event; whoever has it has still seen everything only up to the last one read.
    return _Changed(len(events), last, tuple(CardNews(min(row.last_event_seq, last), row) for row in rows))


def _look_of(row: StationRow) -> object:
    """Return what makes a station's change news: not how long its queues are, which changes all the time."""
    return (
        row.place,
        row.state,
        row.release,
        row.problems,
        [(each.device, each.state) for each in row.devices],
    )


def _age_ms(beats_at_ms: Mapping[str, int], names: Iterable[str], now_ms: int) -> int | None:
    """Return the age of the oldest of some beats; None when one is missing."""
    times = [beats_at_ms.get(name) for name in names]
    return None if None in times else max(0, now_ms - min(at_ms for at_ms in times if at_ms is not None))

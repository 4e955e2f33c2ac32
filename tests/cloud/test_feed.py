"""The feed without HTTP, on both databases: what is handed out, to whom, in which order, and what survives."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from cloud import feed as feed_module
from cloud import news as news_module
from cloud.feed import Feed, Replay, Watch
from cloud.news import CardNews, PresenceNews, Subscription, Taken
from cloud.store import beats, incidents
from cloud.store.engine import Store
from tests.cloud.samples import NOW_MS, OTHER_WARD, PLAN, STATION, WARD, add_station, press


@dataclass
class Rig:
    feed: Feed
    store: Store
    seq: int = 0

    async def press(self, station: str = STATION, *, ring: bool = True) -> str:
        return await asyncio.to_thread(self._press, station, ring=ring)

    def _press(self, station: str, *, ring: bool) -> str:
        self.seq += 1
        with self.store.writing() as connection:
            (incident,) = incidents.record_presses(
                connection, [press(self.seq, station=station)], now_ms=NOW_MS, plan=PLAN
            )
        if ring:
            self.store.ring()
        return incident


@pytest.fixture
async def rig(store: Store) -> AsyncIterator[Rig]:
    with store.writing() as connection:
        add_station(connection)
        add_station(connection, "st-0002", OTHER_WARD)
    async with Feed(store, lambda: NOW_MS, workers=1, per_login=3) as feed:
        yield Rig(feed, store)


async def cards_from(subscription: Subscription, count: int) -> list[CardNews]:
    found: list[CardNews] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            taken = await subscription.take(1)
            found += [news for news in taken.news if isinstance(news, CardNews)]
    return found


async def test_everybody_gets_what_is_theirs(rig: Rig) -> None:
    city, home = rig.feed.subscribe(None, "a", "1"), rig.feed.subscribe(frozenset({WARD}), "b", "2")
    away = await rig.press("st-0002")
    own = await rig.press()
    assert [news.card.id for news in await cards_from(city, 2)] == [away, own]
    assert [news.card.id for news in await cards_from(home, 1)] == [own]


async def test_without_a_ring_it_comes_within_a_second(rig: Rig) -> None:
    subscription = rig.feed.subscribe(None, "a", "1")
    await asyncio.sleep(0.1)
    started = asyncio.get_running_loop().time()
    await rig.press(ring=False)
    await cards_from(subscription, 1)
    assert asyncio.get_running_loop().time() - started < 1.5


async def test_ids_rise_and_nothing_is_left_out_under_a_storm(rig: Rig) -> None:
    subscription = rig.feed.subscribe(None, "a", "1")
    for _ in range(40):
        await rig.press()
    found: list[CardNews] = []
    while not found or found[-1].seq < 40:
        found += await cards_from(subscription, 1)
    assert [news.seq for news in found] == sorted(news.seq for news in found)
    assert found[-1].card.press_count == 40
    assert all(news.seq <= news.card.last_event_seq for news in found)


async def test_a_replay_has_each_changed_incident_once(rig: Rig) -> None:
    own = await rig.press()
    await rig.press("st-0002")
    await rig.press()
    assert rig.feed.replay(None, None) == Replay(3, ())
    whole = rig.feed.replay(1, None)
    assert whole.news is not None
    assert [news.seq for news in whole.news] == [2, 3]
    part = rig.feed.replay(0, frozenset({WARD}))
    assert part.news is not None
    assert [(news.card.id, news.seq) for news in part.news] == [(own, 3)]
    assert rig.feed.replay(3, None) == Replay(3, ())
    assert rig.feed.replay(4, None) == Replay(3, None)


async def test_a_gap_in_the_first_look_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away while the process starts: who subscribed meanwhile must not believe that all is calm."""
    monkeypatch.setattr(feed_module, "_RETRY_S", 0.05)
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE presence RENAME TO elsewhere")
        connection.exec_driver_sql("ALTER TABLE incident_event RENAME TO elsewhere_too")
    async with Feed(store, lambda: NOW_MS, workers=1, per_login=3) as feed:
        subscription = feed.subscribe(None, "a", "1")
        with store.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO presence")
            connection.exec_driver_sql("ALTER TABLE elsewhere_too RENAME TO incident_event")
        assert (await subscription.take(5)).has_gap


async def test_nothing_begins_once_it_ends(rig: Rig) -> None:
    early = rig.feed.subscribe(None, "a", "1")
    rig.feed.end_all()
    late = rig.feed.subscribe(None, "b", "2")
    assert (await early.take(1)).is_over
    assert (await late.take(1)).is_over


async def test_sessions_and_logins_have_their_streams(rig: Rig) -> None:
    streams = [rig.feed.subscribe(None, "a", str(number)) for number in range(4)]
    other = rig.feed.subscribe(None, "b", "9")
    assert (await streams[0].take(1)).is_over
    assert rig.feed.streams == 4
    rig.feed.end_session("2")
    assert (await streams[2].take(1)).is_over
    rig.feed.unsubscribe(other)
    rig.feed.unsubscribe(other)
    assert rig.feed.streams == 2


async def test_a_full_queue_is_forgotten_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news_module, "MAX_QUEUE", 3)
    subscription = Subscription(None, "a", "1")
    for number in range(10):
        subscription.offer(PresenceNews({"x": number}))
    taken = await subscription.take(0)
    assert taken.has_gap
    assert len(taken.news) < 3
    subscription.offer(PresenceNews({"x": 99}))
    assert await subscription.take(0) == Taken((PresenceNews({"x": 99}),))


async def test_taking_waits_no_longer_than_asked() -> None:
    started = asyncio.get_running_loop().time()
    assert await Subscription(None, "a", "1").take(0.05) == Taken()
    assert await Subscription(None, "a", "1").take(-1) == Taken()
    assert asyncio.get_running_loop().time() - started < 0.5


async def test_the_watch_needs_every_worker_and_a_fresh_look(rig: Rig) -> None:
    assert rig.feed.watch() == Watch(ok=False, escalate_age_ms=None, ingest_age_ms=None)
    with rig.store.writing() as connection:
        beats.beat(connection, "escalate", NOW_MS - 9_999)
        beats.beat(connection, "ingest-0", NOW_MS)
        beats.beat(connection, "ingest-7", 0)  # of a worker that is no more
    rig.store.ring()
    await asyncio.sleep(0.3)
    assert rig.feed.watch() == Watch(ok=True, escalate_age_ms=9_999, ingest_age_ms=0)

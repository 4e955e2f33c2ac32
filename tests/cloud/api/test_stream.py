"""The live feed over a real connection: fast, complete, within its wards, and over when it has to be."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from cloud import feed as feed_module
from cloud import news as news_module
from cloud.api import stream as stream_module
from cloud.api.people import disable_person
from cloud.store import accounts, beats
from tests.cloud.api.city import AWAY, HOME, City
from tests.cloud.api.live import Live, next_of, running, stream, until


@pytest.fixture
async def live(app: FastAPI, city: City, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Live]:
    monkeypatch.setattr(feed_module, "_SLOW_LOOK_S", 0.2)
    async with running(app, city) as server:
        yield server


async def test_a_press_is_on_the_stream_within_milliseconds(live: Live, city: City) -> None:
    async with live.client("duty_officer") as client, stream(client) as events:
        await next_of(events, "beat")
        took_ms = []
        for _ in range(20):
            incident = await asyncio.to_thread(city.press)
            committed = time.perf_counter()
            sent = await next_of(events, "incident")
            took_ms.append((time.perf_counter() - committed) * 1000)
            assert sent.data["id"] == incident
            assert sent.id == str(sent.data["last_event_id"])
    assert sorted(took_ms)[10] < 50


async def test_the_opening_says_where_the_feed_is_and_who_watches(live: Live, city: City) -> None:
    city.press()
    async with live.client("city_desk") as client, stream(client) as events:
        hello = await anext(events)
        assert (hello.name, hello.id) == ("hello", "1")
        assert hello.data == {"last_event_id": 1, "server_time_ms": city.now_ms}
        presence = await anext(events)
        assert presence.name == "presence"
        wards = [{"ward": HOME, "armed": 0}, {"ward": AWAY, "armed": 0}, {"ward": "*", "armed": 0}]
        assert presence.data == {"wards": wards}
        assert (await anext(events)).name == "beat"


async def test_the_beat_comes_every_two_seconds_and_tells_who_works(live: Live, city: City) -> None:
    with city.store.writing() as connection:
        for name in ("escalate", "ingest-0"):
            beats.beat(connection, name, city.now_ms - 1_000)
    async with live.client("auditor") as client, stream(client) as events:
        await next_of(events, "beat")
        started = time.monotonic()
        told = [await next_of(events, "beat") for _ in range(2)]
        assert 3.5 < time.monotonic() - started < 5
    watch = {"ok": True, "escalate_age_ms": 1_000, "ingest_age_ms": 1_000}
    assert told[-1].data == {"server_time_ms": city.now_ms, "watch": watch}


async def test_the_beat_tells_who_does_not_work(live: Live, city: City) -> None:
    with city.store.writing() as connection:
        beats.beat(connection, "escalate", city.now_ms - 60_000)
    async with live.client("auditor") as client, stream(client) as events:
        await next_of(events, "beat")
        beat = await next_of(events, "beat")
    assert beat.data["watch"] == {"ok": False, "escalate_age_ms": 60_000, "ingest_age_ms": None}


async def test_what_was_missed_is_replayed_once_for_each_incident(live: Live, city: City) -> None:
    first = city.press()
    async with live.client("city_desk") as client:
        async with stream(client) as events:
            hello = await anext(events)
        city.press()
        other = city.press("st-away")
        city.press()
        async with stream(client, hello.id) as events:
            assert (await anext(events)).id is None
            cards = [await next_of(events, "incident") for _ in range(2)]
            assert [(card.data["id"], card.id) for card in cards] == [(other, "3"), (first, "4")]
            assert cards[1].data["press_count"] == 3
            city.press()
            assert (await next_of(events, "incident")).id == "5"


async def test_a_replay_stays_within_the_wards(live: Live, city: City) -> None:
    city.press("st-away")
    home = city.press()
    async with live.client("duty_officer") as client, stream(client, "0") as events:
        assert (await next_of(events, "incident")).data["id"] == home
        city.press("st-away")
        again = city.press()
        assert (await next_of(events, "incident")).data["id"] == again == home


@pytest.mark.parametrize("last_event_id", ["99", "x", "-1", "9" * 50, ""])
async def test_an_id_that_is_unknown_leads_to_a_resync(live: Live, city: City, last_event_id: str) -> None:
    city.press()
    async with live.client("city_desk") as client, stream(client, last_event_id) as events:
        resync = await next_of(events, "resync", "incident")
        assert (resync.name, resync.data, resync.id) == ("resync", {}, "1")


async def test_too_large_a_gap_leads_to_a_resync(
    live: Live, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "MAX_REPLAY_EVENTS", 3)
    for _ in range(4):
        city.press()
    async with live.client("city_desk") as client:
        async with stream(client, "0") as events:
            assert (await next_of(events, "resync", "incident")).name == "resync"
        async with stream(client, "1") as events:
            assert (await next_of(events, "resync", "incident")).name == "incident"


async def test_a_client_that_does_not_read_is_told_to_reload(
    live: Live, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_module, "MAX_QUEUE", 5)
    opening = asyncio.Event()

    def slow_opening(self: object, replay: object, *, is_first: bool) -> bytes:
        opening.set()
        return b": " + b"x" * 30_000_000 + b"\n\n"  # more than any socket buffer holds

    monkeypatch.setattr(stream_module._Telling, "opening", slow_opening)
    async with live.client("city_desk") as client, stream(client) as events:
        await opening.wait()
        (subscription,) = live.server._feed._subscriptions
        presses = 0
        while not subscription._has_gap:  # the feed may tell of several presses at once
            city.press()
            presses += 1
            await asyncio.sleep(0.02)
        await next_of(events, "resync", within_s=20)
        city.press()
        while (await next_of(events, "incident")).data["press_count"] != presses + 1:
            pass  # what came after the gap


async def test_presence_is_told_when_it_changes(live: Live) -> None:
    console = "0123456789abcdef0123456789abcdef"
    async with live.client("auditor") as watcher, stream(watcher) as events:
        await next_of(events, "beat")
        async with live.client("duty_officer") as client:
            answer = await client.put("/api/presence", json={"console": console, "armed": True})
            assert answer.json() == {"expires_in_ms": 15_000}
            assert {"ward": HOME, "armed": 1} in await wards_of(events)
            await client.put("/api/presence", json={"console": console, "armed": False})
            assert {"ward": HOME, "armed": 0} in await wards_of(events)
            await client.put("/api/presence", json={"console": console, "armed": True})
            assert {"ward": HOME, "armed": 1} in await wards_of(events)
            assert (await client.delete(f"/api/presence/{console}")).status_code == 204
            assert {"ward": HOME, "armed": 0} in await wards_of(events)


async def test_a_lease_that_runs_out_is_told_too(live: Live, city: City) -> None:
    async with live.client("city_desk") as client, stream(client) as events:
        await client.put("/api/presence", json={"console": "0" * 32, "armed": True})
        await next_of(events, "presence")
        assert {"ward": "*", "armed": 1} in await wards_of(events)
        city.now_ms += 15_001
        assert {"ward": "*", "armed": 0} in await wards_of(events)


async def wards_of(events: AsyncIterator[object]) -> list[object]:
    sent = await next_of(events, "presence")  # type: ignore[arg-type]  # an iterator of events
    wards = sent.data["wards"]
    assert isinstance(wards, list)
    return wards


async def test_a_station_that_changes_is_told(live: Live, city: City) -> None:
    async with live.client("duty_officer") as client, stream(client) as events:
        await next_of(events, "beat")
        with city.store.writing() as connection:
            connection.exec_driver_sql("UPDATE station SET state = 'offline'")
        sent = await next_of(events, "station")
        assert (sent.data["id"], sent.data["state"], sent.data["problems"]) == (
            "st-home",
            "offline",
            ["offline"],
        )


async def test_logging_out_ends_the_stream_at_once(live: Live) -> None:
    async with live.client("duty_officer") as client, stream(client) as events:
        await next_of(events, "beat")
        await client.delete("/api/session")
        await assert_ends(events, within_s=1)


async def test_a_session_that_is_over_ends_the_stream(live: Live, city: City) -> None:
    clients = live.client("duty_officer"), live.client("city_desk")
    async with stream(clients[0]) as events, stream(clients[1]) as kept:
        await next_of(events, "beat")
        disable_person(city.store, "truc.ban", city.now_ms)
        await assert_ends(events, within_s=5)
        await next_of(kept, "beat")
        with city.store.writing() as connection:
            accounts.end_sessions(connection, "thanh.pho")
        await assert_ends(kept, within_s=5)
    for client in clients:
        await client.aclose()


async def assert_ends(events: AsyncIterator[object], within_s: float) -> None:
    async with asyncio.timeout(within_s):
        async for _ in events:
            pass


async def test_of_too_many_streams_the_oldest_ends(live: Live, city: City) -> None:
    limit = city.settings.api.streams_per_user
    async with live.client("duty_officer") as client, asyncio.timeout(20):
        contexts = [stream(client) for _ in range(limit + 1)]
        opened = []
        for context in contexts:
            opened.append(await context.__aenter__())
            await next_of(opened[-1], "beat")
        await assert_ends(opened[0], within_s=1)
        city.press()
        for events in opened[1:]:
            await next_of(events, "incident")
        for context in contexts:
            await context.__aexit__(None, None, None)


async def test_a_closed_connection_is_forgotten(live: Live, app: FastAPI, city: City) -> None:
    async with live.client("duty_officer") as client:
        async with stream(client) as events:
            await next_of(events, "beat")
            assert app.state.feed.streams == 1
        await until(lambda: app.state.feed.streams == 0)


async def test_the_server_ends_within_three_seconds_with_open_streams(live: Live) -> None:
    async with live.client("duty_officer") as client, stream(client) as events, stream(client) as others:
        await next_of(events, "beat")
        await next_of(others, "beat")
        started = time.monotonic()
        await live.stop()
        assert time.monotonic() - started < 3
        await assert_ends(events, within_s=1)


async def test_a_stream_needs_a_session(live: Live) -> None:
    async with live.client() as client:
        answer = await client.get("/api/stream")
    assert (answer.status_code, answer.json()["code"]) == (401, "no-session")


async def test_the_feed_survives_a_database_that_is_away(live: Live, city: City) -> None:
    async with live.client("duty_officer") as client, stream(client) as events:
        await next_of(events, "beat")
        with city.store.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE presence RENAME TO elsewhere")
        city.store.ring()
        await asyncio.sleep(0.2)
        with city.store.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO presence")
        incident = city.press()
        assert (await next_of(events, "incident")).data["id"] == incident


async def test_connections_send_at_once(live: Live) -> None:
    """Nagle's algorithm would hold a small event back while an earlier one is unacknowledged."""
    async with live.client("duty_officer") as client, stream(client) as events:
        await next_of(events, "beat")
        (connection,) = live.server.server_state.connections
        transport = connection.transport
        assert transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_headers_keep_proxies_from_buffering(live: Live) -> None:
    async with live.client("duty_officer") as client, client.stream("GET", "/api/stream") as answer:
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["cache-control"] == "no-cache"
        assert isinstance(answer, httpx.Response)

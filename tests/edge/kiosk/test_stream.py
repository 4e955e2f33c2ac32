"""The page's stream, over a real server: in the picture at once, never behind, bounded, ended when it is over."""

import asyncio
from contextlib import AsyncExitStack

import msgspec
import pytest

from edge.cabin.view import WaveView
from edge.kiosk import stream as module
from edge.kiosk.stream import MAX_STREAMS, MAX_WAVES, Outbox, Streams
from tests.edge.kiosk.conftest import Rig, RunKiosk, take
from tests.edge.waiting import eventually
from tests.fakes.kiosk_desks import CHOOSE
from wire.messages import SosStage


async def test_whoever_opens_the_page_is_in_the_picture_at_once(rig: Rig, run_kiosk: RunKiosk) -> None:
    rig.sos.stage = SosStage.ON_THE_WAY
    rig.link.connected = False
    async with run_kiosk(), rig.listening() as events:
        status = await take(events, "status")
        assert status.data["online"] is False
        assert status.data["sos"] == {"stage": "on-the-way"}
        assert status.data["at_ms"] > 0
        shown = await take(events, "view")
        assert (shown.data["page"], shown.data["version"]) == ("choose", 1)


async def test_a_change_of_the_cabin_reaches_the_page_with_its_wave(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk(), rig.listening() as events:
        await take(events, "view")
        rig.cabin.wave(1, 50, 100)
        assert (await take(events, "wave", "view")).data == {"samples": [1, 50, 100], "rate_hz": 50}
        rig.cabin.show(msgspec.structs.replace(CHOOSE, version=7))
        assert (await take(events, "view")).data["version"] == 7


async def test_only_the_newest_of_a_burst_of_views_is_sent(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk(), rig.listening() as events:
        await take(events, "view")
        for version in range(2, 2_002):
            rig.cabin.show(msgspec.structs.replace(CHOOSE, version=version))
        seen: list[int] = []
        while not seen or seen[-1] != 2_001:
            seen.append((await take(events, "view")).data["version"])
    assert seen == sorted(set(seen))
    assert len(seen) < 100


async def test_news_of_help_and_of_the_line_come_by_themselves(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk(), rig.listening() as events:
        first = await take(events, "status")
        assert (first.data["online"], first.data["sos"]) == (True, None)
        rig.sos.stage = SosStage.POLICE_RECEIVED
        assert (await take(events, "status")).data["sos"] == {"stage": "police-received"}
        rig.link.connected = False
        assert (await take(events, "status")).data["online"] is False


async def test_a_steady_beat_is_heard_and_nothing_is_said_twice(
    rig: Rig, run_kiosk: RunKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT_S", 0.02)
    async with run_kiosk(), rig.listening() as events:
        names = []
        async for event in events:
            names.append(event.name)
            if names.count("beat") == 5:
                break
    assert names.count("status") == names.count("view") == 1


async def test_a_station_without_a_cabin_still_tells_of_help(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk(cabin=None), rig.listening() as events:
        assert (await take(events, "view", "status")).name == "status"
        rig.sos.stage = SosStage.RECORDED
        assert (await take(events, "view", "status")).data["sos"] == {"stage": "recorded"}


async def test_a_fifth_page_takes_the_place_of_the_oldest(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk(), AsyncExitStack() as pages:
        oldest, *others = [await pages.enter_async_context(rig.listening()) for _ in range(MAX_STREAMS + 1)]
        for events in others:
            await take(events, "view")
        async with asyncio.timeout(5):
            ended = [event.name async for event in oldest]
        assert set(ended) <= {"status", "beat", "view"}
        assert len(rig.cabin.watchers) == MAX_STREAMS
    await eventually(lambda: not rig.cabin.watchers)


async def test_a_page_that_leaves_is_forgotten(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk():
        async with rig.listening() as events:
            await take(events, "view")
            assert len(rig.cabin.watchers) == 1
        await eventually(lambda: not rig.cabin.watchers)


async def test_streams_end_with_the_daemon_and_not_later(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk():
        listening = rig.listening()
        events = await listening.__aenter__()
        await take(events, "view")
    assert [event.name async for event in events if event.name == "view"] == []
    await listening.__aexit__(None, None, None)
    assert rig.cabin.watchers == []


async def test_a_cabin_that_stops_telling_ends_the_stream_so_that_the_page_comes_again(
    rig: Rig, run_kiosk: RunKiosk
) -> None:
    async with run_kiosk():
        async with rig.listening() as events:
            await take(events, "view")
            rig.cabin.stop_telling()
            async with asyncio.timeout(5):
                assert [event async for event in events if event.name == "view"] == []
        async with rig.listening() as events:
            await take(events, "view")


async def test_an_outbox_holds_one_view_and_the_latest_of_the_wave() -> None:
    outbox = Outbox()
    for number in range(100):
        outbox.put(msgspec.structs.replace(CHOOSE, version=number))
        outbox.put(WaveView(samples=[number], rate_hz=1))
    taken = await outbox.take(0)
    assert taken[0] == msgspec.structs.replace(CHOOSE, version=99)
    assert [item.samples for item in taken[1:] if isinstance(item, WaveView)] == [
        [number] for number in range(100 - MAX_WAVES, 100)
    ]
    assert await outbox.take(0) == []


async def test_after_the_end_nobody_is_let_in(rig: Rig) -> None:
    streams = Streams(rig.cabin, None, rig.sos, rig.link, rig.clock)
    streams.end_all()
    said = [said async for said in streams.events()]
    assert said == [b"retry: 500\n\n"]
    assert streams.count == 0

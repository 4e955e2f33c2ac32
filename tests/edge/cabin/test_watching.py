"""Whoever watches has the newest view, and leaves nothing behind when he goes."""

import asyncio
import gc
import weakref

import pytest

from edge.cabin.view import Action, Page, Phase, View, WaveView
from edge.cabin.watching import MAX_PIECES, Watching
from edge.codecs.instrument import Wave
from tests.edge.cabin.conftest import Place
from tests.edge.cabin.sayings import cuff, finger
from wire.entries import VitalKind

BP, SPO2 = VitalKind.BLOOD_PRESSURE, VitalKind.OXYGEN


async def soon(watching: Watching) -> View | WaveView:
    async with asyncio.timeout(5):
        return await anext(watching)


async def nothing_more(watching: Watching) -> bool:
    task = asyncio.ensure_future(anext(watching))
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return task.cancelled()


async def test_the_first_item_is_the_present_view(idle_place: Place) -> None:
    with idle_place.cabin.watch() as watching:
        assert await soon(watching) == idle_place.cabin.view
        assert await nothing_more(watching)


async def test_every_change_arrives(idle_place: Place) -> None:
    with idle_place.cabin.watch() as watching:
        await soon(watching)
        idle_place.act(Action.BEGIN, kinds=[BP])
        view = await soon(watching)
        assert isinstance(view, View)
        assert view.page is Page.CONSENT


async def test_a_slow_watcher_gets_the_newest_view_only(idle_place: Place) -> None:
    with idle_place.cabin.watch() as watching:
        idle_place.come(BP)
        for mmhg in range(40, 140):
            idle_place.wait(0.2)
            idle_place.say(cuff(mmhg))
        assert await soon(watching) == idle_place.cabin.view
        assert await nothing_more(watching)


async def test_of_the_wave_the_newest_pieces_wait(idle_place: Place) -> None:
    idle_place.come(SPO2)
    idle_place.say(finger())
    with idle_place.cabin.watch() as watching:
        for number in range(MAX_PIECES + 10):
            idle_place.say(Wave((number,), 60))
        assert await soon(watching) == idle_place.cabin.view
        pieces = [await soon(watching) for _ in range(MAX_PIECES)]
        assert pieces == [WaveView(samples=[number], rate_hz=60) for number in range(10, MAX_PIECES + 10)]
        assert await nothing_more(watching)


async def test_no_wave_outlives_its_measurement(idle_place: Place) -> None:
    with idle_place.cabin.watch() as watching:
        idle_place.come(SPO2)
        idle_place.say(Wave((50,), 60))
        idle_place.act(Action.STOP)
        view = await soon(watching)
        assert isinstance(view, View)
        assert view.step is not None
        assert view.step.phase is Phase.PREPARE
        assert await nothing_more(watching)


async def test_several_watch_independently(idle_place: Place) -> None:
    with idle_place.cabin.watch() as one, idle_place.cabin.watch() as other:
        await soon(one)
        idle_place.act(Action.BEGIN, kinds=[BP])
        assert await soon(one) == await soon(other) == idle_place.cabin.view


async def test_whoever_goes_is_forgotten(idle_place: Place) -> None:
    watching = idle_place.cabin.watch()
    with watching:
        await soon(watching)
    traces = weakref.ref(watching)
    assert idle_place.cabin._watchings == set()
    del watching
    gc.collect()
    assert traces() is None


async def test_whoever_goes_by_a_mistake_is_forgotten_too(idle_place: Place) -> None:
    async def watch_and_break() -> None:
        with idle_place.cabin.watch() as watching:
            await soon(watching)
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await watch_and_break()
    assert idle_place.cabin._watchings == set()


async def test_leaving_ends_the_waiting(idle_place: Place) -> None:
    with idle_place.cabin.watch() as watching:
        await soon(watching)
        waiting = asyncio.ensure_future(anext(watching))
        await asyncio.sleep(0)
    with pytest.raises(StopAsyncIteration):
        await waiting
    assert [item async for item in watching] == []

"""The card reader over a real pcscd: cards, readers and services that come and go."""

import asyncio
import threading

import pytest

from edge.drivers.card.driver import Inserted, Removed
from edge.idcard.errors import GoneError, SilentError
from tests.edge.drivers.card.desk import (
    FIRST,
    SECOND,
    Desk,
    PlainCard,
    ask,
    running_desk,
    swapped,
)
from tests.edge.waiting import eventually
from tests.rig.pcsc import PcscDaemon
from wire.entries import DeviceState


async def test_a_card_that_is_laid_on_and_taken_away_is_news(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        await eventually(lambda: desk.states == [DeviceState.OK])
        pcscd.slots[0].insert(PlainCard())
        await eventually(lambda: desk.news == [Inserted(FIRST, 1)])
        assert desk.driver.present
        pcscd.slots[0].remove()
        await eventually(lambda: desk.news[1:] == [Removed(FIRST, 1)])

    assert desk.states == [DeviceState.OK]


async def test_a_card_that_lies_there_already_is_news_at_the_start(pcscd: PcscDaemon) -> None:
    pcscd.slots[1].insert(PlainCard())
    async with running_desk() as desk:
        await eventually(lambda: desk.news == [Inserted(SECOND, 1)])
    assert desk.news == [Inserted(SECOND, 1), Removed(SECOND, 1)]


async def test_two_cards_with_the_same_atr_are_two_cards(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard(b"one"))
        await eventually(lambda: desk.news == [Inserted(FIRST, 1)])
        await swapped(pcscd, PlainCard(b"two"))
        await eventually(lambda: desk.news[1:] == [Removed(FIRST, 1), Inserted(FIRST, 2)])
        with pytest.raises(GoneError):
            await desk.driver.read(1, ask)
        assert await desk.driver.read(2, ask) == b"two\x90\x00"


async def test_of_two_readers_the_first_card_wins_and_the_other_one_follows(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        pcscd.slots[1].insert(PlainCard(b"second slot"))
        await eventually(lambda: desk.news == [Inserted(SECOND, 1)])
        pcscd.slots[0].insert(PlainCard(b"first slot"))
        assert await desk.driver.read(1, ask) == b"second slot\x90\x00"
        await eventually(lambda: pcscd.log_tail().count("Card ATR") == 2)
        assert desk.news == [Inserted(SECOND, 1)]
        pcscd.slots[1].remove()
        await eventually(lambda: desk.news[1:] == [Removed(SECOND, 1), Inserted(FIRST, 2)])
        assert await desk.driver.read(2, ask) == b"first slot\x90\x00"


async def test_settings_may_name_the_reader(pcscd: PcscDaemon) -> None:
    async with running_desk("00 01") as desk:
        await eventually(lambda: desk.states == [DeviceState.OK])
        pcscd.slots[0].insert(PlainCard(b"other"))
        pcscd.slots[1].insert(PlainCard(b"named"))
        await eventually(lambda: desk.news == [Inserted(SECOND, 1)])
        assert await desk.driver.read(1, ask) == b"named\x90\x00"


async def test_a_reader_of_another_name_is_no_reader(pcscd: PcscDaemon) -> None:
    async with running_desk("ACR1252") as desk:
        await eventually(lambda: desk.states == [DeviceState.LOST])
        assert desk.changes[0].detail == "no reader with 'ACR1252' in its name, but 2 other"
        pcscd.slots[0].insert(PlainCard())
        await eventually(lambda: "Card ATR" in pcscd.log_tail())
        assert desk.news == []


async def test_a_mute_card_is_told_and_gives_no_answer(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        await eventually(lambda: desk.states == [DeviceState.OK])
        pcscd.slots[0].insert(PlainCard(), is_mute=True)
        await eventually(lambda: desk.news)
        assert desk.news == [Inserted(FIRST, 1, is_mute=True)]
        with pytest.raises(SilentError):
            await desk.driver.read(1, ask)


@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "ended"])
async def test_a_new_pcscd_is_found_and_its_cards_are_others(pcscd: PcscDaemon, *, is_killed: bool) -> None:
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard())
        await eventually(lambda: desk.driver.present)
        (pcscd.kill if is_killed else pcscd.stop)()
        await eventually(lambda: desk.news[1:] == [Removed(FIRST, 1)])
        await eventually(lambda: desk.states == [DeviceState.OK, DeviceState.LOST])
        with pytest.raises(GoneError):
            await desk.driver.read(1, ask)
        await asyncio.to_thread(pcscd.start)
        await eventually(lambda: desk.states[2:] == [DeviceState.OK])
        pcscd.slots[0].insert(PlainCard(b"new"))
        await eventually(lambda: desk.news[2:] == [Inserted(FIRST, 2)])
        assert await desk.driver.read(2, ask) == b"new\x90\x00"


async def test_readers_that_are_not_there_yet_are_waited_for(pcscd: PcscDaemon) -> None:
    pcscd.stop()
    pcscd.plug(0)
    pcscd.start()
    async with running_desk() as desk:
        await eventually(lambda: desk.states == [DeviceState.LOST])
        assert desk.changes[0].detail == "no reader is plugged in"
        pcscd.stop()
        pcscd.plug(2)
        await asyncio.to_thread(pcscd.start)
        await eventually(lambda: desk.states[-1] is DeviceState.OK)
        pcscd.slots[3].insert(PlainCard())
        await eventually(lambda: desk.news == [Inserted("Virtual Reader 1 00 01", 1)])


async def test_without_pcscd_the_reader_is_lost_and_why_is_told() -> None:
    async with running_desk() as desk:
        await eventually(lambda: desk.states == [DeviceState.LOST])
        assert desk.changes[0].detail == "speaking with pcscd: no service, 8010001D"
        assert desk.driver.device.health.seen_at_ms is None


async def test_the_end_of_the_run_is_the_end_of_its_thread(
    pcscd: PcscDaemon, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_desk() as desk:
        await eventually(lambda: desk.states == [DeviceState.OK])
        (thread,) = [one for one in threading.enumerate() if one.name == "card-status"]
    thread.join(1)
    assert not thread.is_alive()
    assert caplog.text == ""
    assert pcscd.is_running


async def test_a_frozen_pcscd_does_not_hold_up_the_end(
    pcscd: PcscDaemon, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk()
    running = asyncio.create_task(desk.driver.run())
    await eventually(lambda: desk.states == [DeviceState.OK])
    pcscd.pause()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "the thread that watches the readers does not end" in caplog.text
    pcscd.resume()

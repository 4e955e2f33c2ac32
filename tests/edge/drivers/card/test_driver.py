"""The card reader over a real pcscd: cards that come and go, readers and services that do, and readings of one card."""

import asyncio
import threading

import pytest

from edge.drivers.card import driver
from edge.drivers.card.driver import Inserted, Removed
from edge.drivers.card.pcsc import Context
from edge.idcard.blocks import Blocks
from edge.idcard.errors import CardError, GoneError, ReaderGoneError, SilentError
from edge.idcard.port import Port
from tests.edge.drivers.card.desk import SELECT, Desk, PlainCard, running_desk
from tests.edge.waiting import eventually
from tests.rig.pcsc import PcscDaemon
from wire.entries import DeviceState

FIRST, SECOND = "Virtual Reader 0 00 00", "Virtual Reader 0 00 01"


def ask(port: Port, _blocks: Blocks) -> bytes:
    return port.transmit(SELECT)


def ask_often(port: Port, _blocks: Blocks) -> int:
    for _ in range(1_000):
        port.transmit(SELECT)
    return 1_000


async def swapped(pcscd: PcscDaemon, card: PlainCard) -> None:
    """Lay another card on as soon as the reader has seen that the first is gone: vpcd takes a quicker one for the same."""
    pcscd.slots[0].remove()
    await eventually(lambda: "Card Removed" in pcscd.log_tail())
    pcscd.slots[0].insert(card)


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


async def test_a_reading_speaks_with_the_card_and_is_over_with_it(pcscd: PcscDaemon) -> None:
    card = PlainCard()
    async with running_desk() as desk:
        pcscd.slots[0].insert(card)
        await eventually(lambda: desk.driver.present)
        assert await desk.driver.read(1, ask) == b"card\x90\x00"
        assert await desk.driver.read(1, ask) == b"card\x90\x00"
        assert card.apdus == [SELECT, SELECT]
        assert desk.news == [Inserted(FIRST, 1)]


async def test_what_is_known_of_a_readers_block_sizes_stays(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard())
        await eventually(lambda: desk.driver.present)
        first = await desk.driver.read(1, lambda _port, blocks: blocks)
        assert first.is_long, "the virtual reader does not say what it takes, so it is tried"
        assert await desk.driver.read(1, lambda _port, blocks: blocks) is first


async def test_two_cards_with_the_same_atr_are_two_cards(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard(b"one"))
        await eventually(lambda: desk.news == [Inserted(FIRST, 1)])
        await swapped(pcscd, PlainCard(b"two"))
        await eventually(lambda: desk.news[1:] == [Removed(FIRST, 1), Inserted(FIRST, 2)])
        with pytest.raises(GoneError):
            await desk.driver.read(1, ask)
        assert await desk.driver.read(2, ask) == b"two\x90\x00"


async def test_the_connection_is_to_that_very_insertion_although_the_news_of_another_is_not_yet_out(
    pcscd: PcscDaemon,
) -> None:
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard(b"one"))
        await eventually(lambda: desk.driver.present)
        stale = desk.driver._turns.insertion(1)
        await swapped(pcscd, PlainCard(b"two"))
        await eventually(lambda: len(desk.news) == 3)
        desk.driver._turns._current = stale  # as it is while the news waits for the loop
        with pytest.raises(GoneError):
            await desk.driver.read(2, ask)


async def test_a_card_that_is_pulled_in_the_middle_is_gone(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard(pulled_at=5))
        await eventually(lambda: desk.driver.present)
        with pytest.raises(GoneError):
            await desk.driver.read(1, ask_often)
        await eventually(lambda: desk.news[1:] == [Removed(FIRST, 1)])


async def test_of_two_readers_the_first_card_wins_and_the_other_one_follows(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        pcscd.slots[1].insert(PlainCard(b"second slot"))
        await eventually(lambda: desk.news == [Inserted(SECOND, 1)])
        pcscd.slots[0].insert(PlainCard(b"first slot"))
        assert await desk.driver.read(1, ask) == b"second slot\x90\x00"
        await eventually(lambda: pcscd.log_tail().count("Card inserted") == 2)
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
        await eventually(lambda: "Card inserted" in pcscd.log_tail())
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


async def test_a_pcscd_that_dies_in_the_middle_is_no_fault_of_the_card(pcscd: PcscDaemon) -> None:
    go_on = threading.Event()
    card = PlainCard(pause=go_on.wait)
    async with running_desk() as desk:
        pcscd.slots[0].insert(card)
        await eventually(lambda: desk.driver.present)
        reading = asyncio.create_task(desk.driver.read(1, ask))
        await eventually(lambda: card.apdus)
        pcscd.kill()
        with pytest.raises(ReaderGoneError):
            await reading
        go_on.set()


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


async def test_a_slow_card_does_not_hold_up_the_loop(pcscd: PcscDaemon) -> None:
    answer = threading.Event()
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard(pause=answer.wait))
        await eventually(lambda: desk.driver.present)
        reading = asyncio.create_task(desk.driver.read(1, ask))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not reading.done()
        answer.set()
        assert await reading == b"card\x90\x00"


async def test_readings_come_one_after_the_other(pcscd: PcscDaemon) -> None:
    inside: list[int] = []
    most: list[int] = []

    def job(port: Port, _blocks: Blocks) -> bytes:
        inside.append(1)
        most.append(len(inside))
        answer = port.transmit(SELECT)
        inside.pop()
        return answer

    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard())
        await eventually(lambda: desk.driver.present)
        await asyncio.gather(*(desk.driver.read(1, job) for _ in range(4)))
    assert most == [1, 1, 1, 1]


async def test_a_cancelled_reading_stops_at_its_next_command_and_lets_go(pcscd: PcscDaemon) -> None:
    asked = threading.Event()
    ended: list[CardError] = []
    card = PlainCard(pause=asked.set)

    def job(port: Port, blocks: Blocks) -> int:
        try:
            return ask_often(port, blocks)
        except CardError as error:
            ended.append(error)
            raise

    async with running_desk() as desk:
        pcscd.slots[0].insert(card)
        await eventually(lambda: desk.driver.present)
        reading = asyncio.create_task(desk.driver.read(1, job))
        await eventually(asked.is_set)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert [type(error) for error in ended] == [GoneError]
        assert len(card.apdus) < 1_000
        with Context() as context, context.connect(FIRST) as connection:
            assert connection.transmit(SELECT) == b"card\x90\x00"
        assert await desk.driver.read(1, ask) == b"card\x90\x00"


async def test_a_card_that_never_answers_is_given_up(
    pcscd: PcscDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "READING_LIMIT_S", 0.05)
    monkeypatch.setattr(driver, "LETTING_GO_LIMIT_S", 0.05)
    go_on = threading.Event()
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard(pause=go_on.wait))
        await eventually(lambda: desk.driver.present)
        with pytest.raises(SilentError, match="no end of the reading"):
            await desk.driver.read(1, ask)
        with pytest.raises(SilentError):
            await desk.driver.read(1, ask)
        go_on.set()
        await eventually(lambda: not [one for one in threading.enumerate() if one.name == "card-reading"])
        monkeypatch.undo()
        assert await desk.driver.read(1, ask) == b"card\x90\x00"


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


async def test_a_card_that_another_program_uses_is_said_to_be_in_use(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard())
        await eventually(lambda: desk.driver.present)
        with (
            Context() as context,
            context.connect(FIRST),
            pytest.raises(SilentError, match="another program uses the card"),
        ):
            await desk.driver.read(1, ask)
        assert await desk.driver.read(1, ask) == b"card\x90\x00"


async def test_what_a_job_raises_reaches_whoever_asked(pcscd: PcscDaemon) -> None:
    def job(_port: Port, _blocks: Blocks) -> None:
        raise LookupError("of the job")

    async with running_desk() as desk:
        pcscd.slots[0].insert(PlainCard())
        await eventually(lambda: desk.driver.present)
        with pytest.raises(LookupError, match="of the job"):
            await desk.driver.read(1, job)
        assert await desk.driver.read(1, ask) == b"card\x90\x00"


async def test_a_turn_that_never_was_is_gone(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        await eventually(lambda: desk.states == [DeviceState.OK])
        for turn in (0, 1, -1):
            with pytest.raises(GoneError):
                await desk.driver.read(turn, ask)
    assert not pcscd.slots[0].is_inserted

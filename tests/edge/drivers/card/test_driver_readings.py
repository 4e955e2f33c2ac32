"""Readings of one card over a real pcscd: whole, cut short, cancelled, one after the other."""

import asyncio
import threading

import pytest

from edge.drivers.card import driver
from edge.drivers.card.driver import Inserted, Removed
from edge.drivers.card.pcsc import Context
from edge.idcard.blocks import Blocks
from edge.idcard.errors import CardError, GoneError, ReaderGoneError, SilentError
from edge.idcard.port import Port
from tests.edge.drivers.card.desk import (
    FIRST,
    SELECT,
    PlainCard,
    ask,
    ask_often,
    running_desk,
    swapped,
)
from tests.edge.waiting import eventually
from tests.rig.pcsc import PcscDaemon
from wire.entries import DeviceState


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

"""A card on a real pcscd as a port."""

import threading

import pytest

from edge.drivers.card.pcsc import Context, ReaderState
from edge.drivers.card.port import open_port
from edge.idcard.errors import GoneError, ReaderGoneError, SilentError
from tests.edge.drivers.card.desk import SELECT, PlainCard
from tests.edge.waiting import eventually
from tests.rig.pcsc import PcscDaemon

READER = "Virtual Reader 0 00 00"


async def laid(pcscd: PcscDaemon, card: PlainCard, *, is_mute: bool = False) -> ReaderState:
    """Lay a card on; return what pcscd says of it."""
    pcscd.slots[0].insert(card, is_mute=is_mute)
    with Context() as context:
        await eventually(lambda: context.look(READER).is_present)
        return context.look(READER)


async def test_commands_go_to_the_card_and_answers_come_back(pcscd: PcscDaemon) -> None:
    card = PlainCard()
    insertion = await laid(pcscd, card)
    long = bytes.fromhex("00B0000000FFFF")
    with open_port(insertion, threading.Event()) as port:
        assert port.transmit(SELECT) == b"card\x90\x00"
        assert port.transmit(long) == b"card\x90\x00"
    assert card.apdus == [SELECT, long]


async def test_long_answers_come_whole(pcscd: PcscDaemon) -> None:
    insertion = await laid(pcscd, PlainCard(bytes(range(256)) * 250))
    with open_port(insertion, threading.Event()) as port:
        assert port.transmit(SELECT) == bytes(range(256)) * 250 + b"\x90\x00"


async def test_the_card_is_reset_when_the_reading_is_over(pcscd: PcscDaemon) -> None:
    card = PlainCard()
    insertion = await laid(pcscd, card)
    with open_port(insertion, threading.Event()) as port:
        port.transmit(SELECT)
        before = card.resets
    await eventually(lambda: card.resets > before)
    with Context() as context:
        assert context.look(READER).events == insertion.events, "a reset is no insertion"


async def test_nothing_is_sent_after_the_stop(pcscd: PcscDaemon) -> None:
    card, stop = PlainCard(), threading.Event()
    with open_port(await laid(pcscd, card), stop) as port:
        port.transmit(SELECT)
        stop.set()
        with pytest.raises(GoneError):
            port.transmit(SELECT)
    assert card.apdus == [SELECT]


async def test_a_card_that_was_taken_away_is_gone(pcscd: PcscDaemon) -> None:
    insertion = await laid(pcscd, PlainCard())
    with open_port(insertion, threading.Event()) as port:
        pcscd.slots[0].remove()
        with pytest.raises(GoneError):
            port.transmit(SELECT)
    with pytest.raises(GoneError), open_port(insertion, threading.Event()):
        pass


async def test_a_card_that_is_pulled_during_a_command_is_gone(pcscd: PcscDaemon) -> None:
    """The virtual reader's driver reports success there, with an answer of no bytes."""
    with open_port(await laid(pcscd, PlainCard(pulled_at=2)), threading.Event()) as port:
        port.transmit(SELECT)
        with pytest.raises(GoneError):
            port.transmit(SELECT)


async def test_a_card_that_gives_no_answer_and_stays_is_silent(pcscd: PcscDaemon) -> None:
    insertion = await laid(pcscd, PlainCard(silent_at=2))
    with open_port(insertion, threading.Event()) as port:
        port.transmit(SELECT)
        with pytest.raises(SilentError, match="not transacted, 80100016"):
            port.transmit(SELECT)


async def test_a_mute_card_is_silent(pcscd: PcscDaemon) -> None:
    insertion = await laid(pcscd, PlainCard(), is_mute=True)
    assert insertion.is_mute
    with pytest.raises(SilentError, match="unpowered card"), open_port(insertion, threading.Event()):
        pass


async def test_another_insertion_is_refused_although_a_card_lies_there(pcscd: PcscDaemon) -> None:
    insertion = await laid(pcscd, PlainCard())
    other = ReaderState(READER, insertion.flags + (2 << 16))
    with pytest.raises(GoneError), open_port(other, threading.Event()):
        pass


async def test_a_reader_that_is_not_there_is_no_fault_of_the_card(pcscd: PcscDaemon) -> None:
    insertion = await laid(pcscd, PlainCard())
    with (
        pytest.raises(ReaderGoneError),
        open_port(ReaderState("no such", insertion.flags), threading.Event()),
    ):
        pass
    pcscd.stop()
    with pytest.raises(ReaderGoneError), open_port(insertion, threading.Event()):
        pass

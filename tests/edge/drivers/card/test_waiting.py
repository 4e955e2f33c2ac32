"""Waiting for a card without a loop, over a real pcscd."""

import threading

import pytest

from edge.drivers.card.errors import SERVICE_GONE, PcscError
from edge.drivers.card.pcsc import Context
from edge.drivers.card.waiting import look_at_all, missing_reader, wait_for_card
from edge.idcard.errors import GoneError, ReaderGoneError
from tests.edge.drivers.card.desk import PlainCard
from tests.rig.pcsc import PcscDaemon

FIRST, SECOND = "Virtual Reader 0 00 00", "Virtual Reader 0 00 01"


def test_a_card_that_is_laid_on_meanwhile_is_found(pcscd: PcscDaemon) -> None:
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        pcscd.slots[1].insert(PlainCard())

    state = wait_for_card("", 20, say=say)
    assert (state.name, state.is_present) == (SECOND, True)
    assert said == [f"Lay the card on {FIRST} ..."]


def test_a_card_on_another_reader_is_not_the_one_that_is_waited_for(pcscd: PcscDaemon) -> None:
    said: list[str] = []
    pcscd.slots[0].insert(PlainCard())
    with pytest.raises(GoneError):
        wait_for_card("00 01", 0.6, say=said.append)
    assert said == [f"Lay the card on {SECOND} ..."]


def test_without_a_reader_nobody_waits(pcscd: PcscDaemon) -> None:
    with pytest.raises(ReaderGoneError, match="no reader with 'ACR1252' in its name"):
        wait_for_card("ACR1252", 20, say=pytest.fail)
    assert pcscd.is_running


def test_a_service_that_ends_meanwhile_is_no_missing_card(pcscd: PcscDaemon) -> None:
    killing = threading.Thread(target=pcscd.kill)
    with pytest.raises(PcscError) as caught:
        wait_for_card("", 20, say=lambda _text: killing.start())
    assert caught.value.code in SERVICE_GONE
    killing.join()


def test_all_readers_are_looked_at(pcscd: PcscDaemon) -> None:
    with Context() as context:
        assert [state.name for state in look_at_all(context, "")] == [FIRST, SECOND]
        assert [state.name for state in look_at_all(context, "00 01")] == [SECOND]
        assert look_at_all(context, "ACR1252") == []
    assert pcscd.is_running


def test_what_is_missing_is_said_with_what_there_is() -> None:
    assert missing_reader("", ()) == missing_reader("X", ()) == "no reader"
    assert missing_reader("X", ("A", "B")) == "no reader with 'X' in its name; there are: A, B"

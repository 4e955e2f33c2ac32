import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.apdu import Command, Response
from edge.idcard.errors import CardError, GarbledError, GoneError, RefusedError
from edge.idcard.exchange import Exchange
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.scripted import AnsweringPort, ScriptedPort

READ = Command(0x00, 0xB0, 0x81, 0x00, le=16)
READ_BYTES = bytes.fromhex("00B0810010")
GET_RESPONSE = bytes.fromhex("00C00000")


class Upside:
    """A channel that turns data round, so that one sees where it was at work."""

    answers = 0
    overhead = 0

    def protect(self, command: Command) -> Command:
        return Command(0x0C, command.ins, command.p1, command.p2, b"\x01", 256)

    def open(self, response: Response) -> Response:
        if response.data[:1] != b"\x99":
            raise GarbledError("not protected")
        return Response(response.data[:0:-1], 0x9000)


def test_a_command_is_sent_and_its_answer_returned() -> None:
    exchange = Exchange(ScriptedPort((READ_BYTES, b"ab\x90\x00")))
    assert exchange.send(READ) == Response(b"ab", 0x9000)
    assert exchange.apdus == 1


def test_what_is_still_held_is_fetched() -> None:
    port = ScriptedPort(
        (READ_BYTES, b"ab\x61\x02"),
        (GET_RESPONSE + b"\x02", b"cd\x61\x00"),
        (GET_RESPONSE + b"\0", b"e\x90\x00"),
    )
    exchange = Exchange(port)
    assert exchange.send(READ) == Response(b"abcde", 0x9000)
    assert exchange.apdus == 3
    assert port.is_done


def test_the_le_that_the_card_wants_is_given_once() -> None:
    port = ScriptedPort((READ_BYTES, b"\x6c\x05"), (bytes.fromhex("00B0810005"), b"abcde\x90\x00"))
    assert Exchange(port).send(READ) == Response(b"abcde", 0x9000)
    stubborn = Exchange(AnsweringPort(lambda _apdu: b"\x6c\x05"))
    assert stubborn.send(READ).sw == 0x6C05
    assert stubborn.apdus == 2


def test_a_wish_for_another_le_that_comes_with_data_is_not_followed() -> None:
    exchange = Exchange(AnsweringPort([b"data\x6c\x05"]))
    assert exchange.send(READ) == Response(b"data", 0x6C05)


def test_a_card_that_always_holds_more_but_gives_nothing_is_left() -> None:
    exchange = Exchange(AnsweringPort(lambda _apdu: b"\x61\x10"))
    with pytest.raises(GarbledError, match="pieces"):
        exchange.send(READ)
    assert exchange.apdus == 2


def test_a_card_that_holds_more_than_any_answer_is_left() -> None:
    exchange = Exchange(AnsweringPort(lambda _apdu: bytes(60_000) + b"\x61\x00"))
    with pytest.raises(GarbledError, match="pieces"):
        exchange.send(READ)
    assert exchange.apdus == 2


def test_round_trips_are_bounded() -> None:
    exchange = Exchange(AnsweringPort(lambda _apdu: b"\x90\x00"), max_apdus=3)
    for _ in range(3):
        exchange.send(READ)
    with pytest.raises(GarbledError, match="3 round trips"):
        exchange.send(READ)
    assert exchange.apdus == 3


def test_fetching_counts_towards_the_bound() -> None:
    exchange = Exchange(AnsweringPort(lambda _apdu: b"x\x61\x01"), max_apdus=10)
    with pytest.raises(GarbledError, match="10 round trips"):
        exchange.send(READ)


def test_asking_gives_the_data_or_says_what_was_refused() -> None:
    exchange = Exchange(AnsweringPort([b"ab\x90\x00", b"\x6a\x82"]))
    assert exchange.ask(READ, "reading") == b"ab"
    with pytest.raises(RefusedError, match="reading: refused with 6A82") as refusal:
        exchange.ask(READ, "reading")
    assert refusal.value.sw == 0x6A82


def test_a_channel_protects_what_goes_and_opens_what_comes() -> None:
    exchange = Exchange(ScriptedPort((bytes.fromhex("0CB08100010100"), b"\x99cba\x90\x00")))
    exchange.channel = Upside()
    assert exchange.send(READ) == Response(b"abc", 0x9000)


def test_what_a_card_holds_of_a_protected_answer_is_fetched_in_plain_and_opened_whole() -> None:
    port = AnsweringPort([b"\x99cb\x61\x01", b"a\x90\x00"])
    exchange = Exchange(port)
    exchange.channel = Upside()
    assert exchange.send(READ).data == b"abc"
    assert port.sent[1] == GET_RESPONSE + b"\x01"


def test_a_refusal_in_plain_ends_a_channel() -> None:
    exchange = Exchange(AnsweringPort([b"\x69\x88"]))
    exchange.channel = Upside()
    with pytest.raises(RefusedError) as refusal:
        exchange.send(READ)
    assert refusal.value.sw == 0x6988


@pytest.mark.parametrize("answer", [b"\x90\x00", b"personal\x90\x00", b"personal\x6a\x82"])
def test_nothing_else_that_is_plain_passes_a_channel(answer: bytes) -> None:
    exchange = Exchange(AnsweringPort([answer]))
    exchange.channel = Upside()
    with pytest.raises(GarbledError):
        exchange.send(READ)


def test_what_the_port_raises_goes_through() -> None:
    def pulled(_apdu: bytes) -> bytes:
        raise GoneError

    with pytest.raises(GoneError):
        Exchange(AnsweringPort(pulled)).send(READ)


@unhurried
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=5))
def test_any_answers_are_a_response_or_an_error(answers: list[bytes]) -> None:
    exchange = Exchange(AnsweringPort([*answers, *[b"\x6f\x00"] * 400]), max_apdus=300)
    try:
        response = exchange.send(READ)
    except CardError:
        return
    assert response.sw >> 8 != 0x61

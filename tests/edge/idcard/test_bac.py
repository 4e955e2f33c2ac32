import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard import bac
from edge.idcard.apdu import Command, Response
from edge.idcard.ciphers import Suite, encrypt, mac, pad
from edge.idcard.errors import BlockedError, CardError, GarbledError, RefusedError, WrongKeyError
from edge.idcard.exchange import Exchange
from edge.idcard.keys import basic_access_keys
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.scripted import AnsweringPort, Rand, ScriptedPort, foretold
from tests.edge.idcard.vectors import BAC, BAC_KEY
from tests.edge.idcard.vectors import bac as vector

GET_CHALLENGE = bytes.fromhex("0084000008")
EXTERNAL_AUTHENTICATE = bytes.fromhex("0082000028") + vector("e_ifd") + vector("m_ifd") + b"\x28"
CHALLENGE = vector("rnd_ic") + b"\x90\x00"
ANSWER = vector("e_ic") + vector("m_ic") + b"\x90\x00"


def as_in_appendix_d() -> Rand:
    return foretold(vector("rnd_ifd"), vector("k_ifd"))


def signed(plain: bytes) -> bytes:
    """What a chip that knows the key makes of this."""
    keys = basic_access_keys(BAC_KEY)
    cryptogram = encrypt(Suite.TDES, keys.enc, bytes(8), plain)
    return cryptogram + mac(Suite.TDES, keys.mac, pad(Suite.TDES, cryptogram))


def test_the_example_of_appendix_d_opens_its_channel_in_two_round_trips() -> None:
    port = ScriptedPort((GET_CHALLENGE, CHALLENGE), (EXTERNAL_AUTHENTICATE, ANSWER))
    exchange = Exchange(port)
    bac.establish(exchange, BAC_KEY, as_in_appendix_d())
    assert port.is_done
    assert exchange.apdus == 2
    assert exchange.channel is not None
    for example, plain in zip(
        BAC["secure_messaging"],
        (Command(0, 0xA4, 2, 0x0C, b"\x01\x1e"), Command(0, 0xB0, 0, 0, le=4), Command(0, 0xB0, 0, 4, le=18)),
        strict=True,
    ):
        assert exchange.channel.protect(plain).encode().hex().upper() == example["protected"]
        opened = exchange.channel.open(Response.decode(bytes.fromhex(example["response"])))
        assert opened.data.hex().upper() == example["data"]


@pytest.mark.parametrize("sw", ["6300", "6982", "6988"])
def test_a_chip_that_does_not_take_our_answer_knows_another_key(sw: str) -> None:
    exchange = Exchange(AnsweringPort([CHALLENGE, bytes.fromhex(sw)]))
    with pytest.raises(WrongKeyError):
        bac.establish(exchange, BAC_KEY, as_in_appendix_d())
    assert exchange.channel is None


@pytest.mark.parametrize("answers", [("6983",), ("4608F919887022129000", "6983")])
def test_a_blocked_chip_says_so_at_either_step(answers: tuple[str, ...]) -> None:
    with pytest.raises(BlockedError):
        bac.establish(Exchange(AnsweringPort(map(bytes.fromhex, answers))), BAC_KEY, as_in_appendix_d())


def test_a_chip_that_gives_no_challenge_refuses() -> None:
    with pytest.raises(RefusedError, match="GET CHALLENGE: refused with 6D00"):
        bac.establish(Exchange(AnsweringPort([b"\x6d\x00"])), BAC_KEY, as_in_appendix_d())


@pytest.mark.parametrize("length", [0, 7, 9, 16])
def test_a_challenge_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(GarbledError, match="challenge"):
        bac.establish(Exchange(AnsweringPort([bytes(length) + b"\x90\x00"])), BAC_KEY, as_in_appendix_d())


@pytest.mark.parametrize("at", range(40))
def test_a_chip_must_show_that_it_knows_the_key_too(at: int) -> None:
    changed = bytearray(ANSWER)
    changed[at] ^= 0x10
    exchange = Exchange(AnsweringPort([CHALLENGE, bytes(changed)]))
    with pytest.raises(GarbledError, match="MAC"):
        bac.establish(exchange, BAC_KEY, as_in_appendix_d())
    assert exchange.channel is None


@pytest.mark.parametrize("answer", [b"", ANSWER[:-3], ANSWER[:-2] + b"\0", vector("e_ifd")])
def test_an_answer_of_another_length_is_refused(answer: bytes) -> None:
    with pytest.raises(GarbledError, match="length"):
        bac.establish(Exchange(AnsweringPort([CHALLENGE, answer + b"\x90\x00"])), BAC_KEY, as_in_appendix_d())


@pytest.mark.parametrize(
    "randoms",
    [
        vector("rnd_ic") + bytes(8),
        bytes(8) + vector("rnd_ifd"),
        vector("rnd_ifd") + vector("rnd_ic"),
    ],
)
def test_an_answer_to_another_challenge_is_refused_and_so_is_our_own(randoms: bytes) -> None:
    answer = signed(randoms + vector("k_ifd"))
    with pytest.raises(GarbledError, match="another challenge"):
        bac.establish(Exchange(AnsweringPort([CHALLENGE, answer + b"\x90\x00"])), BAC_KEY, as_in_appendix_d())


@unhurried
@given(st.lists(st.binary(max_size=60), min_size=4, max_size=4))
def test_any_answers_are_refused(answers: list[bytes]) -> None:
    exchange = Exchange(AnsweringPort(answers + [b"\x6f\x00"] * 20), max_apdus=20)
    with pytest.raises(CardError):
        bac.establish(exchange, BAC_KEY, as_in_appendix_d())
    assert exchange.channel is None

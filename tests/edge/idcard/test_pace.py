import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard import curves, pace
from edge.idcard.apdu import Command
from edge.idcard.card import Can
from edge.idcard.ciphers import SessionKeys, Suite, encrypt
from edge.idcard.curves import PACE_CURVES
from edge.idcard.errors import BlockedError, CardError, GarbledError, RefusedError, WrongKeyError
from edge.idcard.exchange import Exchange
from edge.idcard.pace import VIETNAM, Profile
from edge.idcard.secure_messaging import SecureMessaging
from edge.idcard.security_infos import PaceInfo
from edge.idcard.tlv import encode_object
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.scripted import AnsweringPort, Rand, ScriptedPort, counting, foretold
from tests.edge.idcard.vectors import PACE, PACE_KEY
from tests.edge.idcard.vectors import pace as vector

CAN = Can("001234")
SET_AT = bytes.fromhex("0022C1A40F800A04007F00070202040202830101")
OK = b"\x90\x00"


def dynamic(tag: int, value: bytes) -> bytes:
    return encode_object(0x7C, encode_object(tag, value))


def ask(tag: int, value: bytes, cla: str = "10") -> bytes:
    data = dynamic(tag, value)
    return bytes.fromhex(f"{cla}860000") + bytes([len(data)]) + data + b"\0"


NONCE = (bytes.fromhex("10860000027C0000"), dynamic(0x80, vector("encrypted_nonce")) + OK)
MAP = (ask(0x81, vector("map_ifd_public")), dynamic(0x82, vector("map_ic_public")) + OK)
AGREE = (ask(0x83, vector("ephemeral_ifd_public")), dynamic(0x84, vector("ephemeral_ic_public")) + OK)
CONFIRM = (ask(0x85, vector("token_ifd"), "00"), dynamic(0x86, vector("token_ic")) + OK)
NONCE_BYTES = vector("encrypted_nonce")


def as_in_appendix_g() -> Rand:
    """Private keys are one more than the random number modulo the order less one."""
    return foretold(*(_one_less(PACE[name]) for name in ("map_ifd_private", "ephemeral_ifd_private")))


def _one_less(private: str) -> bytes:
    return (int(private, 16) - 1).to_bytes(32)


def answering(*answers: bytes) -> Exchange:
    return Exchange(AnsweringPort(answers))


def test_the_example_of_appendix_g_opens_its_channel_in_five_round_trips() -> None:
    port = ScriptedPort((SET_AT, OK), NONCE, MAP, AGREE, CONFIRM)
    exchange = Exchange(port)
    nonce = pace.propose(exchange, VIETNAM, PACE_KEY)
    pace.establish(exchange, VIETNAM, PACE_KEY, nonce, as_in_appendix_g())
    assert port.is_done
    assert exchange.apdus == 5
    expected = SecureMessaging(SessionKeys(Suite.AES_128, vector("ks_enc"), vector("ks_mac")))
    select = Command(0x00, 0xA4, 0x04, 0x0C, bytes.fromhex("A0000002471001"))
    assert exchange.channel is not None
    assert exchange.channel.protect(select) == expected.protect(select)


def test_a_can_is_proposed_as_password_two_and_the_curve_is_named_where_there_are_several() -> None:
    port = AnsweringPort([OK, NONCE[1]])
    pace.propose(Exchange(port), Profile(PaceInfo(Suite.AES_256, 12), names_curve=True), CAN)
    assert port.sent[0].hex().upper() == "0022C1A412800A04007F0007020204020483010284010C"


def test_a_chip_that_counts_tries_down_still_accepts_the_proposal() -> None:
    assert pace.propose(answering(b"\x63\xc2", NONCE[1]), VIETNAM, CAN) == NONCE_BYTES


@pytest.mark.parametrize("answers", [("63C0",), ("6983",), ("9000", "6983"), ("9000", "6984")])
def test_a_blocked_password_is_told_before_anything_is_tried(answers: tuple[str, ...]) -> None:
    with pytest.raises(BlockedError):
        pace.propose(answering(*map(bytes.fromhex, answers)), VIETNAM, CAN)


@pytest.mark.parametrize("answers", [("6A80",), ("6D00",), ("6A88",), ("9000", "6A80"), ("9000", "6300")])
def test_a_profile_that_the_chip_does_not_speak_is_refused_and_no_key_is_called_wrong(
    answers: tuple[str, ...],
) -> None:
    with pytest.raises(RefusedError):
        pace.propose(answering(*map(bytes.fromhex, answers)), VIETNAM, CAN)


@pytest.mark.parametrize("nonce", [b"", bytes(33)])
def test_a_nonce_of_no_length_or_too_long_is_refused(nonce: bytes) -> None:
    with pytest.raises(GarbledError, match="nonce"):
        pace.propose(answering(OK, dynamic(0x80, nonce) + OK), VIETNAM, CAN)


def test_a_nonce_that_is_no_block_is_refused() -> None:
    with pytest.raises(GarbledError, match="blocks"):
        pace.establish(answering(), VIETNAM, CAN, bytes(15), counting())


@pytest.mark.parametrize("sw", ["6300", "6982", "6988", "6A80", "63C4"])
def test_a_chip_that_refuses_our_token_has_another_password(sw: str) -> None:
    exchange = answering(MAP[1], AGREE[1], bytes.fromhex(sw))
    with pytest.raises(WrongKeyError):
        pace.establish(exchange, VIETNAM, PACE_KEY, NONCE_BYTES, as_in_appendix_g())
    assert exchange.channel is None


def test_another_password_makes_another_token_and_the_chip_s_is_then_wrong() -> None:
    exchange = answering(MAP[1], AGREE[1], CONFIRM[1])
    with pytest.raises(WrongKeyError):
        pace.establish(exchange, VIETNAM, CAN, NONCE_BYTES, as_in_appendix_g())
    assert exchange.channel is None


@pytest.mark.parametrize("token", [b"", vector("token_ic")[:-1], vector("token_ifd"), bytes(8)])
def test_a_token_that_is_not_the_chip_s_opens_nothing(token: bytes) -> None:
    exchange = answering(MAP[1], AGREE[1], dynamic(0x86, token) + OK)
    with pytest.raises(WrongKeyError):
        pace.establish(exchange, VIETNAM, PACE_KEY, NONCE_BYTES, as_in_appendix_g())
    assert exchange.channel is None


def test_a_password_blocked_by_this_try_is_blocked() -> None:
    with pytest.raises(BlockedError):
        pace.establish(
            answering(MAP[1], AGREE[1], b"\x63\xc0"), VIETNAM, PACE_KEY, NONCE_BYTES, as_in_appendix_g()
        )


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize("negated", [False, True])
def test_our_own_point_sent_back_is_refused(step: int, *, negated: bool) -> None:
    own = vector(("map_ifd_public", "ephemeral_ifd_public")[step])
    if negated:
        point = curves.decode_point(VIETNAM.curve, own)
        opposite = curves.Point(point.x, VIETNAM.curve.p - point.y)
        own = curves.encode_point(VIETNAM.curve, opposite)
    answers = [MAP[1], AGREE[1]]
    answers[step] = dynamic((0x82, 0x84)[step], own) + OK
    with pytest.raises(GarbledError, match="own point"):
        pace.establish(answering(*answers), VIETNAM, PACE_KEY, NONCE_BYTES, as_in_appendix_g())


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize("point", [b"", b"\0", b"\x04" + bytes(64), b"\x04" + b"\x01" * 64])
def test_what_is_no_point_of_the_curve_is_refused(step: int, point: bytes) -> None:
    answers = [MAP[1], AGREE[1]]
    answers[step] = dynamic((0x82, 0x84)[step], point) + OK
    with pytest.raises(GarbledError, match="point"):
        pace.establish(answering(*answers), VIETNAM, PACE_KEY, NONCE_BYTES, as_in_appendix_g())


@pytest.mark.parametrize("data", [b"", b"\x7c\x00", dynamic(0x84, b"x"), b"\x7c", MAP[1][:-2] + b"\0\0"])
def test_an_answer_that_is_built_otherwise_is_refused(data: bytes) -> None:
    with pytest.raises(GarbledError):
        pace.establish(answering(data + OK), VIETNAM, PACE_KEY, NONCE_BYTES, as_in_appendix_g())


def test_a_nonce_that_is_zero_is_refused() -> None:
    zero = encrypt(Suite.AES_128, vector("k_pi"), bytes(16), bytes(16))
    with pytest.raises(GarbledError, match="zero"):
        pace.establish(answering(), VIETNAM, PACE_KEY, zero, counting())


@pytest.mark.parametrize("step", [0, 1])
def test_a_step_that_the_chip_refuses_is_no_wrong_key(step: int) -> None:
    answers = [MAP[1], AGREE[1]]
    answers[step] = b"\x6a\x80"
    with pytest.raises(RefusedError, match="refused with 6A80"):
        pace.establish(answering(*answers), VIETNAM, PACE_KEY, NONCE_BYTES, as_in_appendix_g())


@unhurried
@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_answers_are_an_error(answers: list[bytes]) -> None:
    exchange = Exchange(AnsweringPort(answers + [b"\x6f\x00"] * 30), max_apdus=30)
    with pytest.raises(CardError):
        _open(exchange)
    assert exchange.channel is None


def test_every_curve_and_suite_has_its_profile() -> None:
    for number, curve in PACE_CURVES.items():
        assert Profile(PaceInfo(Suite.AES_192, number)).curve is curve
    assert Profile(PaceInfo(Suite.AES_192, 13)).oid.hex() == "04007f00070202040203"


def _open(exchange: Exchange) -> None:
    nonce = pace.propose(exchange, VIETNAM, CAN)
    pace.establish(exchange, VIETNAM, CAN, nonce, counting())

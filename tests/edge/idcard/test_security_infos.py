import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.ciphers import Suite
from edge.idcard.errors import UnreadableError
from edge.idcard.security_infos import (
    MAX_INFOS,
    ChipAuthenticationInfo,
    ChipAuthenticationKey,
    PaceInfo,
    SecurityInfos,
    parse_card_access,
    parse_dg14,
)
from edge.idcard.tlv import encode_object
from tests.edge.idcard.reading import (
    assert_no_front_piece_passes,
    damaged,
    gives_a_value_or_a_card_error,
    unhurried,
)
from tests.edge.idcard.vectors import VIETNAM_CARD_ACCESS

PACE = "04007F00070202040202"
PACE_DH = "04007F00070202040102"
CA = "04007F000702020302"
PK_ECDH = "04007F000702020102"
PK_DH = "04007F000702020101"
AA = "678108010105"
TERMINAL = "04007F0007020202"
KEY = encode_object(0x30, b"any SubjectPublicKeyInfo")


def integer(value: int) -> bytes:
    return encode_object(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def info(oid: str, *parts: bytes) -> bytes:
    return encode_object(0x30, encode_object(0x06, bytes.fromhex(oid)) + b"".join(parts))


def card_access(*infos: bytes) -> SecurityInfos:
    return parse_card_access(encode_object(0x31, b"".join(infos)))


def dg14(*infos: bytes) -> SecurityInfos:
    return parse_dg14(encode_object(0x6E, encode_object(0x31, b"".join(infos))))


def test_vietnamese_cards_speak_pace_and_chip_authentication() -> None:
    assert parse_card_access(VIETNAM_CARD_ACCESS) == SecurityInfos(
        pace=(PaceInfo(Suite.AES_128, 13),),
        chip_authentications=(ChipAuthenticationInfo(Suite.AES_128, None),),
    )


@pytest.mark.parametrize(
    ("last", "suite"), [("02", Suite.AES_128), ("03", Suite.AES_192), ("04", Suite.AES_256)]
)
def test_every_suite_of_aes_is_understood(last: str, suite: Suite) -> None:
    told = card_access(
        info(PACE[:-2] + last, integer(2), integer(12)), info(CA + last, integer(1), integer(300))
    )
    assert told.pace == (PaceInfo(suite, 12),)
    assert told.chip_authentications == (ChipAuthenticationInfo(suite, 300),)


def test_chip_authentication_may_be_by_3des_but_pace_may_not() -> None:
    told = card_access(info(PACE[:-2] + "01", integer(2), integer(13)), info(CA + "01", integer(1)))
    assert told == SecurityInfos(chip_authentications=(ChipAuthenticationInfo(Suite.TDES, None),))


@pytest.mark.parametrize(
    "unknown",
    [
        info(TERMINAL, integer(1)),
        info(PACE_DH, integer(2), integer(0)),
        info(PACE, integer(1), integer(13)),
        info(PACE, integer(2)),
        info(PACE[:-2] + "05", integer(2), integer(13)),
        info(CA + "02", integer(2)),
        info(PK_DH, KEY),
        info(AA, integer(2), encode_object(6, bytes.fromhex("04007F0007010104 0103"))),
        info(AA, integer(1)),
        info(AA, integer(1), encode_object(6, b"\x2a\x03")),
        info("2A03", encode_object(0x0C, b"anything at all"), KEY),
    ],
)
def test_what_is_not_spoken_here_is_passed_over(unknown: bytes) -> None:
    known = info(PACE, integer(2), integer(13))
    assert card_access(unknown, known) == SecurityInfos(pace=(PaceInfo(Suite.AES_128, 13),))
    assert dg14(unknown) == SecurityInfos()


def test_data_group_14_holds_keys_by_their_number() -> None:
    other = encode_object(0x30, b"another SubjectPublicKeyInfo")
    told = dg14(info(PK_ECDH, KEY), info(PK_ECDH, other, integer(7)))
    assert told.chip_keys == (ChipAuthenticationKey(KEY, None), ChipAuthenticationKey(other, 7))


@pytest.mark.parametrize(
    ("last", "name"),
    [("01", "sha1"), ("02", "sha224"), ("03", "sha256"), ("04", "sha384"), ("05", "sha512")],
)
def test_the_hash_of_active_authentication_is_told(last: str, name: str) -> None:
    algorithm = encode_object(6, bytes.fromhex("04007F0007010104 01" + last))
    assert dg14(info(AA, integer(1), algorithm)).active_hash == name


def test_nothing_may_be_told() -> None:
    assert card_access() == dg14() == SecurityInfos()


@pytest.mark.parametrize(
    "broken",
    [
        encode_object(0x30, b""),
        encode_object(0x30, encode_object(0x06, bytes.fromhex(PACE))),
        info(PACE, KEY, integer(13)),
        info(PACE, integer(2), KEY),
        info(PACE, integer(2), integer(1 << 32)),
        info(PACE, integer(2), b"\x02\x01\xff"),
        info(PK_ECDH, integer(1)),
        integer(1),
    ],
)
def test_a_broken_info_is_refused(broken: bytes) -> None:
    with pytest.raises(UnreadableError, match="CardAccess"):
        card_access(broken)
    with pytest.raises(UnreadableError, match="DG14"):
        dg14(broken)


@pytest.mark.parametrize("data", [encode_object(0x30, b""), encode_object(0x6E, b"")])
def test_another_file_is_refused(data: bytes) -> None:
    for parse in (parse_card_access, parse_dg14):
        with pytest.raises(UnreadableError):
            parse(data)


def test_data_group_14_holds_one_set() -> None:
    with pytest.raises(UnreadableError):
        parse_dg14(encode_object(0x6E, encode_object(0x31, b"") * 2))


def test_infos_are_capped() -> None:
    one = info(TERMINAL, integer(1))
    card_access(*[one] * MAX_INFOS)
    with pytest.raises(UnreadableError, match="more than"):
        card_access(*[one] * (MAX_INFOS + 1))


def test_no_part_of_a_file_passes() -> None:
    assert_no_front_piece_passes(parse_card_access, VIETNAM_CARD_ACCESS)


@unhurried
@given(damaged(VIETNAM_CARD_ACCESS))
def test_any_bytes_are_infos_or_an_error(data: bytes) -> None:
    gives_a_value_or_a_card_error(parse_card_access, data)
    gives_a_value_or_a_card_error(parse_dg14, encode_object(0x6E, data))


@unhurried
@given(st.binary(max_size=200))
def test_any_bytes_are_data_group_14_or_an_error(data: bytes) -> None:
    gives_a_value_or_a_card_error(parse_dg14, data)

import pytest
from hypothesis import given

from edge.idcard.com import parse_com
from edge.idcard.errors import UnreadableError
from tests.edge.idcard.encode import tlv
from tests.edge.idcard.reading import (
    assert_no_front_piece_passes,
    damaged,
    gives_a_value_or_a_card_error,
    unhurried,
)


def com(tags: str, version: bytes = b"0107", unicode_version: bytes = b"040000") -> bytes:
    return tlv(0x60, tlv(0x5F01, version), tlv(0x5F36, unicode_version), tlv(0x5C, bytes.fromhex(tags)))


RIGHT = com("61 75 63 6D 6F 6E")


def test_what_real_cards_list_is_read() -> None:
    read = parse_com(RIGHT)
    assert read.groups == frozenset({1, 2, 3, 13, 14, 15})
    assert read.lds_version == "0107"


def test_each_group_is_known_by_its_tag() -> None:
    in_order = "61 75 63 76 65 66 67 68 69 6A 6B 6C 6D 6E 6F 70"
    assert parse_com(com(in_order)).groups == frozenset(range(1, 17))
    for number, tag in enumerate(in_order.split(), start=1):
        assert parse_com(com(tag)).groups == {number}


def test_tags_of_no_group_are_passed_over() -> None:
    assert parse_com(com("61 00 FF 71")).groups == {1}
    assert parse_com(com("")).groups == frozenset()


@pytest.mark.parametrize(
    "wrong",
    [
        com("61", version=b"107"),
        com("61", version=b"01.7"),
        com("61", version=b"\xef\xbc\x90\x31"),
        tlv(0x61, RIGHT[2:]),
        tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5C, b"\x61")),
        tlv(0x60, tlv(0x5F36, b"040000"), tlv(0x5F01, b"0107"), tlv(0x5C, b"\x61")),
        b"",
    ],
)
def test_what_is_not_built_so_is_refused(wrong: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^EF\.COM: "):
        parse_com(wrong)


def test_no_part_of_the_file_passes_for_it() -> None:
    assert_no_front_piece_passes(parse_com, RIGHT)


@unhurried
@given(damaged(RIGHT))
def test_any_bytes_give_a_list_or_a_card_error(data: bytes) -> None:
    gives_a_value_or_a_card_error(parse_com, data)

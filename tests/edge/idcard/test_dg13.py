import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.dg13 import MAX_ENTRIES, MAX_STRING_BYTES, MAX_STRINGS, day_of, parse_dg13
from edge.idcard.errors import UnreadableError
from edge.idcard.groups import Field
from tests.edge.idcard.encode import integer, oid, seq, tlv
from tests.edge.idcard.reading import (
    assert_no_front_piece_passes,
    damaged,
    gives_a_value_or_a_card_error,
    unhurried,
)

ALL = frozenset(Field) - {Field.PHOTO}
Nesting = Callable[[Sequence[bytes]], bytes]
NESTINGS: dict[str, Nesting] = {
    "plain": b"".join,
    "a sequence each": lambda values: b"".join(seq(value) for value in values),
    "one sequence": lambda values: seq(*values),
}


def utf8(text: str) -> bytes:
    return tlv(0x0C, text.encode())


def printable(text: str) -> bytes:
    return tlv(0x13, text.encode())


PERSON: dict[int, list[bytes]] = {
    1: [printable("079203001234")],
    2: [utf8("NGUYỄN VĂN AN")],
    3: [printable("17/05/2003")],
    4: [utf8("Nam")],
    5: [utf8("Việt Nam")],
    6: [utf8("Kinh")],
    7: [utf8("Không")],
    8: [utf8("Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu")],
    9: [utf8("Số 1 Đường Mẫu, " + "Khu phố Mẫu, " * 12 + "Thành phố Mẫu")],
    10: [utf8("Nốt ruồi cách 1cm dưới mắt trái")],
    11: [printable("01/08/2021")],
    12: [utf8("17/05/2028")],
    13: [utf8("NGUYỄN VĂN BA"), utf8("TRẦN THỊ TƯ")],
    14: [],
    15: [printable("024123456")],
    16: [printable("0123456789ABCDEF")],
}


def entry(number: int, values: Sequence[bytes], nesting: Nesting = b"".join) -> bytes:
    return seq(integer(number), nesting(values) if values else b"")


def dg13(*entries: bytes) -> bytes:
    return tlv(0x6D, seq(integer(1), oid("1.0.10646.1.0.8"), tlv(0x31, *entries)))


def person(changed: Mapping[int, list[bytes]] | None = None, nesting: Nesting = b"".join) -> bytes:
    told = {**PERSON, **(changed or {})}
    return dg13(*(entry(number, values, nesting) for number, values in told.items()))


@pytest.mark.parametrize("nesting", NESTINGS.values(), ids=NESTINGS)
def test_all_that_stands_on_a_card_is_read_in_each_nesting(nesting: Nesting) -> None:
    data = person(nesting=nesting)
    assert len(data) > 400
    assert parse_dg13(data, ALL) == {
        Field.NUMBER: "079203001234",
        Field.NAME: "NGUYỄN VĂN AN",
        Field.BIRTH: "17/05/2003",
        Field.SEX: "Nam",
        Field.NATIONALITY: "Việt Nam",
        Field.ETHNICITY: "Kinh",
        Field.RELIGION: "Không",
        Field.ORIGIN: "Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu",
        Field.RESIDENCE: "Số 1 Đường Mẫu, " + "Khu phố Mẫu, " * 12 + "Thành phố Mẫu",
        Field.MARKS: "Nốt ruồi cách 1cm dưới mắt trái",
        Field.ISSUED: "01/08/2021",
        Field.EXPIRES: "17/05/2028",
        Field.PARENTS: "NGUYỄN VĂN BA; TRẦN THỊ TƯ",
        Field.OLD_NUMBER: "024123456",
        Field.CARD_ID: "0123456789ABCDEF",
    }


@pytest.mark.parametrize(
    "wanted", [frozenset(), frozenset({Field.NAME}), frozenset({Field.NAME, Field.SPOUSE})]
)
def test_only_what_is_wanted_is_returned(wanted: frozenset[Field]) -> None:
    assert parse_dg13(person(), wanted).keys() == wanted - {Field.SPOUSE}


def test_what_is_not_wanted_is_not_even_decoded() -> None:
    data = person({7: [tlv(0x0C, b"\xff\xfe")], 3: [printable("never")]})
    assert parse_dg13(data, frozenset({Field.NAME})) == {Field.NAME: "NGUYỄN VĂN AN"}
    for field in (Field.RELIGION, Field.BIRTH):
        with pytest.raises(UnreadableError):
            parse_dg13(data, frozenset({field}))


@pytest.mark.parametrize(
    "nothing", [[], [utf8("")], [utf8("  ")], [seq()], [tlv(0x05)], [seq(utf8(""), utf8(" "))]]
)
@pytest.mark.parametrize("field", [Field.SPOUSE, Field.OLD_NUMBER, Field.BIRTH])
def test_an_entry_without_a_value_is_absent(field: Field, nothing: list[bytes]) -> None:
    number = {Field.SPOUSE: 14, Field.OLD_NUMBER: 15, Field.BIRTH: 3}[field]
    assert parse_dg13(person({number: nothing}), frozenset({field})) == {}


def test_entries_may_be_missing_come_in_any_order_and_be_unknown() -> None:
    data = dg13(entry(99, [utf8("new")]), entry(4, [utf8("Nữ")]), entry(2, [utf8("LÊ THỊ MẪU")]))
    assert parse_dg13(data, ALL) == {Field.SEX: "Nữ", Field.NAME: "LÊ THỊ MẪU"}
    assert parse_dg13(dg13(), ALL) == {}


def test_data_that_looks_like_an_entry_is_not_taken_for_one() -> None:
    """As readers do that look for `30 xx 02 01 n` in the bytes."""
    trap = entry(1, [printable("001099009999")])
    data = person({9: [tlv(0x0C, b"x" * 200, trap)]})
    assert data.count(b"\x02\x01\x01\x13\x0c") == 2
    assert parse_dg13(data, frozenset({Field.NUMBER})) == {Field.NUMBER: "079203001234"}


def test_one_parent_is_one_name() -> None:
    data = person({13: [utf8(""), utf8("TRẦN THỊ TƯ")]})
    assert parse_dg13(data, frozenset({Field.PARENTS})) == {Field.PARENTS: "TRẦN THỊ TƯ"}


def test_letters_and_their_diacritics_become_one() -> None:
    apart = unicodedata.normalize("NFD", "NGUYỄN VĂN AN")
    assert parse_dg13(person({2: [utf8(apart)]}), frozenset({Field.NAME})) == {Field.NAME: "NGUYỄN VĂN AN"}


@pytest.mark.parametrize(
    "text", ["a\nb", "a\x00b", "a\x1b[2Jb", "a\u202eb", "a\u200bb", "a\u2028b", "a\ue000b"]
)
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="control"):
        parse_dg13(person({9: [utf8(text)]}), ALL)


@pytest.mark.parametrize(
    "day", ["17/05/03", "2003", "17-05-2003", "31/02/2003", "00/00/2003", "1/5/2003", "x"]
)
@pytest.mark.parametrize("number", [3, 11])
def test_days_of_birth_and_issue_are_days(number: int, day: str) -> None:
    with pytest.raises(UnreadableError, match=r"the day of (birth|issued)"):
        parse_dg13(person({number: [printable(day)]}), ALL)


def test_an_expiry_may_be_words_but_no_impossible_day() -> None:
    data = person({12: [utf8("Không thời hạn")]})
    assert parse_dg13(data, frozenset({Field.EXPIRES})) == {Field.EXPIRES: "Không thời hạn"}
    with pytest.raises(UnreadableError, match="the day of expires"):
        parse_dg13(person({12: [utf8("31/02/2028")]}), ALL)


def test_a_day_is_told_from_words() -> None:
    assert day_of("17/05/2003") == date(2003, 5, 17)
    assert (day_of("31/02/2003"), day_of("Không thời hạn"), day_of("")) == (None, None, None)


def test_entries_strings_and_their_lengths_have_limits() -> None:
    longest = "x" * MAX_STRING_BYTES
    assert parse_dg13(person({9: [utf8(longest)]}), frozenset({Field.RESIDENCE})) == {
        Field.RESIDENCE: longest
    }
    with pytest.raises(UnreadableError, match="more than"):
        parse_dg13(person({9: [utf8(longest + "x")]}), ALL)
    assert parse_dg13(person({13: [utf8("A")] * MAX_STRINGS}), ALL)[Field.PARENTS] == "; ".join(
        "A" * MAX_STRINGS
    )
    with pytest.raises(UnreadableError, match="more than"):
        parse_dg13(person({13: [utf8("A")] * (MAX_STRINGS + 1)}), ALL)
    assert parse_dg13(dg13(*(entry(100 + n, []) for n in range(MAX_ENTRIES))), ALL) == {}
    with pytest.raises(UnreadableError, match="more than"):
        parse_dg13(dg13(*(entry(100 + n, []) for n in range(MAX_ENTRIES + 1))), ALL)


def test_nesting_has_a_limit() -> None:
    value = utf8("AN")
    for _ in range(3):
        value = seq(value)
    assert parse_dg13(person({2: [value]}), frozenset({Field.NAME})) == {Field.NAME: "AN"}
    with pytest.raises(UnreadableError, match="nested"):
        parse_dg13(person({2: [seq(value)]}), frozenset({Field.NAME}))


@pytest.mark.parametrize(
    "wrong",
    [
        dg13(entry(2, [utf8("AN")]), entry(2, [utf8("BINH")])),
        dg13(entry(2, [integer(5)])),
        dg13(entry(2, [tlv(0x0C, b"\xc3")])),
        dg13(seq(utf8("AN"))),
        dg13(seq()),
        dg13(utf8("AN")),
        tlv(0x6D, seq(integer(1), tlv(0x31))),
        tlv(0x6D, seq(integer(1), oid("1.0.10646.1.0.8"), seq())),
        tlv(0x6D, seq(integer(1), oid("1.0.10646.1.0.8"), tlv(0x31)), seq()),
        tlv(0x6B, seq(integer(1), oid("1.0.10646.1.0.8"), tlv(0x31))),
    ],
)
def test_what_is_not_built_so_is_refused_without_repeating_it(wrong: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^DG13: ") as caught:
        parse_dg13(wrong, ALL)
    assert not {"AN", "BINH"} & set(str(caught.value).split())


def test_no_part_of_the_file_passes_for_it() -> None:
    assert_no_front_piece_passes(lambda data: parse_dg13(data, ALL), person())


@unhurried
@given(damaged(person()), st.frozensets(st.sampled_from(Field)))
def test_any_bytes_give_fields_or_a_card_error(data: bytes, wanted: frozenset[Field]) -> None:
    gives_a_value_or_a_card_error(lambda given_bytes: parse_dg13(given_bytes, wanted), data)
    gives_a_value_or_a_card_error(lambda given_bytes: parse_dg13(dg13(given_bytes), wanted), data)


words = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=40)


@given(words, st.lists(words, min_size=1, max_size=3), st.sampled_from(sorted(NESTINGS)))
def test_every_name_is_read_as_it_was_written(name: str, parents: list[str], nesting: str) -> None:
    data = person({2: [utf8(name)], 13: [utf8(parent) for parent in parents]}, NESTINGS[nesting])
    read = parse_dg13(data, frozenset({Field.NAME, Field.PARENTS}))
    assert read[Field.NAME] == unicodedata.normalize("NFC", name)
    assert read[Field.PARENTS].split("; ") == [unicodedata.normalize("NFC", parent) for parent in parents]

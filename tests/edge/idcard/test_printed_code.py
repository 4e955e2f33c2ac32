from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.errors import CardError, UnreadableError
from edge.idcard.printed_code import MAX_CHARACTERS, PrintedCode, parse_printed_code

NUMBER = "079203001234"
CODE = f"{NUMBER}|024123456|Nguyễn Văn An|17052003|Nam|1 Đường Mẫu, Phường Mẫu, TP Mẫu|01082021"


def test_a_code_tells_number_and_birth() -> None:
    read = parse_printed_code(CODE)
    assert read.number.digits == NUMBER
    assert read.birth == date(2003, 5, 17)


@pytest.mark.parametrize(
    "text",
    [
        CODE + "\r\n",
        "\ufeff" + CODE,
        "  " + CODE,
        CODE.replace("024123456", ""),
        CODE + "|0379|more|of|2024",
        CODE.replace("Nguyễn Văn An", "Nguye^~n Va(n An"),
        CODE.replace("Nguyễn Văn An", "Nguy\ufffdn V\x00n An"),
        CODE.replace("Nguyễn Văn An", ""),
    ],
)
def test_names_that_a_scanner_garbled_and_fields_that_were_added_do_no_harm(text: str) -> None:
    assert parse_printed_code(text) == parse_printed_code(CODE)


@pytest.mark.parametrize("birth", ["", "31022003", "1752003", "17/05/2003", "2003", "١٧٠٥٢٠٠٣", "00000000"])
def test_a_garbled_birth_is_none_and_the_number_is_kept(birth: str) -> None:
    read = parse_printed_code(CODE.replace("17052003", birth))
    assert read.number.digits == NUMBER
    assert read.birth is None


@pytest.mark.parametrize("text", [NUMBER, f" {NUMBER}\r\n"])
def test_twelve_digits_by_themselves_are_enough(text: str) -> None:
    read = parse_printed_code(text)
    assert (read.number.digits, read.birth) == (NUMBER, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|",
        "||||||",
        "079203001",
        CODE.replace(NUMBER, "07920300123"),
        CODE.replace(NUMBER, "07920300123X"),
        "|".join(CODE.split("|")[:6]),
        "https://example.vn/?id=079203001234",
        f"x|{CODE}",
    ],
)
def test_other_codes_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse_printed_code(text)
    assert "0792" not in str(caught.value)


def test_a_code_has_a_limit() -> None:
    longest = CODE + "|" + "x" * (MAX_CHARACTERS - len(CODE) - 1)
    assert parse_printed_code(longest).number.digits == NUMBER
    with pytest.raises(UnreadableError, match="more than"):
        parse_printed_code(longest + "x")


def test_the_repr_shows_nothing() -> None:
    assert repr(parse_printed_code(CODE)) == "PrintedCode(number=CitizenNumber())"


@given(st.text(max_size=80) | st.lists(st.text(max_size=12), max_size=9).map("|".join))
def test_any_text_is_a_code_or_refused(text: str) -> None:
    with suppress(CardError):
        assert isinstance(parse_printed_code(text), PrintedCode)


@given(st.lists(st.text(st.characters(exclude_characters="|"), max_size=20), min_size=6, max_size=12))
def test_the_number_is_read_whatever_the_other_fields_are(others: list[str]) -> None:
    assert parse_printed_code("|".join([NUMBER, *others, "end"])).number.digits == NUMBER

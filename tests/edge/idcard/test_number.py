import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.errors import UnreadableError
from edge.idcard.number import PROVINCES, CitizenNumber, Sex, can_of, check_number

NUMBER = "079203001234"


def test_the_digits_tell_province_century_sex_and_year() -> None:
    read = check_number(NUMBER)
    assert read == CitizenNumber(NUMBER)
    assert (read.birth_year, read.sex, read.century, read.is_province_known) == (2003, Sex.MALE, 2000, True)


@pytest.mark.parametrize(
    ("digit", "century", "sex"),
    [
        ("0", 1900, Sex.MALE),
        ("1", 1900, Sex.FEMALE),
        ("2", 2000, Sex.MALE),
        ("3", 2000, Sex.FEMALE),
        ("4", 2100, Sex.MALE),
        ("5", 2100, Sex.FEMALE),
        ("6", 2200, Sex.MALE),
        ("7", 2200, Sex.FEMALE),
        ("8", 2300, Sex.MALE),
        ("9", 2300, Sex.FEMALE),
    ],
)
def test_the_fourth_digit_is_century_and_sex(digit: str, century: int, sex: Sex) -> None:
    read = check_number(f"001{digit}85000001")
    assert (read.century, read.sex, read.birth_year) == (century, sex, century + 85)


def test_provinces_are_those_of_before_the_mergers() -> None:
    assert len(PROVINCES) == 63
    assert {"001", "048", "079", "092", "096"} <= PROVINCES
    for code in ("000", "003", "097", "101", "999"):
        assert not check_number(f"{code}203001234").is_province_known


@pytest.mark.parametrize(
    "text",
    [
        "",
        "07920300123",
        "0792030012345",
        " 079203001234",
        "079203001234\n",
        "07920300123A",
        "-79203001234",
        "٠٧٩٢٠٣٠٠١٢٣٤",
        "".join(chr(0xFF10 + int(digit)) for digit in NUMBER),
        "²79203001234",
    ],
)
def test_anything_but_twelve_ascii_digits_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        check_number(text)
    assert str(caught.value) == "citizen number: not twelve digits"


def test_the_access_number_is_the_last_six_digits() -> None:
    assert can_of(check_number(NUMBER)).digits == "001234"


def test_neither_number_nor_access_number_shows_itself() -> None:
    read = check_number(NUMBER)
    assert "001234" not in f"{read!r} {read} {can_of(read)!r}"


@given(st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii))
def test_all_twelve_digits_are_a_number(text: str) -> None:
    read = check_number(text)
    assert read.digits == text
    assert 1900 <= read.birth_year <= 2399
    assert can_of(read).digits == text[6:]


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    if len(text) == 12 and text.isascii() and text.isdigit():
        assert check_number(text).digits == text
        return
    with pytest.raises(UnreadableError):
        check_number(text)

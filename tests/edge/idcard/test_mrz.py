import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.errors import UnreadableError
from edge.idcard.mrz import Mrz, check_digit, document_number_of, parse_dg1, parse_td1
from edge.idcard.number import Sex
from tests.edge.idcard.encode import tlv
from tests.edge.idcard.reading import (
    assert_no_front_piece_passes,
    damaged,
    gives_a_value_or_a_card_error,
    unhurried,
)

LINES = ("IDVNM2030012345079203001234<<5", "0305174M2805173VNM<<<<<<<<<<<0", "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<")
ZONE = "".join(LINES)
AN = Mrz(
    document_number="203001234",
    number="079203001234",
    birth=date(2003, 5, 17),
    sex=Sex.MALE,
    expiry=date(2028, 5, 17),
    nationality="VNM",
    surname="NGUYEN",
    given="VAN AN",
)


def zone(
    *,
    document: str = "203001234",
    optional: str = "079203001234<<",
    birth: str = "030517",
    sex: str = "M",
    expiry: str = "280517",
    expiry_digit: str = "",
    names: str = "NGUYEN<<VAN<AN",
) -> str:
    """A zone of these parts, every check digit right."""
    document, optional = document.ljust(9, "<"), optional.ljust(14, "<")
    upper = f"IDVNM{document}{check_digit(document)}{optional}{check_digit(optional)}"
    expiry += expiry_digit or check_digit(expiry)
    middle = f"{birth}{check_digit(birth)}{sex}{expiry}VNM" + "<" * 11
    whole = check_digit(upper[5:] + middle[:7] + middle[8:15] + middle[18:29])
    return upper + middle + whole + names.ljust(30, "<")


def test_a_zone_is_read_however_its_lines_are_parted() -> None:
    assert zone() == ZONE
    for text in (ZONE, "\n".join(LINES), "\r\n".join(LINES) + "\r\n", " ".join(LINES)):
        assert parse_td1(text) == AN


def test_the_published_example_of_check_digits_holds() -> None:
    """ICAO Doc 9303-3, 4.9, appendix A: 520727 has 3, AB2134<<< has 5; 9303-5, appendix B: the whole has 6."""
    assert check_digit("520727") == "3"
    assert check_digit("AB2134<<<") == "5"
    assert check_digit("D231458907<<<<<<<<<<<<<<<7408122" + "1204159" + "<" * 11) == "6"


def test_one_wrong_character_anywhere_in_the_numbers_is_found() -> None:
    covered = [*range(5, 37), *range(38, 45), 59]
    for at in covered:
        wrong = ZONE[:at] + ("1" if ZONE[at] != "1" else "2") + ZONE[at + 1 :]
        with pytest.raises(UnreadableError):
            parse_td1(wrong)


@pytest.mark.parametrize(
    ("at", "what"),
    [(14, "document number"), (29, "optional data"), (36, "birth"), (44, "expiry"), (59, "whole")],
)
def test_each_check_digit_is_checked_by_itself(at: int, what: str) -> None:
    digit = str((int(ZONE[at]) + 1) % 10)
    with pytest.raises(UnreadableError, match=what):
        parse_td1(ZONE[:at] + digit + ZONE[at + 1 :])


@pytest.mark.parametrize(
    ("number", "birth", "day"),
    [
        ("079085001234", "850517", date(1985, 5, 17)),
        ("079185001234", "850517", date(1985, 5, 17)),
        ("079203001234", "030517", date(2003, 5, 17)),
        ("079300001234", "000229", date(2000, 2, 29)),
        ("079403001234", "030517", date(2103, 5, 17)),
    ],
)
def test_the_century_of_birth_is_that_of_the_number(number: str, birth: str, day: date) -> None:
    assert parse_td1(zone(optional=number, birth=birth)).birth == day


@pytest.mark.parametrize("digit", ["<", "0"])
def test_no_expiry_is_none(digit: str) -> None:
    assert parse_td1(zone(expiry="<<<<<<", expiry_digit=digit)).expiry is None
    assert parse_td1(zone(expiry="991231")).expiry == date(2099, 12, 31)


def test_a_filler_does_not_stand_for_the_digit_of_an_expiry_that_is_there() -> None:
    with pytest.raises(UnreadableError, match="expiry"):
        parse_td1(zone(expiry_digit="<"))


@pytest.mark.parametrize(("letter", "sex"), [("M", Sex.MALE), ("F", Sex.FEMALE), ("<", None)])
def test_the_sex_may_be_left_open(letter: str, sex: Sex | None) -> None:
    assert parse_td1(zone(sex=letter)).sex == sex


@pytest.mark.parametrize(
    ("names", "surname", "given", "cut"),
    [
        ("NGUYEN<<VAN<AN", "NGUYEN", "VAN AN", False),
        ("NGUYEN", "NGUYEN", "", False),
        ("TON<NU<<THI<NGOC<LAN", "TON NU", "THI NGOC LAN", False),
        ("CONG<TANG<TON<NU<<THI<HUONG<GI", "CONG TANG TON NU", "THI HUONG GI", True),
        ("NGUYEN<<VAN<<AN", "NGUYEN", "VAN AN", False),
        ("", "", "", False),
    ],
)
def test_names_are_parted_and_it_is_told_when_they_may_be_cut(
    names: str, surname: str, given: str, *, cut: bool
) -> None:
    read = parse_td1(zone(names=names))
    assert (read.surname, read.given, read.is_name_cut) == (surname, given, cut)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        ZONE[:-1],
        ZONE + "<",
        ZONE.lower(),
        ZONE.replace("NGUYEN", "NGUYỄN"),
        ZONE + " " * 9,
        zone(optional="07920300123"),
        zone(optional=""),
        zone(optional="07920300123A"),
        zone(birth="030230"),
        zone(birth="0305<<"),
        zone(expiry="280532"),
        zone(expiry="28<<<<"),
        zone(sex="X"),
    ],
)
def test_what_is_not_built_so_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(UnreadableError, match=r"^MRZ: ") as caught:
        parse_td1(wrong)
    assert not re.search(r"0305|2805|2030|NGUY", str(caught.value))


def test_the_document_number_is_the_last_nine_of_the_twelve() -> None:
    assert document_number_of(AN.number) == AN.document_number
    with pytest.raises(UnreadableError):
        document_number_of("203001234")


def test_the_repr_shows_nothing() -> None:
    assert repr(AN) == "Mrz()"


DG1 = tlv(0x61, tlv(0x5F1F, ZONE.encode()))


def test_data_group_1_is_the_zone_in_two_wraps() -> None:
    assert parse_dg1(DG1) == AN
    assert_no_front_piece_passes(parse_dg1, DG1)


@pytest.mark.parametrize(
    "wrong",
    [
        tlv(0x61, tlv(0x5F1E, ZONE.encode())),
        tlv(0x75, tlv(0x5F1F, ZONE.encode())),
        tlv(0x61, tlv(0x5F1F, ZONE.encode()), tlv(0x04)),
        tlv(0x61, tlv(0x5F1F, ZONE[:-2].encode() + "Đ".encode())),
        tlv(0x61),
    ],
)
def test_another_data_group_1_is_refused(wrong: bytes) -> None:
    with pytest.raises(UnreadableError):
        parse_dg1(wrong)


@unhurried
@given(damaged(DG1))
def test_any_bytes_give_a_zone_or_a_card_error(data: bytes) -> None:
    gives_a_value_or_a_card_error(parse_dg1, data)


@given(st.text("AZ09<", min_size=90, max_size=90) | st.text(max_size=120))
def test_any_text_gives_a_zone_or_a_card_error(text: str) -> None:
    gives_a_value_or_a_card_error(lambda data: parse_td1(data.decode()), text.encode("utf-8", "replace"))


days = st.dates(date(2000, 1, 1), date(2099, 12, 31)).filter(lambda day: (day.month, day.day) != (2, 29))


@given(st.from_regex(r"[0-9]{3}[0-3][0-9]{8}", fullmatch=True).filter(str.isascii), days, days)
def test_every_right_zone_is_read_as_it_was_written(number: str, birth: date, expiry: date) -> None:
    read = parse_td1(
        zone(
            document=number[3:],
            optional=number,
            birth=birth.strftime("%y%m%d"),
            expiry=expiry.strftime("%y%m%d"),
        )
    )
    assert (read.number, read.expiry, read.document_number) == (number, expiry, document_number_of(number))
    assert (read.birth.month, read.birth.day) == (birth.month, birth.day)
    assert read.birth.year % 100 == birth.year % 100

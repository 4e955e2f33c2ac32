"""Case numbers of authorities."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.requests.tracking import CaseNumber, parse_case_number

PUBLISHED = re.compile(
    r"^(?:\d{2,3}\.){1,3}[A-Z]\d{2}-\d{6}-\d{4,}$|^[A-Z]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,}$", re.ASCII
)
"""As it was tried on real numbers."""


@pytest.mark.parametrize(
    ("text", "agency", "day", "serial"),
    [
        ("000.00.01.H29-240115-0001", "000.00.01.H29", dt.date(2024, 1, 15), 1),
        ("38.98.H29-210519-0013", "38.98.H29", dt.date(2021, 5, 19), 13),
        ("H29.13.5-251107-0012", "H29.13.5", dt.date(2025, 11, 7), 12),
        ("H29-251107-123456", "H29", dt.date(2025, 11, 7), 123_456),
    ],
)
def test_numbers_of_all_three_forms_are_read(text: str, agency: str, day: dt.date, serial: int) -> None:
    assert PUBLISHED.fullmatch(text)
    number = parse_case_number(text)
    assert number == CaseNumber(agency, day, serial)
    assert str(number) == text


def test_what_people_type_is_read_as_they_mean_it() -> None:
    assert parse_case_number(" h29.13.5-251107-0012 ") == CaseNumber("H29.13.5", dt.date(2025, 11, 7), 12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H29.13.5-251307-0012",
        "H29.13.5-250230-0012",
        "H29.13.5-251107-012",
        "H29.13.5-25110-0012",
        "29-251107-0012",
        "000.00.01.02.H29-240115-0001",
        "H29.13.5-251107-0012\n1",
        "H29.1.2.3.4.5-251107-0012",
        "H29-251107-٠٠١٢",
        "H29-251107-" + "1" * 40,
    ],
)
def test_what_is_no_case_number_is_none(text: str) -> None:
    assert parse_case_number(text) is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_is_none_and_what_is_read_is_of_the_published_form(text: str) -> None:
    number = parse_case_number(text)
    assert number is None or PUBLISHED.fullmatch(text.strip().upper())


@given(st.from_regex(PUBLISHED, fullmatch=True).filter(lambda text: len(text) <= 40))
def test_every_number_of_the_published_form_and_a_real_day_is_read(text: str) -> None:
    day = text.split("-")[1]
    try:
        dt.date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        assert parse_case_number(text) is None
    else:
        is_short = len(text.rsplit("-", 1)[1]) <= 12
        assert (parse_case_number(text) is not None) is is_short

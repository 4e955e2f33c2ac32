"""Codes of drafts: read as they are typed, and no slip of the finger opens anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.services.session.codes import CODES, draft_code, read_code
from wire.tracking import ALPHABET, read_tracking, tracking_code

numbers = st.integers(0, CODES - 1)


def test_there_are_about_sixty_bits_of_them() -> None:
    assert 2**59 < CODES < 2**60


@given(numbers)
def test_a_code_is_read_however_it_is_typed(number: int) -> None:
    code = draft_code(number)
    assert read_code(code) == code
    assert read_code(f" {code.replace('-', ' ').lower()} ") == code
    assert read_code(code.replace("-", "")) == code


@given(numbers, numbers)
def test_no_two_numbers_have_the_same_code(one: int, other: int) -> None:
    assert (draft_code(one) == draft_code(other)) == (one == other)


@given(numbers, st.integers(0, 12), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_noticed(number: int, place: int, other: str) -> None:
    text = draft_code(number).replace("-", "")
    typed = text[:place] + other + text[place + 1 :]
    assert (read_code(typed) is None) == (typed != text)


@given(numbers, st.integers(0, 12), st.integers(0, 12))
def test_every_exchange_of_two_is_noticed(number: int, one: int, other: int) -> None:
    text = [*draft_code(number).replace("-", "")]
    typed = [*text]
    typed[one], typed[other] = typed[other], typed[one]
    assert (read_code("".join(typed)) is None) == (typed != text)


@pytest.mark.parametrize("typed", ["", "K7QM", "O" * 13, "x" * 10_000, tracking_code("st-1", 7)])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_nor_is_it_ever_a_tracking_code() -> None:
    assert read_tracking(draft_code(12345)) is None

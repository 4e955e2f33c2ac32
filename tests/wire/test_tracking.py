"""The tracking code: nobody gets somebody else's, and no slip of the finger finds one."""

import hashlib
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import IdError
from wire.tracking import (
    ALPHABET,
    FIRST_DAY_MS,
    NUMBERS,
    WORD_LENGTH,
    Receipt,
    clashing,
    next_number,
    parts_of,
    proof_of,
    read_receipt,
    read_tracking,
    read_word,
    receipt_text,
    station_part,
    tracking_code,
)

STATIONS = st.from_regex(r"[a-z0-9]{3,16}", fullmatch=True)
CODES = st.builds(tracking_code, STATIONS, st.integers(0, NUMBERS - 1))
WORDS = st.text(ALPHABET, min_size=WORD_LENGTH, max_size=WORD_LENGTH)
RECEIPTS = st.builds(Receipt, CODES, WORDS)
MINUTE_MS = 60_000


def test_a_code_is_what_it_was_when_it_was_printed() -> None:
    """Codes stand on paper: this may never change."""
    assert [tracking_code("st-0001", number) for number in (0, 1, NUMBERS - 1)] == GOLDEN


@given(CODES)
def test_a_code_is_read_as_it_stands_in_lower_case_and_without_hyphens(code: str) -> None:
    assert read_tracking(code) == code
    assert read_tracking(f" {code.lower()} ") == code
    assert read_tracking(code.replace("-", "")) == code
    assert read_tracking(code.replace("-", " . ")) == code


@given(CODES, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(code: str, place: int, character: str) -> None:
    text = code.replace("-", "")
    wrong = text[:place] + character + text[place + 1 :]
    assert (read_tracking(wrong) is None) is (wrong != text)


@given(CODES)
def test_two_exchanged_characters_are_always_noticed_neighbours_or_not(code: str) -> None:
    text = code.replace("-", "")
    for one, other in combinations(range(12), 2):
        swapped = list(text)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert (read_tracking("".join(swapped)) is None) is (text[one] != text[other])


@given(STATIONS, st.integers(0, NUMBERS - 1))
def test_station_and_number_come_back_out_of_the_code(station: str, number: int) -> None:
    assert parts_of(tracking_code(station, number)) == (station_part(station), number)


@given(st.text(max_size=50))
def test_any_text_is_a_code_or_none(text: str) -> None:
    code = read_tracking(text)
    assert code is None or read_tracking(code) == code


def test_no_two_codes_of_many_stations_are_the_same() -> None:
    stations = [f"st-{number:04d}" for number in range(3_000)]
    assert clashing(stations) == []
    codes = {tracking_code(station, number) for station in stations for number in (0, 1, 2, 500, 28_000_000)}
    assert len(codes) == 5 * len(stations)


def test_numbers_of_one_station_never_meet_and_neighbours_look_different() -> None:
    codes = [tracking_code("st-0001", number) for number in range(5_000)]
    assert len(set(codes)) == len(codes)
    alike = [sum(a == b for a, b in zip(one, other, strict=True)) for one, other in pairwise(codes)]
    assert max(alike) <= 2 + 6, "of twelve characters, besides the two hyphens"
    assert sum(alike) / len(alike) < 2 + 2


def test_two_stations_that_would_clash_are_named() -> None:
    assert clashing(["st-0001", "st-0002", "st-0001"]) == []
    one, other = _clash()
    assert clashing([one, "st-0001", other]) == [(one, other)]


def _clash() -> tuple[str, str]:
    """Search two stations with the same part: some 40,000 draws of 31^6, so say the birthdays."""
    seen: dict[int, str] = {}
    number = 0
    while True:
        station = f"s{number:06d}"
        part = station_part(station)
        if part in seen:
            return seen[part], station
        seen[part] = station
        number += 1


def test_numbers_go_on_and_a_station_that_forgot_goes_on_from_its_clock() -> None:
    assert next_number(None, FIRST_DAY_MS) == 0
    assert next_number(None, FIRST_DAY_MS + 90 * MINUTE_MS) == 90
    assert next_number(90, FIRST_DAY_MS + 90 * MINUTE_MS) == 91
    assert next_number(91, FIRST_DAY_MS + 200 * MINUTE_MS) == 200
    assert next_number(None, 0) == 0, "a clock that was never set"


@given(st.lists(st.integers(0, 10 * MINUTE_MS), min_size=1, max_size=50))
def test_numbers_of_one_life_only_grow(gaps_ms: list[int]) -> None:
    last, at_ms = None, FIRST_DAY_MS
    for gap_ms in gaps_ms:
        at_ms += gap_ms
        number = next_number(last, at_ms)
        assert last is None or number > last
        last = number


@pytest.mark.parametrize("number", [-1, NUMBERS])
def test_a_number_out_of_range_gives_no_code(number: int) -> None:
    with pytest.raises(IdError):
        tracking_code("st-0001", number)


def test_only_a_station_has_codes_and_only_a_code_has_parts() -> None:
    with pytest.raises(IdError):
        tracking_code("No Station", 1)
    with pytest.raises(IdError):
        parts_of("K7QM-3VXP-2HFE" if read_tracking("K7QM-3VXP-2HFE") is None else "nothing")


def test_no_character_is_mistaken_for_another() -> None:
    assert len(set(ALPHABET)) == 31
    assert not set("01ILO") & set(ALPHABET)


GOLDEN = ["2222-2KPX-PMM3", "V68M-8BYZ-746J", "7VTE-TNJ3-SCUX"]


@given(RECEIPTS)
def test_a_receipt_is_read_as_it_was_printed_and_however_it_is_typed(receipt: Receipt) -> None:
    assert read_receipt(receipt_text(receipt)) == receipt
    assert read_receipt(f"{receipt.code.lower()} / {receipt.word[:3]} {receipt.word[3:]}".lower()) == receipt
    assert read_receipt(receipt.code) == Receipt(receipt.code)


@given(CODES, st.text(max_size=60).filter(lambda text: text.strip() and read_word(text) is None))
def test_a_receipt_with_something_else_beside_its_code_is_none(code: str, other: str) -> None:
    assert read_receipt(f"{code}/{other}") is None


@pytest.mark.parametrize("typed", ["", "K7QM3", "K7QM3VX", "K7QM3O", "K" * 50])
def test_what_is_no_word_is_none(typed: str) -> None:
    assert read_word(typed) is None


def test_a_proof_is_what_it_was_when_the_receipt_was_printed() -> None:
    """Receipts lie in drawers: this may never change."""
    proof = proof_of(Receipt("K7QM-3VXP-2HFD", "K7QM3V"))
    assert proof == hashlib.sha256(b"tcds-receipt:K7QM-3VXP-2HFD:K7QM3V").hexdigest()


@given(RECEIPTS, RECEIPTS)
def test_another_code_or_word_has_another_proof(one: Receipt, other: Receipt) -> None:
    assert (proof_of(one) == proof_of(other)) is (one == other)

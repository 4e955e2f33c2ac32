import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import AmountError
from cloud.payments.money import MAX_DONG, dong_in_words, format_dong, require_amount

NINES = (
    "Chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu"
    " chín trăm chín mươi chín nghìn chín trăm chín mươi chín đồng"
)


@pytest.mark.parametrize(
    ("dong", "written"),
    [(0, "0 đ"), (999, "999 đ"), (75_000, "75.000 đ"), (MAX_DONG, "999.999.999.999 đ")],
)
def test_an_amount_is_written_as_in_vietnam(dong: int, written: str) -> None:
    assert format_dong(dong) == written


@pytest.mark.parametrize(
    ("dong", "words"),
    [
        (0, "Không đồng"),
        (1, "Một đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (14, "Mười bốn đồng"),
        (15, "Mười lăm đồng"),
        (20, "Hai mươi đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (55, "Năm mươi lăm đồng"),
        (100, "Một trăm đồng"),
        (105, "Một trăm linh năm đồng"),
        (115, "Một trăm mười lăm đồng"),
        (1_000, "Một nghìn đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (8_000, "Tám nghìn đồng"),
        (75_000, "Bảy mươi lăm nghìn đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (1_000_021, "Một triệu không trăm hai mươi mốt đồng"),
        (2_250_000, "Hai triệu hai trăm năm mươi nghìn đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (
            999_999_999_999,
            NINES,
        ),
    ],
)
def test_an_amount_is_said_as_receipts_have_it(dong: int, words: str) -> None:
    assert dong_in_words(dong) == words


@given(st.sets(st.integers(0, MAX_DONG), min_size=2, max_size=2))
def test_two_amounts_are_never_said_alike(pair: set[int]) -> None:
    first, second = pair
    assert dong_in_words(first) != dong_in_words(second)


@given(st.integers(0, MAX_DONG))
def test_words_are_separated_by_single_blanks(dong: int) -> None:
    words = dong_in_words(dong)
    assert words == " ".join(words.split())
    assert words.endswith(" đồng")


@pytest.mark.parametrize("dong", [0, -1, MAX_DONG + 1, True])
def test_nobody_owes_nothing_nor_the_impossible(dong: int) -> None:
    with pytest.raises(AmountError):
        require_amount(dong)


def test_the_least_and_the_most_can_be_owed() -> None:
    assert [require_amount(1), require_amount(MAX_DONG)] == [1, MAX_DONG]


@pytest.mark.parametrize("dong", [-1, MAX_DONG + 1])
def test_there_are_no_words_for_the_impossible(dong: int) -> None:
    with pytest.raises(AmountError):
        dong_in_words(dong)

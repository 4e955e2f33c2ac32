import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.guide.folding import MAX_TEXT, MAX_WORD, fold, is_syllable, spell
from edge.guide.spelling import SHORT, SPOKEN


@pytest.mark.parametrize(
    "typed",
    [
        "Tôi muốn ĐÓNG tiền điện!",
        "toi muon dong tien dien",
        "  tôi   muốn, đóng... tiền (điện) ",
        "toois muoons ddongs tieenf ddieenj",
        "to6i muo61n d9o1ng tie62n d9ie65n",
        "tui muốn đóng tiền điện",
        "tôi muốn đóng tiềnnnnn điệnnn",
        unicodedata.normalize("NFD", "tôi muốn đóng tiền điện"),
    ],
)
def test_one_sentence_ends_in_the_same_words_however_it_is_typed(typed: str) -> None:
    assert fold(typed) == "toi muon dong tien dien"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dduwowngf", "duong"),
        ("ddawng kys thuwowngf", "dang ky thuong"),
        ("quoocs", "quoc"),
        ("nghieeng", "nghieng"),
        ("chuaanr hoas", "chuan hoa"),
        ("giaays", "giay"),
    ],
)
def test_letters_that_telex_left_behind_are_taken_off(typed: str, meant: str) -> None:
    assert fold(typed) == meant


@pytest.mark.parametrize(
    "word", ["taxi", "visa", "internet", "wifi", "vneid", "mastercard", "esim", "4g", "b12"]
)
def test_a_word_that_no_syllable_comes_out_of_stays(word: str) -> None:
    assert fold(word) == word


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("làm cccd", "lam can cuoc cong dan"),
        ("đk tạm trú", "dang ky tam tru"),
        ("dk tam tru", "dang ky tam tru"),
        ("mua BHYT cho má", "mua bao hiem y te cho me"),
        ("giấy khai sanh", "giay khai sinh"),
        ("hổng dzô được", "khong vo duoc"),
        ("gia han xe hồng", "gia han xe hong"),
    ],
)
def test_shorthand_and_dialect_are_written_out(typed: str, meant: str) -> None:
    assert fold(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["thẻ 079203001234", "thẻ 0792 0300 1234", "thẻ 079-203-001-234", "thẻ 0792.0300.1234", "thẻ 1234"],
)
def test_long_numbers_are_left_out(typed: str) -> None:
    assert fold(typed) == "the"


def test_short_numbers_tell_something_and_stay() -> None:
    assert fold("lý lịch số 2, mức 2, 115") == "ly lich so 2 muc 2 115"


def test_the_tone_stands_where_it_is_typed_and_means_the_same() -> None:
    assert spell("hóa đơn, thủy").exact == spell("hoá đơn, thuỷ").exact
    assert spell("tiền độ").exact != spell("tiến đô").exact
    assert spell("tiền độ").folded == spell("tiến đô").folded


@pytest.mark.parametrize(
    ("typed", "is_accented"),
    [
        ("đóng tiền điện", True),
        ("dong tien dien", False),
        ("mua sim", False),
        ("mua sim mới", False),
        ("mua cái sim mới", True),
        ("toi muon dong tien điện", False),
        ("", False),
        ("dk tam tru", False),
    ],
)
def test_whoever_puts_accents_on_puts_them_on_most_words(typed: str, is_accented: bool) -> None:  # noqa: FBT001
    assert spell(typed).is_accented is is_accented


def test_a_text_is_looked_at_up_to_its_limit_and_so_is_a_word() -> None:
    assert fold("ab " * 1_000) == " ".join([*["ab"] * (MAX_TEXT // 3), "a"])
    assert fold("bc" * 150) == ("bc" * 150)[:MAX_WORD]


@pytest.mark.parametrize("syllable", ["nghieng", "duong", "a", "yeu", "quoc", "giay", "xem", "khuya", "thue"])
def test_what_vietnamese_can_have_is_a_syllable(syllable: str) -> None:
    assert is_syllable(syllable)


@pytest.mark.parametrize("other", ["", "ng", "tieen", "dduong", "wifi", "card", "strong", "toois", "d9o"])
def test_what_vietnamese_cannot_have_is_none(other: str) -> None:
    assert not is_syllable(other)


@pytest.mark.parametrize("table", [SPOKEN, SHORT])
def test_what_a_word_stands_for_needs_no_second_look(table: dict[str, str]) -> None:
    for meant in table.values():
        assert fold(fold(meant)) == fold(meant)
        assert not set(meant.split()) & set(SPOKEN)


@given(st.text(max_size=600))
def test_whatever_is_typed_folds_to_words_of_letters_and_digits(text: str) -> None:
    spelling = spell(text)
    assert all(word.isalnum() or not word.isascii() for word in spelling.folded.split())
    assert "  " not in spelling.folded
    assert not any(char in spelling.folded for char in "!?.,;:_-\n\t")
    assert len(spelling.folded.split()) == len(spelling.exact.split())


@given(st.text(alphabet="aeouiyăâđêôơưbcdghklmnpqrstvxwfj áàảãạ0123456789", max_size=100))
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper().lower()) == fold(text)
    assert fold(text.upper()) == fold(text)


def test_nothing_that_was_said_shows_in_a_trace() -> None:
    assert "NGUYEN" not in repr(spell("NGUYEN VAN AN")).upper()

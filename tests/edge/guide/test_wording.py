import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.guide.folding import spell
from edge.guide.wording import MAX_GAP, Found, Wording, without


def test_a_wording_is_found_where_it_stands() -> None:
    wording = Wording(["bao lâu", "mấy ngày"])
    assert wording.find(spell("làm khai sinh mất bao lâu vậy")) == Found(4, 6)
    assert wording.find(spell("may ngay xong")) == Found(0, 2)
    assert wording.find(spell("bao nhiêu")) is None


def test_whole_words_count_and_never_a_part_of_one() -> None:
    wording = Wording(["phí", "ở đâu"])
    assert wording.find(spell("phím bấm")) is None
    assert wording.find(spell("nhớ đâu có")) is None
    assert wording.find(spell("phí")) == Found(0, 1)


def test_a_gap_takes_some_words_and_not_more() -> None:
    wording = Wording(["cần ... gì"])
    assert wording.find(spell("cần gì")) == Found(0, 2)
    assert wording.find(spell("cần mang giấy tờ gì không")) == Found(0, 5)
    assert wording.find(spell("cần " + "này " * MAX_GAP + "gì")) == Found(0, MAX_GAP + 2)
    assert wording.find(spell("cần " + "này " * (MAX_GAP + 1) + "gì")) is None


def test_the_longest_wording_counts_and_then_the_first() -> None:
    wording = Wording(["phí", "lệ phí", "bao lâu"])
    found = wording.find(spell("phí hay lệ phí, bao lâu"))
    assert found == Found(2, 4)
    assert found.size == 2


def test_accents_count_only_where_they_are_asked_for_and_written() -> None:
    strict, lenient = Wording(["tự tử"], as_written=True), Wording(["tự tử"])
    assert strict.find(spell("đi từ từ thôi")) is None
    assert strict.find(spell("di tu tu thoi")) == Found(1, 3)
    assert strict.find(spell("có người tự tử")) == Found(2, 4)
    assert lenient.find(spell("đi từ từ thôi")) == Found(1, 3)


def test_signs_of_a_pattern_language_mean_nothing() -> None:
    assert Wording(["a.b", "c*"]).find(spell("axb cc")) is None


def test_what_is_found_can_be_taken_out() -> None:
    said = spell("lý lịch tư pháp mất bao lâu vậy")
    rest = without(said, Found(4, 7))
    assert rest.folded == "ly lich tu phap vay"
    assert rest.exact.split()[-1] == spell("vậy").exact
    assert rest.is_accented


@pytest.mark.parametrize("text", ["", "   ", "?!"])
def test_in_silence_nothing_is_found(text: str) -> None:
    assert Wording(["bao lâu"]).find(spell(text)) is None


@given(st.text(alphabet="abcầgìn ", max_size=200))
def test_a_place_lies_within_what_was_said(text: str) -> None:
    said = spell(text)
    found = Wording(["cần ... gì", "gì", "an"]).find(said)
    if found is not None:
        assert 0 <= found.start < found.end <= len(said.folded.split())
        assert len(without(said, found).folded.split()) == len(said.folded.split()) - found.size

from pathlib import Path

import pytest

from edge.guide.errors import PhrasesError
from edge.guide.folding import fold
from edge.guide.learning import MAX_FILE_BYTES, MAX_LINE, SAYINGS, UNRELATED, join, load_sayings
from edge.guide.match import Entry, Matcher


def test_a_line_is_a_saying_and_the_rest_is_for_the_reader(tmp_path: Path) -> None:
    (tmp_path / "birth.txt").write_text("# how parents say it\nlàm khai sinh\n\n  em bé mới sinh  \n")
    assert load_sayings(tmp_path) == {"birth": ("làm khai sinh", "em bé mới sinh")}


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a" * (MAX_LINE + 1), b"ab\n" * MAX_FILE_BYTES])
def test_a_file_that_is_no_list_of_sayings_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "birth.txt").write_bytes(data)
    with pytest.raises(PhrasesError, match=r"birth\.txt"):
        load_sayings(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "birth.txt").mkdir()
    with pytest.raises(PhrasesError, match=r"birth\.txt"):
        load_sayings(tmp_path)


def test_words_and_sayings_of_a_service_are_learnt_together() -> None:
    entries = join({"birth": ("khai sinh",), "new": ("mới",)}, {"birth": ("em bé",), UNRELATED: ("mưa",)})
    assert entries == [Entry("birth", ("khai sinh", "em bé")), Entry("new", ("mới",))]


def test_a_new_service_needs_its_words_and_nothing_else() -> None:
    words = {"library-card": ("Làm thẻ thư viện", "thẻ thư viện", "mượn sách")}
    sayings = load_sayings()
    matcher = Matcher.build(join(words, sayings), sayings[UNRELATED])
    match = matcher.match("tui muốn mượn sách thư viện")
    assert (match.candidates[0].service, match.is_known) == ("library-card", True)


def test_every_service_of_the_guide_has_enough_sayings_each_once() -> None:
    for service, sayings in load_sayings().items():
        folded = [fold(saying) for saying in sayings]
        assert len(folded) >= 14, service
        assert len(set(folded)) == len(folded), service
        assert all(folded), service


def test_the_sayings_name_no_numbers_of_anybody() -> None:
    for path in SAYINGS.glob("*.txt"):
        assert not any(len(word) > 3 for word in path.read_text().split() if word.isdigit()), path.name

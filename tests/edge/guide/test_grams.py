from hypothesis import given
from hypothesis import strategies as st

from edge.guide.folding import spell
from edge.guide.grams import LETTERS_WEIGHT, asked_grams, learnt_grams


def signs(found: dict[str, float]) -> set[str]:
    return {name[0] for name in found} & set("=+^~")


def test_a_word_gives_itself_and_its_pieces_with_their_borders() -> None:
    found = asked_grams(spell("tru"))
    assert set(found) == {"=tru", " t", "tr", "ru", "u ", " tr", "tru", "ru ", " tru", "tru "}
    assert found["=tru"] == 1
    assert found["tru"] == LETTERS_WEIGHT


def test_neighbours_make_a_pair_and_order_matters() -> None:
    assert "+tien dien" in asked_grams(spell("tien dien"))
    assert "+tien dien" not in asked_grams(spell("dien tien"))


def test_what_occurs_twice_counts_twice() -> None:
    found = asked_grams(spell("tru tru"))
    assert found["=tru"] == 2
    assert found["tru"] == 2 * LETTERS_WEIGHT


def test_accents_are_asked_for_only_when_they_are_written() -> None:
    with_accents, without = asked_grams(spell("tiền điện")), asked_grams(spell("tien dien"))
    assert signs(with_accents) == {"^", "~"}
    assert signs(without) == {"=", "+"}


def test_a_wrong_accent_leaves_the_letters() -> None:
    right, wrong = asked_grams(spell("đóng tiền")), asked_grams(spell("đóng tiềng"))
    shared = set(right) & set(wrong)
    assert "^đóng" not in shared or "^tiền" not in shared
    assert {" t", "tie", "ien"} <= shared


@given(st.text(alphabet="aeiouyáàảãạăâđêôơưễộứbcghlmnprtvx ", max_size=80))
def test_a_phrase_is_found_in_whichever_way_it_is_asked_for(text: str) -> None:
    spelling = spell(text)
    learnt = learnt_grams(spelling)
    assert set(asked_grams(spelling)) <= set(learnt)
    assert (
        set(asked_grams(spell(spelling.folded))) <= set(learnt)
        or spelling.folded != spell(spelling.folded).folded
    )


def test_silence_has_no_features() -> None:
    assert asked_grams(spell("")) == {}
    assert learnt_grams(spell(" ?! ")) == {}

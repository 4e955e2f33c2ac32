import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.guide.folding import spell
from edge.guide.index import Index

LABELLED = [
    ("bill-electricity", "tôi muốn đóng tiền điện"),
    ("bill-electricity", "hóa đơn điện lực"),
    ("bill-water", "tôi muốn đóng tiền nước"),
    ("bill-water", "nước sinh hoạt"),
    ("cabin", "tôi muốn đo huyết áp"),
]
texts = st.text(alphabet="abcdehinotuđêôưế ", max_size=60)


@pytest.fixture
def index() -> Index:
    return Index([(label, spell(text)) for label, text in LABELLED])


def test_a_text_without_accents_is_near_to_the_phrase_that_it_is(index: Index) -> None:
    cosines = index.cosines(spell("hoa don dien luc"))
    assert cosines.index(max(cosines)) == 1
    assert max(cosines) > 0.6


def test_what_all_services_use_tells_nothing(index: Index) -> None:
    cosines = index.cosines(spell("tôi muốn"))
    assert max(cosines) < 0.35


def test_a_text_of_other_letters_is_near_to_nothing(index: Index) -> None:
    assert index.cosines(spell("日本語 xyz")) == pytest.approx([0.0] * len(LABELLED), abs=0.02)
    assert index.cosines(spell("")) == [0.0] * len(LABELLED)


def test_words_that_no_phrase_has_make_a_text_less_alike(index: Index) -> None:
    bare = max(index.cosines(spell("hoa don dien luc")))
    padded = max(index.cosines(spell("hoa don dien luc phung phinh khuc khuyu")))
    assert 0 < padded < bare


def test_phrases_keep_their_order_and_label(index: Index) -> None:
    assert index.labels == [label for label, _ in LABELLED]
    assert index.texts[1] == "hoa don dien luc"
    assert set(index.norms) == {"bill-electricity", "bill-water", "cabin"}


def test_the_middle_of_one_phrase_is_the_phrase(index: Index) -> None:
    assert index.norms["cabin"] == pytest.approx(1.0)
    assert 1.0 <= index.norms["bill-water"] <= 2.0


@given(texts)
def test_no_text_is_more_alike_than_a_phrase_to_itself(text: str) -> None:
    index = Index([(label, spell(phrase)) for label, phrase in LABELLED])
    for cosine in index.cosines(spell(text)):
        assert 0 <= cosine <= 1 + 1e-6
        assert math.isfinite(cosine)


def test_an_index_of_nothing_knows_nothing() -> None:
    assert Index([]).cosines(spell("tien dien")) == []

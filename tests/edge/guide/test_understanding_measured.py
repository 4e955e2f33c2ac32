"""The promise of the guide: at least 95 of 100 right, 99 among three, and 90 of 100 that fit nothing told as such.

Judged are only utterances that are not, folded, among what was learnt.
"""

import pytest

from catalogue.load import load_catalogue
from edge.guide.learning import UNRELATED, catalogue_words, load_sayings
from tests.edge.guide.measuring import (
    NONE,
    UNSEEN,
    Judged,
    Texts,
    cross_validated,
    held_out,
    score,
    utterances,
)

SAID = utterances()
SERVICES = set(SAID) - {NONE}
OF_THE_GUIDE = {"sos", "track"}
"""Not of the catalogue: the guide's own two."""


@pytest.fixture(scope="module")
def words() -> Texts:
    return catalogue_words(load_catalogue().services.values())


@pytest.fixture(scope="module")
def sayings() -> Texts:
    return load_sayings()


@pytest.fixture(scope="module")
def judged(words: Texts, sayings: Texts) -> list[Judged]:
    return held_out(words, sayings, SAID)


def test_there_are_enough_utterances_for_every_service(words: Texts) -> None:
    assert sum(len(SAID[service]) for service in SERVICES) >= 450
    assert len(SAID[NONE]) >= 60
    assert all(len(SAID[service]) >= 15 for service in SERVICES)
    assert set(words) | OF_THE_GUIDE == SERVICES


def test_no_utterance_is_written_twice() -> None:
    texts = [text for each in SAID.values() for text in each]
    assert len(set(texts)) == len(texts)
    assert all(text == text.strip() and text for text in texts)


def test_the_guide_as_shipped_understands_what_it_never_saw(judged: list[Judged]) -> None:
    found = score(judged)
    assert found.asked >= 300
    assert found.unrelated >= 60
    assert found.top_1 >= 0.95
    assert found.top_3 >= 0.99
    assert found.none >= 0.90
    assert found.known >= 0.95


def test_it_holds_by_cross_validation_too(words: Texts, sayings: Texts) -> None:
    found = score(cross_validated(words, sayings, SAID))
    assert found.asked >= 300
    assert found.top_1 >= 0.95
    assert found.top_3 >= 0.99
    assert found.none >= 0.90
    assert found.known >= 0.95


def test_what_was_written_after_everything_was_settled_is_understood_as_well(
    words: Texts, sayings: Texts
) -> None:
    found = score(held_out(words, sayings, utterances(UNSEEN)))
    assert found.asked >= 60
    assert found.unrelated >= 30
    assert found.top_1 >= 0.95
    assert found.top_3 >= 0.99
    assert found.none >= 0.90
    assert found.known >= 0.95


def test_a_catalogue_s_words_alone_do_most_of_it(words: Texts, sayings: Texts) -> None:
    found = score(held_out(words, {name: sayings[name] for name in (UNRELATED, *OF_THE_GUIDE)}, SAID))
    assert found.top_1 >= 0.90
    assert found.none >= 0.90


def test_no_service_is_left_behind(judged: list[Judged]) -> None:
    for service in SERVICES:
        places = [each.place for each in judged if each.service == service]
        assert sum(place == 0 for place in places) >= 0.75 * len(places), service


def test_an_emergency_is_never_taken_for_small_talk(judged: list[Judged]) -> None:
    missed = [each for each in judged if each.service == "sos" and each.place is None]
    assert len(missed) <= 1

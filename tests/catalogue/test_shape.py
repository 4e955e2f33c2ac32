from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.load import read_service
from catalogue.model import Service
from catalogue.shape import build
from catalogue.yaml_tree import Tree
from tests.catalogue.samples import LIBRARY_CARD, mistakes_of, question, sample, told_of, unhurried, written


def changed(*path: str | int, to: object) -> dict[str, Any]:
    """Return the sample with one value deep inside changed."""
    doc = sample()
    where: Any = doc
    for part in path[:-1]:
        where = where[part]
    where[path[-1]] = to
    return doc


def test_the_sample_has_the_right_shape() -> None:
    assert mistakes_of(LIBRARY_CARD) == []


@pytest.mark.parametrize(
    ("doc", "path", "says"),
    [
        (changed("kind", to="shop"), "kind", "'shop' is none of dossier, report, bill"),
        (changed("kind", to=3), "kind", "3 is none of dossier"),
        (changed("version", to="one"), "version", "'one' where a whole number belongs, digits only"),
        (changed("version", to=True), "version", "True where a whole number belongs"),
        (changed("version", to=0), "version", "0; 1 to 100000 belongs here"),
        (changed("name", to="Thẻ"), "name", "'Thẻ' where a mapping belongs, with vi, en"),
        (changed("name", to=None), "name", "nothing where a mapping belongs"),
        (changed("name", to={"vi": "Thẻ"}), "name", "en is missing"),
        (changed("name", "vi", to=["Thẻ"]), "name.vi", "a list where text belongs"),
        (changed("name", "en", to=5), "name.en", "5 where text belongs; put it in quotes"),
        (changed("name", "vi", to=""), "name.vi", "0 characters; 1 to 120 may stand here"),
        (changed("name", "vi", to="x" * 121), "name.vi", "121 characters; 1 to 120 may stand here"),
        (changed("name", "vi", to="a\nb"), "name.vi", "is not of the form"),
        (changed("id", to="Library Card"), "id", "'Library Card' is not of the form"),
        (changed("code", to="1.00419"), "code", r"'1.00419' is not of the form ^\d\.\d{6}$"),
        (changed("search", "vi", to=["một"]), "search.vi", "1 entries; at least 5 belong here"),
        (changed("search", "en", to=["x"] * 31), "search.en", "31 entries; at most 30 may stand here"),
        (changed("search", "vi", to="thẻ"), "search.vi", "'thẻ' where a list belongs"),
        (
            changed("reviewed_on", to="yesterday"),
            "reviewed_on",
            "'yesterday' where a day belongs, as 2026-11-22",
        ),
        (changed("questions", 0, "type", to="colour"), "questions[0].type", "'colour' is none of text, name"),
        (changed("questions", 1, to="name"), "questions[1]", "'name' where a mapping belongs, with type"),
        (
            changed("questions", 1, "optional", to="no"),
            "questions[1].optional",
            "'no' where true or false belongs",
        ),
        (changed("questions", 1, "colour", to="red"), "questions[1].colour", "unknown key; id, text, help"),
        (
            changed("channels", 0, "fee", "dong", to=7500.5),
            "channels[0].fee.dong",
            "where a whole number belongs",
        ),
        (
            changed("channels", 0, "fee", "dong", to="7.500"),
            "channels[0].fee.dong",
            "where a whole number belongs",
        ),
        (changed("channels", 0, "fee", "dong", to=-1), "channels[0].fee.dong", "-1; 0 to 1000000000"),
        (
            changed("questions", 2, "when", to=[{"question": "who", "is": 3}]),
            "questions[2].when[0].is",
            "3; text, true or false belongs here",
        ),
        ("just words", "", "'just words' where a mapping belongs"),
    ],
)
def test_each_mistake_of_shape_says_where_and_what_would_be_right(doc: Any, path: str, says: str) -> None:
    service, mistakes = read_service("library-card.yaml", written(doc))
    assert service is None
    (mistake,) = mistakes
    assert mistake.path == path
    assert says in mistake.text
    assert mistake.line > 0


def test_all_mistakes_of_a_file_are_told_at_once_with_their_lines() -> None:
    doc = sample(kind="shop", version="one", colour="red")
    del doc["result"]
    doc["questions"].append(question("colour", "c"))
    told = mistakes_of(doc)
    assert [mistake.path for mistake in told] == ["colour", "version", "kind", "", "questions[3].type"]
    assert told[3].text == "result is missing"
    assert len({mistake.line for mistake in told}) == 5


def test_a_wrong_value_is_repeated_only_in_part() -> None:
    ((_, text),) = told_of(sample(kind="x" * 500))
    assert len(text) < 150


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(LIBRARY_CARD)) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=20,
)


@unhurried
@given(trees)
def test_any_tree_is_built_or_explained(value: object) -> None:
    service, mistakes = build(Tree("a.yaml", value, {(): 1}), Service)
    assert service is None
    assert mistakes


@unhurried
@given(st.sampled_from(sorted(LIBRARY_CARD)), trees)
def test_any_value_in_any_place_of_a_good_service_is_taken_or_explained_there(
    key: str, value: object
) -> None:
    service, mistakes = build(Tree("a.yaml", sample(**{key: value}), {(): 1}), Service)
    assert (service is None) == bool(mistakes)
    assert all(mistake.path.startswith(key) for mistake in mistakes)

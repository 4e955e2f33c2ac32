import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.mistakes import Mistake
from catalogue.yaml_tree import MAX_BYTES, MAX_DEPTH, MAX_VALUES, Tree, path_text, read_tree
from tests.catalogue.samples import unhurried


def tree_of(text: str) -> Tree:
    tree, mistakes = read_tree("a.yaml", text.encode())
    assert mistakes == []
    assert tree is not None
    return tree


def refused(data: str | bytes) -> list[Mistake]:
    tree, mistakes = read_tree("a.yaml", data if isinstance(data, bytes) else data.encode())
    assert mistakes
    assert tree is None
    return mistakes


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.004190", "1.004190"),
        ("0903001234", "0903001234"),
        ("0", 0),
        ("42", 42),
        ("-7", -7),
        ("12345678901234567890", "12345678901234567890"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("1:30", "1:30"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1.5", "1.5"),
        ("2026-11-22", dt.date(2026, 11, 22)),
        ("'2026-11-22'", "2026-11-22"),
        ("'42'", "42"),
        ('"true"', "true"),
        ("Đăng ký", "Đăng ký"),
        (">-\n  một\n  hai", "một hai"),
    ],
)
def test_a_plain_scalar_is_only_what_nobody_can_misread(written: str, value: object) -> None:
    assert tree_of(f"a: {written}\n").value == {"a": value}


def test_mappings_and_lists_are_read_in_both_styles() -> None:
    tree = tree_of("a:\n  - b: 1\n    c: {d: [x, y]}\n  - [1, 2]\ne: {}\nf: []\n")
    assert tree.value == {"a": [{"b": 1, "c": {"d": ["x", "y"]}}, [1, 2]], "e": {}, "f": []}


def test_a_mistake_names_the_line_of_the_nearest_value_that_was_written() -> None:
    tree = tree_of("# a comment\na:\n  - b: 1\n\n    c: 2\n")
    assert tree.mistake(("a", 0, "c"), "wrong") == Mistake("a.yaml", 5, "a[0].c", "wrong")
    assert tree.mistake(("a", 0, "missing", "deeper"), "wrong").line == 3
    assert tree.mistake(("other",), "wrong").line == 2
    assert str(tree.mistake(("a", 0, "c"), "wrong")) == "a.yaml:5: a[0].c: wrong"


def test_paths_are_written_as_one_would_say_them() -> None:
    assert path_text(()) == ""
    assert path_text(("questions", 3, "text", "vi")) == "questions[3].text.vi"


def test_a_key_that_is_written_twice_is_told_with_its_first_line() -> None:
    tree, mistakes = read_tree("a.yaml", b"a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert tree is not None
    assert mistakes == [
        Mistake("a.yaml", 4, "b.c", "written twice, first on line 3: keep one of them"),
        Mistake("a.yaml", 5, "a", "written twice, first on line 1: keep one of them"),
    ]


def test_a_day_that_is_not_in_the_calendar_is_a_mistake() -> None:
    _, mistakes = read_tree("a.yaml", b"a: 2026-02-30\n")
    assert mistakes == [Mistake("a.yaml", 1, "a", "2026-02-30 is not a day of the calendar")]


@pytest.mark.parametrize(
    ("written", "line", "says"),
    [
        ("a: &x 1\n", 1, "anchors"),
        ("a:\n  b: &x 1\n  c: *x\n", 2, "anchors"),
        ("a: *x\n", 1, "aliases"),
        ("a: !!python/object/apply:os.system ['true']\n", 1, "tags"),
        ("b: 1\na: !!binary aGk=\n", 2, "tags"),
        ("a: 1\n---\nb: 2\n", 2, "one document"),
        ("? [a, b]\n: 1\n", 1, "a key is a word"),
        ("a: [1, 2\nb: 3\n", 2, "not YAML"),
        ("a: 1\n\tb: 2\n", 2, "not YAML"),
    ],
)
def test_what_yaml_allows_and_a_catalogue_does_not_is_refused_with_its_line(
    written: str, line: int, says: str
) -> None:
    (mistake,) = refused(written)
    assert mistake.line == line
    assert says in mistake.text


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    (mistake,) = refused(b"a: " + b"x" * MAX_BYTES)
    assert mistake == Mistake("a.yaml", 0, "", "larger than 256 KiB")


def test_a_file_that_is_nested_too_deep_or_holds_too_much_is_refused() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert tree_of(f"{deepest}\n").value is not None
    (deep,) = refused(f"[{deepest}]")
    assert "nested deeper than 16" in deep.text
    (abyss,) = refused("[" * 50_000)
    assert "nested deeper than 16" in abyss.text
    (many,) = refused("- 1\n" * (MAX_VALUES + 1))
    assert "at most 20000 values" in many.text


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    (mistake,) = refused(b"a: 1\nb: \xff\n")
    assert mistake == Mistake("a.yaml", 2, "", "not UTF-8: save the file as UTF-8")


def test_characters_that_no_text_file_holds_are_no_yaml() -> None:
    (mistake,) = refused(b"a: \x00\n")
    assert mistake.text.startswith("not YAML")


def test_an_empty_file_holds_nothing() -> None:
    assert tree_of("").value is None
    assert tree_of("# only a comment\n").value is None


@unhurried
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_never_more(data: bytes) -> None:
    tree, mistakes = read_tree("a.yaml", data)
    assert tree is not None or mistakes
    assert all(mistake.file == "a.yaml" and mistake.text for mistake in mistakes)


@unhurried
@given(st.text(alphabet="ab:-?[]{}&*!|>'\"#%@`,\n\t 019\u1ebf", max_size=120))
def test_any_text_of_yaml_marks_is_read_or_refused_never_more(text: str) -> None:
    tree, mistakes = read_tree("a.yaml", text.encode())
    assert tree is not None or mistakes
    if tree is not None:
        assert () in tree.lines or tree.value is None


nested = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text("abc đế", min_size=1, max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@unhurried
@given(nested)
def test_what_json_says_is_read_as_json_says_it(value: object) -> None:
    tree, mistakes = read_tree("a.yaml", json.dumps(value, ensure_ascii=False).encode())
    assert mistakes == []
    assert tree is not None
    assert tree.value == value

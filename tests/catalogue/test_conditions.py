import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.conditions import Clause, Value, applies, is_among

CHILD = Clause(question="who", is_="child")
OLD_OR_YOUNG = Clause(question="who", in_=("child", "elder"))
NO_ADULT = Clause(question="who", not_=("adult",))
MARRIED = Clause(question="married", is_=True)
SINGLE = Clause(question="married", is_=False)


@pytest.mark.parametrize(
    ("clause", "answers", "holds"),
    [
        (CHILD, {"who": "child"}, True),
        (CHILD, {"who": "adult"}, False),
        (OLD_OR_YOUNG, {"who": "elder"}, True),
        (OLD_OR_YOUNG, {"who": "adult"}, False),
        (NO_ADULT, {"who": "child"}, True),
        (NO_ADULT, {"who": "adult"}, False),
        (MARRIED, {"married": True}, True),
        (MARRIED, {"married": False}, False),
        (SINGLE, {"married": False}, True),
        (SINGLE, {"married": True}, False),
    ],
)
def test_a_clause_is_equal_one_of_or_none_of(
    clause: Clause, answers: dict[str, object], *, holds: bool
) -> None:
    assert applies((clause,), answers) is holds


@pytest.mark.parametrize("clause", [CHILD, OLD_OR_YOUNG, NO_ADULT, MARRIED, SINGLE])
def test_what_nobody_said_satisfies_no_clause_not_even_a_not(clause: Clause) -> None:
    assert not applies((clause,), {})
    assert not applies((clause,), {clause.question: None})


def test_every_clause_must_hold_and_none_at_all_always_does() -> None:
    assert applies((), {})
    assert applies((CHILD, SINGLE), {"who": "child", "married": False})
    assert not applies((CHILD, SINGLE), {"who": "child", "married": True})


def test_one_is_not_true_and_zero_is_not_false() -> None:
    assert not MARRIED.allows(1)
    assert not SINGLE.allows(0)
    assert not is_among(1, (True,))
    assert is_among("x", ("x", True))


def test_a_clause_counts_its_forms_and_names_its_answers() -> None:
    assert [each.forms for each in (CHILD, OLD_OR_YOUNG, NO_ADULT, SINGLE, Clause(question="a"))] == [
        1,
        1,
        1,
        1,
        0,
    ]
    assert Clause(question="a", is_="x", in_=("y",), not_=("z",)).named == ("x", "y", "z")
    assert Clause(question="a", is_="x", in_=("y",), not_=("z",)).forms == 3


values = st.text(max_size=3) | st.booleans()


@given(st.lists(values, min_size=1, max_size=5), values)
def test_not_is_the_contrary_of_in(listed: list[Value], value: Value) -> None:
    inside = Clause(question="q", in_=tuple(listed)).allows(value)
    outside = Clause(question="q", not_=tuple(listed)).allows(value)
    assert inside is not outside

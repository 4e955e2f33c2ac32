"""A SequenceSet behaves as the set of integers that it stands for."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import MessageError
from wire.ranges import SequenceSet

numbers = st.sets(st.integers(1, 60), max_size=40)


@given(numbers)
def test_it_holds_what_was_put_in(members: set[int]) -> None:
    held = SequenceSet.of_numbers(members)
    assert list(held) == sorted(members)
    assert len(held) == len(members)
    assert {number for number in range(62) if number in held} == members


@given(numbers, numbers)
def test_union_is_union(left: set[int], right: set[int]) -> None:
    assert SequenceSet.of_numbers(left) | SequenceSet.of_numbers(right) == SequenceSet.of_numbers(
        left | right
    )


@given(numbers)
def test_text_reads_back(members: set[int]) -> None:
    held = SequenceSet.of_numbers(members)
    assert SequenceSet.parse(str(held)) == held


@given(numbers)
def test_ranges_are_sorted_disjoint_and_not_adjacent(members: set[int]) -> None:
    ranges = SequenceSet.of_numbers(members).ranges
    assert all(first <= last for first, last in ranges)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))


@given(numbers)
def test_holes_are_what_is_missing_below_the_highest(members: set[int]) -> None:
    held = SequenceSet.of_numbers(members)
    assert set(held.holes()) == set(range(1, max(members, default=0))) - members


@pytest.mark.parametrize("text", ["x", "1-", "-1", "0", "5-3", "1,,x", "1-2-3"])
def test_text_that_is_no_ranges_is_refused(text: str) -> None:
    with pytest.raises(MessageError):
        SequenceSet.parse(text)


def test_a_few_shapes() -> None:
    assert str(SequenceSet.of([(1, 3), (4, 4), (7, 9)])) == "1-4,7-9"
    assert str(SequenceSet.of([])) == ""
    assert SequenceSet.parse("") == SequenceSet()
    assert str(SequenceSet.of([(1, 2), (5, 6)]).holes()) == "3-4"

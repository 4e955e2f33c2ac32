import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.countdown import next_second_ms, seconds_left


@pytest.mark.parametrize(
    ("left_ms", "seconds"),
    [(15_000, 15), (14_001, 15), (14_000, 14), (1_000, 1), (999, 1), (1, 1), (0, 0), (-5, 0)],
)
def test_a_second_counts_until_it_is_over(left_ms: int, seconds: int) -> None:
    assert seconds_left(100_000, 100_000 - left_ms) == seconds


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_waiting_for_the_next_second_makes_it_one_less_and_not_earlier(until_ms: int, left_ms: int) -> None:
    now_ms = until_ms - left_ms
    then_ms = next_second_ms(until_ms, now_ms)
    assert now_ms < then_ms <= until_ms
    assert seconds_left(until_ms, then_ms) == seconds_left(until_ms, now_ms) - 1
    assert seconds_left(until_ms, then_ms - 1) == seconds_left(until_ms, now_ms)

"""When an errand is tried again, and when another system is asked for news."""

from hypothesis import given
from hypothesis import strategies as st

from cloud.route.retry import (
    FIRST_POLL_MS,
    FIRST_RETRY_MS,
    LAST_POLL_MS,
    LAST_RETRY_MS,
    MAX_ATTEMPTS,
    poll_at_ms,
    retry_at_ms,
)

NOW_MS = 1_780_000_000_000
DAY_MS = 86_400_000


def test_pauses_double_up_to_an_hour_and_then_it_is_given_up() -> None:
    waits = [retry_at_ms(attempts, 0, 0.0) for attempts in range(1, MAX_ATTEMPTS + 1)]
    assert waits[:4] == [FIRST_RETRY_MS, 2 * FIRST_RETRY_MS, 4 * FIRST_RETRY_MS, 8 * FIRST_RETRY_MS]
    assert waits[-2] == LAST_RETRY_MS
    assert waits[-1] is None


def test_all_pauses_together_outlast_a_nights_maintenance() -> None:
    total_ms = sum(retry_at_ms(attempts, 0, 0.0) or 0 for attempts in range(1, MAX_ATTEMPTS))
    assert 8 * 3_600_000 < total_ms < DAY_MS


def test_what_is_of_no_use_is_not_tried_again() -> None:
    assert retry_at_ms(1, NOW_MS, 0.5, is_final=True) is None


@given(st.integers(1, MAX_ATTEMPTS - 1), st.floats(0, 1))
def test_jitter_adds_a_quarter_at_most(attempts: int, spread: float) -> None:
    plain, spread_out = retry_at_ms(attempts, 0, 0.0), retry_at_ms(attempts, 0, spread)
    assert plain is not None
    assert spread_out is not None
    assert plain <= spread_out <= plain * 5 // 4


def test_news_are_asked_for_soon_at_first_and_hourly_in_the_end() -> None:
    assert poll_at_ms(NOW_MS, NOW_MS, 0.0) == NOW_MS + FIRST_POLL_MS
    assert poll_at_ms(NOW_MS - 3_600_000, NOW_MS, 0.0) == NOW_MS + 180_000
    assert poll_at_ms(NOW_MS - 30 * DAY_MS, NOW_MS, 0.0) == NOW_MS + LAST_POLL_MS


@given(st.integers(-DAY_MS, 400 * DAY_MS), st.floats(0, 1))
def test_the_next_question_is_never_at_once_and_never_too_far(age_ms: int, spread: float) -> None:
    wait_ms = poll_at_ms(NOW_MS - age_ms, NOW_MS, spread) - NOW_MS
    assert FIRST_POLL_MS <= wait_ms <= LAST_POLL_MS * 5 // 4


def test_a_city_may_ask_sooner_and_still_asks_less_and_less() -> None:
    assert poll_at_ms(NOW_MS, NOW_MS, 0.0, 5_000) == NOW_MS + 5_000
    assert poll_at_ms(NOW_MS - DAY_MS, NOW_MS, 0.0, 5_000) == poll_at_ms(NOW_MS - DAY_MS, NOW_MS, 0.0)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.connectors.breaker import Breaker, Policy, admit, failed, new_breaker, pay_retry, succeeded

POLICY = Policy(failures=3, open_ms=1_000, longest_ms=8_000, trial_ms=500, saved_retries=2)


def broken(times: int, now_ms: int = 0) -> Breaker:
    breaker = new_breaker(POLICY)
    for _ in range(times):
        breaker = failed(breaker, POLICY, now_ms)
    return breaker


def let_through(breaker: Breaker, now_ms: int) -> Breaker:
    admitted = admit(breaker, POLICY, now_ms)
    assert admitted is not None
    return admitted


def test_it_opens_after_failures_in_a_row() -> None:
    assert let_through(broken(2), 0) == broken(2)
    assert admit(broken(3), POLICY, 0) is None
    assert admit(broken(3), POLICY, 999) is None


def test_a_success_between_begins_the_count_anew() -> None:
    breaker = succeeded(broken(2), POLICY)
    for _ in range(2):
        breaker = failed(breaker, POLICY, 0)
    assert breaker.until_ms is None


def test_after_its_time_one_is_let_through_to_try_and_the_others_are_not() -> None:
    tried = let_through(broken(3), 1_000)
    assert admit(tried, POLICY, 1_000) is None
    assert admit(tried, POLICY, 1_499) is None
    assert let_through(tried, 1_500).trial_until_ms == 2_000, "whoever tried has vanished"


def test_a_trial_that_succeeds_closes_it() -> None:
    closed = succeeded(let_through(broken(3), 1_000), POLICY)
    assert (closed.until_ms, closed.failures, closed.opened) == (None, 0, 0)


def test_each_trial_that_fails_doubles_the_pause_up_to_the_longest() -> None:
    breaker, now_ms, pauses = broken(3), 0, []
    for _ in range(6):
        assert breaker.until_ms is not None
        pauses.append(breaker.until_ms - now_ms)
        now_ms = breaker.until_ms
        breaker = failed(let_through(breaker, now_ms), POLICY, now_ms)
    assert pauses == [1_000, 2_000, 4_000, 8_000, 8_000, 8_000]


def test_retries_are_paid_and_ten_successes_save_one() -> None:
    breaker = new_breaker(POLICY)
    for _ in range(2):
        paid = pay_retry(breaker)
        assert paid is not None
        breaker = paid
    for _ in range(9):
        breaker = succeeded(breaker, POLICY)
    assert pay_retry(breaker) is None
    assert pay_retry(succeeded(breaker, POLICY)) is not None


@given(st.lists(st.sampled_from(["ok", "fail", "retry", "wait"]), max_size=60))
def test_whatever_happens_retries_stay_a_tenth_and_it_lets_somebody_through_again(steps: list[str]) -> None:
    breaker, now_ms, retries, successes = new_breaker(POLICY), 0, 0, 0
    for step in steps:
        if step == "wait":
            now_ms += 700
        elif step == "retry":
            paid = pay_retry(breaker)
            retries += paid is not None
            breaker = paid or breaker
        else:
            admitted = admit(breaker, POLICY, now_ms)
            if admitted is None:
                continue
            successes += step == "ok"
            breaker = succeeded(admitted, POLICY) if step == "ok" else failed(admitted, POLICY, now_ms)
        assert 0 <= breaker.tenths <= POLICY.saved_retries * 10
        assert retries <= POLICY.saved_retries + successes / 10
    assert admit(breaker, POLICY, now_ms + POLICY.longest_ms + POLICY.trial_ms) is not None


@pytest.mark.parametrize("opened", [0, 19, 20, 500])
def test_however_long_it_is_down_the_pause_stays_a_number(opened: int) -> None:
    breaker = failed(Breaker(failures=9, opened=opened, until_ms=0), POLICY, 0)
    assert breaker.until_ms is not None
    assert breaker.until_ms <= POLICY.longest_ms

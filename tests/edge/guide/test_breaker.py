from hypothesis import given
from hypothesis import strategies as st

from edge.guide.breaker import FAILURES, REST_S, Breaker


def broken(at_s: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(at_s)
    return breaker


def test_a_failure_or_two_are_forgiven() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed(0.0)
    assert breaker.may_try(0.0)


def test_too_many_in_a_row_give_a_rest() -> None:
    breaker = broken(at_s=10.0)
    assert not breaker.may_try(10.0)
    assert not breaker.may_try(10.0 + REST_S - 0.1)
    assert breaker.may_try(10.0 + REST_S)


def test_a_try_after_the_rest_that_fails_gives_another_one() -> None:
    breaker = broken()
    breaker.failed(REST_S)
    assert not breaker.may_try(REST_S + 1)
    assert breaker.may_try(2 * REST_S)


def test_a_success_forgets_the_failures() -> None:
    breaker = broken()
    breaker.succeeded()
    breaker.failed(1.0)
    assert breaker.may_try(1.0)


@given(st.lists(st.booleans(), max_size=40))
def test_it_is_never_shut_for_longer_than_a_rest(outcomes: list[bool]) -> None:
    breaker = Breaker()
    for at_s, has_succeeded in enumerate(outcomes):
        if has_succeeded:
            breaker.succeeded()
        else:
            breaker.failed(float(at_s))
    assert breaker.may_try(len(outcomes) + REST_S)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.money import Provider
from cloud.payments.order import Order
from cloud.payments.polling import AFTER_END_MS, FIRST_MS, LONGEST_MS, asked_providers, next_poll_ms
from tests.cloud.payments.samples import END_MS, order, paid
from tests.cloud.samples import NOW_MS

SHOWN = order(shown=(Provider.BANK, Provider.MOMO, Provider.VNPAY))


def test_those_are_asked_whose_code_was_seen_and_never_the_bank() -> None:
    assert asked_providers(SHOWN) == (Provider.MOMO, Provider.VNPAY)


@pytest.mark.parametrize(
    "before", [order(), order(shown=(Provider.BANK,)), paid(SHOWN), paid(order(shown=(Provider.MOMO,)))]
)
def test_nobody_is_asked_when_nothing_is_expected(before: Order) -> None:
    assert next_poll_ms(before, NOW_MS) is None


def test_a_closed_or_expired_order_is_asked_for_until_a_day_after_its_end() -> None:
    for before in (SHOWN, order(shown=(Provider.MOMO,), is_closed=True, is_expired=True)):
        assert next_poll_ms(before, END_MS + AFTER_END_MS - 1) == END_MS + AFTER_END_MS - 1 + LONGEST_MS
        assert next_poll_ms(before, END_MS + AFTER_END_MS) is None


@given(st.integers(-60_000, AFTER_END_MS))
def test_the_pauses_grow_within_their_bounds(age_ms: int) -> None:
    first, later = (next_poll_ms(SHOWN, NOW_MS + age) for age in (age_ms, age_ms + 1_000))
    assert first is not None
    pause_ms = first - (NOW_MS + age_ms)
    assert FIRST_MS <= pause_ms <= LONGEST_MS
    assert later is None or later - (NOW_MS + age_ms + 1_000) >= pause_ms


def test_a_whole_life_takes_few_questions() -> None:
    now_ms: int | None = NOW_MS
    count = 0
    while now_ms is not None:
        now_ms = next_poll_ms(SHOWN, now_ms)
        count += 1
    assert count < 80

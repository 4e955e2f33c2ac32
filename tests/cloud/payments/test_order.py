"""The state follows from the money and the marks; every row here is one way to stand."""

from typing import Any

import pytest

from cloud.payments.ledger import Place, at
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey
from cloud.payments.order import Payment, Refund, State, accounts_of
from tests.cloud.payments.samples import order
from tests.cloud.samples import NOW_MS


def money(txn: str = "t1", amount_dong: int = 75_000, **kept: Any) -> Payment:
    return Payment(key=PaymentKey(Provider.BANK, txn), amount_dong=amount_dong, taken_at_ms=NOW_MS, **kept)


FULL = money(applied_dong=75_000)
SECOND = money("t2")
SENDING = Refund("r1", 75_000)


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, State.CREATED),
        ({"shown": (Provider.BANK,)}, State.QR_SHOWN),
        ({"shown": (Provider.BANK,), "is_expired": True}, State.EXPIRED),
        ({"is_expired": True, "is_closed": True}, State.CANCELLED),
        ({"payments": (FULL,)}, State.PAID),
        ({"payments": (FULL,), "is_expired": True, "is_late": True}, State.PAID_LATE),
        ({"payments": (money(amount_dong=30_000),)}, State.MISMATCH),
        ({"payments": (money(amount_dong=30_000),), "is_expired": True}, State.MISMATCH),
        ({"payments": (money(amount_dong=30_000),), "is_closed": True}, State.REFUND_DUE),
        ({"payments": (money(amount_dong=30_000, refund=Refund("r", 30_000)),)}, State.REFUND_DUE),
        ({"payments": (money(amount_dong=30_000, refunded_dong=30_000),)}, State.REFUNDED),
        ({"payments": (money(amount_dong=90_000, applied_dong=75_000),)}, State.MISMATCH),
        (
            {"payments": (money(amount_dong=90_000, applied_dong=75_000, refund=Refund("r", 15_000)),)},
            State.REFUND_DUE,
        ),
        (
            {"payments": (money(amount_dong=90_000, applied_dong=75_000, refunded_dong=15_000),)},
            State.PAID,
        ),
        ({"payments": (FULL, SECOND)}, State.REFUND_DUE),
        ({"payments": (FULL, money("t2", refund=SENDING))}, State.REFUND_DUE),
        ({"payments": (FULL, money("t2", refunded_dong=75_000))}, State.PAID),
        ({"payments": (money(),), "is_closed": True}, State.REFUND_DUE),
        ({"payments": (money(refunded_dong=75_000),), "is_closed": True}, State.REFUNDED),
    ],
)
def test_the_state_follows_from_the_money(changed: dict[str, Any], state: State) -> None:
    assert order(**changed).state is state


def test_a_paid_order_with_a_second_payment_is_still_paid_for() -> None:
    both = order(payments=(FULL, SECOND))
    assert (both.is_settled, both.due_dong, both.taken_dong) == (True, 75_000, 150_000)


@pytest.mark.parametrize(
    ("payments", "difference_dong"),
    [
        ((), -75_000),
        ((money(amount_dong=30_000),), -45_000),
        ((FULL,), 0),
        ((money(amount_dong=90_000, applied_dong=75_000),), 15_000),
        ((money(amount_dong=90_000, applied_dong=75_000, refunded_dong=15_000),), 0),
    ],
)
def test_what_is_over_or_short_is_told(payments: tuple[Payment, ...], difference_dong: int) -> None:
    assert order(payments=payments).difference_dong == difference_dong


def test_what_is_on_its_way_back_is_due_and_not_free() -> None:
    payment = money(amount_dong=90_000, applied_dong=50_000, refunded_dong=10_000, refund=Refund("r", 25_000))
    assert (payment.due_dong, payment.free_dong) == (30_000, 5_000)


def test_an_orders_balances_have_every_dong_at_one_place() -> None:
    folded = accounts_of(
        order(payments=(money(amount_dong=90_000, applied_dong=75_000, refunded_dong=5_000), SECOND))
    )
    assert {place: at(folded, place) for place in Place} == {
        Place.TAKEN: 165_000,
        Place.PAID_FOR: 75_000,
        Place.REFUND_DUE: 85_000,
        Place.REFUNDED: 5_000,
    }
    assert sum(folded.values()) == 0


def test_a_payment_is_found_by_its_provider_and_number() -> None:
    known = order(payments=(FULL, SECOND))
    assert known.payment(PaymentKey(Provider.BANK, "t2")) is SECOND
    assert known.payment(PaymentKey(Provider.MOMO, "t2")) is None

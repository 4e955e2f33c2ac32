"""Orders of payment: what makes them, shows them, ends them."""

from typing import Any

import pytest
from sqlalchemy import text

from cloud.payments.errors import AmountError, RefusedCode, RefusedError
from cloud.payments.money import Provider
from cloud.payments.order import Order, State
from cloud.payments.reference import is_reference
from cloud.store import payment_books, payments
from cloud.store.engine import Store, open_store
from cloud.store.errors import AwayError, ContentError, MissingError
from tests.cloud.paying import AMOUNT_DONG, END_MS, LIFE_MS, asked, booked, money, opened, places, read
from tests.cloud.samples import NOW_MS


def shown(store: Store, order: Order, provider: Provider = Provider.BANK, now_ms: int = NOW_MS) -> Order:
    with store.writing() as connection:
        return payments.show_payment(connection, order.id, provider, now_ms)


def closed(store: Store, order: Order) -> Order:
    with store.writing() as connection:
        return payments.close_payment(connection, order.id, "withdrawn", NOW_MS)


def given_up(store: Store, order: Order) -> Order:
    with store.writing() as connection:
        return payments.give_up_payment(connection, order.id, "refused", NOW_MS)


def expired(store: Store, now_ms: int, limit: int = 100) -> int:
    with store.writing() as connection:
        return payments.expire_payments(connection, now_ms, limit)


def kinds(store: Store, order: Order) -> list[str]:
    with store.reading() as connection:
        return [event.kind for event in payment_books.history(connection, order.id)]


def test_an_order_is_kept_as_it_was_opened(store: Store) -> None:
    order = opened(store)
    assert read(store, order) == order
    assert (order.amount_dong, order.expires_at_ms, order.state) == (
        AMOUNT_DONG,
        NOW_MS + LIFE_MS,
        State.CREATED,
    )
    assert is_reference(order.reference or "")
    assert kinds(store, order) == ["created"]


def test_the_same_order_again_is_the_same_order(store: Store) -> None:
    """The key was minted with the draft; a repetition after a lost answer is no second order."""
    order = opened(store)
    assert opened(store, now_ms=NOW_MS + 5_000) == order
    paid = booked(store, money(order)).order
    assert opened(store, now_ms=END_MS) == paid, "also when it was paid meanwhile"


@pytest.mark.parametrize(
    "changed", [{"amount_dong": 1}, {"subject": "other"}, {"purpose": "other"}, {"station": "st-2"}]
)
def test_another_order_under_the_same_id_is_refused(store: Store, changed: dict[str, Any]) -> None:
    order = opened(store)
    with pytest.raises(RefusedError) as error:
        opened(store, **changed)
    assert error.value.code is RefusedCode.CONTRADICTS
    assert read(store, order) == order


def test_an_order_of_no_amount_is_not_kept(store: Store) -> None:
    with pytest.raises(AmountError):
        opened(store, amount_dong=0)
    with pytest.raises(MissingError):
        read(store, Order(**{**_fields(), "id": asked().id}))


def _fields() -> dict[str, Any]:
    return {
        "id": "",
        "reference": None,
        "subject": "",
        "purpose": "",
        "station": "",
        "amount_dong": 1,
        "created_at_ms": 0,
        "expires_at_ms": 0,
    }


def test_a_reference_that_is_taken_is_drawn_anew(store: Store) -> None:
    draws = iter([7, 7, 7, 8])
    with store.writing() as connection:
        first = payments.open_payment(connection, asked(1), NOW_MS, draw=lambda: next(draws))
        second = payments.open_payment(connection, asked(2), NOW_MS, draw=lambda: next(draws))
    assert {first.reference, second.reference} == {"TCDS000000000777", "TCDS000000000874"}


def test_when_no_reference_is_free_nothing_is_kept(store: Store) -> None:
    with store.writing() as connection:
        payments.open_payment(connection, asked(1), NOW_MS, draw=lambda: 7)
    with pytest.raises(AwayError), store.writing() as connection:
        payments.open_payment(connection, asked(2), NOW_MS, draw=lambda: 7)


def test_ways_to_pay_are_noted_before_they_are_shown(store: Store) -> None:
    order = opened(store)
    shown(store, order, Provider.VNPAY)
    both = shown(store, order, Provider.BANK)
    assert shown(store, order, Provider.BANK) == both
    assert (both.shown, both.state, both.version) == ((Provider.BANK, Provider.VNPAY), State.QR_SHOWN, 3)
    assert read(store, order) == both
    with pytest.raises(RefusedError):
        shown(store, order, now_ms=END_MS)


def test_several_orders_may_be_open_for_a_subject_and_one_is_paid(store: Store) -> None:
    first, second = opened(store, 1, subject="s"), opened(store, 2, subject="s")
    other = opened(store, 3)
    booked(store, money(second))
    assert (read(store, first).state, read(store, second).state) == (State.CANCELLED, State.PAID)
    assert read(store, other).state is State.CREATED
    with pytest.raises(RefusedError) as error:
        opened(store, 4, subject="s")
    assert error.value.code is RefusedCode.ALREADY_PAID


def test_what_was_given_up_may_be_paid_anew(store: Store) -> None:
    order = opened(store, 1, subject="s")
    booked(store, money(order))
    assert given_up(store, order).state is State.REFUND_DUE
    again = opened(store, 2, subject="s")
    assert booked(store, money(again, "t2")).order.state is State.PAID


def test_time_is_over_for_those_whose_it_is(store: Store) -> None:
    orders = [opened(store, number) for number in range(1, 5)]
    booked(store, money(orders[1]))
    closed(store, orders[2])
    late = opened(store, 9, now_ms=NOW_MS + 1)
    assert expired(store, END_MS - 1) == 0
    assert [expired(store, END_MS, limit=1) for _ in range(3)] == [1, 1, 0]
    states = [read(store, order).state for order in (*orders, late)]
    assert states == [State.EXPIRED, State.PAID, State.CANCELLED, State.EXPIRED, State.CREATED]


def test_two_sweepers_at_once_do_not_wait_for_each_other(postgres_url: str) -> None:
    """On SQLite there is one writer at a time anyhow."""
    with open_store(postgres_url) as store:
        opened(store)
        with store.writing() as first:
            assert payments.expire_payments(first, END_MS, 10) == 1
            with store.writing() as second:
                assert payments.expire_payments(second, END_MS, 10) == 0


def test_closing_and_giving_up_are_kept_with_their_reason(store: Store) -> None:
    order = opened(store)
    assert closed(store, order) == closed(store, order)
    with store.reading() as connection:
        events = payment_books.history(connection, order.id)
    assert [(event.version, event.kind, event.data) for event in events] == [
        (1, "created", {"amount_dong": AMOUNT_DONG}),
        (2, "closed", {"reason": "withdrawn"}),
    ]


@pytest.mark.parametrize("deed", [shown, closed, given_up])
def test_there_is_nothing_to_do_with_an_order_that_is_not_there(store: Store, deed: Any) -> None:
    with pytest.raises(MissingError):
        deed(store, Order(**{**_fields(), "id": "f" * 32}))


def test_the_database_refuses_a_subject_that_is_paid_for_twice(store: Store) -> None:
    first = opened(store, 1, subject="s")
    opened(store, 2, subject="s")
    booked(store, money(first))
    with pytest.raises(ContentError), store.writing() as connection:
        connection.execute(text("UPDATE payment_order SET settled_at_ms = 1"))


@pytest.mark.parametrize("table", ["payment_event", "ledger_posting"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at_ms = 0", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_books(store: Store, table: str, change: str) -> None:
    booked(store, money(opened(store)))
    before = places(store)
    with pytest.raises(ContentError), store.writing() as connection:
        connection.execute(text(change.format(table)))
    assert places(store) == before

"""Sending money back."""

import pytest

from cloud.payments.errors import RefusedError
from cloud.payments.ledger import Place
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey
from cloud.payments.order import Order, Refund, State
from cloud.store import payment_books, payment_refunds
from cloud.store.engine import Store
from cloud.store.errors import MissingError
from tests.cloud.paying import AMOUNT_DONG, booked, ended, money, opened, places, read, sent_back
from tests.cloud.samples import NOW_MS

KEY = PaymentKey(Provider.BANK, "t2")


def paid_twice(store: Store, number: int = 1) -> Order:
    order = opened(store, number)
    booked(store, money(order, f"a{number}"))
    return booked(store, money(order, "t2" if number == 1 else f"b{number}")).order


def refund_of(order: Order) -> Refund:
    payment = order.payment(KEY)
    assert payment is not None
    assert payment.refund is not None
    return payment.refund


def test_a_refund_has_its_key_before_anybody_is_asked(store: Store) -> None:
    order = sent_back(store, paid_twice(store), KEY)
    refund = refund_of(read(store, order))
    assert (refund.amount_dong, refund.id) == (AMOUNT_DONG, f"R{order.id[:24]}v4")
    assert len(refund.id) <= 32
    assert refund.id.isalnum()
    assert places(store)[Place.REFUND_DUE] == AMOUNT_DONG, "still owed until it arrives"


def test_asking_twice_is_one_refund(store: Store) -> None:
    order = sent_back(store, paid_twice(store), KEY)
    assert sent_back(store, order, KEY) == order


def test_a_refund_that_arrived_is_booked_once(store: Store) -> None:
    order = sent_back(store, paid_twice(store), KEY)
    refund = refund_of(order).id
    done = ended(store, order, KEY, refund)
    assert (done.state, done.due_dong) == (State.PAID, 0)
    assert ended(store, order, KEY, refund) == done
    assert ended(store, order, KEY, refund, is_done=False) == done, "what is done is done"
    assert places(store) == {
        Place.TAKEN: 2 * AMOUNT_DONG,
        Place.PAID_FOR: AMOUNT_DONG,
        Place.REFUND_DUE: 0,
        Place.REFUNDED: AMOUNT_DONG,
    }
    with pytest.raises(RefusedError):
        sent_back(store, order, KEY)


def test_a_refund_that_was_turned_down_is_owed_and_the_next_has_another_key(store: Store) -> None:
    order = sent_back(store, paid_twice(store), KEY)
    first = refund_of(order).id
    failed = ended(store, order, KEY, first, is_done=False)
    assert (failed.state, failed.due_dong) == (State.REFUND_DUE, AMOUNT_DONG)
    second = refund_of(sent_back(store, order, KEY)).id
    assert second != first
    assert ended(store, order, KEY, first).due_dong == AMOUNT_DONG, "an old answer ends no new refund"


def test_what_is_paid_for_is_not_sent_back(store: Store) -> None:
    order = booked(store, money(opened(store), "t2")).order
    with pytest.raises(RefusedError):
        sent_back(store, order, KEY)
    with pytest.raises(RefusedError):
        sent_back(store, order, PaymentKey(Provider.MOMO, "t2"))


def test_there_is_nothing_to_send_back_of_an_order_that_is_not_there(store: Store) -> None:
    with store.writing() as connection, pytest.raises(MissingError):
        payment_refunds.send_back(connection, "f" * 32, KEY, NOW_MS)


def test_the_lists_have_what_is_owed_and_what_is_on_its_way(store: Store) -> None:
    first, second = paid_twice(store, 1), paid_twice(store, 2)
    booked(store, money(opened(store, 3), "t9"))
    sent_back(store, first, KEY, now_ms=NOW_MS + 90_000)
    with store.reading() as connection:
        assert [order.id for order in payment_refunds.owed(connection, 10)] == [second.id, first.id]
        assert len(payment_refunds.owed(connection, 1)) == 1
        (sending,) = payment_refunds.on_their_way(connection, 10)
    assert (sending.order.id, sending.payment.key) == (first.id, KEY)
    ended(store, first, KEY, refund_of(sending.order).id)
    with store.reading() as connection:
        assert payment_refunds.on_their_way(connection, 10) == []
        assert [order.id for order in payment_refunds.owed(connection, 10)] == [second.id]
        kinds = [event.kind for event in payment_books.history(connection, first.id)]
    assert kinds == ["created", "taken", "taken", "refund_ordered", "refund_done"]

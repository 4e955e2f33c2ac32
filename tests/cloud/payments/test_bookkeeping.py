import pytest

from cloud.payments.bookkeeping import PAID_ELSEWHERE, book
from cloud.payments.change import EventKind
from cloud.payments.errors import RefusedError
from cloud.payments.order import State
from tests.cloud.payments.samples import order, paid, taken
from tests.cloud.samples import NOW_MS

FIRST = order()
SECOND = order(id="0b" * 16)
THIRD = order(id="0c" * 16, is_closed=True)


def test_whoever_is_paid_first_settles_and_the_others_are_closed() -> None:
    changes = book([FIRST, SECOND, THIRD], FIRST.id, taken(), NOW_MS)
    assert [(change.order.id, change.kind) for change in changes] == [
        (FIRST.id, EventKind.TAKEN),
        (SECOND.id, EventKind.CLOSED),
    ]
    assert changes[1].data == {"reason": PAID_ELSEWHERE}
    assert [change.order.state for change in changes] == [State.PAID, State.CANCELLED]


def test_a_part_of_the_amount_closes_nobody() -> None:
    (change,) = book([FIRST, SECOND], FIRST.id, taken("t1", 1), NOW_MS)
    assert change.order.state is State.MISMATCH


def test_the_parts_that_others_got_are_owed_back() -> None:
    part = paid(SECOND, taken("t0", 30_000))
    _, closed = book([FIRST, part], FIRST.id, taken(), NOW_MS)
    assert (closed.order.state, closed.order.due_dong) == (State.REFUND_DUE, 30_000)


def test_a_payment_that_is_known_changes_nobody() -> None:
    assert book([paid(FIRST), SECOND], FIRST.id, taken(), NOW_MS) == []


def test_an_order_that_was_opened_while_another_was_paid_is_closed_before_it_takes_money() -> None:
    changes = book([paid(FIRST), SECOND], SECOND.id, taken("t2"), NOW_MS)
    assert [change.kind for change in changes] == [EventKind.CLOSED, EventKind.TAKEN]
    assert (changes[-1].order.state, changes[-1].order.version) == (State.REFUND_DUE, 3)


def test_a_second_payment_of_the_settled_one_is_its_own_matter() -> None:
    (change,) = book([paid(FIRST), THIRD], FIRST.id, taken("t2"), NOW_MS)
    assert (change.order.is_settled, change.order.due_dong) == (True, 75_000)


def test_a_contradiction_is_told() -> None:
    with pytest.raises(RefusedError):
        book([paid(FIRST), SECOND], FIRST.id, taken("t1", 5), NOW_MS)

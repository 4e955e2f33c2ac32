from dataclasses import replace
from typing import Any

import pytest

from cloud.payments.change import (
    MAX_LIFE_MS,
    MIN_LIFE_MS,
    EventKind,
    close,
    expire,
    finish_refund,
    give_up,
    open_order,
    open_stray,
    order_refund,
    show,
    take,
)
from cloud.payments.errors import AmountError, RefusedCode, RefusedError
from cloud.payments.ledger import Place, at, balances
from cloud.payments.money import MAX_DONG, Provider
from cloud.payments.notice import Movement, PaymentKey, Source
from cloud.payments.order import Order, Refund, State
from tests.cloud.payments.samples import AMOUNT_DONG, END_MS, REFERENCE, changed, order, paid, taken
from tests.cloud.samples import NOW_MS

T1, T2 = taken("t1").key, taken("t2").key


def refused(error: pytest.ExceptionInfo[RefusedError]) -> RefusedCode:
    return error.value.code


def test_a_new_order_is_opened_without_money() -> None:
    change = open_order(order())
    assert (change.order, change.kind, change.entry, change.settles) == (
        order(),
        EventKind.CREATED,
        None,
        False,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"subject": "x" * 65},
        {"purpose": ""},
        {"station": ""},
        {"reference": None},
        {"reference": "TCDS000123"},
        {"expires_at_ms": NOW_MS + MIN_LIFE_MS - 1},
        {"expires_at_ms": NOW_MS + MAX_LIFE_MS + 1},
        {"is_closed": True},
        {"shown": (Provider.BANK,)},
        {"payments": paid().payments},
    ],
)
def test_an_order_that_cannot_be_is_not_opened(changes: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as error:
        open_order(order(**changes))
    assert refused(error) is RefusedCode.INVALID


@pytest.mark.parametrize("amount_dong", [0, -75_000, MAX_DONG + 1])
def test_an_order_of_no_amount_is_not_opened(amount_dong: int) -> None:
    with pytest.raises(AmountError):
        open_order(order(amount_dong=amount_dong))


def test_ways_to_pay_are_shown_once_each() -> None:
    first = changed(show(order(), Provider.VNPAY, NOW_MS))
    assert (first.state, first.shown, first.version) == (State.QR_SHOWN, (Provider.VNPAY,), 2)
    assert show(first, Provider.VNPAY, NOW_MS) is None
    assert changed(show(first, Provider.BANK, NOW_MS)).shown == (Provider.BANK, Provider.VNPAY)


@pytest.mark.parametrize(
    ("before", "now_ms", "code"),
    [
        (order(), END_MS, RefusedCode.NOT_ALLOWED),
        (order(is_expired=True), NOW_MS, RefusedCode.NOT_ALLOWED),
        (order(is_closed=True), NOW_MS, RefusedCode.NOT_ALLOWED),
        (paid(), NOW_MS, RefusedCode.ALREADY_PAID),
    ],
)
def test_nobody_is_shown_a_code_that_shall_not_be_paid(before: Order, now_ms: int, code: RefusedCode) -> None:
    with pytest.raises(RefusedError) as error:
        show(before, Provider.BANK, now_ms)
    assert refused(error) is code


def test_the_right_amount_in_time_settles() -> None:
    change = take(order(), taken(), NOW_MS + 1)
    assert change is not None
    assert change.settles
    assert (change.order.state, change.order.settled_at_ms, change.order.version) == (
        State.PAID,
        NOW_MS + 1,
        2,
    )
    assert change.data == {"provider": "bank", "txn": "t1", "amount_dong": 75_000, "source": "notified"}
    assert change.entry is not None
    folded = balances([change.entry])
    assert (at(folded, Place.TAKEN), at(folded, Place.PAID_FOR)) == (75_000, 75_000)


@pytest.mark.parametrize("source", list(Source))
def test_the_same_payment_from_any_side_changes_nothing(source: Source) -> None:
    assert take(paid(), taken(source=source), NOW_MS + 9_000) is None


def test_the_same_number_of_another_provider_is_another_payment() -> None:
    assert changed(take(paid(), taken(provider=Provider.MOMO), NOW_MS)).taken_dong == 150_000


def test_a_known_payment_with_another_amount_is_contradicted_and_the_first_holds() -> None:
    with pytest.raises(RefusedError) as error:
        take(paid(), taken(amount_dong=1), NOW_MS)
    assert refused(error) is RefusedCode.CONTRADICTS


@pytest.mark.parametrize(
    ("before", "now_ms", "state"),
    [
        (order(), END_MS - 1, State.PAID),
        (order(), END_MS, State.PAID_LATE),
        (order(is_expired=True), NOW_MS, State.PAID_LATE),
        (order(is_closed=True), NOW_MS, State.REFUND_DUE),
    ],
)
def test_an_old_code_is_matched_all_the_same(before: Order, now_ms: int, state: State) -> None:
    assert paid(before, now_ms=now_ms).state is state


def test_too_little_waits_as_a_mismatch_until_the_rest_comes() -> None:
    short = paid(order(), taken("t1", 30_000))
    assert (short.state, short.difference_dong, short.is_settled) == (State.MISMATCH, -45_000, False)
    whole = paid(short, taken("t2", 45_000))
    assert (whole.state, [payment.applied_dong for payment in whole.payments]) == (
        State.PAID,
        [30_000, 45_000],
    )


def test_too_much_settles_and_the_rest_is_owed_back() -> None:
    over = paid(order(), taken("t1", 90_000))
    assert (over.state, over.difference_dong, over.is_settled, over.due_dong) == (
        State.MISMATCH,
        15_000,
        True,
        15_000,
    )
    sending = changed(order_refund(over, T1, "r1"))
    assert (sending.state, sending.is_settled) == (State.REFUND_DUE, True)
    done = changed(finish_refund(sending, T1, "r1", NOW_MS, is_done=True))
    assert (done.state, done.due_dong) == (State.PAID, 0)


def test_a_second_payment_is_owed_back_and_the_order_stays_paid() -> None:
    twice = paid(order(), taken("t1"), taken("t2"))
    assert (twice.state, twice.is_settled) == (State.REFUND_DUE, True)
    assert [payment.due_dong for payment in twice.payments] == [0, 75_000]


def test_time_is_over_only_when_it_is_and_once() -> None:
    assert expire(order(), END_MS - 1) is None
    over = changed(expire(order(), END_MS))
    assert over.state is State.EXPIRED
    assert expire(over, END_MS) is None
    assert expire(paid(), END_MS) is None
    assert expire(order(is_closed=True), END_MS) is None
    assert changed(expire(paid(order(), taken("t1", 1)), END_MS)).state is State.MISMATCH


def test_closing_owes_back_what_came_and_is_done_once() -> None:
    closed = changed(close(paid(order(), taken("t1", 30_000)), "withdrawn"))
    assert (closed.state, closed.due_dong) == (State.REFUND_DUE, 30_000)
    assert close(closed, "withdrawn") is None
    assert changed(close(order(), "withdrawn")).state is State.CANCELLED


def test_a_paid_order_is_given_up_not_closed() -> None:
    with pytest.raises(RefusedError) as error:
        close(paid(), "withdrawn")
    assert refused(error) is RefusedCode.ALREADY_PAID
    change = give_up(paid(), "authority-refused")
    assert (change.order.state, change.order.due_dong, change.data) == (
        State.REFUND_DUE,
        AMOUNT_DONG,
        {"reason": "authority-refused"},
    )
    assert paid(change.order, taken("t2")).due_dong == 2 * AMOUNT_DONG, "nothing settles it again"


def test_only_what_is_paid_is_given_up() -> None:
    with pytest.raises(RefusedError):
        give_up(order(), "authority-refused")


def test_a_refund_is_ordered_once_however_often_it_is_asked_for() -> None:
    twice = paid(order(), taken("t1"), taken("t2"))
    sending = changed(order_refund(twice, T2, "r1"))
    assert order_refund(sending, T2, "r1") is None
    with pytest.raises(RefusedError):
        order_refund(sending, T2, "r2")


@pytest.mark.parametrize("key", [T1, T2])
def test_what_is_paid_for_or_not_there_is_not_sent_back(key: Any) -> None:
    with pytest.raises(RefusedError):
        order_refund(paid(), key, "r1")


def test_a_refund_ends_once_and_only_by_its_own_key() -> None:
    sending = changed(order_refund(paid(order(), taken("t1"), taken("t2")), T2, "r1"))
    assert finish_refund(sending, T2, "r0", NOW_MS, is_done=True) is None
    done = changed(finish_refund(sending, T2, "r1", NOW_MS, is_done=True))
    assert (done.state, done.payments[1].refunded_dong) == (State.PAID, 75_000)
    for is_done in (True, False):
        assert finish_refund(done, T2, "r1", NOW_MS, is_done=is_done) is None


def test_a_refund_that_failed_is_due_again_and_may_be_ordered_anew() -> None:
    sending = changed(order_refund(paid(order(), taken("t1"), taken("t2")), T2, "r1"))
    failed = changed(finish_refund(sending, T2, "r1", NOW_MS, is_done=False))
    assert (failed.state, failed.due_dong) == (State.REFUND_DUE, 75_000)
    assert changed(order_refund(failed, T2, "r2")).payments[1].free_dong == 0


def test_what_is_on_its_way_back_pays_for_nothing() -> None:
    sending = changed(order_refund(paid(order(), taken("t1", 30_000)), T1, "r1"))
    more = paid(sending, taken("t2", 45_000))
    assert (more.is_settled, more.due_dong) == (False, 75_000)
    back = changed(finish_refund(more, T1, "r1", NOW_MS, is_done=False))
    assert (back.is_settled, back.state) == (True, State.PAID), "both parts are there after all"


def test_money_that_names_no_order_is_kept_and_owed_back() -> None:
    change = open_stray("5" * 32, taken("t9", 12_345), NOW_MS)
    assert (change.order.state, change.order.reference, change.order.due_dong) == (
        State.REFUND_DUE,
        None,
        12_345,
    )
    assert change.entry is not None
    assert at(balances([change.entry]), Place.REFUND_DUE) == 12_345
    sending = changed(order_refund(change.order, taken("t9").key, "r1"))
    assert (
        changed(finish_refund(sending, taken("t9").key, "r1", NOW_MS, is_done=True)).state is State.REFUNDED
    )


def test_nothing_of_the_money_is_refused_whatever_the_state() -> None:
    for before in (
        order(),
        order(is_expired=True),
        order(is_closed=True),
        paid(),
        give_up(paid(), "x").order,
        replace(order(), shown=(Provider.MOMO,)),
    ):
        more = paid(before, taken("t7", 1))
        assert more.taken_dong == before.taken_dong + 1
    assert order().reference == REFERENCE


def test_what_came_and_went_at_the_provider_is_told_once_each() -> None:
    came = take(order(), taken("t1", 90_000), NOW_MS)
    assert came is not None
    assert came.movement == Movement(T1, 90_000, NOW_MS + 60_000)
    sending = order_refund(came.order, T1, "r1")
    assert sending is not None
    assert sending.movement is None
    done = finish_refund(sending.order, T1, "r1", NOW_MS + 5, is_done=True)
    failed = finish_refund(sending.order, T1, "r1", NOW_MS + 5, is_done=False)
    assert done is not None
    assert failed is not None
    assert done.movement == Movement(PaymentKey(Provider.BANK, "r1"), -15_000, NOW_MS + 5)
    assert failed.movement is None
    assert open_stray("5" * 32, taken(), NOW_MS).movement == Movement(T1, 75_000, NOW_MS + 60_000)


@pytest.mark.parametrize("refund", ["", "r" * 65])
def test_a_refund_has_a_usable_key(refund: str) -> None:
    with pytest.raises(RefusedError) as error:
        order_refund(paid(order(), taken("t1", 90_000)), T1, refund)
    assert refused(error) is RefusedCode.INVALID


def test_a_refund_on_its_way_is_not_forgotten_for_another_of_the_same_payment() -> None:
    """Given up while the part that was over is on its way: the rest waits until that has arrived."""
    sending = changed(order_refund(paid(order(), taken("t1", 90_000)), T1, "r1"))
    rest = give_up(sending, "refused").order
    assert rest.payments[0].free_dong == AMOUNT_DONG
    with pytest.raises(RefusedError):
        order_refund(rest, T1, "r2")
    arrived = changed(finish_refund(rest, T1, "r1", NOW_MS, is_done=True))
    second = changed(order_refund(arrived, T1, "r2"))
    assert second.payments[0].refund == Refund("r2", AMOUNT_DONG)

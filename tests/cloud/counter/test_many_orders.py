"""Several orders of one request: each is told of once, and what nobody needs is owed back."""

from collections.abc import AsyncIterator

import pytest

from cloud.connectors.simulators.faults import Faults
from cloud.payments.order import State as Money
from cloud.requests.errors import RefusedError
from cloud.requests.request import Actor, ActorKind, State, Verb
from cloud.roads import offices_of
from cloud.store import payment_for, requests
from cloud.store.engine import Store
from tests.cloud.counter.counting import ACCOUNT, CATALOGUE, ORDER, Scene, counting
from tests.cloud.paying import money
from tests.cloud.requesting import do
from wire.asking import BillChosen, BillsFound

ORDERS = (ORDER, "0e" * 16, "0f" * 16)
HOUR_MS = 3_600_000
PORTAL = Actor(ActorKind.CONNECTOR, "residence")


@pytest.fixture
async def scene(store: Store) -> AsyncIterator[Scene]:
    async with counting(store) as running:
        yield running


def _pay(scene: Scene, order: str) -> None:
    known = scene.order(order)
    scene.till.book(money(known, f"t-{order[:2]}", known.amount_dong))


async def test_two_bills_of_one_request_are_not_both_kept(scene: Scene) -> None:
    found = await scene.bills()
    assert isinstance(found, BillsFound)
    scene.submit()
    for order, bill in zip(ORDERS, found.bills, strict=False):
        await scene.stands(
            BillChosen(account=ACCOUNT, bill=bill.bill, amount_dong=bill.amount_dong), order=order
        )
        _pay(scene, order)
    await scene.settle_down()
    states = [scene.order(order).state for order in ORDERS[: len(found.bills)]]
    assert sorted(states) == [Money.PAID, Money.REFUND_DUE]
    assert scene.request().state is State.DONE
    assert len(scene.billing.answers) == 1, "one is cleared"


async def test_a_bill_that_was_paid_in_time_is_not_stopped_before_the_clearing_says_so(scene: Scene) -> None:
    found = await scene.chosen()
    scene.submit()
    await scene.stands(found)
    _pay(scene, ORDER)
    scene.clock.now_ms += 2 * HOUR_MS
    with scene.store.writing() as connection:
        requests.run_clock(connection, offices_of(CATALOGUE), scene.clock())
    await scene.settle_down()
    assert (scene.request().state, scene.order().state) == (State.DONE, Money.PAID)


async def test_three_fees_one_after_the_other_come_to_rest(scene: Scene) -> None:
    scene.want_fee()
    for order in ORDERS:
        await scene.stands(order=order)
        _pay(scene, order)
        await scene.settle_down()
        assert (scene.request().state, scene.request().payment_order) == (State.FEE_PAID, order)
        do(scene.store, Verb.ASK_FEE, key=f"after-{order[:2]}")
        await scene.settle_down()
    assert scene.request().state is State.FEE_WANTED, "what is paid pays for its own fee alone"
    assert {scene.order(order).state for order in ORDERS} == {Money.PAID}


async def test_a_fee_that_the_authority_no_longer_wants_is_owed_back(scene: Scene) -> None:
    scene.want_fee()
    await scene.stands()
    do(scene.store, Verb.FOLLOW, PORTAL, state=State.PROCESSING)
    _pay(scene, ORDER)
    await scene.settle_down()
    assert scene.order().state is Money.REFUND_DUE
    assert scene.request().state is State.PROCESSING


async def _paid_and_not_answered(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    await scene.stands(bill)
    _pay(scene, ORDER)
    scene.billing.desk.faults = Faults(fail_next=20)
    await scene.settle_down()
    scene.billing.desk.faults = Faults()
    assert scene.request().state is State.FEE_PAID
    assert scene.billing.cleared, "over there it is done"


async def test_nobody_declines_a_bill_that_may_have_been_cleared_before_its_day_is_over(scene: Scene) -> None:
    await _paid_and_not_answered(scene)
    early = scene.clock()
    with pytest.raises(RefusedError):
        do(scene.store, Verb.DECLINE, reason="not-ours", now_ms=early)
    do(scene.store, Verb.DECLINE, reason="not-ours", now_ms=early + 25 * HOUR_MS)
    await scene.settle_down()
    assert scene.order().state is Money.REFUND_DUE


async def test_what_was_cleared_while_somebody_declined_it_is_not_owed_back(scene: Scene) -> None:
    await _paid_and_not_answered(scene)
    scene.clock.now_ms += HOUR_MS
    with scene.store.reading() as connection:
        (due,) = payment_for.to_clear(connection, scene.clock(), 1)
    do(scene.store, Verb.DECLINE, reason="not-ours", now_ms=scene.clock() + 25 * HOUR_MS)
    assert await scene.clearing._clear(due)
    await scene.settle_down()
    assert (scene.order().state, bool((await scene.stands()).receipt)) == (Money.PAID, True)

"""Money at the counter: what a bill costs, how it is paid, and what follows, whatever comes in between."""

from collections.abc import AsyncIterator

import pytest

from cloud.connectors.simulators.biller import Elsewhere, Wrong
from cloud.connectors.simulators.faults import Faults
from cloud.counter.payments import LIFE_MS
from cloud.payments.order import State as Money
from cloud.payments.vietqr import parse
from cloud.requests.request import CITIZEN, State, Verb
from cloud.roads import offices_of
from cloud.store import requests
from cloud.store.engine import Store
from cloud.store.errors import AwayError
from tests.cloud.counter.counting import ACCOUNT, CATALOGUE, ORDER, Scene, counting
from tests.cloud.requesting import do
from wire.asking import BillChosen, BillsFound, NotAnswered
from wire.entries import RequestKind

OTHER_ORDER = "0e" * 16
HOUR_MS = 3_600_000


@pytest.fixture
async def scene(store: Store) -> AsyncIterator[Scene]:
    async with counting(store) as running:
        yield running


def _code(answer: object) -> str:
    assert isinstance(answer, NotAnswered), answer
    return answer.code


async def test_open_bills_are_shown_with_a_holder_that_only_hints(scene: Scene) -> None:
    found = await scene.bills()
    assert isinstance(found, BillsFound)
    assert "***" in found.holder
    assert all(bill.amount_dong > 0 and bill.period for bill in found.bills)
    assert await scene.bills("PE01000123450") == BillsFound(holder=(await _holder(scene)), bills=[])


async def _holder(scene: Scene) -> str:
    found = await scene.bills("PE01000123450")
    assert isinstance(found, BillsFound)
    return found.holder


async def test_a_code_that_nobody_has_is_unknown_and_a_biller_that_is_away_is_out_of_reach(
    scene: Scene,
) -> None:
    assert _code(await scene.bills("PE01000123459")) == "unknown"
    scene.billing.desk.faults = Faults(fail_next=10)
    assert _code(await scene.bills()) == "out-of-reach"


async def test_a_biller_that_speaks_of_another_account_is_not_believed(scene: Scene) -> None:
    scene.billing.wrong = Wrong(other_account="PE01000999991")
    assert _code(await scene.bills()) == "out-of-reach"


async def test_a_bill_is_paid_cleared_and_receipted(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    shown = await scene.stands(bill)
    assert (shown.state, shown.is_paid, shown.amount_dong) == ("qr-shown", False, bill.amount_dong)
    code = parse(shown.ways[0].qr_text)
    assert (code.amount_dong, shown.reference in code.purpose) == (bill.amount_dong, True)
    scene.pay()
    assert (await scene.stands(bill)).is_paid
    await scene.settle_down()
    assert scene.request().state is State.DONE
    told = await scene.stands(bill)
    assert told.state == "paid"
    assert told.receipt.startswith("BN")
    assert told.invoice
    assert told.ways == []
    remaining = await scene.bills()
    assert isinstance(remaining, BillsFound)
    assert bill.bill not in {each.bill for each in remaining.bills}


async def test_asking_again_is_the_same_order(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    assert await scene.stands(bill) == await scene.stands(bill)
    assert scene.order().version == 2, "created, shown"


async def test_what_was_not_submitted_cannot_be_paid_yet(scene: Scene) -> None:
    bill = await scene.chosen()
    assert _code(await scene.ask(bill)) == "unknown"
    scene.submit()
    assert (await scene.stands(bill)).ways


async def test_a_station_does_not_say_what_a_bill_costs(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    cheaper = BillChosen(account=ACCOUNT, bill=bill.bill, amount_dong=1_000)
    assert _code(await scene.ask(cheaper)) == "changed"
    scene.billing.pay_elsewhere(Elsewhere(account=ACCOUNT, bill=bill.bill))
    assert _code(await scene.ask(bill)) == "changed"


async def test_one_bill_is_paid_once_also_by_two_people(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    await scene.stands(bill)
    scene.pay()
    assert _code(await scene.ask(bill, order=OTHER_ORDER)) == "paid"


async def test_too_little_waits_and_the_rest_completes_it(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    await scene.stands(bill)
    scene.pay(1_000)
    await scene.settle_down()
    told = await scene.stands(bill)
    assert (told.state, told.taken_dong, told.is_paid) == ("mismatch", 1_000, False)
    assert scene.request().state is State.FEE_WANTED
    scene.pay(bill.amount_dong - 1_000, txn="t2")
    await scene.settle_down()
    assert scene.request().state is State.DONE


async def test_a_bill_that_cannot_be_cleared_is_declined_and_its_money_owed_back(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    await scene.stands(bill)
    scene.billing.pay_elsewhere(Elsewhere(account=ACCOUNT, bill=bill.bill))
    scene.pay()
    await scene.settle_down()
    request = scene.request()
    assert (request.state, request.reason) == (State.DECLINED, "paid-elsewhere")
    order = scene.order()
    assert (order.state, order.due_dong) == (Money.REFUND_DUE, bill.amount_dong)


async def test_money_for_a_request_that_is_over_is_owed_back(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    await scene.stands(bill)
    scene.clock.now_ms += 2 * HOUR_MS
    with scene.store.writing() as connection:
        requests.run_clock(connection, offices_of(CATALOGUE), scene.clock())
    assert scene.request().state is State.STOPPED
    scene.pay()
    await scene.settle_down()
    assert scene.order().state is Money.REFUND_DUE


async def test_a_code_whose_time_is_over_is_not_shown_and_counts_all_the_same(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit()
    await scene.stands(bill)
    scene.clock.now_ms += LIFE_MS
    assert (await scene.stands(bill)).ways == []
    scene.pay()
    await scene.settle_down()
    assert scene.request().state is State.DONE
    assert (await scene.stands(bill)).is_paid


async def test_a_fee_is_what_the_catalogue_says_and_lets_the_dossier_go_on(scene: Scene) -> None:
    scene.want_fee()
    assert (await scene.stands()).amount_dong == 7_000
    scene.pay()
    await scene.settle_down()
    request = scene.request()
    assert (request.state, request.payment_order) == (State.FEE_PAID, ORDER)


async def test_nothing_is_paid_that_nobody_asked_for(scene: Scene) -> None:
    bill = await scene.chosen()
    scene.submit(service="temporary-residence", request_kind=RequestKind.DOSSIER)
    assert _code(await scene.ask()) == "not-offered"
    assert _code(await scene.ask(bill)) == "not-offered"


async def test_a_fee_whose_dossier_is_withdrawn_is_owed_back(scene: Scene) -> None:
    scene.want_fee()
    await scene.stands()
    scene.pay()
    await scene.settle_down()
    do(scene.store, Verb.WITHDRAW, CITIZEN)
    await scene.settle_down()
    assert scene.order().state is Money.REFUND_DUE


async def test_a_second_fee_is_an_order_of_its_own(scene: Scene) -> None:
    scene.want_fee()
    await scene.stands()
    scene.pay()
    await scene.settle_down()
    do(scene.store, Verb.ASK_FEE, key="second-fee")
    await scene.settle_down()
    assert scene.request().state is State.FEE_WANTED, "the first order pays for the first fee alone"
    assert (await scene.stands(order=OTHER_ORDER)).state == "qr-shown"


@pytest.mark.parametrize("dies_at", range(1, 5))
@pytest.mark.parametrize("is_answer_lost", [True, False], ids=["answer lost", "answer heard"])
async def test_whoever_dies_between_money_and_receipt_loses_and_doubles_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, dies_at: int, *, is_answer_lost: bool
) -> None:
    bill = await scene.chosen()
    scene.submit()
    await scene.stands(bill)
    scene.pay()
    scene.billing.desk.faults = Faults(fail_next=3 if is_answer_lost else 0)
    with monkeypatch.context() as patch:
        writing, left = scene.store.writing, iter(range(1, dies_at))

        def until_then() -> object:
            if next(left, None) is None:
                raise AwayError("store: gone")
            return writing()

        patch.setattr(scene.store, "writing", until_then)
        try:
            for _ in range(dies_at):
                await scene.clearing.go_round()
        except AwayError:
            pass
    for _ in range(2):
        scene.clock.now_ms += HOUR_MS // 4
        await scene.settle_down()
    assert scene.request().state is State.DONE
    assert list(scene.billing.answers) == [ORDER], "cleared once"
    assert scene.order().state is Money.PAID

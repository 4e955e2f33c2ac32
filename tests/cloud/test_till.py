"""Money from a person's telephone to the ledger and back, through real servers, with everything that goes wrong."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date

import pytest

from cloud.connectors.cashier import Way
from cloud.connectors.simulators.faults import Faults
from cloud.payments.bank import credits_of, movements_of
from cloud.payments.ledger import Place
from cloud.payments.money import Provider
from cloud.payments.notice import Movement, PaymentKey, RefundReply, Taken
from cloud.payments.order import Order, Payment, State
from cloud.payments.polling import FIRST_MS
from cloud.payments.reconcile import Kind, report_lines
from cloud.payments.vietnam_time import day_ms, moment
from cloud.store import payments
from cloud.store.engine import open_store
from cloud.till import Round, Statement, Till
from tests.cloud.api.live import until
from tests.cloud.connectors.shop import Shop, open_shop
from tests.cloud.paying import AMOUNT_DONG, END_MS, LIFE_MS, money, opened, places, sent_back
from tests.cloud.samples import NOW_MS

TODAY = moment(NOW_MS).date()
NOTHING = dict.fromkeys(Place, 0)
PAID = NOTHING | {Place.TAKEN: AMOUNT_DONG, Place.PAID_FOR: AMOUNT_DONG}


@pytest.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    with open_store(sqlite_url) as store:
        async with open_shop(store) as running:
            yield running


def spoil(shop: Shop, **faults: int) -> None:
    for desk in (shop.vnpay.desk, shop.momo.desk, shop.bank.desk):
        desk.faults = Faults(**faults)


async def bank_statement(shop: Shop, day: date = TODAY) -> Statement:
    lines = await shop.bank_cashier.statement(*day_ms(day))
    return Statement(movements_of(lines), credits_of(lines))


def online_statement(shop: Shop) -> Statement:
    """Return what VNPAY's and MoMo's settlement files would list."""
    moved = [
        Movement(PaymentKey(Provider.VNPAY, one.txn), one.amount_dong, NOW_MS)
        for one in shop.vnpay.taken.values()
    ]
    moved += [
        Movement(PaymentKey(Provider.MOMO, str(one.txn)), one.amount_dong, NOW_MS)
        for one in shop.momo.payments.values()
        if one.txn
    ]
    return Statement(moved, [])


def given_up(shop: Shop, order: Order) -> Order:
    with shop.store.writing() as connection:
        return payments.give_up_payment(connection, order.id, "refused", shop.clock())


@pytest.mark.parametrize(
    ("provider", "answer"),
    [
        (Provider.VNPAY, '{"RspCode":"00","Message":"Confirm success"}'),
        (Provider.MOMO, "204"),
        (Provider.BANK, "204"),
    ],
)
async def test_a_person_scans_and_pays_and_the_order_is_paid(
    shop: Shop, provider: Provider, answer: str
) -> None:
    order = opened(shop.store)
    assert await shop.pay(order, provider) == [answer]
    assert shop.read(order).state is State.PAID
    assert places(shop.store) == PAID


@pytest.mark.parametrize("provider", list(Provider))
async def test_a_notice_that_comes_many_times_is_booked_once(shop: Shop, provider: Provider) -> None:
    spoil(shop, notices=4)
    order = opened(shop.store)
    answers = await shop.pay(order, provider)
    assert len(answers) == 4
    assert places(shop.store) == PAID
    if provider is Provider.VNPAY:
        assert [json.loads(each)["RspCode"] for each in answers] == ["00", "02", "02", "02"]


@pytest.mark.parametrize("provider", [Provider.VNPAY, Provider.MOMO])
async def test_when_the_notice_is_lost_the_round_asks_and_finds_it(shop: Shop, provider: Provider) -> None:
    spoil(shop, notices=0)
    order = opened(shop.store)
    await shop.pay(order, provider)
    assert await shop.till.go_round() == Round(0, 0, 0, 0), "not asked for yet"
    shop.clock.now_ms += FIRST_MS
    assert await shop.till.go_round() == Round(0, 1, 0, 0)
    assert (shop.read(order).state, places(shop.store)) == (State.PAID, PAID)
    shop.clock.now_ms += LIFE_MS
    assert await shop.till.go_round() == Round(0, 0, 0, 0)


@pytest.mark.parametrize("provider", list(Provider))
async def test_while_we_are_down_nothing_is_lost(shop: Shop, provider: Provider) -> None:
    """The provider is told to come again, and does."""
    shop.books = False
    order = opened(shop.store)
    (answer,) = await shop.pay(order, provider)
    assert answer in {"503", '{"RspCode":"99","Message":"Unknown error"}'}
    assert places(shop.store) == NOTHING
    shop.books = True
    notices: dict[Provider, dict[str, object]] = {
        Provider.VNPAY: {"txn": "14000001"},
        Provider.MOMO: {"reference": order.reference},
        Provider.BANK: {"txn": "FT00000001"},
    }
    await shop.control(provider, "notify", **notices[provider])
    assert places(shop.store) == PAID


@pytest.mark.parametrize("provider", [Provider.MOMO, Provider.BANK])
async def test_an_old_code_is_matched(shop: Shop, provider: Provider) -> None:
    order = opened(shop.store)
    await shop.show(order, provider)
    shop.clock.now_ms = END_MS
    assert (await shop.till.go_round()).expired == 1
    text = (await shop.cashiers[provider].start(order)).qr_text
    deed, name = ("transfer", "qr_text") if provider is Provider.BANK else ("pay", "link")
    await shop.control(provider, deed, **{name: text})
    assert (shop.read(order).state, places(shop.store)) == (State.PAID_LATE, PAID)


async def test_vnpay_refuses_an_old_address_unless_it_was_begun_in_time(shop: Shop) -> None:
    order = opened(shop.store)
    address = await shop.show(order, Provider.VNPAY)
    shop.clock.now_ms = END_MS
    assert (await shop.control(Provider.VNPAY, "pay", address=address)).status_code == 409
    assert (await shop.control(Provider.VNPAY, "pay", address=address, late=True)).status_code == 200
    assert shop.read(order).state is State.PAID_LATE


@pytest.mark.parametrize("provider", [Provider.VNPAY, Provider.MOMO])
async def test_a_payment_that_failed_on_the_telephone_is_none_and_may_be_tried_again(
    shop: Shop, provider: Provider
) -> None:
    order = opened(shop.store)
    await shop.pay(order, provider, fails=True)
    assert (shop.read(order).state, places(shop.store)) == (State.QR_SHOWN, NOTHING)
    await shop.pay(order, provider)
    assert places(shop.store) == PAID


async def test_a_person_who_types_too_little_pays_the_rest(shop: Shop) -> None:
    order = opened(shop.store)
    await shop.pay(order, Provider.BANK, amount_dong=30_000)
    assert shop.read(order).state is State.MISMATCH
    assert places(shop.store) == NOTHING | {Place.TAKEN: 30_000, Place.REFUND_DUE: 30_000}
    await shop.pay(order, Provider.BANK, amount_dong=45_000)
    assert (shop.read(order).state, places(shop.store)) == (State.PAID, PAID)


async def test_a_memo_that_names_nothing_is_kept_and_owed_back(shop: Shop) -> None:
    await shop.pay(opened(shop.store), Provider.BANK, memo="tien hoc cho con")
    assert places(shop.store) == NOTHING | {Place.TAKEN: AMOUNT_DONG, Place.REFUND_DUE: AMOUNT_DONG}


async def test_two_codes_for_one_thing_both_paid_and_one_goes_back(shop: Shop) -> None:
    first, second = opened(shop.store, 1, subject="s"), opened(shop.store, 2, subject="s")
    address = await shop.show(second, Provider.VNPAY)
    await shop.pay(first, Provider.MOMO)
    await shop.control(Provider.VNPAY, "pay", address=address)
    twice = shop.read(second)
    assert (shop.read(first).state, twice.state) == (State.PAID, State.REFUND_DUE)
    sent_back(shop.store, second, twice.payments[0].key)
    spoil(shop, fail_next=2)
    assert await shop.till.go_round() == Round(0, 0, 1, 0)
    assert shop.read(second).state is State.REFUNDED
    assert [list(one.refunds.values()) for one in shop.vnpay.taken.values()] == [[AMOUNT_DONG]]
    assert places(shop.store) == {
        Place.TAKEN: 2 * AMOUNT_DONG,
        Place.PAID_FOR: AMOUNT_DONG,
        Place.REFUND_DUE: 0,
        Place.REFUNDED: AMOUNT_DONG,
    }
    assert await shop.till.go_round() == Round(0, 0, 0, 0)


async def test_a_refund_that_is_refused_is_owed_again(shop: Shop) -> None:
    order = opened(shop.store)
    await shop.pay(order, Provider.MOMO)
    key = given_up(shop, order).payments[0].key
    sent_back(shop.store, order, key)
    shop.momo.payments[str(order.reference)].refunds["by hand"] = AMOUNT_DONG
    assert await shop.till.go_round() == Round(0, 0, 1, 0)
    assert (shop.read(order).state, shop.read(order).due_dong) == (State.REFUND_DUE, AMOUNT_DONG)


async def test_ones_trouble_keeps_nobody_else_waiting(shop: Shop) -> None:
    spoil(shop, notices=0)
    orders = {
        provider: opened(shop.store, number)
        for number, provider in enumerate((Provider.VNPAY, Provider.MOMO))
    }
    for provider, order in orders.items():
        await shop.pay(order, provider)
    shop.vnpay.desk.faults = Faults(fail_next=3)
    shop.clock.now_ms += FIRST_MS
    assert await shop.till.go_round() == Round(0, 1, 0, 1)
    assert shop.read(orders[Provider.MOMO]).is_settled
    shop.clock.now_ms += FIRST_MS
    assert await shop.till.go_round() == Round(0, 1, 0, 0)
    assert shop.read(orders[Provider.VNPAY]).is_settled


async def test_a_refund_whose_provider_is_down_is_asked_for_in_the_next_round(shop: Shop) -> None:
    order = opened(shop.store)
    await shop.pay(order, Provider.VNPAY)
    sent_back(shop.store, order, given_up(shop, order).payments[0].key)
    shop.vnpay.desk.faults = Faults(fail_next=3)
    assert await shop.till.go_round() == Round(0, 0, 0, 1)
    assert shop.read(order).state is State.REFUND_DUE
    assert await shop.till.go_round() == Round(0, 0, 1, 0)
    assert [list(one.refunds.values()) for one in shop.vnpay.taken.values()] == [[AMOUNT_DONG]], "once"


async def test_a_day_on_which_all_went_well_is_clean(shop: Shop) -> None:
    for number, provider in enumerate(Provider):
        await shop.pay(opened(shop.store, number), provider)
    found = shop.till.close_day(TODAY, [await bank_statement(shop), online_statement(shop)])
    assert (found.is_clean, found.matched, found.unexplained_dong) == (True, 3, 0)
    assert report_lines(TODAY, found)[-1] == "Khớp: 3; chênh lệch: 0"


async def test_what_nobody_told_of_is_found_in_the_statement_at_the_end_of_the_day(shop: Shop) -> None:
    spoil(shop, notices=0)
    order = opened(shop.store)
    await shop.pay(order, Provider.BANK)
    statement = await bank_statement(shop)
    found = shop.till.close_day(TODAY, [statement])
    assert (shop.read(order).state, places(shop.store)) == (State.PAID, PAID)
    assert [difference.kind for difference in found.differences] == [Kind.NEVER_NOTIFIED]
    assert found.unexplained_dong == 0
    assert shop.till.close_day(TODAY, [statement]) == found, "closing again changes nothing"


async def test_a_notice_that_told_another_amount_is_listed(shop: Shop) -> None:
    spoil(shop, amount_off_dong=1_000)
    await shop.pay(opened(shop.store), Provider.BANK)
    found = shop.till.close_day(TODAY, [await bank_statement(shop)])
    (difference,) = found.differences
    assert (difference.kind, difference.gap_dong, found.unexplained_dong) == (Kind.AMOUNT_DIFFERS, -1_000, 0)


async def test_a_refund_by_hand_ends_when_the_statement_shows_it(shop: Shop) -> None:
    order = opened(shop.store)
    await shop.pay(order, Provider.BANK)
    sending = sent_back(shop.store, order, given_up(shop, order).payments[0].key)
    assert await shop.till.go_round() == Round(0, 0, 0, 0)
    refund = sending.payments[0].refund
    assert refund is not None
    shop.clock.now_ms += 60_000
    await shop.control(Provider.BANK, "payout", amount_dong=1_000, memo=f"hoan tien {refund.id}")
    wrong = shop.till.close_day(TODAY, [await bank_statement(shop)])
    assert [difference.kind for difference in wrong.differences] == [Kind.ONLY_ON_STATEMENT]
    assert shop.read(order).state is State.REFUND_DUE, "another amount ends nothing"


async def test_a_refund_by_hand_is_booked_with_the_banks_time(shop: Shop) -> None:
    order = opened(shop.store)
    await shop.pay(order, Provider.BANK)
    sending = sent_back(shop.store, order, given_up(shop, order).payments[0].key)
    refund = sending.payments[0].refund
    assert refund is not None
    await shop.control(
        Provider.BANK, "payout", amount_dong=AMOUNT_DONG, memo=f"HOAN TIEN {refund.id.upper()}"
    )
    shop.clock.now_ms += 24 * 3_600_000
    found = shop.till.close_day(TODAY, [await bank_statement(shop)])
    assert (found.is_clean, found.matched) == (True, 2)
    assert shop.read(order).state is State.REFUNDED
    assert places(shop.store) == NOTHING | {Place.TAKEN: AMOUNT_DONG, Place.REFUNDED: AMOUNT_DONG}


class Stumbling:
    """A cashier that breaks in a way nobody foresaw, then finds the money."""

    provider = Provider.MOMO

    def __init__(self) -> None:
        self.asked = 0

    async def start(self, order: Order) -> Way:
        return Way(order.id)

    async def ask(self, order: Order, now_ms: int) -> Taken | None:
        del now_ms
        self.asked += 1
        if self.asked == 1:
            raise ZeroDivisionError
        return money(order, provider=Provider.MOMO)

    async def give_back(self, order: Order, payment: Payment, now_ms: int) -> RefundReply:
        del order, payment, now_ms
        return RefundReply.PENDING


async def test_the_rounds_go_on_whatever_happens_until_they_are_stopped(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.till.ROUND_S", 0.01)
    monkeypatch.setattr("cloud.till.payment_books.note_polls", lambda *_: None)
    stop, cashier = asyncio.Event(), Stumbling()
    with open_store(sqlite_url) as store:
        order = opened(store)
        with store.writing() as connection:
            payments.show_payment(connection, order.id, Provider.MOMO, NOW_MS)
        running = asyncio.create_task(
            Till(store, {Provider.MOMO: cashier}, lambda: NOW_MS + FIRST_MS).run(stop)
        )
        await until(lambda: places(store) == PAID)
        stop.set()
        await running
    assert cashier.asked == 2

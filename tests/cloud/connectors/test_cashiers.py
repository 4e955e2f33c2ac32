"""Each provider through its connector, against its far end on a real port."""

from dataclasses import replace

import pytest

from cloud.connectors.errors import AnswerError, OutOfReachError
from cloud.connectors.simulators.faults import Faults
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey, RefundReply, Source
from cloud.payments.order import Order, Payment, Refund
from cloud.payments.vietqr import parse
from cloud.store import payments
from tests.cloud.connectors.shop import Shop
from tests.cloud.paying import AMOUNT_DONG, END_MS, opened, sent_back
from tests.cloud.samples import NOW_MS

ONLINE = [Provider.VNPAY, Provider.MOMO]


def spoil(shop: Shop, provider: Provider, **faults: int) -> None:
    desks = {Provider.VNPAY: shop.vnpay.desk, Provider.MOMO: shop.momo.desk, Provider.BANK: shop.bank.desk}
    desks[provider].faults = Faults(**faults)


async def refunding(shop: Shop, provider: Provider) -> tuple[Order, Payment]:
    """Return an order that was paid and given up, and its payment with the refund ordered."""
    order = opened(shop.store)
    await shop.pay(order, provider)
    with shop.store.writing() as connection:
        given_up = payments.give_up_payment(connection, order.id, "refused", shop.clock())
    sending = sent_back(shop.store, given_up, given_up.payments[0].key)
    return sending, sending.payments[0]


@pytest.mark.parametrize("provider", ONLINE)
async def test_an_order_is_paid_and_found_paid(shop: Shop, provider: Provider) -> None:
    order, cashier = opened(shop.store), shop.cashiers[provider]
    await shop.show(order, provider)
    assert await cashier.ask(order, shop.clock()) is None
    await shop.pay(order, provider)
    taken = await cashier.ask(order, shop.clock())
    assert taken is not None
    assert (taken.reference, taken.amount_dong, taken.source) == (order.reference, AMOUNT_DONG, Source.POLLED)
    assert taken.key == shop.read(order).payments[0].key, "notice and answer name the same payment"


@pytest.mark.parametrize("provider", ONLINE)
async def test_an_order_that_they_do_not_know_is_not_paid(shop: Shop, provider: Provider) -> None:
    assert await shop.cashiers[provider].ask(opened(shop.store), shop.clock()) is None


@pytest.mark.parametrize("provider", list(Provider))
async def test_the_same_order_gives_the_same_way(shop: Shop, provider: Provider) -> None:
    order = opened(shop.store)
    first = await shop.show(order, provider)
    assert await shop.show(order, provider) == first
    assert len(shop.momo.payments) == (provider is Provider.MOMO)


async def test_the_banks_code_is_a_transfer_to_our_account(shop: Shop) -> None:
    order = opened(shop.store)
    code = parse(await shop.show(order, Provider.BANK))
    assert (code.account, code.amount_dong, code.purpose) == ("0011001234567", AMOUNT_DONG, order.reference)
    assert await shop.cashiers[Provider.BANK].ask(order, shop.clock()) is None


async def test_the_payment_page_opens_for_our_address_only(shop: Shop) -> None:
    address = await shop.show(opened(shop.store), Provider.VNPAY)
    assert "75000 VND" in (await shop.client.get(address)).text
    assert (await shop.client.get(address.replace("7500000", "7500"))).status_code == 400


@pytest.mark.parametrize("provider", ONLINE)
async def test_a_refund_is_made_once_however_often_its_answer_is_lost(shop: Shop, provider: Provider) -> None:
    order, payment = await refunding(shop, provider)
    cashier = shop.cashiers[provider]
    spoil(shop, provider, fail_next=2)
    for _ in range(2):
        assert await cashier.give_back(order, payment, shop.clock()) is RefundReply.DONE
    made = {
        Provider.VNPAY: [one.refunds for one in shop.vnpay.taken.values()],
        Provider.MOMO: [one.refunds for one in shop.momo.payments.values()],
    }[provider]
    assert payment.refund is not None
    assert made == [{payment.refund.id: AMOUNT_DONG}]


@pytest.mark.parametrize("provider", ONLINE)
async def test_more_than_was_taken_is_refused(shop: Shop, provider: Provider) -> None:
    order, payment = await refunding(shop, provider)
    await shop.cashiers[provider].give_back(order, payment, shop.clock())
    again = replace(payment, refund=Refund("Rother", AMOUNT_DONG))
    assert await shop.cashiers[provider].give_back(order, again, shop.clock()) is RefundReply.REFUSED


@pytest.mark.parametrize("provider", ONLINE)
async def test_what_they_never_took_is_not_sent_back(shop: Shop, provider: Provider) -> None:
    order, payment = await refunding(shop, provider)
    unknown = replace(payment, key=PaymentKey(provider, "77"))
    assert await shop.cashiers[provider].give_back(order, unknown, shop.clock()) is RefundReply.REFUSED


@pytest.mark.parametrize("provider", ONLINE)
async def test_a_refund_that_nobody_ordered_is_not_asked_for(shop: Shop, provider: Provider) -> None:
    order, payment = await refunding(shop, provider)
    with pytest.raises(AnswerError):
        await shop.cashiers[provider].give_back(order, replace(payment, refund=None), shop.clock())


async def test_the_bank_sends_back_by_hand(shop: Shop) -> None:
    order, payment = await refunding(shop, Provider.BANK)
    assert await shop.bank_cashier.give_back(order, payment, shop.clock()) is RefundReply.PENDING


@pytest.mark.parametrize("provider", ONLINE)
async def test_an_answer_that_is_lost_is_asked_for_again(shop: Shop, provider: Provider) -> None:
    order = opened(shop.store)
    spoil(shop, provider, fail_next=2)
    await shop.pay(order, provider)
    spoil(shop, provider, fail_next=2)
    assert await shop.cashiers[provider].ask(order, shop.clock()) is not None


@pytest.mark.parametrize("provider", ONLINE)
async def test_a_provider_that_is_down_is_out_of_reach(shop: Shop, provider: Provider) -> None:
    spoil(shop, provider, fail_next=3)
    with pytest.raises(OutOfReachError):
        await shop.cashiers[provider].ask(opened(shop.store), shop.clock())


@pytest.mark.parametrize("provider", ONLINE)
async def test_nonsense_is_no_answer_and_no_money(shop: Shop, provider: Provider) -> None:
    order, payment = await refunding(shop, provider)
    for ask in (
        lambda: shop.cashiers[provider].ask(order, shop.clock()),
        lambda: shop.cashiers[provider].give_back(order, payment, shop.clock()),
    ):
        spoil(shop, provider, nonsense_next=1)
        with pytest.raises(AnswerError) as error:
            await ask()
        assert str(order.reference) not in str(error.value)


async def test_the_statement_is_the_days(shop: Shop) -> None:
    await shop.pay(opened(shop.store), Provider.BANK)
    (line,) = await shop.bank_cashier.statement(NOW_MS, NOW_MS + 1)
    assert (line.amount_dong, line.at_ms) == (AMOUNT_DONG, NOW_MS)
    assert await shop.bank_cashier.statement(NOW_MS + 1, END_MS) == []
    spoil(shop, Provider.BANK, nonsense_next=1)
    with pytest.raises(AnswerError):
        await shop.bank_cashier.statement(NOW_MS, NOW_MS + 1)
    spoil(shop, Provider.BANK, fail_next=3)
    with pytest.raises(OutOfReachError):
        await shop.bank_cashier.statement(NOW_MS, NOW_MS + 1)

"""Whoever bills, as a real server: what is open, and that a bill is cleared once whatever gets lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.connectors.biller import Account, Payment
from cloud.connectors.billing import HttpBiller
from cloud.connectors.breaker import Policy
from cloud.connectors.errors import AnswerError, BreakerOpenError, ConnectorError, OutOfReachError
from cloud.connectors.guard import Guard
from cloud.connectors.port import NotTakenError, UnknownNumberError
from cloud.connectors.simulators.biller import Billing, Elsewhere, Wrong, create_app
from cloud.connectors.simulators.faults import Faults
from tests.cloud.connectors.test_portal import no_pause
from tests.cloud.requests.samples import NOW_MS

ACCOUNT = "13022980123"
KEY = "0d" * 16


@asynccontextmanager
async def biller_of(
    transport: httpx.AsyncBaseTransport, token: str = "token", failures: int = 500
) -> AsyncIterator[HttpBiller]:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://biller", headers=headers) as client:
        guard = Guard("water", timeout_s=2.0, policy=Policy(failures=failures), pause=no_pause)
        yield HttpBiller(client, guard, name="water")


def served(billing: Billing) -> httpx.ASGITransport:
    return httpx.ASGITransport(app=create_app(billing))


@pytest.fixture
def billing() -> Billing:
    return Billing("bill-water", "token", pattern="[0-9]{11}")


@pytest.fixture
async def biller(billing: Billing) -> AsyncIterator[HttpBiller]:
    async with biller_of(served(billing)) as opened:
        yield opened


def paying(account: Account, **changed: object) -> Payment:
    """Pay the oldest bill of an account."""
    bill = account.bills[0]
    values: dict[str, object] = {
        "key": KEY,
        "account": ACCOUNT,
        "bill": bill.id,
        "amount_dong": bill.amount_dong,
        "paid_at_ms": NOW_MS,
    }
    return Payment(**(values | changed))  # type: ignore[arg-type]  # each test names what it changes


async def test_open_bills_come_under_a_masked_name(biller: HttpBiller) -> None:
    account = await biller.bills(ACCOUNT)
    assert "***" in account.holder
    assert account.holder not in repr(account)
    assert account.bills == tuple(sorted(account.bills, key=lambda bill: bill.id))
    assert all(bill.amount_dong > 0 and bill.due_day for bill in account.bills)


@pytest.mark.parametrize("code", ["13022980129", "PE01000123456", "", "1302298012", "1' OR 1=1"])
async def test_a_code_that_is_nobodys_is_unknown(biller: HttpBiller, code: str) -> None:
    with pytest.raises(UnknownNumberError):
        await biller.bills(code)


async def test_a_bill_is_open_until_it_is_cleared_and_cleared_once(
    biller: HttpBiller, billing: Billing
) -> None:
    account = await biller.bills(ACCOUNT)
    first = await biller.settle(paying(account))
    assert await biller.settle(paying(account)) == first
    assert (first.receipt, first.invoice) == ("BN00000001", "1C26TER-0000001")
    assert len(billing.cleared) == 1
    assert account.bills[0] not in (await biller.bills(ACCOUNT)).bills


async def test_another_payment_of_the_same_bill_is_not_taken(biller: HttpBiller) -> None:
    account = await biller.bills(ACCOUNT)
    await biller.settle(paying(account))
    with pytest.raises(NotTakenError) as refused:
        await biller.settle(paying(account, key="0e" * 16))
    assert refused.value.reason == "paid-elsewhere"


async def test_what_was_paid_elsewhere_is_gone_or_costs_something_else_is_not_taken(
    biller: HttpBiller, billing: Billing
) -> None:
    account = await biller.bills(ACCOUNT)
    for reason, changed in (
        ("wrong-amount", {"amount_dong": 1}),
        ("unknown-bill", {"bill": "2020-01"}),
    ):
        with pytest.raises(NotTakenError) as refused:
            await biller.settle(paying(account, key=reason, **changed))
        assert refused.value.reason == reason
    billing.pay_elsewhere(Elsewhere(account=ACCOUNT, bill=account.bills[0].id))
    with pytest.raises(NotTakenError, match="paid-elsewhere"):
        await biller.settle(paying(account))


async def test_bills_of_another_account_are_not_shown(biller: HttpBiller, billing: Billing) -> None:
    billing.wrong = Wrong(other_account="13022980124")
    with pytest.raises(AnswerError, match="another account") as wrong:
        await biller.bills(ACCOUNT)
    assert ACCOUNT not in str(wrong.value)


async def test_a_stranger_is_turned_away(billing: Billing) -> None:
    async with biller_of(served(billing), token="wrong") as biller:
        with pytest.raises(AnswerError, match="401"):
            await biller.bills(ACCOUNT)


async def test_one_that_fails_too_often_is_left_alone_a_while(billing: Billing) -> None:
    billing.desk.faults = Faults(fail_next=100)
    async with biller_of(served(billing), failures=3) as biller:
        with pytest.raises(OutOfReachError):
            await biller.bills(ACCOUNT)
        with pytest.raises(BreakerOpenError):
            await biller.bills(ACCOUNT)
    assert billing.desk.answered == 3


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["lost", "nonsense", "well"]), min_size=1, max_size=8))
async def test_whatever_gets_lost_a_payment_clears_one_bill_under_one_receipt(troubles: list[str]) -> None:
    billing = Billing("bill-water", "token")
    receipts = set()
    async with biller_of(served(billing)) as biller:
        payment = paying(await biller.bills(ACCOUNT))
        for trouble in troubles:
            billing.desk.faults = Faults(
                fail_next=3 if trouble == "lost" else 0, nonsense_next=1 if trouble == "nonsense" else 0
            )
            with suppress(ConnectorError):
                receipts.add((await biller.settle(payment)).receipt)
        billing.desk.faults = Faults()
        receipts.add((await biller.settle(payment)).receipt)
    assert len(receipts) == len(billing.cleared) == 1


@given(
    st.binary(max_size=200)
    | st.sampled_from(
        [
            b"{}",
            b'{"known":true,"account":"13022980123","bills":[{"id":"x","period":"y","amount_dong":0}]}',
            b'{"known":true,"account":"13022980123","bills":[{"id":"","period":"y","amount_dong":5}]}',
            b'{"key":"other","receipt":"BN1"}',
            b'{"key":"0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d"}',
            b"[" * 5_000,
        ]
    )
)
async def test_whatever_it_answers_is_taken_for_no_receipt_and_no_bill(answer: bytes) -> None:
    payment = Payment(key=KEY, account=ACCOUNT, bill="2026-11", amount_dong=1_000, paid_at_ms=NOW_MS)
    async with biller_of(httpx.MockTransport(lambda _request: httpx.Response(200, content=answer))) as biller:
        for ask in (biller.bills(ACCOUNT), biller.settle(payment)):
            with pytest.raises(AnswerError):
                await ask

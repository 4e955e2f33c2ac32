"""Invented orders and payments."""

from dataclasses import replace
from typing import Any

from cloud.payments.change import Change, take
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey, Source, Taken
from cloud.payments.order import Order
from cloud.payments.reference import reference_of
from cloud.payments.signed import MomoKeys, VnpayKeys
from tests.cloud.samples import NOW_MS, STATION

AMOUNT_DONG = 75_000
LIFE_MS = 15 * 60_000
END_MS = NOW_MS + LIFE_MS
ORDER = "0a" * 16
REFERENCE = reference_of(123)
VNPAY_KEYS = VnpayKeys(tmn_code="TCDS0001", secret="TESTSECRET0123456789")
MOMO_KEYS = MomoKeys(partner_code="MOMOTCDS", access_key="TESTACCESS", secret="TESTSECRET0123456789")


def order(**changed: Any) -> Order:
    """Return a new order of 75.000 đ that lives for 15 minutes."""
    new = Order(
        id=ORDER,
        reference=REFERENCE,
        subject="request-1",
        purpose="residence-fee",
        station=STATION,
        amount_dong=AMOUNT_DONG,
        created_at_ms=NOW_MS,
        expires_at_ms=END_MS,
    )
    return replace(new, **changed)


def taken(
    txn: str = "t1",
    amount_dong: int = AMOUNT_DONG,
    *,
    provider: Provider = Provider.BANK,
    source: Source = Source.NOTIFIED,
    reference: str | None = REFERENCE,
) -> Taken:
    """Return money that came in a minute after the order was made."""
    return Taken(
        key=PaymentKey(provider, txn),
        reference=reference,
        amount_dong=amount_dong,
        taken_at_ms=NOW_MS + 60_000,
        source=source,
    )


def changed(change: Change | None) -> Order:
    """Return what an order became by a change that there must be."""
    assert change is not None
    return change.order


def paid(before: Order | None = None, *money: Taken, now_ms: int = NOW_MS + 61_000) -> Order:
    """Return an order after it was paid."""
    after = before or order()
    for each in money or (taken(),):
        after = changed(take(after, each, now_ms))
    return after

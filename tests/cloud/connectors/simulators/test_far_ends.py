"""The far ends refuse what the real ones refuse: that makes them worth passing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from cloud.connectors.momo import CREATE, QUERY, REFUND
from cloud.connectors.simulators.bank import Bank
from cloud.connectors.simulators.bank import create_app as bank_app
from cloud.connectors.simulators.momo import Momo
from cloud.connectors.simulators.momo import create_app as momo_app
from cloud.connectors.simulators.serving import serving
from cloud.connectors.simulators.vnpay import PAGE, SERVICE, Vnpay
from cloud.connectors.simulators.vnpay import create_app as vnpay_app
from cloud.payments.bank import qr_text
from cloud.payments.momo import CreateRequest, create_body, query_body, refund_body
from cloud.payments.signed import BankKeys
from cloud.payments.vnpay import PayRequest, payment_url
from cloud.payments.vnpay_service import Asking
from cloud.payments.vnpay_service import query_body as vnpay_query
from tests.cloud.connectors.shop import BANK_KEYS, Clock
from tests.cloud.payments.samples import END_MS, MOMO_KEYS, REFERENCE, VNPAY_KEYS, order
from tests.cloud.samples import NOW_MS

ASKED = CreateRequest(
    reference=REFERENCE,
    request="0a0a",
    amount_dong=75_000,
    info="Thanh toan",
    redirect_url="http://127.0.0.1:1/return",
    ipn_url="http://127.0.0.1:1/ipn",
)
REQUEST = PayRequest(
    reference=REFERENCE,
    amount_dong=75_000,
    info="Thanh toan",
    created_at_ms=NOW_MS,
    expires_at_ms=END_MS,
    return_url="http://127.0.0.1:1/return",
)
ASKING = Asking(request="q1", reference=REFERENCE, ordered_at_ms=NOW_MS, now_ms=NOW_MS, info="Truy van")


@pytest.fixture
async def vnpay() -> AsyncIterator[httpx.AsyncClient]:
    with serving(vnpay_app(Vnpay(VNPAY_KEYS, Clock()))) as url:
        async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as client:
            yield client


@pytest.fixture
async def momo() -> AsyncIterator[httpx.AsyncClient]:
    with serving(momo_app(Momo(MOMO_KEYS, Clock()))) as url:
        async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as client:
            yield client


@pytest.fixture
async def bank() -> AsyncIterator[httpx.AsyncClient]:
    with serving(bank_app(Bank(BANK_KEYS, Clock()))) as url:
        async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as client:
            yield client


async def test_vnpay_opens_no_page_and_takes_no_money_for_what_is_not_signed(
    vnpay: httpx.AsyncClient,
) -> None:
    address = payment_url(PAGE, VNPAY_KEYS, REQUEST)
    assert (await vnpay.get(address)).status_code == 200
    forged = address.replace("vnp_Amount=7500000", "vnp_Amount=100")
    assert (await vnpay.get(forged)).status_code == 400
    assert (await vnpay.post("/control/pay", json={"address": forged})).status_code == 400


@pytest.mark.parametrize(
    ("changed", "code"), [({}, "91"), ({"vnp_TxnRef": "x"}, "97"), ({"vnp_SecureHash": ""}, "97")]
)
async def test_vnpay_answers_only_questions_that_are_signed(
    vnpay: httpx.AsyncClient, changed: dict[str, str], code: str
) -> None:
    answer = await vnpay.post(SERVICE, json=vnpay_query(VNPAY_KEYS, ASKING) | changed)
    assert answer.json()["vnp_ResponseCode"] == code
    assert (await vnpay.post(SERVICE, content=b"no JSON")).status_code == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CREATE, create_body(MOMO_KEYS, ASKED)),
        (QUERY, query_body(MOMO_KEYS, REFERENCE, "q1")),
        (REFUND, refund_body(MOMO_KEYS, "r1", "7", 5, "Hoan tien")),
    ],
)
async def test_momo_answers_only_what_is_signed(
    momo: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    assert (await momo.post(path, json=body)).status_code == 200
    for changed in ({"signature": "0"}, {"partnerCode": "OTHER"}, {"requestId": "other"}):
        assert (await momo.post(path, json=body | changed)).status_code == 400
    assert (await momo.post(path, content=b"[]")).status_code == 400


async def test_momo_makes_a_payment_once_and_another_under_its_name_never(momo: httpx.AsyncClient) -> None:
    other = replace(ASKED, request="0b0b")
    codes = [
        (await momo.post(CREATE, json=create_body(MOMO_KEYS, asked))).json()["resultCode"]
        for asked in (ASKED, ASKED, other)
    ]
    assert codes == [0, 0, 41]


async def test_momo_is_paid_once(momo: httpx.AsyncClient) -> None:
    link = (await momo.post(CREATE, json=create_body(MOMO_KEYS, ASKED))).json()["payUrl"]
    first = await momo.post("/control/pay", json={"link": link})
    assert first.json() == ["lost"], "nobody listens at the address of the notice"
    assert (await momo.post("/control/pay", json={"link": link})).status_code == 409
    assert (await momo.post("/control/pay", json={"link": "momo://pay/other"})).status_code == 409


async def test_an_app_reads_our_code_and_no_other(bank: httpx.AsyncClient) -> None:
    text = qr_text(BANK_KEYS, order())
    assert (await bank.post("/control/transfer", json={"qr_text": text})).status_code == 200
    elsewhere = qr_text(BankKeys(bank_bin="970436", account="999", secret=""), order())
    for wrong in (elsewhere, text[:-1] + "x", ""):
        assert (await bank.post("/control/transfer", json={"qr_text": wrong})).status_code == 400


async def test_the_statement_is_of_the_account_and_the_time(bank: httpx.AsyncClient) -> None:
    await bank.post("/control/transfer", json={"qr_text": qr_text(BANK_KEYS, order()), "amount_dong": 5})
    asked: dict[str, str | int] = {"account": BANK_KEYS.account, "since_ms": NOW_MS, "until_ms": NOW_MS + 1}
    (line,) = (await bank.get("/statement", params=asked)).json()
    assert (line["amount_dong"], REFERENCE in line["memo"]) == (5, True)
    changes: list[dict[str, str | int]] = [{"account": "999"}, {"since_ms": NOW_MS + 1}, {"until_ms": NOW_MS}]
    for changed in changes:
        assert (await bank.get("/statement", params=asked | changed)).json() == []


async def test_faults_are_as_many_as_were_asked_for(bank: httpx.AsyncClient) -> None:
    asked: dict[str, str | int] = {"account": "1", "since_ms": 0, "until_ms": 1}
    assert (await bank.post("/control/faults", json={"fail_next": 1, "nonsense_next": 1})).status_code == 200
    assert (await bank.get("/statement", params=asked)).json() == {"nonsense": 1}
    assert (await bank.get("/statement", params=asked)).status_code == 503
    assert (await bank.get("/statement", params=asked)).json() == []


@pytest.mark.parametrize("faults", [{"latency_s": -1}, {"notices": 11}, {"other": 1}])
async def test_faults_that_there_are_not_are_refused(
    bank: httpx.AsyncClient, faults: dict[str, float]
) -> None:
    assert (await bank.post("/control/faults", json=faults)).status_code == 422


async def test_a_slow_far_end_is_slow_and_its_control_is_not(bank: httpx.AsyncClient) -> None:
    await bank.post("/control/faults", json={"latency_s": 60})
    asking = asyncio.create_task(
        bank.get("/statement", params={"account": "1", "since_ms": 0, "until_ms": 1})
    )
    await bank.post("/control/faults", json={})
    assert not asking.done()
    asking.cancel()
    assert (await bank.get("/statement", params={"account": "1", "since_ms": 0, "until_ms": 1})).json() == []

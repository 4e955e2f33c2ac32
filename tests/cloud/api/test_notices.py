"""Providers that tell of money: believed by their signature alone, booked once, answered in their own way."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from cloud.api.app import create_app
from cloud.payments.bank import Line
from cloud.payments.momo import NOTICE_FIELDS
from cloud.payments.momo import sign as momo_signature
from cloud.payments.order import State
from cloud.payments.signed import MomoKeys, VnpayKeys, mac_bytes
from cloud.payments.vietnam_time import compact
from cloud.payments.vnpay import signed_query
from cloud.sections import Payments
from cloud.store import payments
from cloud.store.errors import AwayError
from tests.cloud.api.city import City, client_of
from tests.cloud.paying import AMOUNT_DONG, opened

SECRET = "test-secret-of-nobody"
VNPAY = VnpayKeys(tmn_code="TCDS0001", secret=SECRET)
MOMO = MomoKeys(partner_code="MOMOTCDS", access_key=SECRET, secret=SECRET)


@pytest.fixture
async def provider(city: City, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody outside, to whom all three ways are open."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    account: dict[str, object] = {
        "bank_bin": "970436",
        "account": "0011001234567",
        "statement_url": "https://bank.test/",
    }
    terminal: dict[str, object] = {
        "tmn_code": VNPAY.tmn_code,
        "page": "https://vnpay.test/",
        "service": "https://vnpay.test/",
    }
    partner: dict[str, object] = {
        "partner_code": MOMO.partner_code,
        "gateway": "https://momo.test/",
        "access_key_file": secret,
    }
    parts: dict[str, dict[str, object]] = {"bank": account, "vnpay": terminal, "momo": partner}
    chosen = Payments.model_validate({name: {**part, "secret_file": secret} for name, part in parts.items()})
    settings = city.settings.model_copy(update={"payments": chosen})
    app = create_app(settings, city.places, city.catalogue, city.store, city.clock)
    async with client_of(app, city, None) as client:
        yield client


def _state(city: City, number: int = 1) -> State:
    with city.store.reading() as connection:
        return payments.require_payment(connection, f"{number:032x}").state


async def test_the_banks_notice_is_booked_once_however_often_it_comes(
    provider: httpx.AsyncClient, city: City
) -> None:
    order = opened(city.store, now_ms=city.clock())
    line = Line(
        account="0011001234567",
        txn="FT1",
        amount_dong=AMOUNT_DONG,
        at_ms=city.clock(),
        memo=f"MBVCB {order.reference} CT tu",
    )
    body = msgspec.json.encode(line)
    headers = {"X-Signature": mac_bytes(SECRET, body)}
    for _ in range(2):
        answer = await provider.post("/api/pay/bank", content=body, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
    assert _state(city) is State.PAID


async def test_vnpay_is_told_00_and_then_02(provider: httpx.AsyncClient, city: City) -> None:
    order = opened(city.store, now_ms=city.clock())
    query = signed_query(
        {
            "vnp_Amount": str(AMOUNT_DONG * 100),
            "vnp_PayDate": compact(city.clock()),
            "vnp_ResponseCode": "00",
            "vnp_TmnCode": VNPAY.tmn_code,
            "vnp_TransactionNo": "14226112",
            "vnp_TransactionStatus": "00",
            "vnp_TxnRef": order.reference or "",
        },
        SECRET,
    )
    codes = [(await provider.get(f"/api/pay/vnpay?{query}")).json()["RspCode"] for _ in range(2)]
    assert codes == ["00", "02"]
    assert _state(city) is State.PAID


async def test_momo_is_answered_with_nothing(provider: httpx.AsyncClient, city: City) -> None:
    order = opened(city.store, now_ms=city.clock())
    fields: dict[str, str | int] = {
        "partnerCode": MOMO.partner_code,
        "orderId": order.reference or "",
        "requestId": order.id,
        "amount": AMOUNT_DONG,
        "orderInfo": "Thanh toan",
        "orderType": "momo_wallet",
        "transId": 4088878653,
        "resultCode": 0,
        "message": "Successful.",
        "payType": "qr",
        "responseTime": city.clock(),
        "extraData": "",
    }
    notice = fields | {"signature": momo_signature(fields, NOTICE_FIELDS, MOMO)}
    answer = await provider.post("/api/pay/momo", json=notice)
    assert (answer.status_code, answer.content) == (204, b"")
    assert _state(city) is State.PAID


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"[" * 9_000])
async def test_who_cannot_sign_is_told_so_and_books_nothing(
    provider: httpx.AsyncClient, city: City, body: bytes
) -> None:
    opened(city.store, now_ms=city.clock())
    for path in ("/api/pay/bank", "/api/pay/momo"):
        answer = await provider.post(path, content=body, headers={"X-Signature": "0" * 64})
        assert (answer.status_code, answer.json()["code"]) == (400, "notice")
    answer = await provider.get("/api/pay/vnpay", params={"vnp_TxnRef": "TCDS", "vnp_SecureHash": "0" * 128})
    assert answer.json()["RspCode"] == "97"
    assert _state(city) is State.CREATED


async def test_trouble_of_ours_makes_them_tell_it_again(
    provider: httpx.AsyncClient, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"vnp_Amount": "100", "vnp_PayDate": compact(city.clock()), "vnp_ResponseCode": "00"}
    fields |= {"vnp_TmnCode": VNPAY.tmn_code, "vnp_TransactionNo": "1", "vnp_TransactionStatus": "00"}

    def away(*_: object) -> object:
        raise AwayError("store: away")

    monkeypatch.setattr("cloud.store.payment_notices.book", away)
    answer = await provider.get(f"/api/pay/vnpay?{signed_query(fields | {'vnp_TxnRef': 'x'}, SECRET)}")
    assert answer.json()["RspCode"] == "99"


async def test_a_provider_that_is_not_agreed_is_not_there(officer: httpx.AsyncClient) -> None:
    for answer in (
        await officer.get("/api/pay/vnpay"),
        await officer.post("/api/pay/momo", content=b"{}"),
        await officer.post("/api/pay/bank", content=b"{}"),
    ):
        assert answer.status_code == 404

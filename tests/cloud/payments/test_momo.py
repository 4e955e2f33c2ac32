import hashlib
import hmac
import json
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.momo import (
    NOTICE_FIELDS,
    CreateRequest,
    PayLinks,
    create_body,
    handle_notice,
    query_body,
    read_create,
    read_notice,
    read_query,
    read_refund,
    refund_body,
    sign,
)
from cloud.payments.money import Provider
from cloud.payments.notice import Outcome, PaymentKey, RefundReply, Source, Taken
from tests.cloud.payments.samples import MOMO_KEYS, REFERENCE
from tests.cloud.payments.test_vnpay import booked

ASKED = CreateRequest(
    reference=REFERENCE,
    request="0a0a",
    amount_dong=75_000,
    info="Le phi ho so",
    redirect_url="http://127.0.0.1:8080/pay/return",
    ipn_url="http://127.0.0.1:8080/pay/momo",
)
NOTICE: dict[str, str | int] = {
    "partnerCode": "MOMOTCDS",
    "orderId": REFERENCE,
    "requestId": "0a0a",
    "amount": 75_000,
    "orderInfo": "Le phi ho so",
    "orderType": "momo_wallet",
    "transId": 4_088_878_653,
    "resultCode": 0,
    "message": "Giao dịch thành công.",
    "payType": "qr",
    "responseTime": 1_795_313_820_000,
    "extraData": "",
}
MONEY = Taken(
    key=PaymentKey(Provider.MOMO, "4088878653"),
    reference=REFERENCE,
    amount_dong=75_000,
    taken_at_ms=1_795_313_820_000,
    source=Source.NOTIFIED,
)


def sha256(text: str) -> str:
    return hmac.new(b"TESTSECRET0123456789", text.encode(), hashlib.sha256).hexdigest()


def notice(**changed: str | int) -> bytes:
    fields = NOTICE | changed
    return json.dumps({**fields, "signature": sign(fields, NOTICE_FIELDS, MOMO_KEYS)}).encode()


def test_a_payment_is_asked_for_and_signed_in_the_order_of_names_without_encoding() -> None:
    body = create_body(MOMO_KEYS, ASKED)
    assert body["signature"] == sha256(
        "accessKey=TESTACCESS&amount=75000&extraData=&ipnUrl=http://127.0.0.1:8080/pay/momo"
        f"&orderId={REFERENCE}&orderInfo=Le phi ho so&partnerCode=MOMOTCDS"
        "&redirectUrl=http://127.0.0.1:8080/pay/return&requestId=0a0a&requestType=captureWallet"
    )
    assert (body["lang"], body["amount"]) == ("vi", 75_000)
    assert create_body(MOMO_KEYS, ASKED) == body, "the same order is the same request"
    assert "accessKey" not in body


def test_where_to_pay_is_read() -> None:
    told = {
        "orderId": REFERENCE,
        "resultCode": 0,
        "amount": 75_000,
        "payUrl": "https://pay.example/1",
        "qrCodeUrl": "momo://1",
    }
    assert read_create(json.dumps(told).encode(), ASKED) == PayLinks("https://pay.example/1", "momo://1")
    del told["qrCodeUrl"]
    assert read_create(json.dumps(told).encode(), ASKED).qr_text == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"resultCode": 41},
        {"orderId": "x"},
        {"amount": 1},
        {"payUrl": ""},
        {"payUrl": "x" * 2_001},
        {"payUrl": None, "amount": None},
    ],
)
def test_another_payment_or_none_is_refused(changed: dict[str, object]) -> None:
    told: dict[str, object] = {
        "orderId": REFERENCE,
        "resultCode": 0,
        "amount": 75_000,
        "payUrl": "https://pay.example/1",
    }
    with pytest.raises(NoticeError):
        read_create(json.dumps(told | changed).encode(), ASKED)


def test_a_notice_is_signed_over_all_its_fields_by_name() -> None:
    assert sign(NOTICE, NOTICE_FIELDS, MOMO_KEYS) == sha256(
        "accessKey=TESTACCESS&amount=75000&extraData=&message=Giao dịch thành công."
        f"&orderId={REFERENCE}&orderInfo=Le phi ho so&orderType=momo_wallet&partnerCode=MOMOTCDS"
        "&payType=qr&requestId=0a0a&responseTime=1795313820000&resultCode=0&transId=4088878653"
    )


def test_a_notice_of_money_is_read() -> None:
    assert read_notice(notice(), MOMO_KEYS) == MONEY


@pytest.mark.parametrize("code", [9000, 1000, 1006, 7002, 99])
def test_any_other_result_is_no_money(code: int) -> None:
    assert read_notice(notice(resultCode=code), MOMO_KEYS) is None


@pytest.mark.parametrize("name", NOTICE_FIELDS)
def test_any_changed_field_breaks_the_signature(name: str) -> None:
    with pytest.raises(SignatureError):
        read_notice(json.dumps({**json.loads(notice()), name: "1"}).encode(), MOMO_KEYS)


@pytest.mark.parametrize(
    "changed",
    [{"partnerCode": "OTHER"}, {"amount": 0}, {"transId": "x"}, {"amount": -5}, {"responseTime": ""}],
)
def test_what_is_signed_and_makes_no_sense_is_refused(changed: dict[str, str | int]) -> None:
    with pytest.raises(NoticeError):
        read_notice(notice(**changed), MOMO_KEYS)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_money_that_is_in_the_ledger_is_answered_with_204(outcome: Outcome) -> None:
    told, book = booked(outcome)
    assert handle_notice(notice(), MOMO_KEYS, book) is HTTPStatus.NO_CONTENT
    assert told == [MONEY]


def test_no_money_is_answered_and_nonsense_refused_without_booking() -> None:
    told, book = booked(Outcome.BOOKED)
    assert handle_notice(notice(resultCode=1006), MOMO_KEYS, book) is HTTPStatus.NO_CONTENT
    assert handle_notice(notice()[:-3] + b'x"}', MOMO_KEYS, book) is HTTPStatus.BAD_REQUEST
    assert handle_notice(b"{}", MOMO_KEYS, book) is HTTPStatus.BAD_REQUEST
    assert told == []


@given(st.binary(max_size=100))
def test_any_bytes_book_nothing(body: bytes) -> None:
    told, book = booked(Outcome.BOOKED)
    assert handle_notice(body, MOMO_KEYS, book) is HTTPStatus.BAD_REQUEST
    assert told == []


def test_questions_and_refunds_are_signed() -> None:
    assert query_body(MOMO_KEYS, REFERENCE, "q1")["signature"] == sha256(
        f"accessKey=TESTACCESS&orderId={REFERENCE}&partnerCode=MOMOTCDS&requestId=q1"
    )
    body = refund_body(MOMO_KEYS, "r1", "4088878653", 15_000, "Hoan tien")
    assert body["signature"] == sha256(
        "accessKey=TESTACCESS&amount=15000&description=Hoan tien&orderId=r1&partnerCode=MOMOTCDS"
        "&requestId=r1&transId=4088878653"
    )
    assert (body["orderId"], body["requestId"], body["transId"]) == ("r1", "r1", 4_088_878_653)


def answered(**changed: object) -> bytes:
    return json.dumps({**NOTICE, **changed}).encode()


def test_a_poll_finds_money_or_none_so_far() -> None:
    taken = read_query(answered(), MOMO_KEYS, REFERENCE)
    assert taken is not None
    assert (taken.key, taken.source) == (MONEY.key, Source.POLLED)
    for code in (1000, 1005, 7000, 42):
        assert read_query(answered(resultCode=code), MOMO_KEYS, REFERENCE) is None


@pytest.mark.parametrize(
    "changed",
    [{"resultCode": 11}, {"orderId": "x"}, {"partnerCode": "x"}, {"transId": None}, {"amount": None}],
)
def test_an_answer_about_something_else_is_asked_for_again(changed: dict[str, object]) -> None:
    with pytest.raises(NoticeError):
        read_query(answered(**changed), MOMO_KEYS, REFERENCE)


@pytest.mark.parametrize(
    ("code", "reply"),
    [
        (0, RefundReply.DONE),
        (7002, RefundReply.PENDING),
        (1080, RefundReply.REFUSED),
        (42, RefundReply.REFUSED),
    ],
)
def test_what_became_of_a_refund_is_read(code: int, reply: RefundReply) -> None:
    assert read_refund(answered(orderId="r1", resultCode=code), "r1") is reply


@pytest.mark.parametrize("changed", [{"resultCode": 99}, {"resultCode": 11}, {"orderId": "r2"}])
def test_a_refund_that_is_not_decided_is_asked_for_again(changed: dict[str, object]) -> None:
    with pytest.raises(NoticeError):
        read_refund(answered(**{"orderId": "r1"} | changed), "r1")

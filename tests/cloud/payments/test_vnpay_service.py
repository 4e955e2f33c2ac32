import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.notice import RefundReply, Source
from cloud.payments.vietnam_time import from_compact
from cloud.payments.vnpay_service import (
    QUERY_ANSWER,
    REFUND_ANSWER,
    Asking,
    query_body,
    read_query,
    read_refund,
    refund_body,
    signed_body,
)
from tests.cloud.payments.samples import REFERENCE, VNPAY_KEYS

ASKING = Asking(
    request="q-1",
    reference=REFERENCE,
    ordered_at_ms=from_compact("20261122091530"),
    now_ms=from_compact("20261122100000"),
    info="Truy van",
)
ANSWER = {
    "ResponseId": "a1",
    "Command": "querydr",
    "ResponseCode": "00",
    "Message": "OK",
    "TmnCode": "TCDS0001",
    "TxnRef": REFERENCE,
    "Amount": "7500000",
    "BankCode": "NCB",
    "PayDate": "20261122091700",
    "TransactionNo": "14422574",
    "TransactionType": "01",
    "TransactionStatus": "00",
    "OrderInfo": "Le phi",
}


def sha512(text: str) -> str:
    return hmac.new(b"TESTSECRET0123456789", text.encode(), hashlib.sha512).hexdigest()


def answer(changed: dict[str, str] | None = None, names: tuple[str, ...] = QUERY_ANSWER) -> bytes:
    fields = {name: value for name, value in (ANSWER | (changed or {})).items() if value}
    return json.dumps(signed_body(fields, names, VNPAY_KEYS)).encode()


def test_a_question_is_signed_in_the_published_order() -> None:
    assert query_body(VNPAY_KEYS, ASKING) == {
        "vnp_RequestId": "q-1",
        "vnp_Version": "2.1.0",
        "vnp_Command": "querydr",
        "vnp_TmnCode": "TCDS0001",
        "vnp_TxnRef": REFERENCE,
        "vnp_TransactionDate": "20261122091530",
        "vnp_CreateDate": "20261122100000",
        "vnp_IpAddr": "127.0.0.1",
        "vnp_OrderInfo": "Truy van",
        "vnp_SecureHash": sha512(
            f"q-1|2.1.0|querydr|TCDS0001|{REFERENCE}|20261122091530|20261122100000|127.0.0.1|Truy van"
        ),
    }


@pytest.mark.parametrize(("is_whole", "kind"), [(True, "02"), (False, "03")])
def test_a_refund_is_signed_in_the_published_order(*, is_whole: bool, kind: str) -> None:
    body = refund_body(VNPAY_KEYS, ASKING, "14422574", 15_000, is_whole=is_whole)
    assert body["vnp_TransactionType"] == kind
    assert body["vnp_SecureHash"] == sha512(
        f"q-1|2.1.0|refund|TCDS0001|{kind}|{REFERENCE}|1500000|14422574|20261122091530|tcds"
        "|20261122100000|127.0.0.1|Truy van"
    )


def test_a_description_in_vietnamese_letters_is_not_sent() -> None:
    with pytest.raises(NoticeError):
        query_body(VNPAY_KEYS, replace(ASKING, info="Truy vấn"))


@pytest.mark.parametrize("status", ["00", "05", "06", "09"])
def test_money_is_found_though_a_refund_of_it_is_running(status: str) -> None:
    taken = read_query(answer({"TransactionStatus": status}), VNPAY_KEYS, REFERENCE)
    assert taken is not None
    assert (taken.key.txn, taken.amount_dong, taken.source) == ("14422574", 75_000, Source.POLLED)
    assert taken.taken_at_ms == from_compact("20261122091700")


@pytest.mark.parametrize(
    "changed",
    [
        {"TransactionStatus": "01"},
        {"TransactionStatus": "02"},
        {"TransactionStatus": "07"},
        {"TransactionType": "02"},
        {"ResponseCode": "91", "Amount": "", "TransactionNo": "", "TxnRef": ""},
    ],
)
def test_no_money_so_far_is_no_money(changed: dict[str, str]) -> None:
    assert read_query(answer(changed), VNPAY_KEYS, REFERENCE) is None


@pytest.mark.parametrize(
    "changed",
    [{"ResponseCode": "94"}, {"ResponseCode": "99"}, {"TxnRef": "TCDS000000000195"}, {"Amount": "1"}],
)
def test_an_answer_that_settles_nothing_is_asked_for_again(changed: dict[str, str]) -> None:
    with pytest.raises(NoticeError):
        read_query(answer(changed), VNPAY_KEYS, REFERENCE)


@pytest.mark.parametrize("name", [name for name in ANSWER if name != "Command"])
def test_an_answer_that_was_changed_is_not_believed(name: str) -> None:
    fields: dict[str, Any] = json.loads(answer())
    with pytest.raises(SignatureError):
        read_query(json.dumps({**fields, f"vnp_{name}": "1"}).encode(), VNPAY_KEYS, REFERENCE)


def test_numbers_may_come_as_numbers() -> None:
    fields = json.loads(answer())
    body = json.dumps({**fields, "vnp_Amount": 7_500_000, "vnp_TransactionNo": 14_422_574}).encode()
    taken = read_query(body, VNPAY_KEYS, REFERENCE)
    assert taken is not None
    assert taken.key.txn == "14422574"


@pytest.mark.parametrize(
    ("code", "reply"),
    [
        ("00", RefundReply.DONE),
        ("94", RefundReply.PENDING),
        ("02", RefundReply.REFUSED),
        ("93", RefundReply.REFUSED),
        ("95", RefundReply.REFUSED),
    ],
)
def test_what_became_of_a_refund_is_read(code: str, reply: RefundReply) -> None:
    assert read_refund(answer({"ResponseCode": code}, REFUND_ANSWER), VNPAY_KEYS) is reply


@pytest.mark.parametrize("code", ["97", "98", "99"])
def test_a_refund_that_is_not_decided_is_asked_for_again(code: str) -> None:
    with pytest.raises(NoticeError):
        read_refund(answer({"ResponseCode": code}, REFUND_ANSWER), VNPAY_KEYS)


@given(st.binary(max_size=100))
def test_any_bytes_are_no_answer(body: bytes) -> None:
    for read in (lambda: read_query(body, VNPAY_KEYS, REFERENCE), lambda: read_refund(body, VNPAY_KEYS)):
        with pytest.raises((NoticeError, SignatureError)):
            read()

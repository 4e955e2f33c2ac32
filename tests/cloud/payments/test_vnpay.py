from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.money import Provider
from cloud.payments.notice import Outcome, PaymentKey, Source, Taken
from cloud.payments.vietnam_time import from_compact
from cloud.payments.vnpay import (
    ANSWERS,
    CONFIRMED,
    TROUBLE,
    PayRequest,
    handle_notice,
    payment_url,
    read_notice,
    signed_query,
    verified,
)
from tests.cloud.payments.samples import REFERENCE, VNPAY_KEYS

SECRET = VNPAY_KEYS.secret
REQUEST = PayRequest(
    reference="TCDS000123",
    amount_dong=75_000,
    info="Le phi ho so TCDS000123",
    created_at_ms=from_compact("20261122091530"),
    expires_at_ms=from_compact("20261122093030"),
    return_url="http://127.0.0.1:8080/pay/return",
)
NOTICE = {
    "vnp_Amount": "7500000",
    "vnp_BankCode": "NCB",
    "vnp_OrderInfo": "Le phi ho so",
    "vnp_PayDate": "20261122091700",
    "vnp_ResponseCode": "00",
    "vnp_TmnCode": "TCDS0001",
    "vnp_TransactionNo": "14422574",
    "vnp_TransactionStatus": "00",
    "vnp_TxnRef": REFERENCE,
}
MONEY = Taken(
    key=PaymentKey(Provider.VNPAY, "14422574"),
    reference=REFERENCE,
    amount_dong=75_000,
    taken_at_ms=from_compact("20261122091700"),
    source=Source.NOTIFIED,
)


def notice(**changed: str) -> str:
    """Return a signed IPN; changed to "" leaves a field out."""
    fields = NOTICE | {f"vnp_{name}": value for name, value in changed.items()}
    return signed_query({name: value for name, value in fields.items() if value}, SECRET)


def booked(outcome: Outcome) -> tuple[list[Taken], Callable[[Taken], Outcome]]:
    """Return a ledger that says always the same, and what it was told."""
    told: list[Taken] = []

    def book(taken: Taken) -> Outcome:
        told.append(taken)
        return outcome

    return told, book


def test_a_request_is_signed_to_the_letter() -> None:
    assert payment_url("https://pay.example/vpcpay.html", VNPAY_KEYS, REQUEST) == (
        "https://pay.example/vpcpay.html?"
        "vnp_Amount=7500000&vnp_Command=pay&vnp_CreateDate=20261122091530&vnp_CurrCode=VND"
        "&vnp_ExpireDate=20261122093030&vnp_IpAddr=127.0.0.1&vnp_Locale=vn"
        "&vnp_OrderInfo=Le+phi+ho+so+TCDS000123&vnp_OrderType=other"
        "&vnp_ReturnUrl=http%3A%2F%2F127.0.0.1%3A8080%2Fpay%2Freturn&vnp_TmnCode=TCDS0001"
        "&vnp_TxnRef=TCDS000123&vnp_Version=2.1.0&vnp_SecureHash="
        "16d632be8f65f700799ca0145288d36f7c3b5c564840a36f50f08750b1998ccc"
        "63ab453ac3c9c63962ddcde0195e8daf223f98e71e4247bf686bd6d046b8d2cd"
    )


def test_the_same_order_gives_the_same_address_and_our_own_signature_is_one() -> None:
    first, second = (payment_url("https://pay.example", VNPAY_KEYS, REQUEST) for _ in range(2))
    assert first == second
    assert verified(urlsplit(first).query, VNPAY_KEYS)["vnp_TxnRef"] == "TCDS000123"


@pytest.mark.parametrize("info", ["", "Lệ phí", "a&b", "x" * 201])
def test_a_description_that_vnpay_does_not_take_is_not_sent(info: str) -> None:
    with pytest.raises(NoticeError):
        payment_url("https://pay.example", VNPAY_KEYS, replace(REQUEST, info=info))


def test_a_notice_of_money_is_read() -> None:
    assert read_notice(notice(), VNPAY_KEYS) == MONEY


@pytest.mark.parametrize(
    "changed",
    [{"ResponseCode": "24", "TransactionNo": "0"}, {"TransactionStatus": "02"}, {"ResponseCode": "07"}],
)
def test_only_both_codes_together_mean_money(changed: dict[str, str]) -> None:
    assert read_notice(notice(**changed), VNPAY_KEYS) is None


def test_fields_that_are_empty_or_not_theirs_are_not_signed() -> None:
    query = notice() + "&vnp_BankTranNo=&vnp_SecureHashType=SHA512&utm_source=x"
    assert read_notice(query, VNPAY_KEYS) == MONEY


@pytest.mark.parametrize("name", sorted(NOTICE))
def test_any_changed_field_breaks_the_signature(name: str) -> None:
    changed = {**dict(parse_qsl(notice())), name: "1"}
    with pytest.raises(SignatureError):
        read_notice("&".join(f"{key}={value}" for key, value in changed.items()), VNPAY_KEYS)


def test_another_key_or_none_is_no_signature() -> None:
    with pytest.raises(SignatureError):
        read_notice(notice(), replace(VNPAY_KEYS, secret="OTHER"))
    with pytest.raises(SignatureError):
        read_notice("vnp_Amount=100", VNPAY_KEYS)
    with pytest.raises(SignatureError):
        read_notice("", VNPAY_KEYS)


@pytest.mark.parametrize(
    "changed",
    [
        {"Amount": "7500050"},
        {"Amount": "-7500000"},
        {"Amount": ""},
        {"Amount": "0"},
        {"TransactionNo": "0"},
        {"TransactionNo": ""},
        {"PayDate": "yesterday"},
        {"TmnCode": "OTHER001"},
        {"TxnRef": ""},
        {"ResponseCode": ""},
    ],
)
def test_what_is_signed_and_makes_no_sense_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(NoticeError):
        read_notice(notice(**changed), VNPAY_KEYS)


def test_a_field_that_comes_twice_is_refused() -> None:
    with pytest.raises(NoticeError):
        read_notice(notice() + "&vnp_Amount=100", VNPAY_KEYS)


@pytest.mark.parametrize(
    "query", ["x" * 8_193, "&".join(f"vnp_{number}=1" for number in range(65)), "vnp_A=%FF"]
)
def test_what_is_too_much_or_no_text_is_refused(query: str) -> None:
    with pytest.raises(NoticeError):
        verified(query, VNPAY_KEYS)


@given(st.text(max_size=200))
def test_any_query_gets_an_answer_and_books_nothing(query: str) -> None:
    told, book = booked(Outcome.BOOKED)
    assert handle_notice(query, VNPAY_KEYS, book)["RspCode"] in {"97", "99"}
    assert told == []


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.BOOKED, "00"),
        (Outcome.UNMATCHED, "01"),
        (Outcome.KNOWN, "02"),
        (Outcome.MISMATCH, "04"),
        (Outcome.CONTRADICTS, "04"),
    ],
)
def test_what_became_of_the_money_is_answered(outcome: Outcome, code: str) -> None:
    told, book = booked(outcome)
    assert handle_notice(notice(), VNPAY_KEYS, book)["RspCode"] == code
    assert told == [MONEY]


def test_every_outcome_has_its_answer() -> None:
    assert ANSWERS.keys() == set(Outcome)


def answer(query: str) -> Mapping[str, str]:
    return handle_notice(query, VNPAY_KEYS, booked(Outcome.BOOKED)[1])


def test_wrong_signature_nonsense_and_no_money_are_answered_without_booking() -> None:
    assert answer(notice() + "x")["RspCode"] == "97"
    assert answer(notice(PayDate="x")) == TROUBLE
    assert answer(notice(ResponseCode="24")) == CONFIRMED

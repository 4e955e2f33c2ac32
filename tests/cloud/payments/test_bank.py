from http import HTTPStatus
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.bank import (
    MAX_LINES,
    Line,
    credits_of,
    handle_notice,
    movements_of,
    qr_text,
    read_notice,
    read_statement,
)
from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.money import Provider
from cloud.payments.notice import Movement, Outcome, PaymentKey, Source
from cloud.payments.signed import BankKeys, mac_bytes
from cloud.payments.vietqr import parse
from tests.cloud.payments.samples import REFERENCE, order
from tests.cloud.payments.test_vnpay import booked
from tests.cloud.samples import NOW_MS

KEYS = BankKeys(bank_bin="970436", account="0011001234567", secret="TESTSECRET0123456789")
REFUND = f"R{'0a' * 12}v4"


def line(**changed: Any) -> Line:
    fields: dict[str, Any] = {
        "account": KEYS.account,
        "txn": "FT1",
        "amount_dong": 75_000,
        "at_ms": NOW_MS,
        "memo": f"MBVCB.1.{REFERENCE}.CT tu 0011004444444 NGUYEN VAN AN",
    }
    return Line(**fields | changed)


def signed(told: Line) -> tuple[bytes, str]:
    body = msgspec.json.encode(told)
    return body, mac_bytes(KEYS.secret, body)


def test_the_code_asks_for_the_order_and_names_it_twice() -> None:
    code = parse(qr_text(KEYS, order(), "LE PHI"))
    assert (code.account, code.amount_dong, code.bill) == (KEYS.account, 75_000, REFERENCE)
    assert code.purpose == f"LE PHI {REFERENCE}"
    assert parse(qr_text(KEYS, order(), "x" * 10)).purpose == REFERENCE, "the reference is never cut off"
    assert parse(qr_text(KEYS, order())).purpose == REFERENCE


def test_a_notice_of_money_that_came_is_read() -> None:
    taken = read_notice(*signed(line()), KEYS)
    assert taken is not None
    assert (taken.key, taken.reference, taken.amount_dong, taken.taken_at_ms, taken.source) == (
        PaymentKey(Provider.BANK, "FT1"),
        REFERENCE,
        75_000,
        NOW_MS,
        Source.NOTIFIED,
    )


def test_a_memo_without_a_reference_names_no_order() -> None:
    taken = read_notice(*signed(line(memo="chuyen tien")), KEYS)
    assert taken is not None
    assert taken.reference is None


def test_money_that_went_out_is_none_that_came() -> None:
    assert read_notice(*signed(line(amount_dong=-5)), KEYS) is None
    assert read_notice(*signed(line(amount_dong=0)), KEYS) is None


@pytest.mark.parametrize("signature", ["", "0" * 64, mac_bytes("OTHER", signed(line())[0])])
def test_a_notice_that_is_not_signed_by_the_bank_is_not_believed(signature: str) -> None:
    with pytest.raises(SignatureError):
        read_notice(signed(line())[0], signature, KEYS)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"x" * 20_000,
        msgspec.json.encode({**msgspec.to_builtins(line()), "more": 1}),
        msgspec.json.encode({**msgspec.to_builtins(line()), "amount_dong": 75000.5}),
        msgspec.json.encode({**msgspec.to_builtins(line()), "amount_dong": 10**12}),
        msgspec.json.encode({**msgspec.to_builtins(line()), "memo": "x" * 501}),
        msgspec.json.encode({**msgspec.to_builtins(line()), "txn": ""}),
        msgspec.json.encode({**msgspec.to_builtins(line()), "account": "999"}),
    ],
)
def test_what_is_signed_and_no_line_of_our_account_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeError):
        read_notice(body, mac_bytes(KEYS.secret, body), KEYS)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_money_that_is_in_the_ledger_is_answered_with_204(outcome: Outcome) -> None:
    told, book = booked(outcome)
    assert handle_notice(*signed(line()), KEYS, book) is HTTPStatus.NO_CONTENT
    assert len(told) == 1
    assert handle_notice(*signed(line(amount_dong=-5)), KEYS, book) is HTTPStatus.NO_CONTENT
    assert len(told) == 1


@given(st.binary(max_size=100), st.text(max_size=70))
def test_any_bytes_book_nothing(body: bytes, signature: str) -> None:
    told, book = booked(Outcome.BOOKED)
    assert handle_notice(body, signature, KEYS, book) is HTTPStatus.BAD_REQUEST
    assert handle_notice(body, mac_bytes(KEYS.secret, body), KEYS, book) is HTTPStatus.BAD_REQUEST
    assert told == []


def test_a_statement_gives_what_came_and_all_that_moved() -> None:
    lines = [
        line(),
        line(txn="FT2", amount_dong=-15_000, memo=f"HOAN TIEN {REFUND.upper()}"),
        line(txn="FT3", amount_dong=-1_000, memo="phi"),
        line(txn="FT4", memo=f"tra lai {REFUND}"),
        line(txn="FT5", amount_dong=0),
    ]
    read = read_statement(msgspec.json.encode(lines), KEYS)
    assert read == lines
    assert [(taken.key.txn, taken.source) for taken in credits_of(read)] == [
        ("FT1", Source.STATEMENT),
        ("FT4", Source.STATEMENT),
    ]
    assert movements_of(read) == [
        Movement(PaymentKey(Provider.BANK, txn), amount_dong, NOW_MS)
        for txn, amount_dong in (("FT1", 75_000), (REFUND, -15_000), ("FT3", -1_000), ("FT4", 75_000))
    ]


def test_an_empty_day_is_an_empty_statement() -> None:
    assert read_statement(b"[]", KEYS) == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", msgspec.json.encode([line(account="999")])])
def test_what_is_no_statement_of_our_account_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeError):
        read_statement(body, KEYS)


def test_a_statement_has_an_end() -> None:
    with pytest.raises(NoticeError):
        read_statement(msgspec.json.encode([line()] * (MAX_LINES + 1)), KEYS)


def test_what_the_payers_bank_wrote_does_not_show() -> None:
    assert "NGUYEN" not in f"{line()} {[line()]}"
    assert "TESTSECRET" not in repr(KEYS)

import pytest

from cloud.payments.errors import RefusedError
from cloud.payments.money import Provider
from cloud.payments.receipt import InvoiceReference, receipt_lines, receipt_of
from tests.cloud.payments.samples import END_MS, REFERENCE, order, paid, taken


@pytest.mark.parametrize("symbol", ["1C26MAA", "2K26TYY", "6C25DAB"])
def test_an_invoice_is_named_by_symbol_and_number(symbol: str) -> None:
    assert InvoiceReference(symbol, "123").symbol == symbol


@pytest.mark.parametrize(
    ("symbol", "number"),
    [
        ("0C26MAA", "1"),
        ("7C26MAA", "1"),
        ("1X26MAA", "1"),
        ("1C26XAA", "1"),
        ("1C26MA", "1"),
        ("1C26MAAA", "1"),
        ("1c26maa", "1"),
        ("1C26MAA", ""),
        ("1C26MAA", "123456789"),
        ("1C26MAA", "1a"),
    ],
)
def test_what_is_no_invoice_is_refused(symbol: str, number: str) -> None:
    with pytest.raises(RefusedError):
        InvoiceReference(symbol, number)


def test_nothing_paid_is_no_receipt() -> None:
    for before in (order(), paid(order(), taken("t1", 5)), paid(order(is_closed=True))):
        with pytest.raises(RefusedError):
            receipt_of(before)


def test_a_receipt_says_what_was_paid_and_how() -> None:
    receipt = receipt_of(paid(order(), taken("FT26326001")), InvoiceReference("1C26MAA", "00000123"))
    assert receipt_lines(receipt, "Lệ phí đăng ký tạm trú") == [
        "Lệ phí đăng ký tạm trú",
        "Số tiền: 75.000 đ",
        "Bằng chữ: Bảy mươi lăm nghìn đồng",
        "Thời gian: 03:27:40 ngày 29/05/2026",
        "Cách trả: chuyển khoản VietQR",
        f"Mã thanh toán: {REFERENCE}",
        "Mã giao dịch: FT26326001",
        "Hóa đơn điện tử: ký hiệu 1C26MAA, số 00000123",
    ]


def test_an_invoice_that_is_not_issued_yet_is_promised() -> None:
    assert any("sẽ phát hành" in line for line in receipt_lines(receipt_of(paid()), "Lệ phí"))


def test_what_came_besides_is_on_the_receipt() -> None:
    receipt = receipt_of(paid(order(), taken("t1", 90_000)))
    assert receipt.due_dong == 15_000
    assert receipt_lines(receipt, "Lệ phí")[-1] == "Số tiền trả thừa, sẽ được hoàn lại: 15.000 đ"


def test_parts_by_two_ways_are_both_named_and_a_second_payment_is_not() -> None:
    parts = (taken("t1", 30_000), taken("t2", 45_000, provider=Provider.MOMO), taken("t3"))
    receipt = receipt_of(paid(order(), *parts))
    assert (receipt.providers, receipt.txns) == ((Provider.BANK, Provider.MOMO), ("t1", "t2"))
    assert "Cách trả: chuyển khoản VietQR, ví MoMo" in receipt_lines(receipt, "Lệ phí")


def test_a_late_payment_has_its_receipt_too() -> None:
    assert receipt_of(paid(now_ms=END_MS)).is_late

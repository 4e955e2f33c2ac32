"""The receipt: what was paid for, how, and where its e-invoice is; as data, and as the lines that a printer prints.

Source of the e-invoice's symbol: Circular 78/2021/TT-BTC, article 4, point 1: kind (1-6), with or without the tax
authority's code (C, K), year, letter of use (M: from a cash register), two letters of the seller's own.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cloud.payments.errors import RefusedCode, RefusedError
from cloud.payments.money import Provider, dong_in_words, format_dong
from cloud.payments.order import Order
from cloud.payments.vietnam_time import moment

_SYMBOL: Final = re.compile(r"[1-6][CK][0-9]{2}[TDLMNBGH][A-Z]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class InvoiceReference:
    """Where the e-invoice is found: symbol such as 1C26MAA, and number. RefusedError for anything else."""

    symbol: str
    number: str

    def __post_init__(self) -> None:
        if not _SYMBOL.fullmatch(self.symbol) or not _NUMBER.fullmatch(self.number):
            raise RefusedError(RefusedCode.INVALID, "receipt: no such e-invoice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the person takes along. `due_dong`: came in besides and will be sent back. `invoice` None: not issued yet.

    `purpose` is the name of a price; its words are the catalogue's. `paid_at_ms` is the provider's time of the last
    part, by which it was whole.
    """

    reference: str
    purpose: str
    amount_dong: int
    paid_at_ms: int
    providers: tuple[Provider, ...]
    txns: tuple[str, ...]
    is_late: bool
    due_dong: int
    invoice: InvoiceReference | None = None


def receipt_of(order: Order, invoice: InvoiceReference | None = None) -> Receipt:
    """Return an order's receipt; RefusedError unless it is settled."""
    used = [payment for payment in order.payments if payment.applied_dong]
    if not used or order.reference is None:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "receipt: not paid")
    return Receipt(
        reference=order.reference,
        purpose=order.purpose,
        amount_dong=order.amount_dong,
        paid_at_ms=max(payment.taken_at_ms for payment in used),
        providers=tuple(sorted({payment.key.provider for payment in used})),
        txns=tuple(payment.key.txn for payment in used),
        is_late=order.is_late,
        due_dong=order.due_dong,
        invoice=invoice,
    )


def receipt_lines(receipt: Receipt, title: str) -> list[str]:
    """Return the lines to print or show; `title` names in words what was paid for."""
    lines = [
        title,
        f"Số tiền: {format_dong(receipt.amount_dong)}",
        f"Bằng chữ: {dong_in_words(receipt.amount_dong)}",
        f"Thời gian: {moment(receipt.paid_at_ms):%H:%M:%S ngày %d/%m/%Y}",
        f"Cách trả: {', '.join(_WAYS[provider] for provider in receipt.providers)}",
        f"Mã thanh toán: {receipt.reference}",
        f"Mã giao dịch: {', '.join(receipt.txns)}",
        _invoice_line(receipt.invoice),
    ]
    if receipt.due_dong:
        lines.append(f"Số tiền trả thừa, sẽ được hoàn lại: {format_dong(receipt.due_dong)}")
    return lines


def _invoice_line(invoice: InvoiceReference | None) -> str:
    if invoice is None:
        return "Hóa đơn điện tử: sẽ phát hành, tra cứu bằng mã thanh toán"
    return f"Hóa đơn điện tử: ký hiệu {invoice.symbol}, số {invoice.number}"


_WAYS: Final = MappingProxyType(
    {
        Provider.BANK: "chuyển khoản VietQR",
        Provider.VNPAY: "VNPAY",
        Provider.MOMO: "ví MoMo",
    }
)

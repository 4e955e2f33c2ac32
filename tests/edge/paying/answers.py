"""Answers of a centre to an invented customer."""

from typing import Final

from edge.paying.session import State, ToPay
from edge.paying.view import Page
from wire.asking import BillsFound, OpenBill, PaymentStands, PaymentWay

WALL_MS: Final = 1_790_000_010_000
OVER_MS: Final = WALL_MS + 15 * 60_000
ORDER: Final = "0a" * 16
DUE: Final = ToPay(request="0b" * 16, service="bill-electricity", account="PE01000123456")
FEE: Final = ToPay(request="0c" * 16, service="temporary-residence")
BILL: Final = OpenBill(bill="2026-11", period="11/2026", amount_dong=412_000, due_day="2026-11-28")
BILLS: Final = BillsFound(
    holder="N*** V** A",
    bills=[OpenBill(bill="2026-10", period="10/2026", amount_dong=388_000, due_day="2026-10-28"), BILL],
)


def stands(
    qr_text: str = "",
    *,
    taken_dong: int = 0,
    is_paid: bool = False,
    receipt: str = "",
    invoice: str = "",
) -> PaymentStands:
    """Return how an order stands; with `qr_text` it can be paid by the bank's code."""
    return PaymentStands(
        order=ORDER,
        state="paid" if is_paid else "qr-shown",
        amount_dong=BILL.amount_dong,
        taken_dong=taken_dong,
        is_paid=is_paid,
        expires_at_ms=OVER_MS,
        ways=[PaymentWay(provider="bank", qr_text=qr_text)] if qr_text else [],
        reference="TCDS0000017",
        paid_at_ms=WALL_MS if is_paid else None,
        receipt=receipt,
        invoice=invoice,
    )


def paid_state(receipt: str) -> State:
    """Return a bill that is paid and cleared."""
    return State(
        page=Page.DONE,
        due=DUE,
        found=BILLS,
        chosen=BILL,
        order=ORDER,
        stands=stands(taken_dong=BILL.amount_dong, is_paid=True, receipt=receipt),
    )

"""What the screen shows of a payment, as data: one `PayingView` after each change, JSON by msgspec.

Money is whole dong, times are the wall clock's in ms. Who owes comes masked from whoever bills.
"""

from enum import StrEnum

from msgspec import Struct

from wire.asking import OpenBill


class Page(StrEnum):
    """Which page it is."""

    NONE = "none"
    ASKING = "asking"
    """Whoever bills is being asked."""
    BILLS = "bills"
    NO_BILLS = "no-bills"
    OPENING = "opening"
    """A way to pay is being asked for."""
    PAY = "pay"
    PAID = "paid"
    OVER = "over"
    """The code's time is over."""
    TROUBLE = "trouble"
    DONE = "done"
    """The person has seen that it is paid: the receipt has the screen."""


class Action(StrEnum):
    """What the person may do now; `PayingView.actions` lists exactly those that will be accepted."""

    CHOOSE = "choose"
    AGAIN = "again"
    BACK = "back"
    DONE = "done"


class Trouble(StrEnum):
    """Why it cannot be gone on with."""

    OFFLINE = "offline"
    OUT_OF_REACH = "out-of-reach"
    UNKNOWN_ACCOUNT = "unknown-account"
    PAID_ALREADY = "paid-already"
    NOT_OFFERED = "not-offered"


class PayingView(Struct, frozen=True, kw_only=True):
    """`is_heard`: the last question was answered; `is_changed`: the bills differ from what the person chose among.

    `ways` are the providers whose codes can be had, `until_ms` is until when.
    """

    version: int
    page: Page
    actions: list[Action]
    is_fee: bool = False
    holder: str = ""
    bills: list[OpenBill] = []
    is_changed: bool = False
    chosen: OpenBill | None = None
    trouble: Trouble | None = None
    is_heard: bool = True
    amount_dong: int = 0
    taken_dong: int = 0
    ways: list[str] = []
    reference: str = ""
    until_ms: int = 0
    paid_at_ms: int | None = None
    receipt: str = ""
    invoice: str = ""

"""The port to whoever takes money: a way to pay, the question whether it was paid, and sending money back.

Each of the three may be repeated: the keys are in the store before (cloud.store.payments, payment_refunds), and the same
key is the same payment or refund to the provider.
"""

from dataclasses import dataclass
from typing import Protocol

from cloud.payments.money import Provider
from cloud.payments.notice import RefundReply, Taken
from cloud.payments.order import Order, Payment


@dataclass(frozen=True, slots=True)
class Way:
    """What the person sees: the text of a QR code, and the page behind it where there is one."""

    qr_text: str
    page: str = ""


class Cashier(Protocol):
    """One provider. Raises ConnectorError only."""

    @property
    def provider(self) -> Provider:
        """Who it is."""

    async def start(self, order: Order) -> Way:
        """Return the way to pay an order; the same order gives the same payment."""

    async def ask(self, order: Order, now_ms: int) -> Taken | None:
        """Ask whether an order was paid; None while it was not, as far as the provider says."""

    async def give_back(self, order: Order, payment: Payment, now_ms: int) -> RefundReply:
        """Ask for the refund that `payment.refund` has the key and the amount of; repeating it is harmless."""

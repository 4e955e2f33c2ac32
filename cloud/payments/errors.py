"""What the rules of payment refuse, and what is wrong with what a provider or a QR code says."""

from enum import StrEnum


class PaymentsError(Exception):
    """Root of what cloud.payments can refuse; the text never holds personal data nor a secret."""


class AmountError(PaymentsError):
    """Not an amount of money that anybody can owe here."""


class LedgerError(PaymentsError):
    """Postings that would make or lose money."""


class RefusedCode(StrEnum):
    """Why a change of an order was refused; stable, screens translate it."""

    INVALID = "invalid"
    NOT_ALLOWED = "not-allowed"
    ALREADY_PAID = "already-paid"
    CONTRADICTS = "contradicts"


class RefusedError(PaymentsError):
    """A change that the order's state, or its own form, does not allow; `code` says which."""

    def __init__(self, code: RefusedCode, text: str) -> None:
        super().__init__(text)
        self.code = code


class QrError(PaymentsError):
    """Not a payment QR code as EMVCo and VietQR have it."""


class SignatureError(PaymentsError):
    """Whoever sent this does not know the key, or something was changed on the way."""


class NoticeError(PaymentsError):
    """Signed rightly or not, this cannot be what the provider's specification describes."""

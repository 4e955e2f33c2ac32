"""Amounts: whole dong (ISO 4217 VND has no minor unit in use), who takes them, and how they are written and said."""

from enum import StrEnum
from typing import Final

from cloud.payments.errors import AmountError

MAX_DONG: Final = 999_999_999_999
"""So much fits into the amount of a QR code (EMVCo tag 54, 13 characters) and into a provider's hundredfold amount."""


class Provider(StrEnum):
    """Who takes the money for us: the own bank account (VietQR), or a payment service."""

    BANK = "bank"
    VNPAY = "vnpay"
    MOMO = "momo"


def require_amount(dong: int) -> int:
    """Return an amount of 1..MAX_DONG; AmountError otherwise."""
    if isinstance(dong, bool) or not 1 <= dong <= MAX_DONG:
        raise AmountError(f"amount: whole dong from 1 to {MAX_DONG}")
    return dong


def format_dong(dong: int) -> str:
    """Return `75.000 đ`, as it is written in Vietnam."""
    return f"{dong:,} đ".replace(",", ".")


def dong_in_words(dong: int) -> str:
    """Return an amount of 0..MAX_DONG as receipts have it and a voice says it: `Bảy mươi lăm nghìn đồng`."""
    if not 0 <= dong <= MAX_DONG:
        raise AmountError(f"amount: whole dong from 0 to {MAX_DONG}")
    words = " ".join(_groups(dong)) or "không"
    return f"{words[0].upper()}{words[1:]} đồng"


_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES: Final = (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("", 1))
# After tens some digits have another name.
_AFTER_TEN: Final = ("", "một", "hai", "ba", "bốn", "lăm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS: Final = ("", "mốt", "hai", "ba", "tư", "lăm", "sáu", "bảy", "tám", "chín")


def _groups(dong: int) -> list[str]:
    words: list[str] = []
    for name, scale in _SCALES:
        group = dong // scale % 1000
        if group:
            words += _group(group, is_first=not words)
            words += [name] if name else []
    return words


def _group(value: int, *, is_first: bool) -> list[str]:
    hundreds, rest = divmod(value, 100)
    has_hundreds = hundreds > 0 or not is_first
    head = [_DIGITS[hundreds], "trăm"] if has_hundreds else []
    return head + _below_hundred(rest, is_linked=has_hundreds)


def _below_hundred(value: int, *, is_linked: bool) -> list[str]:
    tens, ones = divmod(value, 10)
    if tens == 0:
        link = ["linh"] if is_linked else []
        return [*link, _DIGITS[ones]] if ones else []
    head, after = (["mười"], _AFTER_TEN) if tens == 1 else ([_DIGITS[tens], "mươi"], _AFTER_TENS)
    return [*head, after[ones]] if ones else head

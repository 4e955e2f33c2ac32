"""The code of a kept draft: what its person takes away, and the only thing that opens it.

Thirteen characters in three groups (`K7QM-3VXPW-2HFD`) of the alphabet of wire.tracking, which nobody confuses by eye or
ear. Twelve are random, 59 bits; the last is a check that notices every wrong character and every exchange of two. By its
length it is never taken for a tracking code, and unlike that it is a secret.
"""

from typing import Final

from wire.tracking import ALPHABET, MAX_TYPED_LENGTH

CODES: Final = len(ALPHABET) ** 12
"""So many there are."""

_BASE: Final = len(ALPHABET)
_LENGTH: Final = 13
_DIGITS: Final = {character: digit for digit, character in enumerate(ALPHABET)}


def draft_code(number: int) -> str:
    """Return the code of a number, 0 to CODES - 1."""
    assert 0 <= number < CODES
    digits: list[int] = []
    for _ in range(_LENGTH - 1):
        number, digit = divmod(number, _BASE)
        digits.append(digit)
    return _grouped("".join(ALPHABET[digit] for digit in [*digits, _check(digits)]))


def read_code(typed: str) -> str | None:
    """Return the code in its one form, from what somebody typed; None when it is none, or mistyped."""
    if len(typed) > MAX_TYPED_LENGTH:
        return None
    text = "".join(character for character in typed.upper() if character not in " -.\t\n")
    if len(text) != _LENGTH or any(character not in _DIGITS for character in text):
        return None
    *digits, check = (_DIGITS[character] for character in text)
    return _grouped(text) if _check(digits) == check else None


def _grouped(text: str) -> str:
    return f"{text[:4]}-{text[4:9]}-{text[9:]}"


def _check(digits: list[int]) -> int:
    """Return the digit that brings the weighted sum to a multiple of 31: weights 1 to 12, and 30 for itself."""
    return sum(weight * digit for weight, digit in enumerate(digits, 1)) % _BASE

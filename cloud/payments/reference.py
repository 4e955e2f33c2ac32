"""The number under which an order is known outside: in QR codes, at providers, in a bank's memo line.

`TCDS`, ten digits, two check digits (ISO/IEC 7064, MOD 97-10, as IBANs have): people type it by hand now and then, and
a wrong digit must not pay somebody else's order.
"""

import re
from typing import Final

from cloud.payments.errors import AmountError

PREFIX: Final = "TCDS"
MAX_SERIAL: Final = 10**10 - 1
MAX_MEMO_LENGTH: Final = 500
"""So much of a memo line is looked at; banks cut it at 210 characters or less."""

_REFERENCE: Final = re.compile(r"TCDS([0-9]{12})")
_NOISE: Final = re.compile(r"[\s.\-_/]+")


def reference_of(serial: int) -> str:
    """Return the reference of a serial number 0..MAX_SERIAL; draw it at random, so that it tells nothing."""
    if not 0 <= serial <= MAX_SERIAL:
        raise AmountError(f"reference: a serial number has at most {len(str(MAX_SERIAL))} digits")
    return f"{PREFIX}{serial:010d}{98 - serial * 100 % 97:02d}"


def is_reference(text: str) -> bool:
    """Tell whether a text is a reference whose check digits fit."""
    found = _REFERENCE.fullmatch(text)
    return found is not None and int(found[1]) % 97 == 1


def find_reference(memo: str) -> str | None:
    """Return the one reference in a bank's memo line; None when there is none, or more than one.

    Banks add words before and behind, put blanks into long words and change the case.
    """
    text = memo[:MAX_MEMO_LENGTH].upper()
    found = _whole(text) or _whole(_NOISE.sub("", text))
    return found.pop() if len(found) == 1 else None


def _whole(text: str) -> set[str]:
    return {match[0] for match in _REFERENCE.finditer(text) if is_reference(match[0])}

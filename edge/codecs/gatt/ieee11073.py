"""The two number formats of health devices (IEEE 11073-20601, annex F.8; `medfloat16` and `medfloat32` of the SIG).

Both are a signed mantissa times a power of ten, so Decimal holds every value exactly.
"""

from decimal import Decimal
from typing import Final

_SFLOAT_BITS: Final = 12
_FLOAT_BITS: Final = 24
_SPECIALS: Final = 3
"""NaN, both infinities, NRes and one reserved value lie around the mantissa's turn, with exponent 0."""


def decode_sfloat(raw: int) -> Decimal | None:
    """Read a 16-bit SFLOAT: exponent in the upper 4 bits, mantissa in the lower 12, both two's complement.

    None for NaN (07FF), NRes (0800), the infinities (07FE, 0802) and the reserved 0801.
    """
    return _decimal(raw, _SFLOAT_BITS, 4)


def decode_float(raw: int) -> Decimal | None:
    """Read a 32-bit FLOAT: exponent in the upper 8 bits, mantissa in the lower 24, both two's complement.

    None for NaN (007FFFFF), NRes (00800000), the infinities (007FFFFE, 00800002) and the reserved 00800001.
    """
    return _decimal(raw, _FLOAT_BITS, 8)


def _decimal(raw: int, mantissa_bits: int, exponent_bits: int) -> Decimal | None:
    top = 1 << (mantissa_bits - 1)
    if top - _SPECIALS < raw < top + _SPECIALS:
        return None
    mantissa = _signed(raw & (2 * top - 1), mantissa_bits)
    return Decimal(mantissa).scaleb(_signed(raw >> mantissa_bits, exponent_bits))


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value

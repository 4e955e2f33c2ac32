"""The number formats of health devices as a device writes them, by arithmetic of its own: no product code decodes here.

None, a field that is left out, is written as nothing. A Decimal's own specials stand for the formats': NaN is NaN, sNaN
is NRes (not at this resolution), both infinities.
"""

from decimal import Decimal
from typing import Final

from edge.codecs.instrument import DeviceTime

Number = Decimal | int

NAN: Final = Decimal("NaN")
NRES: Final = Decimal("sNaN")
INFINITE: Final = Decimal("Infinity")


def sfloat(value: Number | None) -> bytes:
    """IEEE 11073-20601 SFLOAT: mantissa of 12 bits, exponent of 4; ValueError where `value` does not fit exactly."""
    return b"" if value is None else _ieee11073(Decimal(value), mantissa_bits=12, exponent_bits=4)


def long_float(value: Number) -> bytes:
    """IEEE 11073-20601 FLOAT: mantissa of 24 bits, exponent of 8; ValueError where `value` does not fit exactly."""
    return _ieee11073(Decimal(value), mantissa_bits=24, exponent_bits=8)


def uint8(value: int | None) -> bytes:
    return b"" if value is None else value.to_bytes(1, "little")


def uint16(value: int | None) -> bytes:
    return b"" if value is None else value.to_bytes(2, "little")


def uint24(value: int | None) -> bytes:
    return b"" if value is None else value.to_bytes(3, "little")


def steps(value: Number | None, step: str) -> bytes:
    """`value` as a count of `step`s in 16 bits; None is 0xFFFF, "measurement unsuccessful"."""
    if value is None:
        return uint16(0xFFFF)
    count = Decimal(value) / Decimal(step)
    if count != int(count):
        raise ValueError(f"{value} is no multiple of {step}")
    return uint16(int(count))


def device_time(at: DeviceTime | None) -> bytes:
    """Date Time: an unknown year, month or day is 0."""
    if at is None:
        return b""
    date = uint16(at.year or 0) + uint8(at.month or 0) + uint8(at.day or 0)
    return date + uint8(at.hour) + uint8(at.minute) + uint8(at.second)


def _ieee11073(value: Decimal, mantissa_bits: int, exponent_bits: int) -> bytes:
    size = (mantissa_bits + exponent_bits) // 8
    top = 1 << (mantissa_bits - 1)
    if value.is_snan():
        return top.to_bytes(size, "little")
    if value.is_nan():
        return (top - 1).to_bytes(size, "little")
    if value.is_infinite():
        return (top + 2 if value < 0 else top - 2).to_bytes(size, "little")
    mantissa, exponent = _fitted(value, top - 3, 1 << (exponent_bits - 1))
    low = mantissa & (2 * top - 1)
    high = exponent & ((1 << exponent_bits) - 1)
    return (high << mantissa_bits | low).to_bytes(size, "little")


def _fitted(value: Decimal, widest: int, exponents: int) -> tuple[int, int]:
    """Mantissa and exponent of `value`; shifts zeros between them until both fit."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    mantissa = int("".join(map(str, digits))) * (-1 if sign else 1)
    while exponent >= exponents and abs(mantissa * 10) <= widest:
        mantissa, exponent = mantissa * 10, exponent - 1
    while (abs(mantissa) > widest or exponent < -exponents) and mantissa % 10 == 0 and mantissa:
        mantissa, exponent = mantissa // 10, exponent + 1
    if abs(mantissa) > widest or not -exponents <= exponent < exponents:
        raise ValueError(f"{value} does not fit")
    return mantissa, exponent

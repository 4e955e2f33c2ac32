"""Reads an attribute value field by field, little-endian, and never past its end."""

from decimal import Decimal
from typing import Final

from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.ieee11073 import decode_float, decode_sfloat
from edge.codecs.instrument import DamageReason

MAX_FRAME: Final = 32
"""The longest measurement specified has 30 bytes, and the journal keeps two of this size with a measurement."""
MAX_ATTRIBUTE: Final = 512
"""No attribute value is longer (Bluetooth Core, volume 3, part F, section 3.2.9)."""


class Reader:
    """Takes fields from the front of `data`; CodecError when there are not enough bytes, or more than `longest`.

    Bytes behind the last field are nobody's business: later revisions append fields, and cheap devices pad.
    """

    def __init__(self, data: bytes, longest: int = MAX_FRAME) -> None:
        if len(data) > longest:
            raise CodecError(DamageReason.TOO_LONG, len(data))
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return len(self._data) - self._at

    def uint8(self) -> int:
        """Read an unsigned byte."""
        return self._unsigned(1)

    def uint16(self) -> int:
        """Read an unsigned number of two bytes."""
        return self._unsigned(2)

    def uint24(self) -> int:
        """Read an unsigned number of three bytes."""
        return self._unsigned(3)

    def int16(self) -> int:
        """Read a signed number of two bytes."""
        value = self._unsigned(2)
        return value - (1 << 16) if value >> 15 else value

    def sfloat(self) -> Decimal | None:
        """Read an IEEE 11073 SFLOAT; None where the device has no value."""
        return decode_sfloat(self._unsigned(2))

    def float32(self) -> Decimal | None:
        """Read an IEEE 11073 FLOAT; None where the device has no value."""
        return decode_float(self._unsigned(4))

    def rest(self) -> bytes:
        """Read all that is left."""
        return self._take(self.left)

    def noise(self) -> CodecError:
        """Return the error for a value that is reserved or impossible."""
        return CodecError(DamageReason.NOISE, len(self._data))

    def _unsigned(self, size: int) -> int:
        return int.from_bytes(self._take(size), "little")

    def _take(self, size: int) -> bytes:
        if size > self.left:
            raise CodecError(DamageReason.TRUNCATED, len(self._data))
        self._at += size
        return self._data[self._at - size : self._at]

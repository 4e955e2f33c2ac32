"""What a reader says of itself: the longest APDU that it takes (PC/SC part 10, rev. 2.02.09, 2.2 and 2.6.14).

A reader that says nothing, as many do, is no worse for it: block sizes are then found by trying (edge.idcard.blocks).
"""

from typing import Final, Protocol

from edge.drivers.card.pcsc import control_code

GET_FEATURE_REQUEST: Final = 3400
GET_TLV_PROPERTIES: Final = 0x12
MAX_APDU_DATA_SIZE: Final = 10
MAX_BYTES: Final = 512
"""Of one answer; what is beyond is not looked at."""

_CODE_BYTES: Final = 4


class Controlled(Protocol):
    """A connection on which the reader itself can be asked."""

    def control(self, function: int, data: bytes = b"") -> bytes | None:
        """Return the reader's answer, or None."""


def max_apdu_bytes(connection: Controlled) -> int | None:
    """Return dwMaxAPDUDataSize: 0 for short APDUs only, otherwise how many bytes of data one may have; None: not said."""
    features = parse_tlv(connection.control(control_code(GET_FEATURE_REQUEST)) or b"")
    code = features.get(GET_TLV_PROPERTIES, b"")
    if len(code) != _CODE_BYTES:
        return None
    size = parse_tlv(connection.control(int.from_bytes(code, "big")) or b"").get(MAX_APDU_DATA_SIZE)
    return int.from_bytes(size, "little") if size else None


def parse_tlv(data: bytes) -> dict[int, bytes]:
    """Return values by their tags: one byte of tag, one of length, the value; what is cut off is left out."""
    found: dict[int, bytes] = {}
    rest = data[:MAX_BYTES]
    while len(rest) > 1 and len(rest) >= 2 + rest[1]:
        found[rest[0]] = rest[2 : 2 + rest[1]]
        rest = rest[2 + rest[1] :]
    return found

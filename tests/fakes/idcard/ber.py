"""Tag, length and value (ITU-T X.690; ISO/IEC 7816-4, 5.2.2): what the card and its issuer write, and what the chip takes."""

from datetime import datetime


def tlv(tag: int, *parts: bytes) -> bytes:
    """One data object with the shortest length field; the value is the parts, one after the other."""
    value = b"".join(parts)
    return tag.to_bytes((tag.bit_length() + 7) // 8) + _length(len(value)) + value


def items(data: bytes) -> list[tuple[int, bytes]]:
    """The data objects that `data` is made of, as (tag, value); ValueError when it is not made of whole ones."""
    found = []
    while data:
        tag, value, data = _first(data)
        found.append((tag, value))
    return found


def value_of(tag: int, data: bytes) -> bytes:
    """The value of the only data object in `data`, which has this tag; else ValueError."""
    match items(data):
        case [(found, value)] if found == tag:
            return value
    raise ValueError(f"not one data object {tag:X}")


def _length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([0x80 | len(octets)]) + octets


def _first(data: bytes) -> tuple[int, bytes, bytes]:
    tag_size = 2 if data[0] & 0x1F == 0x1F else 1
    rest = data[tag_size:]
    if not rest:
        raise ValueError("no length")
    size_of_length = rest[0] & 0x7F if rest[0] >= 0x80 else 0
    start = 1 + size_of_length
    length = int.from_bytes(rest[1:start]) if size_of_length else rest[0]
    if len(rest) < start + length:
        raise ValueError("the value is cut short")
    return int.from_bytes(data[:tag_size]), rest[start : start + length], rest[start + length :]


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    """SET OF, in the order that DER asks for (X.690, 11.6)."""
    return tlv(0x31, *sorted(parts))


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def octets(value: bytes) -> bytes:
    return tlv(0x04, value)


def bits(value: bytes) -> bytes:
    """BIT STRING of whole octets."""
    return tlv(0x03, b"\0", value)


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    return tlv(0x06, *(_base128(arc) for arc in (40 * first + second, *rest)))


def utf8(text: str) -> bytes:
    return tlv(0x0C, text.encode())


def printable(text: str) -> bytes:
    return tlv(0x13, text.encode("ascii"))


def utc_time(moment: datetime) -> bytes:
    return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


def _base128(arc: int) -> bytes:
    low = [arc & 0x7F]
    while arc := arc >> 7:
        low.append(arc & 0x7F | 0x80)
    return bytes(reversed(low))

"""The data objects of commands and answers: tag, length, value (ISO/IEC 7816-4:2020, 5.2.2; definite lengths of BER).

One level at a time: whoever wants to go deeper reads the value, so that nothing a card sends makes this recurse.
"""

from dataclasses import dataclass, field
from typing import Final

from edge.idcard.errors import GarbledError

MAX_BYTES: Final = 0x24000
"""What is read at once: the largest file that is asked for, 128 KiB, and what wraps it."""
MAX_OBJECTS: Final = 256
"""Objects on one level; the longest list of a card has some twenty."""

_MAX_TAG_BYTES: Final = 3
_MAX_LENGTH_BYTES: Final = 4
_LONG_TAG: Final = 0x1F
_MORE: Final = 0x80


@dataclass(frozen=True, slots=True)
class Head:
    """The tag as the number that its bytes spell (5F2E), the bytes of the head, and those of the value after it."""

    tag: int
    size: int
    length: int


@dataclass(frozen=True, slots=True)
class Tlv:
    """One data object."""

    tag: int
    value: bytes = field(repr=False)


def read_head(data: bytes, of: str) -> Head:
    """Read the head at the beginning of `data`, whose value need not be there; GarbledError, naming `of`, when it is damaged."""
    tag_size = _tag_size(data)
    rest = data[tag_size : tag_size + 1 + _MAX_LENGTH_BYTES]
    if not 0 < tag_size <= _MAX_TAG_BYTES or not rest:
        raise GarbledError(f"{of}: a tag is cut short, or longer than three bytes")
    tag = int.from_bytes(data[:tag_size])
    if rest[0] < _MORE:
        return Head(tag, tag_size + 1, rest[0])
    length_size = rest[0] - _MORE
    if not 0 < length_size <= min(_MAX_LENGTH_BYTES, len(rest) - 1):
        raise GarbledError(f"{of}: a length is indefinite, cut short, or longer than four bytes")
    return Head(tag, tag_size + 1 + length_size, int.from_bytes(rest[1 : 1 + length_size]))


def read_objects(data: bytes, of: str) -> list[Tlv]:
    """Read the objects that `data` is made of, in their order, to its last byte; GarbledError, naming `of`, when damaged."""
    if len(data) > MAX_BYTES:
        raise GarbledError(f"{of}: more than {MAX_BYTES} bytes")
    found: list[Tlv] = []
    at = 0
    while at < len(data):
        head = read_head(data[at : at + _MAX_TAG_BYTES + 1 + _MAX_LENGTH_BYTES], of)
        start = at + head.size
        at = start + head.length
        if at > len(data) or len(found) == MAX_OBJECTS:
            raise GarbledError(
                f"{of}: an object ends after what holds it, or there are more than {MAX_OBJECTS}"
            )
        found.append(Tlv(head.tag, data[start:at]))
    return found


def read_value(data: bytes, tag: int, of: str) -> bytes:
    """Return the value of the one object that `data` is, which must have this tag; GarbledError, naming `of`, otherwise."""
    objects = read_objects(data, of)
    if len(objects) != 1 or objects[0].tag != tag:
        raise GarbledError(f"{of}: not one object {tag:02X}")
    return objects[0].value


def encode_object(tag: int, value: bytes) -> bytes:
    """Write one object, its length in the fewest bytes."""
    size = len(value)
    if size < _MORE:
        length = bytes([size])
    else:
        length = size.to_bytes((size.bit_length() + 7) // 8)
        length = bytes([_MORE | len(length)]) + length
    return tag.to_bytes((max(tag.bit_length(), 1) + 7) // 8) + length + value


def _tag_size(data: bytes) -> int:
    """Count the bytes of the tag at the beginning; 0 where it is cut short."""
    if not data or data[0] & _LONG_TAG != _LONG_TAG:
        return min(len(data), 1)
    ends = (at + 1 for at in range(1, len(data)) if not data[at] & _MORE)
    return next(ends, 0)

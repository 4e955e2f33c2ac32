"""Frames on the serial line: `00 COBS(kind, payload, CRC) 00`.

The CRC is CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) over kind and payload, low byte first.
COBS (Cheshire and Baker, 1997) leaves 0x00 for one purpose: to end a frame. The leading 0x00 ends whatever
noise came before, so that noise never costs the frame behind it.
"""

from binascii import crc_hqx
from dataclasses import dataclass
from enum import Enum

from cobs import cobs  # type: ignore[import-untyped]  # ships no type hints

BAUD = 57_600
"""8N1. The fastest standard rate which a 16 MHz ATmega makes with less than 1 % error."""

MAX_BODY = 64
"""Kind, payload and CRC. The board has 2 KB of memory; the longest message needs 24 bytes."""

MAX_ENCODED = MAX_BODY + 1
"""COBS adds one byte to anything shorter than 255: what is longer without a 0x00 is not a frame."""

_MIN_BODY = 3


class DamageReason(Enum):
    """What was wrong with the bytes between two delimiters."""

    TOO_LONG = "too long"
    TOO_SHORT = "too short"
    COBS = "not COBS"
    CRC = "CRC differs"
    UNKNOWN_KIND = "unknown kind"
    LAYOUT = "layout or value differs"


@dataclass(frozen=True, slots=True)
class Frame:
    """An intact frame: `kind` 1 to 255 says which message, `payload` is its fixed layout."""

    kind: int
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that were no message: `size` of them, delimiters not counted."""

    reason: DamageReason
    size: int


class FrameTooLongError(ValueError):
    """The sender's own mistake: a payload which no board could take."""


def encode(frame: Frame) -> bytes:
    """Return the bytes for the line, both delimiters included."""
    body = bytes((frame.kind,)) + frame.payload
    if len(body) + 2 > MAX_BODY:
        raise FrameTooLongError(f"a body of {len(body) + 2} bytes, at most {MAX_BODY} are allowed")
    encoded: bytes = cobs.encode(body + crc_hqx(body, 0xFFFF).to_bytes(2, "little"))
    return b"\0" + encoded + b"\0"


class FrameDecoder:
    """Cuts a byte stream into frames. Never raises and holds at most `MAX_ENCODED` bytes.

    However the stream is chunked, the results are the same.
    """

    __slots__ = ("_held", "_size")

    def __init__(self) -> None:
        self._held = b""
        self._size = 0

    def feed(self, data: bytes) -> list[Frame | Damage]:
        """Take the next bytes and return what they complete, in order."""
        first, *others = data.split(b"\0")
        self._hold(first)
        results: list[Frame | Damage] = []
        for chunk in others:
            if self._size:
                results.append(_open(self._held, self._size))
            self._held, self._size = b"", 0
            self._hold(chunk)
        return results

    def _hold(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size <= MAX_ENCODED:
            self._held += chunk
        else:
            self._held = b""


def _open(encoded: bytes, size: int) -> Frame | Damage:
    if size > MAX_ENCODED:
        return Damage(DamageReason.TOO_LONG, size)
    try:
        body: bytes = cobs.decode(encoded)
    except cobs.DecodeError:
        return Damage(DamageReason.COBS, size)
    if len(body) < _MIN_BODY:
        return Damage(DamageReason.TOO_SHORT, size)
    if crc_hqx(body[:-2], 0xFFFF) != int.from_bytes(body[-2:], "little"):
        return Damage(DamageReason.CRC, size)
    return Frame(body[0], body[1:-2])

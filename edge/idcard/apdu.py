"""Commands and responses (ISO/IEC 7816-4:2020, 5.1 and 5.2): short where they fit, else extended. No repr shows data."""

from dataclasses import dataclass, field
from typing import Final

from edge.idcard.errors import GarbledError

OK: Final = 0x9000
END_OF_FILE: Final = 0x6282
"""A warning: the file ended before as many bytes as were asked for."""
MAX_SHORT_LE: Final = 0x100
MAX_LE: Final = 0x10000
MAX_RESPONSE_BYTES: Final = MAX_LE + 2

_MAX_SHORT_LC: Final = 0xFF
_MAX_LC: Final = 0xFFFF
_STATUS_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class Command:
    """A command APDU; `le` is how many bytes are asked for at most: None for no Le field, up to 65,536."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    @property
    def is_extended(self) -> bool:
        """Whether a length does not fit into one byte."""
        return len(self.data) > _MAX_SHORT_LC or (self.le or 0) > MAX_SHORT_LE

    def encode(self) -> bytes:
        """Write the bytes that are sent (cases 1 to 4). ValueError beyond 65,535 bytes of data and 65,536 of answer."""
        if len(self.data) > _MAX_LC or (self.le or 0) > MAX_LE:
            raise ValueError("longer than an extended command can be")
        width = 2 if self.is_extended else 1
        body = len(self.data).to_bytes(width) + self.data if self.data else b""
        if self.le is not None:
            body += (self.le % (1 << 8 * width)).to_bytes(width)
        return self.header + (b"\0" if self.is_extended else b"") + body


@dataclass(frozen=True, slots=True)
class Response:
    """A response APDU: its data and its status word."""

    data: bytes = field(repr=False)
    sw: int

    @classmethod
    def decode(cls, raw: bytes) -> "Response":
        """Read what came. GarbledError when it has no status word, or is longer than any answer."""
        if not _STATUS_BYTES <= len(raw) <= MAX_RESPONSE_BYTES:
            raise GarbledError("an answer without a status word, or longer than 65,536 bytes")
        return cls(raw[:-_STATUS_BYTES], int.from_bytes(raw[-_STATUS_BYTES:]))

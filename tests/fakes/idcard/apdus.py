"""Command APDUs as the chip sees them (ISO/IEC 7816-4, 5.1), and what it answers when it will not."""

from dataclasses import dataclass
from typing import Final

DONE: Final = 0x9000
SHORT_LIMIT: Final = 256
EXTENDED_LIMIT: Final = 65_536


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `expected` is Ne in octets, None when there is no Le; `extended`: its lengths are written long."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    expected: int | None = None
    extended: bool = False

    @property
    def header(self) -> bytes:
        return bytes([self.cla, self.ins, self.p1, self.p2])

    @property
    def p1p2(self) -> int:
        return self.p1 << 8 | self.p2


class RefusedError(Exception):
    """The command is answered with this status word and no data."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


def command_of(apdu: bytes) -> Command:
    """The command in these octets; RefusedError (6700) when their lengths do not agree."""
    header, body = apdu[:4], apdu[4:]
    if len(header) < 4:
        raise RefusedError(0x6700)
    data, expected, extended = _body(body)
    cla, ins, p1, p2 = header
    return Command(cla, ins, p1, p2, data, expected, extended)


def _body(body: bytes) -> tuple[bytes, int | None, bool]:
    if not body:
        return b"", None, False
    if len(body) == 1:
        return b"", body[0] or SHORT_LIMIT, False
    extended = body[0] == 0
    start = 3 if extended else 1
    length = int.from_bytes(body[1:3]) if extended else body[0]
    if extended and len(body) == 3:
        return b"", length or EXTENDED_LIMIT, True
    data, field = body[start : start + length], body[start + length :]
    if not length or len(data) < length or len(field) not in {0, 2 if extended else 1}:
        raise RefusedError(0x6700)
    largest = EXTENDED_LIMIT if extended else SHORT_LIMIT
    return data, (int.from_bytes(field) or largest) if field else None, extended


def status(sw: int) -> bytes:
    return sw.to_bytes(2)

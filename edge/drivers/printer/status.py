"""What a printer tells of itself while it works: DLE EOT n of the ESC/POS commands (Epson), pure.

It answers each of them at once with one byte, also while it is offline or prints. Four bits of the byte are fixed, by
which it is told from noise.
"""

from enum import IntEnum, StrEnum
from typing import Final

CLEAR: Final = b"\x10\x05\x02"
"""DLE ENQ 2: drop what has been sent and not printed, after a fault. The next person must not get the rest of it."""
ASK_IN_TURN: Final = b"\x1dr\x01"
"""GS r 1: answered, by a byte below 16, when everything before it has been carried out."""

_FIXED_MASK: Final = 0b1001_0011
_FIXED: Final = 0b0001_0010
_OFFLINE: Final = 0b0000_1000
_COVER_OPEN: Final = 0b0000_0100
_ENDED_BY_PAPER: Final = 0b0010_0000
_ERROR: Final = 0b0100_0000
_NEAR_END: Final = 0b0000_1100
_PAPER_GONE: Final = 0b0110_0000
_IN_TURN_LIMIT: Final = 0x10


class Query(IntEnum):
    """The `n` of DLE EOT n."""

    PRINTER = 1
    CAUSE = 2
    PAPER = 4


class State(StrEnum):
    """How the printer is, the most hindering first."""

    COVER_OPEN = "cover open"
    NO_PAPER = "no paper"
    FAULT = "fault"
    NEAR_END = "paper near its end"
    READY = "ready"


def ask(query: Query) -> bytes:
    """Return the bytes of one query."""
    return b"\x10\x04" + bytes((query,))


def is_status(byte: int) -> bool:
    """Tell whether a byte can be an answer to DLE EOT."""
    return byte & _FIXED_MASK == _FIXED


def is_in_turn(byte: int) -> bool:
    """Tell whether a byte can be the answer to ASK_IN_TURN."""
    return byte < _IN_TURN_LIMIT


def judge(printer: int, cause: int, paper: int) -> State:
    """Return what three answers mean together."""
    if cause & _COVER_OPEN:
        return State.COVER_OPEN
    if paper & _PAPER_GONE or cause & _ENDED_BY_PAPER:
        return State.NO_PAPER
    if cause & _ERROR or printer & _OFFLINE:
        return State.FAULT
    return State.NEAR_END if paper & _NEAR_END else State.READY

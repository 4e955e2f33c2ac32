"""What PC/SC says when something cannot be done, sorted by who can mend it (pcsclite.h; PC/SC part 5, 3.1.4)."""

from enum import IntEnum
from typing import Final

from edge.idcard.errors import CardError, GoneError, ReaderGoneError, SilentError


class Code(IntEnum):
    """The return codes that mean something to us."""

    CANCELLED = 0x8010_0002
    UNKNOWN_READER = 0x8010_0009
    TIMEOUT = 0x8010_000A
    SHARING_VIOLATION = 0x8010_000B
    NO_SMARTCARD = 0x8010_000C
    NOT_READY = 0x8010_0010
    COMM_ERROR = 0x8010_0013
    NOT_TRANSACTED = 0x8010_0016
    READER_UNAVAILABLE = 0x8010_0017
    NO_SERVICE = 0x8010_001D
    SERVICE_STOPPED = 0x8010_001E
    UNSUPPORTED_FEATURE = 0x8010_001F
    NO_READERS = 0x8010_002E
    UNRESPONSIVE_CARD = 0x8010_0066
    UNPOWERED_CARD = 0x8010_0067
    REMOVED_CARD = 0x8010_0069
    SECURITY_VIOLATION = 0x8010_006A


SERVICE_GONE: Final = frozenset(
    {Code.COMM_ERROR, Code.NO_SERVICE, Code.SERVICE_STOPPED, Code.SECURITY_VIOLATION}
)
"""pcscd does not run, or the one that we spoke to was ended: its contexts are worth nothing any more.

Among them the word of a client whose connection was closed: by polkit, which does not want this user, or by pcscd's end.
"""
READER_GONE: Final = frozenset({Code.UNKNOWN_READER, Code.READER_UNAVAILABLE, Code.NO_READERS})
_CARD_GONE: Final = frozenset({Code.NO_SMARTCARD, Code.REMOVED_CARD})
_SUCCESS: Final = 0


class PcscError(ReaderGoneError):
    """pcscd refuses, or is not there; `code` is the unsigned return code."""

    def __init__(self, doing: str, code: int) -> None:
        super().__init__(f"{doing}: {_meaning(code)}")
        self.code = code


def require(doing: str, result: int) -> None:
    """Raise PcscError, naming `doing`, unless a call has succeeded; pyscard gives signed or unsigned codes."""
    code = result & 0xFFFF_FFFF
    if code != _SUCCESS:
        raise PcscError(doing, code)


def card_error(error: PcscError) -> CardError:
    """Return what the failure means for the card that lies there; NOT_TRANSACTED alone does not tell whether it still does."""
    if error.code in _CARD_GONE:
        return GoneError()
    if error.code in SERVICE_GONE | READER_GONE:
        return error
    if error.code == Code.SHARING_VIOLATION:
        return SilentError("another program uses the card")
    return SilentError(f"the card gives no answer ({_meaning(error.code)})")


def _meaning(code: int) -> str:
    try:
        return f"{Code(code).name.lower().replace('_', ' ')}, {code:08X}"
    except ValueError:
        return f"{code:08X}"

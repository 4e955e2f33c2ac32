"""The calls of PC/SC that are used, with types and errors instead of return codes. All of them may block.

pcscd answers over a socket. A context that it once gave is worth nothing after its end, so whoever sees an error of
`errors.SERVICE_GONE` opens a new one. Source: PC/SC part 5; pcsclite's winscard API.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from smartcard import scard

from edge.drivers.card.errors import Code, PcscError, require

MAX_READERS: Final = 16
"""PCSCLITE_MAX_READERS_CONTEXTS."""
MAX_NAME: Final = 128
"""MAX_READERNAME."""
NEW_READER: Final = r"\\?PnP?\Notification"
"""The name under which pcscd tells that a reader was plugged in or out."""
TRANSMITTING: Final = "sending a command to the card"

_UNKNOWN: Final = 0x04
_UNAVAILABLE: Final = 0x08
_PRESENT: Final = 0x20
_MUTE: Final = 0x200
_CHANGED: Final = 0x02
_MAX_ATR: Final = 33


@dataclass(frozen=True, slots=True)
class ReaderState:
    """What pcscd says of one reader: SCARD_STATE_* in the low half of `flags`, its count of events in the high one."""

    name: str
    flags: int = 0
    """0: not asked yet."""
    atr: bytes = field(default=b"", repr=False)

    @property
    def is_present(self) -> bool:
        """Whether a card lies on it."""
        return bool(self.flags & _PRESENT)

    @property
    def is_mute(self) -> bool:
        """Whether the card that lies on it gives no answer to reset."""
        return bool(self.flags & _MUTE)

    @property
    def is_usable(self) -> bool:
        """Whether the reader itself is there."""
        return not self.flags & (_UNKNOWN | _UNAVAILABLE)

    @property
    def events(self) -> int:
        """Insertions and removals so far, modulo 65,536: two cards with the same ATR differ in it."""
        return self.flags >> 16 & 0xFFFF


class Context:
    """A conversation with pcscd, for one thread at a time; only `cancel` may be called from another."""

    def __init__(self) -> None:
        result, self._handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        self._is_open = False
        require("speaking with pcscd", result)
        self._is_open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_open = False
        scard.SCardReleaseContext(self._handle)

    def readers(self) -> tuple[str, ...]:
        """Return the names of the readers that are plugged in."""
        result, names = scard.SCardListReaders(self._handle, [])
        if result & 0xFFFF_FFFF == Code.NO_READERS:
            return ()
        require("listing the readers", result)
        return tuple(name[:MAX_NAME] for name in names[:MAX_READERS])

    def wait(self, known: Sequence[ReaderState], timeout_ms: int) -> tuple[ReaderState, ...]:
        """Return how the readers are as soon as that differs from what is known, or after `timeout_ms`.

        PcscError with Code.CANCELLED when `cancel` was called meanwhile.
        """
        result, states = scard.SCardGetStatusChange(
            self._handle, timeout_ms, [(state.name, state.flags) for state in known]
        )
        if result & 0xFFFF_FFFF == Code.TIMEOUT:
            return tuple(known)
        require("watching the readers", result)
        return tuple(
            ReaderState(name, flags & ~_CHANGED, bytes(atr[:_MAX_ATR])) for name, flags, atr in states
        )

    def look(self, reader: str) -> ReaderState:
        """Return how one reader is at this moment."""
        (state,) = self.wait([ReaderState(reader)], 0)
        return state

    def cancel(self) -> None:
        """Let a `wait` that is going on in another thread end; one that begins later knows nothing of it."""
        if self._is_open:
            scard.SCardCancel(self._handle)

    def connect(self, reader: str) -> "Connection":
        """Power the card up, for us alone.

        Exclusive: one reading is one conversation, and a command of another program in the middle of it would end the secure
        channel. Who comes second is told so at once (SHARING_VIOLATION).
        """
        result, handle, protocol = scard.SCardConnect(
            self._handle,
            reader,
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        require("connecting to the card", result)
        return Connection(handle, protocol)


class Connection:
    """A card under power. Leaving the context resets it, so that no secure channel stays open in it."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle = handle
        self._pci = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        scard.SCardDisconnect(self._handle, scard.SCARD_RESET_CARD)

    def transmit(self, apdu: bytes) -> bytes:
        """Send one command and return the response with its status word."""
        result, response = scard.SCardTransmit(self._handle, self._pci, list(apdu))
        require(TRANSMITTING, result)
        return bytes(response)

    def control(self, function: int, data: bytes = b"") -> bytes | None:
        """Ask the reader itself (PC/SC part 10: `function` is 3400 or what the reader names); None: it knows no such thing."""
        result, response = scard.SCardControl(self._handle, function, list(data))
        try:
            require("asking the reader", result)
        except PcscError:
            return None
        return bytes(response)


def control_code(function: int) -> int:
    """Return SCARD_CTL_CODE(function) of this platform."""
    return scard.SCARD_CTL_CODE(function)

"""The card's end of a slot of vsmartcard's virtual reader (vpcd): what pcscd's driver asks is answered by an object.

Protocol: TCP, the card dials; each message is a length of two octets, big-endian, and so many octets. One octet is a
control (00 off, 01 on, 02 reset, 04 tell the ATR), anything longer a command APDU. Laying a card on is connecting, taking
it away is closing. The driver looks every 0.4 s.
"""

import socket
import threading
from types import TracebackType
from typing import Final, Protocol, Self

from edge.idcard.errors import GoneError, SilentError

POWER_OFF: Final = b"\x00"
POWER_ON: Final = b"\x01"
RESET: Final = b"\x02"
TELL_ATR: Final = b"\x04"
JOIN_LIMIT_S: Final = 10.0


class Card(Protocol):
    """What lies on the reader."""

    @property
    def atr(self) -> bytes:
        """Its answer to reset."""

    def reset(self) -> None:
        """Take note of power."""

    def transmit(self, apdu: bytes) -> bytes:
        """Answer a command. GoneError: it was pulled just now; SilentError: it gives no answer and stays."""


class Slot:
    """One slot, at a port of 127.0.0.1. Leaving the context takes the card away."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._laid: _Laid | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    @property
    def is_inserted(self) -> bool:
        """Whether the card is connected still; it is not when it was pulled, or pcscd has ended."""
        return self._laid is not None and self._laid.is_alive()

    def insert(self, card: Card, *, is_mute: bool = False) -> None:
        """Lay a card on, in place of the one before; a mute one is there and gives no answer to reset."""
        self.remove()
        self._laid = _Laid(self.port, card, is_mute=is_mute)
        self._laid.start()

    def remove(self) -> None:
        """Take the card away, if there is one."""
        if self._laid is not None:
            self._laid.close()
            self._laid.join(JOIN_LIMIT_S)
            self._laid = None


class _Laid(threading.Thread):
    """A card while it lies there."""

    def __init__(self, port: int, card: Card, *, is_mute: bool) -> None:
        super().__init__(name=f"vpcd-{port}", daemon=True)
        self._port = port
        self._card = card
        self._is_mute = is_mute
        self._is_powered = False
        self._is_closed = threading.Event()
        self._link = socket.create_connection(("127.0.0.1", port))

    def run(self) -> None:
        try:
            while self._serve(self._receive()):
                pass
        except OSError:  # pcscd has ended, or the card was taken away
            return
        finally:
            self._link.close()

    def close(self) -> None:
        """End the connection under the thread's hands."""
        self._is_closed.set()
        try:
            self._link.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _receive(self) -> bytes:
        length = self._exactly(2)
        return self._exactly(int.from_bytes(length, "big"))

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            # The driver writes length and body apart; without this each APDU waits 40 ms for an acknowledgement.
            self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self._link.recv(count - len(data))
            if not piece:
                raise ConnectionResetError
            data += piece
        return data

    def _serve(self, message: bytes) -> bool:
        """Answer; False when the card is gone."""
        if len(message) != 1:
            return self._answer(message)
        if message == TELL_ATR and self._is_mute and self._is_powered:
            self._lie_anew()
        elif message == TELL_ATR:
            self._send(self._card.atr)
        else:
            self._is_powered = message != POWER_OFF
            self._card.reset()
        return True

    def _answer(self, apdu: bytes) -> bool:
        try:
            self._send(self._card.transmit(apdu))
        except GoneError:
            return False
        except SilentError:
            self._lie_anew()
        return True

    def _lie_anew(self) -> None:
        """Let what was asked fail, and yet be there when the driver looks next: it waits for ever for an answer of nothing."""
        self._is_powered = False
        self._link.close()
        self._link = socket.create_connection(("127.0.0.1", self._port))
        if self._is_closed.is_set():
            raise ConnectionResetError

    def _send(self, data: bytes) -> None:
        self._link.sendall(len(data).to_bytes(2, "big") + data)

"""One reading's exchange with the card: every round trip counted and bounded, protected once a channel is open."""

from typing import Final, Protocol

from edge.idcard.apdu import MAX_LE, MAX_SHORT_LE, OK, Command, Response
from edge.idcard.errors import GarbledError, RefusedError
from edge.idcard.port import Port

MAX_APDUS: Final = 1_000
"""A photo of 128 KiB in short answers takes 600; a card that lets us go round for ever is no card."""

_MORE_DATA: Final = 0x61
_WRONG_LE: Final = 0x6C
_GET_RESPONSE: Final = 0xC0


class Channel(Protocol):
    """Protects commands, and opens what was answered to them (`edge.idcard.secure_messaging`)."""

    def protect(self, command: Command) -> Command:
        """Return the command as it is sent."""

    def open(self, response: Response) -> Response:
        """Return the answer that was protected; GarbledError when it is not what the card sent."""

    @property
    def answers(self) -> int:
        """How many answers it has opened: each proves that the card has the channel's keys."""

    @property
    def overhead(self) -> int:
        """How many bytes of a short answer are lost to protection."""


class Exchange:
    """Sends commands one after the other; `channel` None: in plain."""

    def __init__(self, port: Port, *, max_apdus: int = MAX_APDUS) -> None:
        self._port = port
        self._max_apdus = max_apdus
        self.apdus = 0
        """Round trips so far."""
        self.channel: Channel | None = None

    def send(self, command: Command) -> Response:
        """Return what the card answers, whatever its status.

        RefusedError when a protected command is refused in plain: the card has ended the channel. GarbledError when the answer
        breaks a rule; what the port raises goes through.
        """
        if self.channel is None:
            return self._send(command)
        response = self._send(self.channel.protect(command))
        if not response.data and response.sw != OK:
            raise RefusedError("a protected command", response.sw)
        return self.channel.open(response)

    def ask(self, command: Command, doing: str) -> bytes:
        """Return the data of an answer whose status is 9000; RefusedError, naming `doing`, for any other."""
        response = self.send(command)
        if response.sw != OK:
            raise RefusedError(doing, response.sw)
        return response.data

    def _send(self, command: Command) -> Response:
        """Send, once more with the Le that the card wants (6Cxx), and fetch what it still holds (61xx)."""
        response = self._transmit(command)
        if (
            response.sw >> 8 == _WRONG_LE and not response.data
        ):  # with data, a channel must first say that it is true
            response = self._transmit(
                Command(command.cla, command.ins, command.p1, command.p2, command.data, _le_of(response.sw))
            )
        data = response.data
        while response.sw >> 8 == _MORE_DATA:
            response = self._transmit(Command(0, _GET_RESPONSE, 0, 0, le=_le_of(response.sw)))
            data += response.data
            if len(data) > MAX_LE or not response.data:
                raise GarbledError("an answer in pieces that are empty, or longer than 65,536 bytes together")
        return Response(data, response.sw)

    def _transmit(self, command: Command) -> Response:
        if self.apdus == self._max_apdus:
            raise GarbledError(f"no end after {self._max_apdus} round trips")
        self.apdus += 1
        return Response.decode(self._port.transmit(command.encode()))


def _le_of(sw: int) -> int:
    return sw & 0xFF or MAX_SHORT_LE

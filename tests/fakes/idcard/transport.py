"""What lies between the octets of the link and the chip's commands: lengths, 61xx and 6Cxx (ISO/IEC 7816-3, 12.2)."""

from collections.abc import Callable
from typing import Final

from tests.fakes.idcard.apdus import SHORT_LIMIT, Command, RefusedError, command_of, status
from tests.fakes.idcard.manners import Answers, Manners

GET_RESPONSE: Final = 0xC0
WRONG_LENGTH: Final = 0x6700
NOTHING_TO_GET: Final = 0x6985


class Transport:
    """Hands whole commands to `obey`, which gives data and status word, and their answers back in the chip's manner."""

    def __init__(
        self, obey: Callable[[Command], tuple[bytes, int]], refuse: Callable[[], None], manners: Manners
    ) -> None:
        self._obey = obey
        self._refuse = refuse
        self._manners = manners
        self._held = b""
        self._held_sw = 0
        self._repeatable: bytes | None = None

    def forget(self) -> None:
        """What was held for a further command is gone."""
        self._held = b""
        self._repeatable = None

    def answer(self, apdu: bytes) -> bytes:
        """Data and status word. `refuse` is told of a command that never comes to be one."""
        try:
            command = self._command(apdu)
        except RefusedError as refusal:
            self.forget()
            self._refuse()
            return status(refusal.sw)
        if command.ins == GET_RESPONSE and not command.cla:
            return self._get(command.expected or SHORT_LIMIT)
        if self._repeatable is not None and self._repeatable == apdu[:-1]:
            self._repeatable = None
            return self._get(command.expected or SHORT_LIMIT)
        self.forget()
        return self._given(command, apdu, *self._obey(command))

    def _command(self, apdu: bytes) -> Command:
        command = command_of(apdu)
        if command.extended and not self._manners.extended:
            raise RefusedError(WRONG_LENGTH)
        return command

    def _given(self, command: Command, apdu: bytes, data: bytes, sw: int) -> bytes:
        if command.extended or not data:
            return data + status(sw)
        self._held, self._held_sw = data, sw
        match self._manners.answers:
            case Answers.GET_RESPONSE:
                return self._more()
            case Answers.EXACT_LE if command.expected != len(data) <= SHORT_LIMIT:
                self._repeatable = apdu[:-1]
                return bytes([0x6C, len(data) % SHORT_LIMIT])
        return self._get(SHORT_LIMIT)

    def _get(self, octets: int) -> bytes:
        if not self._held:
            return status(NOTHING_TO_GET)
        data, self._held = self._held[:octets], self._held[octets:]
        return data + (self._more() if self._held else status(self._held_sw))

    def _more(self) -> bytes:
        return bytes([0x61, len(self._held) if len(self._held) < SHORT_LIMIT else 0])

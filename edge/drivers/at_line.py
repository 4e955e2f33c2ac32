"""One life of a modem's AT line: commands out, answers and notices in, each with its time limit."""

import asyncio
from collections.abc import Callable
from typing import Final

from edge.codecs.at import ESCAPE, SUBMIT, AtEvent, AtParser, Failed, Info, Noise, Ok, Pdu, Prompt, Text
from edge.drivers.serial_port import SerialPort
from edge.errors import EdgeError
from edge.logs import Log

HELLO_TIMEOUT_S: Final = 1.0
HELLO_TRIES: Final = 5
"""A modem that wakes up, or one that waits at a prompt for the rest of somebody's message, misses the first ones."""
ANSWER_TIMEOUT_S: Final = 5.0
PROMPT_TIMEOUT_S: Final = 10.0
SUBMIT_TIMEOUT_S: Final = 60.0
"""TS 27.005 leaves it open; networks take up to a minute."""
MAX_ANSWERS: Final = 64
"""Events of one command; the rest is dropped, and the command runs into its time limit."""

_log: Final = Log(__name__)


class ModemError(EdgeError):
    """The modem does not do what it should; the text never holds a number or a message."""


class ModemRefusedError(ModemError):
    """The modem or the network said no."""


class ModemSilentError(ModemError):
    """No answer in time."""


class AtLine:
    """One life of the AT line: commands out, answers and notices in."""

    def __init__(self, port: SerialPort, on_pdu: Callable[[bytes], None]) -> None:
        self._port = port
        self._on_pdu = on_pdu
        self._parser = AtParser()
        self._answers: asyncio.Queue[AtEvent] = asyncio.Queue(MAX_ANSWERS)

    async def listen(self) -> None:
        """Take what the modem says until the port is lost."""
        while True:
            for event in self._parser.feed(await self._port.read()):
                match event:
                    case Pdu(data):
                        self._on_pdu(data)
                    case Text() | Noise():
                        continue
                    case _ if not self._answers.full():
                        self._answers.put_nowait(event)

    async def hello(self) -> None:
        """Find the modem's attention, whatever it was doing, and make it talk as we need it."""
        for _ in range(HELLO_TRIES):
            self._port.write(ESCAPE + b"\r")
            try:
                await self.ask("ATE0", timeout_s=HELLO_TIMEOUT_S)
                await self.ask("AT+CMEE=1")
            except ModemError as error:
                reason = error
            else:
                return
        raise reason

    async def ask(self, command: str, name: str | None = None, *, timeout_s: float = ANSWER_TIMEOUT_S) -> str:
        """Send a command, return the value of the `Info` called `name` (or nothing).

        Raise ModemRefusedError for an error, ModemSilentError without an answer.
        """
        self._forget_answers()
        self._port.write(f"{command}\r".encode())
        return await self._answer(command, name, timeout_s)

    async def try_ask(self, command: str, name: str | None = None) -> str | None:
        """Do as `ask`, but return None where the modem says no: not every modem knows every command."""
        try:
            return await self.ask(command, name)
        except ModemRefusedError as error:
            _log.debug("modem refused", command=command, reason=error)
            return None

    async def submit(self, pdu: bytes, length: int) -> int:
        """Hand over one PDU, return the message's reference."""
        self._forget_answers()
        self._port.write(f"AT+CMGS={length}\r".encode())
        await self._prompt()
        self._port.write(pdu.hex().upper().encode() + SUBMIT)
        reference = await self._answer("AT+CMGS", "+CMGS", SUBMIT_TIMEOUT_S)
        return int(reference) if reference.isdecimal() else 0

    async def _prompt(self) -> None:
        try:
            async with asyncio.timeout(PROMPT_TIMEOUT_S):
                while True:
                    match await self._answers.get():
                        case Prompt():
                            return
                        case Failed() as failure:
                            raise ModemRefusedError(f"AT+CMGS: {failure}")
        except TimeoutError:
            self._port.write(ESCAPE)
            raise ModemSilentError(f"no prompt within {PROMPT_TIMEOUT_S:g} s") from None

    async def _answer(self, command: str, name: str | None, timeout_s: float) -> str:
        value = ""
        what = command.partition("=")[0]
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    match await self._answers.get():
                        case Ok():
                            return value
                        case Failed() as failure:
                            raise ModemRefusedError(f"{what}: {failure}")
                        case Info(heard, found) if heard == name:
                            value = found
        except TimeoutError:
            raise ModemSilentError(f"{what}: no answer within {timeout_s:g} s") from None

    def _forget_answers(self) -> None:
        while not self._answers.empty():
            self._answers.get_nowait()

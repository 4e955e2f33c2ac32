"""A modem on a pty: AT commands as a USB stick answers them, and the faults that such sticks have.

It checks what it is told (a PDU of the announced length, in PDU mode only) and keeps each SMS as number and text.
"""

import asyncio
import os
import tty
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

_ESCAPE = 0x1B
_SUBMIT = 0x1A
_ELSEWHERE = {0: "@", 2: "$", 17: "_"}
"""Characters of ASCII that have another code in the GSM alphabet."""


@dataclass
class Faults:
    """What is wrong with the modem now; everything may be changed at any time."""

    pin: str | None = None
    """The SIM wants this PIN."""
    no_sim: bool = False
    no_network: bool = False
    cms_error: int | None = None
    """Every SMS is refused with this code."""
    prompt_delay_s: float = 0.0
    mute: bool = False
    """Reads and says nothing."""
    garbage: bytes = b""
    """Said before each answer."""
    lost_characters: int = 0
    """So many bytes at the start of the next command do not arrive."""


@dataclass(frozen=True)
class Sms:
    number: str
    text: str
    wants_report: bool


@dataclass
class FakeModem:
    """`async with FakeModem(path) as modem`: the port is found at the symbolic link `path`."""

    path: Path
    faults: Faults = field(default_factory=Faults)
    sent: list[Sms] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    signal: int = 18

    async def __aenter__(self) -> Self:
        self._master: int | None = None
        self._slave = -1
        self._line = bytearray()
        self._awaited: int | None = None
        self._is_locked = self.faults.pin is not None
        self._pdu_mode = False
        self._echo = True
        self._reference = 0
        self.plug()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def plug(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._echo, self._awaited, self._pdu_mode = True, None, False
        asyncio.get_running_loop().add_reader(self._master, self._receive, self._master)
        aside = self.path.with_name(f".{self.path.name}.new")
        aside.symlink_to(os.ttyname(self._slave))
        aside.replace(self.path)

    def unplug(self) -> None:
        if self._master is not None:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)
            os.close(self._slave)
            self._master = None
            self.path.unlink(missing_ok=True)

    def report(self, reference: int, status: int = 0) -> None:
        """Send a status report (TS 23.040, 9.2.2.3) for message `reference`; status 0 is delivered."""
        number = bytes.fromhex("0B914809214365F7")
        stamp = bytes.fromhex("62112241030082")
        pdu = b"\0" + bytes((0x06, reference)) + number + stamp + stamp + bytes((status,))
        self._say(f"\r\n+CDS: {len(pdu) - 1}\r\n{pdu.hex().upper()}\r\n")

    def say(self, data: bytes) -> None:
        """Say something of its own accord."""
        if self._master is not None:
            with suppress(BlockingIOError):
                os.write(self._master, data)

    def _say(self, text: str) -> None:
        if not self.faults.mute:
            self.say(text.encode())

    def _receive(self, master: int) -> None:
        for byte in os.read(master, 4_096):
            if self.faults.lost_characters:
                self.faults.lost_characters -= 1
            elif self._awaited is not None:
                self._take_pdu(byte)
            elif byte == _ESCAPE:
                self._line.clear()
            elif byte == ord("\r"):
                command, self._line = self._line.decode("ascii", "replace"), bytearray()
                if command:
                    self._obey(command)
            else:
                self._line.append(byte)

    def _obey(self, command: str) -> None:
        self.commands.append(command)
        if self._echo:
            self._say(f"{command}\r")
        self.say(self.faults.garbage)
        if command.startswith("AT+CMGS="):
            self._prompt(int(command.removeprefix("AT+CMGS=")))
            return
        answer = self._answer(command)
        self._say("".join(f"\r\n{line}\r\n" for line in answer))

    def _answer(self, command: str) -> list[str]:
        if command.startswith("AT+CPIN"):
            return self._pin(command)
        if command == "AT+CREG?":
            return [f"+CREG: 0,{2 if self.faults.no_network else 1}", "OK"]
        if command == "AT+CSQ":
            return [f"+CSQ: {self.signal},99", "OK"]
        if command in ("AT", "ATE0", "AT+CMEE=1", "AT+CMGF=0", "AT+CNMI=2,0,0,1,0"):
            self._echo = self._echo and command != "ATE0"
            self._pdu_mode = self._pdu_mode or command == "AT+CMGF=0"
            return ["OK"]
        return ["ERROR"]

    def _pin(self, command: str) -> list[str]:
        if self.faults.no_sim:
            return ["+CME ERROR: 10"]
        if command == "AT+CPIN?":
            return ["+CPIN: SIM PIN" if self._is_locked else "+CPIN: READY", "OK"]
        if command != f'AT+CPIN="{self.faults.pin}"':
            return ["+CME ERROR: 16"]
        self._is_locked = False
        return ["OK"]

    def _prompt(self, length: int) -> None:
        if not self._pdu_mode or self._is_locked:
            self._say("\r\n+CMS ERROR: 302\r\n")
            return
        self._awaited = length
        asyncio.get_running_loop().call_later(self.faults.prompt_delay_s, self._say, "\r\n> ")

    def _take_pdu(self, byte: int) -> None:
        if byte == _ESCAPE:
            self._awaited = None
            self._line.clear()
            self._say("\r\nOK\r\n")
            return
        if byte != _SUBMIT:
            self._line.append(byte)
            return
        length, self._awaited = self._awaited, None
        pdu, self._line = bytes.fromhex(self._line.decode()), bytearray()
        if length != len(pdu) - 1 - pdu[0]:
            self._say("\r\n+CMS ERROR: 304\r\n")
        elif self.faults.no_network:
            self._say("\r\n+CMS ERROR: 331\r\n")
        elif self.faults.cms_error is not None:
            self._say(f"\r\n+CMS ERROR: {self.faults.cms_error}\r\n")
        else:
            self._reference += 1
            self.sent.append(_read_submit(pdu[1 + pdu[0] :]))
            self._say(f"\r\n+CMGS: {self._reference}\r\n\r\nOK\r\n")


def _read_submit(body: bytes) -> Sms:
    """Decode an SMS-SUBMIT with a relative validity period, independently of the encoder's arithmetic."""
    count, kind = body[2], body[3]
    octets = (count + 1) // 2
    swapped = body[4 : 4 + octets].hex()
    digits = "".join(swapped[at + 1] + swapped[at] for at in range(0, len(swapped), 2))[:count]
    length_at = 4 + octets + 3
    packed = body[length_at + 1 :]
    bits = "".join(f"{octet:08b}"[::-1] for octet in packed)
    codes = bytes(int(bits[7 * at : 7 * at + 7][::-1], 2) for at in range(body[length_at]))
    text = "".join(_ELSEWHERE.get(code) or chr(code) for code in codes)
    return Sms(f"{'+' if kind == 0x91 else ''}{digits}", text, bool(body[0] & 0x20))

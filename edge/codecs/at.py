"""What a modem says on its AT line, cut into events (ITU-T V.250; 3GPP TS 27.007 and 27.005).

`feed` takes bytes however they are chunked and never raises. Which lines answer a command and which came by themselves
only the driver can know: both are `Info`.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

MAX_LINE: Final = 512
"""The longest line we ask for is a status report, some 350 hex digits; anything longer is noise."""

ESCAPE: Final = b"\x1b"
"""Leaves the prompt without sending."""
SUBMIT: Final = b"\x1a"
"""Ends the PDU at the prompt."""

_PROMPT: Final = b"> "
_INFO: Final = re.compile(r"^([+^*][A-Z][A-Z0-9]*): ?(.*)$")
_FAILURE: Final = re.compile(r"^\+(CME|CMS) ERROR: ?(\d{1,5})?")
_HEX: Final = re.compile(r"^(?:[0-9A-F]{2}){8,}$")
_PLAIN_FAILURES: Final = frozenset({"ERROR", "NO CARRIER", "COMMAND NOT SUPPORT", "TOO MANY PARAMETERS"})


class ErrorKind(Enum):
    """Which list the code of a failure is from."""

    PLAIN = "ERROR"
    EQUIPMENT = "CME"
    MESSAGE = "CMS"


@dataclass(frozen=True, slots=True)
class Ok:
    """The command was done."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The command was not done; `code` as in TS 27.007 section 9.2 (CME) or TS 27.005 section 3.2.5 (CMS)."""

    kind: ErrorKind
    code: int | None = None

    def __str__(self) -> str:
        return self.kind.value if self.code is None else f"{self.kind.value} {self.code}"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The modem waits for a PDU."""


@dataclass(frozen=True, slots=True)
class Info:
    """`+NAME: value`, an answer or a notice of its own accord."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Pdu:
    """A line of hex digits: a message or status report in PDU mode, announced by the `Info` before it."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """Any other line: a model's name, an echo, RING."""

    text: str


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are no line: too many of them, or not ASCII."""

    size: int


AtEvent = Ok | Failed | Prompt | Info | Pdu | Text | Noise


class AtParser:
    """Cuts a modem's bytes into events; holds at most `MAX_LINE` of them."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._size = 0

    def feed(self, data: bytes) -> list[AtEvent]:
        """Take the next bytes and return what they complete, in order."""
        events: list[AtEvent] = []
        for byte in data:
            if byte in b"\r\n":
                if self._size:
                    events.append(_read(bytes(self._line), self._size))
                self._start()
                continue
            self._size += 1
            if self._size <= MAX_LINE:
                self._line.append(byte)
            if self._line == _PROMPT:
                events.append(Prompt())
                self._start()
        return events

    def _start(self) -> None:
        self._line.clear()
        self._size = 0


def _read(line: bytes, size: int) -> AtEvent:
    text = line.decode("ascii", "replace")
    if size > MAX_LINE or not text.isascii() or not text.isprintable():
        return Noise(size)
    if text == "OK":
        return Ok()
    if text in _PLAIN_FAILURES:
        return Failed(ErrorKind.PLAIN)
    if failure := _FAILURE.match(text):
        kind = ErrorKind.EQUIPMENT if failure[1] == "CME" else ErrorKind.MESSAGE
        return Failed(kind, int(failure[2]) if failure[2] else None)
    if info := _INFO.match(text):
        return Info(info[1], info[2].strip())
    return Pdu(bytes.fromhex(text)) if _HEX.match(text) else Text(text)

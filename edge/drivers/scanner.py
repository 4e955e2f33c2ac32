"""The QR scanner on a serial port: it sends what a printed code says, ended by CR, LF or both.

What it reads is personal: a text is handed on and forgotten, and never logged.
"""

from collections.abc import Callable
from typing import Final

from edge.clock import Clock
from edge.drivers.device import Device
from edge.drivers.serial_port import PortError, open_port
from edge.supervise import Backoff
from wire.entries import DeviceChanged

BACKOFF: Final = Backoff(first_s=1.0, limit_s=30.0)
MAX_TEXT_BYTES: Final = 1_024
"""A citizen card's code has about two hundred; a line beyond this is dropped to its end."""

_ENDS: Final = b"\r\n"


class Lines:
    """Cuts a stream of bytes into lines of 1 to MAX_TEXT_BYTES bytes; longer ones are dropped and counted. Pure."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._is_too_long = False
        self.dropped = 0

    def feed(self, data: bytes) -> list[str]:
        """Take some bytes; return the lines that they complete. What is no UTF-8 becomes U+FFFD."""
        lines = []
        for byte in data:
            if byte in _ENDS:
                lines += self._end()
            elif len(self._begun) < MAX_TEXT_BYTES:
                self._begun.append(byte)
            else:
                self._is_too_long = True
        return lines

    def _end(self) -> list[str]:
        line, is_whole = self._begun.decode("utf-8", "replace"), not self._is_too_long
        self._begun.clear()
        self._is_too_long = False
        self.dropped += not is_whole
        return [line] if line and is_whole else []


class ScannerDriver:
    """One scanner. Run `run` under `supervise`; `hear` gets each text."""

    def __init__(
        self,
        port: str,
        baud: int,
        clock: Clock,
        *,
        note: Callable[[DeviceChanged], None],
        hear: Callable[[str], None],
    ) -> None:
        self._port = port
        self._baud = baud
        self._device = Device("scanner", clock, note)
        self._hear = hear

    @property
    def device(self) -> Device:
        """The scanner's health: its port is open. Most scanners say nothing until they read a code."""
        return self._device

    async def run(self) -> None:
        """Read codes until cancelled; PortError when the port is gone."""
        lines = Lines()
        try:
            async with open_port(self._port, self._baud) as port:
                self._device.ok()
                while True:
                    for text in lines.feed(await port.read()):
                        self._device.ok()
                        self._hear(text)
        except PortError as error:
            self._device.lost(str(error))
            raise

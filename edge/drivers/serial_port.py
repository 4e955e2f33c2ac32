"""The one door to pyserial: it opens and configures a port, and an own asyncio transport reads and writes it.

pyserial's `write` can spin for ever on a full buffer and its `read` would block the loop, so after opening only the
file descriptor is used. A vanished device is seen at once; a peer that stops reading fills a bounded buffer.
"""

import asyncio
import os
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Literal

import serial

from edge.errors import EdgeError

READ_BYTES: Final = 4_096
MAX_UNREAD_BYTES: Final = 65_536
"""Received and not yet taken; beyond it the kernel keeps the rest and the peer must wait."""
MAX_UNSENT_BYTES: Final = 8_192
"""Written and not yet gone; at 57600 baud this is more than a second."""


class PortError(EdgeError):
    """The serial port cannot be used; the text says which and why."""


class PortLostError(PortError):
    """The port is gone: unplugged, or its driver failed."""


class PortStuckError(PortError):
    """The other side has stopped reading."""


@asynccontextmanager
async def open_port(
    path: str, baud: int, parity: Literal["N", "E", "O"] = "N"
) -> AsyncIterator["SerialPort"]:
    """Open `path` for this process alone, without resetting the board behind it; close it at the end.

    8 data bits, `parity`, 1 stop bit at `baud`. A pty will do, too. Raise PortError when it is not there, in use, or no serial port.
    """
    try:
        device = serial.Serial(path, baud, parity=parity, timeout=0, write_timeout=0, exclusive=True)
    except (serial.SerialException, ValueError, termios.error) as error:
        raise PortError(f"{path}: {_reason(error)}") from error
    with device:
        port = SerialPort(path, _prepared(device))
        try:
            yield port
        finally:
            port.close()


def _prepared(device: serial.Serial) -> int:
    """Return the descriptor, set not to block and not to drop DTR at the end (which resets many boards)."""
    fd: int = device.fileno()
    os.set_blocking(fd, False)
    with suppress(termios.error):
        attributes = termios.tcgetattr(fd)
        attributes[2] &= ~termios.HUPCL
        termios.tcsetattr(fd, termios.TCSANOW, attributes)
    with suppress(ValueError, OSError):
        device.set_low_latency_mode(True)
    return fd


def _reason(error: Exception) -> str:
    if isinstance(error.__context__, BlockingIOError):
        return "in use by another program"
    number = getattr(error, "errno", None)
    return os.strerror(number) if isinstance(number, int) else str(error)


class SerialPort:
    """An open port. One task reads; writing never waits."""

    def __init__(self, path: str, fd: int) -> None:
        self.path = path
        self._fd = fd
        self._loop = asyncio.get_running_loop()
        self._unread = bytearray()
        self._unsent = bytearray()
        self._reader: asyncio.Future[None] | None = None
        self._error: PortError | None = None
        self._is_paused = False
        self._loop.add_reader(fd, self._receive)

    async def read(self) -> bytes:
        """Return what has arrived, at least one byte; raise PortLostError when the port is gone."""
        while not self._unread:
            if self._error is not None:
                raise self._error
            self._reader = self._loop.create_future()
            await self._reader
        data = bytes(self._unread)
        self._unread.clear()
        if self._is_paused and self._error is None:
            self._is_paused = False
            self._loop.add_reader(self._fd, self._receive)
        return data

    def write(self, data: bytes) -> None:
        """Send `data` at once or as soon as the peer takes it.

        Raise PortLostError when the port is gone, PortStuckError when too much has piled up already.
        """
        if self._error is not None:
            raise self._error
        if len(self._unsent) + len(data) > MAX_UNSENT_BYTES:
            raise PortStuckError(f"{self.path}: {len(self._unsent)} bytes wait, nobody reads them")
        was_idle = not self._unsent
        self._unsent += data
        if was_idle and data:
            self._send()
            if self._unsent and self._error is None:
                self._loop.add_writer(self._fd, self._send)

    def close(self) -> None:
        """Let the descriptor go; a reader is told that the port is gone."""
        self._lose(PortLostError(f"{self.path}: closed"))

    def give_up(self, error: PortError) -> None:
        """End the port because of `error`, which the reader will see."""
        self._lose(error)

    def _receive(self) -> None:
        try:
            data = os.read(self._fd, READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(PortLostError(f"{self.path}: {_reason(error)}"))
            return
        if not data:
            self._lose(PortLostError(f"{self.path}: unplugged"))
            return
        self._unread += data
        if len(self._unread) >= MAX_UNREAD_BYTES:
            self._is_paused = True
            self._loop.remove_reader(self._fd)
        self._wake()

    def _send(self) -> None:
        try:
            del self._unsent[: os.write(self._fd, self._unsent)]
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(PortLostError(f"{self.path}: {_reason(error)}"))
            return
        if not self._unsent:
            self._loop.remove_writer(self._fd)

    def _lose(self, error: PortError) -> None:
        if self._error is None:
            self._error = error
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

"""Talking to systemd (sd_notify(3)): ready, alive, what is going on. Silent where nobody listens."""

import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

MAX_STATUS: Final = 200
_MICROS: Final = 1_000_000


class Notifier:
    """Sends datagrams to `NOTIFY_SOCKET`; never waits, never fails the daemon."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        micros = environment.get("WATCHDOG_USEC", "")
        self.watchdog_s = int(micros) / _MICROS if micros.isdecimal() and int(micros) else None
        """How long systemd waits for `alive` before it kills the daemon; None: it does not watch."""
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        if self._address:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            self._socket.settimeout(0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            self._socket.close()

    def ready(self) -> None:
        """Say that the start is over: a press would be recorded now."""
        self._send("READY=1")

    def alive(self) -> None:
        """Say that something was really done since the last time."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the daemon ends on purpose."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """Say in one line what `systemctl status` shall show."""
        self._send(f"STATUS={text.replace(chr(10), ' ')[:MAX_STATUS]}")

    def _send(self, message: str) -> None:
        if self._socket is not None:
            try:
                self._socket.sendto(message.encode(), self._address)
            except OSError:
                return

"""A TLS connection that costs one system call for many packets.

paho reads a packet in four pieces and writes each acknowledgement by itself; over TLS each of these is a trip through
OpenSSL, together half of an ingest's time. This socket reads ahead in large pieces and, while corked, writes in one.
`SSLContext.sslsocket_class` is the documented way to give a context a socket class of one's own.
"""

import select
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_READ_AHEAD: Final = 64 * 1024
_FLUSH_TIMEOUT_S: Final = 5.0


class Line(ssl.SSLSocket):
    """An SSLSocket with a read-ahead buffer and a cork; `pending` counts what was read ahead."""

    # SSLSocket is made by its context without a constructor of ours: these are the values it starts with.
    _ahead: bytes = b""
    _at: int = 0
    _corked: bytearray | None = None

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """Return up to `buflen` bytes; raises as a non-blocking SSLSocket does when there are none."""
        at = self._at
        if at >= len(self._ahead):
            self._ahead, at = super().recv(_READ_AHEAD, flags), 0
        self._at = at + buflen
        return self._ahead[at : at + buflen]

    def pending(self) -> int:
        """Return how many bytes can be had without asking the system."""
        return max(0, len(self._ahead) - self._at) + super().pending()

    def send(self, data: bytes, flags: int = 0) -> int:  # type: ignore[override]  # paho hands over bytes only
        """Send, or keep for `uncorked` while corked; then everything counts as sent."""
        if self._corked is None:
            return super().send(data, flags)
        self._corked += data
        return len(data)

    @contextmanager
    def corked(self) -> Iterator[None]:
        """Keep what is sent within this block and send it at the block's end, as one."""
        self._corked = bytearray()
        try:
            yield
        finally:
            held, self._corked = self._corked, None
        self._flush(held)

    def _flush(self, data: bytearray) -> None:
        while data:
            try:
                del data[: super().send(data)]
            except (ssl.SSLWantWriteError, BlockingIOError):
                if not select.select([], [self], [], _FLUSH_TIMEOUT_S)[1]:
                    raise TimeoutError("the broker takes nothing") from None


def client_context(ca: str, certificate: str, key: str) -> ssl.SSLContext:
    """Return a context for mTLS whose sockets are `Line`s."""
    context = ssl.create_default_context(cafile=ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.sslsocket_class = Line
    return context

"""The bell: a hint that something was committed, so that nobody has to poll faster than once a second.

A ring may be lost (a listener that is just starting, a cut connection); truth is in the tables, and every listener
also looks after its timeout.
"""

import os
import secrets
import select
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self, cast

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

_CHANNEL: Final = "tcds_bell"
_RECONNECT_S: Final = 1.0


class Bell(Protocol):
    """One listener; used by one thread at a time."""

    def wait(self, timeout_s: float) -> bool:
        """Wait for a ring; True when there was one (several count as one), False after `timeout_s` without."""

    def close(self) -> None:
        """Stop listening."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Bells(Protocol):
    """Both ends of the bell for one database."""

    def ring(self) -> None:
        """Wake all listeners; never blocks for long, never raises."""

    def listen(self) -> Bell:
        """Return a new listener."""


class _Closing:
    """A listener is a context manager that closes itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        raise NotImplementedError


class DatagramBells(_Closing):
    """The bell of an SQLite database: each listener is a datagram socket in a directory beside the file.

    Sockets are addressed through the directory's descriptor, because a socket's own path may have 107 bytes only.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, exist_ok=True)
        self._descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        self._directory = Path(f"/proc/self/fd/{self._descriptor}")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003  # the method has no keyword

    def ring(self) -> None:
        """Send one datagram to every listener; whose process is gone, is cleaned away."""
        with suppress(OSError):
            for listener in self._directory.iterdir():
                self._ring_one(listener)

    def _ring_one(self, listener: Path) -> None:
        try:
            self._socket.sendto(b"!", str(listener))
        except ConnectionRefusedError:
            listener.unlink(missing_ok=True)
        except OSError:
            return  # its queue is full, so it is rung already; or it has just closed

    def listen(self) -> Bell:
        """Bind a new socket; OSError when the directory is not writable."""
        return _DatagramBell(self._directory)

    def close(self) -> None:
        """Close what rings; listeners close for themselves."""
        self._socket.close()
        os.close(self._descriptor)


class _DatagramBell(_Closing):
    def __init__(self, directory: Path) -> None:
        self._path = directory / secrets.token_hex(8)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003  # the method has no keyword
        self._socket.bind(str(self._path))

    def wait(self, timeout_s: float) -> bool:
        ready, _, _ = select.select([self._socket], [], [], timeout_s)
        if ready:
            with suppress(BlockingIOError):
                while True:
                    self._socket.recv(16)
        return bool(ready)

    def close(self) -> None:
        self._socket.close()
        with suppress(OSError):
            self._path.unlink()


class NotifyBells:
    """The bell of a PostgreSQL database: NOTIFY after the commit, LISTEN on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def ring(self) -> None:
        """Notify the channel; a database that cannot be reached has nobody listening either."""
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            connection.exec_driver_sql(f"NOTIFY {_CHANNEL}")

    def listen(self) -> Bell:
        """Connect and listen; when the database cannot be reached, `wait` tries again."""
        return _NotifyBell(self._engine)


class _NotifyBell(_Closing):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: psycopg.Connection | None = None
        with suppress(SQLAlchemyError, psycopg.Error):
            self._connection = self._connect()

    def wait(self, timeout_s: float) -> bool:
        """As promised; once a cut connection is back it says True, because rings may have been missed."""
        try:
            if self._connection is None:
                self._connection = self._connect()
                return True
            rings = list(self._connection.notifies(timeout=timeout_s, stop_after=1))
        except (psycopg.Error, SQLAlchemyError):
            self.close()
            time.sleep(min(timeout_s, _RECONNECT_S))
            return False
        return bool(rings)

    def _connect(self) -> psycopg.Connection:
        pooled = self._engine.raw_connection()
        connection = cast("psycopg.Connection", pooled.driver_connection)
        pooled.detach()
        connection.autocommit = True
        connection.execute(f"LISTEN {_CHANNEL}")
        return connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

"""A private PostgreSQL for tests: own data directory, unix socket only, ended by its own pid."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

_PROGRAMS: Final = Path("/usr/lib/postgresql/15/bin")
_PORT: Final = 54_999  # stands in the socket's name only
_START_TIMEOUT_S: Final = 30
_SERVER_OPTIONS: Final = ("-c", "listen_addresses=", "-c", "shared_buffers=64MB", "-c", "max_connections=60")


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; every database in it is the test's own."""

    directory: Path
    process: subprocess.Popen[bytes]
    numbers: Iterator[int]

    def url(self, database: str) -> str:
        """SQLAlchemy's name of one database."""
        return f"postgresql://postgres@/{database}?host={self.directory}&port={_PORT}"

    def create_database(self, template: str | None = None) -> str:
        """Create a database, empty or as a copy of the one with url `template`, and return its url."""
        name = f"tcds_{next(self.numbers)}"
        source = "template1" if template is None else _name(template)
        with self._connect() as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(source)))
        return self.url(name)

    def cut_connections(self, url: str) -> None:
        """End every session of a database, as a fail-over would."""
        with self._connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [_name(url)]
            )

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.directory), port=_PORT, user="postgres", autocommit=True)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server as user `postgres` when we are root (it refuses root), else as ourselves; remove all at the end."""
    directory = Path(tempfile.mkdtemp(prefix="tcds-pg-"))
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    try:
        shutil.chown(directory, user)
        data = directory / "data"
        subprocess.run(
            [
                _PROGRAMS / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
                "--locale=C",
            ],
            user=user,
            cwd=directory,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with (directory / "log").open("wb") as log:
            process = subprocess.Popen(
                [_PROGRAMS / "postgres", "-D", data, "-k", directory, "-p", str(_PORT), *_SERVER_OPTIONS],
                user=user,
                cwd=directory,
                stdout=log,
                stderr=log,
            )
        try:
            server = Postgres(directory, process, count(1))
            _wait_until_up(server)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # "fast shutdown": sessions are cut, nothing is lost
            process.wait(_START_TIMEOUT_S)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _name(url: str) -> str:
    return url.rpartition("@/")[2].partition("?")[0]


def _wait_until_up(server: Postgres) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            server._connect().close()
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.directory / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return

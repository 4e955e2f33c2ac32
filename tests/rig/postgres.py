"""A private PostgreSQL: own data directory, unix socket only, ended by its own pid."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from tests.rig.processes import Process, RigError

_PORT: Final = 54_999  # stands in the socket's name only
_SERVER_OPTIONS: Final = ("-c", "listen_addresses=", "-c", "shared_buffers=64MB", "-c", "max_connections=60")


class Postgres(Process):
    """A server; every database in it is the test's own. It may be killed and started again."""

    def __init__(self, directory: Path, user: str) -> None:
        self.directory = directory
        self._numbers = count(1)
        programs = _programs()
        data = directory / "data"
        subprocess.run(
            [
                *(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"),
                *("--no-sync", "--locale=C"),
            ],
            user=user,
            cwd=directory,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        super().__init__(
            "postgres",
            [
                str(programs / "postgres"),
                "-D",
                str(data),
                "-k",
                str(directory),
                "-p",
                str(_PORT),
                *_SERVER_OPTIONS,
            ],
            log=directory / "log",
            is_ready=self._answers,
            user=user,
            stop_signal=signal.SIGINT,  # "fast shutdown": sessions are cut, nothing is lost
        )

    def url(self, database: str) -> str:
        """SQLAlchemy's name of one database."""
        return f"postgresql://postgres@/{database}?host={self.directory}&port={_PORT}"

    def create_database(self) -> str:
        """Create an empty database and return its url."""
        name = f"tcds_{next(self._numbers)}"
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def empty(self, url: str, tables: Sequence[str], revision: str) -> None:
        """Bring a migrated database back to how it was: no rows, numbers from 1, the schema's own revision."""
        # Not TRUNCATE: its new files make a checkpoint of minutes out of a few hundred tests.
        steps = sql.SQL("; ").join(
            sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables
        )
        with self._connect(_name(url)) as connection:
            connection.execute(
                "SET session_replication_role = replica"
            )  # past the triggers that keep the audit
            connection.execute(steps)
            connection.execute("SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'")
            connection.execute("UPDATE alembic_version SET version_num = %s", [revision])

    def cut_connections(self, url: str) -> None:
        """End every session of a database, as a fail-over would."""
        with self._connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [_name(url)]
            )

    def _connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.directory), port=_PORT, user="postgres", dbname=database, autocommit=True
        )

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server as user `postgres` when we are root (it refuses root), else as ourselves; remove all at the end."""
    directory = Path(tempfile.mkdtemp(prefix="tcds-pg-"))
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    try:
        shutil.chown(directory, user)
        with Postgres(directory, user) as server:
            yield server
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _programs() -> Path:
    """Find Debian's server programs, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if not found:
        raise RigError("PostgreSQL is missing: apt-get install postgresql")
    return found[0].parent


def _name(url: str) -> str:
    return url.rpartition("@/")[2].partition("?")[0]

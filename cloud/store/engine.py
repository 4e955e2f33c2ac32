"""Opening the store: one database, two kinds of transaction, and what both databases need so that they behave alike."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from cloud.store.bell import Bell, Bells, DatagramBells, NotifyBells
from cloud.store.errors import AwayError, BusyError, ContentError, SchemaError
from cloud.store.schema import REVISION

BUSY_TIMEOUT_S: Final = 10
"""How long a writer waits for the writers before it; they hold the database for milliseconds."""

_POOL_SIZE: Final = 8
_ORDER_LOCK: Final = 0x7463_6473
"""Key of the PostgreSQL advisory lock under which ordered rows are appended."""

_TAKE_TURN: Final = text(f"SELECT pg_advisory_xact_lock({_ORDER_LOCK})")


Transaction = Connection
"""What `writing` and `reading` give: pass it on, never keep it."""


class Store:
    """The database of one cloud: `writing()` and `reading()` give transactions, `ring()` and `bell()` wake others.

    Safe to share between threads. What is read within one `reading()` is one consistent snapshot on SQLite and sees
    committed rows only on PostgreSQL.
    """

    def __init__(self, engine: Engine, bells: Bells) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writing=True)
        self._bare = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._bells = bells
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else None

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Run a transaction that writes: committed at the end of the block, rolled back when it raises.

        On SQLite writers take turns from the start (BEGIN IMMEDIATE): a transaction that has begun cannot fail for
        a lock. BusyError when the turn does not come within BUSY_TIMEOUT_S, AwayError when the database cannot be
        had, ContentError when it refuses what it was given; nothing was written then. Not to be nested.
        """
        # Within a process a lock wakes the next writer at once; SQLite's own waiting sleeps up to 100 ms.
        if self._turn is not None and not self._turn.acquire(timeout=BUSY_TIMEOUT_S):
            raise BusyError("store: another writer of this process does not finish")
        try:
            with _own_errors(), self._writer.begin() as connection:
                yield connection
        finally:
            if self._turn is not None:
                self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Run a transaction that only reads; never waits for a writer. Raises as `writing` does."""
        with _own_errors(), self._engine.begin() as connection:
            yield connection

    def scrub(self) -> bool:
        """Take what was deleted out of the files too; False when somebody reads just now, so try again later.

        SQLite still has the old pages in its write-ahead log, PostgreSQL the dead rows of what people gave. Never
        makes a writer wait for a reader.
        """
        with _own_errors(), self._bare.connect() as connection:
            if self.dialect == "postgresql":
                connection.exec_driver_sql(
                    "VACUUM vital, identity_share, request, request_amendment, blob_part"
                )
                return True
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
            try:
                (is_busy, _, _) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
            return not is_busy

    def ring(self) -> None:
        """Tell every listener, in this process and others, that something was committed. Never blocks nor fails."""
        self._bells.ring()

    def bell(self) -> Bell:
        """Return a new listener; close it or use it with `with`. Rings before this call are not heard."""
        return self._bells.listen()


@contextmanager
def _own_errors() -> Iterator[None]:
    """Translate the library's errors once, here; callers know two kinds: later perhaps, or never."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise AwayError("store: the database takes nothing now") from error
    except DBAPIError as error:
        raise ContentError("store: the database refused what it was given") from _without_rows(error)


def _without_rows(error: DBAPIError) -> Exception:
    """Say what the database said, without the rows and values that PostgreSQL quotes in its details."""
    name = type(error.orig).__name__
    if isinstance(error, DataError):
        return ValueError(name)
    return ValueError(f"{name}: {str(error.orig).partition(chr(10))[0]}")


def take_turn(connection: Connection) -> None:
    """Wait until no other transaction appends ordered rows (incident events, audit), and keep the turn until commit.

    So sequence numbers become visible in their order: whoever has read up to `seq` has missed nothing below it. Call
    it before touching any incident row; taking it twice does no harm. On SQLite `writing()` itself is the turn.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_TURN)


@contextmanager
def open_store(url: str) -> Iterator[Store]:
    """Open the database `url` (`sqlite:///path` or `postgresql://...`), whose schema must be this release's.

    SchemaError when it is older (run `migrate`), newer (run a newer release) or not a TCDS database at all.
    """
    engine = open_engine(url)
    try:
        require_revision(engine)
        with _bells(engine) as bells:
            yield Store(engine, bells)
    finally:
        engine.dispose()


def open_engine(url: str) -> Engine:
    """Return the configured engine without looking at the schema."""
    parsed = _driver_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    return create_engine(
        parsed,
        pool_size=_POOL_SIZE,
        pool_pre_ping=True,
        hide_parameters=True,
        json_serializer=_dump,
        json_deserializer=_load,
    )


def require_revision(engine: Engine) -> None:
    """Raise SchemaError unless the database has exactly this release's schema."""
    with engine.begin() as connection:
        found = revision_of(connection)
    if found is None:
        raise SchemaError("store: the database is empty; run `tcds-cloud migrate`")
    if found > REVISION:
        raise SchemaError(
            f"store: schema {found} is newer than this release knows ({REVISION}); run a newer release"
        )
    if found < REVISION:
        raise SchemaError(f"store: schema {found} is older than {REVISION}; run `tcds-cloud migrate`")


def revision_of(connection: Connection) -> str | None:
    """Return the schema's revision; None when there is none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _driver_url(url: str) -> URL:
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed.set(drivername="sqlite+pysqlite")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise SchemaError("store: the url must begin with sqlite:///path or postgresql://")


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=_POOL_SIZE,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        hide_parameters=True,
        json_serializer=_dump,
        json_deserializer=_load,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # WAL: readers and the one writer do not block each other. FULL: a commit survives a power cut. What is deleted is
    # overwritten, since measurements of people are: Debian's SQLite does so by itself, others do not.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    writes = options.get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _bells(engine: Engine) -> Iterator[Bells]:
    database = engine.url.database
    if engine.dialect.name == "sqlite" and database is not None:
        with DatagramBells(Path(database + ".bells")) as datagrams:
            yield datagrams
    else:
        yield NotifyBells(engine)


def _dump(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _load(value: str | bytes) -> object:
    return msgspec.json.decode(value)

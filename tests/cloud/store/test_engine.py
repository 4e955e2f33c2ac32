"""Opening the store, its transactions, and the schemas that it refuses."""

import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from cloud.store import engine as engines
from cloud.store.beats import beat, beats
from cloud.store.engine import Store, open_engine, open_store, take_turn
from cloud.store.errors import AwayError, BusyError, ContentError, SchemaError
from cloud.store.migration import SCRIPTS, migrate
from cloud.store.schema import METADATA, REVISION
from tests.rig.postgres import Postgres


def test_what_is_committed_is_there_and_what_failed_is_not(store: Store) -> None:
    with store.writing() as connection:
        beat(connection, "ingest-0", 1)
    with suppress(RuntimeError), store.writing() as connection:
        beat(connection, "ingest-0", 2)
        raise RuntimeError
    with store.reading() as connection:
        assert beats(connection) == {"ingest-0": 1}


def test_readers_do_not_wait_for_the_writer(store: Store) -> None:
    with store.writing() as writer:
        beat(writer, "ingest-0", 1)
        started = time.monotonic()
        with store.reading() as reader:
            assert beats(reader) == {}
        assert time.monotonic() - started < 1


def test_writers_of_several_threads_lose_nothing(store: Store) -> None:
    def count_up() -> None:
        for _ in range(20):
            with store.writing() as connection:
                take_turn(connection)
                beat(connection, "count", beats(connection).get("count", 0) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as connection:
        assert beats(connection) == {"count": 80}


def test_two_processes_worth_of_stores_share_one_database(store_url: str) -> None:
    with open_store(store_url) as first, open_store(store_url) as second:
        for number in range(10):
            for store in (first, second):
                with store.writing() as connection:
                    take_turn(connection)
                    beat(connection, "count", beats(connection).get("count", 0) + 1)
            with first.reading() as connection:
                assert beats(connection) == {"count": 2 * number + 2}


def test_a_writer_that_does_not_finish_is_told_of(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_S", 0.05)
    with open_store(sqlite_url) as store, store.writing(), pytest.raises(BusyError), store.writing():
        pytest.fail("two writers at once")


def test_sqlite_survives_a_power_cut_and_overwrites_what_it_deletes_by_its_settings(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store, store.reading() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_references_are_checked(store: Store) -> None:
    with pytest.raises(ContentError), store.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO press VALUES ('st-0001', 'j', 1, 'no-such-incident', 'b', 's', :no, 1, 1, 1, 1, 1)"
            ),
            {"no": False},
        )


def test_a_database_that_is_away_is_told_as_such(postgres: Postgres, postgres_url: str) -> None:
    def write_while_it_is_cut(store: Store) -> None:
        with store.writing() as connection:
            postgres.cut_connections(postgres_url)
            beat(connection, "ingest-0", 1)

    with open_store(postgres_url) as store:
        with pytest.raises(AwayError):
            write_while_it_is_cut(store)
        with store.writing() as connection:
            beat(connection, "ingest-0", 2)


def test_an_open_incident_without_a_deadline_cannot_be_written(store: Store) -> None:
    with store.reading() as connection:
        checks = inspect(connection).get_check_constraints("incident")
    assert [check["name"] for check in checks] == ["incident_has_deadline_while_open_ck"]


def test_the_migrations_give_exactly_the_tables_of_the_schema(store_url: str) -> None:
    engine = open_engine(store_url)
    with engine.begin() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    engine.dispose()
    assert differences == []


def test_the_schema_names_the_newest_migration() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_heads() == [REVISION]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server = request.getfixturevalue("postgres")
    assert isinstance(server, Postgres)
    return server.create_database()


def test_migrating_twice_is_migrating_once(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)
    with open_store(empty_url) as store, store.reading() as connection:
        assert beats(connection) == {}


def test_an_empty_database_is_refused_with_what_to_do(empty_url: str) -> None:
    with pytest.raises(SchemaError, match="tcds-cloud migrate"), open_store(empty_url):
        pytest.fail("opened an empty database")


def stamp(url: str, revision: str) -> None:
    engine = open_engine(url)
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_a_newer_schema_is_refused_by_everybody(store_url: str) -> None:
    stamp(store_url, "9999")
    with pytest.raises(SchemaError, match="newer"), open_store(store_url):
        pytest.fail("opened a newer schema")
    with pytest.raises(SchemaError, match="newer"):
        migrate(store_url)


def test_an_older_schema_is_refused_with_what_to_do(store_url: str) -> None:
    stamp(store_url, "0000")
    with pytest.raises(SchemaError, match="tcds-cloud migrate"), open_store(store_url):
        pytest.fail("opened an older schema")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://somewhere/x"])
def test_what_cannot_keep_anything_is_refused(url: str) -> None:
    with pytest.raises(SchemaError):
        open_engine(url)

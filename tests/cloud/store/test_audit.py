"""The audit log: it only grows, and whoever changes it behind our back is found."""

import pytest
from sqlalchemy import text

from cloud.store import audit
from cloud.store.audit import FIRST_HASH
from cloud.store.engine import Store, open_store
from cloud.store.errors import ContentError
from tests.cloud.samples import NOW_MS, open_one


def fill(store: Store, count: int = 5) -> None:
    for number in range(count):
        with store.writing() as connection:
            audit.append(connection, "truc.ban", "login", f"máy-{number}", {"b": number, "a": None}, NOW_MS)


def broken(store: Store) -> int | None:
    with store.reading() as connection:
        return audit.first_broken(connection)


def tamper(store: Store, statement: str) -> None:
    """Change the log as somebody with all rights on the database could."""
    off, on = {
        "sqlite": (["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"], []),
        "postgresql": (["ALTER TABLE audit DISABLE TRIGGER ALL"], ["ALTER TABLE audit ENABLE TRIGGER ALL"]),
    }[store.dialect]
    with store.writing() as connection:
        for step in (*off, statement, *on):
            connection.execute(text(step))


def test_entries_are_chained_from_the_first(store: Store) -> None:
    fill(store)
    with store.reading() as connection:
        entries = audit.entries(connection, 0, 100)
        assert audit.last_hash(connection) == entries[-1].hash
    assert entries[0].previous_hash == FIRST_HASH
    assert [entry.previous_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert entries[0].detail == '{"b":0}'
    assert broken(store) is None


def test_an_empty_log_is_whole(store: Store) -> None:
    assert broken(store) is None
    with store.reading() as connection:
        assert audit.last_hash(connection) == FIRST_HASH


def test_pages_go_on_where_they_stopped(store: Store) -> None:
    fill(store)
    with store.reading() as connection:
        first = audit.entries(connection, 0, 2)
        rest = audit.entries(connection, first[-1].seq, 100)
    assert [entry.subject for entry in first + rest] == [f"máy-{number}" for number in range(5)]


@pytest.mark.parametrize("table", ["audit", "incident_event"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at_ms = 0", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_was_written(
    store: Store, table: str, statement: str
) -> None:
    fill(store)
    open_one(store)
    with pytest.raises(ContentError) as caught, store.writing() as connection:
        connection.execute(text(statement.format(table)))
    assert "never changed" in str(caught.value.__cause__)
    assert broken(store) is None


def test_truncating_is_refused_too(postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        fill(store)
        with pytest.raises(ContentError), store.writing() as connection:
            connection.execute(text("TRUNCATE audit"))
        with store.reading() as connection:
            assert len(audit.entries(connection, 0, 10)) == 5


@pytest.mark.parametrize(
    ("statement", "found_at"),
    [
        ("UPDATE audit SET actor = 'khac' WHERE seq = 3", 3),
        ("UPDATE audit SET detail = '{}' WHERE seq = 1", 1),
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 5", 5),
        ("DELETE FROM audit WHERE seq = 2", 3),
        ("DELETE FROM audit WHERE seq = 1", 2),
    ],
)
def test_tampering_is_found_where_it_was_done(store: Store, statement: str, found_at: int) -> None:
    fill(store)
    tamper(store, statement)
    assert broken(store) == found_at


def test_cutting_off_the_end_shows_against_a_seal_kept_outside(store: Store) -> None:
    fill(store)
    with store.reading() as connection:
        seal = audit.last_hash(connection)
    tamper(store, "DELETE FROM audit WHERE seq = 5")
    assert broken(store) is None
    with store.reading() as connection:
        assert audit.last_hash(connection) != seal

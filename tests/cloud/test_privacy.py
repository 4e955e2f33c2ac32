"""Where a measurement must never be: on its whole way through the cloud, with values that stand nowhere else."""

import asyncio
import logging
import traceback
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text
from structlog.testing import capture_logs

from cloud.delivery import deliver
from cloud.export import Span, export
from cloud.ingest.commit import commit_group
from cloud.ingest.intake import sort_arrivals
from cloud.metrics import Metrics
from cloud.retention import Sweeper
from cloud.sections import Requests
from cloud.settings import Identity, Settings, Telemetry, Vitals
from cloud.sos.plan import Plan
from cloud.store.engine import Store, open_store
from cloud.store.errors import ContentError, StoreError
from cloud.store.schema import METADATA
from cloud.telemetry import SqliteTelemetry
from tests.cloud.cabin import KEEP_MS, RAW, SUBJECT, consent, ended, measured, temperature
from tests.cloud.ingest.samples import NOW_MS, arrival, batch, press, reading
from tests.cloud.sharing import KEEP_MS as SHARES_MS
from tests.cloud.sharing import RECIPIENT, SECRET, SHARE, VISIT, agreed, shared
from wire.entries import AnyBody, VitalKind
from wire.topics import Lane

VALUES = ("38.73", "171.25", "93.5")
"""Temperature, systolic and diastolic of somebody who was invented."""

SESSION: dict[int, AnyBody] = {
    1: consent(subject=SUBJECT),
    2: temperature(value=38.73),
    3: measured(
        VitalKind.BLOOD_PRESSURE, {"systolic-pressure": 171.25, "diastolic-pressure": 93.5}, number=2
    ),
    4: ended(),
}


def take(store: Store, bodies: dict[int, AnyBody]) -> None:
    """Let a session arrive beside a press and a reading."""
    arrivals = [
        arrival(Lane.VITALS, batch(Lane.VITALS, bodies)),
        arrival(Lane.SOS, batch(Lane.SOS, {1: press()})),
        arrival(Lane.TELEMETRY, batch(Lane.TELEMETRY, {1: reading()})),
    ]
    with store.writing() as connection:
        commit_group(
            connection,
            sort_arrivals(arrivals),
            now_ms=NOW_MS,
            plan=Plan(),
            keep_vitals_ms=KEEP_MS,
            keep_shares_ms=SHARES_MS,
        )


def private(told: str) -> list[str]:
    """Return what of the person stands in a text."""
    return [word for word in (*VALUES, RAW, SUBJECT) if word in told]


def tables_with(connection: Connection) -> dict[str, list[str]]:
    """Search every column of every table."""
    found = {}
    for table in METADATA.sorted_tables:
        rows = connection.execute(select(table)).all()
        words = private(" ".join(repr(tuple(row)) for row in rows))
        if words:
            found[table.name] = words
    return found


async def sweep(store: Store, path: Path) -> None:
    settings = Settings.model_construct(
        vitals=Vitals(), identity=Identity(), requests=Requests(), telemetry=Telemetry(path=path)
    )
    await Sweeper(settings, store, lambda: NOW_MS + KEEP_MS).sweep(asyncio.Event())


async def test_it_stands_in_the_one_table_for_it_and_is_told_to_nobody_else(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "telemetry.db"
    with capture_logs() as logs, SqliteTelemetry(path):
        take(store, SESSION)
        with store.reading() as connection:
            assert tables_with(connection) == {
                "cabin_session": [SUBJECT],
                "vital": [*VALUES, RAW],
            }
        left: list[bytes] = []
        span = Span(since_ms=0, until_ms=NOW_MS + 1)
        export(store, span, left.append, actor="operator", now_ms=NOW_MS)
        metrics = Metrics(store, lambda: NOW_MS, lambda: 0).text().decode()
        await sweep(store, path)
    assert private(b"".join(left).decode()) == [*VALUES, SUBJECT], "what leaves is the exception, and audited"
    assert private(metrics) == []
    assert private(repr(logs) + caplog.text) == []
    assert private(path.read_bytes().decode("latin-1")) == []
    with store.reading() as connection:
        assert tables_with(connection) == {"cabin_session": [SUBJECT]}


def test_no_exception_repeats_it(store: Store) -> None:
    """A database may quote the row that it refused, as PostgreSQL does; it must not get into a traceback."""
    with store.writing() as connection:
        _refuse_all(connection, store.dialect, "vital", "length(raw) < 3")
    try:
        with pytest.raises(ContentError) as caught:
            take(store, SESSION)
    finally:
        _refuse_no_more(store, "vital")
    told = "".join(traceback.format_exception(caught.value))
    assert "refused" in told
    assert private(told) == []
    assert "Failing row" not in told


def test_nor_does_one_of_a_table_that_is_not_there(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store:
        with store.writing() as connection:
            connection.execute(text("DROP TABLE vital"))
        with pytest.raises(StoreError) as caught:
            take(store, SESSION)
    assert private("".join(traceback.format_exception(caught.value))) == []


def _refuse_all(connection: Connection, dialect: str, table: str, check: str) -> None:
    if dialect == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK ({check})"))
    else:
        connection.execute(
            text(f"CREATE TRIGGER none BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END")
        )


def _refuse_no_more(store: Store, table: str) -> None:
    is_postgres = store.dialect == "postgresql"
    undo = f"ALTER TABLE {table} DROP CONSTRAINT refused" if is_postgres else "DROP TRIGGER none"
    with store.writing() as connection:
        connection.execute(text(undo))


SHARED: dict[int, AnyBody] = {1: agreed(), 2: shared(1), 3: shared(2), 4: shared(3, recipient="clinic")}
MARK = SECRET.decode()


def take_shares(store: Store, at_ms: int = NOW_MS) -> None:
    group = sort_arrivals([arrival(Lane.REQUEST, batch(Lane.REQUEST, SHARED))._replace(received_at_ms=at_ms)])
    with store.writing() as connection:
        commit_group(
            connection, group, now_ms=at_ms, plan=Plan(), keep_vitals_ms=KEEP_MS, keep_shares_ms=SHARES_MS
        )


def tables_that_hold(connection: Connection, word: str) -> list[str]:
    return [
        table.name
        for table in METADATA.sorted_tables
        if word in " ".join(repr(tuple(row)) for row in connection.execute(select(table)))
    ]


async def test_what_is_sealed_stands_in_one_table_until_it_is_fetched_or_its_time_is_over(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    out = tmp_path / "out"
    with capture_logs() as logs:
        take_shares(store)
        with store.reading() as connection:
            assert tables_that_hold(connection, MARK) == ["identity_share"]
            assert tables_that_hold(connection, VISIT) == ["identity_consent", "identity_share"]
        assert deliver(store, RECIPIENT, out, actor="operator", now_ms=NOW_MS) == 2
        metrics = Metrics(store, lambda: NOW_MS, lambda: 0).text().decode()
        with store.reading() as connection:
            assert tables_that_hold(connection, MARK) == ["identity_share"], "the clinic's"
        await sweep(store, tmp_path / "telemetry.db")
    with store.reading() as connection:
        assert tables_that_hold(connection, MARK) == []
        assert tables_that_hold(connection, VISIT) == ["identity_consent", "identity_share"]
    for word in (MARK, VISIT, SHARE):
        assert word not in metrics + repr(logs) + caplog.text
    for path in out.glob("*.json"):
        assert VISIT not in path.read_text(encoding="utf-8")


def test_no_exception_repeats_what_is_sealed(store: Store) -> None:
    with store.writing() as connection:
        _refuse_all(connection, store.dialect, "identity_share", "length(sealed) < 3")
    try:
        with pytest.raises(ContentError) as caught:
            take_shares(store)
    finally:
        _refuse_no_more(store, "identity_share")
    told = "".join(traceback.format_exception(caught.value))
    assert "refused" in told
    for word in (MARK, SECRET.hex(), VISIT, "Failing row"):
        assert word not in told

"""From each schema to the next, with rows in it, on both databases."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from cloud.store import identities, readings, vitals
from cloud.store.engine import open_engine, open_store
from cloud.store.migration import SCRIPTS, migrate
from cloud.store.schema import REVISION
from tests.cloud.cabin import SESSION, bring, consent, temperature
from tests.cloud.samples import NOW_MS, STATION
from tests.cloud.sharing import RECIPIENT, SECRET, SHARE, agreed, send, shared
from tests.rig.postgres import Postgres

JOURNAL = "a" * 32


def old_database(request: pytest.FixtureRequest, folder: Path, revision: str, backend: str) -> str:
    """Return the url of a database as an older release left it."""
    if backend == "sqlite":
        url = f"sqlite:///{folder / 'old.db'}"
    else:
        server = request.getfixturevalue("postgres")
        assert isinstance(server, Postgres)
        url = server.create_database()
    engine = open_engine(url)
    with engine.execution_options(writing=True).begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(SCRIPTS))
        command.upgrade(config, revision)
        (_fill if revision == "0001" else _fill_0002)(connection)
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of revision 0001."""
    return old_database(request, tmp_path, "0001", request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def url_0002(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of revision 0002."""
    return old_database(request, tmp_path, "0002", request.param)


def _fill(connection: Connection) -> None:
    """Write what the older release took in: readings of people and of devices, in both lanes."""
    connection.execute(
        text(
            "INSERT INTO station (station, name, ward, address, block, floor, state, devices, lanes, health) "
            "VALUES (:station, 'Trạm', '27097', '', '', '', 'online', '[]', '[]', '{}')"
        ),
        {"station": STATION},
    )
    for lane, seq in (("vitals", 1), ("telemetry", 1), ("telemetry", 2)):
        row = {"station": STATION, "journal": JOURNAL, "lane": lane, "seq": seq, "payload": b"{}"}
        connection.execute(
            text(
                "INSERT INTO reading_batch (station, journal, lane, first_seq, last_seq, received_at_ms, payload) "
                "VALUES (:station, :journal, :lane, :seq, :seq, 1, :payload)"
            ),
            row,
        )
        connection.execute(
            text(
                "INSERT INTO aside (station, journal, lane, seq, reason, payload, at_ms) "
                "VALUES (:station, :journal, :lane, :seq, 'malformed', :payload, 1)"
            ),
            row,
        )
        connection.execute(
            text(
                "INSERT INTO quarantine (topic, reason, digest, payload, at_ms) "
                "VALUES (:topic, 'malformed', :digest, :payload, 1)"
            ),
            {
                "topic": f"tcds/v1/07/{STATION}/up/{lane}",
                "digest": f"{lane[:4]}-{seq}",
                "payload": b"not JSON",
            },
        )


def _fill_0002(connection: Connection) -> None:
    """Write a session, and what a station newer than the cloud sent in a lane that was still reserved."""
    connection.execute(
        text(
            "INSERT INTO cabin_session (session, station, pseudonym, scope, text_version, opened_at_ms, "
            "consented_at_ms, received_at_ms, keep_until_ms) "
            "VALUES (:session, :station, :session, 'keep', '2026-11', 1, 1, 1, 99)"
        ),
        {"session": SESSION, "station": STATION},
    )
    _fill(connection)
    for kind, lane in enumerate(("request", "event"), 7):
        connection.execute(
            text(
                "INSERT INTO aside (station, journal, lane, seq, reason, payload, at_ms) "
                "VALUES (:station, :journal, :lane, 1, 'malformed', :payload, 1)"
            ),
            {"station": STATION, "journal": JOURNAL, "lane": lane, "payload": SECRET},
        )
        connection.execute(
            text(
                "INSERT INTO quarantine (topic, reason, digest, payload, at_ms) "
                "VALUES (:topic, 'malformed', :digest, :payload, 1)"
            ),
            {"topic": f"tcds/v1/07/{STATION}/up/{lane}", "digest": f"{kind}", "payload": SECRET},
        )


def test_an_older_database_is_brought_up_and_takes_vitals(old_url: str) -> None:
    migrate(old_url)
    with open_store(old_url) as store:
        bring(store, consent(), temperature())
        with store.reading() as connection:
            kept = vitals.session(connection, SESSION)
            stations = connection.execute(text("SELECT name FROM station")).scalars().all()
    assert kept is not None
    assert len(kept.vitals) == 1
    assert stations == ["Trạm"]


def test_copies_of_vitals_that_nobody_agreed_to_do_not_survive(old_url: str) -> None:
    migrate(old_url)
    with open_store(old_url) as store, store.reading() as connection:
        batches = [batch.lane for _, batch in readings.batches_after(connection, 0, 10)]
        aside = connection.execute(text("SELECT lane, payload FROM aside ORDER BY lane, seq")).all()
        spoiled = connection.execute(text("SELECT topic, payload FROM quarantine ORDER BY id")).all()
    assert batches == ["telemetry", "telemetry"]
    assert [(lane, bytes(payload)) for lane, payload in aside] == [
        ("telemetry", b"{}"),
        ("telemetry", b"{}"),
        ("vitals", b""),
    ]
    assert [bytes(payload) for _, payload in spoiled] == [b"", b"not JSON", b"not JSON"]


def test_what_was_brought_up_is_what_is_made_anew(old_url: str) -> None:
    """The comparison with the schema itself is in test_engine; here it counts that data does not stand in the way."""
    migrate(old_url)
    migrate(old_url)
    with open_store(old_url) as store, store.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == REVISION
        assert readings.last_batch(connection) == 3


def test_a_database_of_0002_is_brought_up_with_what_is_in_it_and_takes_shares(url_0002: str) -> None:
    migrate(url_0002)
    with open_store(url_0002) as store:
        send(store, agreed(), shared())
        with store.reading() as connection:
            kept = vitals.session(connection, SESSION)
            (waits,) = identities.waiting(connection, RECIPIENT, NOW_MS, 10)
            lanes = [batch.lane for _, batch in readings.batches_after(connection, 0, 10)]
    assert kept is not None
    assert (kept.text_version, kept.keep_until_ms) == ("2026-11", 99)
    assert (waits.share, waits.sealed) == (SHARE, shared().sealed)
    assert lanes == ["vitals", "telemetry", "telemetry"], "a later migration does not repeat an earlier one"


def test_copies_of_what_a_newer_station_sent_do_not_survive(url_0002: str) -> None:
    migrate(url_0002)
    with open_store(url_0002) as store, store.reading() as connection:
        aside = {
            row[0]: bytes(row[1])
            for row in connection.execute(text("SELECT lane, payload FROM aside WHERE seq = 1"))
        }
        spoiled = {
            row[0]: bytes(row[1])
            for row in connection.execute(text("SELECT digest, payload FROM quarantine"))
        }
    assert (aside["request"], aside["event"]) == (b"", SECRET)
    assert (spoiled["7"], spoiled["8"], spoiled["tele-1"]) == (b"", SECRET, b"not JSON")

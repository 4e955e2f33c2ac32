"""From each schema to the next, with rows in it, on both databases."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from cloud.store import readings, vitals
from cloud.store.engine import open_engine, open_store
from cloud.store.migration import SCRIPTS, migrate
from tests.cloud.cabin import SESSION, bring, consent, temperature
from tests.cloud.samples import STATION
from tests.rig.postgres import Postgres

JOURNAL = "a" * 32


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of revision 0001, as an older release left it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        server = request.getfixturevalue("postgres")
        assert isinstance(server, Postgres)
        url = server.create_database()
    engine = open_engine(url)
    with engine.execution_options(writing=True).begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(SCRIPTS))
        command.upgrade(config, "0001")
        _fill(connection)
    engine.dispose()
    return url


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
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0002"
        assert readings.last_batch(connection) == 3

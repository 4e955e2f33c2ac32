"""A fresh, migrated store for each test, once on each database that the cloud runs on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.store.engine import Store, open_store
from cloud.store.migration import migrate
from cloud.store.schema import METADATA, REVISION
from tests.rig.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A private server for the whole run."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres: Postgres) -> str:
    """The url of a migrated PostgreSQL database; a new one for each test would take longer than most tests."""
    url = postgres.create_database()
    migrate(url)
    return url


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'store.db')}"


@pytest.fixture
def postgres_url(postgres: Postgres, migrated_database: str) -> str:
    """A migrated PostgreSQL database without a row."""
    postgres.empty(migrated_database, [table.name for table in METADATA.sorted_tables], REVISION)
    return migrated_database


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Each of both in turn."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    assert isinstance(url, str)
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store on each of both databases in turn."""
    with open_store(store_url) as opened:
        yield opened

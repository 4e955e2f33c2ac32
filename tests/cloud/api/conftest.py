"""A real store on SQLite, a city of two wards and four people, and the API over it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from cloud.api.app import create_app
from cloud.places import Places, Ward
from cloud.store import accounts, stations
from cloud.store.engine import open_store
from cloud.store.migration import migrate
from tests.cloud.api.city import AWAY, HOME, PEOPLE, City, client_of, settings_for


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, made once: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "cloud.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def city(tmp_path: Path, template: Path) -> Iterator[City]:
    (tmp_path / "cloud.db").write_bytes(template.read_bytes())
    settings = settings_for(tmp_path)
    places = Places(wards=(Ward(code=HOME, name="Phường Bình Trưng"), Ward(code=AWAY, name="Phường Sài Gòn")))
    with open_store(settings.store.url) as store:
        with store.writing() as connection:
            stations.configure(
                connection,
                [
                    stations.Place(station="st-home", name="Trạm Bến Nước", ward=HOME, lat=10.77, lon=106.76),
                    stations.Place(station="st-away", name="Trạm Bến Thành", ward=AWAY),
                ],
            )
            for person in PEOPLE.values():
                accounts.save_account(connection, person)
        yield City(store, settings, places)


@pytest.fixture
async def app(city: City) -> FastAPI:
    return create_app(city.settings, city.places, city.store, city.clock)


@pytest.fixture
async def officer(app: FastAPI, city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, city, "duty_officer") as client:
        yield client


@pytest.fixture
async def desk(app: FastAPI, city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, city, "city_desk") as client:
        yield client


@pytest.fixture
async def auditor(app: FastAPI, city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, city, "auditor") as client:
        yield client

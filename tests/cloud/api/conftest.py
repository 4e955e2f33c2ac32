"""A real store on SQLite, a city of two wards and five people, and the API over it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from cloud.api.app import create_app
from cloud.places import Places, Ward
from cloud.store import accounts, stations
from cloud.store.engine import open_store
from tests.cloud.api.city import AWAY, HOME, PEOPLE, City, client_of, settings_for


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def city(tmp_path: Path, sqlite_url: str, catalogue: Catalogue) -> Iterator[City]:
    settings = settings_for(tmp_path, sqlite_url)
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
        yield City(store, settings, places, catalogue)


@pytest.fixture
async def app(city: City) -> FastAPI:
    return create_app(city.settings, city.places, city.catalogue, city.store, city.clock)


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


@pytest.fixture
async def clerk(app: FastAPI, city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, city, "desk_officer") as client:
        yield client

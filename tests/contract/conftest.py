"""A small city in which everything that the API speaks of exists: an SOS, requests, a paper, a map, and push."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from cloud.places import Places, Ward
from cloud.requests.request import Verb
from cloud.settings import Notify, Push, Settings
from cloud.store import accounts, request_public, stations
from cloud.store.engine import open_store
from cloud.store.migration import migrate
from cloud.store.request_public import Window
from tests.cloud.api.city import AWAY, HOME, PEOPLE, City, settings_for
from tests.cloud.api.dossiers import route, submit_all
from tests.cloud.blobs import blob_of, cut, send
from tests.cloud.requesting import NOW_MS, bring, do, submitted
from tests.contract.known import CIVIC, PAPER, PASSWORD_HASH, STATION, WITH_PAPER, Known
from wire.entries import RequestKind

PLACES = Places(wards=(Ward(code=HOME, name="Phường Bình Trưng"), Ward(code=AWAY, name="Phường Sài Gòn")))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """A store with everything in it, to copy."""
    path = tmp_path_factory.mktemp("store") / "filled.db"
    url = f"sqlite:///{path}"
    migrate(url)
    with open_store(url) as store:
        _fill(City(store, settings_for(path.parent, url), PLACES, catalogue))
    return path


@pytest.fixture
def city(filled: Path, tmp_path: Path, catalogue: Catalogue) -> Iterator[City]:
    url = f"sqlite:///{shutil.copy(filled, tmp_path / 'store.db')}"
    with open_store(url) as store:
        yield City(store, _settings(tmp_path, url), PLACES, catalogue, NOW_MS + 2_000)


@pytest.fixture
def known(city: City) -> Known:
    """What paths name, by the name of the parameter, for all that exists."""
    anything = Window(from_ms=0, to_ms=city.now_ms)
    with city.store.reading() as connection:
        (report,) = request_public.public_reports(connection, anything, city.settings.requests.duty_desk, 1)
    return {
        "incident": city.press(STATION),
        "request": WITH_PAPER,
        "sha256": blob_of(PAPER).sha256,
        "number": str(report.number),
    }


def _fill(city: City) -> None:
    with city.store.writing() as connection:
        place = stations.Place(station=STATION, name="Trạm Bến Nước", ward=HOME, lat=10.77, lon=106.76)
        stations.configure(connection, [place])
        for person in PEOPLE.values():
            accounts.save_account(connection, replace(person, password_hash=PASSWORD_HASH))
    submit_all(city)
    bring(
        city.store,
        submitted(5, ward=HOME, blobs=[blob_of(PAPER)]),
        submitted(6, ward=HOME, service="report-civic", request_kind=RequestKind.REPORT, category="road"),
    )
    route(city, (WITH_PAPER, "residence", None), (CIVIC, "civic", None))
    send(city.store, cut(PAPER, WITH_PAPER))
    do(city.store, Verb.ACCEPT, request=CIVIC)


def _settings(directory: Path, url: str) -> Settings:
    """Everything that may be there is there: a map, and a key for push."""
    map_path, key_path = directory / "map.json", directory / "vapid.pem"
    map_path.write_text('{"type": "Topology"}')
    key = ec.generate_private_key(ec.SECP256R1())
    key_path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    push = Push(private_key=key_path, subject="mailto:truc@example.vn")
    settings = settings_for(directory, url, map_path=map_path)
    return settings.model_copy(update={"notify": Notify(push=push)})

"""The role `route` put together: real settings, the shipped catalogue, the portal as a real server."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyrage
import pytest
from structlog.testing import capture_logs

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from cloud import alive
from cloud.connectors.errors import AnswerError
from cloud.connectors.simulators.portal import PortalDesk, create_app
from cloud.connectors.simulators.serving import serving
from cloud.forwarding import NAME, mistakes_in, open_roads, run_forwarding
from cloud.requests.request import State
from cloud.route.retry import FIRST_POLL_MS
from cloud.secret_files import read_token
from cloud.sections import Requests
from cloud.settings import Notify, Settings, SettingsError
from cloud.store.beats import beats
from cloud.store.engine import Store
from cloud.store.errors import AwayError
from tests.cloud.requesting import NOW_MS, bring, load, submitted

TOKEN = "invented-token"
LIMIT_S = 20.0


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def desk() -> PortalDesk:
    return PortalDesk(TOKEN, lambda: NOW_MS)


@pytest.fixture
def url(desk: PortalDesk) -> Iterator[str]:
    with serving(create_app(desk)) as address:
        yield address


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "portal.token"
    path.write_text(f"{TOKEN}\n")
    return path


@pytest.fixture
def other_token_file(tmp_path: Path) -> Path:
    path = tmp_path / "other.token"
    path.write_text("another-token")
    return path


def chosen(token_file: Path, url: str = "https://portal.example.vn/", **changed: Any) -> Requests:
    """Return the section of a city with one connected system, that of residence."""
    connectors = {"residence": {"url": url, "token_file": token_file}}
    return Requests.model_validate({"connectors": connectors, **changed})


def settings_of(section: Requests, **sms: Any) -> Settings:
    return Settings.model_construct(requests=section, notify=Notify.model_validate(sms))


async def until(store: Store, is_so: Callable[[], bool]) -> None:
    """Wait for what the loops do by themselves; the bell hurries them."""
    async with asyncio.timeout(LIMIT_S):
        while not is_so():
            store.ring()
            await asyncio.sleep(0.05)


async def test_a_request_finds_its_way_by_the_catalogue_and_news_come_back(
    store: Store, desk: PortalDesk, url: str, token_file: Path, catalogue: Catalogue
) -> None:
    stop = asyncio.Event()
    settings = settings_of(chosen(token_file, url, first_poll_s=1))
    running = asyncio.create_task(run_forwarding(settings, catalogue, store, stop), name="route")
    bring(store, submitted())
    await until(store, lambda: bool(desk.cases))
    (case,) = desk.cases.values()
    case.status = "Được tiếp nhận"
    await until(store, lambda: load(store).case_number is not None)
    with store.reading() as connection:
        row = connection.exec_driver_sql("SELECT desk, connector FROM request").one()
        assert NAME in beats(connection)
    stop.set()
    await asyncio.wait_for(running, LIMIT_S)
    assert tuple(row) == ("residence", "residence")
    assert load(store).state is State.RECEIVED
    assert load(store).case_number == case.number


async def test_a_wrong_token_is_told_by_the_other_side_and_loses_nothing(
    store: Store, url: str, other_token_file: Path, catalogue: Catalogue
) -> None:
    async with open_roads(settings_of(chosen(other_token_file, url)), catalogue, store) as roads:
        with pytest.raises(AnswerError, match="HTTP 401"):
            await roads.connectors["residence"].status("H29.13.5-261123-0001")


async def test_no_token_goes_where_the_other_side_sends_us(
    store: Store, url: str, token_file: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients: list[httpx.AsyncClient] = []
    plain = httpx.AsyncClient

    def noted(**options: Any) -> httpx.AsyncClient:
        clients.append(plain(**options))
        return clients[-1]

    monkeypatch.setattr(httpx, "AsyncClient", noted)
    async with open_roads(settings_of(chosen(token_file, url)), catalogue, store):
        (client,) = clients
        assert client.headers["authorization"] == f"Bearer {TOKEN}"
        assert not client.follow_redirects
    assert client.is_closed


async def test_messages_need_both_the_key_and_the_gateway(
    store: Store, tmp_path: Path, token_file: Path, catalogue: Catalogue
) -> None:
    key = tmp_path / "contact.key"
    key.write_text(str(pyrage.x25519.Identity.generate()))
    sms = {"sms": {"url": "https://sms.example.vn/send", "token": "t"}}
    with_key = chosen(token_file, contact_key=key)
    for section, ways, can_send in (
        (chosen(token_file), sms, False),
        (with_key, {}, False),
        (with_key, sms, True),
    ):
        async with open_roads(settings_of(section, **ways), catalogue, store) as roads:
            assert (roads.messenger.opener is not None) is can_send
            assert (roads.messenger.teller is not None) is can_send


async def test_how_often_others_are_asked_is_a_setting(
    store: Store, token_file: Path, catalogue: Catalogue
) -> None:
    async with open_roads(settings_of(chosen(token_file)), catalogue, store) as roads:
        assert roads.first_poll_ms == FIRST_POLL_MS
    async with open_roads(settings_of(chosen(token_file, first_poll_s=7)), catalogue, store) as roads:
        assert roads.first_poll_ms == 7_000


async def test_without_any_connector_requests_still_come_to_their_desks(
    store: Store, catalogue: Catalogue
) -> None:
    async with open_roads(settings_of(Requests(catch_all_desk="civic")), catalogue, store) as roads:
        assert not roads.connectors
        assert roads.routing.find(ward="27097", authority="nobody", service="unheard-of").desk == "civic"


async def test_a_store_that_is_away_silences_the_sign_of_life_and_nothing_else(
    store: Store, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_store: Store, _name: str, _at_ms: int) -> None:
        raise AwayError("store: away")

    monkeypatch.setattr(alive, "_beat", away)
    stop = asyncio.Event()
    with capture_logs() as logs:
        running = asyncio.create_task(run_forwarding(settings_of(Requests()), catalogue, store, stop))
        await until(store, lambda: "alive.silent" in [line["event"] for line in logs])
        assert not running.done()
        stop.set()
        await asyncio.wait_for(running, LIMIT_S)


def test_the_defaults_fit_the_shipped_catalogue(catalogue: Catalogue) -> None:
    assert mistakes_in(Requests(), catalogue) == []


def test_every_mistake_is_told_at_once(tmp_path: Path, token_file: Path, catalogue: Catalogue) -> None:
    connectors = {
        "pigeon": {"url": "https://x.vn/", "token_file": token_file},
        "hospital": {"url": "https://x.vn/", "token_file": tmp_path / "none"},
        "bill-water": {"url": "https://x.vn/", "token_file": token_file},
        "duty-desk": {"url": "https://x.vn/", "token_file": token_file},
    }
    (tmp_path / "key").write_text("not a key")
    section = Requests.model_validate(
        {
            "connectors": connectors,
            "catch_all_desk": "nowhere",
            "duty_desk": "neither",
            "contact_key": tmp_path / "key",
        }
    )
    assert [line.split(":")[0] for line in mistakes_in(section, catalogue)] == [
        "requests.connectors.pigeon",
        "requests.connectors.bill-water",
        "requests.connectors.duty-desk",
        "requests.catch_all_desk",
        "requests.duty_desk",
        "requests.connectors.hospital.token_file",
        "requests.contact_key",
    ]


async def test_nothing_is_opened_to_a_system_that_the_catalogue_does_not_know(
    store: Store, token_file: Path, catalogue: Catalogue
) -> None:
    section = Requests.model_validate(
        {"connectors": {"cabin": {"url": "https://x.vn/", "token_file": token_file}}}
    )
    with pytest.raises(SettingsError, match="no system behind it"):
        async with open_roads(settings_of(section), catalogue, store):
            pass


@pytest.mark.parametrize(
    "text", [b"", b"\n", b"two words", b"two\nlines", b"\xff\xfe", b"x\0y", b"x" * 4_097], ids=repr
)
def test_a_token_file_that_holds_none_is_refused_without_its_content(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "token"
    path.write_bytes(text)
    with pytest.raises(SettingsError) as caught:
        read_token("requests.connectors.x.token_file", path)
    (told,) = caught.value.mistakes
    assert (
        told == f"requests.connectors.x.token_file: {path}: must hold one token, printable and without blanks"
    )


def test_a_token_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_token("key", tmp_path / "none")


def test_the_blanks_around_a_token_are_none_of_it(token_file: Path) -> None:
    assert read_token("key", token_file) == TOKEN

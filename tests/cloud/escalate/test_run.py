"""The role as it runs: real threads, a real clock, a real gateway, and a database that goes away."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from py_vapid import Vapid02

from cloud.clock import now_ms
from cloud.escalate import run_escalation
from cloud.escalate.auditor import Heart
from cloud.escalate.run import audit_until, build_notifiers, escalate_until
from cloud.escalate.tick import BEAT, Ways
from cloud.settings import Notify, Settings
from cloud.sos.plan import Channel
from cloud.store import beats, cards
from cloud.store.engine import Store, open_store
from cloud.store.migration import migrate
from tests.cloud.samples import NOW_MS, OFFICER, WARD, add_person, add_station, open_one, press
from tests.fakes.sms_gateway import TOKEN, SmsGateway, running_gateway
from tests.rig.postgres import Postgres, running_postgres

SOON_S = 10.0
WARD_NAME = "Phường Bình Trưng"


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    with running_gateway() as running:
        yield running


@pytest.fixture
def settings(gateway: SmsGateway, sqlite_url: str, tmp_path: Path) -> Settings:
    places = tmp_path / "places.toml"
    places.write_text(f'[[wards]]\ncode = "{WARD}"\nname = "{WARD_NAME}"\n', encoding="utf-8")
    nowhere = tmp_path / "none.pem"
    return Settings.model_validate(
        {
            "store": {"url": sqlite_url},
            "broker": {"host": "127.0.0.1", "ca": nowhere, "certificate": nowhere, "key": nowhere},
            "ingest": {"certificates": tmp_path},
            "places": places,
            "notify": {"sms": {"url": gateway.url, "token": TOKEN, "numbers": ["+84911111111"]}},
        }
    )


async def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.02)


async def test_a_press_that_nobody_watches_is_on_a_telephone_within_moments(
    store: Store, settings: Settings, gateway: SmsGateway
) -> None:
    with store.writing() as connection:
        add_station(connection)
        add_person(connection, OFFICER, phone="+84900000001")
    stop = asyncio.Event()
    running = asyncio.create_task(run_escalation(settings, store, stop), name="escalation")
    await until(lambda: has_beat(store), "it never began")
    open_one(store, press(1, received_at_ms=now_ms()), now_ms())
    store.ring()
    started = time.monotonic()
    await until(lambda: len(gateway.sent) == 2, "nobody was called")
    assert time.monotonic() - started < SOON_S / 2
    assert {sms.to for sms in gateway.sent} == {"+84900000001", "+84911111111"}
    assert all(WARD_NAME in sms.text for sms in gateway.sent)
    stop.set()
    await asyncio.wait_for(running, SOON_S)
    assert not [thread.name for thread in threading.enumerate() if thread.name in {"escalation", "pager-sms"}]


async def test_it_ends_when_it_is_told_to_even_while_a_gateway_hangs(
    store: Store, settings: Settings, gateway: SmsGateway
) -> None:
    gateway.go_on.clear()
    with store.writing() as connection:
        add_station(connection)
    open_one(store, press(1, received_at_ms=now_ms()), now_ms())
    stop = asyncio.Event()
    running = asyncio.create_task(run_escalation(settings, store, stop), name="escalation")
    await until(lambda: has_beat(store), "it never began")
    stop.set()
    await asyncio.wait_for(running, SOON_S)
    gateway.go_on.set()


def has_beat(store: Store) -> bool:
    with store.reading() as connection:
        return BEAT in beats.beats(connection)


def test_a_database_that_goes_away_is_waited_for() -> None:
    with running_postgres() as server:
        escalate_across_an_outage(server)


def escalate_across_an_outage(server: Postgres) -> None:
    url = server.create_database()
    migrate(url)
    ended = threading.Event()
    with open_store(url) as store:
        thread = threading.Thread(target=escalate_until, args=(ended, store, Ways(), now_ms))
        thread.start()
        try:
            server.stop()
            server.start()
            identity = open_one(store, press(1, received_at_ms=now_ms()), now_ms())
            deadline = time.monotonic() + SOON_S
            while level(store, identity) == 0 and time.monotonic() < deadline:
                time.sleep(0.05)
            assert level(store, identity) > 0
        finally:
            ended.set()
            thread.join(SOON_S)
    assert not thread.is_alive()


def level(store: Store, identity: str) -> int:
    with store.reading() as connection:
        return cards.require_card(connection, identity).level


def test_only_ways_that_are_configured_are_ways(tmp_path: Path) -> None:
    key = Vapid02()
    key.generate_keys()
    key.save_key(str(tmp_path / "vapid.pem"))
    notify = Notify.model_validate(
        {"push": {"private_key": tmp_path / "vapid.pem", "subject": "mailto:truc.ban@example.vn"}}
    )
    assert set(build_notifiers(Notify())) == {Channel.LOG}
    assert set(build_notifiers(notify)) == {Channel.LOG, Channel.PUSH}


def test_the_outside_hears_that_all_is_well(store: Store) -> None:
    assert heard_by_outside(store, NOW_MS) == 1


def test_the_outside_hears_nothing_when_a_deadline_was_missed(store: Store) -> None:
    open_one(store)
    assert heard_by_outside(store, NOW_MS + 3_600_000) == 0


def heard_by_outside(store: Store, at_ms: int) -> int:
    """Audit once, and count what the outside heard."""
    ended = threading.Event()
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    def clock() -> int:
        ended.set()
        return at_ms

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        audit_until(ended, store, Heart(client, "https://outside.example/ping"), clock)
    return len(asked)

"""From the outbox to telephones: against a gateway that fails, hangs and comes back."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest

from cloud.escalate.pager import LEASE_MS, Pager
from cloud.escalate.tick import Ways, tick
from cloud.notify.policy import MAX_ATTEMPTS
from cloud.notify.port import Delivered, Failed, Notification
from cloud.notify.sms import SmsNotifier
from cloud.sos.action import Verb
from cloud.sos.plan import Audience, Channel, Level, Plan, Target
from cloud.store import accounts, notifications
from cloud.store.engine import Store
from cloud.store.notifications import NoticeState
from tests.cloud.samples import (
    COLLEAGUE,
    NOW_MS,
    OFFICER,
    STATION,
    add_person,
    add_station,
    do,
    open_one,
    press,
)
from tests.fakes.sms_gateway import TOKEN, SmsGateway, running_gateway

WARD_NAME = "Phường Bình Trưng"
CONSOLE = Level(0, (Target(Audience.WARD, Channel.CONSOLE),))
SMS = Plan(levels=(CONSOLE, Level(20, (Target(Audience.WARD, Channel.SMS),))), repeat_s=10)
PUSH = Plan(levels=(CONSOLE, Level(20, (Target(Audience.WARD, Channel.PUSH),))))
WAYS = Ways((Channel.SMS, Channel.PUSH))


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms

    def go(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)


class Scripted:
    """A way that does as it is told, and keeps what it was given."""

    def __init__(self, answer: Callable[[Notification], Delivered | Failed]) -> None:
        self.answer = answer
        self.given: list[Notification] = []

    def send(self, notification: Notification) -> Delivered | Failed:
        self.given.append(notification)
        return self.answer(notification)

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def city(store: Store) -> Store:
    with store.writing() as connection:
        add_station(connection)
        add_person(connection, OFFICER, phone="+84900000001", endpoint="https://push.example/officer")
    return store


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    with running_gateway() as running:
        yield running


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


@pytest.fixture
def pager(city: Store, gateway: SmsGateway) -> Iterator[Pager]:
    notifier = SmsNotifier(gateway.url, TOKEN, timeout_s=2)
    yield Pager(city, Channel.SMS, notifier, lambda _code: WARD_NAME)
    notifier.close()


def states(store: Store) -> dict[NoticeState, int]:
    with store.reading() as connection:
        return notifications.count_by_state(connection, 0)


def test_an_unanswered_press_reaches_a_telephone(
    pager: Pager, gateway: SmsGateway, pool: ThreadPoolExecutor
) -> None:
    open_one(pager.store, plan=SMS)
    tick(pager.store, WAYS, NOW_MS)
    assert pager.send_due(pool, Clock()) == 1
    assert [(sms.to, WARD_NAME in sms.text, STATION in sms.text) for sms in gateway.sent] == [
        ("+84900000001", True, True)
    ]
    assert states(pager.store) == {NoticeState.SENT: 1}
    assert pager.send_due(pool, Clock()) == 0


def test_a_gateway_that_fails_is_tried_again_until_it_works(
    pager: Pager, gateway: SmsGateway, pool: ThreadPoolExecutor
) -> None:
    clock = Clock()
    gateway.fail_next(HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE)
    open_one(pager.store, plan=SMS)
    tick(pager.store, WAYS, NOW_MS)
    assert pager.send_due(pool, clock) == 1
    assert pager.send_due(pool, clock) == 0, "not at once again"
    clock.go(1)
    assert pager.send_due(pool, clock) == 1
    clock.go(2)
    assert pager.send_due(pool, clock) == 1
    assert (len(gateway.refused), len(gateway.sent)) == (2, 1)
    assert len({sms.key for sms in (*gateway.refused, *gateway.sent)}) == 1


def test_a_way_that_never_works_dies_visibly(city: Store, pool: ThreadPoolExecutor) -> None:
    clock, way = Clock(), Scripted(lambda _: Failed("away"))
    pager = Pager(city, Channel.SMS, way, lambda code: code)
    open_one(city, plan=SMS)
    tick(city, WAYS, NOW_MS)
    for _ in range(20):
        pager.send_due(pool, clock)
        clock.go(30)
    assert len(way.given) == MAX_ATTEMPTS
    assert states(city) == {NoticeState.DEAD: 1}


def test_a_refused_message_is_not_repeated(
    pager: Pager, gateway: SmsGateway, pool: ThreadPoolExecutor
) -> None:
    clock = Clock()
    gateway.fail_next(HTTPStatus.BAD_REQUEST)
    open_one(pager.store, plan=SMS)
    tick(pager.store, WAYS, NOW_MS)
    pager.send_due(pool, clock)
    clock.go(3600)
    assert pager.send_due(pool, clock) == 0
    assert states(pager.store) == {NoticeState.DEAD: 1}


def test_a_telephone_is_left_in_peace_between_two_rounds(
    pager: Pager, gateway: SmsGateway, pool: ThreadPoolExecutor
) -> None:
    clock = Clock()
    open_one(pager.store, plan=SMS)
    for _ in range(4):
        tick(pager.store, WAYS, clock())
        pager.send_due(pool, clock)
        clock.go(10)
    assert len(gateway.sent) == 2, "at 0 s and at 30 s, although it was called every 10 s"


def test_but_another_incident_rings_at_once(
    pager: Pager, gateway: SmsGateway, pool: ThreadPoolExecutor
) -> None:
    clock = Clock()
    open_one(pager.store, plan=SMS)
    tick(pager.store, WAYS, clock())
    pager.send_due(pool, clock)
    clock.go(1)
    with pager.store.writing() as connection:
        add_station(connection, "st-0002")
    open_one(pager.store, press(1, station="st-0002"), clock(), SMS)
    tick(pager.store, WAYS, clock())
    pager.send_due(pool, clock)
    assert [sms.text.count("st-0002") for sms in gateway.sent] == [0, 1]


def test_nobody_is_woken_once_somebody_has_taken_over(
    pager: Pager, gateway: SmsGateway, pool: ThreadPoolExecutor
) -> None:
    identity = open_one(pager.store, plan=SMS)
    tick(pager.store, WAYS, NOW_MS)
    do(pager.store, identity, Verb.ACKNOWLEDGE, 2)
    assert pager.send_due(pool, Clock()) == 0
    assert gateway.sent == []


def test_a_fault_of_our_own_loses_nothing_and_stops_nobody_else(
    city: Store, pool: ThreadPoolExecutor
) -> None:
    def fail_for_one(notification: Notification) -> Delivered:
        if notification.target.endswith("1"):
            raise ZeroDivisionError
        return Delivered()

    with city.writing() as connection:
        add_person(connection, COLLEAGUE, phone="+84900000002")
    way = Scripted(fail_for_one)
    open_one(city, plan=SMS)
    tick(city, WAYS, NOW_MS)
    assert Pager(city, Channel.SMS, way, lambda code: code).send_due(pool, Clock()) == 2
    assert states(city) == {NoticeState.SENT: 1, NoticeState.PENDING: 1}


def test_a_pager_that_died_in_the_middle_is_made_good_by_the_next(
    city: Store, pool: ThreadPoolExecutor
) -> None:
    clock, way = Clock(), Scripted(lambda _: Delivered())
    open_one(city, plan=SMS)
    tick(city, WAYS, NOW_MS)
    with city.writing() as connection:
        notifications.claim(connection, Channel.SMS, NOW_MS, 10, lease_ms=LEASE_MS)
    pager = Pager(city, Channel.SMS, way, lambda code: code)
    assert pager.send_due(pool, clock) == 0
    clock.go(LEASE_MS / 1000)
    assert pager.send_due(pool, clock) == 1


def test_a_browser_that_is_gone_is_forgotten(city: Store, pool: ThreadPoolExecutor) -> None:
    way = Scripted(lambda _: Failed("HTTP 410", is_final=True, is_gone=True))
    open_one(city, plan=PUSH)
    tick(city, WAYS, NOW_MS)
    Pager(city, Channel.PUSH, way, lambda code: code).send_due(pool, Clock())
    assert way.given[0].secrets == ("p256dh-key", "auth-key")
    with city.reading() as connection:
        assert accounts.subscriptions(connection) == []


def test_a_way_that_is_configured_no_longer_dies_visibly(city: Store, pool: ThreadPoolExecutor) -> None:
    open_one(city, plan=SMS)
    tick(city, WAYS, NOW_MS)
    Pager(city, Channel.SMS, None, lambda code: code).send_due(pool, Clock())
    assert states(city) == {NoticeState.DEAD: 1}


def test_a_station_of_no_ward_has_no_ward_name(city: Store, pool: ThreadPoolExecutor) -> None:
    way = Scripted(lambda _: Delivered())
    open_one(city, press(1, station="unheard-of"), plan=SMS)
    tick(city, Ways((Channel.SMS,), ("+84911111111",)), NOW_MS)
    Pager(city, Channel.SMS, way, lambda _code: WARD_NAME).send_due(pool, Clock())
    assert [(given.ward_name, given.target) for given in way.given] == [("", "+84911111111")]

"""The outbox of messages: who is called, in which order, by one pager only, and when it ends."""

import pytest
from sqlalchemy import select

from cloud.sos.action import Verb
from cloud.sos.plan import Channel, Level, Plan, Target
from cloud.store import accounts, incidents, notifications
from cloud.store.engine import Store, open_store
from cloud.store.notifications import Notice, NoticeState
from cloud.store.roster import OPERATOR, load_roster
from cloud.store.schema import NOTIFICATION
from tests.cloud.samples import (
    NOW_MS,
    OFFICER,
    PLAN,
    STATION,
    WARD,
    add_people,
    add_station,
    do,
    open_one,
    press,
)

LEASE_MS = 60_000
ALL = (Channel.PUSH, Channel.SMS)
SMS_AT_ONCE = Plan(
    levels=(PLAN.levels[0], Level(20, (Target(PLAN.levels[1].targets[0].audience, Channel.SMS),)))
)


@pytest.fixture
def city(store: Store) -> Store:
    with store.writing() as connection:
        add_station(connection)
        add_people(connection)
    return store


def sound(store: Store, now_ms: int, *channels: Channel) -> None:
    with store.writing() as connection:
        incidents.sound_alarms(connection, load_roster(connection, now_ms, channels or ALL), now_ms)


def claim(store: Store, now_ms: int, channel: Channel = Channel.SMS, limit: int = 50) -> list[Notice]:
    with store.writing() as connection:
        return notifications.claim(connection, channel, now_ms, limit, lease_ms=LEASE_MS)


def rows(store: Store) -> list[tuple[int, str, str, str]]:
    with store.reading() as connection:
        found = connection.execute(
            select(
                NOTIFICATION.c.level, NOTIFICATION.c.channel, NOTIFICATION.c.target, NOTIFICATION.c.state
            ).order_by(NOTIFICATION.c.id)
        )
        return [(row[0], row[1], row[2], row[3]) for row in found]


def test_each_level_writes_to_those_whom_the_plan_names(city: Store) -> None:
    open_one(city)
    sound(city, NOW_MS)
    assert rows(city) == [(1, "push", "https://push.example/officer", "pending")]
    sound(city, NOW_MS + 45_000)
    assert rows(city)[1:] == [(2, "push", "https://push.example/desk", "pending")]
    sound(city, NOW_MS + 90_000)
    assert {row[1:3] for row in rows(city)[2:]} == {
        ("push", "https://push.example/desk"),
        ("sms", "+84900000001"),
        ("sms", "+84900000002"),
        ("sms", "+84900000003"),
    }


def test_a_new_round_takes_the_place_of_what_its_target_has_not_had_yet(city: Store) -> None:
    open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    sound(city, NOW_MS + 60_000)
    assert [(row[2][-1], row[3]) for row in rows(city)] == [
        ("1", "needless"),
        ("2", "needless"),
        ("1", "pending"),
        ("2", "pending"),
    ]


def test_when_nobody_can_be_reached_the_operators_log_is_told(city: Store) -> None:
    open_one(city)
    with city.writing() as connection:
        changes = incidents.sound_alarms(connection, load_roster(connection, NOW_MS, ()), NOW_MS)
    assert changes[0].data["reached"] is False
    assert rows(city) == [(3, "log", OPERATOR, "pending")]


def test_a_notice_says_where_and_to_whom_and_no_more(city: Store) -> None:
    identity = open_one(city)
    sound(city, NOW_MS)
    (notice,) = claim(city, NOW_MS, Channel.PUSH)
    assert (notice.incident, notice.station, notice.station_name, notice.ward) == (
        identity,
        STATION,
        f"Trạm {STATION}",
        WARD,
    )
    assert notice.keys == ("p256dh-key", "auth-key")
    assert (notice.level, notice.round, notice.attempts, notice.is_first, notice.target_sent_at_ms) == (
        1,
        1,
        0,
        True,
        None,
    )


def test_a_subscription_that_has_gone_leaves_a_notice_without_keys(city: Store) -> None:
    open_one(city)
    sound(city, NOW_MS)
    with city.writing() as connection:
        accounts.unsubscribe(connection, "https://push.example/officer")
    assert claim(city, NOW_MS, Channel.PUSH)[0].keys is None


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(city: Store) -> None:
    open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    assert len(claim(city, NOW_MS)) == 2
    assert claim(city, NOW_MS + LEASE_MS - 1) == []
    assert len(claim(city, NOW_MS + LEASE_MS)) == 2, "its pager died: again"


def test_each_way_claims_its_own(city: Store) -> None:
    open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    assert claim(city, NOW_MS, Channel.PUSH) == []
    with city.reading() as connection:
        assert notifications.next_at_ms(connection, Channel.PUSH) is None
        assert notifications.next_at_ms(connection, Channel.SMS) == NOW_MS


def test_a_claim_takes_no_more_than_asked(city: Store) -> None:
    open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    assert len(claim(city, NOW_MS, limit=1)) == 1
    assert len(claim(city, NOW_MS, limit=5)) == 1


def test_two_pagers_at_once_share_and_never_send_twice(postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        with store.writing() as connection:
            add_station(connection)
            add_people(connection)
        open_one(store, plan=SMS_AT_ONCE)
        sound(store, NOW_MS)
        with store.writing() as one, store.writing() as other:
            first = notifications.claim(one, Channel.SMS, NOW_MS, 1, lease_ms=LEASE_MS)
            second = notifications.claim(other, Channel.SMS, NOW_MS, 5, lease_ms=LEASE_MS)
    assert len(first) == len(second) == 1
    assert first[0].id != second[0].id


def test_sent_is_the_end_and_is_remembered_for_the_target(city: Store) -> None:
    open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    for notice in claim(city, NOW_MS):
        with city.writing() as connection:
            notifications.mark_sent(connection, notice.id, NOW_MS + 5)
    assert claim(city, NOW_MS + LEASE_MS) == []
    sound(city, NOW_MS + 60_000)
    again = claim(city, NOW_MS + 60_000)
    assert [(notice.is_first, notice.target_sent_at_ms) for notice in again] == [(False, NOW_MS + 5)] * 2
    open_one(city, press(1, station="st-0002", received_at_ms=NOW_MS + 60_000), plan=SMS_AT_ONCE)
    assert {row[3] for row in rows(city)} == {"sent", "pending"}


def test_another_incident_is_first_again_and_goes_first(city: Store) -> None:
    open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    for notice in claim(city, NOW_MS):
        with city.writing() as connection:
            notifications.mark_sent(connection, notice.id, NOW_MS)
    with city.writing() as connection:
        add_station(connection, "st-0002")
    sound(city, NOW_MS + 60_000)
    open_one(city, press(1, station="st-0002"), NOW_MS + 60_000, SMS_AT_ONCE)
    sound(city, NOW_MS + 60_000)
    notices = claim(city, NOW_MS + 60_000)
    assert [(notice.station, notice.is_first) for notice in notices] == [
        ("st-0002", True),
        ("st-0002", True),
        (STATION, False),
        (STATION, False),
    ]


def test_a_failure_comes_back_and_then_dies_visibly(city: Store) -> None:
    open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    first, second = claim(city, NOW_MS)
    with city.writing() as connection:
        notifications.mark_failed(connection, first.id, "HTTP 502", again_at_ms=NOW_MS + 1_000)
        notifications.mark_failed(connection, second.id, "x" * 999, again_at_ms=None)
    (again,) = claim(city, NOW_MS + 1_000)
    assert (again.id, again.attempts) == (first.id, 1)
    with city.reading() as connection:
        assert notifications.count_by_state(connection, NOW_MS) == {
            NoticeState.PENDING: 1,
            NoticeState.DEAD: 1,
        }
        assert notifications.count_by_state(connection, NOW_MS + 1) == {}


def test_holding_back_is_no_attempt(city: Store) -> None:
    open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    notice, _ = claim(city, NOW_MS)
    with city.writing() as connection:
        notifications.postpone(connection, notice.id, NOW_MS + 500)
    (again,) = claim(city, NOW_MS + 500)
    assert (again.id, again.attempts) == (notice.id, 0)


@pytest.mark.parametrize(("verb", "left"), [(Verb.ACKNOWLEDGE, 0), (Verb.DISPATCH, 0), (Verb.NOTE, 2)])
def test_once_somebody_has_taken_over_nobody_is_woken_for_nothing(city: Store, verb: Verb, left: int) -> None:
    identity = open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    do(city, identity, verb, 2, by=OFFICER, note="ghi chú")
    assert len(claim(city, NOW_MS)) == left


def test_what_is_on_its_way_when_somebody_takes_over_stays_needless(city: Store) -> None:
    identity = open_one(city, plan=SMS_AT_ONCE)
    sound(city, NOW_MS)
    notice, _ = claim(city, NOW_MS)
    do(city, identity, Verb.ACKNOWLEDGE, 2)
    with city.writing() as connection:
        notifications.mark_failed(connection, notice.id, "HTTP 502", again_at_ms=NOW_MS + 1_000)
    assert claim(city, NOW_MS + LEASE_MS) == []

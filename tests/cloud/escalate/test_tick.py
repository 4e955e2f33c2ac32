"""A night at the ward, with the clock held: who is called when, and that one process does it."""

import threading

import pytest

from cloud.escalate.tick import BEAT, LONGEST_WAIT_S, Ways, beat, tick, wait_s
from cloud.sos.action import Verb
from cloud.sos.incident import EventKind, Resolution, State
from cloud.sos.plan import Channel
from cloud.store import beats, cards, presence
from cloud.store.engine import Store, open_store
from tests.cloud.samples import DESK, NOW_MS, add_people, add_station, arm, do, open_one, press

WAYS = Ways((Channel.PUSH, Channel.SMS))


@pytest.fixture
def city(store: Store) -> Store:
    with store.writing() as connection:
        add_station(connection)
        add_people(connection)
    return store


def watch(store: Store, at_ms: int) -> None:
    with store.writing() as connection:
        arm(connection, at_ms=at_ms)


def story(store: Store, identity: str) -> list[tuple[EventKind, int]]:
    """What happened to an incident, and how many seconds after the press."""
    with store.reading() as connection:
        events = cards.detail(connection, identity).events
    return [(event.kind, (event.at_ms - NOW_MS) // 1000) for event in events]


def run_until(store: Store, until_s: int, *, watched: bool = True, ways: Ways = WAYS) -> None:
    """Tick once a second; somebody sits at the console all the time when `watched`."""
    for second in range(until_s + 1):
        at_ms = NOW_MS + second * 1000
        if watched:
            watch(store, at_ms)
        tick(store, ways, at_ms)


def test_a_watched_ward_that_does_not_answer(city: Store) -> None:
    watch(city, NOW_MS)
    identity = open_one(city)
    run_until(city, 155)
    assert story(city, identity) == [
        (EventKind.OPENED, 0),
        (EventKind.ESCALATED, 20),
        (EventKind.ESCALATED, 45),
        (EventKind.ESCALATED, 90),
        (EventKind.ESCALATED, 150),
    ]


def test_an_unwatched_ward_is_helped_at_once(city: Store) -> None:
    identity = open_one(city)
    run_until(city, 50, watched=False)
    assert story(city, identity) == [
        (EventKind.OPENED, 0),
        (EventKind.ESCALATED, 0),
        (EventKind.ESCALATED, 45),
    ]


def test_a_console_that_is_left_is_noticed_when_its_lease_ends(city: Store) -> None:
    watch(city, NOW_MS - 10_000)
    identity = open_one(city)
    run_until(city, 10, watched=False)
    assert story(city, identity) == [(EventKind.OPENED, 0), (EventKind.ESCALATED, 5)]


def test_an_answer_in_time_calls_nobody(city: Store) -> None:
    watch(city, NOW_MS)
    identity = open_one(city)
    do(city, identity, Verb.ACKNOWLEDGE, 1, now_ms=NOW_MS + 8_000)
    do(city, identity, Verb.DISPATCH, 2, now_ms=NOW_MS + 30_000)
    run_until(city, 200, watched=False)
    assert [kind for kind, _ in story(city, identity)] == [
        EventKind.OPENED,
        EventKind.ACKNOWLEDGED,
        EventKind.DISPATCHED,
    ]


def test_who_acknowledges_and_falls_asleep_loses_it(city: Store) -> None:
    watch(city, NOW_MS)
    identity = open_one(city)
    do(city, identity, Verb.ACKNOWLEDGE, 1)
    run_until(city, 230)
    assert story(city, identity)[2:] == [(EventKind.DEADLINE_MISSED, 180), (EventKind.ESCALATED, 225)]
    with city.reading() as connection:
        card = cards.require_card(connection, identity)
    assert (card.state, card.owner) == (State.NEW, None)


def test_a_resolved_incident_is_left_alone(city: Store) -> None:
    identity = open_one(city)
    do(city, identity, Verb.ACKNOWLEDGE, 1)
    do(city, identity, Verb.RESOLVE, 2, resolution=Resolution.FALSE_PRESS)
    assert tick(city, WAYS, NOW_MS + 10**9) == []


def test_a_drill_that_nobody_answers_wakes_them_once_and_ends(city: Store) -> None:
    identity = open_one(city, press(1, drill=True))
    run_until(city, 400)
    with city.reading() as connection:
        detail = cards.detail(connection, identity)
    assert (detail.card.state, detail.card.resolution) == (State.RESOLVED, Resolution.DRILL)
    assert story(city, identity)[-1] == (EventKind.RESOLVED, 150)
    assert detail.events[-1].actor_kind == "system"


def test_without_officers_ways_the_city_desk_is_next(city: Store) -> None:
    identity = open_one(city, press(1, station="unheard-of"))
    (change,) = tick(city, WAYS, NOW_MS)
    assert (change.incident.id, change.incident.level, change.data["skipped"]) == (identity, 2, [1])


def test_a_city_desk_at_its_console_is_reached_without_a_message(city: Store) -> None:
    with city.writing() as connection:
        arm(connection, DESK, None)
    open_one(city, press(1, station="unheard-of"))
    (change,) = tick(city, Ways(), NOW_MS)
    assert (change.incident.level, change.data["reached"]) == (2, True)


def test_extra_numbers_make_the_telephone_level_reachable(city: Store) -> None:
    open_one(city, press(1, station="unheard-of"))
    (change,) = tick(city, Ways((Channel.SMS,), ("+84911111111",)), NOW_MS)
    assert (change.incident.level, change.data["reached"]) == (3, True)


def test_a_tick_without_anything_due_writes_nothing(city: Store) -> None:
    watch(city, NOW_MS)
    open_one(city)
    with city.writing():
        assert tick(city, WAYS, NOW_MS + 1_000) == [], "it did not even ask for the writer's turn"


def test_of_several_processes_one_escalates(store_url: str) -> None:
    count = 30
    with open_store(store_url) as store:
        with store.writing() as connection:
            add_people(connection)
        for number in range(count):
            open_one(store, press(1, station=f"st-{number:04d}"))
    done: list[str] = []

    def work() -> None:
        with open_store(store_url) as own:
            done.extend(change.incident.id for change in tick(own, WAYS, NOW_MS))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(set(done)) == count


def test_an_escalation_rings(city: Store) -> None:
    open_one(city)
    with city.bell() as bell:
        tick(city, WAYS, NOW_MS)
        assert bell.wait(5)


def test_the_next_look_is_at_the_next_deadline_and_within_a_second(city: Store) -> None:
    assert wait_s(city, NOW_MS) == LONGEST_WAIT_S
    open_one(city)
    assert wait_s(city, NOW_MS) == LONGEST_WAIT_S
    assert wait_s(city, NOW_MS + 19_800) == pytest.approx(0.2)
    assert wait_s(city, NOW_MS + 30_000) == 0


def test_a_beat_is_a_sign_of_life_and_sweeps(city: Store) -> None:
    watch(city, NOW_MS)
    beat(city, NOW_MS + 15_000)
    with city.reading() as connection:
        assert beats.beats(connection) == {BEAT: NOW_MS + 15_000}
        assert presence.armed_leases(connection, NOW_MS) == []

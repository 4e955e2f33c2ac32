"""What consoles read: the right cards, and every event once, in order, whoever writes at the same time."""

import threading

import pytest

from cloud.sos.action import Verb
from cloud.sos.incident import Resolution
from cloud.store import cards, incidents, stations
from cloud.store.cards import RECENT_MS, Scope
from cloud.store.engine import Store, open_store
from cloud.store.errors import MissingError
from tests.cloud.samples import (
    NOW_MS,
    OTHER_WARD,
    PLAN,
    STATION,
    WARD,
    add_people,
    add_station,
    do,
    open_one,
    press,
)


def listed(store: Store, scope: Scope, wards: list[str] | None, now_ms: int = NOW_MS) -> list[str]:
    with store.reading() as connection:
        return [card.id for card in cards.cards(connection, scope, wards, now_ms)]


def resolve(store: Store, identity: str, now_ms: int) -> None:
    do(store, identity, Verb.ACKNOWLEDGE, 1, now_ms=now_ms)
    do(store, identity, Verb.RESOLVE, 2, now_ms=now_ms, resolution=Resolution.FOUNDED)


def test_each_ward_sees_its_own_and_the_city_sees_all(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection, STATION, WARD)
        add_station(connection, "st-0002", OTHER_WARD)
    here, there = open_one(store), open_one(store, press(1, station="st-0002"))
    nowhere = open_one(store, press(1, station="st-0003"))
    assert listed(store, Scope.OPEN, [WARD]) == [here]
    assert listed(store, Scope.OPEN, [OTHER_WARD]) == [there]
    assert listed(store, Scope.OPEN, []) == []
    assert set(listed(store, Scope.OPEN, None)) == {here, there, nowhere}


def test_open_and_recent(store: Store) -> None:
    old_but_open, resolved = open_one(store), open_one(store, press(1, station="st-0002"))
    resolve(store, resolved, NOW_MS + 5)
    assert listed(store, Scope.OPEN, None) == [old_but_open]
    day_later = NOW_MS + RECENT_MS
    assert set(listed(store, Scope.RECENT, None, day_later)) == {old_but_open, resolved}
    assert listed(store, Scope.RECENT, None, day_later + 6) == [old_but_open]


def test_a_station_without_a_place_has_no_coordinates(store: Store) -> None:
    with store.writing() as connection:
        place = stations.Place(station=STATION, name="Trạm", ward=WARD, lat=10.77, lon=106.7)
        stations.configure(connection, [place])
    here, nowhere = open_one(store), open_one(store, press(1, station="st-0002"))
    with store.reading() as connection:
        assert (cards.require_card(connection, here).lat, cards.require_card(connection, here).lon) == (
            10.77,
            106.7,
        )
        assert cards.require_card(connection, nowhere).lat is None


def test_what_is_not_there_is_missing(store: Store) -> None:
    with store.reading() as connection:
        assert cards.cards_of(connection, ["0" * 32]) == []
        assert cards.last_event_seq(connection) == 0
        with pytest.raises(MissingError):
            cards.detail(connection, "0" * 32)


def test_events_since_tells_what_a_console_missed(store: Store) -> None:
    with store.writing() as connection:
        add_people(connection)
    first, second = open_one(store), open_one(store, press(1, station="st-0002"))
    with store.reading() as connection:
        seen = cards.last_event_seq(connection)
    do(store, second, Verb.ACKNOWLEDGE, 1)
    do(store, first, Verb.ACKNOWLEDGE, 1)
    with store.reading() as connection:
        missed = cards.events_since(connection, seen, 10)
        changed = cards.cards_of(connection, {event.incident for event in missed})
        assert cards.events_since(connection, seen, 1) == missed[:1]
        assert cards.events_since(connection, cards.last_event_seq(connection), 10) == []
    assert [(event.incident, event.kind) for event in missed] == [
        (second, "acknowledged"),
        (first, "acknowledged"),
    ]
    assert [card.id for card in changed] == [second, first]
    assert [card.last_event_seq for card in changed] == [event.seq for event in missed]


def test_numbers_are_given_in_the_order_of_commit(store: Store) -> None:
    waited = threading.Event()

    def write_later() -> None:
        open_one(store, press(1, station="st-0002"))
        waited.set()

    with store.writing() as connection:
        incidents.record_presses(connection, [press(1)], now_ms=NOW_MS, plan=PLAN)
        later = threading.Thread(target=write_later)
        later.start()
        assert not waited.wait(0.3), "somebody was numbered while the number before was not committed"
    later.join()
    with store.reading() as connection:
        found = [
            cards.require_card(connection, event.incident) for event in cards.events_since(connection, 0, 9)
        ]
    assert [card.station for card in found] == [STATION, "st-0002"]


def test_who_follows_the_events_misses_none_while_many_write(store_url: str) -> None:
    """On PostgreSQL numbers are given before the commit; without the turn a reader would pass over some."""
    writers, each = 4, 15
    followed: list[int] = []
    done = threading.Event()

    def write(number: int) -> None:
        with open_store(store_url) as own:
            for seq in range(1, each + 1):
                open_one(own, press(seq, station=f"st-{number}-{seq}"))

    def follow() -> None:
        with open_store(store_url) as own:
            while True:
                was_done = done.is_set()
                with own.reading() as connection:
                    events = cards.events_since(connection, followed[-1] if followed else 0, 100)
                followed.extend(event.seq for event in events)
                if was_done and not events:
                    return

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    follower = threading.Thread(target=follow)
    follower.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    follower.join()
    with open_store(store_url) as store, store.reading() as connection:
        written = [event.seq for event in cards.events_since(connection, 0, 1000)]
    assert len(written) == writers * each
    assert followed == written

"""Counts for monitoring, and what the shift report is made of, on both databases."""

from dataclasses import replace

from sqlalchemy import insert

from cloud.sos.action import Action, Verb
from cloud.sos.incident import Resolution, State
from cloud.store import beats, identities, incidents, retention
from cloud.store.engine import Store
from cloud.store.figures import figures
from cloud.store.reports import lives
from cloud.store.schema import ASIDE, INBOX, QUARANTINE
from tests.cloud.cabin import OTHER, bring, consent, temperature
from tests.cloud.samples import (
    NOW_MS,
    OFFICER,
    OTHER_WARD,
    PLAN,
    STATION,
    WARD,
    add_person,
    add_station,
    press,
)
from tests.cloud.sharing import KEEP_MS as SHARES_MS
from tests.cloud.sharing import send, shared


def test_an_empty_cloud_counts_nothing(store: Store) -> None:
    with store.reading() as connection:
        told = figures(connection)
    assert (told.open_incidents, told.unanswered_since_ms, told.deadline_ms) == ({}, None, None)
    assert (told.aside, told.quarantine, told.holes, told.beats, told.stations) == (0, 0, {}, {}, {})
    assert (told.unconsented, told.share_since_ms) == (0, None)


def test_everything_is_counted(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection)
        incidents.record_presses(connection, [press(1)], now_ms=NOW_MS, plan=PLAN)
        incidents.record_presses(connection, [press(2, drill=True)], now_ms=NOW_MS + 5, plan=PLAN)
        beats.beat(connection, "ingest-0", NOW_MS)
        aside = {"station": STATION, "journal": "a" * 32, "lane": "sos", "seq": 9, "reason": "malformed"}
        connection.execute(insert(ASIDE), [{**aside, "payload": b"{}", "at_ms": NOW_MS}])
        spoiled = {"topic": "t", "reason": "malformed", "digest": "0" * 16, "payload": b"x", "at_ms": NOW_MS}
        connection.execute(insert(QUARANTINE), [spoiled])
        for journal, lane, ranges in (("a", "sos", "1-4,7"), ("b", "sos", "2"), ("c", "vitals", "1-9")):
            row = {"station": STATION, "journal": journal * 32, "lane": lane, "ranges": ranges}
            connection.execute(insert(INBOX), [{**row, "updated_at_ms": NOW_MS}])
        told = figures(connection)
    assert told.open_incidents == {("new", False): 1, ("new", True): 1}
    assert told.unanswered_since_ms == NOW_MS
    assert told.deadline_ms is not None
    assert told.deadline_ms > NOW_MS
    assert (told.aside, told.quarantine) == (1, 1)
    assert told.holes == {"sos": 3}
    assert told.beats == {"ingest-0": NOW_MS}
    assert told.stations == {"unknown": 1}


def test_the_oldest_share_that_nobody_fetched_is_told(store: Store) -> None:
    send(store, shared(1))
    send(store, shared(2), received_at_ms=NOW_MS + 5)
    assert oldest_share(store) == NOW_MS
    with store.writing() as connection:
        identities.mark_fetched(connection, [f"{1:032x}"], NOW_MS)
    assert oldest_share(store) == NOW_MS + 5
    with store.writing() as connection:
        retention.sweep_shares(connection, NOW_MS + 5 + SHARES_MS, 10)
    assert oldest_share(store) is None


def oldest_share(store: Store) -> int | None:
    with store.reading() as connection:
        return figures(connection).share_since_ms


def test_measurements_that_wait_for_a_consent_are_counted(store: Store) -> None:
    bring(store, temperature(), temperature(number=2))
    bring(store, consent(OTHER), temperature(OTHER, number=3))
    with store.reading() as connection:
        assert figures(connection).unconsented == 2


def test_a_life_from_the_press_to_the_end(store: Store) -> None:
    act = Action(verb=Verb.ACKNOWLEDGE, by=OFFICER, version=1)
    with store.writing() as connection:
        add_station(connection)
        add_person(connection, OFFICER)
        (one,) = incidents.record_presses(connection, [press(1)], now_ms=NOW_MS + 7, plan=PLAN)
        steps = (
            (Verb.ACKNOWLEDGE, 10_000, None),
            (Verb.DISPATCH, 20_000, None),
            (Verb.ON_SCENE, 200_000, None),
            (Verb.RESOLVE, 300_000, Resolution.FOUNDED),
        )
        version = 1
        for verb, after_ms, resolution in steps:
            action = replace(act, verb=verb, version=version, resolution=resolution)
            card = incidents.act(connection, one, action, idempotency_key=verb, now_ms=NOW_MS + after_ms)
            version = card.version
        (life,) = lives(connection, NOW_MS, NOW_MS + 60_000, None)
    assert (life.state, life.resolution, life.drill, life.escalated) == (
        State.RESOLVED,
        Resolution.FOUNDED,
        False,
        False,
    )
    assert life.opened_at_ms == NOW_MS + 7
    assert life.acknowledged_at_ms == NOW_MS + 10_000
    assert life.on_scene_at_ms == NOW_MS + 200_000
    assert life.press_to_store_ms == (20 + 30 + 7,)


def test_lives_are_those_of_the_span_and_the_wards(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection)
        add_station(connection, "st-0002", OTHER_WARD)
        for number, station in enumerate((STATION, STATION, "st-0002", "st-0003")):
            at_ms = NOW_MS + number * 100_000
            entry = press(number + 1, station=station, received_at_ms=at_ms)
            incidents.record_presses(connection, [entry], now_ms=at_ms, plan=PLAN)
        last_ms = NOW_MS + 300_000
        assert len(lives(connection, NOW_MS, last_ms + 1, None)) == 4
        assert len(lives(connection, NOW_MS + 1, last_ms, None)) == 2
        assert len(lives(connection, NOW_MS, last_ms + 1, {WARD})) == 2
        assert len(lives(connection, NOW_MS, last_ms + 1, {OTHER_WARD})) == 1
        assert lives(connection, NOW_MS, last_ms + 1, set()) == []

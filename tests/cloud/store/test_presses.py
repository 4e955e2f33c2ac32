"""Presses in the store: none is lost, none is counted twice, each is where it belongs."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cloud.sos.incident import EventKind, State
from cloud.sos.plan import Level, Plan
from cloud.store import cards, commands, incidents, stations
from cloud.store.cards import Scope
from cloud.store.engine import Store
from cloud.store.incidents import NewPress
from cloud.store.problems import Problem
from cloud.store.schema import INCIDENT, PRESS
from tests.cloud.samples import NOW_MS, OTHER_WARD, PLAN, STATION, WARD, add_station, open_one, press
from wire.messages import ShowSos, SosStage


def record(store: Store, *presses: NewPress, now_ms: int = NOW_MS) -> list[str]:
    with store.writing() as connection:
        return incidents.record_presses(connection, presses, now_ms=now_ms, plan=PLAN)


def count(store: Store) -> tuple[int, int]:
    with store.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(PRESS)).scalar_one()
        counted = connection.execute(select(func.coalesce(func.sum(INCIDENT.c.press_count), 0))).scalar_one()
    return kept, counted


def test_a_press_opens_an_incident_with_everything_that_belongs_to_it(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection)
    identity = open_one(store)
    with store.reading() as connection:
        detail = cards.detail(connection, identity)
        (order,) = commands.due(connection, NOW_MS, 10)
    card = detail.card
    assert (card.state, card.version, card.press_count, card.ward) == (State.NEW, 1, 1, WARD)
    assert (card.station, card.station_name, card.floor) == (STATION, "Trạm st-0001", "Tầng trệt")
    assert card.next_deadline_ms == NOW_MS + 20_000
    assert [(event.kind, event.version, event.actor_kind) for event in detail.events] == [
        (EventKind.OPENED, 1, "station")
    ]
    assert card.last_event_seq == detail.events[0].seq
    assert [(row.seq, row.committed_at_ms, row.clock_offset_ms) for row in detail.presses] == [
        (1, NOW_MS, 20)
    ]
    assert order.station == STATION
    assert order.body == ShowSos(incident=identity, version=1, stage=SosStage.RECEIVED)


def test_the_same_press_again_changes_nothing(store: Store) -> None:
    (identity,) = record(store, press(1))
    assert record(store, press(1), now_ms=NOW_MS + 5) == []
    assert record(store, press(1), press(1)) == []
    with store.reading() as connection:
        assert cards.require_card(connection, identity).version == 1


def test_a_press_twice_in_one_batch_is_one(store: Store) -> None:
    record(store, press(1), press(1))
    assert count(store) == (1, 1)


def test_presses_within_a_minute_join_and_are_counted(store: Store) -> None:
    (first,) = record(store, press(1))
    (second,) = record(
        store, press(2, received_at_ms=NOW_MS + 59_000), press(3, received_at_ms=NOW_MS + 118_000)
    )
    assert second == first
    with store.reading() as connection:
        detail = cards.detail(connection, first)
    assert (detail.card.press_count, detail.card.version) == (3, 3)
    assert [event.kind for event in detail.events] == [EventKind.OPENED, EventKind.PRESSED, EventKind.PRESSED]
    assert len(detail.presses) == 3


def test_a_press_after_more_than_a_minute_opens_another(store: Store) -> None:
    assert record(store, press(1)) != record(store, press(2, received_at_ms=NOW_MS + 60_001))


def test_a_new_press_replaces_what_the_station_was_still_to_be_told(store: Store) -> None:
    (identity,) = record(store, press(1))
    record(store, press(2), press(3))
    with store.reading() as connection:
        orders = commands.due(connection, NOW_MS, 10)
    assert [order.body for order in orders] == [
        ShowSos(incident=identity, version=3, stage=SosStage.RECEIVED)
    ]


def test_a_drill_and_an_emergency_are_two_incidents(store: Store) -> None:
    changed = record(store, press(1, drill=True), press(2), press(3, drill=True), press(4))
    assert len(changed) == 2
    with store.reading() as connection:
        found = cards.cards(connection, Scope.OPEN, None, NOW_MS)
    assert sorted((card.drill, card.press_count) for card in found) == [(False, 2), (True, 2)]


def test_each_station_has_its_own_incident(store: Store) -> None:
    changed = record(store, press(1), press(1, station="st-0002"), press(2), press(2, station="st-0002"))
    assert len(changed) == 2


def test_a_station_that_nobody_configured_is_not_turned_away(store: Store) -> None:
    (identity,) = record(store, press(1, station="unheard-of"))
    with store.reading() as connection:
        assert cards.require_card(connection, identity).ward == ""
        (row,) = stations.list_stations(connection, None, NOW_MS)
    assert (row.place.station, row.place.name) == ("unheard-of", "unheard-of")
    assert Problem.UNCONFIGURED in row.problems


def test_an_incident_stays_in_the_ward_in_which_it_was_opened(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection)
    identity = open_one(store)
    with store.writing() as connection:
        add_station(connection, ward=OTHER_WARD)
    with store.reading() as connection:
        card = cards.require_card(connection, identity)
    assert (card.ward, card.station_ward) == (WARD, OTHER_WARD)


def test_an_incident_keeps_the_plan_with_which_it_opened(store: Store) -> None:
    slow = Plan(levels=(PLAN.levels[0], Level(300, PLAN.levels[1].targets)))
    identity = open_one(store, plan=slow)
    record(store, press(2))
    with store.reading() as connection:
        assert cards.require_card(connection, identity).next_deadline_ms == NOW_MS + 300_000


def test_nothing_to_record_changes_nothing(store: Store) -> None:
    assert record(store) == []


def test_a_thousand_presses_at_once(store: Store) -> None:
    presses = [press(number, station=f"st-{number % 50:04d}") for number in range(1, 1001)]
    assert len(record(store, *presses)) == 50
    assert count(store) == (1000, 1000)
    assert record(store, *presses) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    journal=st.integers(0, 15).map("{:032x}".format),
    batches=st.lists(
        st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 90_000)), max_size=6), max_size=6
    ),
)
def test_however_often_and_in_whatever_order_every_press_is_kept_once(
    store: Store, journal: str, batches: list[list[tuple[int, bool, int]]]
) -> None:
    station = f"st-{journal[-1]}{len(batches)}"
    before, _ = count(store)
    with store.reading() as connection:
        known = set(
            connection.execute(
                select(PRESS.c.seq).where(PRESS.c.journal == journal, PRESS.c.station == station)
            ).scalars()
        )
    for batch in batches:
        record(
            store,
            *(
                press(seq, station=station, journal=journal, drill=drill, received_at_ms=NOW_MS + after_ms)
                for seq, drill, after_ms in batch
            ),
        )
    sent = {seq for batch in batches for seq, _, _ in batch}
    kept, counted = count(store)
    assert kept == counted == before + len(sent - known)

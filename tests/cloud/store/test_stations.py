"""The fleet: where stations stand, whether they are there, and what is wrong with them."""

import pytest

from cloud.store import commands, stations
from cloud.store.engine import Store
from cloud.store.problems import SILENT_AFTER_MS, Problem, StationState
from cloud.store.stations import Place, StationEvent, StationRow
from tests.cloud.samples import NOW_MS, OTHER_WARD, STATION, WARD, add_station
from wire.entries import DeviceState
from wire.messages import Birth, Death, DeviceHealth, Heartbeat, LaneHealth, Ping
from wire.topics import Lane

JOURNAL, BOOT, OTHER_BOOT = "a" * 32, "b" * 32, "c" * 32
BOARD = DeviceHealth(device="board", state=DeviceState.OK, seen_at_ms=5)


def birth(boot: str = BOOT, station: str = STATION) -> Birth:
    return Birth(station=station, journal=JOURNAL, boot=boot, at_ms=1, release="1.2.3", devices=[BOARD])


def heartbeat(
    *lanes: LaneHealth, devices: tuple[DeviceHealth, ...] = (BOARD,), reserve_used: bool = False
) -> Heartbeat:
    return Heartbeat(
        station=STATION,
        boot=BOOT,
        at_ms=1,
        uptime_ms=2,
        loop_lag_ms=3,
        disk_free_bytes=4,
        reserve_used=reserve_used,
        lanes=list(lanes),
        devices=list(devices),
    )


def row(store: Store, now_ms: int = NOW_MS) -> StationRow:
    with store.reading() as connection:
        found = stations.station(connection, STATION, now_ms)
    assert found is not None
    return found


@pytest.fixture
def known(store: Store) -> Store:
    with store.writing() as connection:
        add_station(connection)
    return store


def test_a_station_that_never_called_is_unknown_and_nothing_is_wrong_with_it(known: Store) -> None:
    assert (row(known).state, row(known).problems, row(known).seen_at_ms) == (StationState.UNKNOWN, (), None)


def test_a_birth_says_who_is_there(known: Store) -> None:
    with known.writing() as connection:
        stations.apply_births(connection, [(birth(), NOW_MS)], NOW_MS)
    found = row(known)
    assert (found.state, found.boot, found.journal, found.release) == (
        StationState.ONLINE,
        BOOT,
        JOURNAL,
        "1.2.3",
    )
    assert (found.seen_at_ms, found.birth_at_ms, found.devices) == (NOW_MS, NOW_MS, (BOARD,))


def test_a_birth_of_a_stranger_makes_it_known_and_visible(store: Store) -> None:
    with store.writing() as connection:
        stations.apply_births(connection, [(birth(), NOW_MS)], NOW_MS)
    assert row(store).problems == (Problem.UNCONFIGURED,)


def test_what_waits_for_a_station_is_sent_when_it_is_born(known: Store) -> None:
    with known.writing() as connection:
        command = commands.enqueue(connection, STATION, Ping(), NOW_MS)
        commands.mark_sent(connection, [(command, NOW_MS + 60_000)])
        stations.apply_births(connection, [(birth(), NOW_MS)], NOW_MS)
        assert [order.id for order in commands.due(connection, NOW_MS, 10)] == [command]


@pytest.mark.parametrize(("boot", "state"), [(BOOT, StationState.OFFLINE), (OTHER_BOOT, StationState.ONLINE)])
def test_a_last_will_counts_only_for_the_connection_that_made_it(
    known: Store, boot: str, state: StationState
) -> None:
    with known.writing() as connection:
        stations.apply_births(connection, [(birth(), NOW_MS)], NOW_MS)
        stations.apply_deaths(connection, [Death(station=STATION, boot=boot)])
    assert row(known).state is state


def test_a_heartbeat_brings_it_back(known: Store) -> None:
    with known.writing() as connection:
        stations.apply_births(connection, [(birth(), NOW_MS)], NOW_MS)
        stations.apply_deaths(connection, [Death(station=STATION, boot=BOOT)])
    assert row(known).problems == (Problem.OFFLINE,)
    with known.writing() as connection:
        stations.apply_heartbeats(connection, [(heartbeat(), NOW_MS + 1), (heartbeat(), NOW_MS + 9)])
    assert (row(known).state, row(known).seen_at_ms, row(known).problems) == (
        StationState.ONLINE,
        NOW_MS + 9,
        (),
    )


def test_nothing_at_all_is_applied_without_harm(known: Store) -> None:
    with known.writing() as connection:
        stations.apply_births(connection, [], NOW_MS)
        stations.apply_deaths(connection, [])
        stations.apply_heartbeats(connection, [])
        stations.record_events(connection, [])
        stations.configure(connection, [])
    assert row(known).state is StationState.UNKNOWN


@pytest.mark.parametrize(
    ("beat", "problem"),
    [
        (heartbeat(LaneHealth(lane=Lane.SOS, depth=1, oldest_age_ms=10_001)), Problem.SOS_WAITS),
        (heartbeat(LaneHealth(lane=Lane.EVENT, depth=1, aside=1)), Problem.SET_ASIDE),
        (heartbeat(devices=(DeviceHealth(device="board", state=DeviceState.LOST),)), Problem.DEVICE_LOST),
        (heartbeat(devices=(DeviceHealth(device="modem", state=DeviceState.FAULT),)), Problem.DEVICE_FAULT),
        (heartbeat(reserve_used=True), Problem.RESERVE_USED),
    ],
)
def test_what_a_heartbeat_complains_of_is_a_problem(known: Store, beat: Heartbeat, problem: Problem) -> None:
    with known.writing() as connection:
        stations.apply_heartbeats(connection, [(beat, NOW_MS)])
    assert row(known).problems == (problem,)


def test_a_lane_that_is_only_busy_is_no_problem(known: Store) -> None:
    lanes = [LaneHealth(lane=lane, depth=5, oldest_age_ms=9_000, dropped=3) for lane in Lane]
    with known.writing() as connection:
        stations.apply_heartbeats(connection, [(heartbeat(*lanes), NOW_MS)])
    assert (row(known).problems, row(known).lanes) == ((), tuple(lanes))


def test_a_station_that_is_connected_and_says_nothing_is_suspicious(known: Store) -> None:
    with known.writing() as connection:
        stations.apply_heartbeats(connection, [(heartbeat(), NOW_MS)])
    assert row(known, NOW_MS + SILENT_AFTER_MS).problems == ()
    assert row(known, NOW_MS + SILENT_AFTER_MS + 1).problems == (Problem.SILENT,)


def test_configuring_again_moves_it_and_keeps_what_it_said(known: Store) -> None:
    with known.writing() as connection:
        stations.apply_births(connection, [(birth(), NOW_MS)], NOW_MS)
        stations.configure(connection, [Place(station=STATION, name="Mới", ward=OTHER_WARD, block="B")])
    found = row(known)
    assert (found.place.name, found.place.ward, found.place.block) == ("Mới", OTHER_WARD, "B")
    assert found.state is StationState.ONLINE


def test_a_ward_lists_its_own(known: Store) -> None:
    with known.writing() as connection:
        add_station(connection, "st-0002", OTHER_WARD)
    with known.reading() as connection:
        here = stations.list_stations(connection, [WARD], NOW_MS)
        everywhere = stations.list_stations(connection, None, NOW_MS)
        nowhere = stations.station(connection, "st-9999", NOW_MS)
    assert [found.place.station for found in here] == [STATION]
    assert [found.place.station for found in everywhere] == [STATION, "st-0002"]
    assert nowhere is None


def test_events_are_kept_once_and_read_newest_first(known: Store) -> None:
    events = [
        StationEvent(STATION, JOURNAL, "event", seq, 1, NOW_MS + seq, "line-changed", {"state": "cut"})
        for seq in (1, 2)
    ]
    with known.writing() as connection:
        stations.record_events(connection, events)
        stations.record_events(connection, events)
    with known.reading() as connection:
        assert stations.latest_events(connection, STATION, 10) == [events[1], events[0]]
        assert stations.latest_events(connection, STATION, 1) == [events[1]]

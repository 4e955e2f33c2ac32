"""The inbox: what was taken in, and what was taken out of the way."""

import pytest

from cloud.store import inbox
from cloud.store.engine import Store
from cloud.store.inbox import MAX_KEPT_BYTES, Aside, LaneKey, Quarantined
from tests.cloud.samples import NOW_MS, STATION
from wire.ranges import SequenceSet

SOS = LaneKey(STATION, "a" * 32, "sos")
EVENT = LaneKey(STATION, "a" * 32, "event")


def test_what_is_saved_is_loaded(store: Store) -> None:
    taken = {SOS: SequenceSet.of([(1, 40), (42, 42)]), EVENT: SequenceSet.of_numbers([7])}
    with store.writing() as connection:
        inbox.save(connection, taken, NOW_MS)
    with store.reading() as connection:
        assert inbox.load(connection, [SOS, EVENT]) == taken
        assert inbox.load(connection, [SOS]) == {SOS: taken[SOS]}


def test_saving_again_replaces(store: Store) -> None:
    with store.writing() as connection:
        inbox.save(connection, {SOS: SequenceSet.of([(1, 5)])}, NOW_MS)
        inbox.save(connection, {SOS: SequenceSet.of([(1, 9)])}, NOW_MS)
        assert inbox.load(connection, [SOS]) == {SOS: SequenceSet.of([(1, 9)])}


def test_an_unknown_lane_is_left_out(store: Store) -> None:
    with store.writing() as connection:
        inbox.save(connection, {}, NOW_MS)
        assert inbox.load(connection, [SOS]) == {}
        assert inbox.load(connection, []) == {}


def test_more_lanes_than_one_statement_takes(store: Store) -> None:
    keys = [LaneKey(f"st-{number:05d}", "a" * 32, "telemetry") for number in range(1201)]
    with store.writing() as connection:
        inbox.save(connection, dict.fromkeys(keys, SequenceSet.of([(1, 3)])), NOW_MS)
        assert len(inbox.load(connection, keys)) == 1201


def test_an_entry_is_set_aside_once(store: Store) -> None:
    entry = Aside(STATION, "a" * 32, "telemetry", 5, "implausible", b"{}", NOW_MS)
    with store.writing() as connection:
        inbox.set_aside(connection, [])
        inbox.set_aside(connection, [entry])
        inbox.set_aside(connection, [entry._replace(at_ms=NOW_MS + 1)])
        assert inbox.latest_aside(connection, 10) == [entry]


def test_the_same_rubbish_is_kept_once(store: Store) -> None:
    with store.writing() as connection:
        inbox.quarantine(connection, [])
        for number in range(3):
            inbox.quarantine(
                connection, [Quarantined("t", "malformed", "0123456789abcdef", b"\xff\x00", NOW_MS + number)]
            )
        inbox.quarantine(connection, [Quarantined("t", "malformed", "f" * 16, b"other", NOW_MS)])
        found = inbox.latest_quarantined(connection, 10)
    assert [(entry.digest, entry.payload) for entry in found] == [
        ("f" * 16, b"other"),
        ("0123456789abcdef", b"\xff\x00"),
    ]


@pytest.mark.parametrize("size", [MAX_KEPT_BYTES, MAX_KEPT_BYTES + 1, 120_000])
def test_rubbish_is_kept_in_part_only(store: Store, size: int) -> None:
    with store.writing() as connection:
        inbox.quarantine(connection, [Quarantined("t", "oversized", "a" * 16, b"x" * size, NOW_MS)])
        inbox.set_aside(connection, [Aside(STATION, "a" * 32, "event", 1, "malformed", b"x" * size, NOW_MS)])
        assert len(inbox.latest_quarantined(connection, 1)[0].payload) == MAX_KEPT_BYTES
        assert len(inbox.latest_aside(connection, 1)[0].payload) == MAX_KEPT_BYTES

"""Raw batches: kept in order, replayed from anywhere, forgotten on request, and written fast enough for a city."""

import time

from cloud.store import readings
from cloud.store.engine import Store
from cloud.store.readings import Batch
from tests.cloud.samples import NOW_MS, STATION

PAYLOAD = bytes(range(256)) + "Trạm".encode()


def batch(number: int, payload: bytes = PAYLOAD) -> Batch:
    return Batch(STATION, "a" * 32, "telemetry", number * 10 + 1, number * 10 + 10, NOW_MS, payload)


def keep(store: Store, *batches: Batch) -> None:
    with store.writing() as connection:
        readings.keep_batches(connection, batches)


def test_what_is_kept_is_read_back_in_order(store: Store) -> None:
    keep(store, batch(0), batch(1))
    keep(store, batch(2))
    with store.reading() as connection:
        found = list(readings.batches_after(connection, 0, 10))
    assert [kept for _, kept in found] == [batch(0), batch(1), batch(2)]
    assert [identity for identity, _ in found] == sorted(identity for identity, _ in found)


def test_a_replay_goes_on_where_it_stopped(store: Store) -> None:
    keep(store, *(batch(number) for number in range(5)))
    with store.reading() as connection:
        first = list(readings.batches_after(connection, 0, 2))
        rest = list(readings.batches_after(connection, first[-1][0], 10))
    assert [kept for _, kept in first + rest] == [batch(number) for number in range(5)]


def forget(store: Store, *, up_to: int, before_ms: int = NOW_MS + 1, limit: int = 100) -> int:
    with store.writing() as connection:
        return readings.forget_batches(connection, up_to=up_to, before_ms=before_ms, limit=limit)


def kept(store: Store) -> list[int]:
    with store.reading() as connection:
        return [identity for identity, _ in readings.batches_after(connection, 0, 100)]


def test_what_is_safe_elsewhere_is_forgotten_and_numbers_do_not_return(store: Store) -> None:
    keep(store, batch(0), batch(1))
    last = kept(store)[-1]
    assert forget(store, up_to=last) == 2
    assert kept(store) == []
    keep(store, batch(2))
    assert kept(store) == [last + 1]


def test_only_what_is_both_safe_elsewhere_and_old_is_forgotten(store: Store) -> None:
    keep(store, *(batch(number)._replace(received_at_ms=NOW_MS + number) for number in range(4)))
    first, second, third, fourth = kept(store)
    assert forget(store, up_to=third, before_ms=NOW_MS + 2) == 2
    assert kept(store) == [third, fourth]
    assert forget(store, up_to=third) == 0, "young"
    assert forget(store, up_to=third, before_ms=NOW_MS + 9) == 1
    assert kept(store) == [fourth], "not yet safe elsewhere"
    assert first < second


def test_a_long_backlog_is_forgotten_in_small_pieces(store: Store) -> None:
    keep(store, *(batch(number) for number in range(5)))
    last = kept(store)[-1]
    assert [forget(store, up_to=last, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_the_last_batch_is_known(store: Store) -> None:
    with store.reading() as connection:
        assert readings.last_batch(connection) == 0
    keep(store, batch(0), batch(1))
    with store.reading() as connection:
        assert readings.last_batch(connection) == kept(store)[-1]


def test_nothing_and_an_empty_payload(store: Store) -> None:
    keep(store)
    keep(store, batch(0, b""))
    with store.reading() as connection:
        assert [kept.payload for _, kept in readings.batches_after(connection, 0, 10)] == [b""]


def test_a_row_costs_little(store: Store) -> None:
    """Some 5 us each are usual; the limit only catches a fall back to a statement for each row."""
    rows = [batch(number) for number in range(4000)]
    keep(store, *rows[:10])
    started = time.process_time()
    keep(store, *rows)
    assert (time.process_time() - started) / len(rows) < 60e-6

"""The outbox of commands: sent until answered, replaced by what is newer, given up after an hour."""

import pytest

from cloud.store import commands
from cloud.store.commands import LIFETIME_MS, Order
from cloud.store.engine import Store, open_store
from tests.cloud.samples import NOW_MS, STATION
from wire.messages import Outcome, Ping, Reply, RunDrill


@pytest.fixture
def command(store: Store) -> str:
    with store.writing() as connection:
        return commands.enqueue(connection, STATION, RunDrill(), NOW_MS)


def due(store: Store, now_ms: int = NOW_MS, limit: int = 10) -> list[Order]:
    with store.reading() as connection:
        return commands.due(connection, now_ms, limit)


def settle(store: Store, command: str, outcome: Outcome = Outcome.DONE) -> commands.Settled | None:
    with store.writing() as connection:
        return commands.settle(
            connection, Reply(station=STATION, id=command, at_ms=1, outcome=outcome), NOW_MS
        )


def test_what_is_enqueued_is_due_at_once(store: Store, command: str) -> None:
    assert due(store) == [Order(command, STATION, RunDrill(), NOW_MS, NOW_MS + LIFETIME_MS, 0)]


def test_the_oldest_come_first(store: Store) -> None:
    with store.writing() as connection:
        later = commands.enqueue(connection, STATION, Ping(), NOW_MS)
        earlier = commands.enqueue(connection, STATION, Ping(), NOW_MS - 1)
    assert [order.id for order in due(store)] == [earlier, later]
    assert [order.id for order in due(store, limit=1)] == [earlier]


def test_what_was_sent_waits_for_its_next_attempt(store: Store, command: str) -> None:
    with store.writing() as connection:
        commands.mark_sent(connection, [(command, NOW_MS + 2_000)])
    assert due(store, NOW_MS + 1_999) == []
    assert [order.attempts for order in due(store, NOW_MS + 2_000)] == [1]
    with store.reading() as connection:
        assert commands.next_send_at_ms(connection) == NOW_MS + 2_000


def test_a_station_that_comes_back_is_not_kept_waiting(store: Store, command: str) -> None:
    with store.writing() as connection:
        commands.mark_sent(connection, [(command, NOW_MS + 60_000)])
        commands.hasten(connection, ["st-9999"], NOW_MS)
    assert due(store) == []
    with store.writing() as connection:
        commands.hasten(connection, [STATION], NOW_MS)
    assert [order.id for order in due(store)] == [command]


def test_an_answer_ends_it_once(store: Store, command: str) -> None:
    settled = settle(store, command)
    assert settled == commands.Settled(command, STATION, RunDrill(), Outcome.DONE)
    assert settle(store, command) is None
    assert due(store) == []
    with store.reading() as connection:
        assert commands.next_send_at_ms(connection) is None


def test_an_attempt_that_is_noted_after_the_answer_does_not_bring_it_back(store: Store, command: str) -> None:
    settle(store, command)
    with store.writing() as connection:
        commands.mark_sent(connection, [(command, NOW_MS + 1)])
    assert due(store, NOW_MS + 10) == []


def test_nobody_waits_for_ever(store: Store, command: str) -> None:
    assert due(store, NOW_MS + LIFETIME_MS) == []
    with store.writing() as connection:
        assert commands.expire(connection, NOW_MS + LIFETIME_MS - 1) == 0
        assert commands.expire(connection, NOW_MS + LIFETIME_MS) == 1
        assert commands.expire(connection, NOW_MS + LIFETIME_MS) == 0
    assert settle(store, command) is not None, "late, but it was done"
    assert settle(store, command) is None


def test_a_station_that_says_expired_has_answered(store: Store, command: str) -> None:
    assert settle(store, command, Outcome.EXPIRED) is not None
    assert settle(store, command, Outcome.EXPIRED) is None


def test_a_row_in_hand_is_passed_over_instead_of_waited_for(postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        with store.writing() as connection:
            command = commands.enqueue(connection, STATION, Ping(), NOW_MS)
        with store.writing() as holder:
            assert commands.settle(
                holder, Reply(station=STATION, id=command, at_ms=1, outcome=Outcome.DONE), NOW_MS
            )
            with store.writing() as other:
                commands.mark_sent(other, [(command, NOW_MS + 1)])
                commands.hasten(other, [STATION], NOW_MS)
                assert commands.expire(other, NOW_MS + LIFETIME_MS) == 0
        assert due(store, NOW_MS + 10) == []

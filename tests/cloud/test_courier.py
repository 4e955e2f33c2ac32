"""The courier over a real broker: a command is carried until it has its answer, and through every interruption."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select, update

from cloud.clock import now_ms
from cloud.courier import retry_at_ms, run_courier
from cloud.settings import Settings
from cloud.store import commands
from cloud.store.engine import Store
from cloud.store.schema import COMMAND
from tests.cloud.operating import broker_section
from tests.fakes.uplink import FakeUplink
from tests.rig.broker import Broker
from wire.messages import Command, Outcome, Ping, Reply

STATION = "st-0001"


def _settings(broker: Broker) -> Settings:
    return Settings.model_construct(broker=broker_section(broker))


@asynccontextmanager
async def _courier(broker: Broker, store: Store, clock: Callable[[], int] = now_ms) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(run_courier(_settings(broker), store, stop, clock), name="courier")
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def _next_command(uplink: FakeUplink, timeout_s: float = 10) -> Command:
    told = await asyncio.to_thread(uplink.next_told, timeout_s)
    assert isinstance(told, Command)
    return told


def _enqueue(store: Store) -> str:
    with store.writing() as connection:
        identity = commands.enqueue(connection, STATION, Ping(), now_ms())
    store.ring()
    return identity


def _due_again(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(
            update(COMMAND).where(COMMAND.c.outcome.is_(None)).values(next_send_at_ms=now_ms())
        )
    store.ring()


async def test_a_command_arrives_as_it_was_written(broker: Broker, store: Store) -> None:
    async with _courier(broker, store):
        with FakeUplink(broker, STATION) as uplink:
            identity = _enqueue(store)
            command = await _next_command(uplink)
    assert (command.id, command.station, command.body) == (identity, STATION, Ping())
    assert command.expires_at_ms - command.issued_at_ms == commands.LIFETIME_MS


async def test_it_comes_again_until_it_is_answered(broker: Broker, store: Store) -> None:
    async with _courier(broker, store):
        with FakeUplink(broker, STATION) as uplink:
            identity = _enqueue(store)
            for _ in range(3):
                assert (await _next_command(uplink)).id == identity
                await asyncio.sleep(0.2)
                _due_again(store)
            assert (await _next_command(uplink)).id == identity
            with store.writing() as connection:
                reply = Reply(station=STATION, id=identity, at_ms=1, outcome=Outcome.DONE)
                assert commands.settle(connection, reply, now_ms()) is not None
            _due_again(store)
            other = _enqueue(store)
            assert (await _next_command(uplink)).id == other


async def test_a_broker_that_comes_later_is_waited_for(broker: Broker, store: Store) -> None:
    await asyncio.to_thread(broker.kill)
    async with _courier(broker, store):
        identity = _enqueue(store)
        await asyncio.sleep(1)
        await asyncio.to_thread(broker.start)
        with FakeUplink(broker, STATION) as uplink:
            _due_again(store)
            assert (await _next_command(uplink, 20)).id == identity


async def test_what_nobody_answered_in_time_is_settled_as_unanswered(broker: Broker, store: Store) -> None:
    identity = _enqueue(store)
    async with _courier(broker, store, clock=lambda: now_ms() + commands.LIFETIME_MS + 1):
        for _ in range(100):
            with store.reading() as connection:
                outcome = connection.execute(
                    select(COMMAND.c.outcome).where(COMMAND.c.id == identity)
                ).scalar_one()
            if outcome is not None:
                break
            await asyncio.sleep(0.05)
    assert outcome == commands.UNANSWERED


@pytest.mark.parametrize(
    ("attempts", "least_ms", "most_ms"),
    [(0, 2_000, 2_500), (1, 4_000, 5_000), (5, 60_000, 75_000), (50, 60_000, 75_000)],
)
def test_repetitions_back_off_with_a_spread(attempts: int, least_ms: int, most_ms: int) -> None:
    assert retry_at_ms(attempts, 1_000, 0.0) == 1_000 + least_ms
    assert retry_at_ms(attempts, 1_000, 1.0) == 1_000 + most_ms

"""From the outbox to the stations: publishes commands until each has its reply or is too old.

Publishing twice is harmless, since a station does a command once however often it comes; so the courier needs no
memory of its own, several may run, and a crash at any point costs a repetition.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Final

import aiomqtt
import structlog

from cloud.backoff import wait_ms
from cloud.clock import now_ms, pause
from cloud.mqtt import STEP_TIMEOUT_S, new_client
from cloud.settings import Broker, Settings
from cloud.store import commands
from cloud.store.engine import Store
from wire.codec import encode
from wire.messages import Command
from wire.topics import Channel, Topic

_log = structlog.get_logger(__name__)

CLIENT_ID: Final = "courier-0"
"""Common name of the courier's certificate, which the broker's access list knows."""

BATCH: Final = 200
_FIRST_RETRY_MS: Final = 2_000
_LAST_RETRY_MS: Final = 60_000
_IDLE_S: Final = 1.0
_SWEEP_MS: Final = 60_000
_RECONNECT_S: Final = (0.5, 8.0)


async def run_courier(
    settings: Settings, store: Store, stop: asyncio.Event, clock: Callable[[], int] = now_ms
) -> None:
    """Carry commands until `stop` is set; a broker that is away is tried again for ever."""
    delay_s = _RECONNECT_S[0]
    while not stop.is_set():
        try:
            async with _client(settings.broker) as client:
                delay_s = _RECONNECT_S[0]
                await _carry(client, store, clock, stop)
        except aiomqtt.MqttError as error:
            _log.warning("courier.disconnected", error=str(error))
            await pause(stop, delay_s * random.uniform(0.5, 1.0))
            delay_s = min(delay_s * 2, _RECONNECT_S[1])


def retry_at_ms(attempts: int, now_ms: int, spread: float) -> int:
    """Return when a command is sent again after `attempts` earlier ones; `spread` in 0..1 keeps a fleet apart."""
    return now_ms + wait_ms(attempts, _FIRST_RETRY_MS, _LAST_RETRY_MS, spread)


async def _carry(client: aiomqtt.Client, store: Store, clock: Callable[[], int], stop: asyncio.Event) -> None:
    next_sweep_ms = 0
    with store.bell() as bell:
        while not stop.is_set():
            if clock() >= next_sweep_ms:
                next_sweep_ms = clock() + _SWEEP_MS
                await asyncio.to_thread(_sweep, store, clock())
            if not await _send_due(client, store, clock()):
                await asyncio.to_thread(bell.wait, _IDLE_S)


async def _send_due(client: aiomqtt.Client, store: Store, now_ms: int) -> bool:
    """Publish what is due; tell whether there was anything."""
    orders = await asyncio.to_thread(_take, store, now_ms)
    for order in orders:
        command = Command(
            station=order.station,
            id=order.id,
            issued_at_ms=order.issued_at_ms,
            expires_at_ms=order.expires_at_ms,
            body=order.body,
        )
        topic = Topic(order.station, Channel.COMMAND, order.id)
        await client.publish(str(topic), encode(command), qos=1, timeout=STEP_TIMEOUT_S)
    return bool(orders)


def _take(store: Store, now_ms: int) -> Sequence[commands.Order]:
    """Return what is due, noted as sent: a crash before the publish costs the wait until the next attempt."""
    with store.reading() as connection:
        orders = commands.due(connection, now_ms, BATCH)
    if orders:
        with store.writing() as connection:
            commands.mark_sent(
                connection,
                [(order.id, retry_at_ms(order.attempts, now_ms, random.random())) for order in orders],
            )
    return orders


def _sweep(store: Store, now_ms: int) -> None:
    with store.writing() as connection:
        commands.expire(connection, now_ms)


def _client(config: Broker) -> aiomqtt.Client:
    return new_client(config, CLIENT_ID, config.certificate, config.key)

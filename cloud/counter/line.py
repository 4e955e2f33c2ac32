"""The way questions come in and answers go out: one clean session, so that nothing waits for who is not there.

A person waits for each answer. What was asked while nobody listened is asked again by the station, or was given up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import aiomqtt
import structlog

from cloud.mqtt import STEP_TIMEOUT_S, new_client
from cloud.settings import Broker
from wire.asking import Answer, Question
from wire.codec import decode_question, encode
from wire.errors import WireError
from wire.topics import Channel, Topic, parse_topic, question_filter

CLIENT_ID: Final = "counter-0"
"""Common name of the certificate, which the broker's access list knows."""

MAX_AT_ONCE: Final = 200
"""Questions that are being answered; further ones wait for their turn in the connection."""

_RECONNECT_S: Final = (0.5, 8.0)

_log = structlog.get_logger(__name__)


async def listen(
    config: Broker, certificate: Path, key: Path, answer: Callable[[Question], Awaitable[Answer]]
) -> None:
    """Answer until cancelled; a broker that is away is tried again for ever."""
    delay_s = _RECONNECT_S[0]
    while True:
        try:
            async with new_client(config, CLIENT_ID, certificate, key) as client:
                await client.subscribe(question_filter(), qos=1, timeout=STEP_TIMEOUT_S)
                delay_s = _RECONNECT_S[0]
                _log.info("counter.listening")
                await _serve(client, answer)
        except* aiomqtt.MqttError as errors:
            _log.warning("counter.disconnected", error=str(errors.exceptions[0]))
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, _RECONNECT_S[1])


async def _serve(client: aiomqtt.Client, answer: Callable[[Question], Awaitable[Answer]]) -> None:
    turns = asyncio.Semaphore(MAX_AT_ONCE)
    async with asyncio.TaskGroup() as group:
        async for message in client.messages:
            question = _read(message)
            if question is not None:
                await turns.acquire()
                task = group.create_task(_reply(client, question, answer), name="counter-answer")
                task.add_done_callback(lambda _: turns.release())


def _read(message: aiomqtt.Message) -> Question | None:
    payload = message.payload
    try:
        return decode_question(
            parse_topic(message.topic.value), payload if isinstance(payload, bytes) else b""
        )
    except WireError as error:
        _log.warning("counter.unreadable", error=str(error))
        return None


async def _reply(
    client: aiomqtt.Client, question: Question, answer: Callable[[Question], Awaitable[Answer]]
) -> None:
    said = await answer(question)
    topic = Topic(question.station, Channel.ANSWER, question.id)
    try:
        await client.publish(str(topic), encode(said), qos=1, timeout=STEP_TIMEOUT_S)
    except aiomqtt.MqttError as error:
        _log.warning("counter.not_told", error=str(error))

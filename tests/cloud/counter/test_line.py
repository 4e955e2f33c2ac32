"""The counter over a real broker: what a station asks is answered, through everything that breaks in between."""

import asyncio
import queue
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cloud.counter.line import listen
from tests.cloud.operating import broker_section
from tests.fakes.uplink import FakeUplink
from tests.rig.broker import Broker
from wire.asking import Answer, AskRequest, Question, RequestsFound
from wire.codec import encode
from wire.topics import Channel, Topic

STATION = "st-0001"
CODE = "V68M-8BYZ-746J"


@asynccontextmanager
async def _listening(broker: Broker, asked: list[Question]) -> AsyncIterator[None]:
    counter = broker.certificate("counter-0")

    async def answer(question: Question) -> Answer:
        asked.append(question)
        return Answer(station=question.station, id=question.id, body=RequestsFound(requests=[]))

    task = asyncio.create_task(
        listen(broker_section(broker), counter.certificate, counter.key, answer), name="counter"
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


def _ask(uplink: FakeUplink) -> str:
    identity = uuid.uuid4().hex
    question = Question(station=STATION, id=identity, asked_at_ms=1, body=AskRequest(tracking=CODE))
    uplink.publish(str(Topic(STATION, Channel.ASK, identity)), encode(question))
    return identity


async def _answered(uplink: FakeUplink) -> Answer:
    """Ask, as a station does, until there is an answer: nobody may be listening yet."""
    asked: set[str] = set()
    async with asyncio.timeout(20):
        while True:
            asked.add(await asyncio.to_thread(_ask, uplink))
            try:
                told = await asyncio.to_thread(uplink.next_told, 0.5)
            except queue.Empty:
                continue
            assert isinstance(told, Answer)
            assert told.id in asked
            return told


async def test_a_question_is_answered_to_the_station_that_asked(broker: Broker) -> None:
    asked: list[Question] = []
    with FakeUplink(broker, STATION) as uplink, FakeUplink(broker, "st-0002") as other:
        async with _listening(broker, asked):
            assert (await _answered(uplink)).body == RequestsFound(requests=[])
        assert other._told.empty()
    assert {question.station for question in asked} == {STATION}


async def test_what_cannot_be_read_stops_nobody(broker: Broker) -> None:
    asked: list[Question] = []
    with FakeUplink(broker, STATION) as uplink:
        async with _listening(broker, asked):
            await _answered(uplink)
            uplink.publish(str(Topic(STATION, Channel.ASK, "d" * 32)), b"{")
            await _answered(uplink)


async def test_a_broker_that_was_away_is_listened_to_again(broker: Broker) -> None:
    asked: list[Question] = []
    async with _listening(broker, asked):
        with FakeUplink(broker, STATION) as uplink:
            await _answered(uplink)
        broker.stop()
        broker.start()
        with FakeUplink(broker, STATION) as uplink:
            await _answered(uplink)

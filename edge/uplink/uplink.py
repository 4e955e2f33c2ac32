"""The uplink: keeps one connection to the broker and brings the journal's entries over it until each has its receipt."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final

from edge.clock import Clock
from edge.journal.journal import Journal
from edge.journal.records import Pending
from edge.logs import Log
from edge.settings import BrokerSettings
from edge.supervise import Backoff
from edge.uplink.cloud_time import CloudTime
from edge.uplink.commands import CommandDesk, Handler
from edge.uplink.counters import Counters
from edge.uplink.errors import LinkLostError
from edge.uplink.inbox import Inbox
from edge.uplink.link import NO_MATCHING_SUBSCRIBERS, SUCCESS, Link, Will, open_link
from edge.uplink.questions import Questions
from edge.uplink.schedule import Fetch, Parcel, Schedule
from wire.asking import Question
from wire.codec import LooseBatch, encode
from wire.messages import Birth, Death, Heartbeat, Receipt, Reply
from wire.topics import Channel, Lane, Topic, downlink_filter

STALL_MS: Final = 4_000
"""A message without its PUBACK for so long means a half-open link; with a heartbeat every 5 s it is found within 9 s."""
RECONNECT: Final = Backoff(first_s=0.25, limit_s=15.0, jitter=0.5, healthy_after_s=30.0)
PRESS_RECONNECT_S: Final = 0.5
"""With a press waiting the connection is tried again this soon, whatever the back-off says."""

_log: Final = Log(__name__)


class Uplink:
    """One station's way to the cloud. `run` it in one task; everything else is for the same event loop.

    `on_receipt` is told of each receipt before the journal forgets; `on_command` carries a command out; `birth` and
    `heartbeat` say how the station is, at the moment they are called.
    """

    def __init__(
        self,
        settings: BrokerSettings,
        station: str,
        journal: Journal,
        *,
        clock: Clock,
        on_receipt: Callable[[Receipt], Awaitable[None]],
        on_command: Handler,
        birth: Callable[[], Birth],
        heartbeat: Callable[[], Heartbeat],
        heartbeat_interval_s: float = 5.0,
    ) -> None:
        self._settings = settings
        self._station = station
        self._journal = journal
        self._clock = clock
        self._birth = birth
        self._heartbeat = heartbeat
        self._heartbeat_interval_s = heartbeat_interval_s
        self.counters = Counters()
        cloud_time = CloudTime(clock)
        self._desk = CommandDesk(station, journal, clock, cloud_time, on_command, self._send_reply)
        self.questions: Final = Questions(station, clock, self._send_question)
        self._inbox = Inbox(
            station, journal, clock, cloud_time, on_receipt, self._desk, self.questions, self.counters
        )
        self._schedule = Schedule(random.random)
        self._topics = {lane: str(Topic(station, lane)) for lane in Lane}
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        self._link: Link | None = None
        self._last_code = SUCCESS

    @property
    def connected(self) -> bool:
        """The broker has accepted the connection and the subscription."""
        return self._link is not None

    @property
    def last_receipt_at_ms(self) -> int | None:
        """Wall time of the last receipt: the last proof that the whole way works."""
        return self._inbox.last_receipt_at_ms

    async def run(self) -> None:
        """Work until cancelled, then say goodbye to the broker. A journal that is broken ends it with its error."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._desk.run(), name="uplink-commands")
            group.create_task(self._watch_journal(), name="uplink-journal")
            group.create_task(self._stay_connected(), name="uplink-connection")

    async def drain(self, timeout_s: float) -> bool:
        """Wait until every entry has its receipt; False when that takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while any(tally.depth for tally in self._journal.tallies.values()):
                    self._moved.clear()
                    await self._moved.wait()
                return True
        return False

    async def _watch_journal(self) -> None:
        while True:
            await self._journal.wait_for_work()
            self._wake.set()

    async def _stay_connected(self) -> None:
        failures = 0
        while True:
            started_ms = self._clock.uptime_ms()
            try:
                await self._serve()
            except LinkLostError as error:
                lasted_ms = self._clock.uptime_ms() - started_ms
                failures = 1 if lasted_ms >= RECONNECT.healthy_after_s * 1000 else failures + 1
                _log.warning("uplink down", reason=str(error), lasted_ms=lasted_ms, failures=failures)
            await self._pause(RECONNECT.wait_s(failures, random.random()))

    async def _pause(self, wait_s: float) -> None:
        """Wait before the next attempt, but not long while a press waits."""
        begun_s = asyncio.get_running_loop().time()
        with suppress(TimeoutError):
            while True:
                has_press = self._journal.tallies[Lane.SOS].depth > 0
                limit_s = min(wait_s, PRESS_RECONNECT_S) if has_press else wait_s
                async with asyncio.timeout_at(begun_s + limit_s):
                    await self._wake.wait()
                    self._wake.clear()

    async def _serve(self) -> None:
        """Live through one connection; ends with LinkLostError."""
        death = encode(Death(station=self._station, boot=self._journal.boot))
        will = Will(str(Topic(self._station, Channel.DEATH)), death)
        async with open_link(self._settings, self._station, will, self._clock.uptime_ms) as link:
            await link.subscribe(downlink_filter(self._station))
            link.publish(str(Topic(self._station, Channel.BIRTH)), encode(self._birth()), retain=True)
            self._schedule.connected()
            self._link = link
            self.counters.connections += 1
            _log.info("uplink up", connections=self.counters.connections)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._send(link), name="uplink-send")
                    group.create_task(self._listen(link), name="uplink-listen")
                    group.create_task(self._beat(link), name="uplink-beat")
            except ExceptionGroup as errors:
                if errors.split(LinkLostError)[1] is not None:
                    raise
                raise LinkLostError(str(errors.exceptions[0])) from None
            except asyncio.CancelledError:
                # A planned end is told as the last will would tell an unplanned one.
                with suppress(LinkLostError):
                    link.publish(will.topic, will.payload)
                raise
            finally:
                self._link = None

    async def _send(self, link: Link) -> None:
        while True:
            self._wake.clear()
            await self._publish_waiting(link)
            now_ms = self._clock.uptime_ms()
            stall_ms = None if (since := link.unanswered_since_ms) is None else since + STALL_MS
            if stall_ms is not None and stall_ms <= now_ms:
                link.cut()
                raise LinkLostError("the broker does not answer")
            due_ms = min((at for at in (stall_ms, self._schedule.due_ms()) if at is not None), default=None)
            with suppress(TimeoutError):
                async with asyncio.timeout(None if due_ms is None else max(0, due_ms - now_ms) / 1000):
                    await self._wake.wait()

    async def _publish_waiting(self, link: Link) -> None:
        while fetch := self._schedule.next(self._journal.tallies, self._clock.uptime_ms()):
            tally = self._journal.tallies[fetch.lane]
            pending = await self._journal.pending(
                fetch.lane, fetch.after_seq, fetch.max_entries, fetch.max_bytes
            )
            if pending.entries:
                self._publish_batch(link, fetch, pending)
            else:
                self._schedule.found_nothing(fetch, tally)

    def _publish_batch(self, link: Link, fetch: Fetch, pending: Pending) -> None:
        batch = LooseBatch(
            station=self._station,
            journal=self._journal.journal_id,
            boot=pending.boot,
            lane=fetch.lane,
            sent_at_ms=self._clock.wall_ms(),
            entries=list(pending.entries),
        )
        payload = encode(batch)
        now_ms = self._clock.uptime_ms()
        parcel = self._schedule.published(fetch, pending.entries[-1].seq, len(payload), now_ms)
        link.publish(self._topics[fetch.lane], payload, on_ack=partial(self._on_puback, parcel))
        self.counters.batches += 1

    def _on_puback(self, parcel: Parcel, code: int) -> None:
        if code == NO_MATCHING_SUBSCRIBERS:
            self.counters.unheard += 1
        elif code != SUCCESS:
            self.counters.denied += 1
        if code != self._last_code:
            self._last_code = code
            _log.warning("broker's answer changed", code=code, lane=parcel.lane)
        self._schedule.acknowledged(parcel, self._clock.uptime_ms(), delivered=code == SUCCESS)
        self._wake.set()

    async def _listen(self, link: Link) -> None:
        async for topic, payload in link.messages():
            await self._inbox.take(topic, payload)
            self._moved.set()
            self._wake.set()

    async def _beat(self, link: Link) -> None:
        topic = str(Topic(self._station, Channel.HEARTBEAT))
        while True:
            link.publish(topic, encode(self._heartbeat()))
            self._wake.set()
            await asyncio.sleep(self._heartbeat_interval_s * (1 - 0.1 * random.random()))

    def _send_reply(self, reply: Reply) -> None:
        if self._link is not None:
            with suppress(LinkLostError):
                self._link.publish(str(Topic(self._station, Channel.REPLY, reply.id)), encode(reply))

    def _send_question(self, question: Question) -> None:
        if self._link is None:
            raise LinkLostError("question: no connection")
        self._link.publish(str(Topic(self._station, Channel.ASK, question.id)), encode(question))
        self._wake.set()

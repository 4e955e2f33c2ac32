"""What comes down: receipts settle the journal, commands and answers go to their desks, refusals are counted and told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from edge.clock import Clock
from edge.journal.errors import JournalFullError
from edge.journal.journal import Journal
from edge.logs import Log
from edge.uplink.cloud_time import CloudTime
from edge.uplink.commands import CommandDesk
from edge.uplink.counters import Counters
from edge.uplink.questions import Questions
from wire.asking import Answer
from wire.codec import Downlink, decode_downlink
from wire.errors import WireError
from wire.messages import Command, Receipt
from wire.topics import Topic, parse_topic

SHOW_TIMEOUT_S: Final = 5.0
"""For the station's own doing on a receipt: lamp and siren must not hold up the next one."""

_log: Final = Log(__name__)


class Inbox:
    """Reads and sorts the messages of one station, in the order of their arrival."""

    def __init__(
        self,
        station: str,
        journal: Journal,
        clock: Clock,
        cloud_time: CloudTime,
        on_receipt: Callable[[Receipt], Awaitable[None]],
        desk: CommandDesk,
        questions: Questions,
        counters: Counters,
    ) -> None:
        self._station = station
        self._journal = journal
        self._clock = clock
        self._cloud_time = cloud_time
        self._on_receipt = on_receipt
        self._desk = desk
        self._questions = questions
        self._counters = counters
        self.last_receipt_at_ms: int | None = None

    async def take(self, topic: str, payload: bytes) -> None:
        """Do what one message asks for; what cannot be read is counted and dropped. Only a broken journal raises."""
        try:
            message = decode_downlink(self._own(parse_topic(topic)), payload)
        except WireError as error:
            self._counters.unreadable += 1
            _log.warning("message unreadable", reason=str(error))
        else:
            await self._sort(message)

    def _own(self, topic: Topic) -> Topic:
        if topic.station != self._station:
            raise WireError("topic: another station's")
        return topic

    async def _sort(self, message: Downlink) -> None:
        if isinstance(message, Receipt):
            if message.journal == self._journal.journal_id:
                await self._settle(message)
        elif isinstance(message, Command):
            self._desk.offer(message)
        elif isinstance(message, Answer):
            self._questions.take(message)
        else:
            self._counters.refusals += 1
            _log.error("batch refused by the cloud", reason=message.reason, digest=message.digest)

    async def _settle(self, receipt: Receipt) -> None:
        self._counters.receipts += 1
        self.last_receipt_at_ms = self._clock.wall_ms()
        self._cloud_time.learn(receipt.committed_at_ms)
        await self._show(receipt)
        try:
            settled = await self._journal.settle(receipt)
        except JournalFullError:
            _log.error("entries not forgotten: they will be sent again", lane=receipt.lane)
            return
        for one in settled.aside:
            _log.error("entry set aside", lane=receipt.lane, seq=one.seq, reason=one.reason)

    async def _show(self, receipt: Receipt) -> None:
        try:
            async with asyncio.timeout(SHOW_TIMEOUT_S):
                await self._on_receipt(receipt)
        except Exception:  # noqa: BLE001 - a lamp that fails must not keep the journal from being settled
            _log.exception("receipt not shown")

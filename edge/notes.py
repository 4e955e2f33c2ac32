"""What the station has to say of itself, on its way into lane `event` of the journal.

Whoever notices something must not wait for the disk, so notes are queued; the queue is bounded and a note that does not
fit any more is dropped and logged: it is about devices, never about a press.
"""

import asyncio
from typing import Final

from edge.clock import Clock
from edge.journal.errors import JournalBrokenError, JournalError
from edge.journal.journal import Journal
from edge.logs import Log
from wire.entries import AnyBody
from wire.topics import Lane

MAX_NOTES: Final = 256

_log: Final = Log(__name__)


class Notes:
    """Queues bodies of lane `event`; run `run` under `supervise`."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._queue: asyncio.Queue[tuple[AnyBody, int, int]] = asyncio.Queue(MAX_NOTES)

    def add(self, body: AnyBody) -> None:
        """Take a note with the times of now; never waits."""
        try:
            self._queue.put_nowait((body, self._clock.wall_ms(), self._clock.uptime_ms()))
        except asyncio.QueueFull:
            _log.error("note dropped", kind=type(body).__name__)

    async def run(self) -> None:
        """Write the notes, one after the other."""
        while True:
            body, at_ms, uptime_ms = await self._queue.get()
            try:
                await self._journal.append(Lane.EVENT, body, at_ms=at_ms, uptime_ms=uptime_ms)
            except JournalBrokenError:
                raise
            except JournalError as error:
                _log.error("note dropped", kind=type(body).__name__, reason=error)

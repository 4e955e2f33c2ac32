"""Numbers over time for lane `telemetry`: charge and signal of instruments, and how many measurements were made.

Counts and device values only; what a person measured never comes here.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from edge.clock import Clock
from edge.journal.errors import JournalBrokenError, JournalError
from edge.journal.journal import Journal
from edge.logs import Log
from wire.entries import Reading
from wire.topics import Lane

INTERVAL_S: Final = 60.0

_log: Final = Log(__name__)


class Telemetry:
    """Asks `source` for what stands at the moment; run `run` under `supervise`."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        source: Callable[[], Iterable[Reading]],
        *,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._source = source
        self._interval_s = interval_s

    async def run(self) -> None:
        """Write all numbers at every interval; a full disk costs a point on a chart."""
        while True:
            await asyncio.sleep(self._interval_s)
            at_ms, uptime_ms = self._clock.wall_ms(), self._clock.uptime_ms()
            try:
                for reading in self._source():
                    await self._journal.append(Lane.TELEMETRY, reading, at_ms=at_ms, uptime_ms=uptime_ms)
            except JournalBrokenError:
                raise
            except JournalError as error:
                _log.warning("numbers dropped", reason=error)

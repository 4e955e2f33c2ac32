"""Watches that the daemon really works, and only then tells systemd that it is alive.

A zombie answers timers. So before each sign of life a question goes through the journal's writer to the disk and back,
and no press may have been waiting there; when that fails the watchdog is left hungry, and systemd starts the daemon anew.
"""

import asyncio
from typing import Final

from edge.drivers.board import BoardDriver
from edge.journal.errors import JournalError, JournalFullError
from edge.journal.journal import Journal
from edge.logs import Log
from edge.sd_notify import Notifier
from edge.uplink.uplink import Uplink
from wire.topics import Lane

WATCH_INTERVAL_S: Final = 5.0
"""When systemd does not say how often; a third of its limit otherwise."""
PROBE_TIMEOUT_S: Final = 10.0
STUCK_MS: Final = 10_000
"""An event that waits for the disk this long: the SOS path is broken."""

_NO_COMMAND: Final = "0" * 32

_log: Final = Log(__name__)


class Watch:
    """Run `run` under `supervise`."""

    def __init__(self, notifier: Notifier, journal: Journal, board: BoardDriver, uplink: Uplink) -> None:
        self._notifier = notifier
        self._journal = journal
        self._board = board
        self._uplink = uplink
        self._interval_s = notifier.watchdog_s / 3 if notifier.watchdog_s else WATCH_INTERVAL_S

    async def run(self) -> None:
        """Look at every interval, for ever."""
        while True:
            reason = await self.look()
            if reason is None:
                self._notifier.alive()
            else:
                _log.error("no progress", reason=reason)
            self._notifier.status(reason or self._summary())
            await asyncio.sleep(self._interval_s)

    async def look(self) -> str | None:
        """Return what hangs, or None while all goes on; a full disk heals itself, a restart would not help it."""
        if self._board.recording_ms > STUCK_MS:
            return "events of the board wait for the disk"
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                await self._journal.seen_command(_NO_COMMAND)
        except TimeoutError:
            return "the journal's writer does not answer"
        except JournalFullError:
            return None
        except JournalError as error:
            return str(error)
        return None

    def _summary(self) -> str:
        link = "connected" if self._uplink.connected else "not connected"
        board = self._board.device.health.state
        waiting = self._journal.tallies[Lane.SOS].depth
        return f"uplink {link}, board {board}, {waiting} presses wait for their receipt"

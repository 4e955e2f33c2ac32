"""Whether the screen lives: its page says so every few seconds, and one that does not is lost, and started anew."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from edge.clock import Clock
from edge.drivers.device import Device
from edge.drivers.program import ProgramError, run_program
from edge.kiosk.revival import Revival
from edge.logs import Log
from wire.entries import DeviceChanged

SILENT_S: Final = 30
CHECK_INTERVAL_S: Final = 1.0
RESTART_LIMIT_S: Final = 30.0
"""`systemctl restart` waits until the browser that hangs is gone."""
MAX_SAID_BYTES: Final = 64 << 10

_log: Final = Log(__name__)


class Screen:
    """The screen as a device of the station. Run `run` beside the server.

    `restart` is the program, with its arguments, that starts the browser anew; empty: nobody does. `silent_s` without
    a sign of life, and the screen is lost.
    """

    def __init__(
        self,
        clock: Clock,
        note: Callable[[DeviceChanged], None],
        restart: Sequence[str] = (),
        silent_s: int = SILENT_S,
    ) -> None:
        self._clock = clock
        self._device = Device("screen", clock, note)
        self._restart = restart
        self._silent_ms = silent_s * 1000
        self._beat_ms = clock.uptime_ms()
        self._revival = Revival()

    @property
    def device(self) -> Device:
        """The screen's health."""
        return self._device

    def beat(self, page: str) -> None:
        """Take the sign of life of a page."""
        self._beat_ms = self._clock.uptime_ms()
        self._revival.lives(self._beat_ms)
        self._device.ok(f"shows {page}" if page else "")

    def check(self) -> bool:
        """Call it lost when it has been silent for too long; tell whether it is to be started anew now."""
        now_ms = self._clock.uptime_ms()
        if now_ms - self._beat_ms < self._silent_ms:
            return False
        is_due = bool(self._restart) and self._revival.is_due(now_ms)
        tries = self._revival.tries
        self._device.lost("its page says nothing" + (f"; restarts: {tries}" if tries else ""))
        return is_due

    async def run(self) -> None:
        """Look again and again."""
        while True:
            if self.check():
                await self._revive()
            await asyncio.sleep(CHECK_INTERVAL_S)

    async def _revive(self) -> None:
        """Start the browser anew; what comes of it is seen by its beats."""
        _log.warning("screen is restarted", times=self._revival.tries)
        try:
            await run_program(self._restart, b"", limit_s=RESTART_LIMIT_S, max_bytes=MAX_SAID_BYTES)
        except ProgramError as error:
            _log.error("screen not restarted", reason=str(error))

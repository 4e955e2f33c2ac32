"""Whether the screen lives: its page says so every few seconds, and a page that does not is a lost device."""

import asyncio
from collections.abc import Callable
from typing import Final

from edge.clock import Clock
from edge.drivers.device import Device
from wire.entries import DeviceChanged

SILENT_MS: Final = 30_000
CHECK_INTERVAL_S: Final = 1.0


class Screen:
    """The screen as a device of the station. Run `run` beside the server."""

    def __init__(self, clock: Clock, note: Callable[[DeviceChanged], None]) -> None:
        self._clock = clock
        self._device = Device("screen", clock, note)
        self._beat_ms = clock.uptime_ms()

    @property
    def device(self) -> Device:
        """The screen's health."""
        return self._device

    def beat(self, page: str) -> None:
        """Take the sign of life of a page."""
        self._beat_ms = self._clock.uptime_ms()
        self._device.ok(f"shows {page}" if page else "")

    def check(self) -> None:
        """Call it lost when it has been silent for too long."""
        if self._clock.uptime_ms() - self._beat_ms >= SILENT_MS:
            self._device.lost("its page says nothing")

    async def run(self) -> None:
        """Look again and again."""
        while True:
            self.check()
            await asyncio.sleep(CHECK_INTERVAL_S)

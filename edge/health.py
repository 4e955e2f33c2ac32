"""How the daemon is: what Birth and Heartbeat tell, and whether it makes progress at all."""

import asyncio
import os
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Final

from edge.clock import Clock
from edge.journal.journal import Journal
from edge.settings import Settings
from wire.messages import MAX_DEVICES, Birth, DeviceHealth, Heartbeat

LAG_INTERVAL_S: Final = 1.0
"""How often the loop is asked whether it is late."""


def release() -> str:
    """Return what this daemon is, as `DaemonStarted` and `Birth` name it."""
    try:
        return version("tcds")
    except PackageNotFoundError:
        return "source"


class Health:
    """Collects what the station says of itself; run `measure_lag` under `supervise`."""

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        clock: Clock,
        *,
        devices: Callable[[], Iterable[DeviceHealth]],
        last_receipt_at_ms: Callable[[], int | None],
    ) -> None:
        self._station = settings.station.id
        self._directory = settings.journal.path.parent
        self._journal = journal
        self._clock = clock
        self._devices = devices
        self._last_receipt_at_ms = last_receipt_at_ms
        self._lag_ms = 0
        self._release = release()

    async def measure_lag(self) -> None:
        """Keep the worst lateness of the loop since the last heartbeat."""
        while True:
            due_ms = self._clock.uptime_ms() + round(LAG_INTERVAL_S * 1000)
            await asyncio.sleep(LAG_INTERVAL_S)
            self._lag_ms = max(self._lag_ms, self._clock.uptime_ms() - due_ms)

    def birth(self) -> Birth:
        """Return what the station says when it has connected."""
        return Birth(
            station=self._station,
            journal=self._journal.journal_id,
            boot=self._clock.boot,
            at_ms=self._clock.wall_ms(),
            release=self._release,
            devices=list(islice(self._devices(), MAX_DEVICES)),
        )

    def heartbeat(self) -> Heartbeat:
        """Return how the station is now; the loop's lag counts anew from here."""
        lag_ms, self._lag_ms = self._lag_ms, 0
        return Heartbeat(
            station=self._station,
            boot=self._clock.boot,
            at_ms=self._clock.wall_ms(),
            uptime_ms=self._clock.uptime_ms(),
            loop_lag_ms=max(0, lag_ms),
            disk_free_bytes=self._free_bytes(),
            reserve_used=self._journal.reserve_used,
            last_receipt_at_ms=self._last_receipt_at_ms(),
            lanes=self._journal.health(),
            devices=list(islice(self._devices(), MAX_DEVICES)),
        )

    def _free_bytes(self) -> int:
        disk = os.statvfs(self._directory)
        return disk.f_bavail * disk.f_frsize

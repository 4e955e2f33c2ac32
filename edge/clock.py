"""The two clocks of a station, as one thing that can be handed over and, in a test, be set.

`wall_ms` is what people read and may jump; `uptime_ms` only ever grows and measures every interval. Both are in
milliseconds. `boot` names the start of the machine from which `uptime_ms` counts: two entries of one boot can be
compared by their uptimes, also when the daemon was restarted between them.
"""

import time
import uuid
from pathlib import Path
from typing import Final, Protocol

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """Wall time, monotonic time and the boot that the latter counts from."""

    boot: str

    def wall_ms(self) -> int:
        """Milliseconds since 1970 UTC, right or wrong."""

    def uptime_ms(self) -> int:
        """Milliseconds since the boot, sleep included."""


class SystemClock:
    """The machine's clocks (Linux: CLOCK_REALTIME, CLOCK_BOOTTIME, random/boot_id)."""

    def __init__(self) -> None:
        self.boot = _boot_id()

    def wall_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    def uptime_ms(self) -> int:
        """Milliseconds since the machine started."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def _boot_id() -> str:
    """32 hex digits; a random id where the kernel tells none, so that uptimes are never compared wrongly."""
    try:
        return uuid.UUID(_BOOT_ID.read_text(encoding="ascii").strip()).hex
    except (OSError, ValueError):
        return uuid.uuid4().hex

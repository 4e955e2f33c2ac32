"""The times that a simulated hospital has left."""

import datetime as dt
from collections.abc import Collection
from typing import Final

SLOT_MS: Final = 30 * 60_000
SLOTS: Final = 4
FIRST_HOUR: Final = 8
DAYS_AHEAD: Final = 2
_HANOI: Final = dt.timezone(dt.timedelta(hours=7))

Span = tuple[int, int]
"""[start, end], ms since 1970 UTC."""


def free_slots(now_ms: int, taken: Collection[Span | None]) -> list[Span]:
    """Return the first times that nobody has, beginning on the morning of the day after tomorrow."""
    day = dt.datetime.fromtimestamp(now_ms / 1000, _HANOI) + dt.timedelta(days=DAYS_AHEAD)
    start_ms = int(day.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0).timestamp()) * 1000
    free: list[Span] = []
    while len(free) < SLOTS:
        slot = (start_ms, start_ms + SLOT_MS)
        if slot not in taken:
            free.append(slot)
        start_ms += SLOT_MS
    return free

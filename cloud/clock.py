"""The cloud's wall clock; whoever decides something takes it as an argument."""

import time


def now_ms() -> int:
    """Return milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000

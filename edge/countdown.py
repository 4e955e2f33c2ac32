"""Whole seconds that are left, and when the next one is over. Pure; times are milliseconds of one monotonic clock."""


def seconds_left(until_ms: int, now_ms: int) -> int:
    """Return the whole seconds of a countdown, never 0 before it is over."""
    return max(0, -((now_ms - until_ms) // 1000))


def next_second_ms(until_ms: int, now_ms: int) -> int:
    """Return when `seconds_left` next changes."""
    return until_ms - max(0, seconds_left(until_ms, now_ms) - 1) * 1000

"""When an errand is tried again, and when another system is asked for news. Pure; `spread` in 0..1 keeps many apart."""

from typing import Final

from cloud.backoff import wait_ms

MAX_ATTEMPTS: Final = 20
"""With the pauses between them, some twelve hours: a night's maintenance passes, a wrong address becomes visible."""

FIRST_RETRY_MS: Final = 5_000
LAST_RETRY_MS: Final = 3_600_000
FIRST_POLL_MS: Final = 60_000
LAST_POLL_MS: Final = 3_600_000
_SHARE: Final = 20
"""Asked again after this part of the time since something last happened: soon at first, then less and less."""


def retry_at_ms(attempts: int, now_ms: int, spread: float, *, is_final: bool = False) -> int | None:
    """Return when to try again after `attempts` (1 or more) that failed; None when it is time to give up."""
    if is_final or attempts >= MAX_ATTEMPTS:
        return None
    return now_ms + wait_ms(attempts - 1, FIRST_RETRY_MS, LAST_RETRY_MS, spread)


def poll_at_ms(changed_at_ms: int, now_ms: int, spread: float, first_ms: int = FIRST_POLL_MS) -> int:
    """Return when to ask again for a request that last changed at `changed_at_ms`: in `first_ms` at the earliest."""
    quiet_ms = max(first_ms, (now_ms - changed_at_ms) // _SHARE)
    return now_ms + wait_ms(0, quiet_ms, LAST_POLL_MS, spread)

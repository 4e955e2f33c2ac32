"""When a message is tried again, and when it is held back. Pure."""

from types import MappingProxyType
from typing import Final

from cloud.sos.plan import Channel

MAX_ATTEMPTS: Final = 8
_FIRST_RETRY_MS: Final = 1_000
_LAST_RETRY_MS: Final = 30_000

MIN_GAP_MS: Final = MappingProxyType({Channel.SMS: 30_000, Channel.PUSH: 5_000})
"""Between two messages to the same target; a telephone that never stops is put into a drawer."""


def retry_at_ms(attempts: int, now_ms: int, *, is_final: bool = False) -> int | None:
    """Return when to try again after `attempts` that failed; None when it is time to give up."""
    if is_final or attempts >= MAX_ATTEMPTS:
        return None
    return now_ms + min(_FIRST_RETRY_MS << (attempts - 1), _LAST_RETRY_MS)


def hold_until_ms(
    channel: Channel, target_sent_at_ms: int | None, now_ms: int, *, is_first: bool
) -> int | None:
    """Return until when a message waits because its target has just had one; None when it may go.

    The first message of an incident to its target is never held back.
    """
    gap_ms = MIN_GAP_MS.get(channel, 0)
    if is_first or target_sent_at_ms is None or target_sent_at_ms + gap_ms <= now_ms:
        return None
    return target_sent_at_ms + gap_ms

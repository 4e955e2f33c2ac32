"""When a provider is asked about an order itself, because its notice may be lost: soon at first, then ever more rarely.

The bank is never asked about one order: its statement comes as a whole.
"""

from typing import Final

from cloud.payments.money import Provider
from cloud.payments.order import Order

FIRST_MS: Final = 15_000
LONGEST_MS: Final = 30 * 60_000
AFTER_END_MS: Final = 24 * 3_600_000
"""So long after its end an old code may still be paid; what comes later is found at the end of a day."""

_SHARE: Final = 4


def asked_providers(order: Order) -> tuple[Provider, ...]:
    """Return whom to ask: those whose way to pay somebody saw."""
    return tuple(provider for provider in order.shown if provider is not Provider.BANK)


def next_poll_ms(order: Order, now_ms: int) -> int | None:
    """Return when to ask next (ms UTC); None: nothing is expected any more, or there is nobody to ask.

    A closed order is asked for as well: whoever saw its code may pay it.
    """
    if order.is_settled or not asked_providers(order) or now_ms >= order.expires_at_ms + AFTER_END_MS:
        return None
    age_ms = max(0, now_ms - order.created_at_ms)
    return now_ms + min(LONGEST_MS, max(FIRST_MS, age_ms // _SHARE))

"""One subject, several orders: whichever is paid first settles it, and what comes for the others is owed back.

A person may walk away from one QR code, take another, and pay both. An order that is abandoned blocks nobody.
"""

from collections.abc import Sequence
from typing import Final

from cloud.payments.change import Change, close, take
from cloud.payments.notice import Taken
from cloud.payments.order import Order

PAID_ELSEWHERE: Final = "paid-elsewhere"


def book(orders: Sequence[Order], identity: str, taken: Taken, now_ms: int) -> list[Change]:
    """Book money to the order `identity` of `orders`, which are all of its subject; return what changes, in order.

    Nothing when the money is known already. RefusedError CONTRADICTS as `take` has it.
    """
    (order,) = (order for order in orders if order.id == identity)
    others = [other for other in orders if other.id != identity and not other.is_settled]
    changes = []
    if len(others) + 1 < len(orders) and not order.is_settled:
        changes += _closed([order])
        order = changes[-1].order if changes else order
    change = take(order, taken, now_ms)
    if change is None:
        return []
    return [*changes, change, *(_closed(others) if change.settles else [])]


def _closed(orders: Sequence[Order]) -> list[Change]:
    changes = (close(order, PAID_ELSEWHERE) for order in orders)
    return [change for change in changes if change is not None]

"""Orders of payment in a store, for tests: opened, paid, sent back."""

from typing import Any

from cloud.payments.ledger import Account, Place, at
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey, Source, Taken
from cloud.payments.order import Order
from cloud.store import payment_books, payment_notices, payment_refunds, payments
from cloud.store.engine import Store
from cloud.store.payment_notices import Booked
from cloud.store.payments import NewOrder
from tests.cloud.samples import NOW_MS, STATION

AMOUNT_DONG = 75_000
LIFE_MS = 15 * 60_000
END_MS = NOW_MS + LIFE_MS


def asked(number: int = 1, **changed: Any) -> NewOrder:
    """Return what is to be paid; orders of the same `subject` are for the same thing."""
    fields: dict[str, Any] = {
        "id": f"{number:032x}",
        "subject": f"request-{number}",
        "purpose": "residence-fee",
        "station": STATION,
        "amount_dong": AMOUNT_DONG,
        "life_ms": LIFE_MS,
    }
    return NewOrder(**fields | changed)


def opened(store: Store, number: int = 1, *, now_ms: int = NOW_MS, **changed: Any) -> Order:
    """Open an order."""
    with store.writing() as connection:
        return payments.open_payment(connection, asked(number, **changed), now_ms)


def money(
    order: Order | None,
    txn: str = "t1",
    amount_dong: int = AMOUNT_DONG,
    *,
    provider: Provider = Provider.BANK,
    source: Source = Source.NOTIFIED,
) -> Taken:
    """Return money for an order, or for none."""
    return Taken(
        key=PaymentKey(provider, txn),
        reference=None if order is None else order.reference,
        amount_dong=amount_dong,
        taken_at_ms=NOW_MS + 60_000,
        source=source,
    )


def booked(store: Store, taken: Taken, now_ms: int = NOW_MS + 61_000) -> Booked:
    """Book money."""
    with store.writing() as connection:
        return payment_notices.book(connection, taken, now_ms)


def read(store: Store, order: Order) -> Order:
    """Read an order anew."""
    with store.reading() as connection:
        return payments.require_payment(connection, order.id)


def sent_back(store: Store, order: Order, key: PaymentKey, now_ms: int = NOW_MS + 70_000) -> Order:
    """Order a refund."""
    with store.writing() as connection:
        return payment_refunds.send_back(connection, order.id, key, now_ms)


def ended(
    store: Store, order: Order, key: PaymentKey, refund: str, *, is_done: bool = True, now_ms: int = NOW_MS
) -> Order:
    """End a refund."""
    with store.writing() as connection:
        return payment_refunds.end_refund(connection, order.id, key, refund, now_ms, is_done=is_done)


def places(store: Store) -> dict[Place, int]:
    """Return how much the ledger has at each place; it must sum to zero."""
    with store.reading() as connection:
        folded: dict[Account, int] = payment_books.ledger(connection)
    assert sum(folded.values()) == 0
    return {place: at(folded, place) for place in Place}

"""The till's rounds: orders whose time is over, questions to providers whose notice is missing, refunds, the day's end.

Between a provider and the store stands only this: the store has the key of whatever is asked before it is asked, and what
is heard is booked by the provider's own number, so a round that was cut off anywhere is simply made again.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import structlog

from cloud.clock import pause
from cloud.connectors.cashier import Cashier
from cloud.connectors.errors import ConnectorError
from cloud.payments.money import Provider
from cloud.payments.notice import Movement, Outcome, PaymentKey, RefundReply, Taken
from cloud.payments.order import Order
from cloud.payments.polling import asked_providers
from cloud.payments.reconcile import Item, Reconciliation, reconcile
from cloud.payments.vietnam_time import day_ms
from cloud.store import payment_books, payment_notices, payment_refunds, payments
from cloud.store.engine import Store
from cloud.store.errors import StoreError
from cloud.store.payment_refunds import Sending

MAX_ORDERS: Final = 50
"""So many orders are looked at in one round of each kind."""

ROUND_S: Final = 5.0
_JITTER: Final = (0.8, 1.2)

_log = structlog.get_logger(__name__)


class Round(NamedTuple):
    """What one round did."""

    expired: int
    found: int
    sent_back: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One provider's statement: all that it lists, and the money of it that came."""

    moved: Sequence[Movement]
    came: Sequence[Taken]


class Till:
    """The rounds over one store; `clock` gives ms since 1970 UTC."""

    def __init__(self, store: Store, cashiers: Mapping[Provider, Cashier], clock: Callable[[], int]) -> None:
        self._store = store
        self._cashiers = cashiers
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Go round every few seconds until `stop` is set, whatever happens."""
        while not stop.is_set():
            try:
                await self.go_round()
            except StoreError as error:
                _log.error("till.interrupted", error=str(error))
            except Exception:  # noqa: BLE001  # the next round must come
                _log.exception("till.fault")
            await pause(stop, ROUND_S * random.uniform(*_JITTER))

    async def go_round(self) -> Round:
        """Do what is due now: one provider's trouble keeps nobody else waiting."""
        expired = await asyncio.to_thread(self._expire)
        asked = await self._ask()
        sent = await self._send_back()
        unanswered = [*asked, *sent].count(None)
        return Round(expired, asked.count(True), sent.count(True), unanswered)

    def book(self, taken: Taken) -> Outcome:
        """Book what a notice tells: what routes hand to the providers' `handle_notice`. Blocks; StoreError."""
        with self._store.writing() as connection:
            outcome, order = payment_notices.book(connection, taken, self._clock())
        self._store.ring()
        _log.info("till.booked", outcome=outcome.value, provider=taken.key.provider.value, order=order.id)
        return outcome

    def close_day(self, day: date, statements: Sequence[Statement]) -> Reconciliation:
        """Book what only statements tell of, then compare the three sides of a day in Vietnam. Blocks; StoreError."""
        moved = [movement for statement in statements for movement in statement.moved]
        for statement in statements:
            for taken in statement.came:
                self.book(taken)
        self._end_listed({movement.key: movement for movement in moved})
        with self._store.reading() as connection:
            ours = payment_books.sides_of(connection, *day_ms(day))
        return reconcile(*ours, [Item(movement.key, movement.amount_dong) for movement in moved])

    def _end_listed(self, moved: Mapping[PaymentKey, Movement]) -> None:
        """End the refunds that a statement lists with their key and amount."""
        for sending in self._on_their_way():
            refund, provider = sending.payment.refund, sending.payment.key.provider
            listed = None if refund is None else moved.get(PaymentKey(provider, refund.id))
            if listed is not None and refund is not None and listed.amount_dong == -refund.amount_dong:
                self._end(sending, is_done=True, moved_at_ms=listed.at_ms)

    def _expire(self) -> int:
        with self._store.writing() as connection:
            return payments.expire_payments(connection, self._clock(), MAX_ORDERS)

    async def _ask(self) -> list[bool | None]:
        """Ask about orders; for each question whether money was found, None when no answer came."""
        orders = await asyncio.to_thread(self._take_polls)
        asking = [
            self._ask_one(self._cashiers[provider], order)
            for order in orders
            for provider in asked_providers(order)
            if provider in self._cashiers
        ]
        return list(await asyncio.gather(*asking))

    def _take_polls(self) -> list[Order]:
        now_ms = self._clock()
        with self._store.writing() as connection:
            orders = payment_books.polls_due(connection, now_ms, MAX_ORDERS)
            payment_books.note_polls(connection, orders, now_ms)
        return orders

    async def _ask_one(self, cashier: Cashier, order: Order) -> bool | None:
        try:
            taken = await cashier.ask(order, self._clock())
        except ConnectorError as error:
            _log.warning("till.no_answer", order=order.id, error=str(error))
            return None
        if taken is not None:
            await asyncio.to_thread(self.book, taken)
        return taken is not None

    async def _send_back(self) -> list[bool | None]:
        """Ask for refunds that are on their way; for each whether it ended, None when no answer came."""
        sendings = await asyncio.to_thread(self._on_their_way)
        sending = [
            self._send_one(self._cashiers[each.payment.key.provider], each)
            for each in sendings
            if each.payment.key.provider in self._cashiers
        ]
        return list(await asyncio.gather(*sending))

    def _on_their_way(self) -> list[Sending]:
        found: list[Sending] = []
        after = ""
        while True:
            with self._store.reading() as connection:
                page = payment_refunds.on_their_way(connection, MAX_ORDERS, after=after)
            if not page:
                return found
            found += page
            after = page[-1].order.id

    async def _send_one(self, cashier: Cashier, sending: Sending) -> bool | None:
        try:
            reply = await cashier.give_back(sending.order, sending.payment, self._clock())
        except ConnectorError as error:
            _log.warning("till.no_answer", order=sending.order.id, error=str(error))
            return None
        if reply is not RefundReply.PENDING:
            await asyncio.to_thread(self._end, sending, is_done=reply is RefundReply.DONE)
        return reply is not RefundReply.PENDING

    def _end(self, sending: Sending, *, is_done: bool, moved_at_ms: int | None = None) -> None:
        refund = sending.payment.refund
        assert refund is not None
        identity, key = sending.order.id, sending.payment.key
        with self._store.writing() as connection:
            payment_refunds.end_refund(
                connection,
                identity,
                key,
                refund.id,
                self._clock(),
                is_done=is_done,
                moved_at_ms=moved_at_ms,
            )
        self._store.ring()

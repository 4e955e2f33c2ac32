"""What follows when money has come: the request hears of it, whoever bills is told, and what was paid in vain is owed back.

Each step reads what is still to be done, does it, and writes that it is done; whoever dies in between does it again, and
nothing happens twice: a request knows the order, whoever bills knows the key, an order is given up once.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from catalogue.model import Catalogue
from cloud.backoff import wait_ms
from cloud.clock import pause
from cloud.connectors.biller import Biller, Payment
from cloud.connectors.errors import ConnectorError
from cloud.connectors.port import NotTakenError
from cloud.payments.money import Provider
from cloud.requests.errors import RefusedError
from cloud.requests.offices import Offices
from cloud.requests.request import SYSTEM, Action, Verb
from cloud.store import payment_for, payment_refunds, payments, requests
from cloud.store.engine import Store
from cloud.store.errors import StoreError
from cloud.store.payment_for import Due

BATCH: Final = 50
IDLE_S: Final = 1.0
FIRST_RETRY_MS: Final = 5_000
LAST_RETRY_MS: Final = 15 * 60_000
NOT_DONE: Final = "not-done"
"""Why an order was given up."""

_log = structlog.get_logger(__name__)


class Clearing:
    """The rounds. What is owed from the bank account an operator sends back."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        offices: Offices,
        billers: Mapping[str, Biller],
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._offices = offices
        self._billers = billers
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Go round whenever the store's bell rings, and now and then, until `stop` is set."""
        with self._store.bell() as bell:
            while not stop.is_set():
                try:
                    await self.go_round()
                except StoreError as error:
                    _log.warning("clearing.interrupted", error=str(error))
                except Exception as error:  # noqa: BLE001  the next round must come; a traceback could hold a customer's code
                    _log.error("clearing.fault", error=type(error).__name__)
                await asyncio.to_thread(bell.wait, IDLE_S)
                await pause(stop, 0.1)

    async def go_round(self) -> int:
        """Do what is due now; return how many steps."""
        told = await asyncio.to_thread(self._tell_requests)
        cleared = [await self._clear(due) for due in await asyncio.to_thread(self._to_clear)]
        given_up = await asyncio.to_thread(self._give_up)
        return told + sum(cleared) + given_up

    def _tell_requests(self) -> int:
        with self._store.reading() as connection:
            dues = payment_for.paid(connection, BATCH)
        for due in dues:
            self._act(due, Verb.PAY, order=due.order.id)
        return len(dues)

    def _to_clear(self) -> list[Due]:
        with self._store.reading() as connection:
            return payment_for.to_clear(connection, self._clock(), BATCH)

    async def _clear(self, due: Due) -> bool:
        """Tell whoever bills; True when that is over, well or not."""
        service = self._catalogue.services.get(due.pays.service)
        biller = None if service is None else self._billers.get(service.connector)
        paid_at_ms = due.order.settled_at_ms
        if biller is None or due.pays.account is None or due.pays.bill is None or paid_at_ms is None:
            await asyncio.to_thread(self._later, due)
            return False
        payment = Payment(
            key=due.order.id,
            account=due.pays.account,
            bill=due.pays.bill,
            amount_dong=due.order.amount_dong,
            paid_at_ms=paid_at_ms,
        )
        try:
            settled = await biller.settle(payment)
        except NotTakenError as error:
            _log.error("clearing.declined", order=due.order.id, reason=error.reason)
            await asyncio.to_thread(self._act, due, Verb.DECLINE, reason=error.reason)
        except ConnectorError as error:
            _log.warning("clearing.no_answer", order=due.order.id, error=str(error))
            await asyncio.to_thread(self._later, due)
            return False
        else:
            await asyncio.to_thread(self._cleared, due, settled.receipt, settled.invoice)
        return True

    def _cleared(self, due: Due, receipt: str, invoice: str) -> None:
        """Keep the numbers in any case: what was declined meanwhile is cleared all the same, and not owed back."""
        action = Action(verb=Verb.FINISH, by=SYSTEM, key=f"cleared-{due.order.id}")
        with self._store.writing() as connection:
            payment_for.mark_cleared(connection, due.order.id, receipt, invoice)
            try:
                requests.act(connection, due.pays.request, action, self._offices, self._clock())
            except RefusedError as error:
                _log.error("clearing.cleared_after_all", request=due.pays.request, why=error.code.value)
        self._store.ring()

    def _later(self, due: Due) -> None:
        at_ms = self._clock() + wait_ms(due.pays.attempts, FIRST_RETRY_MS, LAST_RETRY_MS, random.random())
        with self._store.writing() as connection:
            payment_for.try_again(connection, due.order.id, due.pays.attempts + 1, at_ms)

    def _act(self, due: Due, verb: Verb, *, order: str | None = None, reason: str | None = None) -> None:
        action = Action(verb=verb, by=SYSTEM, key=f"{verb}-{due.order.id}", order=order, reason=reason)
        try:
            with self._store.writing() as connection:
                requests.act(connection, due.pays.request, action, self._offices, self._clock())
        except RefusedError as error:
            _log.warning("clearing.refused", request=due.pays.request, verb=verb.value, why=error.code.value)
        self._store.ring()

    def _give_up(self) -> int:
        """Owe back what was paid in vain, and send it back where that goes by itself."""
        with self._store.reading() as connection:
            dues = payment_for.vain(connection, BATCH)
        for due in dues:
            now_ms = self._clock()
            with self._store.writing() as connection:
                order = payments.give_up_payment(connection, due.order.id, NOT_DONE, now_ms)
                for payment in order.payments:
                    if payment.free_dong and payment.key.provider is not Provider.BANK:
                        payment_refunds.send_back(connection, order.id, payment.key, now_ms)
            _log.warning("clearing.given_up", order=due.order.id, request=due.pays.request)
            self._store.ring()
        return len(dues)

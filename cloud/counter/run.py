"""The role `counter`, put together: what it answers, and what follows when money has come."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final

import structlog

from catalogue.model import Catalogue
from cloud.alive import keep_beating
from cloud.cash_desk import open_billers, open_cashiers
from cloud.clock import now_ms
from cloud.counter.clearing import Clearing
from cloud.counter.desk import Allowance, Desk, Handler
from cloud.counter.line import listen
from cloud.counter.payments import Payments
from cloud.counter.requests import GUESSES, GUESSES_PER_S, Requests
from cloud.roads import offices_of
from cloud.settings import Settings, SettingsError
from cloud.store.engine import Store
from cloud.till import Till
from wire.asking import AskBills, AskOwn, AskPayment, AskRequest

NAME: Final = "counter"

_log = structlog.get_logger(__name__)


async def run_counter(
    settings: Settings,
    catalogue: Catalogue,
    store: Store,
    stop: asyncio.Event,
    clock: Callable[[], int] = now_ms,
) -> None:
    """Answer stations and look after money until `stop` is set; SettingsError when something it needs is no good."""
    chosen = settings.counter
    if chosen is None:
        raise SettingsError(["counter: missing: it names the certificate that the role connects with"])
    async with AsyncExitStack() as stack:
        cashiers = await open_cashiers(settings, stack)
        billers = await open_billers(settings.payments, stack)
        payments = Payments(store, catalogue, billers, cashiers, clock)
        requests = Requests(store, Allowance(time.monotonic, GUESSES, GUESSES_PER_S))
        handlers: dict[type, Handler] = {
            AskBills: payments.bills,
            AskPayment: payments.payment,
            AskRequest: requests.by_code,
            AskOwn: requests.of_person,
        }
        desk = Desk(handlers, Allowance(time.monotonic))
        clearing = Clearing(store, catalogue, offices_of(catalogue), billers, clock)
        _log.info("counter.started", providers=[each.value for each in cashiers], billers=sorted(billers))
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_beating(NAME, store, stop, clock), name="beat")
            group.create_task(Till(store, cashiers, clock).run(stop), name="till")
            group.create_task(clearing.run(stop), name="clearing")
            listening = group.create_task(
                listen(settings.broker, chosen.certificate, chosen.key, desk.answer), name="listening"
            )
            await stop.wait()
            listening.cancel()

"""A counter for tests: a store, the shipped catalogue, one biller (simulated), and our bank account."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from cloud.connectors.bank_qr import BankCashier
from cloud.connectors.billing import HttpBiller
from cloud.connectors.breaker import Policy
from cloud.connectors.guard import Guard
from cloud.connectors.simulators.biller import Billing, create_app
from cloud.counter.clearing import Clearing
from cloud.counter.payments import Payments
from cloud.payments.money import Provider
from cloud.payments.order import Order
from cloud.requests.request import Request, Verb
from cloud.roads import offices_of
from cloud.store import payments, request_rows
from cloud.store.engine import Store
from cloud.till import Till
from tests.cloud.connectors.shop import BANK_KEYS, Clock
from tests.cloud.paying import money
from tests.cloud.requesting import NOW_MS, REQUEST, STATION, bring, do, submitted
from wire.asking import AskBills, AskPayment, BillChosen, BillsFound, NotAnswered, PaymentStands
from wire.entries import RequestKind

SERVICE: Final = "bill-electricity"
ACCOUNT: Final = "PE01000123451"
ORDER: Final = "0d" * 16
CATALOGUE: Final[Catalogue] = load_catalogue()


@dataclass
class Scene:
    """The running parts, and what a station does with them."""

    store: Store
    clock: Clock
    billing: Billing
    counter: Payments
    clearing: Clearing
    till: Till
    client: httpx.AsyncClient
    service: str = SERVICE
    account: str = ACCOUNT
    pauses: list[float] = field(default_factory=list)

    def submit(self, **changed: Any) -> None:
        """Let the station's request arrive: a bill, unless told otherwise."""
        fields: dict[str, Any] = {
            "service": self.service,
            "service_version": 1,
            "request_kind": RequestKind.BILL,
            "authority": CATALOGUE.services[self.service].authority,
            "recipients": ["electricity"],
        }
        bring(self.store, submitted(**(fields | changed)), offices=offices_of(CATALOGUE))

    def want_fee(self) -> None:
        """Let a dossier arrive, and its fee be asked for."""
        self.submit(
            service="temporary-residence",
            request_kind=RequestKind.DOSSIER,
            authority="ward-police",
            recipients=["ward-police"],
        )
        do(self.store, Verb.RECEIVE)
        do(self.store, Verb.ASK_FEE)

    async def bills(self, account: str | None = None) -> BillsFound | NotAnswered:
        return await self.counter.bills(
            STATION, AskBills(service=self.service, account=account or self.account)
        )

    async def chosen(self) -> BillChosen:
        """Choose the oldest open bill."""
        found = await self.bills()
        assert isinstance(found, BillsFound)
        bill = found.bills[0]
        return BillChosen(account=self.account, bill=bill.bill, amount_dong=bill.amount_dong)

    async def ask(
        self, bill: BillChosen | None = None, *, order: str = ORDER, request: str = REQUEST
    ) -> PaymentStands | NotAnswered:
        return await self.counter.payment(STATION, AskPayment(order=order, request=request, bill=bill))

    async def stands(self, bill: BillChosen | None = None, *, order: str = ORDER) -> PaymentStands:
        told = await self.ask(bill, order=order)
        assert isinstance(told, PaymentStands), told
        return told

    def order(self, identity: str = ORDER) -> Order:
        with self.store.reading() as connection:
            return payments.require_payment(connection, identity)

    def request(self) -> Request:
        with self.store.reading() as connection:
            request = request_rows.load(connection, REQUEST)
        assert request is not None
        return request

    def pay(self, amount_dong: int | None = None, *, txn: str = "t1") -> None:
        """Let money come; the right amount unless told otherwise."""
        order = self.order()
        self.till.book(money(order, txn, amount_dong or order.amount_dong))

    async def settle_down(self) -> None:
        """Go round until there is nothing left to do."""
        for _ in range(20):
            if not await self.clearing.go_round():
                return
        raise AssertionError("the clearing finds no end")


@asynccontextmanager
async def counting(store: Store, service: str = SERVICE, account: str = ACCOUNT) -> AsyncIterator[Scene]:
    """Run everything until the end of the block."""
    clock = Clock(NOW_MS)
    biller = CATALOGUE.services[service].connector
    billing = Billing(biller, "biller-token")
    transport = httpx.ASGITransport(app=create_app(billing))
    headers = {"Authorization": "Bearer biller-token"}
    async with httpx.AsyncClient(transport=transport, base_url="http://biller", headers=headers) as client:
        pauses: list[float] = []

        async def pause(seconds: float) -> None:
            pauses.append(seconds)

        guard = Guard("biller", timeout_s=5, policy=Policy(failures=50), pause=pause)
        billers = {biller: HttpBiller(client, guard, name=biller)}
        bank = BankCashier(client, guard, BANK_KEYS, "http://bank/statement")
        cashiers = {Provider.BANK: bank}
        yield Scene(
            store,
            clock,
            billing,
            Payments(store, CATALOGUE, billers, cashiers, clock),
            Clearing(store, CATALOGUE, offices_of(CATALOGUE), billers, clock),
            Till(store, {}, clock),
            client,
            service,
            account,
            pauses,
        )

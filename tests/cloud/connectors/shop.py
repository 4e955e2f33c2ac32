"""A shop for tests: a store, three providers on real ports, our routes for their notices on another, and the till."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from cloud.connectors.bank_qr import BankCashier
from cloud.connectors.breaker import Policy
from cloud.connectors.cashier import Cashier
from cloud.connectors.guard import Guard
from cloud.connectors.momo import MomoCashier, MomoPlaces
from cloud.connectors.simulators.bank import Bank
from cloud.connectors.simulators.bank import create_app as bank_app
from cloud.connectors.simulators.momo import Momo
from cloud.connectors.simulators.momo import create_app as momo_app
from cloud.connectors.simulators.serving import serving_all
from cloud.connectors.simulators.vnpay import PAGE, SERVICE, Vnpay
from cloud.connectors.simulators.vnpay import create_app as vnpay_app
from cloud.connectors.vnpay import VnpayCashier, VnpayPlaces
from cloud.payments import bank as bank_rules
from cloud.payments import momo as momo_rules
from cloud.payments import vnpay as vnpay_rules
from cloud.payments.money import Provider
from cloud.payments.order import Order
from cloud.payments.signed import BankKeys
from cloud.store import payments
from cloud.store.engine import Store
from cloud.till import Till
from tests.cloud.payments.samples import MOMO_KEYS, VNPAY_KEYS
from tests.cloud.samples import NOW_MS

BANK_KEYS = BankKeys(bank_bin="970436", account="0011001234567", secret="TESTSECRET0123456789")


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now_ms: int = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@dataclass
class Shop:
    """The running parts. `urls` are those of the simulators."""

    store: Store
    clock: Clock
    client: httpx.AsyncClient
    till: Till
    cashiers: dict[Provider, Cashier]
    urls: dict[Provider, str]
    vnpay: Vnpay
    momo: Momo
    bank: Bank
    books: bool = True
    told: list[str] = field(default_factory=list)

    @property
    def bank_cashier(self) -> BankCashier:
        cashier = self.cashiers[Provider.BANK]
        assert isinstance(cashier, BankCashier)
        return cashier

    async def control(self, provider: Provider, deed: str, **body: object) -> httpx.Response:
        """Ask a simulator for something that people do."""
        return await self.client.post(f"{self.urls[provider]}/control/{deed}", json=body)

    async def show(self, order: Order, provider: Provider) -> str:
        """Keep that the way is shown, then get it; return the QR code's text."""
        with self.store.writing() as connection:
            payments.show_payment(connection, order.id, provider, self.clock())
        return (await self.cashiers[provider].start(order)).qr_text

    async def pay(self, order: Order, provider: Provider, **how: object) -> list[str]:
        """Let a person scan the code and pay; return what we answered to the notices."""
        text = await self.show(order, provider)
        name, deed = {
            Provider.VNPAY: ("address", "pay"),
            Provider.MOMO: ("link", "pay"),
            Provider.BANK: ("qr_text", "transfer"),
        }[provider]
        answer = await self.control(provider, deed, **{name: text}, **how)
        assert answer.status_code == 200, answer.text
        answers: list[str] = answer.json()
        return answers

    def read(self, order: Order) -> Order:
        with self.store.reading() as connection:
            return payments.require_payment(connection, order.id)


def routes(shop: Shop) -> FastAPI:
    """Return our side of the notices, as the API will have it: thin, over `handle_notice`."""
    app = FastAPI(openapi_url=None)

    @app.get("/pay/vnpay")
    async def vnpay(request: Request) -> dict[str, str]:
        if not shop.books:
            return dict(vnpay_rules.TROUBLE)
        query = request.url.query
        return dict(await run_in_threadpool(vnpay_rules.handle_notice, query, VNPAY_KEYS, shop.till.book))

    @app.post("/pay/momo")
    async def momo(request: Request) -> Response:
        if not shop.books:
            return Response(status_code=503)
        body = await request.body()
        status = await run_in_threadpool(momo_rules.handle_notice, body, MOMO_KEYS, shop.till.book)
        return Response(status_code=status)

    @app.post("/pay/bank")
    async def bank(request: Request) -> Response:
        if not shop.books:
            return Response(status_code=503)
        body, signature = await request.body(), request.headers.get("x-signature", "")
        status = await run_in_threadpool(bank_rules.handle_notice, body, signature, BANK_KEYS, shop.till.book)
        return Response(status_code=status)

    return app


def guard(name: str) -> Guard:
    """Return a guard that does not make a test wait, and opens late."""

    async def no_pause(seconds: float) -> None:
        del seconds

    return Guard(name, timeout_s=5, policy=Policy(failures=50), pause=no_pause)


@asynccontextmanager
async def open_shop(store: Store) -> AsyncIterator[Shop]:
    """Run everything until the end of the block."""
    clock = Clock()
    vnpay, momo, bank = Vnpay(VNPAY_KEYS, clock), Momo(MOMO_KEYS, clock), Bank(BANK_KEYS, clock)
    cashiers: dict[Provider, Cashier] = {}
    urls: dict[Provider, str] = {}
    till = Till(store, cashiers, clock)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=10, trust_env=False))
        shop = Shop(store, clock, client, till, cashiers, urls, vnpay, momo, bank)
        apps = (vnpay_app(vnpay), momo_app(momo), bank_app(bank), routes(shop))
        *theirs, ours = stack.enter_context(serving_all(dict.fromkeys(apps, 0)))
        urls |= zip((Provider.VNPAY, Provider.MOMO, Provider.BANK), theirs, strict=True)
        vnpay.ipn_url, bank.notice_url = f"{ours}/pay/vnpay", f"{ours}/pay/bank"
        vnpay_places = VnpayPlaces(
            page=urls[Provider.VNPAY] + PAGE,
            service=urls[Provider.VNPAY] + SERVICE,
            return_url=f"{ours}/pay/return",
        )
        momo_places = MomoPlaces(
            gateway=urls[Provider.MOMO], redirect_url=f"{ours}/pay/return", ipn_url=f"{ours}/pay/momo"
        )
        statement_url = f"{urls[Provider.BANK]}/statement"
        cashiers[Provider.VNPAY] = VnpayCashier(client, guard("vnpay"), VNPAY_KEYS, vnpay_places)
        cashiers[Provider.MOMO] = MomoCashier(client, guard("momo"), MOMO_KEYS, momo_places)
        cashiers[Provider.BANK] = BankCashier(client, guard("bank"), BANK_KEYS, statement_url)
        yield shop

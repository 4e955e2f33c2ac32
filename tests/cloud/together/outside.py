"""Everybody else: the bank, MoMo, whoever bills and the authority's system. No crash of ours touches what they know."""

import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

import httpx
from fastapi import FastAPI

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from cloud.api.routes import payments as payment_routes
from cloud.cash_desk import Keys
from cloud.connectors.simulators.bank import Bank, Transfer
from cloud.connectors.simulators.bank import create_app as bank_app
from cloud.connectors.simulators.biller import Billing
from cloud.connectors.simulators.biller import create_app as biller_app
from cloud.connectors.simulators.faults import Desk, Faults
from cloud.connectors.simulators.momo import Momo, Pay
from cloud.connectors.simulators.momo import create_app as momo_app
from cloud.connectors.simulators.portal import PortalDesk
from cloud.connectors.simulators.portal import create_app as portal_app
from cloud.payments.bank import credits_of
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey, Source, Taken
from cloud.till import Till
from tests.cloud.connectors.shop import BANK_KEYS, Clock
from tests.cloud.payments.samples import MOMO_KEYS
from tests.cloud.requesting import NOW_MS

CATALOGUE: Final[Catalogue] = load_catalogue()
ACCOUNT: Final = "PE01000123451"
"""Of a customer with two open bills."""

BILL: Final = "bill-electricity"
FEE: Final = "temporary-residence"
BILLER: Final = CATALOGUE.services[BILL].connector
PORTAL: Final = CATALOGUE.services[FEE].connector
TOKEN: Final = "invented-token"
OURS: Final = "http://tcds"


class Line(httpx.ASGITransport):
    """The way to somebody, which can be cut."""

    is_cut: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request, or fail as a network does."""
        if self.is_cut:
            raise httpx.ConnectError("cut")
        return await super().handle_async_request(request)


class Telling(Desk):
    """Sends notices to our own routes, in the test's own process."""

    def __init__(self, line: httpx.AsyncBaseTransport) -> None:
        super().__init__()
        self._line = line

    async def notify(self, send: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]) -> list[str]:
        """Send as often as the faults say; return the answers' numbers."""
        async with httpx.AsyncClient(transport=self._line) as client:
            return [str((await send(client)).status_code) for _ in range(self.faults.notices)]


@dataclass
class Memory:
    """What people hold in their hands: the codes they saw, by order and provider; and what we acknowledged to whom."""

    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    receipted: set[str] = field(default_factory=set)
    acknowledged: set[PaymentKey] = field(default_factory=set)


class Outside:
    """All of them, reached by one client."""

    def __init__(self) -> None:
        self.clock = Clock(NOW_MS)
        self.memory = Memory()
        self.routes = FastAPI(openapi_url=None)
        self.routes.include_router(payment_routes.router)
        self.routes.state.keys = Keys(bank=BANK_KEYS, momo=MOMO_KEYS)
        ours = httpx.ASGITransport(app=self.routes)
        self.bank, self.momo = Bank(BANK_KEYS, self.clock), Momo(MOMO_KEYS, self.clock)
        self.bank.desk, self.momo.desk = Telling(ours), Telling(ours)
        self.bank.notice_url = f"{OURS}/api/pay/bank"
        self.billing = Billing(BILLER, TOKEN)
        opened = cast("list[dict[str, str]]", self.billing.account(ACCOUNT)["bills"])
        self.bills = sorted(bill["id"] for bill in opened)
        self.portal = PortalDesk(TOKEN, self.clock)
        self.lines = {
            "bank": Line(app=bank_app(self.bank)),
            "momo": Line(app=momo_app(self.momo)),
            "biller": Line(app=biller_app(self.billing)),
            "portal": Line(app=portal_app(self.portal)),
        }
        self.client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {TOKEN}"},
            mounts={f"http://{name}": line for name, line in self.lines.items()},
        )
        self.billing_client = httpx.AsyncClient(
            transport=self.lines["biller"],
            base_url="http://biller",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        self.portal_client = httpx.AsyncClient(
            transport=self.lines["portal"],
            base_url="http://portal",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        self.be_well()

    @property
    def desks(self) -> dict[str, Desk]:
        """By the name of the line."""
        return {
            "bank": self.bank.desk,
            "momo": self.momo.desk,
            "biller": self.billing.desk,
            "portal": self.portal.desk,
        }

    def be_well(self) -> None:
        """Let everybody answer, and nobody tell of money unasked."""
        for name, desk in self.desks.items():
            desk.faults = Faults(notices=0)
            self.lines[name].is_cut = False

    def hear_by(self, till: Till) -> None:
        """Let notices reach this till from now on."""
        self.routes.state.till = till

    async def transfer(self, order: str, amount_dong: int | None = None) -> None:
        """Let a person pay a code that they saw from their bank account; nobody is told yet."""
        await self.bank.transfer(Transfer(qr_text=self.memory.codes[order, "bank"], amount_dong=amount_dong))

    async def pay_by_momo(self, order: str) -> None:
        """Let a person pay what they saw with MoMo; nobody is told yet."""
        await self.momo.pay(Pay(link=self.memory.codes[order, "momo"]))

    async def tell(self, taken: Taken, *, off_dong: int = 0) -> None:
        """Let the provider tell of one payment, perhaps of a wrong amount; note what was acknowledged."""
        desk = (self.bank if taken.key.provider is Provider.BANK else self.momo).desk
        desk.faults = Faults(notices=1, amount_off_dong=off_dong)
        try:
            answers = await self._told(taken)
        finally:
            desk.faults = Faults(notices=0)
        if not off_dong and answers == ["204"]:
            self.memory.acknowledged.add(taken.key)

    async def _told(self, taken: Taken) -> list[str]:
        if taken.key.provider is Provider.BANK:
            return await self.bank.tell(next(line for line in self.bank.lines if line.txn == taken.key.txn))
        return await self.momo.tell(self.momo.payments[taken.reference or ""])

    def truth(self) -> list[Taken]:
        """Return all money that providers took, in the order of its time."""
        by_momo = [
            Taken(
                key=PaymentKey(Provider.MOMO, str(paid.txn)),
                reference=reference,
                amount_dong=paid.amount_dong,
                taken_at_ms=paid.paid_at_ms,
                source=Source.NOTIFIED,
            )
            for reference, paid in self.momo.payments.items()
            if paid.txn
        ]
        return [*credits_of(self.bank.lines), *sorted(by_momo, key=lambda taken: taken.key)]

    def given_back(self) -> dict[str, int]:
        """Return by the refund's key what went back: by MoMo, or by an operator's hand at the bank."""
        by_bank = {line.memo: -line.amount_dong for line in self.bank.lines if line.amount_dong < 0}
        by_momo = {key: dong for paid in self.momo.payments.values() for key, dong in paid.refunds.items()}
        return by_bank | by_momo

    def save(self) -> Any:
        """Return all that they know, apart from the running parts."""
        return copy.deepcopy(self._knows())

    def restore(self, saved: Any) -> None:
        """Let them know what they knew then."""
        (
            self.clock.now_ms,
            self.memory,
            self.bank.lines,
            self.momo.payments,
            self.billing.cleared,
            self.billing.answers,
            self.portal.cases,
            self.portal.answers,
        ) = copy.deepcopy(saved)
        self.be_well()

    def _knows(self) -> tuple[Any, ...]:
        return (
            self.clock.now_ms,
            self.memory,
            self.bank.lines,
            self.momo.payments,
            self.billing.cleared,
            self.billing.answers,
            self.portal.cases,
            self.portal.answers,
        )

    async def aclose(self) -> None:
        """Hang up."""
        for client in (self.client, self.billing_client, self.portal_client):
            await client.aclose()

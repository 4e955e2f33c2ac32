"""Our roles over one store, as processes that can die, and everybody outside; `World.restart` is the next process."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from cloud.connectors.bank_qr import BankCashier
from cloud.connectors.billing import HttpBiller
from cloud.connectors.breaker import Policy
from cloud.connectors.cashier import Cashier
from cloud.connectors.guard import Guard
from cloud.connectors.momo import MomoCashier, MomoPlaces
from cloud.connectors.portal import Portal
from cloud.counter.clearing import Clearing
from cloud.counter.payments import Payments
from cloud.payments.errors import RefusedError as PaymentRefusedError
from cloud.payments.money import Provider
from cloud.payments.order import Order
from cloud.requests.errors import RefusedError as RequestRefusedError
from cloud.requests.request import Request
from cloud.roads import offices_of, routing_of
from cloud.route.carrier import Carrier
from cloud.store import request_rows
from cloud.store.payment_rows import COLUMNS, to_order
from cloud.store.schema import PAYMENT_ORDER
from cloud.till import Till
from tests.cloud.connectors.shop import BANK_KEYS
from tests.cloud.payments.samples import MOMO_KEYS
from tests.cloud.requesting import REQUEST, STATION
from tests.cloud.together.mortal import Cut, Fate, Meanwhile, PowerCutError, Stores
from tests.cloud.together.outside import ACCOUNT, BILL, BILLER, CATALOGUE, FEE, OURS, PORTAL, Outside
from wire.asking import AskBills, AskPayment, BillChosen, BillsFound, PaymentStands

A, B, C = ("a1" * 16, "b2" * 16, "c3" * 16)
"""Orders."""

REFUSED: Final = (RequestRefusedError, PaymentRefusedError)
"""What ends a round of a role, or an operator's command, and nothing else: the next one comes."""

OFFICES: Final = offices_of(CATALOGUE)
ROUTING: Final = routing_of(CATALOGUE, "front-desk")


_ORDERS: Final = select(*COLUMNS).order_by(PAYMENT_ORDER.c.id)


class NotNowError(Exception):
    """What a deed needs is not there; nothing was done."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One of them. `beside` is the same by another process, while ours is in the middle of something."""

    name: str
    act: Callable[["World"], Awaitable[object]]
    beside: Callable[["World"], object] | None = None


@dataclass(frozen=True, slots=True)
class Roles:
    """The running parts of our processes; their memory ends with them."""

    payments: Payments
    clearing: Clearing
    till: Till
    bank: BankCashier
    carrier: Carrier


class World:
    """`is_bill`: what is submitted is a bill; else a dossier with a fee."""

    def __init__(self, stores: Stores, outside: Outside, *, is_bill: bool) -> None:
        self.stores = stores
        self.outside = outside
        self.is_bill = is_bill
        self.mistakes: list[str] = []
        self.restart()

    @property
    def service(self) -> str:
        """What is submitted."""
        return BILL if self.is_bill else FEE

    def restart(self) -> None:
        """Begin processes anew: nothing but the store is left of those before."""
        self.stores.mine.fate = Fate()
        self.roles = self._roles()
        self.outside.hear_by(self.roles.till)

    def _roles(self) -> Roles:
        store, clock, outside = self.stores.mine, self.outside.clock, self.outside
        billers = {BILLER: HttpBiller(outside.billing_client, _guard("biller"), name=BILLER)}
        places = MomoPlaces(gateway="http://momo", redirect_url=OURS, ipn_url=f"{OURS}/api/pay/momo")
        bank = BankCashier(outside.client, _guard("bank"), BANK_KEYS, "http://bank/statement")
        cashiers: dict[Provider, Cashier] = {
            Provider.BANK: bank,
            Provider.MOMO: MomoCashier(outside.client, _guard("momo"), MOMO_KEYS, places),
        }
        portal = Portal(outside.portal_client, _guard("portal"), name=PORTAL)
        return Roles(
            Payments(store, CATALOGUE, billers, cashiers, clock),
            Clearing(store, CATALOGUE, OFFICES, billers, clock),
            Till(store, cashiers, clock),
            bank,
            Carrier(store, portal, OFFICES, clock, jitter=lambda: 0.0),
        )

    async def do(self, deed: Deed, cut: Cut | None = None, meanwhile: tuple[int, Deed] | None = None) -> Fate:
        """Do something, until the power goes if it does; NotNowError when it cannot be done at all."""
        other = None if meanwhile is None else Meanwhile(meanwhile[0], lambda: self._beside(meanwhile[1]))
        fate = self.stores.mine.fate = Fate(cut, other)
        try:
            with suppress(*REFUSED):
                await deed.act(self)
        except PowerCutError:
            self.restart()
        finally:
            self.outside.be_well()
            self.stores.mine.fate = Fate()
        return fate

    def _beside(self, deed: Deed) -> None:
        assert deed.beside is not None
        with suppress(NotNowError, *REFUSED):
            deed.beside(self)

    async def chosen(self, place: int) -> BillChosen | None:
        """Return an open bill, for a fee none; NotNowError when there is no such one any more."""
        if not self.is_bill:
            return None
        found = await self.roles.payments.bills(STATION, AskBills(service=BILL, account=ACCOUNT))
        bills = found.bills if isinstance(found, BillsFound) else []
        for bill in bills:
            if bill.bill == self.outside.bills[place]:
                return BillChosen(account=ACCOUNT, bill=bill.bill, amount_dong=bill.amount_dong)
        raise NotNowError

    async def ask(self, order: str, place: int = 0) -> PaymentStands | None:
        """Let the station ask how an order stands; what its screen then says is true, or noted as a mistake."""
        known = self.order(order)
        bill = None if known is not None else await self.chosen(place)
        told = await self.roles.payments.payment(STATION, AskPayment(order=order, request=REQUEST, bill=bill))
        if not isinstance(told, PaymentStands):
            return None
        for way in told.ways:
            self.outside.memory.codes[order, way.provider] = way.qr_text
        kept = self.order(order)
        if kept is None or told.is_paid > kept.is_settled:
            self.mistakes.append(f"{order[:2]}: told as paid, and not kept")
        return told

    def order(self, identity: str) -> Order | None:
        """Read an order, as another process sees it."""
        return next((order for order in self.orders() if order.id == identity), None)

    def orders(self) -> Sequence[Order]:
        """Read all orders, as another process sees them."""
        with self.stores.others.reading() as connection:
            return [to_order(row) for row in connection.execute(_ORDERS).mappings()]

    def request(self) -> Request | None:
        """Read the request, as another process sees it."""
        with self.stores.others.reading() as connection:
            return request_rows.load(connection, REQUEST)


async def _no_pause(_seconds: float) -> None:
    """Try again at once."""


def _guard(name: str) -> Guard:
    return Guard(name, timeout_s=5, policy=Policy(failures=1_000), pause=_no_pause)

"""Answers about money: which bills are open, and how an order stands and can be paid.

The order and what it pays for are in the store before anybody is asked for a way to pay. What a bill costs is asked of whoever
bills, never taken from a station.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog

from catalogue.model import Catalogue, Service
from catalogue.terms import ChannelKind
from cloud.connectors.biller import Account, Bill, Biller
from cloud.connectors.cashier import Cashier
from cloud.connectors.errors import ConnectorError
from cloud.connectors.port import UnknownNumberError
from cloud.counter.desk import NOT_OFFERED, OUT_OF_REACH, UNKNOWN
from cloud.payments.errors import RefusedCode, RefusedError
from cloud.payments.money import Provider
from cloud.payments.order import Order
from cloud.requests.request import Kind, Request, State
from cloud.store import payment_for, payments, request_rows
from cloud.store.engine import Store
from cloud.store.payment_for import Due, PaysFor
from cloud.store.payments import NewOrder
from wire.asking import (
    MAX_BILLS,
    AskBills,
    AskPayment,
    BillChosen,
    BillsFound,
    NotAnswered,
    OpenBill,
    PaymentStands,
    PaymentWay,
)

LIFE_MS: Final = 15 * 60_000
"""So long a code can be paid; what comes later is found and booked all the same."""

MAX_WAYS_KEPT: Final = 1_000
CHANGED: Final = NotAnswered(code="changed")
PAID: Final = NotAnswered(code="paid")

_log = structlog.get_logger(__name__)


class Payments:
    """The handlers. `billers` are by their names in the catalogue, `clock` gives ms since 1970 UTC."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        billers: Mapping[str, Biller],
        cashiers: Mapping[Provider, Cashier],
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._billers = billers
        self._cashiers = cashiers
        self._clock = clock
        self._ways: OrderedDict[str, list[PaymentWay]] = OrderedDict()

    async def bills(self, _station: str, asked: AskBills) -> BillsFound | NotAnswered:
        """Return the open bills of an account."""
        found = await self._account(asked.service, asked.account)
        if isinstance(found, NotAnswered):
            return found
        return BillsFound(holder=found.holder, bills=[_told(bill) for bill in found.bills[:MAX_BILLS]])

    async def payment(self, station: str, asked: AskPayment) -> PaymentStands | NotAnswered:
        """Return how an order stands; the first question makes it."""
        known = await asyncio.to_thread(self._load, asked.order)
        due = known or await self._make(station, asked)
        return due if isinstance(due, NotAnswered) else await self._stands(due)

    async def _make(self, station: str, asked: AskPayment) -> Due | NotAnswered:
        if not self._cashiers:
            return NOT_OFFERED
        request = await asyncio.to_thread(self._request, asked.request)
        if request is None:
            return UNKNOWN
        if request.state is not State.FEE_WANTED or (request.kind is Kind.BILL) is (asked.bill is None):
            return NOT_OFFERED
        amount_dong = (
            self._fee_dong(request) if asked.bill is None else await self._amount(request.service, asked.bill)
        )
        if isinstance(amount_dong, NotAnswered):
            return amount_dong
        new = NewOrder(
            id=asked.order,
            subject=_subject(request, asked.bill),
            purpose=request.service,
            station=station,
            amount_dong=amount_dong,
            life_ms=LIFE_MS,
        )
        chosen = asked.bill
        pays = PaysFor(
            order=asked.order,
            request=request.id,
            service=request.service,
            account=None if chosen is None else chosen.account,
            bill=None if chosen is None else chosen.bill,
        )
        return await asyncio.to_thread(self._open, new, pays)

    def _fee_dong(self, request: Request) -> int | NotAnswered:
        """Return what the catalogue asks for; a fee for each of something is counted by the office, since that is sealed."""
        service = self._catalogue.services.get(request.service)
        fee = None if service is None else _station_fee(service)
        return fee or NOT_OFFERED

    async def _account(self, service: str, account: str) -> Account | NotAnswered:
        """Ask whoever bills for a service what is open."""
        biller = self._biller(service)
        if biller is None:
            return NOT_OFFERED
        try:
            return await biller.bills(account)
        except UnknownNumberError:
            return UNKNOWN
        except ConnectorError as error:
            _log.warning("counter.no_bills", biller=biller.name, error=str(error))
            return OUT_OF_REACH

    async def _amount(self, service: str, chosen: BillChosen) -> int | NotAnswered:
        found = await self._account(service, chosen.account)
        if isinstance(found, NotAnswered):
            return CHANGED if found is UNKNOWN else found
        bill = next((each for each in found.bills if each.id == chosen.bill), None)
        is_same = bill is not None and bill.amount_dong == chosen.amount_dong
        return chosen.amount_dong if is_same else CHANGED

    def _open(self, new: NewOrder, pays: PaysFor) -> Due | NotAnswered:
        try:
            with self._store.writing() as connection:
                order = payments.open_payment(connection, new, self._clock())
                for provider in self._cashiers:
                    order = payments.show_payment(connection, order.id, provider, self._clock())
                payment_for.keep(connection, pays)
        except RefusedError as error:
            return PAID if error.code is RefusedCode.ALREADY_PAID else NOT_OFFERED
        return Due(pays, order)

    def _load(self, identity: str) -> Due | None:
        with self._store.reading() as connection:
            return payment_for.find(connection, identity)

    def _request(self, identity: str) -> Request | None:
        with self._store.reading() as connection:
            return request_rows.load(connection, identity)

    async def _stands(self, due: Due) -> PaymentStands:
        order = due.order
        is_open = not (order.is_settled or order.is_closed or order.is_expired)
        can_pay = is_open and self._clock() < order.expires_at_ms
        return PaymentStands(
            order=order.id,
            state=order.state.value.replace("_", "-"),
            amount_dong=order.amount_dong,
            taken_dong=order.taken_dong,
            is_paid=order.is_settled,
            expires_at_ms=order.expires_at_ms,
            ways=list(await self._ways_of(order)) if can_pay else [],
            reference=order.reference or "",
            paid_at_ms=order.settled_at_ms,
            receipt=due.pays.receipt,
            invoice=due.pays.invoice,
        )

    async def _ways_of(self, order: Order) -> Sequence[PaymentWay]:
        """Return the ways to pay; a provider that does not answer is left out, and asked again the next time."""
        known = self._ways.get(order.id)
        if known is not None:
            return known
        found = await asyncio.gather(*(self._way(each, order) for each in self._cashiers.values()))
        ways = [way for way in found if way is not None]
        if len(ways) == len(self._cashiers):
            self._ways[order.id] = ways
            if len(self._ways) > MAX_WAYS_KEPT:
                self._ways.popitem(last=False)
        return ways

    async def _way(self, cashier: Cashier, order: Order) -> PaymentWay | None:
        try:
            way = await cashier.start(order)
        except ConnectorError as error:
            _log.warning("counter.no_way", provider=cashier.provider.value, error=str(error))
            return None
        return PaymentWay(provider=cashier.provider.value, qr_text=way.qr_text)

    def _biller(self, service: str) -> Biller | None:
        known = self._catalogue.services.get(service)
        return None if known is None else self._billers.get(known.connector)


def _station_fee(service: Service) -> int | None:
    fees = (channel.fee for channel in service.channels if channel.kind is ChannelKind.STATION)
    return next((fee.dong for fee in fees if fee.each is None), None)


def _subject(request: Request, chosen: BillChosen | None) -> str:
    """Return what is paid for, once: a bill wherever it is paid, or this asking for a fee."""
    if chosen is None:
        return f"fee-{request.id}-{request.decided_version}"
    text = f"{request.service}|{chosen.account}|{chosen.bill}"
    return f"bill-{hashlib.sha256(text.encode()).hexdigest()[:48]}"


def _told(bill: Bill) -> OpenBill:
    return OpenBill(
        bill=bill.id,
        period=bill.period,
        amount_dong=bill.amount_dong,
        due_day=None if bill.due_day is None else bill.due_day.isoformat(),
    )

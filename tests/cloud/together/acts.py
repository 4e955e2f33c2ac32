"""What can happen, done by our roles' own code or by people outside; `deeds` has the names."""

from typing import Any, Final

from cloud.connectors.simulators.bank import Payout
from cloud.connectors.simulators.biller import Elsewhere
from cloud.connectors.simulators.faults import Faults
from cloud.ingest.commit import commit_group
from cloud.ingest.intake import receipts, sort_arrivals
from cloud.payments.bank import credits_of, movements_of
from cloud.payments.money import Provider
from cloud.payments.vietnam_time import day_ms, moment
from cloud.requests.request import Action, State, Verb
from cloud.route.assign import assign, run_clock
from cloud.sos.plan import Plan
from cloud.store import payment_refunds, payments, requests
from cloud.store.engine import Store
from cloud.till import Statement, Till
from tests.cloud.ingest.samples import arrival, batch
from tests.cloud.requesting import OFFICER, REQUEST, amended, submitted
from tests.cloud.together.outside import ACCOUNT, CATALOGUE, PORTAL
from tests.cloud.together.world import OFFICES, ROUTING, NotNowError, World
from wire.entries import AnyBody, RequestKind
from wire.messages import Receipt
from wire.topics import Lane

MINUTE_MS: Final = 60_000
PAYMENTS: Final = 2
"""So many payments are made at most."""


def arrive(world: World, store: Store, seq: int, body: AnyBody) -> None:
    """Take in what a station sent, as the ingest does: whoever gets no receipt sends it again."""
    now_ms = world.outside.clock()
    group = sort_arrivals([arrival(Lane.REQUEST, batch(Lane.REQUEST, {seq: body}))])
    with store.writing() as connection:
        commit_group(
            connection,
            group,
            now_ms=now_ms,
            plan=Plan(),
            keep_vitals_ms=1,
            keep_shares_ms=1,
            offices=OFFICES,
        )
    assert all(isinstance(told, Receipt) for _, told in receipts(group, now_ms))
    world.outside.memory.receipted.add(type(body).__name__)


def submit(world: World, store: Store) -> None:
    service = CATALOGUE.services[world.service]
    fields: dict[str, Any] = {"service": world.service, "authority": service.authority}
    if world.is_bill:
        fields |= {"request_kind": RequestKind.BILL, "recipients": [service.authority]}
    arrive(world, store, 1, submitted(**fields))


def withdraw(world: World, store: Store) -> None:
    arrive(world, store, 2, amended())


def desk(world: World, store: Store, verb: Verb, **more: Any) -> None:
    """Let an officer act; NotNowError when that cannot be."""
    request = world.request()
    if request is None:
        raise NotNowError
    action = Action(verb=verb, by=OFFICER, key=f"{verb}-{request.version}", **more)
    with store.writing() as connection:
        requests.act(connection, REQUEST, action, OFFICES, world.outside.clock())


def ask_fee(world: World, store: Store) -> None:
    """Ask for a fee, having received the dossier before if that is still to be done."""
    request = world.request()
    if request is None or (request.state is State.FEE_WANTED):
        raise NotNowError
    if request.state is State.SUBMITTED:
        desk(world, store, Verb.RECEIVE)
    desk(world, store, Verb.ASK_FEE)


async def ask(world: World, order: str, place: int) -> None:
    await world.ask(order, place)


async def transfer(world: World, order: str, share: float) -> None:
    known = world.order(order)
    if known is None or (order, "bank") not in world.outside.memory.codes:
        raise NotNowError
    if len(world.outside.truth()) >= PAYMENTS:
        raise NotNowError
    await world.outside.transfer(order, int(known.amount_dong * share))


async def pay_by_momo(world: World, order: str) -> None:
    paid = {taken.reference for taken in world.outside.truth() if taken.key.provider.value == "momo"}
    known = world.order(order)
    if known is None or (order, "momo") not in world.outside.memory.codes or known.reference in paid:
        raise NotNowError
    if len(world.outside.truth()) >= PAYMENTS:
        raise NotNowError
    await world.outside.pay_by_momo(order)


async def tell(world: World, place: int, off_dong: int) -> None:
    truth = world.outside.truth()
    if place >= len(truth):
        raise NotNowError
    if off_dong and truth[place].key not in world.outside.memory.acknowledged:
        raise NotNowError
    await world.outside.tell(truth[place], off_dong=off_dong)


async def tell_all(world: World) -> None:
    for taken in world.outside.truth():
        await world.outside.tell(taken)


def hear(world: World) -> None:
    """Another process books all that is told just now."""
    truth = world.outside.truth()
    if not truth:
        raise NotNowError
    till = Till(world.stores.others, {}, world.outside.clock)
    for taken in truth:
        till.book(taken)
        world.outside.memory.acknowledged.add(taken.key)


async def clear(world: World, name: str, faults: Faults | None) -> None:
    world.outside.lines["biller"].is_cut = name == "away"
    if faults is not None:
        world.outside.billing.desk.faults = faults
    await world.roles.clearing.go_round()


async def till(world: World, faults: Faults | None) -> None:
    if faults is not None:
        world.outside.momo.desk.faults = faults
    await world.roles.till.go_round()


async def close_day(world: World) -> None:
    """Let the operator close every day on which money came by the bank."""
    days = sorted({moment(line.at_ms).date() for line in world.outside.bank.lines})
    if not days:
        raise NotNowError
    for day in days:
        lines = await world.roles.bank.statement(*day_ms(day))
        world.roles.till.close_day(day, [Statement(movements_of(lines), credits_of(lines))])


def send_back(world: World, store: Store) -> None:
    """Let the operator send back what is owed."""
    with store.reading() as connection:
        owed = payment_refunds.owed(connection, 10)
    if not owed:
        raise NotNowError
    for order in owed:
        for payment in order.payments:
            if payment.free_dong:
                with store.writing() as connection:
                    payment_refunds.send_back(connection, order.id, payment.key, world.outside.clock())


async def pay_out(world: World) -> None:
    """Let the operator send, at the bank's portal, what is to go back from the account; each key once."""
    given = world.outside.given_back()
    waiting = [
        payment.refund
        for order in world.orders()
        for payment in order.payments
        if payment.refund is not None and payment.key.provider is Provider.BANK
    ]
    todo = [refund for refund in waiting if refund.id not in given]
    if not todo:
        raise NotNowError
    for refund in todo:
        await world.outside.bank.pay_out(Payout(amount_dong=refund.amount_dong, memo=refund.id))


def clock(world: World, store: Store) -> None:
    run_clock(store, OFFICES, world.outside.clock())


def be_late(world: World, store: Store) -> None:
    """Let two hours pass, and the clocks of orders and requests run."""
    world.outside.clock.now_ms += 120 * MINUTE_MS
    with store.writing() as connection:
        payments.expire_payments(connection, world.outside.clock(), 10)
    clock(world, store)


async def wait(world: World, minutes: int) -> None:
    world.outside.clock.now_ms += minutes * MINUTE_MS


def elsewhere(world: World, _store: Store) -> None:
    """Let the customer pay the bill somewhere else."""
    bill = world.outside.bills[0]
    if (ACCOUNT, bill) in world.outside.billing.cleared:
        raise NotNowError
    world.outside.billing.pay_elsewhere(Elsewhere(account=ACCOUNT, bill=bill))


async def carry(world: World, faults: Faults | None) -> None:
    assign(world.stores.mine, ROUTING, {PORTAL: None}, world.outside.clock())
    if faults is not None:
        world.outside.portal.desk.faults = faults
    await world.roles.carrier.carry_due()


async def news(world: World) -> None:
    """Let the authority's system take a step, and ask it."""
    for number in world.outside.portal.cases:
        world.outside.portal.advance(number)
    await world.roles.carrier.poll_due()

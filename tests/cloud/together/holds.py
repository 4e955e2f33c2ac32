"""What holds after every step of anything, and what holds when everything has gone on to its end."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from cloud.payments.ledger import Account, Place, at
from cloud.payments.money import Provider
from cloud.payments.order import Order, accounts_of
from cloud.requests.flows import FLOWS
from cloud.requests.request import Kind, Request, State
from cloud.store import payment_books, payment_for
from tests.cloud.together.world import World

OVER: Final = frozenset({State.WITHDRAWN, State.REFUSED, State.STOPPED, State.DECLINED})
"""Nothing is done any more for what was paid."""

PAID: Final = frozenset({State.FEE_PAID, State.DONE})


def check(world: World) -> None:
    """Raise AssertionError unless everything holds that holds at every moment."""
    orders = world.orders()
    assert not world.mistakes, world.mistakes
    _the_books_balance(world, orders)
    request = world.request()
    _what_was_acknowledged_is_kept(world, orders, request)
    _nothing_is_settled_without_money(world, orders)
    _request_and_order_agree(world, orders, request)


def _the_books_balance(world: World, orders: Sequence[Order]) -> None:
    with world.stores.others.reading() as connection:
        ledger = {account: dong for account, dong in payment_books.ledger(connection).items() if dong}
    assert sum(ledger.values()) == 0
    folded: Counter[Account] = Counter()
    for order in orders:
        folded.update(accounts_of(order))
    assert ledger == {account: dong for account, dong in folded.items() if dong}, "orders and ledger differ"
    truth = {taken.key: taken.amount_dong for taken in world.outside.truth()}
    booked = [payment for order in orders for payment in order.payments]
    assert len({payment.key for payment in booked}) == len(booked), "money is booked twice"
    assert all(truth.get(payment.key) == payment.amount_dong for payment in booked), "money that never came"
    given = sum(world.outside.given_back().values())
    assert at(ledger, Place.REFUNDED) <= given <= at(ledger, Place.REFUNDED) + at(ledger, Place.REFUND_DUE), (
        "sent back more than is owed, or unknown to us"
    )


def _what_was_acknowledged_is_kept(world: World, orders: Sequence[Order], request: Request | None) -> None:
    """Whoever was told that we have it will not tell again."""
    booked = {payment.key for order in orders for payment in order.payments}
    assert world.outside.memory.acknowledged <= booked, "money acknowledged and not kept"
    if "RequestSubmitted" in world.outside.memory.receipted:
        assert request is not None, "a submission receipted and lost"


def _nothing_is_settled_without_money(world: World, orders: Sequence[Order]) -> None:
    """Whoever bills cleared each bill for one order, of which the money is here and not owed back."""
    paid = {order.id: order for order in orders if order.is_settled}
    keys = [key for key in world.outside.billing.cleared.values() if key != "elsewhere"]
    assert len(keys) == len(set(keys))
    for key in keys:
        assert key in paid, "cleared with whoever bills, and its money is owed back"


def _request_and_order_agree(world: World, orders: Sequence[Order], request: Request | None) -> None:
    if request is None:
        assert not orders, "an order for what nobody submitted"
        return
    flow = FLOWS[request.kind]
    is_end = request.state in flow.ends
    assert is_end or (request.due_at_ms is not None and flow.reachable(request.state) & flow.ends), (
        "no way on"
    )
    if request.state in PAID:
        order = next((each for each in orders if each.id == request.payment_order), None)
        assert order is not None, "paid, says the request, and there is no order"
        assert order.is_settled, "paid, says the request, and the money is not there"
        if request.kind is Kind.BILL and request.state is State.DONE:
            assert order.id in world.outside.billing.cleared.values(), "done, and not cleared"
            with world.stores.others.reading() as connection:
                due = payment_for.find(connection, order.id)
            assert due is not None, "done, and nobody knows for what"
            assert due.pays.receipt, "done, and without a receipt"


def check_found(world: World) -> None:
    """Raise AssertionError if there is money for an order that is not paid, of which nobody found out."""
    orders = world.orders()
    booked = {payment.key for order in orders for payment in order.payments}
    unpaid = {order.reference for order in orders if not order.is_settled and not order.payments}
    lost = [taken for taken in world.outside.truth() if taken.key not in booked and taken.reference in unpaid]
    assert not lost, "money that nobody asked for"


def check_end(world: World) -> None:
    """Raise AssertionError unless everything is where it belongs once all have gone on for a while."""
    check(world)
    request = world.request()
    truth = sum(taken.amount_dong for taken in world.outside.truth())
    with world.stores.others.reading() as connection:
        ledger = payment_books.ledger(connection)
    assert at(ledger, Place.TAKEN) == truth, "money that we never heard of"
    assert at(ledger, Place.REFUNDED) == sum(world.outside.given_back().values()), "sent back, and still owed"
    if request is None:
        return
    _check_settled(world, request)
    if request.kind is Kind.BILL:
        assert request.state in FLOWS[Kind.BILL].ends, "a bill that comes to no end"
    if request.state is State.STOPPED:
        _check_stopped(world, request.ended_at_ms)
    sent = [payment for order in world.orders() for payment in order.payments if payment.refund]
    assert all(payment.key.provider is Provider.BANK for payment in sent), "a refund that never ends"


def _check_settled(world: World, request: Request) -> None:
    """What is paid for is done, or being done; all other money is owed back."""
    told = _orders_told(world)
    for order in world.orders():
        if not order.is_settled:
            continue
        assert order.id in told, "paid, and its request was never told"
        assert request.state not in OVER, "paid for what will not be done, and not owed back"
        if request.kind is Kind.BILL:
            assert (request.state, request.payment_order) == (State.DONE, order.id), "paid, and not cleared"


def _check_stopped(world: World, ended_at_ms: int | None) -> None:
    """Nobody is told that time is over who paid in time."""
    with world.stores.others.reading() as connection:
        for order in world.orders():
            events = payment_books.history(connection, order.id)
            gave_up = next((place for place, each in enumerate(events) if each.kind == "given_up"), 0)
            settled = [each.at_ms for each in events[:gave_up] if each.kind == "taken"][-1:]
            assert not settled or ended_at_ms is None or settled[0] >= ended_at_ms, (
                "paid in time, and stopped"
            )


def _orders_told(world: World) -> set[str]:
    """Return the orders of which the request knows that they are paid."""
    with world.stores.others.reading() as connection:
        rows = connection.exec_driver_sql("SELECT key FROM request_event WHERE verb = 'pay'").scalars().all()
    return {str(key).removeprefix("system:pay-") for key in rows}

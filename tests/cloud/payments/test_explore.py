"""Every interleaving, walked through: two orders of one subject, what citizens pay, what we hear and when, and crashes.

The provider's side is the truth: money it took, refunds it made. Ours is what is in the database. A crash is simply that
the one side moved and the other did not (yet), so every state is also the state after a crash; and everything that we
may hear, we may hear again.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import pytest

from cloud.payments.bookkeeping import book
from cloud.payments.change import Change, close, expire, finish_refund, give_up, order_refund, show
from cloud.payments.errors import RefusedError
from cloud.payments.ledger import Account, Place, at
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey, Source, Taken
from cloud.payments.order import Order, State, accounts_of
from tests.cloud.payments.samples import AMOUNT_DONG, END_MS, order
from tests.cloud.samples import NOW_MS

MAX_STATES: Final = 5_000
MAX_PAYMENTS: Final = 3
AMOUNTS: Final = (AMOUNT_DONG, 30_000, 45_000, 100_000)
IDS: Final = ("0a" * 16, "0b" * 16)


@dataclass(frozen=True, slots=True)
class Sent:
    """A refund that we asked the provider for; `made` None: it has not decided."""

    key: PaymentKey
    id: str
    amount_dong: int
    made: bool | None = None


@dataclass(frozen=True, slots=True)
class World:
    """`moved`: the ledger's balances, folded from entries as they were written, not from the orders."""

    orders: tuple[Order, ...]
    now_ms: int = NOW_MS
    truth: tuple[tuple[str, Taken], ...] = ()
    sent: tuple[Sent, ...] = ()
    moved: frozenset[tuple[Account, int]] = frozenset()


START: Final = World(tuple(order(id=identity) for identity in IDS))


def written(world: World, changes: list[Change | None]) -> World:
    """Write changes as one transaction does."""
    moved = Counter(dict(world.moved))
    orders = {each.id: each for each in world.orders}
    for change in changes:
        if change is None:
            continue
        assert change.order.version == orders[change.order.id].version + 1
        orders[change.order.id] = change.order
        for posting in change.entry.postings if change.entry else ():
            moved[posting.account] += posting.amount_dong
    return replace(world, orders=tuple(orders.values()), moved=frozenset(moved.items()))


def pays(world: World) -> Iterator[World]:
    if len(world.truth) < MAX_PAYMENTS:
        for identity in IDS:
            for amount_dong in AMOUNTS:
                key = PaymentKey(Provider.BANK, f"t{len(world.truth)}")
                money = Taken(
                    key=key, reference=None, amount_dong=amount_dong, taken_at_ms=0, source=Source.POLLED
                )
                yield replace(world, truth=(*world.truth, (identity, money)))


def hears(world: World) -> Iterator[World]:
    """IPN, poll and statement are the same to us; each may come first, again, late."""
    for identity, money in world.truth:
        yield written(world, list(book(world.orders, identity, money, world.now_ms)))


def time_passes(world: World) -> Iterator[World]:
    if world.now_ms < END_MS:
        yield replace(world, now_ms=END_MS)
    for each in world.orders:
        yield written(world, [expire(each, world.now_ms)])


def people_decide(world: World) -> Iterator[World]:
    first = world.orders[0]
    decisions: tuple[Callable[[], Change | None], ...] = (
        partial(show, first, Provider.BANK, world.now_ms),
        partial(close, first, "withdrawn"),
        partial(give_up, first, "refused"),
    )
    for decide in decisions:
        try:
            yield written(world, [decide()])
        except RefusedError:
            continue


def refunds_go(world: World) -> Iterator[World]:
    """We keep a refund's key and amount; the provider is asked (perhaps twice) and decides; we hear of it."""
    for each in world.orders:
        for payment in each.payments:
            count = sum(sent.key == payment.key for sent in world.sent)
            identity = f"r{payment.key.txn}{count}"
            if count == 2:
                continue
            try:
                change = order_refund(each, payment.key, identity)
            except RefusedError:
                continue
            assert change is not None
            asked = Sent(payment.key, identity, payment.free_dong)
            yield replace(written(world, [change]), sent=(*world.sent, asked))
    for sent in world.sent:
        if sent.made is None:
            for made in (True, False):
                decided = tuple(replace(one, made=made) if one == sent else one for one in world.sent)
                yield replace(world, sent=decided)
        else:
            yield heard_refund(world, sent)


def heard_refund(world: World, sent: Sent) -> World:
    (owner,) = (each for each in world.orders if each.payment(sent.key))
    assert sent.made is not None
    return written(world, [finish_refund(owner, sent.key, sent.id, world.now_ms, is_done=sent.made)])


def check(world: World) -> None:
    """Whatever happened: nothing of what we heard of is lost or doubled, and no more goes back than came."""
    folded: Counter[Account] = Counter()
    for each in world.orders:
        folded.update(accounts_of(each))
    ledger = dict(world.moved)
    assert {k: v for k, v in ledger.items() if v} == {k: v for k, v in folded.items() if v}
    assert sum(ledger.values()) == 0
    heard = [payment for each in world.orders for payment in each.payments]
    assert len({payment.key for payment in heard}) == len(heard), "a payment is booked twice"
    truth = {money.key: money.amount_dong for _, money in world.truth}
    assert all(truth[payment.key] == payment.amount_dong for payment in heard)
    assert at(ledger, Place.TAKEN) == sum(payment.amount_dong for payment in heard)
    for payment in heard:
        parts = (payment.applied_dong, payment.free_dong, payment.refunded_dong)
        assert min(parts) >= 0
        made = sum(sent.amount_dong for sent in world.sent if sent.key == payment.key and sent.made)
        assert payment.applied_dong + made <= payment.amount_dong, "sent back and used as well"
    settled = [each for each in world.orders if each.is_settled]
    assert len(settled) <= 1, "one subject is paid for once"
    assert at(ledger, Place.PAID_FOR) == sum(each.amount_dong for each in settled)
    for each in world.orders:
        assert (each.state in {State.PAID, State.PAID_LATE}) == (each.is_settled and not each.due_dong)


def check_end(world: World) -> None:
    """When all was heard and all refunds are decided, our books are the provider's books."""
    for identity, money in world.truth:
        world = written(world, list(book(world.orders, identity, money, world.now_ms)))
    for sent in world.sent:
        decided = sent if sent.made is not None else replace(sent, made=True)
        world = replace(world, sent=tuple(decided if one == sent else one for one in world.sent))
        world = heard_refund(world, decided)
    check(world)
    ledger = dict(world.moved)
    assert at(ledger, Place.TAKEN) == sum(money.amount_dong for _, money in world.truth)
    assert at(ledger, Place.REFUNDED) == sum(sent.amount_dong for sent in world.sent if sent.made)


def walk(start: World, most: int) -> tuple[int, set[State]]:
    """Visit states breadth first; return how many, and the states that orders were in."""
    seen = {start}
    queue = deque([start])
    met: set[State] = set()
    while queue:
        world = queue.popleft()
        check(world)
        check_end(world)
        met.update(each.state for each in world.orders)
        for steps in (pays, hears, time_passes, people_decide, refunds_go):
            for following in steps(world):
                if following not in seen and len(seen) < most:
                    seen.add(following)
                    queue.append(following)
    return len(seen), met


def test_money_is_never_lost_or_doubled_in_any_interleaving() -> None:
    count, met = walk(START, MAX_STATES)
    assert count == MAX_STATES
    assert met | {State.REFUNDED} == set(State), "refunded lies deeper: the next walk comes there"


def told(number: int, amount_dong: int) -> Taken:
    key = PaymentKey(Provider.BANK, f"t{number}")
    return Taken(key=key, reference=None, amount_dong=amount_dong, taken_at_ms=0, source=Source.NOTIFIED)


def heard(*truth: tuple[str, Taken]) -> World:
    """Return the world in which just this was paid and heard of."""
    world = replace(START, truth=truth)
    for identity, money in truth:
        world = written(world, list(book(world.orders, identity, money, world.now_ms)))
    return world


@pytest.mark.parametrize(
    ("inside", "end"),
    [
        (heard((IDS[0], told(0, AMOUNT_DONG)), (IDS[1], told(1, AMOUNT_DONG))), State.REFUNDED),
        (heard((IDS[0], told(0, 100_000))), State.REFUND_DUE),
        (heard((IDS[0], told(0, 30_000))), State.REFUNDED),
    ],
    ids=["double", "over", "short"],
)
def test_nor_in_walks_from_further_inside_where_breadth_would_not_come(inside: World, end: State) -> None:
    _, met = walk(inside, 1_500)
    assert end in met

"""Money that is told of: by whom, how often, in which order, and from two sides at once."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from cloud.payments.ledger import Place
from cloud.payments.money import Provider
from cloud.payments.notice import Outcome, Source, Taken
from cloud.payments.order import Order, State
from cloud.payments.reference import reference_of
from cloud.store import payment_notices
from cloud.store.engine import Store, open_store
from cloud.store.payment_notices import Booked
from tests.cloud.paying import AMOUNT_DONG, booked, money, opened, places, read
from tests.cloud.samples import NOW_MS

NOTHING = dict.fromkeys(Place, 0)


def test_money_is_booked_to_its_order(store: Store) -> None:
    order = opened(store)
    outcome, paid = booked(store, money(order))
    assert (outcome, paid.state, read(store, order)) == (Outcome.BOOKED, State.PAID, paid)
    assert places(store) == NOTHING | {Place.TAKEN: AMOUNT_DONG, Place.PAID_FOR: AMOUNT_DONG}


@pytest.mark.parametrize("first", list(Source))
@pytest.mark.parametrize("then", list(Source))
def test_the_same_payment_told_again_by_anybody_changes_nothing(
    store: Store, first: Source, then: Source
) -> None:
    order = opened(store)
    paid = booked(store, money(order, source=first)).order
    before = places(store)
    for source in (then, first):
        assert booked(store, money(order, source=source)) == Booked(Outcome.KNOWN, paid)
    assert places(store) == before


def test_who_told_of_it_is_kept_and_the_first_time_holds(store: Store) -> None:
    order = opened(store)
    booked(store, money(order, source=Source.STATEMENT), NOW_MS + 1)
    booked(store, money(order, source=Source.POLLED), NOW_MS + 2)
    booked(store, money(order, source=Source.NOTIFIED), NOW_MS + 3)
    booked(store, money(order, source=Source.STATEMENT), NOW_MS + 4)
    with store.reading() as connection:
        row = connection.execute(
            text(
                "SELECT received_at_ms, notified_at_ms, stated_at_ms, reference, order_id FROM provider_notice"
            )
        ).one()
    assert tuple(row) == (NOW_MS + 1, NOW_MS + 2, NOW_MS + 1, order.reference, order.id)


def test_another_amount_under_the_same_number_is_told_and_the_first_holds(store: Store) -> None:
    order = opened(store)
    paid = booked(store, money(order)).order
    for amount_dong in (5, 6):
        assert booked(store, money(order, amount_dong=amount_dong)) == Booked(Outcome.CONTRADICTS, paid)
    with store.reading() as connection:
        assert connection.execute(text("SELECT contradicted_dong FROM provider_notice")).scalar_one() == 5


@pytest.mark.parametrize(
    ("amount_dong", "kept"),
    [
        (30_000, {Place.TAKEN: 30_000, Place.REFUND_DUE: 30_000}),
        (90_000, {Place.TAKEN: 90_000, Place.PAID_FOR: 75_000, Place.REFUND_DUE: 15_000}),
    ],
)
def test_a_wrong_amount_is_booked_and_named(store: Store, amount_dong: int, kept: dict[Place, int]) -> None:
    outcome, order = booked(store, money(opened(store), amount_dong=amount_dong))
    assert (outcome, order.state) == (Outcome.MISMATCH, State.MISMATCH)
    assert places(store) == NOTHING | kept


@pytest.mark.parametrize("reference", [None, "", "TCDS000123", reference_of(99), "x" * 300])
def test_money_that_names_no_order_is_kept_and_owed_back(store: Store, reference: str | None) -> None:
    stray = replace(money(None), reference=reference)
    outcome, order = booked(store, stray)
    assert (outcome, order.state, order.reference) == (Outcome.UNMATCHED, State.REFUND_DUE, None)
    assert booked(store, stray) == Booked(Outcome.KNOWN, order)
    assert places(store) == NOTHING | {Place.TAKEN: AMOUNT_DONG, Place.REFUND_DUE: AMOUNT_DONG}


def test_two_strays_are_two(store: Store) -> None:
    first, second = booked(store, money(None, "t1")).order, booked(store, money(None, "t2")).order
    third = booked(store, money(None, "t1", provider=Provider.MOMO)).order
    assert len({first.id, second.id, third.id}) == 3
    assert places(store)[Place.REFUND_DUE] == 3 * AMOUNT_DONG


def test_a_second_payment_of_what_is_paid_is_owed_back(store: Store) -> None:
    order = opened(store)
    booked(store, money(order))
    outcome, twice = booked(store, money(order, "t2", provider=Provider.VNPAY))
    assert (outcome, twice.state, twice.is_settled) == (Outcome.BOOKED, State.REFUND_DUE, True)
    assert places(store) == {
        Place.TAKEN: 150_000,
        Place.PAID_FOR: 75_000,
        Place.REFUND_DUE: 75_000,
        Place.REFUNDED: 0,
    }


def test_what_failed_in_the_middle_did_not_happen(store: Store) -> None:
    order = opened(store)

    def cut() -> None:
        with store.writing() as connection:
            payment_notices.book(connection, money(order), NOW_MS)
            raise RuntimeError("power cut before the commit")

    with pytest.raises(RuntimeError):
        cut()
    assert places(store) == NOTHING
    assert booked(store, money(order)).outcome is Outcome.BOOKED


def _book_all(store: Store, tolds: list[Taken]) -> list[Booked]:
    """Book from as many threads at once."""
    found: list[Booked] = []
    gate = threading.Barrier(len(tolds))

    def work(taken: Taken) -> None:
        gate.wait(10)
        found.append(booked(store, taken))

    threads = [threading.Thread(target=work, args=(taken,)) for taken in tolds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_told_from_many_sides_at_once_it_is_booked_once(store_url: str) -> None:
    with open_store(store_url) as store:
        order = opened(store)
        found = _book_all(store, [money(order, source=source) for source in (*Source, *Source)])
        assert sorted(each.outcome for each in found) == [Outcome.BOOKED, *[Outcome.KNOWN] * 5]
        assert places(store) == NOTHING | {Place.TAKEN: AMOUNT_DONG, Place.PAID_FOR: AMOUNT_DONG}


def test_orders_of_one_subject_that_are_paid_at_once_are_paid_for_once(store_url: str) -> None:
    with open_store(store_url) as store:
        orders: list[Order] = [opened(store, number, subject="s") for number in range(1, 5)]
        found = _book_all(store, [money(order, f"t{number}") for number, order in enumerate(orders)])
        assert len(found) == 4
        assert sum(read(store, order).is_settled for order in orders) == 1
        assert places(store) == NOTHING | {
            Place.TAKEN: 4 * AMOUNT_DONG,
            Place.PAID_FOR: AMOUNT_DONG,
            Place.REFUND_DUE: 3 * AMOUNT_DONG,
        }


def test_an_order_opened_unseen_while_another_was_paid_is_paid_for_once(store: Store) -> None:
    """On PostgreSQL two transactions may miss each other so; here the row is put in behind the rules' back."""
    first, second = opened(store, 1), opened(store, 2)
    with store.writing() as connection:
        connection.execute(text("UPDATE payment_order SET subject = 's'"))
    booked(store, money(first))
    with store.writing() as connection:
        connection.execute(text("UPDATE payment_order SET is_closed = :no"), {"no": False})
    outcome, order = booked(store, money(second, "t2"))
    assert (outcome, order.state, order.is_closed) == (Outcome.BOOKED, State.REFUND_DUE, True)

"""The books, read."""

from cloud.payments.ledger import Account, Place
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey, Source
from cloud.payments.polling import FIRST_MS
from cloud.payments.reconcile import Item, Kind, reconcile
from cloud.store import payment_books, payments
from cloud.store.engine import Store
from cloud.store.payment_books import OurSides
from tests.cloud.paying import AMOUNT_DONG, booked, ended, money, opened, read, sent_back
from tests.cloud.samples import NOW_MS

T1, T2 = PaymentKey(Provider.BANK, "t1"), PaymentKey(Provider.BANK, "t2")
HOUR_MS = 3_600_000


def sides(store: Store, since_ms: int = NOW_MS, until_ms: int = NOW_MS + HOUR_MS) -> OurSides:
    with store.reading() as connection:
        return payment_books.sides_of(connection, since_ms, until_ms)


def due(store: Store, now_ms: int) -> list[str]:
    with store.reading() as connection:
        return [order.id for order in payment_books.polls_due(connection, now_ms, 10)]


def test_an_empty_ledger_is_empty(store: Store) -> None:
    with store.reading() as connection:
        assert payment_books.ledger(connection) == {}
    assert sides(store) == OurSides([], [])


def test_the_ledger_is_kept_for_each_provider(store: Store) -> None:
    booked(store, money(opened(store, 1)))
    booked(store, money(opened(store, 2), amount_dong=5, provider=Provider.MOMO))
    with store.reading() as connection:
        folded = payment_books.ledger(connection)
    assert {account: amount for account, amount in folded.items() if amount} == {
        Account(Provider.BANK, Place.TAKEN): AMOUNT_DONG,
        Account(Provider.BANK, Place.PAID_FOR): -AMOUNT_DONG,
        Account(Provider.MOMO, Place.TAKEN): 5,
        Account(Provider.MOMO, Place.REFUND_DUE): -5,
    }


def test_a_day_has_what_moved_by_the_providers_clock(store: Store) -> None:
    order = opened(store)
    booked(store, money(order), now_ms=NOW_MS + 5 * HOUR_MS)
    item = Item(T1, AMOUNT_DONG)
    assert sides(store) == OurSides([item], [item])
    assert sides(store, NOW_MS + 60_000, NOW_MS + 60_001) == OurSides([item], [item])
    assert sides(store, NOW_MS, NOW_MS + 60_000) == OurSides([], [])
    assert sides(store, NOW_MS + 60_001, NOW_MS + HOUR_MS) == OurSides([], [])


def test_what_only_the_statement_told_was_not_notified(store: Store) -> None:
    booked(store, money(opened(store), source=Source.STATEMENT))
    ours = sides(store)
    assert ours == OurSides([Item(T1, AMOUNT_DONG)], [])
    (difference,) = reconcile(*ours, [Item(T1, AMOUNT_DONG)]).differences
    assert (difference.kind, difference.gap_dong) == (Kind.NEVER_NOTIFIED, 0)


def test_refunds_and_strays_are_part_of_the_day(store: Store) -> None:
    order = opened(store)
    booked(store, money(order))
    sending = sent_back(store, booked(store, money(order, "t2")).order, T2)
    refund = sending.payments[1].refund
    assert refund is not None
    ended(store, order, T2, refund.id, now_ms=NOW_MS + 80_000)
    booked(store, money(None, "t3", 9))
    ours = sides(store)
    back = Item(PaymentKey(Provider.BANK, refund.id), -AMOUNT_DONG)
    came = [Item(T1, AMOUNT_DONG), Item(T2, AMOUNT_DONG)]
    stray = Item(PaymentKey(Provider.BANK, "t3"), 9)
    assert ours.booked == [*came, back, stray]
    assert ours.noticed == [*came, stray, back]
    assert reconcile(*ours, [*came, stray, back]).is_clean


def test_providers_are_asked_when_their_code_was_shown_and_then_ever_later(store: Store) -> None:
    order = opened(store)
    with store.writing() as connection:
        payments.show_payment(connection, order.id, Provider.BANK, NOW_MS)
    assert due(store, NOW_MS + HOUR_MS) == [], "the bank is not asked about one order"
    with store.writing() as connection:
        payments.show_payment(connection, order.id, Provider.MOMO, NOW_MS)
    assert due(store, NOW_MS + FIRST_MS - 1) == []
    now_ms = NOW_MS + FIRST_MS
    assert due(store, now_ms) == [order.id]
    with store.writing() as connection:
        payment_books.note_polls(connection, [read(store, order)], now_ms)
    assert due(store, now_ms) == []
    assert due(store, now_ms + FIRST_MS) == [order.id]
    booked(store, money(order, provider=Provider.MOMO))
    assert due(store, now_ms + 24 * HOUR_MS) == []
    with store.writing() as connection:
        payment_books.note_polls(connection, [order], now_ms)
        payment_books.note_polls(connection, [], now_ms)
    assert due(store, now_ms + 24 * HOUR_MS) == [], "an old view does not bring it back"


def test_the_longest_due_is_asked_first_and_not_all_at_once(store: Store) -> None:
    for number, at_ms in ((1, NOW_MS + 9), (2, NOW_MS)):
        order = opened(store, number, now_ms=at_ms)
        with store.writing() as connection:
            payments.show_payment(connection, order.id, Provider.VNPAY, at_ms)
    assert [int(identity, 16) for identity in due(store, NOW_MS + HOUR_MS)] == [2, 1]
    with store.reading() as connection:
        assert len(payment_books.polls_due(connection, NOW_MS + HOUR_MS, 1)) == 1

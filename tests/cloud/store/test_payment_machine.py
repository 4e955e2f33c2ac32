"""Anything in any order against the real store, each step perhaps cut off before its commit; the provider has the truth.

What a step did at the provider stays done when ours is rolled back: that is what a power cut leaves behind.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cloud.payments.errors import RefusedError
from cloud.payments.ledger import Place
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey, Source, Taken
from cloud.payments.order import Order, State
from cloud.store import payment_books, payment_notices, payment_refunds, payments
from cloud.store.engine import Store, Transaction, open_store
from tests.cloud.paying import AMOUNT_DONG, END_MS, asked, places
from tests.cloud.samples import NOW_MS


class PowerCutError(Exception):
    """Raised just before a commit."""


@pytest.fixture(scope="module", autouse=True)
def template(migrated_file: Path) -> None:
    """Let every example begin with a copy of one migrated database."""
    PaymentMachine.template = migrated_file


def cut_power() -> None:
    raise PowerCutError


class PaymentMachine(RuleBasedStateMachine):
    """Three orders of two subjects; `truth`: what providers took; `given_back`: what they sent back."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = NOW_MS
        self.truth: list[Taken] = []
        self.heard: set[PaymentKey] = set()
        self.given_back: dict[str, int] = {}
        self.closing = ExitStack()
        folder = self.closing.enter_context(tempfile.TemporaryDirectory())
        copy = shutil.copy(self.template, Path(folder) / "store.db")
        self.store: Store = self.closing.enter_context(open_store(f"sqlite:///{copy}"))
        self.orders: list[Order] = []

    def teardown(self) -> None:
        self.hear_everything()
        assert places(self.store)[Place.TAKEN] == sum(money.amount_dong for money in self.truth)
        self.closing.close()

    @contextmanager
    def step(self, *, cut: bool) -> Iterator[Transaction]:
        """Run one transaction; a cut leaves no trace of it."""
        try:
            with self.store.writing() as connection:
                yield connection
                if cut:
                    cut_power()
        except (PowerCutError, RefusedError):
            pass

    def read(self, order: Order) -> Order:
        with self.store.reading() as connection:
            return payments.require_payment(connection, order.id)

    @initialize()
    def open_orders(self) -> None:
        for number, subject in ((1, "s"), (2, "s"), (3, "t")):
            with self.store.writing() as connection:
                self.orders.append(payments.open_payment(connection, asked(number, subject=subject), NOW_MS))

    @rule(number=st.integers(0, 2), cut=st.booleans())
    def open_again(self, number: int, *, cut: bool) -> None:
        order = self.orders[number]
        with self.step(cut=cut) as connection:
            assert (
                payments.open_payment(connection, asked(number + 1, subject=order.subject), self.now_ms).id
                == order.id
            )

    @rule(
        number=st.integers(0, 3),
        amount_dong=st.sampled_from([AMOUNT_DONG, AMOUNT_DONG, 30_000, 45_000, 90_000]),
        provider=st.sampled_from(Provider),
    )
    def citizen_pays(self, number: int, amount_dong: int, provider: Provider) -> None:
        """Pay an order by its code, or (3) by a code that names none."""
        key = PaymentKey(provider, f"t{len(self.truth)}")
        reference = self.orders[number].reference if number < len(self.orders) else None
        self.truth.append(
            Taken(
                key=key,
                reference=reference,
                amount_dong=amount_dong,
                taken_at_ms=self.now_ms,
                source=Source.NOTIFIED,
            )
        )

    @precondition(lambda self: self.truth)
    @rule(which=st.integers(0, 99), cut=st.booleans())
    def hear(self, which: int, *, cut: bool) -> None:
        """Hear of any payment: first, again, late; by notice, poll or statement, which differ only in a mark."""
        money = self.truth[which % len(self.truth)]
        with self.step(cut=cut) as connection:
            payment_notices.book(connection, money, self.now_ms)
        if not cut:
            self.heard.add(money.key)

    def hear_everything(self) -> None:
        for money in self.truth:
            with self.step(cut=False) as connection:
                payment_notices.book(connection, money, self.now_ms)
            self.heard.add(money.key)

    @rule(number=st.integers(0, 2), provider=st.sampled_from(Provider), cut=st.booleans())
    def show(self, number: int, provider: Provider, *, cut: bool) -> None:
        with self.step(cut=cut) as connection:
            payments.show_payment(connection, self.orders[number].id, provider, self.now_ms)

    @rule(cut=st.booleans(), passes_end=st.booleans())
    def time_passes(self, *, cut: bool, passes_end: bool) -> None:
        self.now_ms = max(self.now_ms + 1_000, END_MS if passes_end else 0)
        with self.step(cut=cut) as connection:
            payments.expire_payments(connection, self.now_ms, 10)

    @rule(number=st.integers(0, 2), cut=st.booleans(), gives_up=st.booleans())
    def somebody_decides(self, number: int, *, cut: bool, gives_up: bool) -> None:
        end = payments.give_up_payment if gives_up else payments.close_payment
        with self.step(cut=cut) as connection:
            end(connection, self.orders[number].id, "decided", self.now_ms)

    @rule(cut=st.booleans())
    def desk_sends_back(self, *, cut: bool) -> None:
        with self.store.reading() as connection:
            owed = payment_refunds.owed(connection, 10)
        for order in owed:
            for payment in order.payments:
                with self.step(cut=cut) as connection:
                    payment_refunds.send_back(connection, order.id, payment.key, self.now_ms)

    @rule(cut=st.booleans(), turns_down=st.booleans())
    def provider_sends_back(self, *, cut: bool, turns_down: bool) -> None:
        """The worker asks for all that is on its way, perhaps again; a key once honoured stays honoured."""
        with self.store.reading() as connection:
            sending = payment_refunds.on_their_way(connection, 10)
        for order, payment in sending:
            refund = payment.refund
            assert refund is not None
            if not turns_down:
                self.given_back.setdefault(refund.id, refund.amount_dong)
            is_done = refund.id in self.given_back
            with self.step(cut=cut) as connection:
                payment_refunds.end_refund(
                    connection, order.id, payment.key, refund.id, self.now_ms, is_done=is_done
                )

    @invariant()
    def every_dong_that_we_heard_of_is_at_one_place(self) -> None:
        at = places(self.store)
        heard = sum(money.amount_dong for money in self.truth if money.key in self.heard)
        assert at[Place.TAKEN] == heard
        assert at[Place.PAID_FOR] + at[Place.REFUND_DUE] + at[Place.REFUNDED] == heard
        assert (
            at[Place.REFUNDED] <= sum(self.given_back.values()) <= at[Place.REFUND_DUE] + at[Place.REFUNDED]
        )

    @invariant()
    def a_subject_is_paid_for_once_and_the_state_tells(self) -> None:
        orders = [self.read(order) for order in self.orders]
        settled = [order for order in orders if order.is_settled]
        assert len({order.subject for order in settled}) == len(settled)
        assert places(self.store)[Place.PAID_FOR] == AMOUNT_DONG * len(settled)
        for order in orders:
            assert (order.state in {State.PAID, State.PAID_LATE}) == (order.is_settled and not order.due_dong)

    @invariant()
    def what_the_orders_owe_is_what_the_ledger_owes(self) -> None:
        with self.store.reading() as connection:
            owed = payment_refunds.owed(connection, 100)
        assert sum(order.due_dong for order in owed) == places(self.store)[Place.REFUND_DUE]

    @invariant()
    def history_has_no_gap(self) -> None:
        for order in self.orders:
            with self.store.reading() as connection:
                seen = [event.version for event in payment_books.history(connection, order.id)]
            assert seen == list(range(1, self.read(order).version + 1))


PaymentMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestPaymentMachine = PaymentMachine.TestCase

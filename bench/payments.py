"""What a payment costs: orders opened, shown and paid through the store, one transaction each, on SQLite and PostgreSQL.

    python -m bench.payments [--orders 2000] [--workers 4]

Each order is opened, its code is noted as shown, and its money is booked as an IPN would, twice (the second changes
nothing). Beside it stands the same number of transactions that insert one row with the same pragmas. At the end the
ledger is compared with what was paid.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Final

from bench.measure import percentile, report
from cloud.payments.ledger import Place, at
from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey, Source, Taken
from cloud.payments.order import Order, State
from cloud.store import payment_books, payment_notices, payments
from cloud.store.engine import Store, open_store
from cloud.store.migration import migrate
from cloud.store.payments import NewOrder
from tests.rig.postgres import running_postgres

NOW_MS: Final = 1_780_000_000_000
AMOUNT_DONG: Final = 75_000
STEPS: Final = 4
"""Transactions for each order."""


def main() -> None:
    """Measure, print what was measured, and end with the JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    figures: dict[str, float] = {}
    for name, opening in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        with opening() as store:
            measured = _measure(store, options.orders, options.workers)
        figures |= {f"{name}_{figure}": value for figure, value in measured.items()}
    with tempfile.TemporaryDirectory() as folder:
        raw_per_s = _raw_transactions_per_s(Path(folder) / "raw.db", options.orders)
    baseline = {"sqlite_one_row_transactions_per_s": round(raw_per_s), "transactions_an_order": STEPS}
    report("payments", figures, samples=options.orders, baseline=baseline)


def _measure(store: Store, orders: int, workers: int) -> dict[str, float]:
    started = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        shares = pool.map(lambda first: _pay_all(store, range(first, orders, workers)), range(workers))
        waits_ms = list(chain.from_iterable(shares))
    took_s = time.perf_counter() - started
    with store.reading() as connection:
        ledger = payment_books.ledger(connection)
    return {
        "orders_per_s": round(orders / took_s),
        "order_p50_ms": round(percentile(waits_ms, 0.5), 2),
        "order_p99_ms": round(percentile(waits_ms, 0.99), 2),
        "lost_dong": orders * AMOUNT_DONG - at(ledger, Place.PAID_FOR),
        "doubled_dong": at(ledger, Place.TAKEN) - orders * AMOUNT_DONG,
    }


def _pay_all(store: Store, numbers: range) -> list[float]:
    waits_ms = []
    for number in numbers:
        started = time.perf_counter()
        _pay(store, number)
        waits_ms.append((time.perf_counter() - started) * 1000)
    return waits_ms


def _pay(store: Store, number: int) -> None:
    asked = NewOrder(
        id=f"{number:032x}",
        subject=f"request-{number}",
        purpose="residence-fee",
        station="st-0001",
        amount_dong=AMOUNT_DONG,
        life_ms=900_000,
    )
    with store.writing() as connection:
        order = payments.open_payment(connection, asked, NOW_MS)
    with store.writing() as connection:
        payments.show_payment(connection, order.id, Provider.VNPAY, NOW_MS)
    for _ in range(2):
        with store.writing() as connection:
            paid = payment_notices.book(connection, _money(order, number), NOW_MS).order
    assert paid.state is State.PAID


def _money(order: Order, number: int) -> Taken:
    return Taken(
        key=PaymentKey(Provider.VNPAY, str(14_000_000 + number)),
        reference=order.reference,
        amount_dong=AMOUNT_DONG,
        taken_at_ms=NOW_MS,
        source=Source.NOTIFIED,
    )


@contextmanager
def _sqlite() -> Iterator[Store]:
    with (
        tempfile.TemporaryDirectory() as folder,
        _migrated(f"sqlite:///{Path(folder) / 'bench.db'}") as store,
    ):
        yield store


@contextmanager
def _postgresql() -> Iterator[Store]:
    with running_postgres() as server, _migrated(server.create_database()) as store:
        yield store


@contextmanager
def _migrated(url: str) -> Iterator[Store]:
    migrate(url)
    with open_store(url) as store:
        yield store


def _raw_transactions_per_s(path: Path, count: int) -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE posting (seq INTEGER PRIMARY KEY, amount INTEGER)")
        started = time.perf_counter()
        for _ in range(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO posting (amount) VALUES (75000)")
            connection.execute("COMMIT")
        return count / (time.perf_counter() - started)


if __name__ == "__main__":
    main()

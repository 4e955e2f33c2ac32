"""A database of the release before payments takes them once it is brought up."""

from pathlib import Path

import pytest

from cloud.payments.ledger import Place
from cloud.payments.notice import Outcome
from cloud.store.engine import open_store
from cloud.store.errors import SchemaError
from cloud.store.migration import migrate
from tests.cloud.paying import AMOUNT_DONG, booked, money, opened, places
from tests.cloud.store.test_migrations import old_database


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_database_of_0003_is_brought_up_and_takes_payments(
    request: pytest.FixtureRequest, tmp_path: Path, backend: str
) -> None:
    url = old_database(request, tmp_path, "0003", backend)
    with pytest.raises(SchemaError), open_store(url):
        pytest.fail("opened a database that has no place for payments")
    migrate(url)
    with open_store(url) as store:
        order = opened(store)
        assert booked(store, money(order)).outcome is Outcome.BOOKED
        assert booked(store, money(order)).outcome is Outcome.KNOWN
        assert places(store)[Place.PAID_FOR] == AMOUNT_DONG

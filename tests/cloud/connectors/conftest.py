"""A shop over a SQLite store of its own."""

from collections.abc import AsyncIterator

import pytest

from cloud.store.engine import open_store
from tests.cloud.connectors.shop import Shop, open_shop


@pytest.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    """A running shop."""
    with open_store(sqlite_url) as store:
        async with open_shop(store) as opened:
            yield opened

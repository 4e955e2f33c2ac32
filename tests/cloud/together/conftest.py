"""A world over a fresh store; every walk needs states put back, which a file can and a server cannot."""

from collections.abc import AsyncIterator

import pytest

from tests.cloud.together.mortal import Stores
from tests.cloud.together.outside import Outside
from tests.cloud.together.world import World


@pytest.fixture
async def world(sqlite_url: str, kind: str) -> AsyncIterator[World]:
    """What a test walks through: `kind` is bill or fee."""
    outside = Outside()
    with Stores(sqlite_url) as stores:
        yield World(stores, outside, is_bill=kind == "bill")
    await outside.aclose()

"""A carrier with one dossier to carry, by a connector that says what it is told to."""

import pytest

from cloud.route.carrier import Carrier
from cloud.store import request_routes
from cloud.store.engine import Store
from tests.cloud.requesting import BLOB, NOW_MS, OFFICES, REQUEST, bring, submitted
from tests.cloud.route.road import ScriptedConnector, SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def far_end() -> ScriptedConnector:
    return ScriptedConnector()


@pytest.fixture
def carrier(store: Store, far_end: ScriptedConnector, clock: SetClock) -> Carrier:
    bring(store, submitted(fields=["number"], blobs=[BLOB]))
    with store.writing() as connection:
        request_routes.route(connection, [(REQUEST, "desk-a", "portal")], NOW_MS)
    return Carrier(store, far_end, OFFICES, clock, jitter=lambda: 0.0)

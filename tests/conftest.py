"""Fixtures that every package's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.rig.broker import Broker, running_broker

# No test is timed: how long one takes is the machine's mood.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real Mosquitto with mTLS for one test."""
    with running_broker(tmp_path / "broker") as running:
        yield running

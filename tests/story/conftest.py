"""The stage of the stories: real parts, and the table of faults that the run itself writes.

`make faults` runs the stories with TCDS_FAULTS=docs/faults.md; without it nothing is written.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.broker import Broker, running_broker
from tests.rig.postgres import Postgres, running_postgres
from tests.story.faults import FaultTable


@pytest.fixture(scope="session")
def faults() -> Iterator[FaultTable]:
    """The table; written at the end when TCDS_FAULTS names a file."""
    table = FaultTable()
    yield table
    path = os.environ.get("TCDS_FAULTS")
    if path:
        Path(path).write_text(table.render(), encoding="utf-8")


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker for stories that are not about it."""
    with running_broker(tmp_path_factory.mktemp("broker")) as found:
        yield found


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A server that the story may kill."""
    with running_postgres() as server:
        yield server

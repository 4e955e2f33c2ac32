"""A real pcscd for one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.pcsc import PcscDaemon


@pytest.fixture
def pcscd(tmp_path: Path) -> Iterator[PcscDaemon]:
    """One virtual reader of two slots."""
    with PcscDaemon(tmp_path / "pcscd") as daemon:
        yield daemon

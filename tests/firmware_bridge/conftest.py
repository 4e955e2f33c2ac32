from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.board import FakeBoard
from tests.sim.simboard import SimBoard, build, build_frame_library


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The simulator and the firmware's ELF file."""
    return build(tmp_path_factory.mktemp("firmware"))


@pytest.fixture(scope="session")
def frame_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_frame_library(tmp_path_factory.mktemp("frame"))


@pytest.fixture
async def sim(simulator: tuple[Path, Path]) -> AsyncIterator[SimBoard]:
    async with SimBoard(*simulator, serial=7) as board:
        yield board


@pytest.fixture
async def fake(tmp_path: Path) -> AsyncIterator[FakeBoard]:
    async with FakeBoard(tmp_path / "board", serial=7) as board:
        yield board

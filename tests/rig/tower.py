"""A virtual station as a tower has one: the real daemon as a process, and a faithful button board on a pty."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware_bridge.messages import EventId
from tests.fakes.board import FakeBoard
from tests.rig.broker import Broker
from tests.rig.station import EDGE, StationProcess, write_settings


class Station:
    """`async with Station(...)`: `daemon` can be killed and started, `board` pressed and unplugged."""

    def __init__(
        self,
        directory: Path,
        station: str,
        broker: Broker,
        *,
        port: int | None = None,
        journal: str = "journal.db",
        environment: Mapping[str, str] | None = None,
        extra: str = "",
        program: Sequence[str] = EDGE,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.station = station
        self.directory = directory
        self.journal = directory / journal
        self.board = FakeBoard(directory / "board", serial=int.from_bytes(station.encode()[-4:]))
        config = write_settings(directory, broker, station, port=port, journal=journal, extra=extra)
        self.daemon = StationProcess(config, environment=environment, program=program)

    def is_receipted(self, event: EventId) -> bool:
        """Tell whether the journal has let go of a press, which it does on the cloud's receipt and nothing else."""
        with closing(sqlite3.connect(f"file:{self.journal}?mode=ro", uri=True, timeout=1)) as journal:
            found = journal.execute(
                "SELECT 1 FROM forgotten WHERE lane = 'sos' AND source = ?", (str(event),)
            )
            return found.fetchone() is not None

    async def __aenter__(self) -> Self:
        await self.board.__aenter__()
        # The board answers on this loop, so nobody may wait for the daemon on it.
        await asyncio.to_thread(self.daemon.__enter__)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.daemon.__exit__, kind, error, trace)
        await self.board.__aexit__(kind, error, trace)

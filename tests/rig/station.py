"""A virtual station: the real edge daemon as a process, with a faithful button board on a pty."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware_bridge.messages import EventId
from tests.fakes.board import FakeBoard
from tests.rig.broker import HOST, Broker
from tests.rig.processes import Process


class Station:
    """One station below a directory: `daemon` can be killed and started, `board` pressed and unplugged."""

    def __init__(
        self, directory: Path, station: str, broker: Broker, *, port: int | None = None, extra: str = ""
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.station = station
        self.directory = directory
        self.board = FakeBoard(directory / "board", serial=sum(station.encode()) << 8 | len(station))
        self.config = directory / "station.toml"
        leaf = broker.certificate(station)
        self.config.write_text(
            f"""
[station]
id = "{station}"
name = "Trạm {station}"
place = "Tầng trệt"
[broker]
host = "{HOST}"
port = {port or broker.port}
ca = "{broker.ca_path}"
certificate = "{leaf.certificate}"
key = "{leaf.key}"
[journal]
path = "{directory / "journal.db"}"
[board]
port = "{directory / "board"}"
button_names = ["standing", "low"]
{extra}
""",
            encoding="utf-8",
        )
        self.daemon = Process(
            f"tcds-edge {station}",
            [sys.executable, "-m", "edge", "run", "--config", str(self.config)],
            log=directory / "edge.log",
        )

    def is_receipted(self, event: EventId) -> bool:
        """Tell whether the journal has let go of a press, which it does on the cloud's receipt and nothing else."""
        with closing(
            sqlite3.connect(f"file:{self.directory / 'journal.db'}?mode=ro", uri=True, timeout=1)
        ) as journal:
            found = journal.execute(
                "SELECT 1 FROM forgotten WHERE lane = 'sos' AND source = ?", (str(event),)
            )
            return found.fetchone() is not None

    async def __aenter__(self) -> Self:
        await self.board.__aenter__()
        self.daemon.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The board answers on this loop, so the daemon is only asked to end and reaped after the board is gone.
        self.daemon.stop()
        await self.board.__aexit__(kind, error, trace)

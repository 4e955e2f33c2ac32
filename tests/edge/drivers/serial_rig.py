"""An instrument on a pty under the driver, and what its listener heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from edge.clock import SystemClock
from edge.codecs.instrument import Failed, Live, Taken, Wave
from edge.drivers.serial_instrument import SerialInstrument
from edge.instrument import Heard, InstrumentNews
from edge.registry import PairedDevice
from edge.supervise import Backoff, supervise
from tests.edge.waiting import eventually
from wire.entries import DeviceChanged, DeviceState, VitalKind

NAME = "one"
FAST = Backoff(first_s=0.05, limit_s=0.1)


@dataclass
class Rig:
    instrument: SerialInstrument
    news: list[InstrumentNews] = field(default_factory=list)
    changes: list[DeviceChanged] = field(default_factory=list)

    @property
    def states(self) -> list[DeviceState]:
        return [change.state for change in self.changes]

    @property
    def live(self) -> list[Live]:
        return [said.event for said in self.news if isinstance(said, Heard) and isinstance(said.event, Live)]

    @property
    def waves(self) -> list[Wave]:
        return [said.event for said in self.news if isinstance(said, Heard) and isinstance(said.event, Wave)]

    @property
    def results(self) -> list[Taken | Failed]:
        return [
            said.event
            for said in self.news
            if isinstance(said, Heard) and isinstance(said.event, Taken | Failed)
        ]

    async def is_alive(self) -> None:
        await eventually(lambda: self.instrument.health.state is DeviceState.OK)

    async def tells(self, *news: InstrumentNews) -> None:
        """Wait until all of `news` have been told."""
        await eventually(lambda: all(each in self.news for each in news))


def paired(driver: str, path: Path, *kinds: VitalKind) -> PairedDevice:
    return PairedDevice(name=NAME, driver=driver, address=str(path), kinds=list(kinds))


@asynccontextmanager
async def running(driver: str, path: Path, *kinds: VitalKind) -> AsyncIterator[Rig]:
    news: list[InstrumentNews] = []
    changes: list[DeviceChanged] = []
    one = SerialInstrument(paired(driver, path, *kinds), SystemClock(), news.append, changes.append)
    task = asyncio.create_task(supervise(NAME, one.run, FAST))
    try:
        yield Rig(one, news, changes)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

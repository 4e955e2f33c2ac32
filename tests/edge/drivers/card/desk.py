"""A card reader of the test's own: a real pcscd, the driver over it, and cards of a few lines."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from edge.clock import SystemClock
from edge.drivers.card.driver import BACKOFF, CardDriver, CardNews
from edge.idcard.blocks import Blocks
from edge.idcard.errors import GoneError, SilentError
from edge.idcard.port import Port
from edge.supervise import supervise
from tests.edge.waiting import eventually
from tests.rig.pcsc import PcscDaemon
from wire.entries import DeviceChanged, DeviceState

ATR = bytes.fromhex("3B8880010000000000000000") + b"\x09"
SELECT = bytes.fromhex("00A4040C07A0000002471001")


FIRST, SECOND = "Virtual Reader 0 00 00", "Virtual Reader 0 00 01"


def nothing() -> None:
    """Do nothing between the commands."""


@dataclass
class PlainCard:
    """Answers each command with its name and 9000. `pause` runs before each answer; it is pulled, or silent, at the APDU so named."""

    name: bytes = b"card"
    atr: bytes = ATR
    pulled_at: int | None = None
    silent_at: int | None = None
    pause: Callable[[], object] = nothing
    apdus: list[bytes] = field(default_factory=list)
    resets: int = 0

    def reset(self) -> None:
        self.resets += 1

    def transmit(self, apdu: bytes) -> bytes:
        self.apdus.append(apdu)
        self.pause()
        if len(self.apdus) == self.pulled_at:
            raise GoneError
        if len(self.apdus) == self.silent_at:
            raise SilentError("told not to answer")
        return self.name + b"\x90\x00"


@dataclass
class Choice:
    """What the settings say."""

    reader: str = ""


class Desk:
    """The driver, and all that it told."""

    def __init__(self, reader: str = "") -> None:
        self.news: list[CardNews] = []
        self.changes: list[DeviceChanged] = []
        self.driver = CardDriver(
            Choice(reader), SystemClock(), note=self.changes.append, hear=self.news.append
        )

    @property
    def states(self) -> list[DeviceState]:
        return [change.state for change in self.changes]


@asynccontextmanager
async def running_desk(reader: str = "") -> AsyncIterator[Desk]:
    """Run the driver under its supervisor."""
    desk = Desk(reader)
    task = asyncio.create_task(supervise("card-reader", desk.driver.run, BACKOFF), name="card-reader")
    try:
        yield desk
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def ask(port: Port, _blocks: Blocks) -> bytes:
    return port.transmit(SELECT)


async def swapped(pcscd: PcscDaemon, card: PlainCard) -> None:
    """Lay another card on as soon as the reader has seen that the first is gone: vpcd takes a quicker one for the same."""
    pcscd.slots[0].remove()
    await eventually(lambda: "Card Removed" in pcscd.log_tail())
    pcscd.slots[0].insert(card)


def ask_often(port: Port, _blocks: Blocks) -> int:
    for _ in range(1_000):
        port.transmit(SELECT)
    return 1_000

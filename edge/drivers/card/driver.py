"""The card reader as one device of the station: news of cards, and readings of them, neither of which blocks the loop."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol, TypeVar

from edge.clock import Clock
from edge.drivers.card.errors import PcscError
from edge.drivers.card.pcsc import MAX_READERS, ReaderState
from edge.drivers.card.port import open_port
from edge.drivers.card.status import Status
from edge.drivers.card.threads import in_thread
from edge.drivers.card.turns import CardNews, Inserted, Removed, Turns
from edge.drivers.device import Device
from edge.idcard.blocks import Blocks
from edge.idcard.errors import GoneError, SilentError
from edge.idcard.port import Port
from edge.logs import Log
from edge.supervise import Backoff
from wire.entries import DeviceChanged

__all__ = ["BACKOFF", "CardDriver", "CardNews", "Inserted", "Removed"]

BACKOFF: Final = Backoff(first_s=0.2, limit_s=5.0)
"""A restarted pcscd is there within a second."""
READING_LIMIT_S: Final = 60.0
"""The largest photo in short answers takes a quarter of it."""
LETTING_GO_LIMIT_S: Final = 3.0
"""A command that is with the card cannot be recalled; so long a cancelled reading waits for its answer."""
END_LIMIT_S: Final = 3.0
"""So long the thread that watches may take to end."""
TURN_LIMIT_S: Final = 5.0
"""So long a reading waits for the one before it to let go of the card."""

T = TypeVar("T")
_log: Final = Log(__name__)


class ReaderChoice(Protocol):
    """What is used of edge.settings' CardSettings."""

    @property
    def reader(self) -> str:
        """Part of the reader's name; empty: any reader."""


class CardDriver:
    """All readers that the settings allow, as one. Run `run` under `supervise` with BACKOFF: it ends when pcscd does.

    `hear` is called on the loop, with Inserted and Removed by turns.
    """

    def __init__(
        self,
        settings: ReaderChoice,
        clock: Clock,
        *,
        note: Callable[[DeviceChanged], None],
        hear: Callable[[CardNews], None],
    ) -> None:
        self._wanted = settings.reader
        self._device = Device("card-reader", clock, note)
        self._hear = hear
        self._turns = Turns()
        self._blocks: dict[str, Blocks] = {}
        self._turn = asyncio.Lock()

    @property
    def device(self) -> Device:
        """The reader's health."""
        return self._device

    @property
    def present(self) -> bool:
        """Whether a card lies there."""
        return self._turns.is_present

    async def run(self) -> None:
        """Watch the readers for ever; PcscError when pcscd does not run, or was ended. Until the next run there is no card."""
        loop = asyncio.get_running_loop()
        is_over = False

        def see(states: tuple[ReaderState, ...]) -> None:
            if not is_over:
                self._see(states)

        def tell(states: tuple[ReaderState, ...]) -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(see, states)

        status = Status(tell)
        watching = in_thread("card-status", status.run)
        try:
            await watching
        except PcscError as error:
            self._device.lost(str(error))
            raise
        finally:
            is_over = True
            self._tell([])
            if not watching.done() or watching.cancelled():
                await self._end(status)

    async def read(self, turn: int, job: Callable[[Port, Blocks], T]) -> T:
        """Run `job` in a thread, connected to exactly the card of `turn`; one reading at a time.

        GoneError when that card is gone, SilentError when it does not answer or the reading before does not let go of it,
        ReaderGoneError without pcscd; and what the job raises. Cancelled, it returns once the connection is closed, or after
        LETTING_GO_LIMIT_S; the job then sees GoneError at its next command.
        """
        try:
            async with asyncio.timeout(TURN_LIMIT_S):
                await self._turn.acquire()
        except TimeoutError as error:
            raise SilentError("the reading before has not ended") from error
        try:
            return await self._read(turn, job)
        finally:
            self._turn.release()

    async def _read(self, turn: int, job: Callable[[Port, Blocks], T]) -> T:
        insertion = self._turns.insertion(turn)
        if insertion is None:
            raise GoneError
        stop = threading.Event()

        def work() -> T:
            with open_port(insertion, stop) as port:
                if insertion.name not in self._blocks:
                    self._remember(insertion.name, port.blocks())
                return job(port, self._blocks[insertion.name])

        reading = in_thread("card-reading", work)
        try:
            await asyncio.wait([reading], timeout=READING_LIMIT_S)
        finally:
            stop.set()
            if not reading.done():
                await asyncio.wait([reading], timeout=LETTING_GO_LIMIT_S)
        if not reading.done():
            raise SilentError(f"no end of the reading after {READING_LIMIT_S:g} s")
        return reading.result()

    def _remember(self, reader: str, blocks: Blocks) -> None:
        """Keep it as long as the daemon runs; names come from outside, so there is an end to how many."""
        if len(self._blocks) >= MAX_READERS:
            self._blocks.clear()
        self._blocks[reader] = blocks

    async def _end(self, status: Status) -> None:
        """End the thread. One that hangs in a frozen pcscd is left behind: it ends with it, and is heard no more."""
        ending = in_thread("card-status-end", status.end)
        await asyncio.wait([ending], timeout=END_LIMIT_S)
        if not (ending.done() and ending.result()):
            _log.warning("the thread that watches the readers does not end")

    def _see(self, states: tuple[ReaderState, ...]) -> None:
        wanted = [state for state in states if self._wanted in state.name]
        usable = [state for state in wanted if state.is_usable]
        if usable:
            self._device.ok()
        elif wanted:
            self._device.fault("the reader gives no state")
        else:
            self._device.lost(_missing(self._wanted, len(states)))
        self._tell(usable)

    def _tell(self, states: list[ReaderState]) -> None:
        for news in self._turns.see(states):
            self._hear(news)


def _missing(wanted: str, others: int) -> str:
    if others:
        return f"no reader with {wanted!r} in its name, but {others} other"
    return "no reader is plugged in"

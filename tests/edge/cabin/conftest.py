"""A cabin on a real journal, with instruments and a clock that the test holds."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.cabin.cabin import Cabin, Order
from edge.cabin.view import Action, View
from edge.codecs.instrument import InstrumentEvent
from edge.journal.errors import JournalFullError
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, MIN_RESERVE_BYTES, Limits
from edge.settings import CabinSettings
from tests.fakes.rack import FakeRack
from wire.codec import decode_body
from wire.entries import AnyBody, ConsentScope, DeviceChanged, DeviceState, VitalKind
from wire.messages import Receipt
from wire.topics import Lane

SETTINGS = CabinSettings(rest_s=30, idle_s=60, warning_s=15)
ROOMY = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB, telemetry_max_entries=100)
TIGHT = Limits(max_bytes=2 * MIN_RESERVE_BYTES, reserve_bytes=MIN_RESERVE_BYTES, telemetry_max_entries=100)


@dataclass
class HeldClock:
    """Stands still until the test moves it."""

    boot: str = field(default_factory=lambda: secrets.token_hex(16))
    now_ms: int = 10_000

    def wall_ms(self) -> int:
        return 1_790_000_000_000 + self.now_ms

    def uptime_ms(self) -> int:
        return self.now_ms


@dataclass
class Place:
    """The cabin and everything around it."""

    cabin: Cabin
    rack: FakeRack
    journal: Journal
    clock: HeldClock

    def act(self, action: Action, **data: object) -> View:
        return self.cabin.act(Order(action=action, **data))  # type: ignore[arg-type]

    def come(self, *kinds: VitalKind, scope: ConsentScope | None = ConsentScope.KEEP) -> None:
        """Choose, answer the question for consent, and start the first step."""
        self.act(Action.BEGIN, kinds=list(kinds))
        self.act(Action.CONSENT, scope=scope, text_version="2026-11")
        self.act(Action.START)

    def say(self, event: InstrumentEvent) -> None:
        """Let the instrument of the present step say something."""
        step = self.cabin.view.step
        assert step is not None
        self.rack.say(step.kind, event)

    def wait(self, seconds: float) -> None:
        """Let the clock jump; the cabin notices when it looks."""
        self.clock.now_ms += round(seconds * 1000)

    async def bodies(self) -> list[AnyBody]:
        """Return what lane `vitals` holds, in order."""
        pending = await self.journal.pending(Lane.VITALS, 0, 100, MIB)
        return [decode_body(entry.body) for entry in pending.entries]

    async def fill(self) -> None:
        """Leave no space for anything but an SOS."""
        note = DeviceChanged(device="modem", state=DeviceState.OK, detail="x" * 200)
        while not self.journal.is_full:
            notes = [self.journal.append(Lane.EVENT, note, at_ms=1, uptime_ms=1) for _ in range(20)]
            await asyncio.gather(*notes, return_exceptions=True)
        with suppress(JournalFullError):
            while True:
                await self.journal.append(Lane.EVENT, note, at_ms=1, uptime_ms=1)

    async def empty(self) -> None:
        """Have the cloud receipt everything else, so that there is space again."""
        receipt = Receipt(
            station="cabin-1",
            journal=self.journal.journal_id,
            lane=Lane.EVENT,
            ranges=[(1, 2**40)],
            committed_at_ms=1,
        )
        await self.journal.settle(receipt)


@asynccontextmanager
async def running(cabin: Cabin) -> AsyncIterator[None]:
    """Run the cabin until the block ends, then cancel it as a daemon that ends does."""
    task = asyncio.create_task(cabin.run(), name="cabin")
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def a_place(
    path: Path, *, limits: Limits = ROOMY, kinds: Iterable[VitalKind] = tuple(VitalKind)
) -> AsyncIterator[Place]:
    clock, rack = HeldClock(), FakeRack(kinds=tuple(kinds))
    async with open_journal(path / "journal.db", limits, boot=clock.boot) as journal:
        yield Place(Cabin(SETTINGS, rack, journal, clock), rack, journal, clock)


@pytest.fixture
async def idle_place(tmp_path: Path) -> AsyncIterator[Place]:
    """Nothing runs: what is to be kept stays queued."""
    async with a_place(tmp_path) as place:
        yield place


@pytest.fixture
async def place(idle_place: Place) -> AsyncIterator[Place]:
    async with running(idle_place.cabin):
        yield idle_place


@pytest.fixture
async def tight_place(tmp_path: Path) -> AsyncIterator[Place]:
    """A journal that a test can fill."""
    async with a_place(tmp_path, limits=TIGHT) as place, running(place.cabin):
        yield place

"""One station with a health cabin, in the story's own loop: its instruments can be broken while somebody uses them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from edge.drivers.ble.patience import Patience
from edge.sd_notify import Notifier
from edge.station import run_station
from tests.edge.waiting import eventually
from tests.fakes.board import FakeBoard
from tests.rig.broker import Broker
from tests.rig.processes import free_port
from tests.rig.room import Room, cabin_sections
from tests.rig.screen import Patient, Screen, View
from tests.rig.station import read_settings, write_settings
from tests.story.faults import CabinOutcome, FaultTable

PACE: Final = 0.05
STATION: Final = "st-cabin"
OFFERED_S: Final = 30
ANSWER_S: Final = 6.0
"""How long a story waits for an instrument that is begun; a station waits a minute and more."""


@dataclass(slots=True)
class Stage:
    """What stands on the stage."""

    room: Room
    screen: Screen
    patient: Patient
    board: FakeBoard
    faults: FaultTable

    async def begin(self, kind: str, scope: str | None = None) -> View:
        """Choose one measurement and start it."""
        await self.screen.until_view(lambda view: offered(view, kind), f"{kind} offered", OFFERED_S)
        await self.screen.choose(kind, scope=scope)
        return await self.screen.touch("start")

    async def trouble(self, name: str, timeout_s: float = 20) -> View:
        """Return when the screen says what went wrong; it has to offer a way on."""
        view = await self.screen.until_view(
            lambda view: (view.get("step") or {}).get("trouble") == name, f"trouble {name}", timeout_s
        )
        assert {"repeat", "skip"} & set(view["actions"]), view["actions"]
        return view

    async def tells(self, fault: str, trouble: str, timeout_s: float = 20) -> View:
        """Wait until the screen says `trouble`, see that SOS works meanwhile, and note how soon it was told."""
        broken_s = time.monotonic()
        view = await self.trouble(trouble, timeout_s)
        self.faults.add_cabin(CabinOutcome(fault, trouble, time.monotonic() - broken_s))
        await self.sos_works()
        return view

    async def goes_on(self, fault: str) -> None:
        """See that SOS works, and note that the person is told nothing."""
        await self.sos_works()
        self.faults.add_cabin(CabinOutcome(fault, None))

    async def sos_works(self) -> None:
        """Press the button of the board and the one on the screen: both are recorded."""
        assert await self.screen.press_sos() == "recorded"
        event = self.board.press()
        assert event is not None
        await eventually(lambda: self.board.pending == 0)
        self.board.release()
        await eventually(lambda: self.board.pending == 0)


def offered(view: View, kind: str) -> dict[str, Any] | None:
    """Return the offer of a kind, if there is one."""
    return next((offer for offer in view["offers"] if offer["kind"] == kind), None)


@asynccontextmanager
async def one_cabin(
    directory: Path,
    broker: Broker,
    faults: FaultTable | None = None,
    *,
    has_cuff: bool = True,
    pace: float = PACE,
) -> AsyncIterator[Stage]:
    """Set the stage below `directory`: a paired room, its station, its screen, and somebody who uses both."""
    kiosk = free_port()
    config = write_settings(directory, broker, STATION, extra=cabin_sections(directory, kiosk))
    settings, stop = read_settings(config), asyncio.Event()
    async with AsyncExitStack() as stack:
        board = await stack.enter_async_context(FakeBoard(directory / "board"))
        room = await stack.enter_async_context(Room(directory, pace=pace, has_cuff=has_cuff))
        room.patience = Patience(pace=pace, retry_s=0.2, answer_s=ANSWER_S, measure_s=ANSWER_S)
        await room.pair(settings.registry_path)
        station = asyncio.create_task(
            run_station(settings, Notifier({}), stop=stop, make_radio=room.make_radio), name="station"
        )
        try:
            screen = await stack.enter_async_context(Screen(kiosk))
            patient = Patient(room, screen)
            await screen.until("choose", timeout_s=OFFERED_S)
            yield Stage(room, screen, patient, board, faults or FaultTable())
            await patient.leave()
        finally:
            stop.set()
            await station

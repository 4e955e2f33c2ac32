"""A press on the screen: into the journal like one of the board, then to the responder. It needs no board and no uplink.

A press is one entry however often it is sent: the page mints an id with each touch and repeats it until it is told that
it is recorded. The press goes on although the page has stopped waiting.
"""

import asyncio
from typing import Final, Protocol

from edge.clock import Clock
from edge.drivers.board import Press
from edge.journal.errors import JournalBusyError
from edge.journal.journal import Journal
from wire.entries import SosPressed
from wire.messages import SosStage
from wire.topics import Lane

BUTTON: Final = "screen"
MAX_WAITING: Final = 32
"""Presses that wait for the disk at once: more is a page gone wild, and the board's button is beside it."""


class Responding(Protocol):
    """What is asked of edge.responder's `Responder`."""

    @property
    def stage(self) -> SosStage | None:
        """What the person may be told."""

    def pressed(self, press: Press, *, drill: bool = False) -> None:
        """Take a press that was just recorded."""


class ScreenButton:
    """The red button on the screen (edge.kiosk.ports.SosDesk)."""

    def __init__(self, journal: Journal, clock: Clock, responder: Responding) -> None:
        self._journal = journal
        self._clock = clock
        self._responder = responder
        self._recording: set[asyncio.Task[None]] = set()

    @property
    def stage(self) -> SosStage | None:
        """What the person may be told; None: nothing is going on."""
        return self._responder.stage

    async def press(self, press: str) -> None:
        """Take a press (32 hex digits) and return when it is on disk; JournalError when it is not."""
        if len(self._recording) >= MAX_WAITING:
            raise JournalBusyError("too many presses wait for the disk")
        task = asyncio.create_task(self._record(f"{BUTTON}.{press}"), name="screen-press")
        self._recording.add(task)
        task.add_done_callback(self._recorded)
        await asyncio.shield(task)

    async def _record(self, source: str) -> None:
        uptime_ms = self._clock.uptime_ms()
        appended = await self._journal.append(
            Lane.SOS,
            SosPressed(button=BUTTON, source=source),
            at_ms=self._clock.wall_ms(),
            uptime_ms=uptime_ms,
            source=source,
        )
        if appended.is_new:
            self._responder.pressed(Press(appended.seq, uptime_ms))

    def _recorded(self, task: asyncio.Task[None]) -> None:
        self._recording.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited has it; nobody may have

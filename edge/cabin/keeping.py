"""What of a session goes into the journal: in order, none of it without consent, and nobody is told before the disk.

The order is the cloud's: ConsentGiven, each Measured, ConsentWithdrawn, SessionEnded. The consent is written with the
first reading that it covers, so a session in which nothing was measured leaves no trace. What the disk refuses is not
tried again (the person is told at once, and is gone soon), except a withdrawal: that one is owed until it is written.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from edge.cabin.rules.readings import Reading, shown
from edge.cabin.session.events import (
    Entry,
    Keep,
    KeepConsent,
    KeepEnd,
    KeepReading,
    KeepWithdrawal,
    Recorded,
)
from edge.clock import Clock
from edge.journal.errors import JournalBrokenError, JournalError, JournalFullError
from edge.journal.journal import Journal
from edge.logs import Log
from wire.entries import ConsentGiven, ConsentWithdrawn, Measured, Quantity, SessionEnded
from wire.topics import Lane

MAX_ENTRIES: Final = 64
"""So many may wait for the disk; more are refused at once. Withdrawals have as many places again for themselves."""
RETRY_S: Final = 30.0
"""How often a withdrawal that found the disk full is tried again."""

_log: Final = Log(__name__)
_Body = ConsentGiven | Measured | ConsentWithdrawn | SessionEnded


@dataclass(frozen=True, slots=True)
class _Job:
    """One entry with the times of its happening; `source` makes it one entry however often it is written."""

    body: _Body
    wall_ms: int
    uptime_ms: int
    source: str


@dataclass(slots=True)
class _Agreed:
    """The consent of the session that is on, and whether the disk has it."""

    job: _Job
    session: str
    is_on_disk: bool = False


class Keeper:
    """Writes one session's entries after the other. Run `run` under `supervise`; `tell` hears what became of each."""

    def __init__(
        self, journal: Journal, clock: Clock, new_id: Callable[[], str], tell: Callable[[Recorded], None]
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._new_id = new_id
        self._tell = tell
        self._jobs: deque[_Job] = deque()
        self._owed: deque[_Job] = deque(maxlen=MAX_ENTRIES)
        self._arrived = asyncio.Event()
        self._agreed: _Agreed | None = None

    def take(self, keep: Keep) -> None:
        """Queue an entry with the times of now; never waits."""
        job = self._job(keep)
        limit = 2 * MAX_ENTRIES if isinstance(keep, KeepWithdrawal) else MAX_ENTRIES
        if len(self._jobs) >= limit:
            self._refuse(job)
            return
        self._jobs.append(job)
        self._arrived.set()

    async def run(self) -> None:
        """Write what is queued, for ever; JournalBrokenError ends it."""
        while True:
            self._arrived.clear()
            await self.flush()
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S if self._owed else None):
                    await self._arrived.wait()

    async def flush(self) -> None:
        """Write what is queued; what cancelling interrupts stays queued."""
        await self._pay()
        while self._jobs:
            await self._write(self._jobs[0])
            self._jobs.popleft()

    def _job(self, keep: Keep) -> _Job:
        wall_ms, uptime_ms = self._clock.wall_ms(), self._clock.uptime_ms()
        match keep:
            case KeepConsent():
                given = ConsentGiven(
                    session=keep.session,
                    scope=keep.scope,
                    text_version=keep.text_version,
                    subject=keep.subject,
                )
                return _Job(given, keep.wall_ms, keep.uptime_ms, f"{keep.session}.given")
            case KeepReading():
                measured = _measured(keep.session, self._new_id(), keep.reading)
                return _Job(measured, wall_ms, uptime_ms, measured.measurement)
            case KeepWithdrawal():
                withdrawn = ConsentWithdrawn(session=keep.session)
                return _Job(withdrawn, wall_ms, uptime_ms, f"{keep.session}.withdrawn")
            case KeepEnd():
                ended = SessionEnded(session=keep.session, outcome=keep.outcome)
                return _Job(ended, wall_ms, uptime_ms, f"{keep.session}.ended")

    async def _write(self, job: _Job) -> None:
        match job.body:
            case ConsentGiven():
                self._agreed = _Agreed(job, job.body.session)
            case Measured():
                is_kept = await self._cover(job.body.session) and await self._append(job)
                self._tell(Recorded(job.body.session, Entry.READING, is_kept))
            case ConsentWithdrawn():
                await self._withdraw(job, job.body.session)
            case SessionEnded():
                if self._has_on_disk(job.body.session):
                    await self._append(job)
                self._agreed = None

    async def _cover(self, session: str) -> bool:
        """Have the consent of `session` on disk before anything that it allows."""
        agreed = self._agreed
        if agreed is None or agreed.session != session:
            return False
        if not agreed.is_on_disk:
            agreed.is_on_disk = await self._append(agreed.job)
        return agreed.is_on_disk

    async def _withdraw(self, job: _Job, session: str) -> None:
        """Write the withdrawal down, or owe it; where nothing was written there is nothing to withdraw."""
        is_kept = not self._has_on_disk(session) or await self._append(job)
        if not is_kept:
            self._owed.append(job)
        self._tell(Recorded(session, Entry.WITHDRAWAL, is_kept))

    async def _pay(self) -> None:
        """Try what is owed, oldest first, until the disk refuses."""
        while self._owed and await self._append(self._owed[0]):
            body = self._owed.popleft().body
            self._tell(Recorded(body.session, Entry.WITHDRAWAL, is_kept=True))

    def _has_on_disk(self, session: str) -> bool:
        agreed = self._agreed
        return agreed is not None and agreed.session == session and agreed.is_on_disk

    async def _append(self, job: _Job) -> bool:
        """Return whether the entry is on disk; a journal that is broken ends the daemon."""
        try:
            await self._journal.append(
                Lane.VITALS, job.body, at_ms=job.wall_ms, uptime_ms=job.uptime_ms, source=job.source
            )
        except JournalBrokenError:
            raise
        except JournalFullError:
            _log.warning("not recorded: no space", kind=type(job.body).__name__)
            return False
        except JournalError:
            _log.error("not recorded: refused", kind=type(job.body).__name__)
            return False
        return True

    def _refuse(self, job: _Job) -> None:
        _log.error("not recorded: too many wait", kind=type(job.body).__name__)
        match job.body:
            case Measured():
                self._tell(Recorded(job.body.session, Entry.READING, is_kept=False))
            case ConsentWithdrawn():
                self._tell(Recorded(job.body.session, Entry.WITHDRAWAL, is_kept=False))
            case _:
                return


def _measured(session: str, measurement: str, reading: Reading) -> Measured:
    return Measured(
        session=session,
        measurement=measurement,
        vital=reading.kind,
        values=[Quantity(measure=name, value=value) for name, value in shown(reading.values).items()],
        flags=sorted(reading.flags),
        sensor=reading.sensor,
        raw=reading.raw.hex(),
    )

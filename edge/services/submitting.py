"""The way out: a number, a seal, the journal, pictures first. Nobody is told that something was submitted before it is on disk.

The request's id is the entry's source: however often it is tried, and whenever the daemon is killed, it is there once or
not at all.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from edge.clock import Clock
from edge.journal.errors import JournalError
from edge.journal.journal import Journal
from edge.logs import Log
from edge.papers.album import Album, Picture
from edge.papers.errors import LaneFullError, LostPaperError
from edge.papers.spool import Spool
from edge.sealing import Recipients
from edge.services.documents import document, entry
from edge.services.errors import NumbersError
from edge.services.numbers import Numbers
from edge.services.session.events import Settled, Submit
from edge.services.view import FULL, NO_RECIPIENT
from edge.tokens import new_word
from wire.topics import Lane
from wire.tracking import Receipt

END_TIMEOUT_S: Final = 1.0
"""A daemon that ends waits so long for the disk to take what was submitted."""

_log: Final = Log(__name__)
Tell = Callable[[Settled], None]
Pictures = tuple[Picture, ...]


class Submitting:
    """The way out for one station; `recipients` None: nothing can be sealed."""

    def __init__(
        self,
        station: str,
        journal: Journal,
        clock: Clock,
        numbers: Numbers,
        recipients: Recipients | None,
        spool: Spool,
    ) -> None:
        self._station = station
        self._journal = journal
        self._clock = clock
        self._numbers = numbers
        self._recipients = recipients
        self._spool = spool
        self._tasks: set[asyncio.Task[None]] = set()

    def can_seal_for(self, recipient: str) -> bool:
        """Tell whether the station has the recipient's key."""
        return self._recipients is not None and recipient in self._recipients

    def take(self, submit: Submit, album: Album, tell: Tell) -> None:
        """Submit, with the pictures that it names; never waits, `tell` hears how it ended."""
        try:
            pictures = album.collect(submit.offered.pictures(submit.answers))
        except LostPaperError as error:
            _log.error("request not recorded", reason=str(error))
            pictures = None
        task = asyncio.create_task(self._submit(submit, pictures, tell), name="services-submitting")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Give what is on its way to the disk END_TIMEOUT_S."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_TIMEOUT_S)

    async def _submit(self, submit: Submit, pictures: Pictures | None, tell: Tell) -> None:
        tracking, at_ms, problem = submit.tracking, self._clock.wall_ms(), None
        word = submit.word or new_word()
        try:
            if not self.can_seal_for(submit.offered.recipient):
                problem = NO_RECIPIENT
            elif pictures is None:
                problem = FULL
            else:
                self._spool.require_room(pictures)
                tracking = tracking or await asyncio.to_thread(self._numbers.mint)
                await self._write(submit, pictures, Receipt(tracking, word), at_ms)
        except (JournalError, LaneFullError, NumbersError) as error:
            _log.error("request not recorded", reason=str(error))
            problem = FULL
        except Exception as error:  # noqa: BLE001 - nobody awaits this task, and a traceback could hold the answers
            _log.error("request not recorded", reason=type(error).__name__)
            problem = FULL
        tell(Settled(session=submit.session, problem=problem, tracking=tracking, word=word, at_ms=at_ms))

    async def _write(self, submit: Submit, pictures: Pictures, receipt: Receipt, at_ms: int) -> None:
        """Write pictures first: a request that names one whose parts are not on disk must not exist."""
        assert self._recipients is not None
        await self._spool.write(submit.request, pictures, at_ms=at_ms)
        plain = document(submit, station=self._station, tracking=receipt.code, at_ms=at_ms)
        sealed = self._recipients.seal(submit.offered.recipient, plain)
        await self._journal.append(
            Lane.REQUEST,
            entry(submit, receipt, sealed=sealed, blobs=[each.blob for each in pictures]),
            at_ms=at_ms,
            uptime_ms=self._clock.uptime_ms(),
            source=submit.request,
        )

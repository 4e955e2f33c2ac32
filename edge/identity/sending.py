"""What leaves the station, and nothing else of a card does: that a reading was agreed to, what was sealed, a pseudonym.

Nobody is told that something was sent before the journal has it on disk.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Final

import msgspec

from edge.clock import Clock
from edge.identity.ports import Surroundings
from edge.identity.pseudonym import Pseudonyms
from edge.identity.purposes import Gives, Purpose
from edge.identity.session.events import Bind, KeepConsent, Settled, Share
from edge.identity.view import FULL, TOO_LATE
from edge.journal.errors import JournalError
from edge.journal.journal import Journal
from edge.logs import Log
from edge.sealing import Recipients
from wire.entries import CloneCheck, IdentityConsented, IdentityShared, IssuerCheck
from wire.topics import Lane

END_TIMEOUT_S: Final = 1.0
"""A daemon that ends waits so long for the disk to take what was sent."""

_log: Final = Log(__name__)


class Sending:
    """The way out for one station; `tell` hears how each `Share` and `Bind` ended."""

    def __init__(
        self,
        station: str,
        journal: Journal,
        clock: Clock,
        surroundings: Surroundings,
        recipients: Recipients | None,
        pseudonyms: Pseudonyms | None,
    ) -> None:
        self._station = station
        self._journal = journal
        self._clock = clock
        self._surroundings = surroundings
        self._recipients = recipients
        self._pseudonyms = pseudonyms
        self._tasks: set[asyncio.Task[None]] = set()

    def can(self, purpose: Purpose) -> bool:
        """Tell whether the station has the keys that `purpose` needs."""
        match purpose.gives:
            case Gives.NOTHING | Gives.PREFILL:
                return True
            case Gives.SEALED:
                return self._recipients is not None and purpose.recipient in self._recipients
            case Gives.PSEUDONYM:
                return self._pseudonyms is not None

    def take(self, order: KeepConsent | Share | Bind, tell: Callable[[Settled], None]) -> None:
        """Carry out an order; never waits, `tell` hears of it later."""
        match order:
            case KeepConsent():
                self._start(self._keep(order))
            case Share():
                self._start(self._share(order, tell))
            case Bind():
                self._start(self._bind(order, tell))

    async def finish(self) -> None:
        """Give what is on its way to the disk END_TIMEOUT_S."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_TIMEOUT_S)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name="identity-sending")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, keep: KeepConsent) -> None:
        body = IdentityConsented(session=keep.session, purpose=keep.purpose, text_version=keep.text_version)
        try:
            await self._append(body, f"{keep.session}.agreed")
        except JournalError as error:
            _log.error("consent to a reading not recorded", reason=str(error))

    async def _share(self, share: Share, tell: Callable[[Settled], None]) -> None:
        assert self._recipients is not None
        body = IdentityShared(
            share=share.share,
            session=share.session,
            purpose=share.purpose.name,
            text_version=share.text_version,
            recipient=share.purpose.recipient,
            fields=[field.value for field in share.fields],
            issuer=IssuerCheck(share.proof.issuer.value),
            clone_check=CloneCheck(share.proof.clone_check.value),
            sealed=self._recipients.seal(share.purpose.recipient, self._document(share)),
        )
        try:
            await self._append(body, share.share)
        except JournalError as error:
            _log.error("sealed fields not recorded", reason=str(error))
            tell(Settled(share.session, FULL))
        else:
            tell(Settled(share.session))

    def _document(self, share: Share) -> bytes:
        """Return what the recipient will read: JSON of what the person left in, and nothing else of the card."""
        return msgspec.json.encode(
            {
                "share": share.share,
                "station": self._station,
                "purpose": share.purpose.name,
                "text_version": share.text_version,
                "agreed_at_ms": self._clock.wall_ms(),
                "fields": share.fields,
                "issuer": share.proof.issuer,
                "clone_check": share.proof.clone_check,
            }
        )

    async def _bind(self, bind: Bind, tell: Callable[[Settled], None]) -> None:
        assert self._pseudonyms is not None
        is_bound = self._surroundings.bind(self._pseudonyms.of(bind.number))
        tell(Settled(bind.session, None if is_bound else TOO_LATE))

    async def _append(self, body: IdentityConsented | IdentityShared, source: str) -> None:
        await self._journal.append(
            Lane.REQUEST,
            body,
            at_ms=self._clock.wall_ms(),
            uptime_ms=self._clock.uptime_ms(),
            source=source,
        )

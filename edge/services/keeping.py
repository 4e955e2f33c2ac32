"""The hands of a draft: a code, a seal, the disk. Nobody is given a code before what it opens is on disk.

A code is here while it is given out or looked for, and in the visit; it is logged and written nowhere.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

import msgspec

from edge.logs import Log
from edge.services.draft_view import NO_ROOM, NOT_KEPT, DraftFault
from edge.services.drafts import Drafts
from edge.services.errors import DamagedDraftError, DraftsError, NoRoomError
from edge.services.session.codes import CODES, draft_code
from edge.services.session.draft import Draft, Keepsake, Kept
from edge.services.session.events import (
    DraftEffect,
    DraftForgotten,
    DraftKept,
    DraftOpened,
    ForgetDraft,
    KeepDraft,
    OpenDraft,
)

END_TIMEOUT_S: Final = 1.0
"""A daemon that ends waits so long for the disk to take what is to be kept."""
SWEEP_S: Final = 3600.0

_log: Final = Log(__name__)
_Answer = DraftKept | DraftOpened | DraftForgotten
Tell = Callable[[_Answer], None]


class Keeping:
    """What one station keeps for later."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, effect: DraftEffect, tell: Tell) -> None:
        """Keep, open or forget; never waits, `tell` hears how it ended."""
        task = asyncio.create_task(self._work(effect, tell), name="services-keeping")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Give what is on its way to the disk END_TIMEOUT_S."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_TIMEOUT_S)

    async def run(self) -> None:
        """Delete what is over, at once and then every SWEEP_S, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self._drafts.sweep)
            except DraftsError as error:
                _log.error("drafts not looked through", reason=str(error))
            await asyncio.sleep(SWEEP_S)

    async def _work(self, effect: DraftEffect, tell: Tell) -> None:
        match effect:
            case KeepDraft():
                tell(await asyncio.to_thread(self._keep, effect))
            case OpenDraft():
                tell(await asyncio.to_thread(self._open, effect))
            case ForgetDraft():
                tell(await asyncio.to_thread(self._forget, effect))

    def _keep(self, order: KeepDraft) -> DraftKept:
        secret = order.keepsake.secret or draft_code(secrets.randbelow(CODES))
        try:
            until_ms = self._drafts.keep(secret, msgspec.json.encode(order.draft))
        except NoRoomError:
            _log.error("draft not kept", reason="no room")
            return DraftKept(session=order.session, problem=NO_ROOM)
        except Exception as error:  # noqa: BLE001 - nobody awaits this, and a traceback could hold the answers
            _log.error("draft not kept", reason=_reason(error))
            return DraftKept(session=order.session, problem=NOT_KEPT)
        if order.instead is not None:
            self._forget(ForgetDraft(order.session, order.instead))
        return DraftKept(session=order.session, kept=Kept(Keepsake(order.keepsake.way, secret), until_ms))

    def _open(self, order: OpenDraft) -> DraftOpened:
        def told(fault: DraftFault | None = None) -> DraftOpened:
            return DraftOpened(session=order.session, keepsake=order.keepsake, fault=fault)

        try:
            opened = self._drafts.open(order.keepsake.secret)
            if opened is None:
                return told()
            document, until_ms = opened
            draft = msgspec.json.decode(document, type=Draft)
        except DamagedDraftError:
            return told(DraftFault.DAMAGED)
        except Exception as error:  # noqa: BLE001 - as above
            _log.error("draft not opened", reason=_reason(error))
            return told(DraftFault.UNREADABLE)
        return DraftOpened(session=order.session, keepsake=order.keepsake, draft=draft, until_ms=until_ms)

    def _forget(self, order: ForgetDraft) -> DraftForgotten:
        try:
            self._drafts.forget(order.keepsake.secret)
        except Exception as error:  # noqa: BLE001 - as above
            _log.error("draft not deleted", reason=_reason(error))
            return DraftForgotten(order.session, NOT_KEPT)
        return DraftForgotten(order.session)


def _reason(error: Exception) -> str:
    """Return what may be said of an error: its text when it is the disk's, else only its kind."""
    return str(error) if isinstance(error, DraftsError) else type(error).__name__

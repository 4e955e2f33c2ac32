"""Commands, each done once: a repeated one gets its remembered answer, a late one is not done at all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from edge.clock import Clock
from edge.journal.errors import JournalError, JournalFullError
from edge.journal.journal import Journal
from edge.logs import Log
from edge.uplink.cloud_time import CloudTime
from wire.messages import Command, Outcome, Reply

Answer = tuple[Outcome, str]
"""How a command ended, with a few words for technicians (at most 200 characters)."""

Handler = Callable[[Command], Awaitable[Answer | None]]
"""Carries a command out; None when it cannot be done now and shall be tried again when the cloud repeats it."""

MAX_WAITING: Final = 64
"""Commands that may wait for the one in hand; further ones are dropped: the cloud repeats what has no answer."""
HANDLER_TIMEOUT_S: Final = 20.0
_MAX_DETAIL: Final = 200

_log: Final = Log(__name__)


class CommandDesk:
    """Takes commands, carries them out one after the other, and hands the answers to `send`."""

    def __init__(
        self,
        station: str,
        journal: Journal,
        clock: Clock,
        cloud_time: CloudTime,
        handler: Handler,
        send: Callable[[Reply], None],
    ) -> None:
        self._station = station
        self._journal = journal
        self._clock = clock
        self._cloud_time = cloud_time
        self._handler = handler
        self._send = send
        self._waiting: asyncio.Queue[Command] = asyncio.Queue(MAX_WAITING)

    def offer(self, command: Command) -> None:
        """Take a command in; dropped when too many wait."""
        try:
            self._waiting.put_nowait(command)
        except asyncio.QueueFull:
            _log.warning("command dropped", command=command.id)

    async def run(self) -> None:
        """Work for ever; ends by cancellation only."""
        while True:
            command = await self._waiting.get()
            try:
                reply = await self._answered(command)
            except JournalFullError:
                _log.error("command not looked up", command=command.id)
                continue
            if reply is not None:
                self._send(reply)

    async def _answered(self, command: Command) -> Reply | None:
        known = await self._journal.seen_command(command.id)
        if known is not None:
            return known
        answer = await self._carried_out(command)
        if answer is None:
            return None
        outcome, detail = answer
        reply = Reply(
            station=self._station,
            id=command.id,
            at_ms=self._clock.wall_ms(),
            outcome=outcome,
            detail=detail[:_MAX_DETAIL],
        )
        await self._remember(reply)
        return reply

    async def _carried_out(self, command: Command) -> Answer | None:
        now_ms = self._cloud_time.now_ms()
        if now_ms is not None and command.expires_at_ms <= now_ms:
            return Outcome.EXPIRED, ""
        try:
            async with asyncio.timeout(HANDLER_TIMEOUT_S):
                return await self._handler(command)
        except TimeoutError:
            return Outcome.FAILED, "timed out"
        except Exception as error:  # noqa: BLE001 - no command may end the way of a press
            _log.exception("command failed", command=command.id)
            return Outcome.FAILED, type(error).__name__

    async def _remember(self, reply: Reply) -> None:
        try:
            await self._journal.remember_command(reply)
        except JournalError:
            _log.error("reply not remembered", command=reply.id)

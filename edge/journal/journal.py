"""The journal as the daemon sees it: append, read what waits, settle by receipt."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Final

import msgspec

from edge.journal.errors import BodyRefusedError, JournalBrokenError
from edge.journal.opening import Opened, open_files
from edge.journal.records import Appended, Limits, NewEntry, Pending, Settled, Tally
from edge.journal.writer import Writer
from wire.codec import decode_body, encode_body
from wire.entries import LANE_BODIES, AnyBody
from wire.errors import MessageError
from wire.ids import require_id
from wire.messages import LaneHealth, Receipt, Reply
from wire.topics import Lane

MAX_BODY_BYTES: Final = 96_000
"""A batch of one must stay below what every broker takes (wire.messages.MAX_PAYLOAD_BYTES); a part of a paper has 88,000."""
MAX_SOURCE_LENGTH: Final = 128

_read_reply: Final = msgspec.json.Decoder(Reply).decode
_write_reply: Final = msgspec.json.Encoder().encode


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def open_journal(
    path: Path, limits: Limits, *, boot: str, wall_ms: Callable[[], int] = _wall_ms
) -> AsyncIterator["Journal"]:
    """Open or begin the journal at `path`; `boot` is the id of this run of the machine, kept with each entry.

    A damaged file is moved aside and a new journal begins. JournalError when the place cannot be used at all, another
    process has it, or it was written by a newer release.
    """
    require_id(boot)
    opened = await asyncio.to_thread(open_files, path, limits)
    with closing(opened.reserve), ThreadPoolExecutor(1, "journal-reader") as pool:
        journal = Journal(opened, boot, wall_ms, pool)
        try:
            yield journal
        finally:
            await journal.close()


class Journal:
    """The durable waist of the station. Made by `open_journal`, used from one event loop."""

    def __init__(
        self, opened: Opened, boot: str, wall_ms: Callable[[], int], pool: ThreadPoolExecutor
    ) -> None:
        self._id = opened.journal_id
        self._boot = boot
        self._wall_ms = wall_ms
        self._keeper = opened.keeper
        self._reader = opened.reader
        self._pool = pool
        self._work = asyncio.Event()
        if any(tally.depth for tally in self.tallies.values()):
            self._work.set()
        self._writer = Writer(opened.keeper, self._work.set)

    @property
    def journal_id(self) -> str:
        """32 hex digits, made with the file."""
        return self._id

    @property
    def boot(self) -> str:
        """The boot that new entries belong to."""
        return self._boot

    @property
    def is_full(self) -> bool:
        """Only presses are taken; heals by itself."""
        return self._keeper.is_full

    @property
    def reserve_used(self) -> bool:
        """Something of what was kept for presses has been used."""
        return self._keeper.reserve_used

    @property
    def tallies(self) -> Mapping[Lane, Tally]:
        """State of every lane, from memory; what is not on disk is not counted."""
        return self._keeper.store.tallies

    async def append(
        self, lane: Lane, body: AnyBody, *, at_ms: int, uptime_ms: int, source: str | None = None
    ) -> Appended:
        """Write one entry and return when it is on disk.

        `at_ms` is the wall clock and `uptime_ms` the monotonic clock of this boot, both of the moment it happened. With a
        `source` (at most 128 characters) it is one entry per lane however often it is appended, also after its receipt
        (the last 4,096 sources of a lane are remembered).

        Raises BodyRefusedError, JournalFullError (lane `sos` only when its reserve is used up), JournalBusyError and
        JournalBrokenError; the entry is then not in the journal. Cancelling leaves open whether it is.
        """
        if source is not None and not 1 <= len(source) <= MAX_SOURCE_LENGTH:
            raise BodyRefusedError(f"source: 1 to {MAX_SOURCE_LENGTH} characters")
        entry = NewEntry(lane, self._boot, at_ms, uptime_ms, _checked(lane, body), source)
        return await self._writer.append(entry)

    async def pending(self, lane: Lane, after_seq: int, max_entries: int, max_bytes: int) -> Pending:
        """Read the entries of a lane that follow `after_seq` and wait for their receipt, all of one boot.

        At least one if any waits, then as many as fit into both bounds; `max_bytes` counts their JSON in a batch.
        """
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._pool, self._reader.pending, lane, after_seq, max_entries, max_bytes
            )
        except JournalBrokenError:
            await self._writer.run(self._keeper.condemn)
            raise

    async def settle(self, receipt: Receipt) -> Settled:
        """Forget what the cloud has committed; a receipt of another journal does nothing.

        Raises JournalFullError when not even the reserve lets entries be deleted; the receipt may come again.
        """
        if receipt.journal != self._id:
            return Settled()
        return await self._writer.run(lambda: self._keeper.settle(receipt))

    def health(self) -> list[LaneHealth]:
        """Tell how full each lane is; from memory."""
        now_ms = self._wall_ms()
        return [_health(lane, tally, now_ms) for lane, tally in self.tallies.items()]

    async def wait_for_work(self) -> None:
        """Return when something was appended since the last call, or lay there when the journal was opened."""
        await self._work.wait()
        self._work.clear()

    async def seen_command(self, command: str) -> Reply | None:
        """Return the reply that was given to a command, if it is one of the last 1,000."""
        payload = await self._writer.run(lambda: self._keeper.recall(command))
        return None if payload is None else _read_reply(payload)

    async def remember_command(self, reply: Reply) -> None:
        """Keep a reply before it is sent, so that the command is not carried out again."""
        payload = _write_reply(reply)
        await self._writer.run(lambda: self._keeper.remember(reply.id, payload))

    async def close(self) -> None:
        """Write what is queued and close the files."""
        await self._writer.close()
        await asyncio.get_running_loop().run_in_executor(self._pool, self._reader.close)


def _checked(lane: Lane, body: AnyBody) -> bytes:
    """JSON of a body that the cloud will take: a poisoned entry must fail at its source, not at the head of a lane."""
    if not isinstance(body, LANE_BODIES[lane]):
        raise BodyRefusedError(f"lane {lane}: does not take {type(body).__name__}")
    payload = encode_body(body)
    try:
        decode_body(payload)
    except MessageError as error:
        raise BodyRefusedError(f"{type(body).__name__}: {error}") from None
    if len(payload) > MAX_BODY_BYTES:
        raise BodyRefusedError(f"{type(body).__name__}: larger than {MAX_BODY_BYTES} bytes")
    return payload


def _health(lane: Lane, tally: Tally, now_ms: int) -> LaneHealth:
    age_ms = 0 if tally.oldest_at_ms is None else max(0, now_ms - tally.oldest_at_ms)
    return LaneHealth(
        lane=lane, depth=tally.depth, oldest_age_ms=age_ms, aside=tally.aside, dropped=tally.dropped
    )

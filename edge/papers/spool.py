"""Onto the disk in parts, before the request that names them.

Parts without a request are forgotten by the centre after a while; a request without its parts must not exist.
"""

import asyncio
from collections.abc import Sequence
from itertools import chain, islice
from typing import Final

from edge.clock import Clock
from edge.journal.journal import Journal
from edge.papers.album import Picture
from edge.papers.errors import LaneFullError
from edge.papers.parts import cut, part_count
from wire.entries import BlobPart
from wire.topics import Lane

PART_BYTES: Final = 88_000
"""A part as the journal keeps it."""
_AT_ONCE: Final = 8
_SHARE: Final = 2
"""Papers may take one part in so many of the journal; the rest is for what is more urgent."""


class Spool:
    """The papers' way out. `max_bytes` is the journal's bound."""

    def __init__(self, journal: Journal, clock: Clock, max_bytes: int) -> None:
        self._journal = journal
        self._clock = clock
        self._max_parts = max_bytes // _SHARE // PART_BYTES

    def require_room(self, pictures: Sequence[Picture]) -> None:
        """Refuse before anything is written; LaneFullError."""
        wanted = sum(part_count(picture.blob) for picture in pictures)
        waiting = self._journal.tallies[Lane.BLOB].depth
        if wanted and (self._journal.is_full or waiting + wanted > self._max_parts):
            raise LaneFullError(f"papers: {waiting} parts wait, {wanted} more do not fit")

    async def write(self, request: str, pictures: Sequence[Picture], *, at_ms: int) -> None:
        """Return when all parts are on disk; JournalError when they are not, and then some may be.

        A few at a time: the journal's log stays small, and what else is to be written comes between.
        """
        parts = chain.from_iterable(cut(request, each.blob, each.sealed) for each in pictures)
        while group := list(islice(parts, _AT_ONCE)):
            await asyncio.gather(*(self._append(part, at_ms) for part in group))

    async def _append(self, part: BlobPart, at_ms: int) -> None:
        await self._journal.append(
            Lane.BLOB,
            part,
            at_ms=at_ms,
            uptime_ms=self._clock.uptime_ms(),
            source=f"{part.request}:{part.blob.sha256}:{part.offset}",
        )

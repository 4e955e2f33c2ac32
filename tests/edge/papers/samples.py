"""Pictures of nothing, as a camera page sends them, and their place on a real journal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pyrage

from edge.journal.journal import Journal, open_journal
from edge.journal.records import MIB, Limits
from edge.papers.album import Picture
from edge.papers.parts import blob_of
from edge.papers.spool import Spool
from tests.edge.cabin.conftest import ROOMY, HeldClock
from wire.codec import decode_body
from wire.entries import BlobPart
from wire.topics import Lane

READER = pyrage.x25519.Identity.generate()


def jpeg(number: int = 1, size_bytes: int = 150_000) -> bytes:
    """Return what begins and ends like a JPEG."""
    inside = number.to_bytes(2) * (size_bytes // 2 - 3)
    return b"\xff\xd8\xff\xe0" + inside + b"\xff\xd9"


def picture(number: int = 1, question: str = "photos", size_bytes: int = 150_000) -> Picture:
    """Return a picture that READER can open."""
    plain = jpeg(number, size_bytes)
    sealed = pyrage.encrypt(plain, [READER.to_public()])
    return Picture(question, blob_of(sealed), plain, sealed)


@dataclass
class Disk:
    """A journal, and the papers' way to it."""

    journal: Journal
    spool: Spool
    clock: HeldClock

    async def parts(self) -> list[BlobPart]:
        """Return everything that waits in lane `blob`."""
        return await parts_of(self.journal)


async def parts_of(journal: Journal) -> list[BlobPart]:
    """Return everything that waits in lane `blob`, in order."""
    found: list[BlobPart] = []
    after_seq = 0
    while (pending := await journal.pending(Lane.BLOB, after_seq, 100, 4 * MIB)).entries:
        bodies = [decode_body(entry.body) for entry in pending.entries]
        found += [body for body in bodies if isinstance(body, BlobPart)]
        assert len(bodies) == len(pending.entries)
        after_seq = pending.entries[-1].seq
    return found


def joined(parts: list[BlobPart], sha256: str) -> bytes:
    """Return the parts of one blob put together."""
    own = sorted((part for part in parts if part.blob.sha256 == sha256), key=lambda part: part.offset)
    return b"".join(part.data for part in own)


@asynccontextmanager
async def a_disk(path: Path, limits: Limits = ROOMY) -> AsyncIterator[Disk]:
    """Open a journal."""
    clock = HeldClock()
    async with open_journal(path / "journal.db", limits, boot=clock.boot) as journal:
        yield Disk(journal, Spool(journal, clock, limits.max_bytes), clock)

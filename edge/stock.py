"""What waits in a journal, for people: read beside a running daemon or from a rescued disk, never changed."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from edge.errors import EdgeError
from edge.journal.errors import JournalError
from edge.journal.reader import Reader
from edge.journal.schema import connect_reader
from wire.codec import LooseEntry
from wire.topics import Lane

PAGE_ENTRIES: Final = 500
PAGE_BYTES: Final = 1 << 20


class StockError(EdgeError):
    """The journal cannot be read."""


class _Kind(msgspec.Struct, frozen=True):
    kind: str


_kind: Final = msgspec.json.Decoder(_Kind)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry without a receipt."""

    lane: Lane
    boot: str
    entry: LooseEntry

    @property
    def kind(self) -> str:
        """What the entry is, such as `sos-pressed`."""
        return _kind.decode(self.entry.body).kind

    def to_json(self) -> bytes:
        """Return all of it as one JSON object; bodies may hold vital signs."""
        fields = msgspec.structs.asdict(self.entry)
        return msgspec.json.encode({"lane": self.lane, "boot": self.boot, **fields})


def waiting(path: Path) -> Iterator[Waiting]:
    """Read every entry that waits, lane by lane, oldest first; StockError when `path` is no readable journal."""
    if not path.is_file():
        raise StockError(f"there is no journal {path}")
    try:
        with closing(Reader(connect_reader(path))) as reader:
            for lane in Lane:
                yield from _lane(reader, lane)
    except (JournalError, OSError) as error:
        raise StockError(f"{path}: {error}") from error


def _lane(reader: Reader, lane: Lane) -> Iterator[Waiting]:
    after_seq = 0
    while entries := (page := reader.pending(lane, after_seq, PAGE_ENTRIES, PAGE_BYTES)).entries:
        yield from (Waiting(lane, page.boot, entry) for entry in entries)
        after_seq = entries[-1].seq

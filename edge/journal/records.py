"""What goes into the journal, what comes out, and its limits, as plain values."""

from dataclasses import dataclass, field
from typing import Final

from wire.codec import LooseEntry
from wire.messages import Rejected
from wire.ranges import SequenceSet
from wire.topics import Lane

KIB: Final = 1024
MIB: Final = 1024 * KIB
MIN_RESERVE_BYTES: Final = 128 * KIB
"""Less cannot hold a write-ahead log, its checkpoint and a handful of presses at the same time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the journal may take.

    `max_bytes` bounds the database file, `reserve_bytes` of it are for lane `sos` alone. The same amount is kept
    allocated beside the file, so that nobody else can fill the disk to the last byte. `telemetry_max_entries` bounds
    lane `telemetry`; its oldest entries go first.
    """

    max_bytes: int = 256 * MIB
    reserve_bytes: int = 16 * MIB
    telemetry_max_entries: int = 50_000

    def __post_init__(self) -> None:
        """Refuse limits under which the journal could wedge."""
        if self.reserve_bytes < MIN_RESERVE_BYTES:
            raise ValueError(f"reserve_bytes: at least {MIN_RESERVE_BYTES}")
        if self.max_bytes < 2 * self.reserve_bytes:
            raise ValueError("max_bytes: at least twice reserve_bytes")
        if self.telemetry_max_entries < 1:
            raise ValueError("telemetry_max_entries: at least 1")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry on its way in; `body` is JSON. A `source` makes it one entry however often it is appended."""

    lane: Lane
    boot: str
    at_ms: int
    uptime_ms: int
    body: bytes
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """The entry is on disk as `seq` of its lane; `is_new` is False when its source had been there before."""

    seq: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """The next entries of a lane, ascending and all of one boot; none when nothing waits."""

    boot: str = ""
    entries: tuple[LooseEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What a receipt did: the entries that are gone, and those of them that the cloud refused and that lie aside."""

    forgotten: SequenceSet = field(default_factory=SequenceSet)
    aside: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """State of one lane.

    The last sequence ever given, the lowest that waits (None when nothing does) and its wall time, the number of those that
    wait, of those aside and of those dropped so far.
    """

    last_seq: int = 0
    first_seq: int | None = None
    depth: int = 0
    oldest_at_ms: int | None = None
    aside: int = 0
    dropped: int = 0

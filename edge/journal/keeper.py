"""What the journal does when space runs out, and that it finds the way back by itself.

Three zones of the file: up to `max_bytes - reserve_bytes` for everybody, up to `max_bytes` for lane `sos`, beyond it only
for what deletions need. A write that fails for want of disk first folds the log into the file, then telemetry gives its older
half, and then, for presses and deletions alone, the reserve file is given back slice by slice. Any failing write that is
not damage counts as "full": a card that went read-only must not end the daemon either.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from edge.journal.damage import sorted_error
from edge.journal.errors import JournalBrokenError, JournalError, JournalFullError
from edge.journal.quarantine import move_aside
from edge.journal.records import Appended, Limits, NewEntry, Settled
from edge.journal.reserve import Reserve
from edge.journal.schema import PAGE_BYTES
from edge.journal.store import Store
from edge.logs import Log
from wire.messages import Receipt, Rejected
from wire.ranges import SequenceSet
from wire.topics import Lane

CHUNK_ENTRIES: Final = 500
_SMALLEST_CHUNK: Final = 16
_FOR_DELETIONS: Final = 0.5
"""Share of the reserve that presses leave: a full journal that cannot delete would stay full."""
_ROW_OVERHEAD: Final = 2
"""A row costs about twice its body: keys, indexes, half-empty pages."""

_log: Final = Log(__name__)
Answer = TypeVar("Answer")


def wal_pages(limits: Limits) -> int:
    """Pages after which the log is folded: a quarter of the reserve, so that folding always fits into it."""
    return max(8, min(1_000, limits.reserve_bytes // 4 // PAGE_BYTES))


class Keeper:
    """The store with its manners. Synchronous, for one thread; `is_full` may be read by any."""

    def __init__(self, path: Path, store: Store, reserve: Reserve, limits: Limits) -> None:
        self._path = path
        self._store = store
        self._reserve = reserve
        self._limits = limits
        self._broken = False
        self.is_full = False
        self.reserve_used = False
        self.heal()

    @property
    def store(self) -> Store:
        """For what reads only."""
        return self._store

    def append(self, entries: Sequence[NewEntry]) -> list[Appended | JournalError]:
        """Write what there is place for, presses always first; each answer is final and in the order of `entries`."""
        if not self.is_full:
            for make_room in (self._fold, self._sacrifice, lambda: False):
                try:
                    return [*self._append(entries)]
                except JournalFullError:
                    if not make_room():
                        break
            self._enter_full()
        return self._append_presses(entries)

    def settle(self, receipt: Receipt) -> Settled:
        """Forget what the receipt names, in small transactions; JournalFullError only when not even the reserve helps."""
        forgotten, aside = SequenceSet(), list[Rejected]()
        named = SequenceSet.of([*receipt.ranges, *((one.seq, one.seq) for one in receipt.rejected)])
        for first, last in named.ranges:
            while (part := self._settle_part(receipt, first, last)).forgotten:
                forgotten |= part.forgotten
                aside.extend(part.aside)
        if self.is_full:
            self.heal()
        return Settled(forgotten, tuple(aside))

    def recall(self, command: str) -> bytes | None:
        """Return the remembered reply to a command."""
        with self._translated():
            return self._store.recall(command)

    def remember(self, command: str, reply: bytes) -> None:
        """Keep the reply to a command; bounded, so it may use the reserve."""
        self._insist(lambda: self._store.remember(command, reply), down_to=_FOR_DELETIONS)

    def condemn(self) -> None:
        """Move the damaged files aside, so that the next start begins anew; everything is refused from now on."""
        if not self._broken:
            self._broken = True
            move_aside(self._path)

    def heal(self) -> bool:
        """Try to leave the state of being full; return whether the journal takes everything (again)."""
        if self._broken:
            return False
        self._fold()
        with self._translated():
            used, free = self._store.used_bytes(), self._store.free_bytes()
        if not self._reserve.is_whole and free > 0:
            self._shrink()
        is_whole = self._reserve.restore()
        has_place = used <= self._soft_bytes - (self._limits.reserve_bytes // 4 if self.is_full else 0)
        has_disk = self._reserve.lacking_bytes <= free
        was_full, self.is_full = self.is_full, not (is_whole and has_place and has_disk)
        self.reserve_used = not is_whole or used > self._soft_bytes
        if was_full != self.is_full:
            _log.warning("journal full" if self.is_full else "journal has space again", used_bytes=used)
        return not self.is_full

    @property
    def needs_healing(self) -> bool:
        """Something was given up that time alone may bring back."""
        return (self.is_full or self.reserve_used) and not self._broken

    def close(self) -> None:
        """Fold the log and close the file."""
        if not self._broken:
            self._fold()
        self._store.close()

    @property
    def _soft_bytes(self) -> int:
        return self._limits.max_bytes - self._limits.reserve_bytes

    def _append(self, entries: Sequence[NewEntry]) -> list[Appended]:
        with self._translated():
            size = sum(len(entry.body) for entry in entries) * _ROW_OVERHEAD
            if any(entry.lane is not Lane.SOS for entry in entries):
                bound = self._soft_bytes
            else:
                bound = self._limits.max_bytes
            if self._store.used_bytes() + size > bound:
                raise JournalFullError("journal: the file has reached its bound")
            answers = self._store.append(entries)
        self._after_append()
        return answers

    def _append_presses(self, entries: Sequence[NewEntry]) -> list[Appended | JournalError]:
        presses = [entry for entry in entries if entry.lane is Lane.SOS]
        kept: Iterator[Appended | JournalError] = iter(())
        if presses:
            self.reserve_used = True
            try:
                kept = iter(self._insist(lambda: self._append(presses), down_to=_FOR_DELETIONS))
            except JournalFullError:
                _log.error("reserve used up", presses=len(presses))
                kept = iter([JournalFullError("journal: even the reserve is used up") for _ in presses])
        return [
            next(kept) if entry.lane is Lane.SOS else JournalFullError("journal: full") for entry in entries
        ]

    def _after_append(self) -> None:
        """Bound telemetry and the log; what fails here has failed nobody's entry."""
        try:
            excess = self._store.tallies[Lane.TELEMETRY].depth - self._limits.telemetry_max_entries
            if excess > 0:
                self._drop(excess + self._limits.telemetry_max_entries // 16 + 1)
            if self._log_bytes() > 2 * wal_pages(self._limits) * PAGE_BYTES and not self._fold():
                _log.warning("log not folded", log_bytes=self._log_bytes())
        except JournalFullError:
            self._enter_full()

    def _settle_part(self, receipt: Receipt, first: int, last: int) -> Settled:
        """Forget some; the fuller the disk, the fewer in one transaction, since deleting needs space too."""
        chunk = _SMALLEST_CHUNK if self.is_full else CHUNK_ENTRIES
        settle = partial(self._store.settle, receipt.lane, first, last, receipt.rejected)
        if chunk > _SMALLEST_CHUNK:
            try:
                with self._translated():
                    return settle(chunk)
            except JournalFullError:
                self._enter_full()
        return self._insist(partial(settle, _SMALLEST_CHUNK))

    def _insist(self, write: Callable[[], Answer], *, down_to: float = 0.0) -> Answer:
        """Do a write that must not fail for want of space, at the cost of the reserve `down_to` a share of it."""
        has_folded = False
        while True:
            try:
                with self._translated():
                    return write()
            except JournalFullError:
                self._enter_full()
                has_folded = not has_folded and self._fold()
                if not has_folded and not self._give(down_to):
                    raise

    def _give(self, down_to: float) -> bool:
        """Give slices of the reserve until the log can be folded: a write that failed has only made it longer."""
        while self._reserve.give(down_to=down_to):
            self.reserve_used = True
            if self._fold() or self._log_bytes() == 0:
                return True
        return False

    def _sacrifice(self) -> bool:
        """Telemetry yields to all others: its older half goes."""
        goal = self._store.tallies[Lane.TELEMETRY].depth // 2
        try:
            return self._drop(goal) > 0
        except JournalFullError:
            return False

    def _drop(self, count: int) -> int:
        dropped = 0
        while dropped < count:
            with self._translated():
                part = self._store.drop_oldest(Lane.TELEMETRY, min(CHUNK_ENTRIES, count - dropped))
            if part == 0:
                break
            dropped += part
        if dropped:
            _log.warning("telemetry dropped", entries=dropped)
        return dropped

    def _fold(self) -> bool:
        """Fold the log; tell whether that gave any space."""
        size = self._log_bytes()
        try:
            with self._translated():
                return self._store.fold_log() and size > 0
        except JournalFullError:
            return False

    def _shrink(self) -> None:
        """Give free pages of the file to the disk, where the reserve lacks them; in steps that the log has room for."""
        while self._reserve.lacking_bytes > 0:
            before = self._store.free_bytes()
            try:
                with self._translated():
                    self._store.shrink(max(4, wal_pages(self._limits) // 4))
            except JournalFullError:
                return
            if not self._fold() or self._store.free_bytes() >= before:
                return

    def _log_bytes(self) -> int:
        try:
            return self._path.with_name(f"{self._path.name}-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def _enter_full(self) -> None:
        if not self.is_full:
            _log.warning("journal full")
        self.is_full = True

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Sort SQLite's errors into ours; damage moves the file aside, once and for all."""
        if self._broken:
            raise JournalBrokenError("journal: damaged and moved aside")
        try:
            yield
        except sqlite3.Error as error:
            sorted_out = sorted_error(error)
            if isinstance(sorted_out, JournalBrokenError):
                self.condemn()
            raise sorted_out from error

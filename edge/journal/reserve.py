"""Disk space that the journal owns before it needs it.

A file of `size_bytes` beside the database takes the place that nobody else shall take: neither a log daemon nor the
journal's own write-ahead log. When a press or a deletion finds the disk full, a slice of it is given back.
"""

import fcntl
import os
from pathlib import Path
from typing import Final

from edge.journal.errors import JournalError

_SLICES: Final = 8


class Reserve:
    """The file, and the lock that keeps a second daemon away. One thread at a time."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JournalError(f"journal: cannot open its reserve ({error.strerror})") from error
        self._size_bytes = size_bytes
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise JournalError("journal: in use by another process") from error

    def close(self) -> None:
        """Let go of the lock; the file stays."""
        os.close(self._file)

    @property
    def held_bytes(self) -> int:
        """How much of it is left."""
        return os.fstat(self._file).st_size

    @property
    def is_whole(self) -> bool:
        """Nothing of it was given away."""
        return self.held_bytes >= self._size_bytes

    def give(self, *, down_to: float = 0.0) -> bool:
        """Give one slice back to the disk; False when only the share `down_to` of the whole is left."""
        held = self.held_bytes
        rest = max(held - self._size_bytes // _SLICES, int(self._size_bytes * down_to))
        if rest >= held:
            return False
        os.ftruncate(self._file, rest)
        return True

    @property
    def lacking_bytes(self) -> int:
        """Free disk space that `restore` waits for: what was given, and half a reserve to work with."""
        return max(0, self._size_bytes * 3 // 2 - self.held_bytes - self._free_bytes())

    def restore(self) -> bool:
        """Take back what was given, once the disk has enough; tell whether the reserve is whole."""
        if self.held_bytes > self._size_bytes:
            os.ftruncate(self._file, self._size_bytes)
        if not self.is_whole and self.lacking_bytes == 0:
            self._allocate()
        return self.is_whole

    def _free_bytes(self) -> int:
        status = os.fstatvfs(self._file)
        return status.f_bavail * status.f_frsize

    def _allocate(self) -> None:
        held = self.held_bytes
        try:
            os.posix_fallocate(self._file, 0, self._size_bytes)
        except OSError:
            # Somebody was faster; a file that only looks allocated would be a lie.
            os.ftruncate(self._file, held)

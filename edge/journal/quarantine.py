"""A damaged journal is kept for a technician and must not keep the station from starting."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from edge.logs import Log

MAX_KEPT: Final = 3
"""Damaged files kept; the oldest make place, since each may be as large as the journal."""

_PARTS: Final = ("", "-wal", "-shm")
_log: Final = Log(__name__)


def move_aside(path: Path) -> Path | None:
    """Rename the journal's files to `NAME.damaged-N`; return the new path, or None when there was no file."""
    if not path.exists():
        return None
    taken = sorted(_number(kept) for kept in _kept(path))
    number = (taken[-1] if taken else 0) + 1
    for old in taken[: max(0, len(taken) + 1 - MAX_KEPT)]:
        for part in _PARTS:
            _damaged(path, old, part).unlink(missing_ok=True)
    for part in reversed(_PARTS):
        with suppress(FileNotFoundError):
            path.with_name(path.name + part).rename(_damaged(path, number, part))
    sync_directory(path.parent)
    aside = _damaged(path, number, "")
    _log.error("journal damaged", moved_to=aside.name)
    return aside


def sync_directory(directory: Path) -> None:
    """Make names in `directory` survive a power cut."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _kept(path: Path) -> list[Path]:
    return [
        kept
        for kept in path.parent.glob(f"{path.name}.damaged-*")
        if kept.name.rpartition("-")[2].isdecimal()
    ]


def _damaged(path: Path, number: int, part: str) -> Path:
    return path.with_name(f"{path.name}.damaged-{number}{part}")


def _number(path: Path) -> int:
    return int(path.name.rpartition("-")[2])

"""Small files that a power cut leaves as they were or as they are to be."""

import os
from contextlib import suppress
from pathlib import Path


def replace_durably(path: Path, content: bytes) -> None:
    """Write aside, sync, rename, and sync the directory; OSError leaves the old file, and nothing beside it."""
    aside = path.with_suffix(".new")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Return when the directory's names are on disk."""
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)

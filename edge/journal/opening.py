"""Finding the journal's file in any state that a power cut or a bad card can leave it in."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.journal.damage import sorted_error
from edge.journal.errors import JournalBrokenError, JournalError, JournalFullError
from edge.journal.keeper import Keeper, wal_pages
from edge.journal.quarantine import move_aside, sync_directory
from edge.journal.reader import Reader
from edge.journal.records import MIB, Limits
from edge.journal.reserve import Reserve
from edge.journal.schema import connect, connect_reader, prepare
from edge.journal.store import Store

MAX_CHECKED_BYTES: Final = 64 * MIB
"""A larger file is not read through at start: a press must not wait for it. Damage is then found where it is met."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open journal's parts."""

    journal_id: str
    keeper: Keeper
    reader: Reader
    reserve: Reserve


def open_files(path: Path, limits: Limits) -> Opened:
    """Open the journal, or begin one when there is none or only a damaged one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(f"journal: cannot use its directory ({error.strerror})") from error
    reserve = Reserve(path.with_name(f"{path.name}-reserve"), limits.reserve_bytes)
    try:
        return _open_somehow(path, limits, reserve)
    except BaseException:
        reserve.close()
        raise


def _open_somehow(path: Path, limits: Limits, reserve: Reserve) -> Opened:
    """Open it also where it is damaged (once: the new one is sound) or where the disk is full (on the reserve)."""
    may_begin_anew = True
    while True:
        try:
            return _open(path, limits, reserve)
        except JournalBrokenError:
            move_aside(path)
            if not may_begin_anew:
                raise
            may_begin_anew = False
        except JournalFullError:
            if not reserve.give():
                raise


def _open(path: Path, limits: Limits, reserve: Reserve) -> Opened:
    try:
        connection = connect(
            path, max_bytes=limits.max_bytes + limits.reserve_bytes, wal_pages=wal_pages(limits)
        )
    except sqlite3.Error as error:
        raise sorted_error(error) from error
    try:
        _check(connection, path)
        journal_id = prepare(connection)
        sync_directory(path.parent)
        keeper = Keeper(path, Store(connection), reserve, limits)
        return Opened(journal_id, keeper, Reader(connect_reader(path)), reserve)
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            raise JournalBrokenError("journal: not its tables") from error
        raise sorted_error(error) from error
    except sqlite3.Error as error:
        connection.close()
        raise sorted_error(error) from error
    except BaseException:
        connection.close()
        raise


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if path.stat().st_size > MAX_CHECKED_BYTES:
        return
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise JournalBrokenError("journal: damaged")

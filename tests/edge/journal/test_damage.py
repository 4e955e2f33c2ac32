"""A damaged file is kept for a technician and never keeps the station from starting."""

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.journal.errors import JournalBrokenError, JournalError
from edge.journal.journal import open_journal
from edge.journal.quarantine import MAX_KEPT, move_aside
from tests.edge.journal.conftest import BOOT, SMALL, OpenJournal, note, press, sequences
from wire.topics import Lane


def overwrite(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def damaged(path: Path) -> list[str]:
    return sorted(kept.name for kept in path.parent.glob("journal.db.damaged-?"))


async def test_a_file_that_is_no_database_is_moved_aside_and_a_new_journal_begins(
    path: Path, reopen: OpenJournal
) -> None:
    async with reopen() as journal:
        first_id = journal.journal_id
        await press(journal, "b.1.1")
    content = b"not a database" * 1_000
    overwrite(path, content)
    async with reopen() as journal:
        assert journal.journal_id != first_id
        assert (await press(journal, "b.1.1")).seq == 1
    assert damaged(path) == ["journal.db.damaged-1"]
    assert path.with_name("journal.db.damaged-1").read_bytes() == content


async def test_a_page_that_was_overwritten_is_found_at_start(path: Path, reopen: OpenJournal) -> None:
    async with reopen() as journal:
        first_id = journal.journal_id
        await asyncio.gather(*(note(journal, "x" * 100) for _ in range(500)))
    with path.open("r+b") as file:
        for page in range(3, 12):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    async with reopen() as journal:
        assert journal.journal_id != first_id
    assert damaged(path) == ["journal.db.damaged-1"]


async def test_damage_met_while_running_ends_this_journal_and_the_next_start_begins_anew(
    path: Path, reopen: OpenJournal
) -> None:
    async with reopen() as journal:
        first_id = journal.journal_id
        await asyncio.gather(*(note(journal, "x" * 100) for _ in range(2_000)))
        await journal._writer.run(journal._keeper.store.fold_log)
        with path.open("r+b") as file:
            for page in range(2, 80):
                file.seek(page * 4096)
                file.write(b"\xff" * 4096)
        journal._keeper.store._connection.execute("PRAGMA shrink_memory")
        with pytest.raises(JournalBrokenError):
            await sequences(journal, Lane.EVENT)
        with pytest.raises(JournalBrokenError):
            await press(journal, "b.1.1")
    assert damaged(path) == ["journal.db.damaged-1"]
    async with reopen() as journal:
        assert journal.journal_id != first_id
        assert (await press(journal, "b.1.1")).is_new


async def test_another_programs_database_is_moved_aside(path: Path, reopen: OpenJournal) -> None:
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE entry (something)")
    connection.close()
    async with reopen() as journal:
        assert (await press(journal, "b.1.1")).seq == 1
    assert damaged(path) == ["journal.db.damaged-1"]


async def test_a_newer_schema_is_refused_and_left_alone(path: Path, reopen: OpenJournal) -> None:
    async with reopen() as journal:
        await press(journal, "b.1.1")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JournalError, match="newer"):
        async with reopen():
            pass
    assert damaged(path) == []


async def test_a_place_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="directory"):
        async with open_journal(tmp_path / "file" / "journal.db", SMALL, boot=BOOT):
            pass


def test_only_the_newest_damaged_files_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    for number in range(1, MAX_KEPT + 3):
        path.write_text(str(number))
        moved = move_aside(path)
        assert moved is not None
        assert moved.read_text() == str(number)
    assert damaged(path) == [f"journal.db.damaged-{n}" for n in range(3, MAX_KEPT + 3)]
    assert move_aside(path) is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=300)), min_size=1, max_size=4),
    keep=st.floats(0, 1),
)
def test_no_damage_whatsoever_keeps_the_journal_from_opening(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[float, bytes]], keep: float
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.db"

    async def fill_and_damage() -> None:
        async with open_journal(path, SMALL, boot=BOOT) as journal:
            await asyncio.gather(*(press(journal, f"b.1.{n}") for n in range(40)))
        content = bytearray(path.read_bytes())
        for place, noise in cuts:
            at = int(place * (len(content) - 1))
            content[at : at + len(noise)] = noise
        path.write_bytes(content[: int(len(content) * max(keep, 0.1))])

    async def use() -> None:
        for attempt in range(2):
            try:
                async with open_journal(path, SMALL, boot=BOOT) as journal:
                    await press(journal, f"new.{attempt}")
                    return
            except JournalBrokenError:
                continue
        pytest.fail("two starts were not enough")

    asyncio.run(fill_and_damage())
    asyncio.run(use())

"""A full disk is a state, not an end: presses go on, deletions go on, and it heals by itself."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from edge.journal.errors import JournalFullError
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, MIN_RESERVE_BYTES, Limits
from tests.edge.journal.conftest import BOOT, note, press, read, receipt, sequences
from wire.topics import Lane

_DISK = 512 * KIB
_ON_DISK = Limits(max_bytes=64 * MIB, reserve_bytes=MIN_RESERVE_BYTES, telemetry_max_entries=200)
_BOUNDED = Limits(max_bytes=2 * MIN_RESERVE_BYTES, reserve_bytes=MIN_RESERVE_BYTES, telemetry_max_entries=100)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 512 KB (needs root)."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


async def fill(journal: Journal) -> int:
    """Append events until the journal refuses; return how many it took."""
    taken = 0
    with suppress(JournalFullError):
        while True:
            await note(journal, "x" * 150, source=f"n.{journal.tallies[Lane.EVENT].last_seq}")
            taken += 1
    return taken


async def settle_all(journal: Journal, lane: Lane) -> None:
    await journal.settle(receipt(journal, lane, (1, 2**40)))


async def healed(journal: Journal) -> None:
    async with asyncio.timeout(5):
        while journal.is_full or journal.reserve_used:  # noqa: ASYNC110 - the state is another thread's
            await asyncio.sleep(0.05)


async def test_a_real_full_disk_takes_presses_forgets_by_receipt_and_heals(small_disk: Path) -> None:
    async with open_journal(small_disk / "journal.db", _ON_DISK, boot=BOOT) as journal:
        for _ in range(3):
            taken = await fill(journal)
            assert taken > 50
            assert journal.is_full
            presses = [await press(journal, f"p.{journal.tallies[Lane.SOS].last_seq}") for _ in range(40)]
            assert all(answer.is_new for answer in presses)
            waiting = await sequences(journal, Lane.EVENT)
            assert len(waiting) == taken
            await settle_all(journal, Lane.EVENT)
            await settle_all(journal, Lane.SOS)
            await healed(journal)


async def test_a_disk_that_others_filled_takes_presses_and_heals_when_they_leave(small_disk: Path) -> None:
    async with open_journal(small_disk / "journal.db", _ON_DISK, boot=BOOT) as journal:
        await note(journal)
        hog = small_disk / "hog"
        with suppress(OSError), hog.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        taken = await fill(journal)
        answers = [await press(journal, f"p.{n}") for n in range(40)]
        assert [answer.seq for answer in answers] == list(range(1, 41))
        assert journal.is_full
        assert journal.reserve_used
        await settle_all(journal, Lane.EVENT)
        assert await sequences(journal, Lane.EVENT) == []
        assert journal.is_full, "receipts do not make the others leave"
        hog.unlink()
        await healed(journal)
        assert (await note(journal)).seq == taken + 2


async def test_nothing_is_lost_when_the_daemon_restarts_on_a_full_disk(small_disk: Path) -> None:
    path = small_disk / "journal.db"
    async with open_journal(path, _ON_DISK, boot=BOOT) as journal:
        taken = await fill(journal)
        await press(journal, "p.1")
    with suppress(OSError), (small_disk / "hog").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 512)
    async with open_journal(path, _ON_DISK, boot=BOOT) as journal:
        assert (await press(journal, "p.2")).seq == 2
        assert len(await sequences(journal, Lane.EVENT)) == taken
        await settle_all(journal, Lane.EVENT)
        await settle_all(journal, Lane.SOS)
        assert all(tally.depth == 0 for tally in journal.tallies.values())


async def test_presses_on_a_full_disk_are_refused_only_when_the_reserve_is_used_up(small_disk: Path) -> None:
    async with open_journal(small_disk / "journal.db", _ON_DISK, boot=BOOT) as journal:
        await fill(journal)
        taken = 0
        with suppress(JournalFullError):
            while True:
                await press(journal, f"p.{taken}")
                taken += 1
        assert taken >= 100
        assert await sequences(journal, Lane.SOS) == list(range(1, taken + 1))
        await settle_all(journal, Lane.SOS)
        await settle_all(journal, Lane.EVENT)
        await healed(journal)


async def test_the_bound_of_the_file_refuses_all_but_presses(tmp_path: Path) -> None:
    async with open_journal(tmp_path / "journal.db", _BOUNDED, boot=BOOT) as journal:
        taken = await fill(journal)
        assert taken > 50
        for lane_append in (note, read):
            with pytest.raises(JournalFullError):
                await lane_append(journal)
        assert (await press(journal, "p.1")).is_new
        await settle_all(journal, Lane.EVENT)
        await healed(journal)
        assert (await note(journal)).seq == taken + 1
        assert (tmp_path / "journal.db").stat().st_size <= _BOUNDED.max_bytes


async def test_telemetry_yields_its_older_half_before_anybody_is_refused(tmp_path: Path) -> None:
    async with open_journal(tmp_path / "journal.db", _BOUNDED, boot=BOOT) as journal:
        for _ in range(90):
            await read(journal)
        await fill(journal)
        tally = journal.tallies[Lane.TELEMETRY]
        assert tally.dropped >= 40
        assert tally.depth + tally.dropped >= 90
        assert journal.tallies[Lane.EVENT].dropped == 0


async def test_a_mixed_group_on_a_full_journal_keeps_its_presses(tmp_path: Path) -> None:
    async with open_journal(tmp_path / "journal.db", _BOUNDED, boot=BOOT) as journal:
        await fill(journal)
        answers = await asyncio.gather(
            *(note(journal) for _ in range(20)),
            *(press(journal, f"p.{n}") for n in range(20)),
            return_exceptions=True,
        )
        assert all(isinstance(answer, JournalFullError) for answer in answers[:20])
        assert await sequences(journal, Lane.SOS) == list(range(1, 21))


async def test_the_reserve_is_really_allocated(tmp_path: Path) -> None:
    async with open_journal(tmp_path / "journal.db", _BOUNDED, boot=BOOT):
        status = (tmp_path / "journal.db-reserve").stat()
        assert status.st_blocks * 512 >= MIN_RESERVE_BYTES

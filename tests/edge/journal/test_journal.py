"""What the journal promises while the disk is well."""

import asyncio
import math
import secrets
import threading

import msgspec
import pytest

from edge.journal.errors import BodyRefusedError, JournalBusyError, JournalError
from edge.journal.journal import Journal
from edge.journal.records import Pending, Settled
from edge.journal.writer import MAX_QUEUED, RESERVED_PLACES
from tests.edge.journal.conftest import (
    BOOT,
    OpenJournal,
    note,
    press,
    read,
    receipt,
    sequences,
)
from wire.codec import LooseEntry, decode_body, encode_body
from wire.entries import Dropped, Reading, SosPressed
from wire.messages import Outcome, Reply
from wire.ranges import SequenceSet
from wire.topics import Lane


async def test_each_lane_counts_from_one_without_gaps(journal: Journal) -> None:
    assert [(await press(journal, f"b.1.{n}")).seq for n in range(3)] == [1, 2, 3]
    assert [(await note(journal)).seq for _ in range(2)] == [1, 2]
    assert (await press(journal, "b.1.9")).seq == 4


async def test_a_sequence_is_never_given_twice_after_the_lane_was_emptied_and_reopened(
    reopen: OpenJournal,
) -> None:
    async with reopen() as journal:
        first_id = journal.journal_id
        for n in range(3):
            await press(journal, f"b.1.{n}")
        await journal.settle(receipt(journal, Lane.SOS, (1, 3)))
    async with reopen() as journal:
        assert journal.journal_id == first_id
        assert (await press(journal, "b.1.3")).seq == 4


async def test_one_source_is_one_entry_while_it_waits_and_after_its_receipt(reopen: OpenJournal) -> None:
    async with reopen() as journal:
        assert (await press(journal, "b.1.1")).is_new
        again = await press(journal, "b.1.1")
        assert (again.seq, again.is_new) == (1, False)
        await journal.settle(receipt(journal, Lane.SOS, (1, 1)))
        again = await press(journal, "b.1.1")
        assert (again.seq, again.is_new) == (1, False)
    async with reopen() as journal:
        again = await press(journal, "b.1.1")
        assert (again.seq, again.is_new) == (1, False)
        assert await sequences(journal, Lane.SOS) == []
        assert (await note(journal, source="b.1.1")).is_new, "a source is unique per lane"


async def test_the_same_source_twice_in_one_group_is_one_entry(journal: Journal) -> None:
    answers = await asyncio.gather(*(press(journal, f"b.1.{n % 5}") for n in range(50)))
    assert sum(answer.is_new for answer in answers) == 5
    assert await sequences(journal, Lane.SOS) == [1, 2, 3, 4, 5]


async def test_the_memory_of_forgotten_sources_is_bounded(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.journal.store.MAX_FORGOTTEN_SOURCES", 4)
    for n in range(1, 7):
        await press(journal, f"b.1.{n}")
    await journal.settle(receipt(journal, Lane.SOS, (1, 6)))
    assert not (await press(journal, "b.1.3")).is_new
    assert (await press(journal, "b.1.2")).is_new


async def test_pending_gives_what_was_appended(journal: Journal) -> None:
    body = SosPressed(button="standing", source="b.1.1")
    await journal.append(Lane.SOS, body, at_ms=11, uptime_ms=22, source="b.1.1")
    raw = msgspec.Raw(encode_body(body))
    expected = Pending(BOOT, (LooseEntry(seq=1, at_ms=11, uptime_ms=22, body=raw),))
    assert await journal.pending(Lane.SOS, 0, 10, 1_000) == expected
    assert await journal.pending(Lane.SOS, 1, 10, 1_000) == Pending()


async def test_pending_keeps_to_entries_and_bytes_but_gives_one_at_least(journal: Journal) -> None:
    await asyncio.gather(*(note(journal, "x" * 100) for _ in range(10)))
    assert len((await journal.pending(Lane.EVENT, 0, 3, 100_000)).entries) == 3
    assert len((await journal.pending(Lane.EVENT, 0, 10, 600)).entries) == 2
    assert len((await journal.pending(Lane.EVENT, 0, 10, 1)).entries) == 1


async def test_pending_never_mixes_two_boots(reopen: OpenJournal) -> None:
    other = secrets.token_hex(16)
    async with reopen() as journal:
        await note(journal)
        await note(journal)
    async with reopen(boot=other) as journal:
        await note(journal)
        assert (await journal.pending(Lane.EVENT, 0, 10, 10_000)).boot == BOOT
        assert len((await journal.pending(Lane.EVENT, 0, 10, 10_000)).entries) == 2
        assert (await journal.pending(Lane.EVENT, 2, 10, 10_000)).boot == other


async def test_a_receipt_forgets_what_it_names_and_nothing_else(journal: Journal) -> None:
    for _ in range(9):
        await note(journal)
    settled = await journal.settle(receipt(journal, Lane.EVENT, (2, 3), (7, 2**53 - 1)))
    assert settled == Settled(SequenceSet.parse("2-3,7-9"))
    assert await sequences(journal, Lane.EVENT) == [1, 4, 5, 6]
    again = await journal.settle(receipt(journal, Lane.EVENT, (2, 3)))
    assert again == Settled()
    assert [health.depth for health in journal.health() if health.lane is Lane.EVENT] == [4]


async def test_a_receipt_of_another_journal_does_nothing(journal: Journal) -> None:
    await note(journal)
    foreign = msgspec.structs.replace(receipt(journal, Lane.EVENT, (1, 1)), journal=secrets.token_hex(16))
    assert await journal.settle(foreign) == Settled()
    assert await sequences(journal, Lane.EVENT) == [1]


async def test_a_large_receipt_settles_in_several_small_transactions(journal: Journal) -> None:
    await asyncio.gather(*(note(journal) for _ in range(1_300)))
    settled = await journal.settle(receipt(journal, Lane.EVENT, (1, 1_300)))
    assert settled.forgotten == SequenceSet(((1, 1_300),))


async def test_a_rejected_entry_is_put_aside_and_counted(reopen: OpenJournal) -> None:
    async with reopen() as journal:
        for _ in range(3):
            await note(journal)
        settled = await journal.settle(receipt(journal, Lane.EVENT, (1, 3), rejected=(2,)))
        assert [one.seq for one in settled.aside] == [2]
    async with reopen() as journal:
        assert await sequences(journal, Lane.EVENT) == []
        assert {health.lane: health.aside for health in journal.health()}[Lane.EVENT] == 1


async def test_telemetry_is_bounded_and_tells_its_gap(journal: Journal) -> None:
    for _ in range(200):
        await read(journal)
    waiting = await sequences(journal, Lane.TELEMETRY)
    assert len(waiting) <= 64
    health = {health.lane: health for health in journal.health()}[Lane.TELEMETRY]
    notices = [body for body in await bodies(journal, Lane.TELEMETRY) if isinstance(body, Dropped)]
    gone = set(range(1, max(waiting) + 1)) - set(waiting)
    assert gone == {seq for notice in notices for seq in range(notice.first, notice.last + 1)}
    readings = len(waiting) - len(notices)
    assert readings + health.dropped == 200


async def bodies(journal: Journal, lane: Lane) -> list[object]:
    entries = (await journal.pending(lane, 0, 500, 100_000)).entries
    return [decode_body(bytes(entry.body)) for entry in entries]


async def test_health_tells_depth_and_age_from_memory(journal: Journal) -> None:
    await press(journal, "b.1.1")
    await note(journal)
    health = {health.lane: health for health in journal.health()}
    assert list(health) == list(Lane)
    assert (health[Lane.SOS].depth, health[Lane.SOS].oldest_age_ms) == (1, 9_000)
    await journal.settle(receipt(journal, Lane.SOS, (1, 1)))
    health = {health.lane: health for health in journal.health()}
    assert (health[Lane.SOS].depth, health[Lane.SOS].oldest_age_ms) == (0, 0)
    assert health[Lane.EVENT].oldest_age_ms == 8_000


async def test_the_uplink_is_woken_by_an_append_and_by_what_lay_there(reopen: OpenJournal) -> None:
    async with reopen() as journal:
        waiter = asyncio.create_task(journal.wait_for_work())
        await asyncio.sleep(0.05)
        assert not waiter.done()
        await press(journal, "b.1.1")
        await asyncio.wait_for(waiter, 1)
    async with reopen() as journal:
        await asyncio.wait_for(journal.wait_for_work(), 1)


async def test_a_command_is_remembered_over_a_restart(
    reopen: OpenJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.journal.store.MAX_REPLIES", 3)
    replies = [
        Reply(station="tower-a-1", id=f"{n:032x}", at_ms=n, outcome=Outcome.DONE, detail="shown")
        for n in range(5)
    ]
    async with reopen() as journal:
        for reply in replies:
            await journal.remember_command(reply)
    async with reopen() as journal:
        assert await journal.seen_command(replies[4].id) == replies[4]
        assert await journal.seen_command(replies[2].id) == replies[2]
        assert await journal.seen_command(replies[1].id) is None


async def test_poison_is_refused_at_its_source(journal: Journal) -> None:
    with pytest.raises(BodyRefusedError):
        await journal.append(Lane.EVENT, SosPressed(button="b", source="s"), at_ms=1, uptime_ms=1)
    with pytest.raises(BodyRefusedError):
        await press(journal, "UPPER CASE")
    with pytest.raises(BodyRefusedError):
        await read(journal, math.nan)
    body = Reading(measure="cpu-temperature", value=1, sensor="cpu")
    with pytest.raises(BodyRefusedError):
        await journal.append(Lane.VITALS, body, at_ms=1, uptime_ms=1, source="x" * 200)
    assert all(health.depth == 0 for health in journal.health())


async def test_too_many_waiting_appends_are_refused_but_presses_have_places(journal: Journal) -> None:
    disk_hangs = threading.Event()
    hanging = journal._writer.run(disk_hangs.wait)
    notes = [asyncio.create_task(note(journal)) for _ in range(MAX_QUEUED + 10)]
    presses = [asyncio.create_task(press(journal, f"b.1.{n}")) for n in range(RESERVED_PLACES + 10)]
    await asyncio.sleep(0.5)
    disk_hangs.set()
    await hanging
    answers = await asyncio.gather(*notes, return_exceptions=True)
    assert sum(isinstance(answer, JournalBusyError) for answer in answers) == 10
    answers = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(isinstance(answer, JournalBusyError) for answer in answers) == 10
    assert journal.tallies[Lane.EVENT].depth == MAX_QUEUED
    assert journal.tallies[Lane.SOS].depth == RESERVED_PLACES


async def test_a_cancelled_append_harms_nobody(journal: Journal) -> None:
    task = asyncio.create_task(press(journal, "b.1.1"))
    await asyncio.sleep(0)
    task.cancel()
    assert (await press(journal, "b.1.2")).seq in {1, 2}
    assert await sequences(journal, Lane.SOS) in ([1], [1, 2])


async def test_a_second_daemon_is_kept_away(journal: Journal, reopen: OpenJournal) -> None:
    with pytest.raises(JournalError, match="another process"):
        async with reopen():
            pass


async def test_a_closed_journal_says_so(reopen: OpenJournal) -> None:
    async with reopen() as journal:
        pass
    with pytest.raises(JournalError, match="closed"):
        await press(journal, "b.1.1")


async def test_only_forgetting_is_not_flushed(journal: Journal) -> None:
    statements: list[str] = []
    connection = journal._keeper.store._connection
    connection.set_trace_callback(statements.append)
    await press(journal, "b.1.1")
    assert not any("synchronous" in statement for statement in statements)
    statements.clear()
    await journal.settle(receipt(journal, Lane.SOS, (1, 1)))
    levels = [statement for statement in statements if "synchronous" in statement or statement == "COMMIT"]
    assert levels == ["PRAGMA synchronous = NORMAL", "COMMIT", "PRAGMA synchronous = FULL"]
    connection.set_trace_callback(None)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)

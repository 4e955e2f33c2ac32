"""Numbers over time reach the lane of telemetry, and a full disk only costs some of them."""

import asyncio
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.journal.errors import JournalFullError
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, Limits
from edge.telemetry import Telemetry
from tests.edge.waiting import eventually
from wire.entries import Reading
from wire.topics import Lane

NUMBERS = [
    Reading(measure="battery-level", value=80, sensor="cuff"),
    Reading(measure="signal-strength", value=-60, sensor="cuff"),
]
LIMITS = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)


async def test_all_numbers_are_written_at_every_interval(tmp_path: Path) -> None:
    clock = SystemClock()
    async with open_journal(tmp_path / "journal.db", LIMITS, boot=clock.boot) as journal:
        telemetry = Telemetry(journal, clock, lambda: NUMBERS, interval_s=0.01)
        task = asyncio.create_task(telemetry.run())
        await eventually(lambda: journal.tallies[Lane.TELEMETRY].depth >= 4)
        task.cancel()
        pending = await journal.pending(Lane.TELEMETRY, 0, 2, 10_000)
    assert [bytes(entry.body) for entry in pending.entries] == [
        b'{"kind":"reading","measure":"battery-level","value":80,"sensor":"cuff"}',
        b'{"kind":"reading","measure":"signal-strength","value":-60,"sensor":"cuff"}',
    ]


async def test_a_full_disk_costs_numbers_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SystemClock()
    tries = 0

    async def full(*_: object, **__: object) -> None:
        nonlocal tries
        tries += 1
        raise JournalFullError("full")

    async with open_journal(tmp_path / "journal.db", LIMITS, boot=clock.boot) as journal:
        monkeypatch.setattr(Journal, "append", full)
        task = asyncio.create_task(Telemetry(journal, clock, lambda: NUMBERS, interval_s=0.01).run())
        await eventually(lambda: tries > 2)
        assert not task.done()
        task.cancel()

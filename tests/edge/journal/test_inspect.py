"""What a technician sees of a journal, while the daemon runs and afterwards."""

import json
from pathlib import Path

import pytest

from edge.journal.errors import JournalError
from edge.journal.inspect import export, summarize
from edge.journal.journal import Journal
from edge.journal.records import Tally
from tests.edge.journal.conftest import BOOT, note, press, receipt
from wire.topics import Lane


async def test_a_running_journal_is_summarized(journal: Journal, path: Path) -> None:
    await press(journal, "b.1.1")
    for _ in range(3):
        await note(journal)
    await journal.settle(receipt(journal, Lane.EVENT, (1, 2), rejected=(2,)))
    summary = summarize(path)
    assert summary.journal_id == journal.journal_id
    assert list(summary.lanes) == list(Lane)
    assert summary.lanes[Lane.SOS] == Tally(1, 1, 1, 1_000, 0, 0)
    assert summary.lanes[Lane.EVENT] == Tally(3, 3, 1, 2_000, 1, 0)
    assert summary.lanes == dict(journal.tallies)


async def test_an_export_shows_bodies_only_when_asked(journal: Journal, path: Path) -> None:
    await press(journal, "b.1.1")
    await note(journal, "x")
    await note(journal, "y")
    await journal.settle(receipt(journal, Lane.EVENT, (1, 1), rejected=(1,)))
    lines = [json.loads(line) for line in export(path)]
    assert lines == [
        {"lane": "sos", "seq": 1, "boot": BOOT, "at_ms": 1_000, "uptime_ms": 5, "source": "b.1.1"},
        {"lane": "event", "seq": 2, "boot": BOOT, "at_ms": 2_000, "uptime_ms": 6},
        {"lane": "event", "seq": 1, "boot": BOOT, "at_ms": 2_000, "uptime_ms": 6, "aside": "implausible"},
    ]
    bodies = [json.loads(line)["body"] for line in export(path, with_bodies=True)]
    assert bodies[0] == {
        "kind": "sos-pressed",
        "button": "standing",
        "source": "b.1.1",
        "ago_ms": 0,
        "drill": False,
    }
    assert bodies[2]["detail"] == "x"


async def test_an_export_reads_page_by_page(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.journal.inspect._PAGE_ROWS", 2)
    for _ in range(5):
        await note(journal)
    assert [json.loads(line)["seq"] for line in export(path)] == [1, 2, 3, 4, 5]


def test_no_journal_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="none"):
        summarize(tmp_path / "journal.db")
    (tmp_path / "journal.db").write_bytes(b"no database" * 100)
    with pytest.raises(JournalError):
        summarize(tmp_path / "journal.db")
    with pytest.raises(JournalError):
        list(export(tmp_path / "journal.db"))

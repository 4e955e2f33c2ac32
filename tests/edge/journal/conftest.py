"""Journals in a directory, and the few bodies that the tests put into them."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import pytest

from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, Appended, Limits
from wire.entries import DeviceChanged, DeviceState, Reading, SosPressed
from wire.messages import Receipt, Rejected, RejectReason
from wire.topics import Lane

BOOT = secrets.token_hex(16)
SMALL = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB, telemetry_max_entries=64)


class OpenJournal(Protocol):
    """Opens the test's one journal (again)."""

    def __call__(
        self, limits: Limits = SMALL, *, boot: str = BOOT
    ) -> AbstractAsyncContextManager[Journal]: ...


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "station" / "journal.db"


@pytest.fixture
def reopen(path: Path) -> OpenJournal:
    def opened(limits: Limits = SMALL, *, boot: str = BOOT) -> AbstractAsyncContextManager[Journal]:
        return open_journal(path, limits, boot=boot, wall_ms=lambda: 10_000)

    return opened


@pytest.fixture
async def journal(reopen: OpenJournal) -> AsyncIterator[Journal]:
    async with reopen() as opened:
        yield opened


async def press(journal: Journal, source: str) -> Appended:
    body = SosPressed(button="standing", source=source)
    return await journal.append(Lane.SOS, body, at_ms=1_000, uptime_ms=5, source=source)


async def note(journal: Journal, detail: str = "", source: str | None = None) -> Appended:
    body = DeviceChanged(device="modem", state=DeviceState.OK, detail=detail)
    return await journal.append(Lane.EVENT, body, at_ms=2_000, uptime_ms=6, source=source)


async def read(journal: Journal, value: float = 37.0) -> Appended:
    body = Reading(measure="cpu-temperature", value=value, sensor="cpu")
    return await journal.append(Lane.TELEMETRY, body, at_ms=3_000, uptime_ms=7)


def receipt(
    journal: Journal, lane: Lane, *ranges: tuple[int, int], rejected: tuple[int, ...] = ()
) -> Receipt:
    return Receipt(
        station="tower-a-1",
        journal=journal.journal_id,
        lane=lane,
        ranges=list(ranges),
        rejected=[Rejected(seq, RejectReason.IMPLAUSIBLE) for seq in rejected],
        committed_at_ms=4_000,
    )


async def sequences(journal: Journal, lane: Lane) -> list[int]:
    """All sequences of a lane that wait, read as the uplink reads them."""
    found: list[int] = []
    while entries := (await journal.pending(lane, found[-1] if found else 0, 100, 100_000)).entries:
        found += [entry.seq for entry in entries]
    return found

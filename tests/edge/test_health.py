"""What the station says of itself, and when it must not claim to be alive."""

import asyncio
import socket
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from edge import clock as clock_module
from edge import watch as watch_module
from edge.clock import SystemClock
from edge.drivers.board import BoardDriver
from edge.drivers.device import Device
from edge.health import Health, release
from edge.journal.errors import JournalBrokenError, JournalFullError
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, Limits
from edge.sd_notify import Notifier
from edge.settings import read_settings
from edge.uplink.uplink import Uplink
from edge.watch import Watch
from tests.edge.waiting import eventually
from wire.entries import DeviceChanged, DeviceState, SosPressed
from wire.topics import Lane


@dataclass
class StubBoard:
    device: Device
    recording_ms: int = 0


@dataclass
class StubUplink:
    connected: bool = False


@dataclass
class Rig:
    journal: Journal
    health: Health
    board: StubBoard
    changes: list[DeviceChanged]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    clock = SystemClock()
    settings = read_settings(
        {
            "station": {"id": "st-1"},
            "broker": {"host": "h", "ca": "a", "certificate": "b", "key": "c"},
            "journal": {"path": "journal.db"},
            "board": {"port": "p"},
        },
        tmp_path,
    )
    limits = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)
    async with open_journal(tmp_path / "journal.db", limits, boot=clock.boot) as journal:
        changes: list[DeviceChanged] = []
        device = Device("board", clock, changes.append)
        health = Health(
            settings, journal, clock, devices=lambda: [device.health], last_receipt_at_ms=lambda: 77
        )
        yield Rig(journal, health, StubBoard(device), changes)


async def test_birth_and_heartbeat_say_how_it_really_is(rig: Rig) -> None:
    birth = rig.health.birth()
    assert (birth.station, birth.journal, birth.release) == ("st-1", rig.journal.journal_id, release())
    assert [device.state for device in birth.devices] == [DeviceState.LOST]
    rig.board.device.ok("here")
    await rig.journal.append(Lane.SOS, SosPressed(button="low", source="b-1"), at_ms=1, uptime_ms=1)
    beat = rig.health.heartbeat()
    assert [(device.state, device.detail) for device in beat.devices] == [(DeviceState.OK, "here")]
    assert {lane.lane: lane.depth for lane in beat.lanes}[Lane.SOS] == 1
    assert beat.last_receipt_at_ms == 77
    assert beat.boot == birth.boot


async def test_a_loop_that_was_held_up_shows_in_one_heartbeat(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.health.LAG_INTERVAL_S", 0.02)
    task = asyncio.create_task(rig.health.measure_lag())
    await asyncio.sleep(0)
    time.sleep(0.2)  # noqa: ASYNC251 - holding up the loop is the point
    await asyncio.sleep(0.03)
    assert 150 <= rig.health.heartbeat().loop_lag_ms < 2_000
    assert rig.health.heartbeat().loop_lag_ms < 150
    task.cancel()


def test_a_device_is_news_only_when_it_changes() -> None:
    changes: list[DeviceChanged] = []
    device = Device("modem", SystemClock(), changes.append)
    device.ok("signal 3")
    device.ok("signal 4")
    device.fault("x" * 500)
    device.fault("y")
    device.lost("")
    assert [change.state for change in changes] == [DeviceState.OK, DeviceState.FAULT, DeviceState.LOST]
    assert len(changes[1].detail) == 200
    assert device.health.seen_at_ms is not None


def watch(rig: Rig, notifier: Notifier | None = None) -> Watch:
    return Watch(
        notifier or Notifier({}),
        rig.journal,
        cast(BoardDriver, rig.board),
        cast(Uplink, StubUplink()),
    )


async def test_a_working_station_is_alive(rig: Rig) -> None:
    assert await watch(rig).look() is None


async def test_an_event_that_waits_for_the_disk_is_no_life(rig: Rig) -> None:
    rig.board.recording_ms = 10_001
    assert await watch(rig).look() == "events of the board wait for the disk"


async def test_a_writer_that_hangs_or_fails_is_no_life(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_: str) -> None:
        await asyncio.Event().wait()

    async def fail(_: str) -> None:
        raise JournalBrokenError("journal: damaged")

    async def full(_: str) -> None:
        raise JournalFullError("journal: full")

    monkeypatch.setattr(watch_module, "PROBE_TIMEOUT_S", 0.02)
    monkeypatch.setattr(rig.journal, "seen_command", hang)
    assert await watch(rig).look() == "the journal's writer does not answer"
    monkeypatch.setattr(rig.journal, "seen_command", fail)
    assert await watch(rig).look() == "journal: damaged"
    monkeypatch.setattr(rig.journal, "seen_command", full)
    assert await watch(rig).look() is None, "it answers, and heals by itself"


async def test_systemd_hears_life_only_while_there_is_some(rig: Rig, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(0)
        heard: list[str] = []

        def listen() -> list[str]:
            try:
                while True:
                    heard.append(listener.recv(500).decode())
            except BlockingIOError:
                return heard

        with Notifier({"NOTIFY_SOCKET": listener.getsockname(), "WATCHDOG_USEC": "60000"}) as notifier:
            task = asyncio.create_task(watch(rig, notifier).run())
            await eventually(lambda: listen().count("WATCHDOG=1") >= 2)
            assert heard[1] == "STATUS=uplink not connected, board lost, 0 presses wait for their receipt"
            rig.board.recording_ms = 99_999
            await eventually(lambda: listen()[-1].startswith("STATUS=events of the board"))
            alive = heard.count("WATCHDOG=1")
            await asyncio.sleep(0.1)
            assert listen().count("WATCHDOG=1") == alive
            task.cancel()


def test_the_clocks_agree_on_the_boot_and_uptime_only_grows() -> None:
    one, two = SystemClock(), SystemClock()
    assert one.boot == two.boot
    assert len(one.boot) == 32
    before = one.uptime_ms()
    assert two.uptime_ms() >= before > 0
    assert one.wall_ms() > 1_700_000_000_000


def test_without_a_boot_id_uptimes_are_never_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_module, "_BOOT_ID", tmp_path / "none")
    one, two = SystemClock(), SystemClock()
    assert one.boot != two.boot
    assert uuid.UUID(one.boot)

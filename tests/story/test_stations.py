"""What befalls a station: its computer dies, its board is unplugged, its clock jumps, its disk is full."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from firmware_bridge.messages import LampPattern
from tests.rig.processes import RigError
from tests.story.city import one_tower, until
from tests.story.faults import FaultTable

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]

HOUR_MS = 3_600_000


async def test_a_press_while_the_daemon_is_dead_is_kept_by_the_board(
    tmp_path: Path, faults: FaultTable
) -> None:
    async with one_tower(tmp_path) as scene:
        await scene.all_shown(await scene.press())
        await asyncio.to_thread(scene.station.daemon.kill)
        for _ in range(3):
            await scene.press()
        assert scene.station.board.pending
        await asyncio.to_thread(scene.station.daemon.start)
        heals_s = await scene.all_shown(time.monotonic())

        async def has_let_go() -> bool:
            return not scene.station.board.pending

        await until(has_let_go, "the board has an answer for everything")
        faults.add(await scene.outcome("daemon killed, presses meanwhile", heals_s))


async def test_a_press_at_an_unplugged_board_comes_when_it_is_plugged(
    tmp_path: Path, faults: FaultTable
) -> None:
    async with one_tower(tmp_path) as scene:
        scene.station.board.unplug()
        for _ in range(2):
            await scene.press()
        await asyncio.sleep(2)
        scene.station.board.plug()
        heals_s = await scene.all_shown(time.monotonic())
        faults.add(await scene.outcome("board unplugged and plugged", heals_s))


async def test_a_clock_that_jumps_by_an_hour_harms_nothing_and_is_seen(
    tmp_path: Path, faults: FaultTable
) -> None:
    """The jump is real for the daemon: every wall clock it reads is an hour off; monotonic time goes on."""
    clock = tmp_path / "clock"
    clock.write_text("+0")
    library = _faketime()
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    async with one_tower(tmp_path, environment=environment) as scene:
        await scene.all_shown(await scene.press())
        clock.write_text("+3600")
        heals_s = await scene.all_shown(await scene.press())
        (card,) = scene.console.cards.values()
        offsets = [press["clock_offset_ms"] for press in (await scene.console.detail(card["id"]))["presses"]]
        assert abs(offsets[0]) < HOUR_MS / 10
        assert abs(abs(offsets[1]) - HOUR_MS) < HOUR_MS / 10
        answer = await scene.console.act(await scene.card(), "acknowledge")
        assert answer.status_code == httpx.codes.OK, answer.text

        async def is_told() -> bool:
            return scene.station.board.lamp is LampPattern.POLICE

        await until(is_told, "the person learns that the police know")
        clock.write_text("+0")
        await scene.all_shown(await scene.press())
        faults.add(await scene.outcome("station's clock jumps by an hour and back", heals_s))


async def test_a_full_disk_still_takes_an_sos_and_heals_by_itself(tmp_path: Path, faults: FaultTable) -> None:
    """Somebody else fills the journal's disk to the last byte; the reserve is the journal's own, so a press gets in."""
    with _small_disk(tmp_path / "st-0001" / "disk") as disk:
        async with one_tower(tmp_path, journal="disk/journal.db") as scene:
            await scene.all_shown(await scene.press())
            scene.line.cut()
            _fill(disk)
            for _ in range(3):
                await scene.press()
            await asyncio.sleep(1)
            assert scene.station.board.lamp is not LampPattern.IDLE
            (disk / "ballast").unlink()
            scene.line.mend()
            heals_s = await scene.all_shown(time.monotonic())
            assert scene.station.daemon.is_running
            faults.add(await scene.outcome("disk of 512 KB full to the last byte", heals_s))


@contextmanager
def _small_disk(path: Path) -> Iterator[Path]:
    """Mount 512 KB; the machine must let us."""
    path.mkdir(parents=True)
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    subprocess.run([*sudo, "mount", "-t", "tmpfs", "-o", "size=512k,mode=777", "tmpfs", path], check=True)
    try:
        yield path
    finally:
        subprocess.run([*sudo, "umount", "-l", path], check=True)


def _fill(disk: Path) -> None:
    ballast = os.open(disk / "ballast", os.O_WRONLY | os.O_CREAT)
    try:
        for size in (4096, 1):
            try:
                while os.write(ballast, b"x" * size):
                    pass
            except OSError:
                continue
    finally:
        os.close(ballast)
    assert shutil.disk_usage(disk).free == 0


def _faketime() -> Path:
    found = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if found is None:
        raise RigError("faketime is missing: apt-get install faketime")
    return found

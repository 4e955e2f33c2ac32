"""Certificates that are revoked or have expired: the station is shut out, and no press is forgotten meanwhile."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.story.city import Scene, one_tower
from tests.story.faults import FaultTable

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]


async def test_a_revoked_station_is_shut_out_and_brings_its_presses_with_a_new_certificate(
    tmp_path: Path, faults: FaultTable
) -> None:
    async with one_tower(tmp_path) as scene:
        await scene.all_shown(await scene.press())
        scene.broker.revoke(scene.broker.certificate(scene.station.station))
        scene.line.cut()
        scene.line.mend()
        await _press_in_vain(scene)
        scene.broker.authority.issue(scene.station.station)
        heals_s = await scene.all_shown(await _restarted(scene))
        faults.add(await scene.outcome("certificate revoked, then replaced", heals_s))


async def test_an_expired_certificate_shuts_out_until_it_is_renewed(
    tmp_path: Path, faults: FaultTable
) -> None:
    async with one_tower(tmp_path) as scene:
        await scene.all_shown(await scene.press())
        long_ago = datetime.now(UTC) - timedelta(days=10)
        scene.broker.authority.issue(scene.station.station, not_before=long_ago, days=5)
        await _restarted(scene)
        await _press_in_vain(scene)
        scene.broker.authority.issue(scene.station.station)
        heals_s = await scene.all_shown(await _restarted(scene))
        faults.add(await scene.outcome("certificate expired, then renewed", heals_s))


async def _press_in_vain(scene: Scene) -> None:
    before = scene.console.on_screen(scene.station.station)
    for _ in range(2):
        await scene.press()
    await asyncio.sleep(3)
    assert scene.console.on_screen(scene.station.station) == before
    assert scene.station.daemon.is_running


async def _restarted(scene: Scene) -> float:
    """Restart the daemon, as somebody who has put new files there would; return the time."""
    await asyncio.to_thread(scene.station.daemon.stop)
    await asyncio.to_thread(scene.station.daemon.start)
    return time.monotonic()

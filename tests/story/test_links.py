"""Links that die without a word: nobody is told, nothing arrives, and a person presses."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.story.city import one_tower
from tests.story.faults import FaultTable

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]


async def test_a_link_that_died_without_a_word_is_left_within_ten_seconds(
    tmp_path: Path, faults: FaultTable
) -> None:
    """The station's connection hangs for ever while a new one would pass: only the station can notice."""
    async with one_tower(tmp_path) as scene:
        await scene.all_shown(await scene.press())
        scene.line.strand()
        heals_s = await scene.all_shown(await scene.press())
        assert heals_s <= 10
        faults.add(await scene.outcome("link half-open (peer gone without a word)", heals_s))


async def test_a_broker_that_freezes_and_then_dies_costs_no_press(tmp_path: Path, faults: FaultTable) -> None:
    async with one_tower(tmp_path) as scene:
        await scene.all_shown(await scene.press())
        scene.broker.pause()
        for _ in range(3):
            await scene.press()
            await asyncio.sleep(1)
        await asyncio.to_thread(scene.broker.kill)
        await asyncio.to_thread(scene.broker.start)
        heals_s = await scene.all_shown(time.monotonic())
        faults.add(await scene.outcome("broker frozen, then killed", heals_s))


async def test_presses_without_a_network_come_when_it_is_back(tmp_path: Path, faults: FaultTable) -> None:
    async with one_tower(tmp_path) as scene:
        scene.line.cut()
        for _ in range(4):
            await scene.press()
        await asyncio.sleep(3)
        scene.line.mend()
        heals_s = await scene.all_shown(time.monotonic())
        faults.add(await scene.outcome("network cut", heals_s))

"""Officers at their consoles: two at once, nobody at all, and the way back to the person who pressed."""

import asyncio
from pathlib import Path

import httpx
import pytest

from firmware_bridge.messages import LampPattern
from tests.rig.console import Console
from tests.story.city import Scene, one_tower, until
from tests.story.faults import FaultTable

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]


async def test_the_person_at_the_station_sees_how_far_the_help_has_come(tmp_path: Path) -> None:
    async with one_tower(tmp_path) as scene:
        await scene.console.arm()
        await scene.all_shown(await scene.press())
        await _lamp(scene, LampPattern.RECEIVED)
        for action, lamp, stage in (
            ("acknowledge", LampPattern.POLICE, "police-received"),
            ("dispatch", LampPattern.ON_WAY, "on-the-way"),
        ):
            answer = await scene.console.act(await scene.card(), action)
            assert answer.status_code == httpx.codes.OK, answer.text
            await _lamp(scene, lamp)
            await _shown(scene, stage)
        for action, extra in (("on_scene", {}), ("resolve", {"resolution": "founded"})):
            answer = await scene.console.act(await scene.card(), action, **extra)
            assert answer.status_code == httpx.codes.OK, answer.text
        await _lamp(scene, LampPattern.IDLE)
        detail = await scene.console.detail((await scene.card())["id"])
        hops = [hop["hop"] for hop in detail["custody"]]
        assert hops[:4] == ["pressed", "recorded", "received", "committed"]
        assert {"acknowledged", "dispatched", "on_scene", "resolved", "person_informed"} <= set(hops)


async def test_the_second_officer_gets_the_fresh_card_and_changes_nothing(
    tmp_path: Path, faults: FaultTable
) -> None:
    async with one_tower(tmp_path) as scene, Console(scene.cloud, "city_desk") as desk:
        await scene.all_shown(await scene.press())
        await desk.wait_for(scene.station.station, 1)
        await asyncio.sleep(1)
        (stale,) = desk.cards.values()
        first = await scene.console.act(stale, "acknowledge")
        second = await desk.act(stale, "acknowledge")
        assert (first.status_code, second.status_code) == (httpx.codes.OK, httpx.codes.CONFLICT)
        fresh = second.json()["card"]
        assert fresh["owner"]["login"] == scene.cloud.people["duty_officer"].login
        # the station's own confirmation may have come between the two
        assert fresh["version"] >= first.json()["version"]
        detail = await scene.console.detail(fresh["id"])
        assert [hop["hop"] for hop in detail["custody"]].count("acknowledged") == 1
        faults.add(await scene.outcome("two officers act on the same card", 0.0))


async def test_nobody_watches_so_the_next_level_is_called_at_once(tmp_path: Path) -> None:
    """No console of the ward is armed: nobody waits for the first deadline."""
    async with one_tower(tmp_path) as scene:
        await scene.all_shown(await scene.press())

        async def is_raised() -> bool:
            return bool((await scene.card())["level"])

        await until(is_raised, "the next level is called", timeout_s=10)


async def test_an_armed_console_gives_the_ward_its_time(tmp_path: Path) -> None:
    async with one_tower(tmp_path) as scene:
        await scene.console.arm()
        await scene.all_shown(await scene.press())
        await asyncio.sleep(3)
        assert (await scene.card())["level"] == 0


async def _lamp(scene: Scene, pattern: LampPattern) -> None:
    async def shows() -> bool:
        return scene.station.board.lamp is pattern

    await until(shows, f"the lamp shows {pattern.name}")


async def _shown(scene: Scene, stage: str) -> None:
    async def confirms() -> bool:
        return ((await scene.card())["shown"] or {}).get("stage") == stage

    await until(confirms, f"the station confirms {stage}")

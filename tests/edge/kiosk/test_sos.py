"""A press on the screen with a real journal: on disk before it is called recorded, once however often it is sent."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import msgspec
import pytest

from edge.alarm import Alarm, Rules
from edge.clock import SystemClock
from edge.drivers.board import BoardDriver, Press
from edge.journal.errors import BodyRefusedError, JournalBusyError
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, Limits
from edge.kiosk import screen_routes, sos
from edge.kiosk.sos import MAX_WAITING, ScreenButton
from edge.registry import Registry
from edge.responder import Responder
from tests.edge.kiosk.conftest import Rig, RunKiosk
from tests.edge.waiting import eventually
from wire.entries import AnyBody, SosPressed
from wire.messages import SosStage
from wire.topics import Lane

PRESS = "ab" * 16
LIMITS = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)


class GoneBoard:
    """A board whose cable was pulled: its lamp is told, and nothing comes of it."""

    def show(self, stage: SosStage | None) -> None: ...

    def sound(self, seconds: int) -> None: ...


@dataclass
class Responding:
    """Remembers what it was told."""

    stage: SosStage | None = None
    presses: list[Press] = field(default_factory=list)

    def pressed(self, press: Press, *, drill: bool = False) -> None:
        assert not drill
        self.presses.append(press)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with open_journal(tmp_path / "journal.db", LIMITS, boot=SystemClock().boot) as opened:
        yield opened


def button(journal: Journal) -> tuple[ScreenButton, Responding]:
    responding = Responding()
    return ScreenButton(journal, SystemClock(), responding), responding


async def presses(journal: Journal) -> list[AnyBody]:
    entries = (await journal.pending(Lane.SOS, 0, 100, 1 << 20)).entries
    return [msgspec.json.decode(entry.body, type=AnyBody) for entry in entries]


async def test_a_press_is_on_disk_and_the_responder_knows(journal: Journal) -> None:
    screen, responding = button(journal)
    await screen.press(PRESS)
    assert await presses(journal) == [SosPressed(button="screen", source=f"screen.{PRESS}")]
    assert [press.seq for press in responding.presses] == [1]


async def test_the_same_press_sent_again_and_again_is_one(journal: Journal) -> None:
    screen, responding = button(journal)
    await asyncio.gather(*(screen.press(PRESS) for _ in range(8)))
    await screen.press(PRESS)
    assert len(await presses(journal)) == 1
    assert len(responding.presses) == 1
    await screen.press("cd" * 16)
    assert len(await presses(journal)) == 2
    assert [press.seq for press in responding.presses] == [1, 2]


async def test_a_press_repeated_after_a_restart_is_still_the_same(tmp_path: Path) -> None:
    for _ in range(2):
        async with open_journal(tmp_path / "journal.db", LIMITS, boot=SystemClock().boot) as journal:
            screen, responding = button(journal)
            await screen.press(PRESS)
            assert len(await presses(journal)) == 1
    assert responding.presses == []


async def test_a_press_goes_on_although_its_page_has_left(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, responding = button(journal)
    disk, append = asyncio.Event(), journal.append

    async def slowly(*args: object, **times: object) -> object:
        await disk.wait()
        return await append(*args, **times)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(journal, "append", slowly)
    waiting = asyncio.create_task(screen.press(PRESS))
    await eventually(lambda: screen._recording)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    disk.set()
    await eventually(lambda: responding.presses)
    assert len(await presses(journal)) == 1


async def test_a_page_gone_wild_is_told_that_the_disk_is_busy(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, _ = button(journal)
    monkeypatch.setattr(sos, "MAX_WAITING", 3)
    given = await asyncio.gather(
        *(screen.press(secrets.token_hex(16)) for _ in range(5)), return_exceptions=True
    )
    assert [type(one) for one in given].count(JournalBusyError) == 2
    assert len(await presses(journal)) == 3
    assert MAX_WAITING > 3


async def test_an_id_that_the_wire_does_not_take_is_refused_and_nothing_is_told(journal: Journal) -> None:
    screen, responding = button(journal)
    with pytest.raises(BodyRefusedError):
        await screen.press("Ôi")
    assert responding.presses == []


async def test_pressed_in_the_browser_with_the_board_gone_it_is_recorded_and_shown(
    journal: Journal, rig: Rig, run_kiosk: RunKiosk, tmp_path: Path
) -> None:
    registry = Registry(tmp_path / "registry.json")
    responder = Responder(
        Alarm(Rules()), cast(BoardDriver, GoneBoard()), None, journal, registry, SystemClock()
    )
    screen = ScreenButton(journal, SystemClock(), responder)
    async with run_kiosk(sos=screen) as browser:
        for _ in range(3):
            answer = await browser.post("/api/sos", json={"id": PRESS})
            assert (answer.status_code, answer.json()) == (200, {"stage": "recorded"})
        assert len(await presses(journal)) == 1
        assert screen.stage is SosStage.RECORDED
        async with rig.listening() as events:
            async for event in events:
                if event.name == "status":
                    assert event.data["sos"] == {"stage": "recorded"}
                    break


async def test_a_page_that_waits_too_long_asks_again_and_gets_the_same_press(
    journal: Journal, run_kiosk: RunKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, responding = button(journal)
    disk, append = asyncio.Event(), journal.append

    async def slowly(*args: object, **times: object) -> object:
        await disk.wait()
        return await append(*args, **times)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(journal, "append", slowly)
    monkeypatch.setattr(screen_routes, "SOS_LIMIT_S", 0.05)
    async with run_kiosk(sos=screen) as browser:
        assert (await browser.post("/api/sos", json={"id": PRESS})).status_code == 503
        disk.set()
        await eventually(lambda: responding.presses)
        monkeypatch.setattr(screen_routes, "SOS_LIMIT_S", 5)
        assert (await browser.post("/api/sos", json={"id": PRESS})).status_code == 200
    assert len(responding.presses) == 1

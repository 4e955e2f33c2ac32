"""The board's driver with a real journal, on a pty behind which the board's own model runs."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from edge.clock import SystemClock
from edge.drivers import board as driver
from edge.drivers.board import BoardDriver, Press
from edge.journal.errors import JournalBrokenError, JournalFullError
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, Appended, Limits
from edge.settings import BoardSettings
from edge.supervise import supervise
from firmware_bridge.messages import Event, EventId, EventKind, LampPattern
from tests.edge.waiting import eventually
from tests.fakes.board import FakeBoard
from wire.entries import (
    AnyBody,
    DeviceChanged,
    DeviceState,
    LineChanged,
    LineState,
    SosPressed,
    SosReleased,
    TamperChanged,
)
from wire.messages import SosStage
from wire.topics import Lane


@dataclass
class Rig:
    board: FakeBoard
    driver: BoardDriver
    journal: Journal
    presses: list[Press] = field(default_factory=list)
    changes: list[DeviceChanged] = field(default_factory=list)

    async def bodies(self, lane: Lane) -> list[AnyBody]:
        pending = await self.journal.pending(lane, 0, 500, 1 << 20)
        return [msgspec.json.decode(entry.body, type=AnyBody) for entry in pending.entries]

    @property
    def states(self) -> list[DeviceState]:
        return [change.state for change in self.changes]


@asynccontextmanager
async def running(tmp_path: Path, board: FakeBoard) -> AsyncIterator[Rig]:
    clock = SystemClock()
    limits = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)
    async with open_journal(tmp_path / "journal.db", limits, boot=clock.boot) as journal:
        presses: list[Press] = []
        changes: list[DeviceChanged] = []
        one = BoardDriver(
            BoardSettings(port=str(board.path), button_names=("high", "low")),
            journal,
            clock,
            on_press=presses.append,
            note=changes.append,
        )
        async with asyncio.TaskGroup() as tasks:
            parts = [
                tasks.create_task(supervise("board", one.run, driver.BACKOFF)),
                tasks.create_task(supervise("record", one.record, driver.BACKOFF)),
            ]
            try:
                yield Rig(board, one, journal, presses, changes)
            finally:
                for part in parts:
                    part.cancel()


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with FakeBoard(tmp_path / "port") as board, running(tmp_path, board) as rig:
        await eventually(lambda: rig.states == [DeviceState.OK])
        yield rig


async def test_a_press_is_on_disk_before_the_board_may_forget_it(rig: Rig) -> None:
    event = rig.board.press(1)
    await eventually(lambda: rig.board.pending == 0)
    assert rig.presses[0].seq == 1
    (press,) = await rig.bodies(Lane.SOS)
    assert isinstance(press, SosPressed)
    assert (press.button, press.source, press.drill) == ("low", str(event), False)
    assert press.ago_ms < 1_000


async def test_while_the_disk_hangs_the_board_is_not_told(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    append, disk = rig.journal.append, asyncio.Event()

    async def slow(*args: object, **kwargs: object) -> Appended:
        await disk.wait()
        return await append(*args, **kwargs)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(rig.journal, "append", slow)
    rig.board.press()
    await asyncio.sleep(0.5)
    assert rig.board.pending == 1
    assert rig.presses == []
    assert rig.driver.recording_ms > 200
    rig.driver.show(SosStage.RECEIVED)
    await eventually(lambda: rig.board.lamp is LampPattern.RECEIVED)
    disk.set()
    await eventually(lambda: rig.board.pending == 0)
    assert len(rig.presses) == 1
    (press,) = await rig.bodies(Lane.SOS)
    assert isinstance(press, SosPressed)
    assert rig.driver.recording_ms == 0


async def test_a_press_that_finds_no_room_is_asked_for_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, refusals = rig.journal.append, 0

    async def full(*args: object, **kwargs: object) -> Appended:
        nonlocal refusals
        refusals += 1
        if refusals < 4:
            raise JournalFullError("full")
        return await append(*args, **kwargs)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(rig.journal, "append", full)
    rig.board.press()
    await eventually(lambda: rig.board.pending == 0)
    assert refusals == 4
    assert len(rig.presses) == 1


async def test_a_mistake_while_recording_costs_no_press(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    append, mistakes = rig.journal.append, [ZeroDivisionError()]

    async def wrong(*args: object, **kwargs: object) -> Appended:
        if mistakes:
            raise mistakes.pop()
        return await append(*args, **kwargs)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(rig.journal, "append", wrong)
    rig.board.press()
    await eventually(lambda: rig.board.pending == 0)
    assert len(rig.presses) == 1


async def test_a_broken_journal_is_not_hidden(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> Appended:
        raise JournalBrokenError("damaged")

    monkeypatch.setattr(rig.journal, "append", broken)
    rig.driver._heard.put_nowait(driver._Heard(_some_press(), 0))
    with pytest.raises(JournalBrokenError):
        await rig.driver.record()


def _some_press() -> Event:
    return Event(EventId(1, 1, 1), EventKind.PRESS, 0, 0)


async def test_lost_acks_make_no_second_press(rig: Rig) -> None:
    rig.board.lose_acks(3)
    rig.board.press()
    await eventually(lambda: rig.board.pending == 0)
    assert len(rig.presses) == 1
    assert len(await rig.bodies(Lane.SOS)) == 1


async def test_a_reset_board_repeats_its_press_and_makes_no_second_one(rig: Rig) -> None:
    rig.board.lose_acks(1_000)
    event = rig.board.press()
    await eventually(lambda: rig.presses)
    rig.board.reset()
    await eventually(lambda: rig.board.pending == 0)
    sources = [body.source for body in await rig.bodies(Lane.SOS) if isinstance(body, SosPressed)]
    assert sources.count(str(event)) == 1


async def test_a_press_while_the_cable_is_pulled_comes_with_its_age(rig: Rig) -> None:
    rig.board.unplug()
    await eventually(lambda: rig.states == [DeviceState.OK, DeviceState.LOST])
    rig.board.press()
    await asyncio.sleep(0.4)
    rig.board.plug()
    await eventually(lambda: rig.presses)
    (press,) = await rig.bodies(Lane.SOS)
    assert isinstance(press, SosPressed)
    assert 350 <= press.ago_ms < 5_000
    now_ms = SystemClock().uptime_ms()
    assert press.ago_ms <= now_ms - rig.presses[0].pressed_ms < 6_000
    await eventually(lambda: rig.states[-1] is DeviceState.OK)


async def test_everything_the_board_notices_is_recorded(rig: Rig) -> None:
    rig.board.press()
    rig.board.release()
    rig.board.tamper()
    rig.board.cut_wire(1)
    rig.board.restore_wire(1)
    rig.board.short_wire(0)
    rig.board.close_lid()
    await eventually(lambda: rig.board.pending == 0)
    sos = await rig.bodies(Lane.SOS)
    events = await rig.bodies(Lane.EVENT)
    assert [type(body) for body in sos] == [SosPressed, SosReleased]
    assert [body.opened for body in events if isinstance(body, TamperChanged)] == [True, False]
    assert [(body.button, body.state) for body in events if isinstance(body, LineChanged)] == [
        ("low", LineState.CUT),
        ("low", LineState.OK),
        ("high", LineState.SHORT),
    ]


async def test_sixteen_presses_at_once_are_sixteen_entries(rig: Rig) -> None:
    for _ in range(8):
        rig.board.press(0)
        rig.board.press(1)
        rig.board.restore_wire(0)
        rig.board.restore_wire(1)
    await eventually(lambda: rig.board.pending == 0)
    assert len({press.seq for press in rig.presses}) == len(rig.presses) >= 8


@pytest.mark.parametrize(
    ("stage", "pattern"),
    [
        (SosStage.RECORDED, LampPattern.RECORDED),
        (SosStage.RECEIVED, LampPattern.RECEIVED),
        (SosStage.POLICE_RECEIVED, LampPattern.POLICE),
        (SosStage.ON_THE_WAY, LampPattern.ON_WAY),
        (SosStage.ON_SCENE, LampPattern.ON_WAY),
        (SosStage.CLOSED, LampPattern.IDLE),
        (None, LampPattern.IDLE),
    ],
)
async def test_the_lamp_shows_the_stage(rig: Rig, stage: SosStage | None, pattern: LampPattern) -> None:
    rig.driver.show(SosStage.RECORDED)
    rig.driver.show(stage)
    async with asyncio.timeout(2):
        await rig.driver.settled()
    assert rig.board.lamp is pattern


async def test_a_lamp_is_not_settled_while_the_board_is_away(rig: Rig) -> None:
    rig.board.unplug()
    await eventually(lambda: rig.states[-1] is DeviceState.LOST)
    rig.driver.show(SosStage.RECEIVED)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await rig.driver.settled()
    rig.board.plug()
    async with asyncio.timeout(5):
        await rig.driver.settled()
    assert rig.board.lamp is LampPattern.RECEIVED


async def test_the_siren_sounds_and_falls_silent(rig: Rig) -> None:
    rig.driver.sound(5)
    await eventually(lambda: rig.board.siren)
    rig.driver.sound(0)
    await eventually(lambda: not rig.board.siren)


async def test_noise_on_the_line_costs_no_press(rig: Rig) -> None:
    rig.board.noise(bytes(range(256)) * 4)
    rig.board.press()
    await eventually(lambda: rig.presses)


async def test_a_board_that_is_not_there_is_lost_and_found(tmp_path: Path) -> None:
    board = FakeBoard(tmp_path / "port")
    async with running(tmp_path, board) as rig:
        await eventually(lambda: rig.states == [DeviceState.LOST])
        assert rig.driver.device.health.state is DeviceState.LOST
        async with board:
            await eventually(lambda: rig.states == [DeviceState.LOST, DeviceState.OK])
            health = rig.driver.device.health
            assert health.state is DeviceState.OK
            assert health.seen_at_ms is not None
            assert "firmware 1.0.0" in health.detail


async def test_from_the_byte_to_the_confirmation_it_takes_milliseconds(rig: Rig) -> None:
    took_ms = []
    for number in range(30):
        started = time.perf_counter()
        rig.board.press(0)
        await eventually(lambda number=number: len(rig.presses) > number)  # type: ignore[misc] # bound at once
        took_ms.append((time.perf_counter() - started) * 1_000)
        rig.board.release(0)
        await eventually(lambda: rig.board.pending == 0)
    assert sorted(took_ms)[15] < 25, "with the journal's sync; the bench has the figures"

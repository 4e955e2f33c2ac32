"""The responder's own corners: what a receipt leaves out, what a command may answer, what a restart finds."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from edge import responder as module
from edge.alarm import Alarm, Rules
from edge.clock import SystemClock
from edge.drivers.board import BoardDriver, Press
from edge.journal.errors import JournalFullError
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, Appended, Limits
from edge.registry import AlarmMemory, KnownIncident, Registry
from edge.responder import Responder, _without
from edge.texting import Texter
from tests.edge.waiting import eventually
from wire.entries import SosPressed, SosReleased
from wire.messages import Command, Outcome, Receipt, Rejected, RejectReason, RunDrill, ShowSos, SosStage
from wire.topics import Lane

RULES = Rules(receipt_timeout_ms=100, siren_s=9, sms_retry_ms=50)
INCIDENT = "a" * 32


@dataclass
class StubBoard:
    """Remembers what it was told; `confirms` says whether its lamp answers."""

    confirms: bool = True
    stages: list[SosStage | None] = field(default_factory=list)
    sirens: list[int] = field(default_factory=list)

    def show(self, stage: SosStage | None) -> None:
        self.stages.append(stage)

    def sound(self, seconds: int) -> None:
        self.sirens.append(seconds)

    async def settled(self) -> None:
        if not self.confirms:
            await asyncio.Event().wait()


@dataclass
class StubTexter:
    """Fails as often as told, by a mistake of ours, then sends."""

    failures: int = 0
    attempts: list[int] = field(default_factory=list)

    async def text(self, press_seq: int, attempt: int) -> bool:
        assert press_seq
        self.attempts.append(attempt)
        if len(self.attempts) <= self.failures:
            raise ZeroDivisionError
        return True


@dataclass
class Rig:
    responder: Responder
    board: StubBoard
    texter: StubTexter
    journal: Journal
    registry: Registry

    def receipt(
        self, *ranges: tuple[int, int], rejected: int | None = None, lane: Lane = Lane.SOS
    ) -> Receipt:
        return Receipt(
            station="st-1",
            journal=self.journal.journal_id,
            lane=lane,
            ranges=list(ranges),
            rejected=[] if rejected is None else [Rejected(rejected, RejectReason.MALFORMED)],
            committed_at_ms=1,
        )


def build(journal: Journal, registry: Registry) -> Rig:
    board, texter = StubBoard(), StubTexter()
    responder = Responder(
        Alarm(RULES),
        cast(BoardDriver, board),
        cast(Texter, texter),
        journal,
        registry,
        SystemClock(),
    )
    return Rig(responder, board, texter, journal, registry)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    limits = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)
    boot = SystemClock().boot
    async with open_journal(tmp_path / "journal.db", limits, boot=boot) as journal:
        yield build(journal, Registry(tmp_path / "registry.json"))


def press(seq: int) -> Press:
    return Press(seq, SystemClock().uptime_ms())


def drill() -> Command:
    return Command(station="st-1", id="d" * 32, issued_at_ms=0, expires_at_ms=1, body=RunDrill())


async def test_the_lamp_follows_press_and_receipt_and_is_told_only_what_changes(rig: Rig) -> None:
    rig.responder.pressed(press(1))
    rig.responder.pressed(press(2))
    await rig.responder.receipted(rig.receipt((1, 9), lane=Lane.EVENT))
    await rig.responder.receipted(rig.receipt((1, 2)))
    await rig.responder.receipted(rig.receipt((1, 2)))
    assert rig.board.stages == [SosStage.RECORDED, SosStage.RECEIVED]


async def test_a_press_that_the_centre_rejected_is_not_received(rig: Rig) -> None:
    rig.responder.pressed(press(1))
    await rig.responder.receipted(rig.receipt((1, 1), rejected=1))
    assert rig.board.stages == [SosStage.RECORDED]


async def test_a_receipt_of_another_journal_means_nothing(rig: Rig) -> None:
    rig.responder.pressed(press(1))
    foreign = Receipt(station="st-1", journal="f" * 32, lane=Lane.SOS, ranges=[(1, 1)], committed_at_ms=1)
    await rig.responder.receipted(foreign)
    assert rig.board.stages == [SosStage.RECORDED]


@pytest.mark.parametrize(
    ("ranges", "rejected", "left"),
    [
        ([(1, 5)], set(), [(1, 5)]),
        ([(1, 5)], {3}, [(1, 2), (4, 5)]),
        ([(1, 5)], {1, 5}, [(2, 4)]),
        ([(1, 1), (3, 3)], {1, 3}, []),
        ([(1, 2), (4, 6)], {4, 9}, [(1, 2), (5, 6)]),
    ],
)
def test_rejected_entries_are_cut_out_of_the_ranges(
    ranges: list[tuple[int, int]], rejected: set[int], left: list[tuple[int, int]]
) -> None:
    receipt = Receipt(station="st-1", journal="f" * 32, lane=Lane.SOS, ranges=ranges, committed_at_ms=1)
    assert _without(receipt, rejected) == left


async def test_what_is_shown_is_remembered_also_when_the_board_is_silent(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHOW_TIMEOUT_S", 0.05)
    rig.board.confirms = False
    order = ShowSos(incident=INCIDENT, version=3, stage=SosStage.ON_THE_WAY)
    assert await rig.responder.show(order) is None, "the cloud shall ask again"
    memory = rig.registry.alarm_memory()
    assert memory is not None
    assert [(known.incident, known.version, known.stage) for known in memory.incidents] == [
        (INCIDENT, 3, SosStage.ON_THE_WAY)
    ]


async def test_a_memory_that_cannot_be_kept_does_not_hide_the_stage(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: AlarmMemory) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rig.registry, "set_alarm_memory", full)
    order = ShowSos(incident=INCIDENT, version=1, stage=SosStage.ON_THE_WAY)
    assert await rig.responder.show(order) == (Outcome.DONE, "")
    assert rig.board.stages == [SosStage.ON_THE_WAY]


async def test_a_drill_is_recorded_once_however_often_it_is_asked_for(rig: Rig) -> None:
    assert await rig.responder.drill(drill(), "standing") == (Outcome.DONE, "press 1")
    assert await rig.responder.drill(drill(), "standing") == (Outcome.DONE, "press 1")
    assert rig.journal.tallies[Lane.SOS].depth == 1
    assert rig.board.stages == [SosStage.RECORDED]


async def test_a_drill_without_room_says_so(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> Appended:
        raise JournalFullError("journal: full")

    monkeypatch.setattr(rig.journal, "append", full)
    assert await rig.responder.drill(drill(), "standing") == (Outcome.FAILED, "journal: full")
    assert rig.board.stages == []


async def test_a_mistake_in_texting_does_not_end_the_tries(rig: Rig) -> None:
    rig.texter.failures = 1
    task = asyncio.create_task(rig.responder.run())
    rig.responder.pressed(press(1))
    await eventually(lambda: rig.texter.attempts == [1, 2])
    await eventually(lambda: (rig.registry.alarm_memory() or AlarmMemory(journal="")).texted_seq == 1)
    assert rig.board.sirens == [9]
    assert not task.done()
    task.cancel()


async def test_a_restart_finds_presses_and_promises(rig: Rig) -> None:
    clock = SystemClock()
    for body in (
        SosPressed(button="low", source="b-1-1"),
        SosReleased(button="low", source="b-1-2"),
        SosPressed(button="low", source="b-1-3", drill=True),
    ):
        await rig.journal.append(Lane.SOS, body, at_ms=clock.wall_ms(), uptime_ms=clock.uptime_ms())
    known = KnownIncident(
        incident=INCIDENT, version=7, stage=SosStage.POLICE_RECEIVED, told_at_ms=clock.wall_ms()
    )
    rig.registry.set_alarm_memory(
        AlarmMemory(journal=rig.journal.journal_id, texted_seq=1, incidents=[known])
    )
    later = build(rig.journal, rig.registry)
    await later.responder.restore()
    task = asyncio.create_task(later.responder.run())
    await eventually(lambda: later.board.sirens == [9])
    assert later.board.stages == [SosStage.POLICE_RECEIVED]
    assert later.texter.attempts == [], "its SMS went out before"
    stale = ShowSos(incident=INCIDENT, version=6, stage=SosStage.RECEIVED)
    assert await later.responder.show(stale) == (Outcome.REFUSED, "a newer version was shown already")
    task.cancel()


async def test_an_sms_sent_for_another_journal_does_not_count(rig: Rig) -> None:
    clock = SystemClock()
    body = SosPressed(button="low", source="b-1-1")
    await rig.journal.append(Lane.SOS, body, at_ms=clock.wall_ms(), uptime_ms=clock.uptime_ms())
    rig.registry.set_alarm_memory(AlarmMemory(journal="e" * 32, texted_seq=99))
    later = build(rig.journal, rig.registry)
    await later.responder.restore()
    task = asyncio.create_task(later.responder.run())
    await eventually(lambda: later.texter.attempts == [1])
    task.cancel()

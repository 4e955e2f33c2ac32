"""The whole daemon as a process, against a real broker, a consumer with receipts, and a board on a pty."""

import asyncio
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from edge.following.known import Known
from edge.responder import SHOW_TIMEOUT_S
from firmware_bridge.messages import LampPattern
from tests.edge.waiting import eventually
from tests.fakes.board import FakeBoard
from tests.fakes.cloud import FakeCloud, running_cloud
from tests.rig.broker import Broker, running_broker
from tests.rig.processes import free_port
from tests.rig.station import StationProcess, write_settings
from wire.entries import DaemonStarted, DeviceChanged, DeviceState, SosPressed
from wire.messages import Command, Outcome, Ping, RequestChanged, RunDrill, ShowSos, SosStage
from wire.topics import Lane
from wire.tracking import tracking_code


@dataclass
class Rig:
    daemon: StationProcess
    board: FakeBoard
    cloud: FakeCloud
    station: str
    config: Path

    def presses(self) -> list[SosPressed]:
        return [entry.body for entry in self.cloud.firsts(Lane.SOS) if isinstance(entry.body, SosPressed)]

    def board_states(self) -> list[DeviceState]:
        bodies = [entry.body for entry in self.cloud.firsts(Lane.EVENT)]
        return [body.state for body in bodies if isinstance(body, DeviceChanged) and body.device == "board"]

    async def ask(
        self, body: ShowSos | RequestChanged | RunDrill | Ping, repeated: Command | None = None
    ) -> Command:
        """Send a command, or one again, and wait for nothing."""
        now_ms = time.time_ns() // 1_000_000
        command = repeated or Command(
            station=self.station,
            id=secrets.token_hex(16),
            issued_at_ms=now_ms,
            expires_at_ms=now_ms + 60_000,
            body=body,
        )
        await asyncio.to_thread(self.cloud.command, command)
        return command

    async def obey(self, body: ShowSos | RequestChanged | RunDrill | Ping) -> tuple[Outcome, str]:
        """Send a command and return the answer."""
        command = await self.ask(body)
        await eventually(lambda: any(reply.id == command.id for reply in self.cloud.replies))
        reply = next(reply for reply in self.cloud.replies if reply.id == command.id)
        return reply.outcome, reply.detail

    async def restart(self) -> None:
        await asyncio.to_thread(self.daemon.start)


@pytest.fixture(scope="module")
def shared_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One broker for all tests here: each test is a station of its own."""
    with running_broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def cloud(shared_broker: Broker) -> Iterator[FakeCloud]:
    with running_cloud(shared_broker) as running:
        yield running


@asynccontextmanager
async def running(tmp_path: Path, broker: Broker, cloud: FakeCloud, extra: str = "") -> AsyncIterator[Rig]:
    station = f"st-{secrets.token_hex(4)}"
    config = write_settings(tmp_path, broker, station, extra=extra)
    async with FakeBoard(tmp_path / "board") as board:
        daemon = StationProcess(config, watchdog_s=1.5)
        try:
            await asyncio.to_thread(daemon.__enter__)
            yield Rig(daemon, board, cloud, station, config)
        finally:
            await asyncio.to_thread(daemon.__exit__, None, None, None)


@pytest.fixture
async def rig(tmp_path: Path, shared_broker: Broker, cloud: FakeCloud) -> AsyncIterator[Rig]:
    async with running(tmp_path, shared_broker, cloud) as rig:
        await eventually(lambda: rig.cloud.births and rig.board_states() == [DeviceState.OK])
        yield rig


def shown(rig: Rig) -> LampPattern:
    return rig.board.lamp


def stage(number: int, name: SosStage) -> ShowSos:
    return ShowSos(incident="a" * 32, version=number, stage=name)


async def test_a_press_goes_the_whole_way_and_the_answer_comes_back(rig: Rig) -> None:
    event = rig.board.press(1)
    await eventually(lambda: rig.board.lamp is LampPattern.RECEIVED)
    (press,) = rig.presses()
    assert (press.button, press.source, press.drill) == ("low", str(event), False)
    assert rig.board.pending == 0
    assert await rig.obey(stage(1, SosStage.POLICE_RECEIVED)) == (Outcome.DONE, "")
    assert shown(rig) is LampPattern.POLICE, "done means that the board shows it"
    assert await rig.obey(stage(2, SosStage.ON_THE_WAY)) == (Outcome.DONE, "")
    assert shown(rig) is LampPattern.ON_WAY
    outcome, _ = await rig.obey(stage(1, SosStage.POLICE_RECEIVED))
    assert outcome is Outcome.REFUSED
    assert shown(rig) is LampPattern.ON_WAY
    await rig.obey(stage(3, SosStage.CLOSED))
    assert shown(rig) is LampPattern.IDLE
    assert not rig.board.siren


async def test_without_its_board_the_station_does_not_claim_to_have_shown_anything(rig: Rig) -> None:
    rig.board.unplug()
    await eventually(lambda: rig.board_states() == [DeviceState.OK, DeviceState.LOST])
    order = stage(1, SosStage.ON_THE_WAY)
    command = await rig.ask(order)
    await asyncio.sleep(SHOW_TIMEOUT_S + 0.5)
    assert all(reply.id != command.id for reply in rig.cloud.replies), "the cloud shall ask again"
    rig.board.press()
    rig.board.plug()
    await eventually(rig.presses)
    await eventually(lambda: rig.board.lamp is LampPattern.ON_WAY)
    await eventually(lambda: rig.board_states() == [DeviceState.OK, DeviceState.LOST, DeviceState.OK])
    await rig.ask(order, repeated=command)
    await eventually(
        lambda: [reply.outcome for reply in rig.cloud.replies if reply.id == command.id] == [Outcome.DONE]
    )


async def test_a_drill_goes_the_whole_way_and_is_done_once(rig: Rig) -> None:
    assert await rig.obey(Ping()) == (Outcome.DONE, "")
    assert await rig.obey(RunDrill()) == (Outcome.DONE, "press 1")
    await eventually(lambda: rig.board.lamp is LampPattern.RECEIVED)
    (press,) = rig.presses()
    assert press.drill
    assert press.source.startswith("drill-")


async def test_told_to_end_it_waits_for_the_receipt_and_says_goodbye(rig: Rig) -> None:
    rig.cloud.faults.delay_s = 0.3
    rig.board.press()
    await eventually(lambda: rig.board.lamp is LampPattern.RECORDED)
    status = await asyncio.to_thread(rig.daemon.stop)
    assert status == 0
    assert "STOPPING=1" in rig.daemon.heard
    assert len(rig.presses()) == 1
    await eventually(lambda: len(rig.cloud.deaths) == 1)
    listed = await asyncio.to_thread(_tcds_edge, "journal", "export", "-c", str(rig.config))
    assert listed.stdout == ""


async def test_killed_between_record_and_receipt_it_loses_and_doubles_nothing(rig: Rig) -> None:
    rig.cloud.faults.withhold = 1_000
    rig.board.press()
    await eventually(rig.presses)
    await asyncio.to_thread(rig.daemon.kill)
    rig.board.release()
    rig.board.press()
    rig.cloud.faults.withhold = 0
    await rig.restart()
    await eventually(lambda: rig.board.lamp is LampPattern.RECEIVED)
    await eventually(lambda: len(rig.presses()) == 2)
    assert len({press.source for press in rig.presses()}) == 2
    journals = {arrival.journal for arrival in rig.cloud.arrivals}
    assert len(journals) == 1
    await eventually(
        lambda: sum(isinstance(entry.body, DaemonStarted) for entry in rig.cloud.firsts(Lane.EVENT)) == 2
    )


async def test_killed_in_the_middle_of_an_alarm_it_takes_it_up_again(
    tmp_path: Path, shared_broker: Broker, cloud: FakeCloud
) -> None:
    async with running(tmp_path, shared_broker, cloud, "[alarm]\nreceipt_timeout_s = 2\n") as rig:
        await eventually(lambda: rig.board_states() == [DeviceState.OK])
        rig.cloud.faults.withhold = 1_000
        rig.board.press()
        await eventually(lambda: rig.board.lamp is LampPattern.RECORDED)
        await asyncio.to_thread(rig.daemon.kill)
        assert not rig.board.siren
        await rig.restart()
        await eventually(lambda: rig.board.siren)
        assert shown(rig) is LampPattern.RECORDED
        rig.cloud.faults.withhold = 0
        await eventually(lambda: rig.board.lamp is LampPattern.RECEIVED, 15)
        await eventually(lambda: not rig.board.siren)


async def test_what_was_promised_is_still_shown_after_a_restart(rig: Rig) -> None:
    await rig.obey(stage(4, SosStage.ON_THE_WAY))
    await asyncio.to_thread(rig.daemon.kill)
    rig.board.reset()
    await rig.restart()
    await eventually(lambda: rig.board.lamp is LampPattern.ON_WAY)
    outcome, _ = await rig.obey(stage(3, SosStage.POLICE_RECEIVED))
    assert outcome is Outcome.REFUSED


async def test_it_is_alive_only_while_it_makes_progress(rig: Rig) -> None:
    await eventually(lambda: rig.daemon.heard.count("WATCHDOG=1") >= 3)
    assert any("uplink connected, board ok" in told for told in rig.daemon.heard)
    await asyncio.to_thread(rig.daemon.pause)
    heard = rig.daemon.heard.count("WATCHDOG=1")
    await asyncio.sleep(1.2)
    assert rig.daemon.heard.count("WATCHDOG=1") == heard
    await asyncio.to_thread(rig.daemon.resume)
    await eventually(lambda: rig.daemon.heard.count("WATCHDOG=1") > heard)


async def test_the_heartbeat_tells_how_the_station_really_is(rig: Rig) -> None:
    await eventually(lambda: len(rig.cloud.heartbeats) >= 2)
    beat = rig.cloud.heartbeats[-1]
    assert [(device.device, device.state) for device in beat.devices] == [("board", DeviceState.OK)]
    assert {lane.lane for lane in beat.lanes} == set(Lane)
    assert beat.disk_free_bytes > 0
    assert beat.loop_lag_ms < 1_000
    assert beat.last_receipt_at_ms is not None
    assert beat.uptime_ms > 0


async def test_without_a_broker_it_starts_records_and_calls_for_help_by_itself(
    tmp_path: Path, shared_broker: Broker
) -> None:
    alarm = "[alarm]\nreceipt_timeout_s = 1\n"
    config = write_settings(tmp_path, shared_broker, "st-alone", port=free_port(), extra=alarm)
    async with FakeBoard(tmp_path / "board") as board:
        daemon = StationProcess(config)
        try:
            await asyncio.to_thread(daemon.__enter__)
            board.press()
            await eventually(lambda: board.lamp is LampPattern.RECORDED)
            await eventually(lambda: board.siren)
            listed = await asyncio.to_thread(_tcds_edge, "journal", "list", "-c", str(config))
            assert [line.split()[:3] for line in listed.stdout.splitlines() if line.startswith("sos")] == [
                ["sos", "1", "1"]
            ]
        finally:
            await asyncio.to_thread(daemon.__exit__, None, None, None)


def _tcds_edge(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "edge", *arguments], check=True, capture_output=True, text=True, timeout=30
    )


async def test_what_is_told_of_a_request_is_on_disk_when_it_is_confirmed(rig: Rig) -> None:
    newer = RequestChanged(
        request="4e" * 16,
        tracking=tracking_code(rig.station, 17),
        version=4,
        state="supplement-wanted",
        at_ms=time.time_ns() // 1_000_000,
        wanted=["lease"],
    )
    assert await rig.obey(newer) == (Outcome.DONE, "")
    await asyncio.to_thread(rig.daemon.kill)
    known = Known(rig.config.parent / "requests.db", lambda: time.time_ns() // 1_000_000)
    assert known.find(newer.tracking) == newer
    await rig.restart()
    older = msgspec.structs.replace(newer, version=3, state="processing", wanted=[])
    assert await rig.obey(older) == (Outcome.DONE, "a newer version was known already")
    assert known.find(newer.tracking) == newer

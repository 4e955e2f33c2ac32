"""The way of an entry to the cloud and back, on a real broker."""

import asyncio
import secrets
import socket
import time
from pathlib import Path

import pytest

from edge.uplink.link import Link
from tests.edge.uplink.conftest import STATION, broker_settings, eventually, running_station
from tests.fakes.cloud import FakeCloud, running_cloud
from tests.rig.broker import Broker
from wire.entries import DaemonStarted
from wire.ids import shard_of, shard_text
from wire.messages import Command, Outcome, Ping
from wire.topics import Lane


@pytest.mark.parametrize("version", [3, 5])
async def test_a_press_travels_to_its_receipt(
    broker: Broker, cloud: FakeCloud, tmp_path: Path, version: int
) -> None:
    async with running_station(tmp_path, broker_settings(broker, version=version)) as station:
        await eventually(lambda: station.uplink.connected)
        await station.press("board.1.1")
        await eventually(lambda: len(station.receipts) == 1)
        assert await station.uplink.drain(5)
        assert [entry.seq for entry in cloud.firsts(Lane.SOS)] == [1]
        assert station.uplink.last_receipt_at_ms is not None
        assert cloud.births[-1].journal == station.journal.journal_id


@pytest.mark.parametrize("version", [3, 5])
async def test_a_planned_end_says_goodbye(
    broker: Broker, cloud: FakeCloud, tmp_path: Path, version: int
) -> None:
    async with running_station(tmp_path, broker_settings(broker, version=version)) as station:
        await eventually(lambda: station.uplink.connected)
    await eventually(lambda: len(cloud.deaths) == 1)
    await asyncio.sleep(0.5)
    assert len(cloud.deaths) == 1, "a DISCONNECT takes the last will back: there is no second one"


async def test_a_press_is_published_within_a_millisecond_or_so(
    broker: Broker, cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[float] = []
    publish = Link.publish

    def noted(link: Link, topic: str, *args: object, **options: object) -> None:
        if topic.endswith("/sos"):
            published.append(time.perf_counter())
        publish(link, topic, *args, **options)  # type: ignore[arg-type] # passed through

    monkeypatch.setattr(Link, "publish", noted)
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await eventually(lambda: station.uplink.connected)
        waits_ms = []
        for number in range(1, 41):
            await station.press(f"board.1.{number}")
            returned = time.perf_counter()
            await eventually(lambda number=number: len(published) == number)  # type: ignore[misc] # bound per round
            waits_ms.append((published[-1] - returned) * 1000)
        assert sorted(waits_ms)[20] < 2


async def test_heartbeats_come_at_their_interval(broker: Broker, cloud: FakeCloud, tmp_path: Path) -> None:
    settings = broker_settings(broker)
    async with running_station(tmp_path, settings, heartbeat_interval_s=0.2) as station:
        await eventually(lambda: station.uplink.connected)
        await asyncio.sleep(1.1)
        assert 4 <= len(cloud.heartbeats) <= 8


async def test_lost_receipts_are_made_up_for(broker: Broker, cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.faults.withhold = 2
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await station.press("board.1.1")
        assert await station.uplink.drain(15)
        assert [entry.seq for entry in cloud.firsts(Lane.SOS)] == [1]
        assert len([arrival for arrival in cloud.arrivals if arrival.lane is Lane.SOS]) == 3


async def test_doubled_and_late_receipts_do_no_harm(broker: Broker, cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.faults.repeat = 3
    cloud.faults.delay_s = 0.05
    async with running_station(tmp_path, broker_settings(broker)) as station:
        for number in range(10):
            await station.press(f"board.1.{number}")
            await station.note("modem", "card")
        assert await station.uplink.drain(10)
        assert [entry.seq for entry in cloud.firsts(Lane.SOS)] == list(range(1, 11))
        assert [entry.seq for entry in cloud.firsts(Lane.EVENT)] == list(range(1, 21))


async def test_a_rejected_entry_goes_aside_and_blocks_nobody(
    broker: Broker, cloud: FakeCloud, tmp_path: Path
) -> None:
    cloud.faults.reject = {2}
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await station.note("one", "two", "three")
        assert await station.uplink.drain(10)
        assert station.journal.tallies[Lane.EVENT].aside == 1


async def test_without_a_consumer_nothing_is_forgotten_and_all_is_counted(
    broker: Broker, tmp_path: Path
) -> None:
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await station.press("board.1.1")
        await eventually(lambda: station.uplink.counters.unheard >= 2)
        assert station.journal.tallies[Lane.SOS].depth == 1
        with running_cloud(broker) as cloud:
            assert await station.uplink.drain(15)
            assert [entry.seq for entry in cloud.firsts(Lane.SOS)] == [1]


async def test_a_denied_publish_is_counted_and_the_entry_stays(
    broker: Broker, cloud: FakeCloud, tmp_path: Path
) -> None:
    acl = broker.directory / "broker.acl"
    allowed = acl.read_text()
    some = "\n".join(f"pattern write tcds/v1/+/%u/up/{kind}" for kind in ("birth", "death", "heartbeat"))
    acl.write_text(allowed.replace("pattern write tcds/v1/+/%u/up/#", some))
    assert acl.read_text() != allowed
    broker.reload()
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await station.press("board.1.1")
        await eventually(lambda: station.uplink.counters.denied >= 1)
        assert station.journal.tallies[Lane.SOS].depth == 1
        acl.write_text(allowed)
        broker.reload()
        assert await station.uplink.drain(15)


def ping(*, lives_ms: int = 60_000) -> Command:
    now_ms = time.time_ns() // 1_000_000
    return Command(
        station=STATION,
        id=secrets.token_hex(16),
        issued_at_ms=now_ms - 1,
        expires_at_ms=now_ms + lives_ms,
        body=Ping(),
    )


async def test_a_repeated_command_is_done_once_and_answered_alike(
    broker: Broker, cloud: FakeCloud, tmp_path: Path
) -> None:
    command = ping()
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await eventually(lambda: station.uplink.connected)
        for count in (1, 2):
            cloud.command(command)
            await eventually(lambda count=count: len(cloud.replies) == count)  # type: ignore[misc] # bound per round
        assert len(station.commands) == 1
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await eventually(lambda: station.uplink.connected)
        cloud.command(command)
        await eventually(lambda: len(cloud.replies) == 3)
        assert station.commands == [], "also after a restart"
    assert cloud.replies[0] == cloud.replies[1] == cloud.replies[2]
    assert cloud.replies[0].outcome is Outcome.DONE


async def test_a_late_command_is_not_done(broker: Broker, cloud: FakeCloud, tmp_path: Path) -> None:
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await station.journal.append(Lane.EVENT, DaemonStarted(release="0.1.0"), at_ms=1, uptime_ms=1)
        await eventually(lambda: bool(station.receipts))
        cloud.command(
            ping(lives_ms=-5_000)
        )  # the station knows the cloud's time as of when the receipt reached it
        await eventually(lambda: len(cloud.replies) == 1)
        assert cloud.replies[0].outcome is Outcome.EXPIRED
        assert station.commands == []


async def test_a_command_is_late_by_the_clouds_clock_and_not_by_the_stations(
    broker: Broker, cloud: FakeCloud, tmp_path: Path
) -> None:
    """Before the cloud has told the time nobody knows that a command is late; better done than not."""
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await eventually(lambda: station.uplink.connected)
        cloud.command(ping(lives_ms=0))
        await eventually(lambda: len(cloud.replies) == 1)
        assert cloud.replies[0].outcome is Outcome.DONE


async def test_what_cannot_be_done_now_is_done_when_the_cloud_repeats_it(
    broker: Broker, cloud: FakeCloud, tmp_path: Path
) -> None:
    command = ping()
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await eventually(lambda: station.uplink.connected)
        done = station.outcome
        station.outcome = lambda _: None
        cloud.command(command)
        await eventually(lambda: len(station.commands) == 1)
        station.outcome = done
        cloud.command(command)
        await eventually(lambda: len(cloud.replies) == 1)
        assert cloud.replies[0].outcome is Outcome.DONE
        assert len(station.commands) == 2


async def test_a_handler_that_fails_is_an_answer_too(
    broker: Broker, cloud: FakeCloud, tmp_path: Path
) -> None:
    async with running_station(tmp_path, broker_settings(broker)) as station:

        def fail(_: Command) -> tuple[Outcome, str]:
            raise RuntimeError("lamp")

        station.outcome = fail
        await eventually(lambda: station.uplink.connected)
        cloud.command(ping())
        await eventually(lambda: len(cloud.replies) == 1)
        assert (cloud.replies[0].outcome, cloud.replies[0].detail) == (Outcome.FAILED, "RuntimeError")


async def test_rubbish_from_above_is_counted_and_dropped(
    broker: Broker, cloud: FakeCloud, tmp_path: Path
) -> None:
    async with running_station(tmp_path, broker_settings(broker)) as station:
        await eventually(lambda: station.uplink.connected)
        topic = f"tcds/v1/{shard_text(shard_of(STATION))}/{STATION}/down/receipt"
        for payload in (b"", b"{}", b"\xff" * 1000, b'{"v":2}'):
            cloud._consumer.publish(topic, payload, qos=1)
        await eventually(lambda: station.uplink.counters.unreadable == 4)
        await station.press("board.1.1")
        assert await station.uplink.drain(10)


async def test_a_peer_that_never_answers_the_handshake_costs_a_bounded_time(
    broker: Broker, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel accepts, nobody reads
        settings = broker_settings(broker, port=silent.getsockname()[1])
        started = time.monotonic()
        async with running_station(tmp_path, settings) as station:
            await station.press("board.1.1")
            await asyncio.sleep(5)
            assert not station.uplink.connected
        assert time.monotonic() - started < 12

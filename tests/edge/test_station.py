"""A station that gets no receipt, under clocks that jump."""

import asyncio

import msgspec
import pytest

from edge.journal.inspect import export
from firmware_bridge.messages import LampPattern
from tests.edge.conftest import LocalStation, RunStation
from tests.edge.waiting import eventually
from tests.fakes.cloud import running_cloud
from tests.rig.broker import Broker
from tests.rig.station import NUMBER
from wire.entries import AnyBody, SmsFallback, SmsState, SosPressed
from wire.topics import Lane

HOUR_MS = 3_600_000
QUICK = "[alarm]\nreceipt_timeout_s = 1.5\nsms_retry_s = 5\n"


def bodies(station: LocalStation) -> list[AnyBody]:
    lines = export(station.config.parent / "journal.db", with_bodies=True)
    return [
        msgspec.json.decode(msgspec.json.decode(line, type=dict[str, msgspec.Raw])["body"], type=AnyBody)
        for line in lines
    ]


def texts(station: LocalStation) -> list[SmsFallback]:
    return [body for body in bodies(station) if isinstance(body, SmsFallback)]


def shown(station: LocalStation) -> LampPattern:
    return station.board.lamp


async def test_without_a_receipt_the_station_makes_noise_and_texts(run_local: RunStation) -> None:
    async with run_local(extra=QUICK) as station:
        event = station.board.press(1)
        await eventually(lambda: shown(station) is LampPattern.RECORDED)
        assert not station.board.siren
        assert station.modem.sent == []
        await eventually(lambda: station.board.siren)
        await eventually(lambda: station.modem.sent)
        (sms,) = station.modem.sent
        assert sms.number == NUMBER
        assert sms.wants_report
        assert "Sanh thap A" in sms.text
        assert sms.text.endswith(f"/{event}")
        await eventually(lambda: texts(station))
        assert [(note.press_seq, note.state) for note in texts(station)] == [(1, SmsState.SENT)]
        station.modem.report(1)
        await eventually(lambda: len(texts(station)) == 2)
        assert texts(station)[1].detail == "delivered"
        assert shown(station) is LampPattern.RECORDED, "an SMS is no receipt"


async def test_a_receipt_that_comes_after_all_ends_the_alarm(
    run_local: RunStation, certified: Broker
) -> None:
    with running_cloud(certified) as cloud:
        cloud.faults.withhold = 1_000
        async with run_local(certified, extra=QUICK) as station:
            station.board.press()
            await eventually(lambda: station.board.siren)
            cloud.faults.withhold = 0
            await eventually(lambda: shown(station) is LampPattern.RECEIVED)
            await eventually(lambda: not station.board.siren)


async def test_a_modem_without_network_is_tried_again_until_it_has_one(run_local: RunStation) -> None:
    async with run_local(extra=QUICK) as station:
        station.modem.faults.no_network = True
        station.board.press()
        await eventually(lambda: texts(station))
        assert texts(station)[0].state is SmsState.FAILED
        assert "CMS 331" in texts(station)[0].detail
        station.modem.faults.no_network = False
        station.clock.uptime_shift_ms += 60_000
        station.board.press(1)  # wakes the station: its clock has jumped, its timers have not
        await eventually(lambda: station.modem.sent)
        await eventually(lambda: texts(station)[-1].state is SmsState.SENT)


@pytest.mark.parametrize("shift_ms", [HOUR_MS, -HOUR_MS])
async def test_a_wall_clock_that_jumps_an_hour_neither_hurries_nor_delays_the_alarm(
    run_local: RunStation, shift_ms: int
) -> None:
    async with run_local(extra=QUICK) as station:
        loop = asyncio.get_running_loop()
        station.board.press()
        pressed_s = loop.time()
        await eventually(lambda: shown(station) is LampPattern.RECORDED)
        station.clock.wall_shift_ms += shift_ms
        await eventually(lambda: station.board.siren)
        assert 1.4 < loop.time() - pressed_s < 3.0
        station.board.press(1)
        await eventually(lambda: station.board.pending == 0)
        first, second = (body for body in bodies(station) if isinstance(body, SosPressed))
        assert first.ago_ms < 1_000
        assert second.ago_ms < 1_000


async def test_after_a_restart_no_sms_is_sent_twice(run_local: RunStation) -> None:
    async with run_local(extra=QUICK) as station:
        station.board.press()
        await eventually(lambda: texts(station))
        assert len(station.modem.sent) == 1
    async with run_local(extra=QUICK) as station:
        await eventually(lambda: station.board.siren)
        await asyncio.sleep(0.3)
        assert station.modem.sent == []
        assert shown(station) is LampPattern.RECORDED


async def test_after_a_restart_with_another_clock_the_age_still_counts(run_local: RunStation) -> None:
    async with run_local(extra="[alarm]\nreceipt_timeout_s = 30\n") as station:
        station.board.press()
        await eventually(lambda: shown(station) is LampPattern.RECORDED)
        station.clock.uptime_shift_ms += 31_000
        station.clock.wall_shift_ms -= HOUR_MS
    async with run_local(extra="[alarm]\nreceipt_timeout_s = 30\n") as station:
        await eventually(lambda: station.board.siren, 3)


async def test_a_press_of_yesterday_does_not_ring_today(run_local: RunStation) -> None:
    async with run_local() as station:
        station.board.press()
        await eventually(lambda: shown(station) is LampPattern.RECORDED)
        station.clock.uptime_shift_ms += 24 * HOUR_MS
    async with run_local() as station:
        await asyncio.sleep(0.5)
        assert shown(station) is LampPattern.IDLE
        assert not station.board.siren
        assert [type(body) for body in bodies(station)].count(SosPressed) == 1, (
            "it still waits for its receipt"
        )


async def test_a_modem_that_is_pulled_out_never_touches_the_way_of_a_press(
    run_local: RunStation, certified: Broker
) -> None:
    with running_cloud(certified) as cloud:
        async with run_local(certified) as station:
            station.modem.unplug()
            station.board.press()
            await eventually(lambda: shown(station) is LampPattern.RECEIVED)
            station.modem.plug()
            await eventually(lambda: "AT+CSQ" in station.modem.commands[-3:])
            assert cloud.firsts(Lane.SOS)

"""One behaviour, two boards: the model on a pty and the firmware under simavr live through each story side by side."""

import asyncio
import random
from collections.abc import Callable, Coroutine

import pytest

from firmware_bridge.link import BoardUp
from firmware_bridge.messages import BoardState, Event, EventId, EventKind, LampPattern, ResetCause
from tests.fakes.board import FakeBoard
from tests.firmware_bridge.host import Host
from tests.sim.simboard import SimBoard

Either = FakeBoard | SimBoard

EEPROM_WRITTEN_S = 0.15
"""13 bytes at 3.4 ms each, and room for a slow machine."""
DEBOUNCED_S = 0.08
REPEATED_S = 0.3
"""An unacknowledged event comes every 200 ms."""

Story = Callable[[Either], Coroutine[object, object, None]]


def on_both(story: Story) -> Callable[[FakeBoard, SimBoard], Coroutine[object, object, None]]:
    async def run(fake: FakeBoard, sim: SimBoard) -> None:
        async with asyncio.TaskGroup() as boards:
            boards.create_task(story(fake), name="model")
            boards.create_task(story(sim), name="firmware")

    return run


@on_both
async def test_introduces_itself_and_beats(board: Either) -> None:
    async with Host(board.path) as host:
        hello = (await host.up()).hello
        beat = await host.next_beat()

    assert (hello.firmware, hello.board_serial, hello.boot_count) == ((1, 0, 0), 7, 1)
    assert hello.reset_cause is ResetCause.POWER_ON
    assert beat.boot_count == 1
    assert beat.line_mv == pytest.approx((2_500, 2_500), abs=20)
    assert beat.state is BoardState.HOST_HEARD
    assert (beat.pending, beat.dropped, beat.rx_lost, beat.rx_damaged) == (0, 0, 0, 0)


@on_both
async def test_twenty_presses_arrive_exactly_once(board: Either) -> None:
    async with Host(board.path) as host:
        await host.up()
        await press(board, host, times=20)
        await host.beat_where(lambda beat: beat.pending == 0)

    assert [event.id for event in host.presses()] == [EventId(7, 1, 2 * nth) for nth in range(20)]
    assert all(event.age_ms is not None and event.age_ms < 100 for event in host.presses())


@on_both
async def test_both_buttons_are_told_apart(board: Either) -> None:
    async with Host(board.path) as host:
        await host.up()
        board.press(1)
        await host.until(lambda: len(host.kinds()) == 1)
        board.press(0)
        await host.until(lambda: len(host.kinds()) == 2)

    assert host.kinds() == [(EventKind.PRESS, 1), (EventKind.PRESS, 0)]


@on_both
async def test_lost_acknowledgements_are_made_up_for(board: Either) -> None:
    async with Host(board.path) as host:
        host.acks_to_lose = 4
        await host.up()
        await press(board, host, times=1)
        await host.until(lambda: host.acks_to_lose == 0)
        await host.beat_where(lambda beat: beat.pending == 0)

    assert host.kinds() == [(EventKind.PRESS, 0), (EventKind.RELEASE, 0)]


@on_both
async def test_an_event_is_kept_until_it_is_confirmed(board: Either) -> None:
    async with Host(board.path, confirms=False) as host:
        await host.up()
        await press(board, host, times=1)
        before = await host.next_beat()
        host.confirm_all()
        await host.beat_where(lambda beat: beat.pending == 0)

    assert len(host.presses()) == 1
    assert before.pending == 2


@on_both
async def test_a_restarted_host_gets_the_same_event_again(board: Either) -> None:
    async with Host(board.path, confirms=False) as first:
        await first.up()
        await press(board, first, times=1)
    async with Host(board.path) as second:
        await second.until(lambda: len(second.presses()) == 1)
        await second.next_beat()

    assert second.presses()[0].id == first.presses()[0].id
    assert (second.presses()[0].age_ms or 0) > 0


@on_both
async def test_a_press_survives_a_reset_with_its_first_id(board: Either) -> None:
    async with Host(board.path, confirms=False) as first:
        await first.up()
        await press(board, first, times=1)
        await asyncio.sleep(EEPROM_WRITTEN_S)
        board.reset()
        await first.until(lambda: len(first.all(BoardUp)) == 2)
        await asyncio.sleep(REPEATED_S)
    async with Host(board.path) as second:
        await second.until(lambda: len(second.presses()) == 1)
        await second.beat_where(lambda beat: beat.pending == 0)

    assert first.all(BoardUp)[-1].hello.boot_count == 2
    assert first.all(BoardUp)[-1].hello.reset_cause is ResetCause.EXTERNAL
    assert [event.id for event in first.presses()] == [EventId(7, 1, 0)]
    assert [(event.id, event.age_ms) for event in second.presses()] == [(EventId(7, 1, 0), None)]


@on_both
async def test_an_acknowledgement_names_its_boot(board: Either) -> None:
    async with Host(board.path, confirms=False) as host:
        await host.up()
        await press(board, host, times=1)
        await asyncio.sleep(EEPROM_WRITTEN_S)
        board.reset()
        await host.until(lambda: len(host.all(BoardUp)) == 2)
        board.press()
        await host.told_more_than(2)
        host.confirm(EventId(7, 1, 0))
        await host.beat_where(lambda beat: beat.pending == 1)
    async with Host(board.path) as second:
        await second.told_more_than(0)

    assert [event.id for event in second.all(Event)] == [EventId(7, 2, 0)]


@on_both
async def test_a_confirmed_press_does_not_come_back_after_a_reset(board: Either) -> None:
    async with Host(board.path) as host:
        await host.up()
        await press(board, host, times=3)
        await asyncio.sleep(2 * EEPROM_WRITTEN_S)
        board.reset()
        await host.until(lambda: len(host.all(BoardUp)) == 2)
    async with Host(board.path) as second:
        beat = await second.next_beat()

    assert (beat.boot_count, beat.pending, second.presses()) == (2, 0, [])


@on_both
async def test_the_watchdog_ends_a_hang_and_is_named(board: Either) -> None:
    async with Host(board.path, confirms=False) as host:
        await host.up()
        await press(board, host, times=1)
        await asyncio.sleep(EEPROM_WRITTEN_S)
        board.hang()
        await host.until(lambda: len(host.all(BoardUp)) == 2)
        beat = await host.next_beat()

    assert host.all(BoardUp)[-1].hello.reset_cause is ResetCause.WATCHDOG
    assert beat.pending == 1


@on_both
async def test_noise_costs_nothing_but_noise(board: Either) -> None:
    async with Host(board.path) as host:
        await host.up()
        chance = random.Random(7)
        for _ in range(20):
            host.send_raw(chance.randbytes(50))
            await asyncio.sleep(0.01)
        host.light(LampPattern.POLICE)
        await host.until(lambda: host.link.shown is LampPattern.POLICE)
        await press(board, host, times=2)
        beat = await host.next_beat()

    assert len(host.presses()) == 2
    assert beat.rx_damaged > 0
    assert beat.pending == 0


@on_both
async def test_wires_that_are_cut_or_shorted_are_told(board: Either) -> None:
    async with Host(board.path) as host:
        await host.up()
        board.cut_wire(0)
        await host.until(lambda: len(host.kinds()) == 1)
        broken = await host.next_beat()
        board.restore_wire(0)
        await host.until(lambda: len(host.kinds()) == 2)
        board.short_wire(1)
        await host.until(lambda: len(host.kinds()) == 3)
        board.press(1)
        await host.until(lambda: len(host.kinds()) == 5)
        mended = await host.next_beat()

    assert host.kinds() == [
        (EventKind.WIRE_CUT, 0),
        (EventKind.WIRE_RESTORED, 0),
        (EventKind.WIRE_SHORT, 1),
        (EventKind.WIRE_RESTORED, 1),
        (EventKind.PRESS, 1),
    ]
    assert BoardState.LINE_0_FAULT in broken.state
    assert broken.line_mv[0] > 4_900
    assert mended.state is BoardState.HOST_HEARD


@on_both
async def test_an_opened_lid_is_told_and_told_anew_after_a_reset(board: Either) -> None:
    async with Host(board.path) as host:
        await host.up()
        board.tamper()
        await host.until(lambda: len(host.kinds()) == 1)
        board.reset()
        await host.until(lambda: len(host.kinds()) == 2)
        assert BoardState.LID_OPEN in (await host.next_beat()).state
        board.close_lid()
        await host.until(lambda: len(host.kinds()) == 3)

    assert [kind for kind, _ in host.kinds()] == [
        EventKind.TAMPER,
        EventKind.TAMPER,
        EventKind.TAMPER_CLEARED,
    ]


@on_both
async def test_a_press_that_nobody_answers_sounds_and_a_host_that_is_silent_is_shown(board: Either) -> None:
    async with Host(board.path, confirms=False) as host:
        host.light(LampPattern.ON_WAY)
        await host.until(lambda: host.link.shown is LampPattern.ON_WAY)
        await press(board, host, times=1)
        host.mute = True
        await asyncio.sleep(2)
        assert not board.siren
        await host.until(lambda: board.siren)
        sounding = await host.next_beat()
        silent = await host.beat_where(lambda beat: beat.lamp is LampPattern.FAULT)
        host.mute = False
        host.confirm_all()
        await host.until(lambda: not board.siren, timeout_s=1)

    assert sounding.lamp is LampPattern.ON_WAY
    assert sounding.state == BoardState.OWN_ALARM | BoardState.SIREN_ON | BoardState.HOST_HEARD
    assert silent.state == BoardState.OWN_ALARM | BoardState.SIREN_ON


@on_both
async def test_the_host_sounds_the_siren_for_a_time(board: Either) -> None:
    async with Host(board.path) as host:
        await host.up()
        host.sound(1)
        await host.until(lambda: board.siren, timeout_s=1)
        await host.until(lambda: not board.siren, timeout_s=2)
        host.sound(255)
        await host.until(lambda: board.siren, timeout_s=1)
        host.sound(0)
        await host.until(lambda: not board.siren, timeout_s=1)


@on_both
async def test_a_full_board_keeps_the_presses(board: Either) -> None:
    async with Host(board.path, confirms=False) as host:
        await host.up()
        for _ in range(18):
            board.press()
            await asyncio.sleep(DEBOUNCED_S)
            board.release()
            await asyncio.sleep(DEBOUNCED_S)
        full = await host.next_beat()
        host.confirm_all()
        await host.beat_where(lambda beat: beat.pending == 0)

    assert (full.pending, full.dropped) == (16, 2 * 18 - 16)
    assert len(host.presses()) == 16


async def press(board: Either, host: Host, times: int) -> None:
    """Press and release, each held until it is told."""
    for _ in range(times):
        told = len(host.kinds())
        board.press()
        await host.told_more_than(told)
        board.release()
        await host.told_more_than(told + 1)

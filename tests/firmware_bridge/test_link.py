"""The host's end of the line, with a held clock and hand-made reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.frames import Damage, DamageReason, Frame, FrameDecoder
from firmware_bridge.layouts import read_order, write
from firmware_bridge.link import (
    ASK_MS,
    MAX_OUTGOING,
    MAX_REMEMBERED,
    MAX_UNCONFIRMED,
    REFRESH_MS,
    RETRY_MS,
    SILENCE_MS,
    TRIES,
    BoardBack,
    BoardLost,
    BoardUp,
    CommandFailed,
    CommandFault,
    Link,
    LinkEvent,
    VersionMismatch,
)
from firmware_bridge.messages import (
    AskHello,
    Beat,
    BoardState,
    CommandAck,
    Event,
    EventAck,
    EventId,
    EventKind,
    ForeignHello,
    Hello,
    Lamp,
    LampPattern,
    Order,
    Report,
    ResetCause,
    Siren,
)
from tests.firmware_bridge.strategies import REPORTS

T0 = 5_000
HELLO = Hello((1, 0, 0), 7, ResetCause.POWER_ON, 1)
BEAT = Beat(1, 1, (2_500, 2_500), LampPattern.IDLE, BoardState.HOST_HEARD, 0)


def event(seq: int, boot_count: int = 1) -> Event:
    return Event(EventId(7, boot_count, seq), EventKind.PRESS, 0, 0)


def up() -> Link:
    """A link whose board is known and whose first lamp order is done."""
    link = Link(T0)
    link.tick(T0)
    hear(link, HELLO)
    link.tick(T0)
    (order,) = orders(link, Lamp)
    hear(link, CommandAck(order.number, done=True))
    return link


def hear(link: Link, *reports: Report, at_ms: int = T0) -> list[LinkEvent]:
    return link.feed(b"".join(write(report) for report in reports), at_ms)


def said(link: Link) -> list[Order]:
    read = [read_order(frame) for frame in FrameDecoder().feed(link.outgoing()) if isinstance(frame, Frame)]
    return [order for order in read if isinstance(order, Order)]


def orders(link: Link, kind: type[Lamp]) -> list[Lamp]:
    return [order for order in said(link) if isinstance(order, kind)]


def test_it_asks_for_hello_until_there_is_one() -> None:
    link = Link(T0)
    asked = []
    for now_ms in (T0, T0 + ASK_MS - 1, T0 + ASK_MS):
        link.tick(now_ms)
        asked.append(AskHello() in said(link))
    assert asked == [True, False, True]

    assert hear(link, HELLO) == [BoardUp(HELLO)]
    link.tick(T0 + 2 * ASK_MS)
    assert AskHello() not in said(link)


def test_a_known_hello_is_no_news_and_one_of_a_new_boot_is() -> None:
    link = up()
    reset = Hello((1, 0, 0), 7, ResetCause.WATCHDOG, 2)
    assert hear(link, HELLO) == []
    assert hear(link, reset) == [BoardUp(reset)]


def test_a_beat_of_an_unknown_boot_makes_it_ask() -> None:
    link = up()
    hear(link, Beat(2, 1, (0, 0), LampPattern.IDLE, BoardState.CALM, 0))
    assert link.next_deadline_ms == T0
    link.tick(T0)
    assert AskHello() in said(link)


def test_an_event_is_given_once_and_acknowledged_when_confirmed() -> None:
    link = up()
    assert hear(link, event(0)) == [event(0)]
    assert hear(link, event(0), event(0)) == []
    assert said(link) == []

    link.confirm(event(0).id)
    assert said(link) == [EventAck(event(0).id)]


def test_a_repetition_of_a_confirmed_event_is_only_acknowledged() -> None:
    link = up()
    hear(link, event(0))
    link.confirm(event(0).id)
    said(link)

    assert hear(link, event(0)) == []
    assert said(link) == [EventAck(event(0).id)]


def test_an_event_that_could_not_be_stored_is_given_again() -> None:
    link = up()
    hear(link, event(0))
    link.deliver_again(event(0).id)
    assert hear(link, event(0)) == [event(0)]


def test_events_need_no_hello() -> None:
    assert hear(Link(T0), event(0)) == [event(0)]


def test_the_same_sequence_of_another_boot_is_another_event() -> None:
    link = up()
    assert hear(link, event(0), event(0, boot_count=2)) == [event(0), event(0, boot_count=2)]


def test_a_sequence_that_wraps_is_nothing_special() -> None:
    link = up()
    events = [event(0xFFFF_FFFE), event(0xFFFF_FFFF), event(0), event(1)]
    assert hear(link, *events) == events
    assert hear(link, *reversed(events)) == []


def test_unconfirmed_events_are_bounded_by_leaving_them_on_the_board() -> None:
    link = up()
    many = [event(seq) for seq in range(MAX_UNCONFIRMED + 1)]
    assert hear(link, *many) == many[:-1]
    assert said(link) == []

    link.confirm(many[0].id)
    assert hear(link, many[-1]) == many[-1:]


def test_confirmed_events_are_remembered_for_long_but_not_for_ever() -> None:
    link = up()
    for seq in range(MAX_REMEMBERED + 1):
        hear(link, event(seq))
        link.confirm(event(seq).id)
    assert hear(link, event(1)) == []
    assert hear(link, event(0)) == [event(0)]


def test_silence_loses_the_board_and_a_word_brings_it_back() -> None:
    link = up()
    assert link.tick(T0 + SILENCE_MS - 1) == []
    assert link.tick(T0 + SILENCE_MS) == [BoardLost(SILENCE_MS)]
    assert AskHello() in said(link)
    assert link.tick(T0 + 2 * SILENCE_MS) == []
    assert hear(link, BEAT, at_ms=T0 + 2 * SILENCE_MS) == [BoardBack(), BEAT]


def test_a_board_that_never_speaks_is_lost_too() -> None:
    assert Link(T0).tick(T0 + SILENCE_MS) == [BoardLost(SILENCE_MS)]


def test_noise_is_no_sign_of_life() -> None:
    link = up()
    assert link.feed(b"\0noise\0", T0 + 1) == [Damage(DamageReason.COBS, 5)]
    assert link.damages == 1
    assert link.tick(T0 + SILENCE_MS) == [BoardLost(SILENCE_MS)]


def test_another_version_is_told_and_its_events_go_on() -> None:
    link = Link(T0)
    assert hear(link, ForeignHello(2), event(0)) == [VersionMismatch(2), event(0)]
    link.tick(T0 + ASK_MS)
    assert AskHello() not in said(link)


def test_a_board_flashed_back_is_up_again() -> None:
    link = up()
    hear(link, ForeignHello(2))
    assert hear(link, HELLO) == [BoardUp(HELLO)]


def test_an_order_is_repeated_until_it_is_answered() -> None:
    link = up()
    link.sound(5, T0)
    (first,) = said(link)
    link.tick(T0 + RETRY_MS - 1)
    assert said(link) == []
    link.tick(T0 + RETRY_MS)
    assert said(link) == [first]

    assert isinstance(first, Siren)
    assert hear(link, CommandAck(first.number, done=True)) == []
    link.tick(T0 + 2 * RETRY_MS)
    assert said(link) == []


@pytest.mark.parametrize("kind", [Lamp, Siren])
def test_an_order_without_answer_fails_after_its_tries(kind: type[Lamp | Siren]) -> None:
    link = up()
    if kind is Lamp:
        link.light(LampPattern.POLICE, T0)
    else:
        link.sound(5, T0)
    told = [failed for nth in range(1, TRIES + 1) for failed in link.tick(T0 + nth * RETRY_MS)]

    (failed,) = told
    assert isinstance(failed, CommandFailed)
    assert isinstance(failed.order, kind)
    assert failed.fault is CommandFault.UNANSWERED
    assert sum(isinstance(order, kind) for order in said(link)) == TRIES


def test_a_refused_order_fails_at_once() -> None:
    link = up()
    link.sound(5, T0)
    (order,) = said(link)
    assert isinstance(order, Siren)
    assert hear(link, CommandAck(order.number, done=False)) == [CommandFailed(order, CommandFault.REFUSED)]


def test_the_newest_order_replaces_one_on_its_way() -> None:
    link = up()
    link.light(LampPattern.RECORDED, T0)
    link.light(LampPattern.RECEIVED, T0)
    old, new = orders(link, Lamp)
    hear(link, CommandAck(old.number, done=True))
    shown = [link.shown]
    link.tick(T0 + RETRY_MS)
    assert said(link) == [new]
    hear(link, CommandAck(new.number, done=True))
    shown.append(link.shown)
    assert shown == [LampPattern.IDLE, LampPattern.RECEIVED]


def test_what_the_lamp_shows_is_what_the_board_last_said() -> None:
    link = up()
    seen = [link.shown]
    hear(link, Beat(1, 1, (0, 0), LampPattern.FAULT, BoardState.CALM, 0))
    seen.append(link.shown)
    link.tick(T0 + SILENCE_MS)
    seen.append(link.shown)
    assert seen == [LampPattern.IDLE, LampPattern.FAULT, None]


def test_the_lamp_is_repeated_as_a_sign_of_life() -> None:
    link = up()
    link.light(LampPattern.ON_WAY, T0)
    (first,) = orders(link, Lamp)
    hear(link, CommandAck(first.number, done=True))

    link.tick(T0 + REFRESH_MS)
    (again,) = orders(link, Lamp)
    assert (again.pattern, again.number != first.number) == (LampPattern.ON_WAY, True)


def test_the_lamp_is_set_at_once_after_a_reset_of_the_board() -> None:
    link = up()
    link.light(LampPattern.ON_WAY, T0)
    (first,) = orders(link, Lamp)
    hear(link, CommandAck(first.number, done=True))

    hear(link, Hello((1, 0, 0), 7, ResetCause.BROWN_OUT, 2))
    assert (link.shown, link.next_deadline_ms) == (None, T0)
    link.tick(T0)
    assert [order.pattern for order in orders(link, Lamp)] == [LampPattern.ON_WAY]


def test_a_silent_sign_of_life_is_no_failed_order() -> None:
    link = up()
    told = [told for now_ms in range(T0, T0 + 2 * SILENCE_MS, 50) for told in link.tick(now_ms)]
    assert told == [BoardLost(SILENCE_MS)]


def test_a_reopened_port_starts_afresh_but_forgets_no_event() -> None:
    link = up()
    hear(link, event(0))
    link.sound(1, T0)
    link.feed(write(event(1))[:9], T0)

    link.reopened(T0 + 10)
    assert said(link) == []
    link.tick(T0 + 10)
    assert AskHello() in said(link)
    assert hear(link, event(0), event(1)) == [event(1)]


def test_what_nobody_writes_is_bounded() -> None:
    link = up()
    for seq in range(1_000):
        link.confirm(event(seq).id)
    assert len(link.outgoing()) <= MAX_OUTGOING


@given(st.lists(REPORTS.map(write) | st.binary(max_size=80), max_size=10).map(b"".join), st.data())
def test_any_chunking_tells_the_same(stream: bytes, data: st.DataObject) -> None:
    whole, chunked = Link(T0), Link(T0)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    told: list[LinkEvent] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        told += chunked.feed(stream[start:end], T0)

    assert told == whole.feed(stream, T0)
    assert chunked.outgoing() == whole.outgoing()


@given(st.lists(st.integers(0, 500), max_size=30))
def test_a_deadline_is_never_left_behind_by_its_tick(steps_ms: list[int]) -> None:
    link, now_ms = Link(T0), T0
    link.sound(1, now_ms)
    for step_ms in steps_ms:
        now_ms += step_ms
        link.tick(now_ms)
        assert link.next_deadline_ms > now_ms

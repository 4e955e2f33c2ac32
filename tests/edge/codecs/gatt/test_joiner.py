from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.characteristics import (
    BATTERY_LEVEL,
    BODY_COMPOSITION,
    CUFF_PRESSURE,
    GLUCOSE,
    GLUCOSE_CONTEXT,
    RECORD_ACCESS,
    events_of,
)
from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.joiner import Joiner
from edge.codecs.gatt.reader import MAX_FRAME
from edge.codecs.instrument import Battery, Failed, InstrumentEvent, Taken, Trouble
from tests.edge.codecs.gatt.cases import AT, unhurried
from tests.fakes.ble import frames
from wire.codec import decode_body, encode_body
from wire.entries import Measured, Quantity, VitalKind


def record(sequence: int, *, has_context: bool = True) -> bytes:
    return frames.glucose(sequence=sequence, at=AT, concentration=Decimal("0.001"), has_context=has_context)


def context(sequence: int) -> bytes:
    return frames.glucose_context(sequence=sequence, meal=3)


DONE = frames.record_answer(1)


def sole(events: list[InstrumentEvent]) -> Taken:
    (event,) = events
    assert isinstance(event, Taken)
    return event


def test_a_record_and_its_context_are_one_measurement() -> None:
    joiner = Joiner()
    assert joiner.feed(GLUCOSE, record(7)) == []
    told = joiner.feed(GLUCOSE_CONTEXT, context(7))
    alone = sole(events_of(GLUCOSE, record(7)))
    assert told == [replace(alone, raw=record(7) + context(7))]
    assert joiner.finish() == []


def test_a_record_that_announces_no_context_is_told_at_once() -> None:
    joiner = Joiner()
    frame = record(7, has_context=False)
    assert joiner.feed(GLUCOSE, frame) == events_of(GLUCOSE, frame)
    assert joiner.finish() == []


@pytest.mark.parametrize("ending", ["next", "answer", "finish"])
def test_a_context_that_does_not_come_costs_no_measurement(ending: str) -> None:
    joiner = Joiner()
    joiner.feed(GLUCOSE, record(7))
    ends = {
        "next": lambda: joiner.feed(GLUCOSE, record(8)),
        "answer": lambda: joiner.feed(RECORD_ACCESS, DONE),
        "finish": joiner.finish,
    }
    assert ends[ending]() == events_of(GLUCOSE, record(7))
    assert joiner.finish() == (events_of(GLUCOSE, record(8)) if ending == "next" else [])


def test_another_records_context_belongs_to_nobody() -> None:
    joiner = Joiner()
    assert joiner.feed(GLUCOSE_CONTEXT, context(6)) == []
    joiner.feed(GLUCOSE, record(7))
    assert joiner.feed(GLUCOSE_CONTEXT, context(6)) == []
    assert sole(joiner.feed(GLUCOSE_CONTEXT, context(7))).raw == record(7) + context(7)


def test_a_context_of_control_solution_belongs_to_nobody_either() -> None:
    joiner = Joiner()
    control = frames.glucose(sequence=7, at=AT, concentration=Decimal("0.001"), sample=0x4A, has_context=True)
    assert joiner.feed(GLUCOSE, record(6)) == []
    assert sole(joiner.feed(GLUCOSE, control)).sequence == 6
    assert joiner.feed(GLUCOSE_CONTEXT, context(7)) == []
    assert joiner.finish() == []


@unhurried
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=20))
def test_every_record_is_told_once_and_in_order_whatever_is_lost(
    losses: list[tuple[bool, bool]],
) -> None:
    joiner = Joiner()
    told: list[InstrumentEvent] = []
    for sequence, (has_context, is_lost) in enumerate(losses):
        told += joiner.feed(GLUCOSE, record(sequence, has_context=has_context))
        if has_context and not is_lost:
            told += joiner.feed(GLUCOSE_CONTEXT, context(sequence))
    told += joiner.feed(RECORD_ACCESS, DONE)
    sequences = [event.sequence for event in told if isinstance(event, Taken)]
    assert sequences == list(range(len(losses)))
    assert all(isinstance(event, Taken) for event in told)
    assert joiner.finish() == []


FIRST = frames.body_composition(fat=21, at=AT, user=1, impedance=400, is_part=True)
SECOND = frames.body_composition(fat=frames.UNSUCCESSFUL, weight=70, is_part=True)


def test_two_packets_are_one_weighing() -> None:
    joiner = Joiner()
    assert joiner.feed(BODY_COMPOSITION, FIRST) == []
    assert joiner.feed(BODY_COMPOSITION, SECOND) == [
        Taken(
            kind=VitalKind.WEIGHT,
            values={"body-fat": Decimal(21), "body-weight": Decimal(70)},
            raw=FIRST + SECOND,
            taken_at=AT,
            user=1,
        )
    ]
    assert joiner.finish() == []


def test_two_packets_without_a_value_are_one_failure() -> None:
    joiner = Joiner()
    empty = frames.body_composition(fat=frames.UNSUCCESSFUL, is_part=True)
    assert joiner.feed(BODY_COMPOSITION, empty) == []
    assert joiner.feed(BODY_COMPOSITION, empty) == [Failed(VitalKind.WEIGHT, Trouble.MOTION, empty + empty)]


def test_a_second_packet_that_does_not_come_costs_no_weighing() -> None:
    joiner = Joiner()
    whole = frames.body_composition(fat=25, weight=80)
    joiner.feed(BODY_COMPOSITION, FIRST)
    told = joiner.feed(BODY_COMPOSITION, whole)
    assert told == events_of(BODY_COMPOSITION, FIRST) + events_of(BODY_COMPOSITION, whole)
    joiner.feed(BODY_COMPOSITION, FIRST)
    assert joiner.finish() == events_of(BODY_COMPOSITION, FIRST)


def test_everything_else_passes_at_once_and_leaves_what_is_held() -> None:
    joiner = Joiner()
    joiner.feed(GLUCOSE, record(7))
    joiner.feed(BODY_COMPOSITION, FIRST)
    cuff = frames.cuff_pressure(pressure=90)
    assert joiner.feed(CUFF_PRESSURE, cuff) == events_of(CUFF_PRESSURE, cuff)
    assert joiner.feed(BATTERY_LEVEL, b"\x05") == [Battery(5)]
    held = joiner.finish()
    assert held == events_of(GLUCOSE, record(7)) + events_of(BODY_COMPOSITION, FIRST)


def test_damage_is_raised_and_loses_nothing_held() -> None:
    joiner = Joiner()
    joiner.feed(GLUCOSE, record(7))
    for number in (GLUCOSE, GLUCOSE_CONTEXT, RECORD_ACCESS, BODY_COMPOSITION):
        with pytest.raises(CodecError):
            joiner.feed(number, b"\x00")
    assert joiner.finish() == events_of(GLUCOSE, record(7))


def test_the_longest_halves_that_are_taken_fit_into_the_journal_together() -> None:
    joiner = Joiner()
    joiner.feed(GLUCOSE, record(7).ljust(MAX_FRAME, b"\0"))
    taken = sole(joiner.feed(GLUCOSE_CONTEXT, context(7).ljust(MAX_FRAME, b"\0")))
    body = Measured(
        session="0" * 32,
        measurement="1" * 32,
        vital=taken.kind,
        values=[Quantity(measure="glucose", value=5.6)],
        sensor="meter",
        raw=taken.raw.hex(),
    )
    assert len(taken.raw) == 2 * MAX_FRAME
    assert decode_body(encode_body(body)) == body

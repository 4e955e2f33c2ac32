"""Within one measurement: pauses, doubts, repetitions, typing, leaving."""

import pytest

from edge.cabin.errors import ActionRefusedError, Refusal
from edge.cabin.rules.readings import MAX_REPEATS
from edge.cabin.session.events import Begin, Cancel
from edge.cabin.session.state import MAX_FAILURES, Pace
from edge.cabin.view import Action, Page, Phase, Trouble
from edge.codecs.instrument import Failed, Taken
from edge.codecs.instrument import Trouble as DeviceTrouble
from edge.instrument import Readiness
from tests.edge.cabin.booth import Booth, measure_pressure
from tests.edge.cabin.sayings import NOON, cuff, live, pressure, taken, weight
from tests.fakes.rack import FakeRack
from wire.entries import Flag, VitalKind

BP, KG, CM, SPO2 = (
    VitalKind.BLOOD_PRESSURE,
    VitalKind.WEIGHT,
    VitalKind.HEIGHT,
    VitalKind.OXYGEN,
)


def at(kind: VitalKind, *others: VitalKind, rack: FakeRack | None = None, pace: Pace | None = None) -> Booth:
    booth = Booth(rack or FakeRack(), pace or Pace())
    booth.come(kind, *others)
    return booth


def test_a_step_begins_with_how_to_sit() -> None:
    booth = at(BP, KG)
    assert (booth.step().kind, booth.step().number, booth.step().of) == (KG, 1, 2)
    assert booth.step().phase is Phase.PREPARE
    assert booth.actions == {Action.START, Action.SKIP, Action.BACK}


def test_start_begins_the_instrument() -> None:
    booth = at(BP)
    assert booth.act(Action.START) == [Begin(BP)]
    assert booth.step().phase is Phase.WAITING
    assert booth.actions == {Action.STOP, Action.SKIP}


def test_stop_ends_it_and_it_may_start_again() -> None:
    booth = at(BP)
    booth.act(Action.START)
    booth.say(BP, cuff(120))
    assert booth.act(Action.STOP) == [Cancel(BP)]
    assert booth.step().phase is Phase.PREPARE
    assert booth.step().live is None
    assert booth.act(Action.START) == [Begin(BP)]


def test_two_readings_with_a_pause_that_counts_down() -> None:
    booth = at(BP)
    booth.act(Action.START)
    assert (booth.step().reading, booth.step().readings) == (1, 2)
    booth.say(BP, pressure(132, 84))
    assert booth.step().phase is Phase.REST
    assert (booth.step().reading, booth.step().countdown_s) == (2, 60)
    assert booth.running == set()
    booth.wait(59.5)
    assert booth.step().countdown_s == 1
    assert booth.wait(0.5) == [Begin(BP)]
    booth.say(BP, pressure(134, 82))
    assert booth.step().phase is Phase.RESULT
    assert booth.result().values == {
        "systolic-pressure": 133.0,
        "diastolic-pressure": 83.0,
        "pulse-rate": 76.0,
    }
    assert booth.actions == {Action.NEXT, Action.WITHDRAW}
    assert [keep.reading.values["systolic-pressure"] for keep in booth.kept] == [132, 134]


def test_without_a_pause_the_second_begins_at_once() -> None:
    booth = at(BP, pace=Pace(rest_ms=0))
    booth.act(Action.START)
    effects = booth.say(BP, pressure())
    assert effects[0] == Cancel(BP)
    assert effects[-1] == Begin(BP)
    assert booth.step().phase is Phase.WAITING


def test_readings_far_apart_ask_for_a_third() -> None:
    booth = at(BP)
    measure_pressure(booth, (132, 84), (148, 84))
    assert booth.step().phase is Phase.REST
    assert (booth.step().reading, booth.step().readings) == (3, 3)
    booth.wait(60)
    booth.say(BP, pressure(146, 84))
    assert booth.step().phase is Phase.RESULT
    assert not booth.step().is_doubtful
    assert booth.result().values["systolic-pressure"] == 147


def test_a_third_far_off_is_divergent_and_the_series_may_be_repeated() -> None:
    booth = at(BP)
    measure_pressure(booth, (132, 84), (148, 84), (170, 84))
    assert booth.step().is_doubtful
    assert booth.result().flags == [Flag.DIVERGENT]
    assert booth.kept[-1].reading.flags == {Flag.DIVERGENT}
    booth.act(Action.REPEAT)
    assert booth.step().phase is Phase.REST
    assert (booth.step().reading, booth.step().readings) == (1, 2)
    booth.wait(60)
    booth.say(BP, pressure(140, 84))
    booth.wait(60)
    booth.say(BP, pressure(142, 84))
    assert not booth.step().is_doubtful
    booth.act(Action.NEXT)
    assert len(booth.sheet().rows[0].readings) == 2
    assert len(booth.kept) == 5


def test_a_repeated_series_that_comes_to_nothing_leaves_the_first() -> None:
    booth = at(BP)
    measure_pressure(booth, (132, 84), (148, 84), (170, 84))
    booth.act(Action.REPEAT)
    booth.act(Action.SKIP)
    assert len(booth.sheet().rows[0].readings) == 3
    assert booth.sheet().skipped == []


def test_stopping_the_pause_does_not_shorten_it() -> None:
    booth = at(BP)
    measure_pressure(booth, (132, 84))
    booth.wait(20)
    assert booth.act(Action.STOP) == []
    assert booth.step().phase is Phase.PREPARE
    assert booth.act(Action.START) == []
    assert (booth.step().phase, booth.step().countdown_s) == (Phase.REST, 40)
    booth.act(Action.STOP)
    booth.wait(45)
    assert booth.act(Action.START) == [Begin(BP)]


@pytest.mark.parametrize("flag", [Flag.MOTION, Flag.CUFF_LOOSE])
def test_a_disturbed_reading_is_offered_before_it_counts(flag: Flag) -> None:
    booth = at(BP)
    booth.act(Action.START)
    booth.say(BP, pressure(150, 95, flags={flag}))
    assert booth.step().phase is Phase.RESULT
    assert booth.step().is_doubtful
    assert booth.step().reading == 1
    assert booth.actions == {Action.NEXT, Action.REPEAT, Action.SKIP}
    assert booth.kept == []
    booth.act(Action.NEXT)
    assert booth.step().phase is Phase.REST
    assert booth.kept[0].reading.flags == {flag}


def test_a_replaced_reading_is_neither_kept_nor_counted() -> None:
    booth = at(BP)
    booth.act(Action.START)
    booth.say(BP, pressure(150, 95, flags={Flag.MOTION}))
    booth.act(Action.REPEAT)
    assert booth.step().phase is Phase.REST
    assert booth.step().result is None
    booth.wait(60)
    booth.say(BP, pressure(130, 80))
    booth.wait(60)
    booth.say(BP, pressure(131, 81))
    assert [keep.reading.values["systolic-pressure"] for keep in booth.kept] == [130, 131]
    assert booth.counts == (2, 0)


def test_repeating_has_an_end() -> None:
    booth = at(KG)
    booth.act(Action.START)
    for _ in range(MAX_REPEATS):
        booth.say(KG, weight(flags={Flag.MOTION}))
        assert booth.act(Action.REPEAT) == [Begin(KG)]
    booth.say(KG, weight(flags={Flag.MOTION}))
    assert booth.step().is_doubtful
    assert booth.actions == {Action.NEXT, Action.WITHDRAW}
    assert booth.kept[0].reading.flags == {Flag.MOTION}


def test_skipping_a_doubtful_reading_drops_it() -> None:
    booth = at(KG)
    booth.act(Action.START)
    booth.say(KG, weight(flags={Flag.MOTION}))
    booth.act(Action.SKIP)
    assert (booth.sheet().rows, booth.sheet().skipped) == ([], [KG])
    assert booth.kept == []


def test_going_on_with_a_doubtful_single_reading_leads_on_at_once() -> None:
    booth = at(KG)
    booth.act(Action.START)
    booth.say(KG, weight(flags={Flag.WEAK_SIGNAL}))
    booth.act(Action.NEXT)
    assert booth.view.page is Page.SHEET
    assert len(booth.kept) == 1


def test_an_irregular_pulse_is_kept_and_not_asked_about() -> None:
    booth = at(BP)
    booth.act(Action.START)
    booth.say(BP, pressure(flags={Flag.IRREGULAR_PULSE}))
    assert booth.step().phase is Phase.REST
    assert booth.kept[0].reading.flags == {Flag.IRREGULAR_PULSE}


def test_leaving_after_one_reading_of_two_keeps_it_in_doubt() -> None:
    booth = at(BP)
    measure_pressure(booth, (132, 84))
    booth.act(Action.SKIP)
    (row,) = booth.sheet().rows
    assert row.is_doubtful
    assert booth.sheet().skipped == []


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [(weight(None), Trouble.NO_VALUE), (weight(900), Trouble.IMPLAUSIBLE)],
)
def test_what_is_no_measurement_is_told_counted_and_never_kept(wrong: Taken, trouble: Trouble) -> None:
    booth = at(KG)
    booth.act(Action.START)
    assert booth.say(KG, wrong)[0] == Cancel(KG)
    assert (booth.step().phase, booth.step().trouble) == (Phase.TROUBLE, trouble)
    assert booth.step().result is None
    assert booth.actions == {Action.REPEAT, Action.SKIP}
    assert booth.kept == []
    assert booth.counts == (0, 1)
    assert booth.act(Action.REPEAT) == [Begin(KG)]


def test_a_step_that_keeps_failing_can_only_be_left() -> None:
    booth = at(KG)
    booth.act(Action.START)
    for _ in range(MAX_FAILURES - 1):
        booth.say(KG, Failed(KG, DeviceTrouble.BROKEN))
        booth.act(Action.REPEAT)
    booth.say(KG, Failed(KG, DeviceTrouble.BROKEN))
    assert booth.actions == {Action.SKIP}


def test_the_second_reading_may_fail_without_losing_the_first() -> None:
    booth = at(BP)
    measure_pressure(booth, (132, 84))
    booth.wait(60)
    booth.say(BP, Failed(BP, DeviceTrouble.CUFF_LEAK))
    assert (booth.step().trouble, booth.step().reading) == (Trouble.CUFF_LEAK, 2)
    assert booth.act(Action.REPEAT) == [Begin(BP)]
    booth.say(BP, pressure(130, 80))
    assert booth.step().phase is Phase.RESULT
    assert len(booth.kept) == 2


def test_the_same_record_told_twice_is_one_reading() -> None:
    booth = at(BP)
    booth.act(Action.START)
    booth.say(BP, pressure(taken_at=NOON))
    booth.wait(60)
    assert booth.say(BP, pressure(taken_at=NOON)) == []
    assert booth.step().phase is Phase.WAITING
    assert len(booth.kept) == 1


def test_without_a_rod_a_height_is_typed() -> None:
    booth = at(CM, rack=FakeRack(kinds=(KG,)))
    assert booth.step().phase is Phase.ENTRY
    assert booth.actions == {Action.ENTER, Action.SKIP, Action.BACK}
    booth.act(Action.ENTER, measure="body-height", value=163.0)
    assert (booth.result().values, booth.result().flags) == ({"body-height": 163.0}, [Flag.MANUAL])
    assert not booth.step().is_doubtful
    assert booth.kept == []
    booth.act(Action.NEXT)
    assert booth.kept[0].reading.sensor == "typed"


def test_a_mistyped_height_can_be_typed_anew_as_often_as_it_takes() -> None:
    booth = at(CM, rack=FakeRack(kinds=(KG,)))
    for height_cm in (61, 62, 63, 64):
        booth.act(Action.ENTER, measure="body-height", value=height_cm)
        booth.act(Action.REPEAT)
        assert booth.step().phase is Phase.ENTRY
    booth.act(Action.ENTER, measure="body-height", value=163)
    booth.act(Action.NEXT)
    assert [keep.reading.values["body-height"] for keep in booth.kept] == [163]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("body-height", 39.0),
        ("body-height", 251.0),
        ("body-height", None),
        ("body-weight", 60.0),
        ("", 163.0),
    ],
)
def test_only_a_height_that_somebody_has_can_be_typed(measure: str, value: float | None) -> None:
    booth = at(CM, rack=FakeRack(kinds=(KG,)))
    with pytest.raises(ActionRefusedError) as refused:
        booth.act(Action.ENTER, measure=measure, value=value)
    assert refused.value.reason is Refusal.VALUE
    assert booth.step().phase is Phase.ENTRY


def test_with_a_rod_the_height_may_still_be_typed() -> None:
    booth = at(CM)
    assert booth.actions == {Action.START, Action.ENTER, Action.SKIP, Action.BACK}
    booth.act(Action.START)
    booth.say(CM, Failed(CM, DeviceTrouble.BROKEN))
    assert booth.actions == {Action.REPEAT, Action.ENTER, Action.SKIP}
    booth.act(Action.ENTER, measure="body-height", value=163)
    assert booth.step().phase is Phase.RESULT
    assert booth.step().trouble is None


def test_a_rod_tells_the_height_by_itself() -> None:
    booth = at(CM)
    booth.act(Action.START)
    booth.stream(CM, live(CM, body_height="163.2"), 3)
    assert booth.result().values == {"body-height": 163.2}
    assert booth.running == set()


def test_a_rod_that_is_gone_for_good_leaves_the_typing() -> None:
    booth = at(CM)
    booth.act(Action.START)
    booth.say(CM, Failed(CM, DeviceTrouble.BROKEN))
    booth.rack.readiness[CM] = Readiness.MISSING
    booth.offer()
    booth.act(Action.REPEAT)
    assert booth.step().phase is Phase.ENTRY


def test_an_instrument_that_was_taken_away_is_lost() -> None:
    booth = at(BP)
    booth.rack.kinds = (KG,)
    booth.offer()
    assert booth.act(Action.START) == []
    assert (booth.step().phase, booth.step().trouble) == (Phase.TROUBLE, Trouble.LOST)


def test_glucose_is_taken_as_it_comes() -> None:
    booth = at(VitalKind.GLUCOSE)
    booth.act(Action.START)
    booth.say(VitalKind.GLUCOSE, taken(VitalKind.GLUCOSE, {Flag.UNTIMED}, glucose="5.6"))
    assert booth.result().flags == [Flag.UNTIMED]
    assert not booth.step().is_doubtful


def test_skipping_cancels_what_runs() -> None:
    booth = at(BP, SPO2)
    booth.act(Action.START)
    assert booth.act(Action.SKIP) == [Cancel(SPO2)]
    assert booth.step().kind is BP

"""What instruments say in the middle of it: they are silent, lost, back, late."""

from decimal import Decimal

import pytest

from edge.cabin.session.events import Begin, Cancel, ShowWave
from edge.cabin.session.state import MEASURING_LIMITS_MS, WAITING_LIMIT_MS
from edge.cabin.view import Action, Phase, Trouble
from edge.codecs.instrument import (
    About,
    Battery,
    Damage,
    DamageReason,
    Failed,
    InstrumentEvent,
    Live,
    Wave,
)
from edge.codecs.instrument import Trouble as DeviceTrouble
from edge.instrument import Absence
from tests.edge.cabin.booth import Booth, measure_oxygen, measure_pressure
from tests.edge.cabin.sayings import cuff, finger, live, pressure, taken, warmth, weight
from wire.entries import Flag, VitalKind

BP, SPO2, KG, CEL, BEAT = (
    VitalKind.BLOOD_PRESSURE,
    VitalKind.OXYGEN,
    VitalKind.WEIGHT,
    VitalKind.TEMPERATURE,
    VitalKind.HEART_RATE,
)


def begun(kind: VitalKind) -> Booth:
    booth = Booth()
    booth.come(kind)
    booth.act(Action.START)
    return booth


def test_the_first_word_ends_the_waiting() -> None:
    booth = begun(BP)
    booth.say(BP, cuff(40))
    step = booth.step()
    assert step.phase is Phase.MEASURING
    assert step.live is not None
    assert step.live.values == {"cuff-pressure": 40.0}


def test_live_values_are_shown_only_where_they_are_values() -> None:
    booth = begun(SPO2)
    booth.say(SPO2, finger(spo2=None, pulse=0, signal="0.05", flags={Flag.WEAK_SIGNAL}))
    shown = booth.step().live
    assert shown is not None
    assert shown.values == {}
    assert (shown.signal, shown.flags, shown.progress) == (0.05, [Flag.WEAK_SIGNAL], 0.0)


def test_progress_is_the_devices_or_that_of_the_window() -> None:
    booth = begun(SPO2)
    booth.stream(SPO2, finger(), 5)
    shown = booth.step().live
    assert shown is not None
    assert shown.progress == 0.5
    booth.say(SPO2, Live(SPO2, finger().values, Decimal("0.9"), Decimal("0.25")))
    booth.wait(1)
    booth.say(SPO2, Live(SPO2, finger().values, Decimal("0.9"), Decimal("0.25")))
    shown = booth.step().live
    assert shown is not None
    assert shown.progress == 0.25


def test_a_fast_device_does_not_make_the_screen_flicker() -> None:
    booth = begun(BP)
    views = set()
    for number in range(60):
        booth.say(BP, cuff(40 + number))
        booth.wait(1 / 60)
        shown = booth.step().live
        assert shown is not None
        views.add(shown.values["cuff-pressure"])
    assert len(views) <= 11


def test_oxygen_is_taken_when_it_has_settled() -> None:
    booth = begun(SPO2)
    booth.act(Action.STOP)
    measure_oxygen(booth, 98)
    assert booth.step().phase is Phase.RESULT
    assert booth.result().values == {"oxygen-saturation": 98.0, "pulse-rate": 72.0}
    assert booth.running == set()
    assert booth.kept[0].reading.raw == b""


def test_a_finished_measurement_counts_at_once() -> None:
    booth = begun(SPO2)
    booth.say(SPO2, taken(SPO2, oxygen_saturation=96, pulse_rate=70, perfusion_index="4.2"))
    assert booth.result().values["perfusion-index"] == 4.2


def test_a_pulse_settles_likewise() -> None:
    booth = begun(BEAT)
    booth.stream(BEAT, live(BEAT, pulse_rate=68), 10)
    assert booth.result().values == {"pulse-rate": 68.0}


def test_a_streamed_temperature_waits_for_the_skin() -> None:
    booth = begun(CEL)
    booth.stream(CEL, live(CEL, body_temperature="35.2"), 10)
    booth.wait(1)
    booth.stream(CEL, live(CEL, body_temperature="36.4"), 29)
    assert booth.step().phase is Phase.MEASURING
    booth.stream(CEL, live(CEL, body_temperature="36.4"), 1)
    assert booth.result().values == {"body-temperature": 36.4}


@pytest.mark.parametrize("trouble", DeviceTrouble)
def test_every_trouble_of_a_device_has_its_sentence(trouble: DeviceTrouble) -> None:
    booth = begun(BP)
    assert booth.say(BP, Failed(BP, trouble)) == [Cancel(BP)]
    assert booth.step().trouble is Trouble(trouble.value)
    assert booth.actions == {Action.REPEAT, Action.SKIP}
    assert booth.act(Action.REPEAT) == [Begin(BP)]
    assert booth.step().trouble is None


@pytest.mark.parametrize("absence", Absence)
def test_every_absence_has_its_sentence_and_may_end_by_itself(absence: Absence) -> None:
    booth = begun(BP)
    booth.say(BP, cuff(120))
    assert booth.lose(BP, absence) == []
    step = booth.step()
    assert (step.phase, step.trouble) == (Phase.TROUBLE, Trouble(absence.value))
    assert step.live is None
    booth.find(BP)
    assert booth.step().phase is Phase.WAITING
    assert booth.step().trouble is None
    booth.say(BP, pressure())
    assert booth.step().phase is Phase.REST


def test_an_instrument_that_just_talks_again_is_back() -> None:
    booth = begun(BP)
    booth.lose(BP)
    booth.say(BP, cuff(30))
    assert booth.step().phase is Phase.MEASURING
    assert booth.step().trouble is None


def test_after_a_loss_the_window_begins_anew() -> None:
    booth = begun(SPO2)
    booth.stream(SPO2, finger(), 9)
    booth.lose(SPO2)
    booth.find(SPO2)
    booth.stream(SPO2, finger(), 9)
    assert booth.step().phase is Phase.MEASURING


def test_a_lost_instrument_may_be_begun_anew_or_left() -> None:
    booth = begun(BP)
    booth.lose(BP)
    assert booth.actions == {Action.REPEAT, Action.SKIP}
    assert booth.act(Action.REPEAT) == [Begin(BP)]
    booth.lose(BP)
    assert booth.act(Action.SKIP) == [Cancel(BP)]


def test_a_loss_between_two_readings_is_no_news() -> None:
    booth = begun(BP)
    booth.say(BP, pressure())
    booth.lose(BP)
    assert booth.step().phase is Phase.REST


def test_back_without_a_loss_changes_nothing() -> None:
    booth = begun(BP)
    booth.say(BP, cuff(100))
    before = booth.state
    booth.find(BP)
    assert booth.state == before


def test_an_instrument_that_never_answers_is_silent() -> None:
    booth = begun(BP)
    booth.wait(WAITING_LIMIT_MS / 1000 - 1)
    assert booth.step().phase is Phase.WAITING
    assert booth.wait(1) == [Cancel(BP)]
    assert booth.step().trouble is Trouble.SILENT


@pytest.mark.parametrize(
    ("kind", "moment", "trouble"),
    [
        (SPO2, finger(flags={Flag.MOTION}), Trouble.MOTION),
        (SPO2, finger(signal="0.1"), Trouble.TIMED_OUT),
        (CEL, live(CEL, body_temperature="26.0"), Trouble.PROBE_OFF),
        (BP, cuff(100), Trouble.TIMED_OUT),
        (KG, live(KG, body_weight=60), Trouble.TIMED_OUT),
    ],
)
def test_what_never_comes_to_an_end_is_ended_and_says_why(
    kind: VitalKind, moment: Live, trouble: Trouble
) -> None:
    booth = begun(kind)
    booth.stream(kind, moment, MEASURING_LIMITS_MS[kind] / 1000)
    assert (booth.step().phase, booth.step().trouble) == (Phase.TROUBLE, trouble)
    assert booth.running == set()
    assert booth.kept == []


def test_an_instrument_that_comes_and_goes_does_not_go_on_for_ever() -> None:
    booth = begun(BP)
    for _ in range(60):
        booth.say(BP, cuff(100))
        booth.wait(5)
        booth.lose(BP)
        booth.wait(5)
        if not booth.running:
            break
    assert booth.step().trouble in (Trouble.TIMED_OUT, Trouble.SILENT)
    assert booth.running == set()


@pytest.mark.parametrize(
    "event",
    [pressure(), cuff(80), Failed(BP, DeviceTrouble.BROKEN), weight(), finger()],
)
def test_news_of_another_kind_is_not_this_steps(event: InstrumentEvent) -> None:
    booth = begun(CEL)
    before = booth.state
    assert booth.say(BP, event) == []
    booth.lose(BP)
    booth.find(BP)
    assert booth.state == before


@pytest.mark.parametrize(
    "event",
    [
        About("Acme", "Cuff"),
        Battery(20),
        Damage(DamageReason.CHECKSUM, 9),
        Wave((1, 2), 60),
    ],
)
def test_what_is_no_measurement_changes_nothing(event: InstrumentEvent) -> None:
    booth = begun(BP)
    before = booth.state
    assert booth.say(BP, event) == []
    assert booth.state == before


def test_late_news_of_a_stopped_measurement_is_ignored() -> None:
    booth = begun(BP)
    booth.act(Action.STOP)
    before = booth.state
    for event in (pressure(), cuff(80), Failed(BP, DeviceTrouble.BROKEN)):
        assert booth.say(BP, event) == []
    booth.lose(BP)
    assert booth.state == before


def test_late_news_of_an_earlier_step_is_ignored() -> None:
    booth = Booth()
    booth.come(SPO2, BP)
    measure_oxygen(booth)
    booth.act(Action.NEXT)
    before = booth.state
    booth.say(SPO2, finger(80))
    booth.say(SPO2, Wave((50,), 60))
    assert booth.state == before
    measure_pressure(booth, (130, 80))
    booth.say(SPO2, finger(80))
    assert booth.step().phase is Phase.REST


def test_a_second_press_on_the_cuff_during_the_pause_is_not_a_reading() -> None:
    booth = begun(BP)
    booth.say(BP, pressure())
    booth.say(BP, pressure(180, 110))
    assert booth.step().phase is Phase.REST
    assert len(booth.kept) == 1


def test_the_wave_is_passed_on_while_the_finger_is_in() -> None:
    booth = begun(SPO2)
    wave = Wave((10, 20, 30), 60)
    assert booth.say(SPO2, wave) == [ShowWave(wave)]
    assert booth.step().phase is Phase.MEASURING
    assert booth.step().live is None
    booth.act(Action.STOP)
    assert booth.say(SPO2, wave) == []


def test_a_thermometers_own_word_needs_no_window() -> None:
    booth = begun(CEL)
    booth.say(CEL, warmth("33.5"))
    assert booth.result().values == {"body-temperature": 33.5}

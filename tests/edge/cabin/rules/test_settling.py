"""A stream becomes a reading only when it has stood still under a good signal."""

from collections.abc import Callable, Iterable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.cabin.rules.readings import Reading
from edge.cabin.rules.settling import (
    MAX_GAP_MS,
    SAMPLE_MS,
    SETTLING,
    Window,
    believable,
    fault_of,
    observe,
    progress,
    settled,
)
from edge.cabin.view import Trouble
from edge.codecs.instrument import Live
from tests.edge.cabin.sayings import cuff, finger, live
from wire.entries import Flag, VitalKind


def watch(moments: Iterable[tuple[int, Live]], window: Window | None = None) -> Window:
    window = window or Window()
    for at_ms, moment in moments:
        window = observe(window, moment, at_ms)
    return window


def steadily(
    say: Callable[[int], Live], until_ms: int, step_ms: int = 500, start_ms: int = 0
) -> list[tuple[int, Live]]:
    return [(at_ms, say(at_ms)) for at_ms in range(start_ms, until_ms + 1, step_ms)]


def reading(window: Window, kind: VitalKind = VitalKind.OXYGEN) -> Reading | None:
    return settled(window, kind, "finger")


def test_ten_steady_seconds_make_a_reading() -> None:
    before = watch(steadily(lambda _: finger(), 9_500))
    assert reading(before) is None
    after = observe(before, finger(), 10_000)
    assert reading(after) == Reading(
        kind=VitalKind.OXYGEN,
        values={"oxygen-saturation": Decimal(97), "pulse-rate": Decimal(72)},
        sensor="finger",
    )


@pytest.mark.parametrize(("other", "settles"), [(95, True), (99, True), (94, False), (100, False)])
def test_a_spread_of_two_percent_is_allowed(other: int, *, settles: bool) -> None:
    window = watch(steadily(lambda at_ms: finger(other if at_ms == 5_000 else 97), 10_000))
    assert (reading(window) is not None) is settles


def test_a_fall_begins_a_new_window_at_the_new_level() -> None:
    window = watch(steadily(lambda at_ms: finger(97 if at_ms < 6_000 else 90), 16_000))
    settled_reading = reading(window)
    assert settled_reading is not None
    assert settled_reading.values["oxygen-saturation"] == 90


@pytest.mark.parametrize(
    "bad",
    [
        finger(signal="0.29"),
        finger(spo2=None),
        finger(spo2=0),
        finger(spo2=127),
        finger(flags={Flag.MOTION}),
        finger(flags={Flag.WEAK_SIGNAL}),
    ],
)
def test_one_bad_moment_begins_anew(bad: Live) -> None:
    window = watch(steadily(lambda _: finger(), 9_500))
    window = observe(window, bad, 9_550)
    assert window == Window()
    assert reading(watch(steadily(lambda _: finger(), 19_500, start_ms=10_000), window)) is None


def test_a_signal_that_the_device_does_not_tell_is_not_held_against_it() -> None:
    assert reading(watch(steadily(lambda _: finger(signal=None), 10_000))) is not None


def test_an_irregular_pulse_is_kept_and_does_not_stand_in_the_way() -> None:
    found = reading(watch(steadily(lambda _: finger(flags={Flag.IRREGULAR_PULSE}), 10_000)))
    assert found is not None
    assert found.flags == {Flag.IRREGULAR_PULSE}


def test_a_restless_pulse_is_left_out_and_oxygen_told() -> None:
    found = reading(watch(steadily(lambda at_ms: finger(pulse=60 if at_ms % 1_000 else 71), 10_000)))
    assert found is not None
    assert set(found.values) == {"oxygen-saturation"}


def test_a_silence_begins_anew() -> None:
    window = watch([*steadily(lambda _: finger(), 6_000), (6_001 + MAX_GAP_MS, finger())])
    assert window.span_ms == 0


def test_samples_are_few_however_fast_a_device_talks() -> None:
    window = watch(steadily(lambda _: finger(), 60_000, step_ms=16))
    assert len(window.samples) <= 10_000 // SAMPLE_MS + 2
    assert reading(window) is not None


def test_a_pulse_may_move_with_the_breath() -> None:
    def beat(at_ms: int) -> Live:
        return live(VitalKind.HEART_RATE, pulse_rate=70 if at_ms % 1_000 else 80)

    found = reading(watch(steadily(beat, 10_000)), VitalKind.HEART_RATE)
    assert found is not None
    assert 70 <= found.values["pulse-rate"] <= 80


def warm(cel: str) -> Live:
    return live(VitalKind.TEMPERATURE, body_temperature=cel)


def test_a_temperature_counts_when_it_no_longer_creeps() -> None:
    creeping = watch(steadily(lambda at_ms: warm(str(Decimal(34) + Decimal(at_ms) / 50_000)), 100_000))
    assert reading(creeping, VitalKind.TEMPERATURE) is None
    steady = watch(steadily(lambda _: warm("36.6"), 130_500, start_ms=100_500), creeping)
    found = reading(steady, VitalKind.TEMPERATURE)
    assert found is not None
    assert found.values == {"body-temperature": Decimal("36.6")}


def test_a_probe_that_lies_about_is_never_a_body() -> None:
    window = watch(steadily(lambda _: warm("28.4"), 120_000))
    assert reading(window, VitalKind.TEMPERATURE) is None
    assert fault_of(warm("28.4")) is Trouble.PROBE_OFF


def test_a_rod_needs_three_quiet_seconds() -> None:
    def rod(_: int) -> Live:
        return live(VitalKind.HEIGHT, body_height="163.2")

    assert reading(watch(steadily(rod, 2_500)), VitalKind.HEIGHT) is None
    assert reading(watch(steadily(rod, 3_000)), VitalKind.HEIGHT) is not None


@pytest.mark.parametrize("kind", [kind for kind in VitalKind if kind not in SETTLING])
def test_other_kinds_are_never_read_off_a_stream(kind: VitalKind) -> None:
    window = watch(steadily(lambda _: Live(kind, {"body-weight": Decimal(60)}), 60_000))
    assert window == Window()
    assert reading(window, kind) is None
    assert progress(window, kind) is None


def test_progress_grows_to_one() -> None:
    shares = []
    window = Window()
    for at_ms, moment in steadily(lambda _: finger(), 12_000, step_ms=2_000):
        window = observe(window, moment, at_ms)
        shares.append(progress(window, VitalKind.OXYGEN))
    assert shares == [Decimal(share) / 10 for share in (0, 2, 4, 6, 8, 10, 10)]


def test_why_it_does_not_settle_is_named() -> None:
    assert fault_of(finger(flags={Flag.MOTION})) is Trouble.MOTION
    assert fault_of(finger(signal="0.1")) is Trouble.TIMED_OUT
    assert fault_of(finger(spo2=None)) is Trouble.TIMED_OUT
    assert fault_of(finger(spo2=None, signal="0")) is Trouble.PROBE_OFF
    assert fault_of(finger()) is None


def test_a_cuffs_pressure_is_shown_while_it_is_plausible() -> None:
    assert believable(cuff(150)) == {"cuff-pressure": Decimal(150)}
    assert believable(cuff(999)) == {}


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 4_000),
            st.sampled_from([90, 95, 96, 97, 98, 99, None]),
            st.sampled_from(["0.1", "0.9", None]),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_whatever_is_read_was_steady_and_good(
    moments: list[tuple[int, int | None, str | None, bool]],
) -> None:
    now_ms, window = 0, Window()
    for pause_ms, spo2, signal, moves in moments:
        now_ms += pause_ms
        moment = finger(spo2, signal=signal, flags={Flag.MOTION} if moves else ())
        window = observe(window, moment, now_ms)
        values = [sample.values["oxygen-saturation"] for sample in window.samples]
        assert not values or max(values) - min(values) <= 2
        assert all(sample.flags == frozenset() for sample in window.samples)
        found = reading(window)
        assert (found is not None) == (window.span_ms >= 10_000)
        if found is not None:
            assert min(values) <= found.values["oxygen-saturation"] <= max(values)

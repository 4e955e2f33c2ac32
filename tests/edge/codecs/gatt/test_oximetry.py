from decimal import Decimal

import pytest

from edge.codecs.gatt.oximetry import continuous_events, plx_features_events, spot_check_events
from edge.codecs.gatt.pulse_oximeter import PlxDeviceStatus, PlxStatus
from edge.codecs.instrument import Failed, Live, Taken, Trouble
from tests.edge.codecs.gatt.captures import capture
from tests.edge.codecs.gatt.cases import AT
from tests.fakes.ble import frames
from tests.fakes.ble.encode import NAN
from wire.entries import Flag, VitalKind

VALUES = {"oxygen-saturation": Decimal(97), "pulse-rate": Decimal(70)}


def spot(status: int | None = None, device_status: int | None = None) -> bytes:
    return frames.plx_spot_check(saturation=97, pulse=70, at=AT, status=status, device_status=device_status)


def stream(status: int | None = None, device_status: int | None = None) -> bytes:
    return frames.plx_continuous(saturation=97, pulse=70, status=status, device_status=device_status)


def test_a_finished_measurement_is_taken() -> None:
    frame = frames.plx_spot_check(saturation=97, pulse=70, at=AT, pulse_amplitude=Decimal("4.5"))
    assert spot_check_events(frame) == [
        Taken(
            VitalKind.OXYGEN,
            {**VALUES, "perfusion-index": Decimal("4.5")},
            frame,
            taken_at=AT,
        )
    ]


def test_a_stream_shows_the_values_of_normal_averaging() -> None:
    frame = frames.plx_continuous(saturation=97, pulse=70, fast=(90, 60), slow=(99, 80))
    assert continuous_events(frame) == [Live(VitalKind.OXYGEN, VALUES)]


def test_an_oximeter_whose_clock_was_never_set_names_no_time() -> None:
    frame = frames.plx_spot_check(saturation=97, pulse=70, at=AT, clock_unset=True)
    (taken,) = spot_check_events(frame)
    assert isinstance(taken, Taken)
    assert taken.taken_at is None


@pytest.mark.parametrize("status", [PlxStatus.ONGOING, PlxStatus.EARLY_ESTIMATE])
def test_an_estimate_is_no_measurement_yet(status: PlxStatus) -> None:
    assert spot_check_events(spot(status)) == [Live(VitalKind.OXYGEN, VALUES)]


@pytest.mark.parametrize("quality", [PlxStatus.VALIDATED, PlxStatus.FULLY_QUALIFIED])
def test_validated_data_is_a_measurement_though_another_goes_on(quality: PlxStatus) -> None:
    (taken,) = spot_check_events(spot(PlxStatus.ONGOING | quality))
    assert isinstance(taken, Taken)


@pytest.mark.parametrize("status", [PlxStatus.UNAVAILABLE, PlxStatus.INVALID, PlxStatus.CALIBRATION_ONGOING])
def test_what_the_oximeter_itself_calls_worthless_is_no_value(status: PlxStatus) -> None:
    frame = spot(status)
    assert spot_check_events(frame) == [Failed(VitalKind.OXYGEN, Trouble.NO_PULSE, frame)]
    assert continuous_events(stream(status)) == [
        Live(VitalKind.OXYGEN, {"oxygen-saturation": None, "pulse-rate": None})
    ]


@pytest.mark.parametrize("status", [PlxStatus.DEMONSTRATION, PlxStatus.TESTING])
def test_an_oximeter_in_its_demonstration_measures_nobody(status: PlxStatus) -> None:
    assert spot_check_events(spot(status)) == [Failed(VitalKind.OXYGEN, Trouble.BROKEN, spot(status))]
    assert continuous_events(stream(status)) == [Failed(VitalKind.OXYGEN, Trouble.BROKEN, stream(status))]


@pytest.mark.parametrize(
    ("device_status", "trouble"),
    [
        (PlxDeviceStatus.SENSOR_OFF_USER, Trouble.PROBE_OFF),
        (PlxDeviceStatus.SENSOR_DISCONNECTED, Trouble.PROBE_OFF),
        (PlxDeviceStatus.EQUIPMENT_MALFUNCTION, Trouble.BROKEN),
        (PlxDeviceStatus.SENSOR_MALFUNCTION, Trouble.BROKEN),
        (PlxDeviceStatus.UNKNOWN_SENSOR, Trouble.BROKEN),
    ],
)
def test_an_oximeter_that_cannot_measure_says_why(device_status: PlxDeviceStatus, trouble: Trouble) -> None:
    frame = spot(device_status=device_status)
    assert spot_check_events(frame) == [Failed(VitalKind.OXYGEN, trouble, frame)]
    frame = stream(device_status=device_status)
    assert continuous_events(frame) == [Failed(VitalKind.OXYGEN, trouble, frame)]


@pytest.mark.parametrize(
    ("device_status", "flags"),
    [
        (PlxDeviceStatus.DISPLAY_UPDATE_EXTENDED, set()),
        (PlxDeviceStatus.PROCESSING_IRREGULARITY, {Flag.WEAK_SIGNAL}),
        (PlxDeviceStatus.INADEQUATE_SIGNAL, {Flag.WEAK_SIGNAL}),
        (PlxDeviceStatus.POOR_SIGNAL, {Flag.WEAK_SIGNAL}),
        (PlxDeviceStatus.LOW_PERFUSION, {Flag.WEAK_SIGNAL}),
        (PlxDeviceStatus.ERRATIC_SIGNAL, {Flag.WEAK_SIGNAL}),
        (PlxDeviceStatus.NONPULSATILE_SIGNAL, {Flag.WEAK_SIGNAL}),
        (PlxDeviceStatus.QUESTIONABLE_PULSE, {Flag.WEAK_SIGNAL}),
        (PlxDeviceStatus.ANALYSIS_ONGOING, set()),
        (PlxDeviceStatus.INTERFERENCE, {Flag.WEAK_SIGNAL}),
        (PlxDeviceStatus.SENSOR_DISPLACED, {Flag.WRONG_POSITION}),
        (
            PlxDeviceStatus.SENSOR_DISPLACED | PlxDeviceStatus.POOR_SIGNAL,
            {Flag.WRONG_POSITION, Flag.WEAK_SIGNAL},
        ),
        (0xFF0000, set()),
    ],
)
def test_each_hindrance_has_its_flag(device_status: int, flags: set[Flag]) -> None:
    (taken,) = spot_check_events(spot(device_status=device_status))
    (live,) = continuous_events(stream(device_status=device_status))
    assert isinstance(taken, Taken)
    assert isinstance(live, Live)
    assert taken.flags == live.flags == flags


def test_questionable_data_is_kept_with_a_flag() -> None:
    (taken,) = spot_check_events(spot(PlxStatus.QUESTIONABLE))
    assert isinstance(taken, Taken)
    assert taken.flags == {Flag.WEAK_SIGNAL}


def test_a_stored_record_with_a_time_is_told_and_one_without_can_be_anybodys() -> None:
    (taken,) = spot_check_events(spot(PlxStatus.FROM_STORAGE))
    assert isinstance(taken, Taken)
    assert taken.taken_at == AT
    timeless = frames.plx_spot_check(saturation=97, pulse=70, status=PlxStatus.FROM_STORAGE)
    assert spot_check_events(timeless) == []
    unset = frames.plx_spot_check(
        saturation=97, pulse=70, at=AT, clock_unset=True, status=PlxStatus.FROM_STORAGE
    )
    assert spot_check_events(unset) == []


@pytest.mark.parametrize(
    ("status", "device_status"),
    [
        (PlxStatus.FROM_STORAGE | PlxStatus.INVALID, None),
        (PlxStatus.FROM_STORAGE | PlxStatus.DEMONSTRATION, None),
        (PlxStatus.FROM_STORAGE, PlxDeviceStatus.SENSOR_OFF_USER),
    ],
)
def test_a_stored_failure_says_nothing_of_now(status: int, device_status: int | None) -> None:
    assert spot_check_events(spot(status, device_status)) == []


def test_a_stored_estimate_is_judged_by_its_time_and_never_shown_as_live() -> None:
    (taken,) = spot_check_events(spot(PlxStatus.FROM_STORAGE | PlxStatus.ONGOING))
    assert isinstance(taken, Taken)
    assert taken.taken_at == AT


def test_an_oximeter_that_still_searches_has_no_value_yet() -> None:
    frame = frames.plx_spot_check(saturation=NAN, pulse=70, status=PlxStatus.ONGOING)
    assert spot_check_events(frame) == [
        Live(VitalKind.OXYGEN, {"oxygen-saturation": None, "pulse-rate": Decimal(70)})
    ]


def test_no_saturation_is_no_measurement() -> None:
    frame = frames.plx_spot_check(saturation=NAN, pulse=70)
    assert spot_check_events(frame) == [Failed(VitalKind.OXYGEN, Trouble.NO_PULSE, frame)]


def test_what_a_real_oximeter_sent_is_shown_as_it_goes_on() -> None:
    (frame,) = capture("2a5e-choicemmed-oximeter-stackoverflow-71264072")
    values = {"oxygen-saturation": Decimal(97), "pulse-rate": Decimal(96)}
    assert spot_check_events(frame) == [Live(VitalKind.OXYGEN, values, flags=frozenset({Flag.WEAK_SIGNAL}))]
    (frame,) = capture("2a5f-choicemmed-oximeter-stackoverflow-71264072")
    values = {"oxygen-saturation": Decimal(98), "pulse-rate": Decimal(78)}
    assert continuous_events(frame) == [Live(VitalKind.OXYGEN, values)]


def test_features_tell_the_cabin_nothing() -> None:
    assert plx_features_events(b"\x00\x00") == []

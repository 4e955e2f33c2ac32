from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.pulse_oximeter import (
    PlxDeviceStatus,
    PlxFeature,
    PlxFeatures,
    PlxStatus,
    Saturation,
    decode_continuous,
    decode_plx_features,
    decode_spot_check,
)
from edge.codecs.instrument import DeviceTime
from tests.edge.codecs.gatt.cases import (
    AT,
    assert_no_front_piece_passes,
    assert_what_follows_is_ignored,
    sfloats,
    subsets,
    times,
    unhurried,
)
from tests.fakes.ble import frames
from tests.fakes.ble.encode import NAN, NRES

STATUSES: dict[str, Any] = {
    "status": 0x8020,
    "device_status": 0xFF8001,
    "pulse_amplitude": Decimal("3.2"),
}
SPOT: dict[str, Any] = {"at": AT, "clock_unset": True, **STATUSES}
STREAM: dict[str, Any] = {
    "fast": (Decimal(96), Decimal(71)),
    "slow": (Decimal("98.1"), Decimal(69)),
    **STATUSES,
}
ALL_SPOT = list(subsets(SPOT))
ALL_STREAM = list(subsets(STREAM))


def assert_statuses(told: Any, given_fields: dict[str, Any]) -> None:
    assert told.normal == Saturation(Decimal("97.5"), Decimal(70))
    assert told.status == given_fields.get("status", 0)
    assert told.device_status == given_fields.get("device_status", 0)
    assert told.has_amplitude == ("pulse_amplitude" in given_fields)
    assert told.amplitude_percent == given_fields.get("pulse_amplitude")


@pytest.mark.parametrize("given_fields", ALL_SPOT)
def test_every_combination_of_flags_of_a_spot_check_is_read(given_fields: dict[str, Any]) -> None:
    frame = frames.plx_spot_check(saturation=Decimal("97.5"), pulse=70, **given_fields)
    told = decode_spot_check(frame)
    assert_statuses(told, given_fields)
    is_known = "clock_unset" not in given_fields
    assert told.taken_at == (given_fields.get("at") if is_known else None)
    assert_no_front_piece_passes(decode_spot_check, frame)
    assert_what_follows_is_ignored(decode_spot_check, frame)


@pytest.mark.parametrize("given_fields", ALL_STREAM)
def test_every_combination_of_flags_of_a_stream_is_read(given_fields: dict[str, Any]) -> None:
    frame = frames.plx_continuous(saturation=Decimal("97.5"), pulse=70, **given_fields)
    told = decode_continuous(frame)
    assert_statuses(told, given_fields)
    assert told.fast == (Saturation(*STREAM["fast"]) if "fast" in given_fields else None)
    assert told.slow == (Saturation(*STREAM["slow"]) if "slow" in given_fields else None)
    assert_no_front_piece_passes(decode_continuous, frame)
    assert_what_follows_is_ignored(decode_continuous, frame)


@unhurried
@given(sfloats, sfloats, times, st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFF), sfloats)
def test_whatever_an_oximeter_finds_is_read_as_it_was_sent(
    saturation: Decimal,
    pulse: Decimal,
    at: DeviceTime,
    status: int,
    device_status: int,
    amplitude: Decimal,
) -> None:
    statuses: dict[str, Any] = {
        "status": status,
        "device_status": device_status,
        "pulse_amplitude": amplitude,
    }
    spot = decode_spot_check(frames.plx_spot_check(saturation=saturation, pulse=pulse, at=at, **statuses))
    stream = decode_continuous(frames.plx_continuous(saturation=saturation, pulse=pulse, **statuses))
    assert spot.taken_at == at
    for told in (spot, stream):
        assert told.normal == Saturation(saturation, pulse)
        assert (told.status, told.device_status) == (status, device_status)
        assert told.amplitude_percent == amplitude


def test_a_value_that_is_none_stays_none() -> None:
    told = decode_continuous(
        frames.plx_continuous(
            saturation=NAN, pulse=NRES, fast=(NAN, NAN), slow=(99, NRES), pulse_amplitude=NAN
        )
    )
    assert told.normal == told.fast == Saturation(None, None)
    assert told.slow == Saturation(Decimal(99), None)
    assert told.has_amplitude
    assert told.amplitude_percent is None


@pytest.mark.parametrize("has_status", [True, False])
@pytest.mark.parametrize("has_device_status", [True, False])
def test_what_an_oximeter_can_tell_is_read(*, has_status: bool, has_device_status: bool) -> None:
    features = PlxFeature.FAST | PlxFeature.MULTIPLE_BONDS
    frame = b""
    if has_status:
        features |= PlxFeature.STATUS
        frame += b"\x20\x80"
    if has_device_status:
        features |= PlxFeature.DEVICE_STATUS
        frame += b"\x01\x80\x00"
    frame = int(features).to_bytes(2, "little") + frame
    assert decode_plx_features(frame) == PlxFeatures(
        features=features,
        status=PlxStatus.ONGOING | PlxStatus.INVALID if has_status else None,
        device_status=(
            PlxDeviceStatus.DISPLAY_UPDATE_EXTENDED | PlxDeviceStatus.SENSOR_DISCONNECTED
            if has_device_status
            else None
        ),
    )
    assert_no_front_piece_passes(decode_plx_features, frame)
    assert_what_follows_is_ignored(decode_plx_features, frame)


def test_the_bits_are_where_the_specification_has_them() -> None:
    assert [int(bit) for bit in PlxStatus] == [1 << place for place in range(5, 16)]
    assert [int(bit) for bit in PlxDeviceStatus] == [1 << place for place in range(16)]
    assert [int(bit) for bit in PlxFeature] == [1 << place for place in range(8)]

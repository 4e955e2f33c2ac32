from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.blood_pressure import (
    PressureFeature,
    PressureStatus,
    blood_pressure_events,
    cuff_pressure_events,
    decode_blood_pressure,
    decode_cuff_pressure,
    decode_pressure_feature,
    pressure_feature_events,
)
from edge.codecs.gatt.units import mmhg_of_kpa
from edge.codecs.instrument import DeviceTime, Failed, Live, Taken, Trouble
from tests.edge.codecs.gatt.captures import capture
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
from tests.fakes.ble.encode import INFINITE, NAN, NRES
from wire.entries import Flag, VitalKind

OPTIONAL: dict[str, Any] = {
    "kilopascal": True,
    "at": AT,
    "pulse": Decimal("63.5"),
    "user": 3,
    "status": 0x27,
}
ALL = list(subsets(OPTIONAL))


@pytest.mark.parametrize("given_fields", ALL)
def test_every_combination_of_flags_is_read(given_fields: dict[str, Any]) -> None:
    frame = frames.blood_pressure(
        systolic=Decimal("16.1"), diastolic=11, mean=Decimal("12.7"), **given_fields
    )
    told = decode_blood_pressure(frame)
    in_kpa = "kilopascal" in given_fields
    pressures = (told.systolic_mmhg, told.diastolic_mmhg, told.mean_mmhg)
    sent = (Decimal("16.1"), Decimal(11), Decimal("12.7"))
    assert pressures == (tuple(map(mmhg_of_kpa, sent)) if in_kpa else sent)
    assert told.taken_at == given_fields.get("at")
    assert told.has_pulse == ("pulse" in given_fields)
    assert told.pulse_bpm == given_fields.get("pulse")
    assert told.user == given_fields.get("user")
    assert told.status == given_fields.get("status", 0)


@pytest.mark.parametrize("given_fields", ALL)
def test_no_part_of_a_measurement_passes_and_what_follows_is_ignored(
    given_fields: dict[str, Any],
) -> None:
    frame = frames.blood_pressure(systolic=120, diastolic=80, mean=93, **given_fields)
    for decode in (decode_blood_pressure, blood_pressure_events, decode_cuff_pressure):
        assert_no_front_piece_passes(decode, frame)
    assert_what_follows_is_ignored(decode_blood_pressure, frame)
    assert_what_follows_is_ignored(decode_cuff_pressure, frame)


@unhurried
@given(sfloats, sfloats, sfloats, times, sfloats, st.integers(0, 254), st.integers(0, 0xFFFF))
def test_whatever_a_cuff_measures_is_read_as_it_was_sent(
    systolic: Decimal,
    diastolic: Decimal,
    mean: Decimal,
    at: DeviceTime,
    pulse: Decimal,
    user: int,
    status: int,
) -> None:
    told = decode_blood_pressure(
        frames.blood_pressure(
            systolic=systolic,
            diastolic=diastolic,
            mean=mean,
            at=at,
            pulse=pulse,
            user=user,
            status=status,
        )
    )
    assert (told.systolic_mmhg, told.diastolic_mmhg, told.mean_mmhg) == (systolic, diastolic, mean)
    assert (told.taken_at, told.pulse_bpm, told.user, told.status) == (at, pulse, user, status)


def test_the_published_measurements_become_events() -> None:
    full, some, least = capture("2a35-nordic-ble-common-2.2.0")
    assert blood_pressure_events(full) == [
        Taken(
            kind=VitalKind.BLOOD_PRESSURE,
            values={
                "systolic-pressure": Decimal(138),
                "diastolic-pressure": Decimal(88),
                "mean-arterial-pressure": Decimal(120),
                "pulse-rate": Decimal(60),
            },
            raw=full,
            flags=frozenset({Flag.MOTION, Flag.CUFF_LOOSE, Flag.IRREGULAR_PULSE, Flag.WRONG_POSITION}),
            taken_at=DeviceTime(None, 4, 17, 20, 41, 59),
            user=1,
        )
    ]
    assert blood_pressure_events(some) == [
        Taken(
            kind=VitalKind.BLOOD_PRESSURE,
            values={
                "systolic-pressure": Decimal("141.8"),
                "diastolic-pressure": Decimal("82.5"),
                "mean-arterial-pressure": Decimal("119.3"),
                "pulse-rate": Decimal(60),
            },
            raw=some,
            flags=frozenset({Flag.CUFF_LOOSE, Flag.PULSE_OUT_OF_RANGE}),
        )
    ]
    (bare,) = blood_pressure_events(least)
    assert isinstance(bare, Taken)
    assert "pulse-rate" not in bare.values
    assert (bare.flags, bare.taken_at, bare.user) == (frozenset(), None, None)


def test_a_cuff_that_sets_reserved_bits_is_understood_all_the_same() -> None:
    (frame,) = capture("2a35-unnamed-cuff-stackoverflow-78168365")
    (taken,) = blood_pressure_events(frame)
    assert taken == Taken(
        kind=VitalKind.BLOOD_PRESSURE,
        values={
            "systolic-pressure": Decimal("127.0"),
            "diastolic-pressure": Decimal("79.0"),
            "mean-arterial-pressure": None,
            "pulse-rate": Decimal("69.0"),
        },
        raw=frame,
        taken_at=DeviceTime(2020, 1, 20, 8, 43, 0),
        user=1,
    )


def test_a_cuff_that_gave_up_without_a_reason_found_no_pulse() -> None:
    for frame in capture("2a35-unnamed-cuff-blood-pressure-monitor-fl-80"):
        assert blood_pressure_events(frame) == [Failed(VitalKind.BLOOD_PRESSURE, Trouble.NO_PULSE, frame)]


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (0x00, Trouble.NO_PULSE),
        (0x01, Trouble.MOTION),
        (0x02, Trouble.CUFF_LOOSE),
        (0x03, Trouble.CUFF_LOOSE),
        (0x24, Trouble.NO_PULSE),
    ],
)
@pytest.mark.parametrize("special", [NAN, NRES, INFINITE, -INFINITE])
def test_a_measurement_without_values_failed_for_what_the_person_can_put_right(
    special: Decimal, status: int, trouble: Trouble
) -> None:
    frame = frames.blood_pressure(systolic=special, diastolic=special, status=status)
    assert blood_pressure_events(frame) == [Failed(VitalKind.BLOOD_PRESSURE, trouble, frame)]


def test_one_value_of_two_is_kept_and_the_other_is_none_never_zero() -> None:
    frame = frames.blood_pressure(systolic=NRES, diastolic=80, pulse=NAN)
    (taken,) = blood_pressure_events(frame)
    assert isinstance(taken, Taken)
    assert taken.values == {
        "systolic-pressure": None,
        "diastolic-pressure": Decimal(80),
        "mean-arterial-pressure": None,
        "pulse-rate": None,
    }


@pytest.mark.parametrize(
    ("status", "flags"),
    [
        (0x0000, set()),
        (0x0001, {Flag.MOTION}),
        (0x0002, {Flag.CUFF_LOOSE}),
        (0x0004, {Flag.IRREGULAR_PULSE}),
        (0x0008, {Flag.PULSE_OUT_OF_RANGE}),
        (0x0010, {Flag.PULSE_OUT_OF_RANGE}),
        (0x0018, set()),
        (0x0020, {Flag.WRONG_POSITION}),
        (0xFFC0, set()),
        (
            0xFFEF,
            {
                Flag.MOTION,
                Flag.CUFF_LOOSE,
                Flag.IRREGULAR_PULSE,
                Flag.PULSE_OUT_OF_RANGE,
                Flag.WRONG_POSITION,
            },
        ),
    ],
)
def test_each_status_bit_has_its_flag(status: int, flags: set[Flag]) -> None:
    (taken,) = blood_pressure_events(frames.blood_pressure(systolic=120, diastolic=80, status=status))
    assert isinstance(taken, Taken)
    assert taken.flags == flags
    (live,) = cuff_pressure_events(frames.cuff_pressure(pressure=120, status=status))
    assert isinstance(live, Live)
    assert live.flags == flags


def test_user_ff_is_nobody_in_particular() -> None:
    frame = frames.blood_pressure(systolic=120, diastolic=80, user=frames.UNKNOWN_USER)
    assert decode_blood_pressure(frame).user is None


@pytest.mark.parametrize("given_fields", ALL)
def test_the_cuff_shows_how_far_it_is(given_fields: dict[str, Any]) -> None:
    frame = frames.cuff_pressure(pressure=20, **given_fields)
    told = decode_cuff_pressure(frame)
    assert told.cuff_mmhg == (Decimal("150.0") if "kilopascal" in given_fields else Decimal(20))
    assert (told.taken_at, told.user) == (given_fields.get("at"), given_fields.get("user"))
    assert told.status == given_fields.get("status", 0)
    (live,) = cuff_pressure_events(frame)
    assert isinstance(live, Live)
    assert live.kind is VitalKind.BLOOD_PRESSURE
    assert live.values["cuff-pressure"] == told.cuff_mmhg
    assert live.values.get("pulse-rate") == given_fields.get("pulse")
    assert ("pulse-rate" in live.values) == ("pulse" in given_fields)


def test_the_published_cuff_pressures_are_read_whatever_is_in_the_unused_fields() -> None:
    full, some, least = capture("2a36-nordic-ble-common-2.2.0")
    assert cuff_pressure_events(full) == [
        Live(
            VitalKind.BLOOD_PRESSURE,
            {"cuff-pressure": Decimal(4), "pulse-rate": Decimal(60)},
            flags=frozenset({Flag.MOTION, Flag.CUFF_LOOSE, Flag.IRREGULAR_PULSE, Flag.WRONG_POSITION}),
        )
    ]
    assert decode_cuff_pressure(some).cuff_mmhg == Decimal("83.3")
    assert decode_cuff_pressure(least).cuff_mmhg == Decimal("21.5")


def test_what_a_cuff_can_notice_is_read_and_tells_the_cabin_nothing() -> None:
    assert decode_pressure_feature(b"\x2f\x01") == (
        PressureFeature.MOTION
        | PressureFeature.CUFF_FIT
        | PressureFeature.IRREGULAR_PULSE
        | PressureFeature.PULSE_RANGE
        | PressureFeature.MULTIPLE_BONDS
        | PressureFeature.USER_FACING_TIME
    )
    assert pressure_feature_events(b"\x2f\x01") == []
    assert_no_front_piece_passes(decode_pressure_feature, b"\x2f\x01")


def test_the_bits_of_the_status_are_where_the_specification_has_them() -> None:
    assert [int(bit) for bit in PressureStatus] == [1, 2, 4, 8, 16, 32]

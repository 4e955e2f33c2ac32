from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.date_time import shifted
from edge.codecs.gatt.glucose import Glucose, GlucoseStatus, decode_glucose, glucose_events
from edge.codecs.instrument import DeviceTime, Taken
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
from wire.entries import VitalKind

OPTIONAL: dict[str, Any] = {
    "offset_min": -5,
    "concentration": Decimal("0.00555"),
    "molar": True,
    "status": 0x0001,
    "has_context": True,
}
ALL = list(subsets(OPTIONAL))
LATER = DeviceTime(2026, 11, 22, 8, 0, 59)


@pytest.mark.parametrize("given_fields", ALL)
def test_every_combination_of_flags_is_read(given_fields: dict[str, Any]) -> None:
    frame = frames.glucose(sequence=513, at=AT, sample=0x21, **given_fields)
    has_value = "concentration" in given_fields
    value = Decimal("5.55") if "molar" in given_fields else Decimal("30.8")
    assert decode_glucose(frame) == Glucose(
        sequence=513,
        taken_at=LATER if "offset_min" in given_fields else AT,
        value_mmol_l=value if has_value else None,
        fluid=1 if has_value else None,
        location=2 if has_value else None,
        status=GlucoseStatus(given_fields.get("status", 0)),
        has_context="has_context" in given_fields,
    )
    assert_no_front_piece_passes(decode_glucose, frame)
    assert_no_front_piece_passes(glucose_events, frame)
    assert_what_follows_is_ignored(decode_glucose, frame)


@unhurried
@given(st.integers(0, 0xFFFF), times, st.integers(-32767, 32766), sfloats)
def test_whatever_a_meter_finds_is_read_as_it_was_sent(
    sequence: int, at: DeviceTime, offset_min: int, concentration: Decimal
) -> None:
    told = decode_glucose(
        frames.glucose(
            sequence=sequence,
            at=at,
            offset_min=offset_min,
            concentration=concentration,
            molar=True,
        )
    )
    assert told.sequence == sequence
    assert told.value_mmol_l == concentration * 1000
    assert told.taken_at == (shifted(at, offset_min) if offset_min else at)


def test_a_published_record_is_read() -> None:
    (frame,) = capture("2a18-nordic-ble-common-2.2.0")
    told = decode_glucose(frame)
    assert told.sequence == 1
    assert told.taken_at == DeviceTime(2019, 2, 27, 11, 5, 30)
    assert (told.fluid, told.location, told.has_context) == (2, 1, True)
    assert told.status == (
        GlucoseStatus.BATTERY_LOW | GlucoseStatus.SAMPLE_TOO_SMALL | GlucoseStatus.TOO_COLD
    )
    assert told.value_mmol_l is None


def test_a_real_meters_record_is_what_it_displayed() -> None:
    (frame,) = capture("2a18-accu-chek-guide-react-native-ble-manager-1162")
    assert glucose_events(frame) == [
        Taken(
            kind=VitalKind.GLUCOSE,
            values={"glucose": Decimal("6.2")},
            raw=frame,
            taken_at=DeviceTime(2024, 1, 30, 11, 37, 27),
            sequence=15,
        )
    ]
    (frame,) = capture("2a18-unnamed-meter-react-native-ble-plx-652")
    (taken,) = glucose_events(frame)
    assert isinstance(taken, Taken)
    assert taken.values == {"glucose": Decimal("6.7")}
    assert taken.taken_at == DeviceTime(2020, 4, 13, 16, 38, 10)


@pytest.mark.parametrize("special", [NAN, NRES, INFINITE, -INFINITE, None])
@pytest.mark.parametrize("molar", [True, False])
def test_a_record_without_a_value_keeps_its_number_and_time(*, special: Decimal | None, molar: bool) -> None:
    frame = frames.glucose(sequence=9, at=AT, concentration=special, molar=molar)
    assert glucose_events(frame) == [
        Taken(VitalKind.GLUCOSE, {"glucose": None}, frame, taken_at=AT, sequence=9)
    ]


@pytest.mark.parametrize("bit", list(GlucoseStatus))
def test_only_a_low_battery_and_a_wrong_clock_leave_the_value_worth_something(
    bit: GlucoseStatus,
) -> None:
    frame = frames.glucose(sequence=1, at=AT, concentration=Decimal("0.001"), status=int(bit))
    is_harmless = bit in {GlucoseStatus.BATTERY_LOW, GlucoseStatus.TIME_FAULT}
    assert decode_glucose(frame).value_mmol_l == (Decimal("5.6") if is_harmless else None)


def test_the_bits_of_the_status_are_where_the_specification_has_them() -> None:
    assert [int(bit) for bit in GlucoseStatus] == [1 << place for place in range(12)]


def test_a_reserved_bit_does_not_cost_a_value() -> None:
    frame = frames.glucose(sequence=1, at=AT, concentration=Decimal("0.001"), status=0xF000)
    assert decode_glucose(frame).value_mmol_l == Decimal("5.6")


@pytest.mark.parametrize("offset_min", [0x7FFF, -0x8000])
def test_an_offset_that_ran_over_leaves_no_time(offset_min: int) -> None:
    frame = frames.glucose(sequence=1, at=AT, offset_min=offset_min)
    assert decode_glucose(frame).taken_at is None


def test_a_meter_that_doubts_its_clock_names_no_time() -> None:
    frame = frames.glucose(sequence=1, at=AT, status=int(GlucoseStatus.TIME_FAULT))
    assert decode_glucose(frame).taken_at is None


@pytest.mark.parametrize("sample", [0x1A, 0x41, 0x4A])
def test_control_solution_is_nobodys_blood(sample: int) -> None:
    frame = frames.glucose(sequence=1, at=AT, concentration=Decimal("0.001"), sample=sample)
    assert decode_glucose(frame).is_control
    assert glucose_events(frame) == []


@pytest.mark.parametrize("sample", [0x11, 0xF1, 0x29, 0xF8])
def test_any_other_sample_is_the_persons(sample: int) -> None:
    frame = frames.glucose(sequence=1, at=AT, concentration=Decimal("0.001"), sample=sample)
    assert not decode_glucose(frame).is_control
    assert len(glucose_events(frame)) == 1

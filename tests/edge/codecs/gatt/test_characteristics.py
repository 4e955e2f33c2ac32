from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt import characteristics as table
from edge.codecs.gatt.characteristics import (
    CLOCKS,
    READ_ONCE,
    SUBSCRIBED,
    events_of,
    kinds_of,
    number_of,
)
from edge.codecs.gatt.errors import CodecError
from edge.codecs.instrument import About, Battery, Damage, DamageReason, InstrumentEvent, Live, Taken
from tests.edge.codecs.gatt.cases import AT, unhurried
from tests.fakes.ble import frames
from wire.entries import VitalKind
from wire.measures import MEASURES

EVERYTHING = sorted(SUBSCRIBED | READ_ONCE | {table.PRESSURE_FEATURE, table.PLX_FEATURES})

EXAMPLES: dict[int, tuple[bytes, VitalKind]] = {
    0x2A18: (frames.glucose(sequence=1, at=AT, concentration=1), VitalKind.GLUCOSE),
    0x2A1C: (frames.temperature(value=37), VitalKind.TEMPERATURE),
    0x2A1E: (frames.temperature(value=37), VitalKind.TEMPERATURE),
    0x2A35: (
        frames.blood_pressure(systolic=120, diastolic=80, mean=93, pulse=60),
        VitalKind.BLOOD_PRESSURE,
    ),
    0x2A36: (frames.cuff_pressure(pressure=120, pulse=60), VitalKind.BLOOD_PRESSURE),
    0x2A37: (frames.heart_rate(rate=60), VitalKind.HEART_RATE),
    0x2A5E: (frames.plx_spot_check(saturation=97, pulse=60, pulse_amplitude=2), VitalKind.OXYGEN),
    0x2A5F: (frames.plx_continuous(saturation=97, pulse=60, pulse_amplitude=2), VitalKind.OXYGEN),
    0x2A9C: (frames.body_composition(fat=20, weight=70), VitalKind.WEIGHT),
    0x2A9D: (frames.weight(value=70, index_and_height=(24, 2)), VitalKind.WEIGHT),
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_each_measurement_comes_as_its_kind_with_measures_of_the_catalogue(number: int) -> None:
    frame, kind = EXAMPLES[number]
    (event,) = events_of(number, frame)
    assert isinstance(event, Taken | Live)
    assert event.kind is kind
    assert event.values
    assert event.values.keys() <= MEASURES.keys()
    assert None not in event.values.values()
    if isinstance(event, Taken):
        assert event.raw == frame


@pytest.mark.parametrize(
    ("number", "data", "events"),
    [
        (0x2A19, b"\x40", [Battery(64)]),
        (0x2A24, b"UA-651BLE", [About(model="UA-651BLE")]),
        (0x2A25, b"123", [About(serial_number="123")]),
        (0x2A26, b"1.0", [About(firmware="1.0")]),
        (0x2A29, b"A&D", [About(manufacturer="A&D")]),
        (0x2A34, frames.glucose_context(sequence=1), []),
        (0x2A49, b"\x00\x00", []),
        (0x2A52, frames.record_answer(1), []),
        (0x2A60, b"\x00\x00", []),
    ],
)
def test_what_is_no_measurement_is_told_or_passed_over(
    number: int, data: bytes, events: list[InstrumentEvent]
) -> None:
    assert events_of(number, data) == events


def test_every_characteristic_that_a_driver_listens_to_or_reads_is_in_the_table() -> None:
    known = set(EXAMPLES) | {0x2A19, 0x2A24, 0x2A25, 0x2A26, 0x2A29, 0x2A34, 0x2A49, 0x2A52, 0x2A60}
    assert known == set(EVERYTHING)
    assert not SUBSCRIBED & READ_ONCE


@pytest.mark.parametrize(
    "uuid",
    [
        0x2A35,
        "2a35",
        "2A35",
        "00002a35",
        "00002a35-0000-1000-8000-00805f9b34fb",
        "00002A35-0000-1000-8000-00805F9B34FB",
    ],
)
def test_a_uuid_may_be_written_in_any_usual_way(uuid: str | int) -> None:
    assert number_of(uuid) == 0x2A35
    assert events_of(uuid, EXAMPLES[0x2A35][0])


@pytest.mark.parametrize(
    "uuid",
    [
        -1,
        0x10000,
        "",
        "2a3",
        "2a355",
        "0x2a35",
        "2 35",
        "+a35",
        "२a35",
        "10002a35-0000-1000-8000-00805f9b34fb",
        "00002a35-0000-1000-8000-00805f9b34fc",
        "0aad7ea0-0d60-11e2-8e3c-0002a5d5c51b",
    ],
)
def test_a_makers_own_uuid_has_no_number_and_is_not_known(uuid: str | int) -> None:
    assert number_of(uuid) is None
    assert kinds_of([uuid]) == frozenset()
    with pytest.raises(CodecError) as caught:
        events_of(uuid, b"\x01\x02")
    assert caught.value.damage == Damage(DamageReason.UNKNOWN, 2)


@unhurried
@given(st.integers(0, 0xFFFF).filter(lambda number: number not in EVERYTHING), st.binary())
def test_any_other_characteristic_is_not_known(number: int, data: bytes) -> None:
    with pytest.raises(CodecError) as caught:
        events_of(number, data)
    assert caught.value.damage == Damage(DamageReason.UNKNOWN, len(data))


@pytest.mark.parametrize(
    ("service", "kind"),
    [
        ("1808", VitalKind.GLUCOSE),
        ("1809", VitalKind.TEMPERATURE),
        ("180d", VitalKind.HEART_RATE),
        ("1810", VitalKind.BLOOD_PRESSURE),
        ("181b", VitalKind.WEIGHT),
        ("181d", VitalKind.WEIGHT),
        ("1822", VitalKind.OXYGEN),
    ],
)
def test_each_service_measures_its_kind(service: str, kind: VitalKind) -> None:
    assert kinds_of([f"0000{service}-0000-1000-8000-00805f9b34fb"]) == {kind}
    assert kinds_of([int(service, 16), 0x180A, 0x180F, 0x1800]) == {kind}


def test_a_device_can_measure_several_kinds_and_most_services_none() -> None:
    assert kinds_of([]) == frozenset()
    assert kinds_of(["1800", "1801", "180a", "180f", "1805"]) == frozenset()
    assert kinds_of(["1810", "1822", "1809", "181d", "181b"]) == {
        VitalKind.BLOOD_PRESSURE,
        VitalKind.OXYGEN,
        VitalKind.TEMPERATURE,
        VitalKind.WEIGHT,
    }


@pytest.mark.parametrize(("number", "write"), [(0x2A08, frames.date_time), (0x2A2B, frames.current_time)])
def test_a_clock_is_set_in_its_own_form(number: int, write: Callable[..., bytes]) -> None:
    assert CLOCKS[number](AT)[:7] == write(AT)[:7]
    assert len(CLOCKS[number](AT)) == len(write(AT))
    assert set(CLOCKS) == {0x2A08, 0x2A2B}

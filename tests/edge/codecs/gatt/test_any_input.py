"""No value that any device can send raises anything but the package's own error."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.codecs.gatt.blood_pressure import (
    decode_blood_pressure,
    decode_cuff_pressure,
    decode_pressure_feature,
)
from edge.codecs.gatt.body_composition import decode_body_composition
from edge.codecs.gatt.characteristics import READ_ONCE, SUBSCRIBED, events_of
from edge.codecs.gatt.date_time import decode_current_time, decode_date_time
from edge.codecs.gatt.device_information import decode_battery, decode_text
from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.glucose import decode_glucose
from edge.codecs.gatt.glucose_context import decode_glucose_context
from edge.codecs.gatt.heart_rate import decode_heart_rate
from edge.codecs.gatt.joiner import Joiner
from edge.codecs.gatt.pulse_oximeter import (
    decode_continuous,
    decode_plx_features,
    decode_spot_check,
)
from edge.codecs.gatt.reader import MAX_FRAME
from edge.codecs.gatt.record_access import decode_record_access
from edge.codecs.gatt.thermometer import decode_temperature, decode_temperature_type
from edge.codecs.gatt.weight import decode_weight
from edge.codecs.instrument import Live, Taken
from tests.edge.codecs.gatt.cases import unhurried

DECODERS: list[Callable[[bytes], object]] = [
    decode_battery,
    decode_blood_pressure,
    decode_body_composition,
    decode_continuous,
    decode_cuff_pressure,
    decode_current_time,
    decode_date_time,
    decode_glucose,
    decode_glucose_context,
    decode_heart_rate,
    decode_plx_features,
    decode_pressure_feature,
    decode_record_access,
    decode_spot_check,
    decode_temperature,
    decode_temperature_type,
    decode_text,
    decode_weight,
]
HEARD = sorted(SUBSCRIBED | READ_ONCE)


@pytest.mark.parametrize("decode", DECODERS)
@given(data=st.binary(max_size=64))
@settings(unhurried, max_examples=60)
def test_garbage_raises_nothing_but_our_own_error(decode: Callable[[bytes], object], data: bytes) -> None:
    with suppress(CodecError):
        decode(data)


@pytest.mark.parametrize("decode", DECODERS)
def test_neither_nothing_nor_silence_nor_ones_of_any_length_raise_anything_else(
    decode: Callable[[bytes], object],
) -> None:
    for size in range(65):
        for byte in (0x00, 0xFF):
            with suppress(CodecError):
                decode(bytes((byte,)) * size)


@unhurried
@given(st.sampled_from(HEARD), st.binary(max_size=64))
def test_whatever_is_told_of_garbage_is_finite_or_none(number: int, data: bytes) -> None:
    with suppress(CodecError):
        for event in events_of(number, data):
            if isinstance(event, Taken | Live):
                assert all(value is None or value.is_finite() for value in event.values.values())
            if isinstance(event, Taken):
                assert event.raw == data
                assert len(event.raw) <= MAX_FRAME


@unhurried
@given(st.lists(st.tuples(st.sampled_from(HEARD), st.binary(max_size=40)), max_size=20))
def test_no_sequence_of_garbage_makes_the_joiner_raise_or_keep_anything_for_good(
    values: list[tuple[int, bytes]],
) -> None:
    joiner = Joiner()
    for number, data in values:
        with suppress(CodecError):
            joiner.feed(number, data)
    joiner.finish()
    assert joiner.finish() == []

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.heart_rate import HeartRate, decode_heart_rate, heart_rate_events
from edge.codecs.instrument import DamageReason, Failed, Live, Trouble
from tests.edge.codecs.gatt.captures import capture
from tests.edge.codecs.gatt.cases import assert_no_front_piece_passes, subsets, unhurried
from tests.fakes.ble import frames
from wire.entries import VitalKind

ALL = [
    {**given_fields, **contact}
    for given_fields in subsets({"is_wide": True, "energy": 300, "intervals": [900]})
    for contact in ({}, {"contact": True}, {"contact": False})
]


@pytest.mark.parametrize("given_fields", ALL)
def test_every_combination_of_flags_is_read(given_fields: dict[str, Any]) -> None:
    frame = frames.heart_rate(rate=72, **given_fields)
    assert decode_heart_rate(frame) == HeartRate(
        rate_bpm=Decimal(72),
        has_contact=given_fields.get("contact"),
        energy_kj=given_fields.get("energy"),
        intervals=tuple(given_fields.get("intervals", ())),
    )
    assert_no_front_piece_passes(decode_heart_rate, frame)


@unhurried
@given(
    rate=st.integers(1, 0xFFFF),
    contact=st.sampled_from([None, True, False]),
    energy=st.integers(0, 0xFFFF),
    intervals=st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=253),
)
def test_whatever_a_strap_feels_is_read_as_it_was_sent(
    *, rate: int, contact: bool | None, energy: int, intervals: list[int]
) -> None:
    told = decode_heart_rate(
        frames.heart_rate(rate=rate, is_wide=True, contact=contact, energy=energy, intervals=intervals)
    )
    assert told == HeartRate(Decimal(rate), contact, energy, tuple(intervals))


def test_the_published_values_are_read() -> None:
    values = capture("2a37-nordic-ble-common-2.2.0")
    assert [decode_heart_rate(value) for value in values] == [
        HeartRate(Decimal(85), None, None, ()),
        HeartRate(Decimal(255), has_contact=False, energy_kj=None, intervals=()),
        HeartRate(Decimal(85), has_contact=True, energy_kj=50, intervals=(33,)),
        HeartRate(Decimal(257), has_contact=True, energy_kj=306, intervals=(1, 258, 65535)),
    ]


def test_a_real_straps_stream_is_shown() -> None:
    shown = [
        event
        for value in capture("2a37-unnamed-strap-stackoverflow-60599696")
        for event in heart_rate_events(value)
    ]
    rates = [Decimal(52), Decimal(52), Decimal(51), Decimal(51)]
    assert shown == [Live(VitalKind.HEART_RATE, {"pulse-rate": rate}) for rate in rates]


def test_a_strap_that_does_not_touch_the_skin_says_so() -> None:
    frame = frames.heart_rate(rate=72, contact=False)
    assert heart_rate_events(frame) == [Failed(VitalKind.HEART_RATE, Trouble.PROBE_OFF, frame)]


@pytest.mark.parametrize("is_wide", [True, False])
def test_a_rate_of_zero_is_none_yet(*, is_wide: bool) -> None:
    frame = frames.heart_rate(rate=0, is_wide=is_wide, contact=True)
    assert heart_rate_events(frame) == [Live(VitalKind.HEART_RATE, {"pulse-rate": None})]


@pytest.mark.parametrize("cut", [1, 2])
def test_intervals_that_are_announced_must_come_whole(cut: int) -> None:
    frame = frames.heart_rate(rate=72, intervals=[900])
    with pytest.raises(CodecError) as caught:
        decode_heart_rate(frame[:-cut])
    assert caught.value.damage.reason is DamageReason.TRUNCATED


def test_half_an_interval_more_is_damage_and_a_stream_has_an_end() -> None:
    frame = frames.heart_rate(rate=72, intervals=[900, 901])
    with pytest.raises(CodecError):
        decode_heart_rate(frame + b"\x01")
    with pytest.raises(CodecError) as caught:
        decode_heart_rate(frames.heart_rate(rate=72, intervals=[900] * 256))
    assert caught.value.damage.reason is DamageReason.TOO_LONG


def test_without_intervals_what_follows_is_ignored() -> None:
    frame = frames.heart_rate(rate=72, energy=1)
    assert decode_heart_rate(frame + b"\xff") == decode_heart_rate(frame)

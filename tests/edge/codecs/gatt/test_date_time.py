from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.date_time import (
    AdjustReason,
    CurrentTime,
    decode_current_time,
    decode_date_time,
    encode_current_time,
    encode_date_time,
    shifted,
)
from edge.codecs.gatt.errors import CodecError
from edge.codecs.instrument import DamageReason, DeviceTime
from tests.edge.codecs.gatt.cases import (
    AT,
    assert_no_front_piece_passes,
    assert_what_follows_is_ignored,
    times,
    unhurried,
)
from tests.fakes.ble import frames


def test_the_published_times_are_read() -> None:
    assert decode_date_time(bytes.fromhex("e20704110f3300")) == DeviceTime(2018, 4, 17, 15, 51, 0)
    unknown = DeviceTime(None, None, None, 18, 26, 32)
    assert decode_date_time(bytes.fromhex("00000000121a20")) == unknown


@unhurried
@given(times)
def test_a_time_comes_back_as_it_was_sent(at: DeviceTime) -> None:
    assert decode_date_time(frames.date_time(at)) == at
    assert encode_date_time(at) == frames.date_time(at)


@pytest.mark.parametrize(
    "impossible",
    [
        DeviceTime(1581, 1, 1, 0, 0, 0),
        DeviceTime(10_000, 1, 1, 0, 0, 0),
        DeviceTime(2026, 13, 1, 0, 0, 0),
        DeviceTime(2026, 1, 32, 0, 0, 0),
        DeviceTime(2026, 2, 29, 0, 0, 0),
        DeviceTime(None, 2, 30, 0, 0, 0),
        DeviceTime(None, None, 32, 0, 0, 0),
        DeviceTime(2026, 1, 1, 24, 0, 0),
        DeviceTime(2026, 1, 1, 0, 60, 0),
        DeviceTime(2026, 1, 1, 0, 0, 60),
    ],
)
def test_a_time_that_cannot_be_is_refused_both_ways(impossible: DeviceTime) -> None:
    with pytest.raises(CodecError) as caught:
        decode_date_time(frames.date_time(impossible))
    assert caught.value.damage.reason is DamageReason.NOISE
    with pytest.raises(CodecError):
        encode_date_time(impossible)
    with pytest.raises(CodecError):
        encode_current_time(impossible)


def test_the_29th_of_february_is_possible_in_a_leap_year_and_in_an_unknown_one() -> None:
    for year in (2028, None):
        at = DeviceTime(year, 2, 29, 0, 0, 0)
        assert decode_date_time(frames.date_time(at)) == at


def test_the_time_is_written_with_its_weekday() -> None:
    written = encode_current_time(AT)
    assert written == frames.current_time(AT, weekday=7, reason=2)
    assert decode_current_time(written) == CurrentTime(AT, 7, 0, AdjustReason.EXTERNAL_REFERENCE)
    assert encode_current_time(AT, AdjustReason.MANUAL)[-1] == 1


@pytest.mark.parametrize("missing", ["year", "month", "day"])
def test_without_a_date_there_is_no_weekday(missing: str) -> None:
    known = {"year": 2026, "month": 11, "day": 22, missing: None}
    written = encode_current_time(DeviceTime(**known, hour=8, minute=5, second=59))
    assert decode_current_time(written).weekday is None


@unhurried
@given(times, st.integers(0, 7), st.integers(0, 255), st.integers(0, 255))
def test_a_current_time_comes_back_as_it_was_sent(
    at: DeviceTime, weekday: int, fraction: int, reason: int
) -> None:
    told = decode_current_time(frames.current_time(at, weekday=weekday, fraction=fraction, reason=reason))
    assert told == CurrentTime(at, weekday or None, fraction, AdjustReason(reason))


def test_an_eighth_weekday_is_refused() -> None:
    with pytest.raises(CodecError):
        decode_current_time(frames.current_time(AT, weekday=8))


def test_no_part_of_a_time_passes_and_what_follows_is_ignored() -> None:
    assert_no_front_piece_passes(decode_date_time, frames.date_time(AT))
    assert_no_front_piece_passes(decode_current_time, frames.current_time(AT))
    assert_what_follows_is_ignored(decode_date_time, frames.date_time(AT))
    assert_what_follows_is_ignored(decode_current_time, frames.current_time(AT))


@unhurried
@given(
    st.datetimes(datetime(1600, 1, 1), datetime(9900, 1, 1)),  # noqa: DTZ001  # as a device's
    st.integers(-32767, 32766),
)
def test_a_time_is_shifted_as_the_calendar_does(at: datetime, minutes: int) -> None:
    then = at + timedelta(minutes=minutes)
    told = shifted(DeviceTime(at.year, at.month, at.day, at.hour, at.minute, at.second), minutes)
    assert told == DeviceTime(then.year, then.month, then.day, then.hour, then.minute, then.second)


@pytest.mark.parametrize(
    "at",
    [
        DeviceTime(None, 1, 1, 0, 0, 0),
        DeviceTime(2026, None, 1, 0, 0, 0),
        DeviceTime(2026, 1, None, 0, 0, 0),
        DeviceTime(9999, 12, 31, 23, 59, 0),
    ],
)
def test_a_time_that_cannot_be_shifted_is_not_known(at: DeviceTime) -> None:
    assert shifted(at, 1) is None

"""A device's clock: Date Time (2A08) and Current Time (2A2B), read and written.

Source: GATT Specification Supplement, sections Date Time, Day of Week, Exact Time 256, Current Time.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntFlag
from typing import Final

from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.reader import Reader
from edge.codecs.instrument import DamageReason, DeviceTime

_FIRST_YEAR: Final = 1582
_LAST_YEAR: Final = 9999
_MONTHS: Final = 12
_HOURS: Final = 24
_SIXTY: Final = 60
_WEEKDAYS: Final = 7
_LEAP_YEAR: Final = 2000
"""Stands in for an unknown year, so that 29 February passes."""


class AdjustReason(IntFlag):
    """Why a clock was set."""

    MANUAL = 1
    EXTERNAL_REFERENCE = 2
    TIME_ZONE = 4
    DAYLIGHT_SAVING = 8


@dataclass(frozen=True, slots=True)
class CurrentTime:
    """2A2B. `weekday` is 1 for Monday to 7, None unknown; `fraction` counts 1/256 s."""

    at: DeviceTime
    weekday: int | None
    fraction: int
    reason: AdjustReason


def read_date_time(reader: Reader) -> DeviceTime:
    """Read the seven bytes of a Date Time; 0 is an unknown year, month or day."""
    at = DeviceTime(
        year=reader.uint16() or None,
        month=reader.uint8() or None,
        day=reader.uint8() or None,
        hour=reader.uint8(),
        minute=reader.uint8(),
        second=reader.uint8(),
    )
    if not _is_possible(at):
        raise reader.noise()
    return at


def decode_date_time(data: bytes) -> DeviceTime:
    """Decode 2A08."""
    return read_date_time(Reader(data))


def encode_date_time(at: DeviceTime) -> bytes:
    """Encode 2A08; CodecError for a time that cannot be."""
    if not _is_possible(at):
        raise CodecError(DamageReason.NOISE, 0)
    year = (at.year or 0).to_bytes(2, "little")
    return year + bytes((at.month or 0, at.day or 0, at.hour, at.minute, at.second))


def decode_current_time(data: bytes) -> CurrentTime:
    """Decode 2A2B."""
    reader = Reader(data)
    at = read_date_time(reader)
    weekday = reader.uint8()
    if weekday > _WEEKDAYS:
        raise reader.noise()
    return CurrentTime(at, weekday or None, reader.uint8(), AdjustReason(reader.uint8()))


def encode_current_time(at: DeviceTime, reason: AdjustReason = AdjustReason.EXTERNAL_REFERENCE) -> bytes:
    """Encode 2A2B with the weekday that belongs to `at` (0 where its date is not known)."""
    return encode_date_time(at) + bytes((_weekday(at), 0, reason))


def shifted(at: DeviceTime, minutes: int) -> DeviceTime | None:
    """Return the time `minutes` later; None when its date is not known or leaves the calendar."""
    if at.year is None or at.month is None or at.day is None:
        return None
    try:
        then = datetime(  # noqa: DTZ001  # a device's clock has no zone
            at.year, at.month, at.day, at.hour, at.minute, at.second
        ) + timedelta(minutes=minutes)
    except OverflowError:
        return None
    return DeviceTime(then.year, then.month, then.day, then.hour, then.minute, then.second)


def _is_possible(at: DeviceTime) -> bool:
    if not (0 <= at.hour < _HOURS and 0 <= at.minute < _SIXTY and 0 <= at.second < _SIXTY):
        return False
    if at.year is not None and not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        return False
    try:
        date(at.year or _LEAP_YEAR, at.month or _MONTHS, at.day or 1)
    except ValueError:
        return False
    return True


def _weekday(at: DeviceTime) -> int:
    if at.year is None or at.month is None or at.day is None:
        return 0
    return date(at.year, at.month, at.day).isoweekday()

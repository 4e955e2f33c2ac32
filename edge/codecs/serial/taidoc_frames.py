"""Frames of TaiDoc's meters, eight bytes each: 0x51, command, four bytes of data, direction, sum.

Published (the glucometer-protocols project, "TaiDoc TD-42xx", and the public driver of the same author): the direction is
0xA3 to the meter and 0xA5 from it, the sum is the low byte of the seven before. A time is two bytes of date, low byte
first (bits 0-4 day, 5-8 month, 9-15 years since 2000), minute, hour.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from edge.codecs.instrument import Damage, DamageReason, DeviceTime
from edge.codecs.serial.protocol import Noise

START: Final = 0x51
SIZE: Final = 8
TO_METER: Final = 0xA3
FROM_METER: Final = 0xA5
_EPOCH_YEAR: Final = 2000
_MINUTES_A_DAY: Final = 1_440


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame from the meter; `data` has four bytes."""

    command: int
    data: bytes
    raw: bytes


def encode(command: int, data: bytes = bytes(4), direction: int = TO_METER) -> bytes:
    """Return a frame for the line; `data` has four bytes."""
    body = bytes((START, command)) + data + bytes((direction,))
    return body + bytes((sum(body) & 0xFF,))


def encode_time(at: DeviceTime) -> bytes:
    """Return the four bytes of a time; a year, month or day that is not known becomes the first."""
    year = max((at.year or _EPOCH_YEAR) - _EPOCH_YEAR, 0)
    date = (at.day or 1) | (at.month or 1) << 5 | min(year, 0x7F) << 9
    return date.to_bytes(2, "little") + bytes((at.minute, at.hour))


def decode_time(data: bytes) -> DeviceTime | None:
    """Return the time in four bytes, or None for a date that there is not; flags in minute and hour are left out."""
    date = int.from_bytes(data[:2], "little")
    at = DeviceTime(
        _EPOCH_YEAR + (date >> 9), date >> 5 & 0x0F, date & 0x1F, data[3] & 0x1F, data[2] & 0x3F, 0
    )
    return None if minutes(at) is None else at


def minutes(at: DeviceTime) -> int | None:
    """Return the minutes from any fixed moment to `at`, to tell two times of one clock apart; None: no such time."""
    try:
        whole = datetime(at.year or 0, at.month or 0, at.day or 0, at.hour, at.minute)  # noqa: DTZ001  # a device's own clock has no zone
    except ValueError:
        return None
    return whole.toordinal() * _MINUTES_A_DAY + whole.hour * 60 + whole.minute


class FrameCutter:
    """Cuts a stream into the frames of a meter. Holds less than one frame."""

    __slots__ = ("_held", "_noise")

    def __init__(self) -> None:
        self._held = b""
        self._noise = Noise()

    def feed(self, data: bytes) -> list[Frame | Damage]:
        """Take the next bytes and return the frames and damages that they complete, in order."""
        held = self._held + data
        found: list[Frame | Damage] = []
        at = 0
        while (start := held.find(START, at)) >= 0:
            found += self._noise.add(start - at)
            at = start
            raw = held[start : start + SIZE]
            if len(raw) < SIZE:
                break
            if raw[6] not in {FROM_METER, TO_METER} or sum(raw[:7]) & 0xFF != raw[7]:
                found += self._noise.add(1)
                at += 1
                continue
            found += self._noise.end()
            is_answer = raw[6] == FROM_METER
            found.append(Frame(raw[1], raw[2:6], raw) if is_answer else Damage(DamageReason.UNKNOWN, SIZE))
            at += SIZE
        else:
            found += self._noise.add(len(held) - at)
            at = len(held)
        self._held = held[at:]
        return found

"""Whose measurement is this? Only what was taken since a measurement was begun belongs to the person who sits there.

Wireless devices keep what they could not send and send it later, also the reading of whoever sat there before, of other
users of theirs, and what was sent already. What testifies, in this order:
1. the device's clock, where it is known and was right: the time of taking lies between begin and now, or it does not;
2. its record numbers, where all earlier ones were known at begin;
3. failing both, that the measuring itself was seen, or that it came alone and not sooner than it can be made; the
   result then carries Flag.UNTIMED.
A clock found wrong testifies to nothing by itself: devices that begin at 2000-01-01 with every battery give the reading
of an earlier person the very time of this one. Users' numbers testify to nothing either. All times are milliseconds of
uptime, so that a station whose own clock jumps judges the same. Pure.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from edge.codecs.instrument import DeviceTime, Taken
from wire.entries import VitalKind

TOLERANCE_MS: Final = 3_000
"""Stamps are whole seconds, and reading or setting a clock takes a moment."""
MINUTE_MS: Final = 60_000
SETTLED_MS: Final = 5_000
"""After this long on one link everything stored has been sent: what comes then was made just now."""
FRESH_MS: Final = 10_000
"""How long before begin the newest record may have been asked for to count as known at begin."""
SHORTEST_MS: Final = MappingProxyType(
    {
        VitalKind.BLOOD_PRESSURE: 15_000,
        VitalKind.OXYGEN: 3_000,
        VitalKind.TEMPERATURE: 1_000,
        VitalKind.HEART_RATE: 0,
        VitalKind.WEIGHT: 2_000,
        VitalKind.HEIGHT: 0,
        VitalKind.GLUCOSE: 5_000,
    }
)
"""What no device of its kind is quicker than."""
ONE_RUN: Final = frozenset({VitalKind.BLOOD_PRESSURE, VitalKind.TEMPERATURE})
"""Kinds whose live values are one measurement from its start to its result, not a stream."""
_HALF: Final = 0x8000
_NUMBERS: Final = 0x10000


class Verdict(Enum):
    """What is to be done with a measurement."""

    TELL = auto()
    TELL_UNTIMED = auto()
    HOLD = auto()
    """Told untimed, unless another comes in the same breath: stored ones come in bursts."""
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A device's clock showed `at`, or was set to it, at `uptime_ms`."""

    at: datetime
    uptime_ms: int

    def uptime_of(self, stamp: datetime) -> int:
        """Return the uptime at which the same clock showed `stamp`."""
        return self.uptime_ms + round((stamp - self.at).total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """What one connection knows of the device's clock: as `found`, and then as `set` by the station.

    `was_right`: it was found to agree with the station's, or could not be read and had been set before.
    """

    found: ClockReading | None = None
    set: ClockReading | None = None
    was_right: bool = False

    def times_of(self, stamp: datetime) -> list[int]:
        """Return every uptime at which it may have shown `stamp`; empty when nothing is known."""
        if self.found is None:
            return [] if self.set is None else [self.set.uptime_of(stamp)]
        if self.set is None:
            return [self.found.uptime_of(stamp)]
        times = []
        if (before_ms := self.found.uptime_of(stamp)) <= self.set.uptime_ms:
            times.append(before_ms)
        if stamp >= self.set.at:
            times.append(self.set.uptime_of(stamp))
        return times or [before_ms]


@dataclass(frozen=True, slots=True)
class Situation:
    """How things stood when a measurement arrived, for one begun at `begun_ms`.

    `live_since_ms`: when the live values that led up to it began, on the same link. `newest_sequence` is the highest
    record number known, asked for at `newest_ms`. `was_told`: these very bytes were told before.
    """

    begun_ms: int
    now_ms: int
    connected_ms: int
    clock: DeviceClock
    live_since_ms: int | None = None
    newest_sequence: int | None = None
    newest_ms: int | None = None
    was_told: bool = False
    pace: float = 1.0


class _Time(Enum):
    INSIDE = auto()
    OUTSIDE = auto()
    DOUBT = auto()


def judge(taken: Taken, situation: Situation) -> Verdict:
    """Tell whether `taken` belongs to the person of `situation`."""
    if _is_known(taken, situation) or _began_before(taken, situation):
        return Verdict.REFUSE
    match _time(taken.taken_at, situation):
        case _Time.OUTSIDE:
            return Verdict.REFUSE
        case _Time.INSIDE:
            return Verdict.TELL
    if taken.sequence is not None and _knew_all(situation):
        return Verdict.TELL
    return _without_proof(taken, situation)


def as_datetime(at: DeviceTime | None) -> datetime | None:
    """Return a device's time, without a zone; None when its date is not known."""
    if at is None or at.year is None or at.month is None or at.day is None:
        return None
    return datetime(at.year, at.month, at.day, at.hour, at.minute, at.second)  # noqa: DTZ001  # no zone


def is_newer(sequence: int, than: int) -> bool:
    """Compare record numbers of 16 bits, which begin anew after the last."""
    return 0 < (sequence - than) % _NUMBERS < _HALF


def _is_known(taken: Taken, situation: Situation) -> bool:
    """Sent once more: the same bytes, unless nothing in them could differ and the measuring was seen; or an old number."""
    newest = situation.newest_sequence
    if taken.sequence is not None and newest is not None and not is_newer(taken.sequence, newest):
        return True
    has_mark = taken.sequence is not None or taken.taken_at is not None
    return situation.was_told and (has_mark or situation.live_since_ms is None)


def _began_before(taken: Taken, situation: Situation) -> bool:
    """Tell whether the cuff was already working for somebody when this measurement was begun."""
    since_ms = situation.live_since_ms
    return taken.kind in ONE_RUN and since_ms is not None and since_ms < situation.begun_ms


def _time(taken_at: DeviceTime | None, situation: Situation) -> _Time:
    stamp = as_datetime(taken_at)
    if stamp is None:
        return _Time.DOUBT
    earliest_ms = situation.begun_ms - TOLERANCE_MS
    latest_ms = situation.now_ms + TOLERANCE_MS
    blur_ms = 0 if stamp.second else MINUTE_MS  # some devices know no seconds
    times = situation.clock.times_of(stamp)
    inside = [earliest_ms <= time <= latest_ms for time in times]
    possible = [earliest_ms - blur_ms <= time <= latest_ms for time in times]
    if times and not any(possible):
        return _Time.OUTSIDE
    return _Time.INSIDE if times and all(inside) and situation.clock.was_right else _Time.DOUBT


def _knew_all(situation: Situation) -> bool:
    newest_ms = situation.newest_ms
    return newest_ms is not None and newest_ms >= situation.begun_ms - FRESH_MS


def _without_proof(taken: Taken, situation: Situation) -> Verdict:
    since_ms = situation.live_since_ms
    if since_ms is not None and since_ms >= situation.begun_ms:
        return Verdict.TELL_UNTIMED
    if situation.now_ms - situation.begun_ms < SHORTEST_MS[taken.kind] * situation.pace:
        return Verdict.REFUSE
    is_settled = situation.now_ms - situation.connected_ms >= SETTLED_MS
    return Verdict.TELL_UNTIMED if is_settled else Verdict.HOLD

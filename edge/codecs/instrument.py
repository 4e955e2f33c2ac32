"""What any instrument of the cabin can say, whatever its protocol: the codecs' common language. Pure data.

Values go by the names and units of `wire.measures`, as Decimal; None is a device's own "no value" (NaN, "not at this
resolution", a dash on its display) and never 0. Nothing here is judged yet: that is the cabin's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from wire.entries import Flag, VitalKind

Values = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class DeviceTime:
    """A device's own wall clock, in no zone; None where it does not know (Date Time characteristic, 0 = unknown)."""

    year: int | None
    month: int | None
    day: int | None
    hour: int
    minute: int
    second: int


@dataclass(frozen=True, slots=True)
class Taken:
    """One finished measurement as the device gave it.

    `sequence` is the device's own record number, `user` the user its own keys chose (None: unknown), `raw` all bytes
    that it was decoded from. Without `taken_at` only the moment of arrival ties it to anybody.
    """

    kind: VitalKind
    values: Values
    raw: bytes
    flags: frozenset[Flag] = frozenset()
    taken_at: DeviceTime | None = None
    sequence: int | None = None
    user: int | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """How the running measurement stands: what a screen shows while a person waits.

    `signal` is the quality that the device itself tells, 0 to 1; `progress` how far it is, 0 to 1.
    """

    kind: VitalKind
    values: Values = field(default_factory=dict)
    signal: Decimal | None = None
    progress: Decimal | None = None
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class Wave:
    """Consecutive samples of a pleth wave, each 0 to 100, at `rate_hz`."""

    samples: tuple[int, ...]
    rate_hz: int


class Trouble(StrEnum):
    """Why an instrument does not measure; each has one thing that the person can do."""

    PROBE_OFF = "probe-off"
    CUFF_LOOSE = "cuff-loose"
    CUFF_LEAK = "cuff-leak"
    MOTION = "motion"
    NO_PULSE = "no-pulse"
    OVERPRESSURE = "overpressure"
    LOW_BATTERY = "low-battery"
    TIMED_OUT = "timed-out"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Failed:
    """The device gave the measurement up."""

    kind: VitalKind
    trouble: Trouble
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class About:
    """What the device says of itself (Device Information Service; serial protocols where they have it)."""

    manufacturer: str = ""
    model: str = ""
    serial_number: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class Battery:
    """The charge of the device's battery, 0 to 100."""

    percent: int


class DamageReason(StrEnum):
    """What is wrong with bytes that are no message."""

    TRUNCATED = "truncated"
    TOO_LONG = "too-long"
    CHECKSUM = "checksum"
    NOISE = "noise"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that made no sense; counted, never shown. `size` is how many."""

    reason: DamageReason
    size: int


InstrumentEvent = Taken | Live | Wave | Failed | About | Battery | Damage

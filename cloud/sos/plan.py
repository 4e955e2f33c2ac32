"""The escalation plan: who is called when, in seconds, and how long each state may last.

An incident keeps the plan with which it opened, so that an edited plan never changes a running escalation.
"""

from enum import StrEnum
from typing import Final, Self

import msgspec

from cloud.sos.errors import PlanError

SECOND_MS: Final = 1000


class Audience(StrEnum):
    """Who is meant."""

    WARD = "ward"
    CITY_DESK = "city-desk"


class Channel(StrEnum):
    """How they are reached; `console` is the live feed of an armed console, everything else needs a message.

    `log` is the last resort when nobody else can be reached: the operators' own log, as an error.
    """

    CONSOLE = "console"
    PUSH = "push"
    SMS = "sms"
    LOG = "log"


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One group of people by one way."""

    audience: Audience
    channel: Channel


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of the escalation, `after_s` seconds after the alarm began."""

    after_s: int
    targets: tuple[Target, ...]


_WARD_CONSOLES: Final = Level(0, (Target(Audience.WARD, Channel.CONSOLE),))
_WARD_BACKUP: Final = Level(20, (Target(Audience.WARD, Channel.PUSH),))
_CITY_DESK: Final = Level(
    45, (Target(Audience.CITY_DESK, Channel.CONSOLE), Target(Audience.CITY_DESK, Channel.PUSH))
)
_TELEPHONE: Final = Level(
    90, (Target(Audience.WARD, Channel.SMS), Target(Audience.CITY_DESK, Channel.SMS), *_CITY_DESK.targets)
)


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Levels in their order, and the limits (s) of the states in which somebody has taken over.

    The last level is called again every `repeat_s` until somebody acknowledges.
    """

    levels: tuple[Level, ...] = (_WARD_CONSOLES, _WARD_BACKUP, _CITY_DESK, _TELEPHONE)
    repeat_s: int = 60
    dispatch_within_s: int = 180
    arrive_within_s: int = 900
    finish_within_s: int = 3600

    def __post_init__(self) -> None:
        """Refuse a plan with a hole: it starts at 0, rises, calls somebody at each level, and every limit is > 0."""
        times = [level.after_s for level in self.levels]
        if not times or times[0] != 0 or sorted(set(times)) != times:
            raise PlanError("plan: levels begin at 0 s and rise")
        if not all(level.targets for level in self.levels):
            raise PlanError("plan: every level calls somebody")
        if min(self.repeat_s, self.dispatch_within_s, self.arrive_within_s, self.finish_within_s) < 1:
            raise PlanError("plan: limits are at least 1 s")

    @property
    def last_level(self) -> int:
        """Index of the level that is repeated."""
        return len(self.levels) - 1

    def next_call_ms(self, level: int, alarm_since_ms: int, now_ms: int) -> int:
        """Return when the level after `level` is due; never in the past of `now_ms`."""
        if level >= self.last_level:
            return now_ms + self.repeat_s * SECOND_MS
        return max(now_ms, alarm_since_ms + self.levels[level + 1].after_s * SECOND_MS)

    def to_json(self) -> dict[str, object]:
        """Return the snapshot as plain JSON values."""
        snapshot: dict[str, object] = msgspec.to_builtins(self)
        return snapshot

    @classmethod
    def from_json(cls, snapshot: object) -> Self:
        """Read a snapshot; PlanError when it is not one."""
        try:
            return msgspec.convert(snapshot, cls)
        except msgspec.ValidationError as error:
            raise PlanError("plan: not a plan's snapshot") from error

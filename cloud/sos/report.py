"""What a shift's incidents say about the service: how fast, how often, how it ended. Drills are counted, not mixed in.

Rates follow ISA-18.2 (alarms per hour), limits NENA-STA-020 (answered within seconds).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cloud.sos.incident import Resolution, State

HOUR_MS: Final = 3_600_000
GOOD_MS: Final = 20_000
TOLERABLE_MS: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What the report needs of one incident; times in ms by the cloud's clock.

    `press_to_store_ms` holds one value for each press: from the finger to the commit.
    """

    drill: bool
    state: State
    resolution: Resolution | None
    opened_at_ms: int
    acknowledged_at_ms: int | None
    on_scene_at_ms: int | None
    escalated: bool
    press_to_store_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in ms; all None when it never happened."""

    p50_ms: int | None
    p95_ms: int | None
    max_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftReport:
    """The figures of one shift; counts unless the name has a unit."""

    incidents: int
    presses: int
    drills: int
    by_resolution: Mapping[str, int]
    acknowledge: Spread
    acknowledged_within_20_s: int
    acknowledged_within_60_s: int
    arrival: Spread
    escalated: int
    press_to_store: Spread
    still_open: int
    alarm_rate_per_h_max: int


def report(lives: Iterable[Life]) -> ShiftReport:
    """Sum up the incidents that were opened within a shift."""
    everything = list(lives)
    real = [life for life in everything if not life.drill]
    acknowledged = _after_opening((life.opened_at_ms, life.acknowledged_at_ms) for life in real)
    ways = [way for life in real for way in life.press_to_store_ms]
    return ShiftReport(
        incidents=len(real),
        presses=len(ways),
        drills=len(everything) - len(real),
        by_resolution=Counter(life.resolution.value for life in real if life.resolution is not None),
        acknowledge=spread(acknowledged),
        acknowledged_within_20_s=sum(1 for took_ms in acknowledged if took_ms <= GOOD_MS),
        acknowledged_within_60_s=sum(1 for took_ms in acknowledged if took_ms <= TOLERABLE_MS),
        arrival=spread(_after_opening((life.opened_at_ms, life.on_scene_at_ms) for life in real)),
        escalated=sum(life.escalated for life in real),
        press_to_store=spread(ways),
        still_open=sum(life.state is not State.RESOLVED for life in real),
        alarm_rate_per_h_max=busiest_hour([life.opened_at_ms for life in real]),
    )


def spread(values: Sequence[int]) -> Spread:
    """Return median, 95th percentile (nearest rank) and maximum."""
    if not values:
        return Spread(None, None, None)
    ordered = sorted(values)
    return Spread(_rank(ordered, 50), _rank(ordered, 95), ordered[-1])


def busiest_hour(times_ms: Iterable[int]) -> int:
    """Return the most events that any sixty minutes held."""
    ordered = sorted(times_ms)
    most = first = 0
    for last, at_ms in enumerate(ordered):
        while at_ms - ordered[first] >= HOUR_MS:
            first += 1
        most = max(most, last - first + 1)
    return most


def _rank(ordered: Sequence[int], percent: int) -> int:
    return ordered[-(-len(ordered) * percent // 100) - 1]


def _after_opening(pairs: Iterable[tuple[int, int | None]]) -> list[int]:
    return [at_ms - opened_at_ms for opened_at_ms, at_ms in pairs if at_ms is not None]

"""The custody line: each hop of an SOS from the finger to the officer and back, when, and whether it took too long.

All times are by the cloud's clock; the station's own are corrected by how wrong its clock was when it sent the press.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cloud.sos.incident import EventKind
from cloud.sos.plan import SECOND_MS
from wire.messages import SosStage


class HopName(StrEnum):
    """The hops, in the order in which they come when all goes well."""

    PRESSED = "pressed"
    RECORDED = "recorded"
    RECEIVED = "received"
    COMMITTED = "committed"
    ON_CONSOLE = "on_console"
    ACKNOWLEDGED = "acknowledged"
    PERSON_INFORMED = "person_informed"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Limit:
    """A hop may come so long after another one; later it is late."""

    after: HopName
    within_ms: int


LIMITS: Final = MappingProxyType(
    {
        HopName.RECORDED: Limit(HopName.PRESSED, 500),
        HopName.RECEIVED: Limit(HopName.RECORDED, 1 * SECOND_MS),
        HopName.COMMITTED: Limit(HopName.RECEIVED, 500),
        HopName.ON_CONSOLE: Limit(HopName.COMMITTED, 2 * SECOND_MS),
        HopName.ACKNOWLEDGED: Limit(HopName.COMMITTED, 20 * SECOND_MS),
        HopName.PERSON_INFORMED: Limit(HopName.ACKNOWLEDGED, 5 * SECOND_MS),
        HopName.DISPATCHED: Limit(HopName.ACKNOWLEDGED, 180 * SECOND_MS),
        HopName.ON_SCENE: Limit(HopName.DISPATCHED, 900 * SECOND_MS),
        HopName.RESOLVED: Limit(HopName.ON_SCENE, 3600 * SECOND_MS),
    }
)
"""Goals of the line, not of the plan: 20 s for an answer is what NENA-STA-020 asks of 95 % of emergency calls."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop; `after_ms` since the hop before it in time, None for the first."""

    hop: HopName
    at_ms: int
    after_ms: int | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is known of one SOS: its first press, and its events in their order (kind, at_ms, data)."""

    pressed_at_ms: int
    recorded_at_ms: int
    received_at_ms: int
    committed_at_ms: int
    events: Sequence[tuple[EventKind, int, Mapping[str, object]]] = ()


def custody(trace: Trace) -> tuple[Hop, ...]:
    """Return the hops that have happened, in order of time; a hop that was skipped leaves a gap in the names."""
    times = {
        HopName.PRESSED: trace.pressed_at_ms,
        HopName.RECORDED: trace.recorded_at_ms,
        HopName.RECEIVED: trace.received_at_ms,
        HopName.COMMITTED: trace.committed_at_ms,
    }
    for kind, at_ms, data in trace.events:
        hop = _hop_of(kind, data)
        if hop is not None:
            times.setdefault(hop, at_ms)
    ordered = sorted(times, key=lambda hop: (times[hop], _ORDER[hop]))
    before = dict(zip(ordered[1:], ordered, strict=False))
    return tuple(
        Hop(hop, times[hop], times[hop] - times[before[hop]] if hop in before else None, _is_late(hop, times))
        for hop in ordered
    )


def _is_late(hop: HopName, times: Mapping[HopName, int]) -> bool:
    """Whether it came later than it may after the hop it follows from; a missing one lends its own limit."""
    within_ms, here = 0, hop
    while (limit := LIMITS.get(here)) is not None:
        within_ms += limit.within_ms
        if limit.after in times:
            return times[hop] - times[limit.after] > within_ms
        here = limit.after
    return False


def _hop_of(kind: EventKind, data: Mapping[str, object]) -> HopName | None:
    if kind is EventKind.SHOWN:
        return HopName.PERSON_INFORMED if data.get("stage") in _INFORMS else None
    return _HOPS.get(kind)


_ORDER: Final = MappingProxyType({hop: rank for rank, hop in enumerate(HopName)})
_INFORMS: Final = frozenset({SosStage.POLICE_RECEIVED, SosStage.ON_THE_WAY, SosStage.ON_SCENE})
_HOPS: Final = MappingProxyType(
    {
        EventKind.SEEN: HopName.ON_CONSOLE,
        EventKind.ACKNOWLEDGED: HopName.ACKNOWLEDGED,
        EventKind.DISPATCHED: HopName.DISPATCHED,
        EventKind.ON_SCENE: HopName.ON_SCENE,
        EventKind.RESOLVED: HopName.RESOLVED,
    }
)

"""The incident: its states, what changes it without an officer, and what the person at the station may be told.

    new -> acknowledged -> dispatched -> on_scene -> resolved        (cloud.sos.action: what officers do)
     ^---------'  no dispatch in time                |               (cloud.sos.alarm: what the clock does)
     ^----------------------- reopened --------------'

Every change is one `Change`: the incident as it is then, with a version one higher, and the one event that says why.
An incident that is not resolved always has a next deadline; a resolved one has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cloud.sos.plan import Plan
from wire.messages import SosStage

JOIN_WITHIN_MS: Final = 60_000
"""A press so soon after the last one of its station belongs to the same incident."""

OPENING_VERSION: Final = 1


class State(StrEnum):
    """How far the help has come."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"


class Resolution(StrEnum):
    """How it ended."""

    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    FALSE_PRESS = "false_press"
    DRILL = "drill"
    DUPLICATE = "duplicate"


class EventKind(StrEnum):
    """What can happen to an incident."""

    OPENED = "opened"
    PRESSED = "pressed"
    ESCALATED = "escalated"
    SEEN = "seen"
    ACKNOWLEDGED = "acknowledged"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    NOTED = "noted"
    DEADLINE_MISSED = "deadline_missed"
    SHOWN = "shown"


class ActorKind(StrEnum):
    """Who made it happen."""

    STATION = "station"
    OFFICER = "officer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who made it happen; officers by their login."""

    kind: ActorKind
    login: str | None = None


STATION: Final = Actor(ActorKind.STATION)
SYSTEM: Final = Actor(ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One call for help. `version` counts the events; `decided_version` is the last that changed state or owner."""

    id: str
    station: str
    ward: str
    drill: bool
    plan: Plan
    state: State = State.NEW
    resolution: Resolution | None = None
    duplicate_of: str | None = None
    version: int = OPENING_VERSION
    decided_version: int = OPENING_VERSION
    level: int = 0
    round: int = 0
    owner: str | None = None
    opened_at_ms: int
    alarm_since_ms: int
    acknowledged_at_ms: int | None = None
    last_press_at_ms: int
    press_count: int = 1
    next_deadline_ms: int | None
    shown_stage: SosStage | None = None
    shown_version: int = 0
    shown_at_ms: int | None = None
    seen_at_ms: int | None = None
    resolved_at_ms: int | None = None
    updated_at_ms: int


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody is to be called: the targets of this level of the plan; `round` tells one call from the next."""

    level: int
    round: int


@dataclass(frozen=True, slots=True)
class Change:
    """What an incident becomes, and the event that says why.

    `tells`: the station is to be told the stage (again). `call`: who is to be called, besides the consoles.
    """

    incident: Incident
    kind: EventKind
    actor: Actor
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    tells: bool = False
    call: Call | None = None


def stage_of(incident: Incident) -> SosStage:
    """Return what the person may truthfully be told. It does not fall back when an acknowledgement came to nothing."""
    if incident.state is State.NEW:
        return SosStage.RECEIVED if incident.acknowledged_at_ms is None else SosStage.POLICE_RECEIVED
    return _STAGES[incident.state]


_STAGES: Final = MappingProxyType(
    {
        State.ACKNOWLEDGED: SosStage.POLICE_RECEIVED,
        State.DISPATCHED: SosStage.ON_THE_WAY,
        State.ON_SCENE: SosStage.ON_SCENE,
        State.RESOLVED: SosStage.CLOSED,
    }
)


def open_incident(
    identity: str, *, station: str, ward: str, drill: bool, plan: Plan, received_at_ms: int, now_ms: int
) -> Change:
    """Begin with a first press: the escalation begins now, by the clock of those who shall come."""
    incident = Incident(
        id=identity,
        station=station,
        ward=ward,
        drill=drill,
        plan=plan,
        opened_at_ms=now_ms,
        alarm_since_ms=now_ms,
        last_press_at_ms=received_at_ms,
        next_deadline_ms=plan.next_call_ms(0, now_ms, now_ms),
        updated_at_ms=now_ms,
    )
    return Change(incident, EventKind.OPENED, STATION, tells=True)


def joins(incident: Incident, *, drill: bool, received_at_ms: int) -> bool:
    """Whether a press of the same station belongs to this incident.

    By the cloud's clock: a station's own may be wrong, and what it had to keep during an outage arrives at once.
    """
    is_open = incident.state is not State.RESOLVED
    return (
        is_open and incident.drill is drill and received_at_ms - incident.last_press_at_ms <= JOIN_WITHIN_MS
    )


def press_again(incident: Incident, *, received_at_ms: int, now_ms: int) -> Change:
    """One more press: kept and counted, and the station is told again what has been reached."""
    pressed = replace(
        incident,
        press_count=incident.press_count + 1,
        last_press_at_ms=max(incident.last_press_at_ms, received_at_ms),
    )
    data = {"press_count": pressed.press_count}
    return Change(advance(pressed, now_ms), EventKind.PRESSED, STATION, data, tells=True)


def see(incident: Incident, login: str, now_ms: int) -> Change | None:
    """Somebody has it on the screen before him; None when that is not the first time."""
    if incident.seen_at_ms is not None:
        return None
    seen = advance(replace(incident, seen_at_ms=now_ms), now_ms)
    return Change(seen, EventKind.SEEN, Actor(ActorKind.OFFICER, login))


def show(incident: Incident, stage: SosStage, version: int, now_ms: int) -> Change | None:
    """Note that the station confirmed to show `stage`, as told with `version`; None when it confirmed a later one."""
    if version <= incident.shown_version:
        return None
    shown = replace(incident, shown_stage=stage, shown_version=version, shown_at_ms=now_ms)
    return Change(
        advance(shown, now_ms), EventKind.SHOWN, STATION, {"stage": stage.value, "of_version": version}
    )


def advance(incident: Incident, now_ms: int, *, decides: bool = False) -> Incident:
    """Give the incident its next version; `decides` when its state or owner changed, so that older views are stale."""
    version = incident.version + 1
    decided = version if decides else incident.decided_version
    return replace(incident, version=version, decided_version=decided, updated_at_ms=now_ms)

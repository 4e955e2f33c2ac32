"""What officers do to an incident, and what of it is refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cloud.sos.errors import RefusedCode, RefusedError
from cloud.sos.incident import Actor, ActorKind, Change, EventKind, Incident, Resolution, State, advance
from cloud.sos.plan import SECOND_MS

MAX_NOTE_LENGTH: Final = 2000


class Verb(StrEnum):
    """What an officer can do."""

    ACKNOWLEDGE = "acknowledge"
    DISPATCH = "dispatch"
    ON_SCENE = "on_scene"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    HAND_OVER = "hand_over"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One officer's intent, made while looking at `version` of the incident.

    `resolution` belongs to RESOLVE, `duplicate_of` (an incident's id) to its DUPLICATE, `to` (a login) to HAND_OVER;
    `note` goes with anything.
    """

    verb: Verb
    by: str
    version: int
    resolution: Resolution | None = None
    duplicate_of: str | None = None
    to: str | None = None
    note: str = ""


def decide(incident: Incident, action: Action, now_ms: int) -> Change:
    """Apply an action; RefusedError when it is malformed, based on a view that is stale, or not possible in this state.

    A view is stale when state or owner changed since. Further presses, escalation and receipts do not make it so:
    they come every second when it matters, and must not take the officer's hand off the button.
    """
    _require_form(action)
    rule = _RULES[action.verb]
    if action.version > incident.version:
        raise RefusedError(RefusedCode.INVALID, "action: based on a version that does not exist yet")
    if action.version < incident.decided_version and action.verb is not Verb.NOTE:
        raise RefusedError(RefusedCode.STALE, "action: state or owner has changed since")
    if incident.state not in rule.states:
        raise RefusedError(RefusedCode.NOT_ALLOWED, f"action: no {action.verb} in state {incident.state}")
    changed = advance(rule.apply(incident, action, now_ms), now_ms, decides=action.verb is not Verb.NOTE)
    actor = Actor(ActorKind.OFFICER, action.by)
    return Change(changed, rule.kind, actor, _data(action), tells=changed.state is not incident.state)


def _require_form(action: Action) -> None:
    if (action.verb is Verb.RESOLVE) is not (action.resolution is not None):
        raise RefusedError(RefusedCode.INVALID, "action: a resolution belongs to resolve, and only there")
    if (action.resolution is Resolution.DUPLICATE) is not (action.duplicate_of is not None):
        raise RefusedError(RefusedCode.INVALID, "action: duplicate_of belongs to a duplicate, and only there")
    if (action.verb is Verb.HAND_OVER) is not bool(action.to):
        raise RefusedError(RefusedCode.INVALID, "action: to belongs to hand_over, and only there")
    if action.verb is Verb.NOTE and not action.note.strip():
        raise RefusedError(RefusedCode.INVALID, "action: a note says something")
    if len(action.note) > MAX_NOTE_LENGTH:
        raise RefusedError(RefusedCode.INVALID, f"action: a note has at most {MAX_NOTE_LENGTH} characters")


def _data(action: Action) -> dict[str, object]:
    told = {
        "resolution": action.resolution,
        "duplicate_of": action.duplicate_of,
        "to": action.to,
        "note": action.note.strip(),
    }
    return {name: str(value) for name, value in told.items() if value}


def _acknowledge(incident: Incident, action: Action, now_ms: int) -> Incident:
    return replace(
        incident,
        state=State.ACKNOWLEDGED,
        owner=action.by,
        acknowledged_at_ms=incident.acknowledged_at_ms or now_ms,
        next_deadline_ms=now_ms + incident.plan.dispatch_within_s * SECOND_MS,
    )


def _dispatch(incident: Incident, action: Action, now_ms: int) -> Incident:
    return replace(
        incident,
        state=State.DISPATCHED,
        owner=incident.owner or action.by,
        acknowledged_at_ms=incident.acknowledged_at_ms or now_ms,
        next_deadline_ms=now_ms + incident.plan.arrive_within_s * SECOND_MS,
    )


def _arrive(incident: Incident, action: Action, now_ms: int) -> Incident:
    return replace(
        incident,
        state=State.ON_SCENE,
        owner=incident.owner or action.by,
        next_deadline_ms=now_ms + incident.plan.finish_within_s * SECOND_MS,
    )


def _resolve(incident: Incident, action: Action, now_ms: int) -> Incident:
    if action.duplicate_of == incident.id:
        raise RefusedError(RefusedCode.INVALID, "action: an incident is no duplicate of itself")
    return replace(
        incident,
        state=State.RESOLVED,
        resolution=action.resolution,
        duplicate_of=action.duplicate_of,
        resolved_at_ms=now_ms,
        next_deadline_ms=None,
    )


def _reopen(incident: Incident, _action: Action, now_ms: int) -> Incident:
    return replace(
        incident,
        state=State.NEW,
        resolution=None,
        duplicate_of=None,
        resolved_at_ms=None,
        owner=None,
        level=0,
        alarm_since_ms=now_ms,
        next_deadline_ms=incident.plan.next_call_ms(0, now_ms, now_ms),
    )


def _hand_over(incident: Incident, action: Action, _now_ms: int) -> Incident:
    return replace(incident, owner=action.to)


def _note(incident: Incident, _action: Action, _now_ms: int) -> Incident:
    return incident


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: EventKind
    states: frozenset[State]
    apply: Callable[[Incident, Action, int], Incident]


_TAKEN: Final = frozenset({State.ACKNOWLEDGED, State.DISPATCHED, State.ON_SCENE})

# Whoever sends a patrol has taken the call, and a patrol may arrive before anybody found time to say that it left:
# steps may be skipped forward, because a machine that refuses the truth is asked for a lie.
_RULES: Final = MappingProxyType(
    {
        Verb.ACKNOWLEDGE: _Rule(EventKind.ACKNOWLEDGED, frozenset({State.NEW}), _acknowledge),
        Verb.DISPATCH: _Rule(EventKind.DISPATCHED, frozenset({State.NEW, State.ACKNOWLEDGED}), _dispatch),
        Verb.ON_SCENE: _Rule(EventKind.ON_SCENE, frozenset({State.ACKNOWLEDGED, State.DISPATCHED}), _arrive),
        Verb.RESOLVE: _Rule(EventKind.RESOLVED, _TAKEN, _resolve),
        Verb.REOPEN: _Rule(EventKind.REOPENED, frozenset({State.RESOLVED}), _reopen),
        Verb.HAND_OVER: _Rule(EventKind.HANDED_OVER, _TAKEN, _hand_over),
        Verb.NOTE: _Rule(EventKind.NOTED, frozenset(State), _note),
    }
)

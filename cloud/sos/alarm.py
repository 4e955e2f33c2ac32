"""What the clock does to an incident: calls the next level, takes back an idle acknowledgement, reminds.

A drill goes the whole way once, so that the way is proved; then it ends unanswered instead of ringing all night.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from cloud.sos.errors import RefusedCode, RefusedError
from cloud.sos.incident import SYSTEM, Call, Change, EventKind, Incident, Resolution, State, advance
from cloud.sos.plan import SECOND_MS, Plan


def is_due(incident: Incident, reachable: AbstractSet[int], now_ms: int) -> bool:
    """Whether `sound` has something to do: the deadline passed, or nobody watches what only consoles were told."""
    if incident.next_deadline_ms is None:
        return False
    unwatched = incident.state is State.NEW and incident.level == 0 and 0 not in reachable
    return unwatched or incident.next_deadline_ms <= now_ms


def sound(incident: Incident, reachable: AbstractSet[int], now_ms: int) -> Change:
    """Do what is due; `reachable` are the levels of the plan at which somebody can be reached at all.

    Levels that would reach nobody are skipped at once, and the event says so. When none is left, the last level is
    called all the same, so that the log shows an incident for which nobody could be called.
    """
    if incident.state is State.RESOLVED:
        raise RefusedError(RefusedCode.NOT_ALLOWED, "alarm: the incident is resolved")
    if _is_spent_drill(incident):
        return _end_drill(incident, now_ms)
    if incident.state is State.NEW:
        return _escalate(incident, reachable, now_ms)
    if incident.state is State.ACKNOWLEDGED:
        return _take_back(incident, reachable, now_ms)
    return _remind(incident, reachable, now_ms)


def _is_spent_drill(incident: Incident) -> bool:
    called_all = incident.round > 0 and incident.level >= incident.plan.last_level
    return incident.drill and incident.state is State.NEW and called_all


def _escalate(incident: Incident, reachable: AbstractSet[int], now_ms: int) -> Change:
    level = _first_reachable(incident.plan, incident.level + 1, reachable)
    skipped = list(range(incident.level + 1, level))
    raised = replace(
        incident,
        level=level,
        round=incident.round + 1,
        next_deadline_ms=incident.plan.next_call_ms(level, incident.alarm_since_ms, now_ms),
    )
    data = {"level": level, "round": raised.round, "skipped": skipped, "reached": level in reachable}
    return Change(advance(raised, now_ms), EventKind.ESCALATED, SYSTEM, data, call=Call(level, raised.round))


def _end_drill(incident: Incident, now_ms: int) -> Change:
    ended = replace(
        incident,
        state=State.RESOLVED,
        resolution=Resolution.DRILL,
        resolved_at_ms=now_ms,
        next_deadline_ms=None,
    )
    data = {"resolution": Resolution.DRILL.value, "unanswered": True}
    return Change(advance(ended, now_ms, decides=True), EventKind.RESOLVED, SYSTEM, data, tells=True)


def _take_back(incident: Incident, reachable: AbstractSet[int], now_ms: int) -> Change:
    """Acknowledged, but nobody was sent: the alarm begins again, one level above the consoles at least."""
    level = _first_reachable(incident.plan, max(1, incident.level), reachable)
    alarmed = replace(
        incident,
        state=State.NEW,
        owner=None,
        level=level,
        round=incident.round + 1,
        alarm_since_ms=now_ms,
        next_deadline_ms=incident.plan.next_call_ms(level, now_ms, now_ms),
    )
    data = {
        "state": incident.state.value,
        "owner": incident.owner,
        "level": level,
        "round": alarmed.round,
        "reached": level in reachable,
    }
    changed = advance(alarmed, now_ms, decides=True)
    return Change(changed, EventKind.DEADLINE_MISSED, SYSTEM, data, call=Call(level, alarmed.round))


def _remind(incident: Incident, reachable: AbstractSet[int], now_ms: int) -> Change:
    plan = incident.plan
    limit_s = plan.arrive_within_s if incident.state is State.DISPATCHED else plan.finish_within_s
    level = _first_reachable(plan, max(1, incident.level), reachable)
    reminded = replace(incident, round=incident.round + 1, next_deadline_ms=now_ms + limit_s * SECOND_MS)
    data = {
        "state": incident.state.value,
        "level": level,
        "round": reminded.round,
        "reached": level in reachable,
    }
    changed = advance(reminded, now_ms)
    return Change(changed, EventKind.DEADLINE_MISSED, SYSTEM, data, call=Call(level, reminded.round))


def _first_reachable(plan: Plan, lowest: int, reachable: AbstractSet[int]) -> int:
    for level in range(lowest, plan.last_level):
        if level in reachable:
            return level
    return plan.last_level

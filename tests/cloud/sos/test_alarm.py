"""What the clock does: call the next level, skip who cannot be reached, take back, remind."""

from dataclasses import replace

import pytest

from cloud.sos.action import Action, Verb, decide
from cloud.sos.alarm import is_due, sound
from cloud.sos.errors import RefusedError
from cloud.sos.incident import Call, EventKind, Incident, Resolution, State, open_incident, stage_of
from cloud.sos.plan import Plan
from wire.messages import SosStage

NOW_MS = 1_000_000
EVERYBODY = frozenset({0, 1, 2, 3})


def opened() -> Incident:
    change = open_incident(
        "f" * 32,
        station="st-0001",
        ward="27097",
        drill=False,
        plan=Plan(),
        received_at_ms=NOW_MS,
        now_ms=NOW_MS,
    )
    return change.incident


def act(incident: Incident, verb: Verb, at_ms: int) -> Incident:
    return decide(incident, Action(verb=verb, by="truc.ban", version=incident.version), at_ms).incident


def test_a_watched_ward_has_twenty_seconds() -> None:
    assert not is_due(opened(), EVERYBODY, NOW_MS + 19_999)
    assert is_due(opened(), EVERYBODY, NOW_MS + 20_000)


def test_an_unwatched_ward_is_due_at_once() -> None:
    assert is_due(opened(), EVERYBODY - {0}, NOW_MS)


def test_watching_matters_only_while_consoles_are_all_who_know() -> None:
    escalated = sound(opened(), EVERYBODY - {0}, NOW_MS).incident
    assert not is_due(escalated, EVERYBODY - {0}, NOW_MS + 1)


def test_the_levels_come_at_their_times_and_the_last_one_again_and_again() -> None:
    incident = opened()
    calls: list[tuple[int, Call | None]] = []
    while len(calls) < 5:
        assert incident.next_deadline_ms is not None
        change = sound(incident, EVERYBODY, incident.next_deadline_ms)
        calls.append(((incident.next_deadline_ms - NOW_MS) // 1000, change.call))
        incident = change.incident
    assert calls == [
        (20, Call(1, 1)),
        (45, Call(2, 2)),
        (90, Call(3, 3)),
        (150, Call(3, 4)),
        (210, Call(3, 5)),
    ]


def test_an_unwatched_ward_keeps_the_times_of_the_later_levels() -> None:
    change = sound(opened(), EVERYBODY - {0}, NOW_MS + 3)
    assert change.call == Call(1, 1)
    assert change.incident.next_deadline_ms == NOW_MS + 45_000


def test_levels_that_reach_nobody_are_skipped_at_once_and_named() -> None:
    change = sound(opened(), frozenset({3}), NOW_MS)
    assert (change.incident.level, change.kind) == (3, EventKind.ESCALATED)
    assert change.data == {"level": 3, "round": 1, "skipped": [1, 2], "reached": True}


def test_when_nobody_at_all_can_be_reached_the_last_level_says_so() -> None:
    change = sound(opened(), frozenset(), NOW_MS)
    assert change.call == Call(3, 1)
    assert change.data["reached"] is False
    assert change.incident.next_deadline_ms == NOW_MS + 60_000


def test_escalation_makes_no_officers_view_stale() -> None:
    assert act(
        replace(sound(opened(), EVERYBODY, NOW_MS + 20_000).incident, version=1), Verb.ACKNOWLEDGE, NOW_MS
    )


def test_an_acknowledgement_without_a_dispatch_falls_back_into_escalation() -> None:
    acknowledged = act(opened(), Verb.ACKNOWLEDGE, NOW_MS + 5_000)
    missed_ms = NOW_MS + 5_000 + 180_000
    assert acknowledged.next_deadline_ms == missed_ms
    change = sound(acknowledged, EVERYBODY, missed_ms)
    assert (change.kind, change.incident.state, change.incident.owner) == (
        EventKind.DEADLINE_MISSED,
        State.NEW,
        None,
    )
    assert change.call == Call(1, 1)
    assert change.data["owner"] == "truc.ban"
    assert change.incident.next_deadline_ms == missed_ms + 45_000


def test_who_slept_over_it_acts_on_a_stale_view() -> None:
    acknowledged = act(opened(), Verb.ACKNOWLEDGE, NOW_MS)
    taken_back = sound(acknowledged, EVERYBODY, NOW_MS + 180_000).incident
    with pytest.raises(RefusedError):
        decide(taken_back, Action(verb=Verb.DISPATCH, by="truc.ban", version=acknowledged.version), NOW_MS)


def test_the_person_is_not_told_that_the_police_forgot() -> None:
    taken_back = sound(act(opened(), Verb.ACKNOWLEDGE, NOW_MS), EVERYBODY, NOW_MS + 180_000)
    assert stage_of(taken_back.incident) is SosStage.POLICE_RECEIVED
    assert not taken_back.tells


def test_those_who_were_called_before_are_called_again() -> None:
    acknowledged = act(replace(opened(), level=2, round=2), Verb.ACKNOWLEDGE, NOW_MS)
    assert sound(acknowledged, EVERYBODY, NOW_MS + 180_000).call == Call(2, 3)


@pytest.mark.parametrize(
    ("verbs", "limit_s"), [([Verb.DISPATCH], 900), ([Verb.DISPATCH, Verb.ON_SCENE], 3600)]
)
def test_a_patrol_that_is_late_is_a_reminder_and_changes_no_state(verbs: list[Verb], limit_s: int) -> None:
    incident = act(opened(), Verb.ACKNOWLEDGE, NOW_MS)
    for verb in verbs:
        incident = act(incident, verb, NOW_MS)
    due_ms = NOW_MS + limit_s * 1000
    assert incident.next_deadline_ms == due_ms
    change = sound(incident, EVERYBODY, due_ms)
    assert (change.kind, change.incident.state) == (EventKind.DEADLINE_MISSED, incident.state)
    assert change.incident.next_deadline_ms == due_ms + limit_s * 1000
    assert change.call == Call(1, 1)
    assert change.incident.owner == "truc.ban"


def test_a_drill_goes_the_whole_way_once_and_ends_unanswered() -> None:
    incident = replace(opened(), drill=True)
    kinds: list[tuple[int, EventKind]] = []
    while incident.next_deadline_ms is not None:
        due_ms = incident.next_deadline_ms
        change = sound(incident, EVERYBODY, due_ms)
        kinds.append(((due_ms - NOW_MS) // 1000, change.kind))
        incident = change.incident
    assert kinds == [
        (20, EventKind.ESCALATED),
        (45, EventKind.ESCALATED),
        (90, EventKind.ESCALATED),
        (150, EventKind.RESOLVED),
    ]
    assert (incident.state, incident.resolution) == (State.RESOLVED, Resolution.DRILL)


def test_even_a_plan_of_one_level_is_called_once_in_a_drill() -> None:
    plan = Plan(levels=Plan().levels[:1], repeat_s=10)
    called = sound(replace(opened(), drill=True, plan=plan), EVERYBODY, NOW_MS + 10_000)
    assert called.call == Call(0, 1)
    assert sound(called.incident, EVERYBODY, NOW_MS + 20_000).kind is EventKind.RESOLVED


def test_an_emergency_never_ends_unanswered() -> None:
    incident = replace(opened(), level=3)
    for _ in range(200):
        assert incident.next_deadline_ms is not None
        change = sound(incident, EVERYBODY, incident.next_deadline_ms)
        assert change.kind is EventKind.ESCALATED
        incident = change.incident


def test_what_is_resolved_never_rings_again() -> None:
    resolved = replace(opened(), state=State.RESOLVED, next_deadline_ms=None)
    assert not is_due(resolved, frozenset(), NOW_MS + 10**9)
    with pytest.raises(RefusedError):
        sound(resolved, EVERYBODY, NOW_MS)

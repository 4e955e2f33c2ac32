"""The incident without officers: presses, being seen, and what the person is told."""

from dataclasses import replace

import pytest

from cloud.sos.incident import (
    JOIN_WITHIN_MS,
    STATION,
    ActorKind,
    EventKind,
    Incident,
    State,
    joins,
    open_incident,
    press_again,
    see,
    show,
    stage_of,
)
from cloud.sos.plan import Plan
from wire.messages import SosStage

NOW_MS = 1_000_000


def opened(*, drill: bool = False) -> Incident:
    change = open_incident(
        "f" * 32,
        station="st-0001",
        ward="27097",
        drill=drill,
        plan=Plan(),
        received_at_ms=NOW_MS,
        now_ms=NOW_MS,
    )
    return change.incident


def test_a_first_press_opens_an_incident_that_is_due_in_twenty_seconds() -> None:
    change = open_incident(
        "f" * 32,
        station="st-0001",
        ward="27097",
        drill=False,
        plan=Plan(),
        received_at_ms=NOW_MS - 7,
        now_ms=NOW_MS,
    )
    assert (change.kind, change.actor, change.tells) == (EventKind.OPENED, STATION, True)
    assert change.incident.state is State.NEW
    assert (change.incident.version, change.incident.press_count, change.incident.level) == (1, 1, 0)
    assert change.incident.next_deadline_ms == NOW_MS + 20_000
    assert change.incident.last_press_at_ms == NOW_MS - 7


def test_a_press_is_counted_and_the_station_is_told_again() -> None:
    change = press_again(opened(), received_at_ms=NOW_MS + 5, now_ms=NOW_MS + 6)
    assert (change.incident.press_count, change.incident.version) == (2, 2)
    assert change.incident.last_press_at_ms == NOW_MS + 5
    assert change.tells
    assert change.data == {"press_count": 2}


def test_a_press_leaves_deadline_and_state_alone() -> None:
    before = opened()
    after = press_again(before, received_at_ms=NOW_MS + 5, now_ms=NOW_MS + 5).incident
    assert (after.state, after.next_deadline_ms, after.decided_version) == (
        before.state,
        before.next_deadline_ms,
        before.decided_version,
    )


def test_a_press_that_was_overtaken_does_not_turn_the_last_press_back() -> None:
    after = press_again(opened(), received_at_ms=NOW_MS - 500, now_ms=NOW_MS).incident
    assert after.last_press_at_ms == NOW_MS


@pytest.mark.parametrize(
    ("after_ms", "drill", "expected"),
    [
        (0, False, True),
        (JOIN_WITHIN_MS, False, True),
        (JOIN_WITHIN_MS + 1, False, False),
        (-5_000, False, True),
        (0, True, False),
    ],
)
def test_presses_join_within_a_minute_and_of_one_kind(*, after_ms: int, drill: bool, expected: bool) -> None:
    assert joins(opened(), drill=drill, received_at_ms=NOW_MS + after_ms) is expected


def test_a_real_press_never_disappears_in_a_drill() -> None:
    assert not joins(opened(drill=True), drill=False, received_at_ms=NOW_MS)


def test_a_press_never_joins_what_is_resolved() -> None:
    resolved = replace(opened(), state=State.RESOLVED, next_deadline_ms=None)
    assert not joins(resolved, drill=False, received_at_ms=NOW_MS)


def test_only_the_first_look_is_kept() -> None:
    change = see(opened(), "truc.ban", NOW_MS + 900)
    assert change is not None
    assert (change.kind, change.actor.kind, change.actor.login) == (
        EventKind.SEEN,
        ActorKind.OFFICER,
        "truc.ban",
    )
    assert change.incident.seen_at_ms == NOW_MS + 900
    assert see(change.incident, "khac", NOW_MS + 1_000) is None


def test_what_the_station_shows_is_kept_and_never_falls_back() -> None:
    change = show(opened(), SosStage.POLICE_RECEIVED, 3, NOW_MS + 50)
    assert change is not None
    assert (change.incident.shown_stage, change.incident.shown_version) == (SosStage.POLICE_RECEIVED, 3)
    assert not change.tells
    assert show(change.incident, SosStage.RECEIVED, 1, NOW_MS + 60) is None
    assert show(change.incident, SosStage.POLICE_RECEIVED, 3, NOW_MS + 60) is None


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (State.ACKNOWLEDGED, SosStage.POLICE_RECEIVED),
        (State.DISPATCHED, SosStage.ON_THE_WAY),
        (State.ON_SCENE, SosStage.ON_SCENE),
        (State.RESOLVED, SosStage.CLOSED),
    ],
)
def test_each_state_has_its_true_word(state: State, stage: SosStage) -> None:
    assert stage_of(replace(opened(), state=state)) is stage


def test_nobody_is_told_that_the_police_received_what_only_the_centre_has() -> None:
    assert stage_of(opened()) is SosStage.RECEIVED


def test_an_acknowledgement_that_came_to_nothing_is_not_unsaid() -> None:
    assert stage_of(replace(opened(), acknowledged_at_ms=NOW_MS)) is SosStage.POLICE_RECEIVED

"""What officers may do, from which state, and on which view."""

from dataclasses import replace

import pytest

from cloud.sos.action import MAX_NOTE_LENGTH, Action, Verb, decide
from cloud.sos.errors import RefusedCode, RefusedError
from cloud.sos.incident import Change, EventKind, Incident, Resolution, State, open_incident, press_again
from cloud.sos.plan import Plan

NOW_MS = 1_000_000
OFFICER = "truc.ban"


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


def in_state(state: State) -> Incident:
    deadline = None if state is State.RESOLVED else NOW_MS + 1
    return replace(opened(), state=state, owner=OFFICER, next_deadline_ms=deadline)


def act(incident: Incident, verb: Verb, **details: object) -> Change:
    wanted = {"verb": verb, "by": OFFICER, "version": incident.version, **details}
    return decide(incident, Action(**wanted), NOW_MS + 10)  # type: ignore[arg-type]  # a test may get it wrong


def refused(incident: Incident, verb: Verb, **details: object) -> RefusedCode:
    with pytest.raises(RefusedError) as caught:
        act(incident, verb, **details)
    return caught.value.code


DETAILS: dict[Verb, dict[str, object]] = {
    Verb.RESOLVE: {"resolution": Resolution.FOUNDED},
    Verb.HAND_OVER: {"to": "dong.nghiep"},
    Verb.NOTE: {"note": "Đã gọi lại, không ai nghe máy"},
}
OPEN_AND_TAKEN = {State.ACKNOWLEDGED, State.DISPATCHED, State.ON_SCENE}
ALLOWED: dict[Verb, set[State]] = {
    Verb.ACKNOWLEDGE: {State.NEW},
    Verb.DISPATCH: {State.NEW, State.ACKNOWLEDGED},
    Verb.ON_SCENE: {State.ACKNOWLEDGED, State.DISPATCHED},
    Verb.RESOLVE: OPEN_AND_TAKEN,
    Verb.REOPEN: {State.RESOLVED},
    Verb.HAND_OVER: OPEN_AND_TAKEN,
    Verb.NOTE: set(State),
}


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("state", list(State))
def test_each_verb_in_each_state(state: State, verb: Verb) -> None:
    incident = in_state(state)
    if state in ALLOWED[verb]:
        change = act(incident, verb, **DETAILS.get(verb, {}))
        assert change.incident.version == incident.version + 1
    else:
        assert refused(incident, verb, **DETAILS.get(verb, {})) is RefusedCode.NOT_ALLOWED


@pytest.mark.parametrize(
    ("verb", "start", "state", "within_s"),
    [
        (Verb.ACKNOWLEDGE, State.NEW, State.ACKNOWLEDGED, 180),
        (Verb.DISPATCH, State.ACKNOWLEDGED, State.DISPATCHED, 900),
        (Verb.ON_SCENE, State.DISPATCHED, State.ON_SCENE, 3600),
        (Verb.REOPEN, State.RESOLVED, State.NEW, 20),
    ],
)
def test_each_open_state_has_its_deadline(verb: Verb, start: State, state: State, within_s: int) -> None:
    change = act(in_state(start), verb)
    assert change.incident.state is state
    assert change.incident.next_deadline_ms == NOW_MS + 10 + within_s * 1000
    assert change.tells


def test_who_acknowledges_owns_it() -> None:
    change = act(opened(), Verb.ACKNOWLEDGE)
    assert (change.incident.owner, change.actor.login) == (OFFICER, OFFICER)
    assert change.incident.acknowledged_at_ms == NOW_MS + 10


def test_who_sends_a_patrol_at_once_has_taken_the_call() -> None:
    change = act(opened(), Verb.DISPATCH)
    assert (change.incident.owner, change.incident.acknowledged_at_ms) == (OFFICER, NOW_MS + 10)


def test_a_colleague_who_helps_does_not_take_it_away() -> None:
    acknowledged = replace(in_state(State.ACKNOWLEDGED), owner="nguoi.khac")
    assert act(acknowledged, Verb.DISPATCH).incident.owner == "nguoi.khac"


def test_resolving_ends_the_clock_and_says_how() -> None:
    change = act(
        in_state(State.ON_SCENE), Verb.RESOLVE, resolution=Resolution.UNFOUNDED, note=" Không có ai "
    )
    assert change.incident.next_deadline_ms is None
    assert (change.incident.resolution, change.incident.resolved_at_ms) == (Resolution.UNFOUNDED, NOW_MS + 10)
    assert change.data == {"resolution": "unfounded", "note": "Không có ai"}


def test_a_duplicate_names_the_other_one() -> None:
    change = act(
        in_state(State.ACKNOWLEDGED), Verb.RESOLVE, resolution=Resolution.DUPLICATE, duplicate_of="e" * 32
    )
    assert change.incident.duplicate_of == "e" * 32


def test_reopening_begins_again_and_forgets_how_it_ended() -> None:
    resolved = replace(
        in_state(State.RESOLVED), resolution=Resolution.FALSE_PRESS, resolved_at_ms=NOW_MS, level=3
    )
    change = act(resolved, Verb.REOPEN)
    incident = change.incident
    assert (incident.state, incident.resolution, incident.owner) == (State.NEW, None, None)
    assert (incident.level, incident.alarm_since_ms) == (0, NOW_MS + 10)


def test_handing_over_changes_the_owner_and_tells_the_person_nothing() -> None:
    change = act(in_state(State.DISPATCHED), Verb.HAND_OVER, to="dong.nghiep")
    assert (change.incident.owner, change.tells) == ("dong.nghiep", False)
    assert change.kind is EventKind.HANDED_OVER


def test_a_view_from_before_the_last_decision_is_stale() -> None:
    acknowledged = act(opened(), Verb.ACKNOWLEDGE).incident
    assert refused(acknowledged, Verb.DISPATCH, version=1) is RefusedCode.STALE


def test_a_second_acknowledgement_on_the_same_view_is_stale_not_impossible() -> None:
    acknowledged = act(opened(), Verb.ACKNOWLEDGE).incident
    assert refused(acknowledged, Verb.ACKNOWLEDGE, version=1, by="nguoi.khac") is RefusedCode.STALE


def test_presses_do_not_take_the_hand_off_the_button() -> None:
    pressed = press_again(opened(), received_at_ms=NOW_MS, now_ms=NOW_MS).incident
    assert pressed.version == 2
    assert act(pressed, Verb.ACKNOWLEDGE, version=1).incident.state is State.ACKNOWLEDGED


def test_a_note_is_taken_on_any_view_and_makes_no_other_stale() -> None:
    acknowledged = act(opened(), Verb.ACKNOWLEDGE).incident
    noted = act(acknowledged, Verb.NOTE, version=1, note="Nhà ở cuối hành lang").incident
    assert act(noted, Verb.DISPATCH, version=acknowledged.version).incident.state is State.DISPATCHED


@pytest.mark.parametrize(
    ("verb", "details"),
    [
        (Verb.RESOLVE, {}),
        (Verb.ACKNOWLEDGE, {"resolution": Resolution.FOUNDED}),
        (Verb.RESOLVE, {"resolution": Resolution.DUPLICATE}),
        (Verb.RESOLVE, {"resolution": Resolution.DUPLICATE, "duplicate_of": "f" * 32}),
        (Verb.RESOLVE, {"resolution": Resolution.FOUNDED, "duplicate_of": "e" * 32}),
        (Verb.HAND_OVER, {}),
        (Verb.HAND_OVER, {"to": ""}),
        (Verb.DISPATCH, {"to": "dong.nghiep"}),
        (Verb.NOTE, {"note": "  "}),
        (Verb.NOTE, {"note": "x" * (MAX_NOTE_LENGTH + 1)}),
        (Verb.DISPATCH, {"version": 99}),
    ],
)
def test_what_makes_no_sense_is_invalid(verb: Verb, details: dict[str, object]) -> None:
    assert refused(in_state(State.ACKNOWLEDGED), verb, **details) is RefusedCode.INVALID

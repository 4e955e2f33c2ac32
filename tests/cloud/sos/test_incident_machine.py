"""Whatever officers, clock, stations and consoles do in whatever order: the promises that always hold."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cloud.sos.action import Action, Verb, decide
from cloud.sos.alarm import is_due, sound
from cloud.sos.errors import RefusedCode, RefusedError
from cloud.sos.incident import (
    Change,
    Incident,
    Resolution,
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

LEVELS = frozenset(range(4))


class IncidentMachine(RuleBasedStateMachine):
    """One station's incidents under arbitrary use; the clock only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = 1_000_000
        self.presses = 0
        self.incidents: dict[str, Incident] = {}
        self.order: list[str] = []
        self.told: dict[str, list[SosStage]] = {}

    @initialize(drill=st.booleans())
    def begin(self, *, drill: bool) -> None:
        self.press(drill=drill)

    @property
    def latest(self) -> Incident:
        return self.incidents[self.order[-1]]

    def take(self, change: Change) -> None:
        before = self.incidents.get(change.incident.id)
        assert change.incident.version == (before.version if before else 0) + 1
        if before is not None:
            assert change.incident.press_count >= before.press_count
            assert change.incident.round >= before.round
            assert change.incident.decided_version >= before.decided_version
        self.incidents[change.incident.id] = change.incident
        if change.tells:
            self.told.setdefault(change.incident.id, []).append(stage_of(change.incident))

    @rule(seconds=st.integers(0, 200))
    def wait(self, seconds: int) -> None:
        self.now_ms += seconds * 1000

    @rule(drill=st.booleans())
    def press(self, *, drill: bool) -> None:
        self.presses += 1
        for identity in reversed(self.order):
            incident = self.incidents[identity]
            if joins(incident, drill=drill, received_at_ms=self.now_ms):
                assert incident.drill is drill
                self.take(press_again(incident, received_at_ms=self.now_ms, now_ms=self.now_ms))
                return
        identity = f"{len(self.order):032x}"
        self.order.append(identity)
        self.take(
            open_incident(
                identity,
                station="st-0001",
                ward="27097",
                drill=drill,
                plan=Plan(),
                received_at_ms=self.now_ms,
                now_ms=self.now_ms,
            )
        )

    @rule(
        verb=st.sampled_from(list(Verb)),
        resolution=st.sampled_from([Resolution.FOUNDED, Resolution.FALSE_PRESS, Resolution.DRILL]),
        behind=st.integers(0, 3),
    )
    def act(self, verb: Verb, resolution: Resolution, behind: int) -> None:
        incident = self.latest
        version = max(1, incident.version - behind)
        action = Action(
            verb=verb,
            by="truc.ban",
            version=version,
            resolution=resolution if verb is Verb.RESOLVE else None,
            to="dong.nghiep" if verb is Verb.HAND_OVER else None,
            note="ghi chú",
        )
        refused: RefusedCode | None
        try:
            change = decide(incident, action, self.now_ms)
        except RefusedError as error:
            refused = error.code
        else:
            refused = None
            self.take(change)
        is_stale = version < incident.decided_version and verb is not Verb.NOTE
        assert (refused is RefusedCode.STALE) is is_stale

    @rule(reachable=st.sets(st.sampled_from(sorted(LEVELS))))
    def clock_strikes(self, reachable: set[int]) -> None:
        for incident in list(self.incidents.values()):
            if is_due(incident, reachable, self.now_ms):
                change = sound(incident, reachable, self.now_ms)
                if change.call is None:
                    assert (incident.drill, change.incident.resolution) == (True, Resolution.DRILL)
                else:
                    assert change.call.level in reachable or change.call.level == incident.plan.last_level
                assert not is_due(change.incident, reachable | {0}, self.now_ms) or (
                    change.incident.next_deadline_ms == self.now_ms
                )
                self.take(change)

    @rule()
    def officer_looks(self) -> None:
        change = see(self.latest, "truc.ban", self.now_ms)
        if change is not None:
            self.take(change)

    @rule(version=st.integers(1, 30))
    def station_shows(self, version: int) -> None:
        change = show(self.latest, stage_of(self.latest), min(version, self.latest.version), self.now_ms)
        if change is not None:
            self.take(change)

    @invariant()
    def no_press_is_lost(self) -> None:
        assert sum(incident.press_count for incident in self.incidents.values()) == self.presses

    @invariant()
    def open_has_a_deadline_and_resolved_has_none(self) -> None:
        for incident in self.incidents.values():
            assert (incident.next_deadline_ms is None) is (incident.state is State.RESOLVED)
            assert (incident.resolution is None) is (incident.state is not State.RESOLVED)

    @invariant()
    def a_deadline_is_never_far_away(self) -> None:
        for incident in self.incidents.values():
            if incident.next_deadline_ms is not None:
                assert incident.next_deadline_ms <= incident.updated_at_ms + 3600 * 1000

    @invariant()
    def the_person_is_never_told_less_until_it_is_reopened(self) -> None:
        rank = list(SosStage)
        for stages in self.told.values():
            for before, after in pairwise(stages):
                assert rank.index(after) >= rank.index(before) or before is SosStage.CLOSED

    @invariant()
    def a_snapshot_is_enough_to_carry_on(self) -> None:
        for incident in self.incidents.values():
            assert replace(incident, plan=Plan.from_json(incident.plan.to_json())) == incident


IncidentMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestIncidentMachine = IncidentMachine.TestCase

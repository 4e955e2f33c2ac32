"""Whatever happens in whatever order: the screen is truthful, and nothing outlives its person."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from edge.cabin.errors import ActionRefusedError
from edge.cabin.session.due import next_deadline_ms
from edge.cabin.session.events import (
    Begin,
    Bound,
    Cancel,
    Effect,
    Entry,
    Halted,
    KeepConsent,
    KeepEnd,
    KeepReading,
    KeepWithdrawal,
    Recorded,
)
from edge.cabin.session.state import Pace, State, can_measure
from edge.cabin.view import Action, Page, Phase
from edge.codecs.instrument import Failed, Live, Taken, Trouble, Wave
from edge.instrument import Absence, Readiness
from tests.edge.cabin.booth import Booth
from tests.edge.cabin.sayings import cuff, finger, live, pressure, taken
from tests.fakes.rack import ALL_KINDS, FakeRack
from wire.entries import ConsentScope, Flag, VitalKind

KINDS = st.sampled_from(ALL_KINDS)
FLAGS = st.sets(
    st.sampled_from([Flag.MOTION, Flag.CUFF_LOOSE, Flag.IRREGULAR_PULSE, Flag.UNTIMED]), max_size=2
)
MARK = Decimal("0.0625")
"""Added to every value that is said, so that it can be recognised wherever it stays."""

SOUND = {
    VitalKind.OXYGEN: ("oxygen_saturation", 97),
    VitalKind.TEMPERATURE: ("body_temperature", 36),
    VitalKind.HEART_RATE: ("pulse_rate", 70),
    VitalKind.WEIGHT: ("body_weight", 60),
    VitalKind.HEIGHT: ("body_height", 160),
    VitalKind.GLUCOSE: ("glucose", 5),
}
WAY_ON = (
    Action.BEGIN,
    Action.CONSENT,
    Action.START,
    Action.ENTER,
    Action.NEXT,
    Action.FINISH,
    Action.REPEAT,
    Action.SKIP,
)
"""What one does first of what may be done; whoever is being measured does nothing."""


@st.composite
def finished(draw: st.DrawFn, kind: VitalKind) -> Taken:
    """A measurement of `kind`, now and then none or an implausible one."""
    flags = draw(FLAGS)
    if kind is VitalKind.BLOOD_PRESSURE:
        systolic = draw(st.sampled_from([125, 130, 150, 170, 900, None]))
        return pressure(None if systolic is None else str(systolic + MARK), "80.0625", flags=flags)
    name, value = SOUND[kind]
    said = draw(st.sampled_from([str(value + MARK), "900", None]))
    return taken(kind, flags, **{name: said})


def sound(kind: VitalKind) -> Taken:
    """A measurement of `kind` that nothing can be said against."""
    name, value = SOUND[kind]
    return taken(kind, (), **{name: str(value + MARK)})


def streamed(kind: VitalKind) -> Live:
    match kind:
        case VitalKind.OXYGEN:
            return finger("97.0625", "72.0625")
        case VitalKind.TEMPERATURE:
            return live(kind, body_temperature="36.0625")
        case VitalKind.HEIGHT:
            return live(kind, body_height="160.0625")
        case _:
            return cuff(100)


class CabinMachine(RuleBasedStateMachine):
    """Most rules lead on through a visit, so that the far pages are reached; the others get in its way."""

    @initialize(
        rest_ms=st.sampled_from([0, 60_000]),
        rods=st.booleans(),
        kinds=st.lists(KINDS, min_size=1, max_size=3, unique=True),
        scope=st.sampled_from([None, *ConsentScope]),
    )
    def open(self, rest_ms: int, kinds: list[VitalKind], scope: ConsentScope | None, *, rods: bool) -> None:
        rack = FakeRack() if rods else FakeRack(kinds=tuple(set(ALL_KINDS) - {VitalKind.HEIGHT}))
        self.booth = Booth(rack, Pace(rest_ms=rest_ms))
        self.seen = 0
        self.running: set[VitalKind] = set()
        self.scope = scope
        self.given: str | None = None
        self.ended: set[str] = set()
        self.unanswered: list[Recorded] = []
        self.booth.come(*kinds, scope=scope)

    def teardown(self) -> None:
        """Whenever the daemon ends, nothing is left and nothing runs."""
        if hasattr(self, "booth"):
            self.booth.take(Halted())
            assert self.booth.state == State(pace=self.booth.pace, offers=self.booth.state.offers)
            assert self.booth.running == set()

    @rule(action=st.sampled_from(Action), kinds=st.lists(KINDS, max_size=4), data=st.data())
    def act(self, action: Action, kinds: list[VitalKind], data: st.DataObject) -> None:
        """Any action at any time: listed ones are accepted, others change nothing."""
        listed = action in self.booth.view.actions
        before = self.booth.state
        scope = data.draw(st.sampled_from([None, *ConsentScope]))
        try:
            self.booth.act(
                action,
                tuple(kinds),
                scope,
                "2026-11",
                "body-height",
                data.draw(st.sampled_from([163.0, 20.0, None])),
            )
        except ActionRefusedError:
            assert self.booth.state == before
            assert not listed or action in (Action.BEGIN, Action.ENTER)
            return
        assert listed
        if action is Action.CONSENT:
            self.scope = scope
        if action is Action.WITHDRAW:
            self.scope = None

    @precondition(lambda self: self.booth.view.page is not Page.FAREWELL)
    @rule(
        kinds=st.lists(KINDS, min_size=1, max_size=3, unique=True),
        scope=st.sampled_from([None, *ConsentScope]),
    )
    def go_on(self, kinds: list[VitalKind], scope: ConsentScope | None) -> None:
        """Take the way that a person takes who wants to be measured."""
        actions = self.booth.view.actions
        action = next((action for action in WAY_ON if action in actions), None)
        if self.booth.state.is_busy:
            return
        possible = tuple(kind for kind in kinds if self.booth.rack.readiness.get(kind) is None)
        possible = tuple(kind for kind in possible if can_measure(self.booth.state, kind))
        if action is None or (action is Action.BEGIN and not possible):
            return
        self.booth.act(action, possible, scope, "2026-11", "body-height", 163.0)
        if action is Action.CONSENT:
            self.scope = scope

    @precondition(lambda self: Action.WITHDRAW in self.booth.view.actions)
    @rule()
    def the_person_withdraws(self) -> None:
        self.booth.act(Action.WITHDRAW)
        self.scope = None

    @precondition(lambda self: Action.REPEAT in self.booth.view.actions)
    @rule()
    def the_person_repeats(self) -> None:
        self.booth.act(Action.REPEAT)

    @rule(kind=KINDS, data=st.data())
    def something_is_said(self, kind: VitalKind, data: st.DataObject) -> None:
        """By any instrument, begun or not."""
        event = data.draw(
            st.one_of(
                finished(kind),
                st.sampled_from(Trouble).map(lambda trouble: Failed(kind, trouble)),
                st.just(Wave((1, 2), 60)),
                st.just(streamed(kind)),
            )
        )
        self.booth.say(kind, event)

    @precondition(lambda self: self.booth.running)
    @rule(data=st.data())
    def the_right_one_speaks(self, data: st.DataObject) -> None:
        (kind,) = self.booth.running
        self.booth.say(kind, data.draw(finished(kind)))

    @precondition(lambda self: self.booth.running)
    @rule(systolic=st.sampled_from(["125.0625", "131.0625", "150.0625"]), flags=FLAGS)
    def it_says_something_sound(self, systolic: str, flags: set[Flag]) -> None:
        (kind,) = self.booth.running
        is_cuff = kind is VitalKind.BLOOD_PRESSURE
        self.booth.say(kind, pressure(systolic, "80.0625", flags=flags) if is_cuff else sound(kind))

    @precondition(lambda self: self.booth.view.step is not None and self.booth.step().phase is Phase.REST)
    @rule()
    def the_pause_ends(self) -> None:
        self.booth.wait(60)

    @precondition(lambda self: self.booth.running)
    @rule(seconds=st.sampled_from([1, 9, 11, 31]))
    def a_device_streams(self, seconds: int) -> None:
        (kind,) = self.booth.running
        self.booth.stream(kind, streamed(kind), seconds)

    @rule(kind=KINDS, absence=st.sampled_from([None, *Absence]))
    def one_comes_or_goes(self, kind: VitalKind, absence: Absence | None) -> None:
        if absence is None:
            self.booth.find(kind)
        else:
            self.booth.lose(kind, absence)

    @rule(kind=KINDS, readiness=st.sampled_from([None, Readiness.MISSING, Readiness.ASLEEP]))
    def the_offer_changes(self, kind: VitalKind, readiness: Readiness | None) -> None:
        if readiness is None:
            self.booth.rack.readiness.pop(kind, None)
        else:
            self.booth.rack.readiness[kind] = readiness
        self.booth.offer()

    @rule(seconds=st.sampled_from([0.1, 0.1, 1, 1, 5, 10, 10, 30, 61, 200]))
    def time_passes(self, seconds: float) -> None:
        was_busy = self.booth.state.is_busy
        self.booth.wait(seconds)
        assert not was_busy or self.booth.view.page is Page.STEP

    @rule(subject=st.sampled_from(["ca" * 16, "somebody"]))
    def a_card_is_put_on(self, subject: str) -> None:
        before = self.booth.state
        try:
            self.booth.take(Bound(subject))
        except ActionRefusedError:
            assert self.booth.state == before

    @precondition(lambda self: self.unanswered)
    @rule(is_kept=st.sampled_from([True, True, True, False]))
    def the_journal_answers(self, is_kept: bool) -> None:  # noqa: FBT001 - Hypothesis passes it by name
        asked = self.unanswered.pop(0)
        self.booth.take(Recorded(asked.session, asked.entry, is_kept))

    @invariant()
    def effects_are_in_order(self) -> None:
        if not hasattr(self, "booth"):
            return
        fresh = self.booth.effects[self.seen :]
        self.seen = len(self.booth.effects)
        for effect in fresh:
            self.check(effect)

    def check(self, effect: Effect) -> None:
        match effect:
            case Begin(kind):
                assert self.running <= {kind}
                self.running.add(kind)
            case Cancel(kind):
                assert kind in self.running
                self.running.discard(kind)
            case KeepConsent():
                assert effect.session not in self.ended
                assert effect.scope is self.scope
                self.given = effect.session
            case KeepReading(session, reading):
                assert session == self.given
                assert session not in self.ended
                assert self.scope is not None
                assert all(value < 900 for value in reading.values.values())
                self.unanswered.append(Recorded(session, Entry.READING, is_kept=True))
            case KeepWithdrawal(session):
                assert session == self.given
                self.unanswered.append(Recorded(session, Entry.WITHDRAWAL, is_kept=True))
            case KeepEnd(session):
                assert session == self.given
                assert session not in self.ended
                self.ended.add(session)
            case _:
                pass

    @invariant()
    def an_instrument_runs_only_for_somebody(self) -> None:
        if hasattr(self, "booth"):
            step = self.booth.state.step
            assert self.booth.running == ({step.kind} if step is not None and step.is_begun else set())

    @invariant()
    def nothing_of_a_person_is_left_behind(self) -> None:
        if hasattr(self, "booth") and self.booth.view.page in (Page.CHOOSE, Page.FAREWELL):
            assert "0625" not in repr(self.booth.state)
            assert not self.booth.state.session
            assert self.booth.state.subject is None
            assert self.booth.view.step is None
            assert self.booth.view.sheet is None

    @invariant()
    def nothing_is_promised_that_is_not_so(self) -> None:
        if not hasattr(self, "booth"):
            return
        view = self.booth.view
        if view.sheet is not None and view.sheet.kept is not None:
            waiting = [asked for asked in self.unanswered if asked.session == self.booth.state.session]
            assert view.sheet.kept is self.scope
            assert not waiting

    @invariant()
    def the_screen_always_has_a_way_on(self) -> None:
        if not hasattr(self, "booth"):
            return
        view, state = self.booth.view, self.booth.state
        assert (
            view.actions
            or view.page is Page.FAREWELL
            or all(offer.readiness is Readiness.MISSING for offer in state.offers)
        )
        deadline_ms = next_deadline_ms(state, self.booth.now_ms)
        assert (deadline_ms is None) == (view.page is Page.CHOOSE and not view.chosen)
        assert deadline_ms is None or deadline_ms > self.booth.now_ms
        if view.step is not None:
            assert (view.step.phase is Phase.TROUBLE) <= (view.step.trouble is not None)
            assert (view.step.phase is Phase.RESULT) == (view.step.result is not None)
            assert (view.step.phase is Phase.REST) == (view.step.countdown_s is not None)
            assert 1 <= view.step.reading <= view.step.readings <= 3
            assert 1 <= view.step.number <= view.step.of == len(view.chosen)


TestCabinMachine = CabinMachine.TestCase
TestCabinMachine.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)

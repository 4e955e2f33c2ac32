"""The session's machine under a held clock, with everything that it wanted done."""

from dataclasses import dataclass, field

from edge.cabin.orders import Order
from edge.cabin.session.events import (
    Act,
    Begin,
    Cancel,
    Count,
    Effect,
    Entry,
    Event,
    KeepReading,
    KeepWithdrawal,
    Offered,
    Recorded,
    Tick,
)
from edge.cabin.session.machine import apply
from edge.cabin.session.show import show
from edge.cabin.session.state import Pace, State
from edge.cabin.view import Action, Phase, ReadingView, SheetView, StepView, View
from edge.codecs.instrument import InstrumentEvent, Live
from edge.instrument import Absence, Back, Gone, Heard
from tests.edge.cabin.sayings import finger, pressure
from tests.fakes.rack import FakeRack, device_of
from wire.entries import ConsentScope, VitalKind

PACE = Pace(rest_ms=60_000, idle_ms=60_000, warning_ms=15_000)
TOKEN = "5e" * 16
WALL_MS = 1_790_000_000_000
BP, SPO2 = VitalKind.BLOOD_PRESSURE, VitalKind.OXYGEN


@dataclass
class Booth:
    """One cabin; every method lets the machine take one event now."""

    rack: FakeRack = field(default_factory=FakeRack)
    pace: Pace = PACE
    now_ms: int = 1_000
    effects: list[Effect] = field(default_factory=list)
    """Of all events so far."""

    def __post_init__(self) -> None:
        self.state = State(pace=self.pace)
        self.sessions = 0
        self.offer()

    def take(self, event: Event) -> list[Effect]:
        """Let the machine take `event`; return what it wants done for it."""
        self.state, effects = apply(self.state, event, self.now_ms)
        self.effects.extend(effects)
        return list(effects)

    def offer(self) -> None:
        self.take(Offered(tuple(self.rack.offers())))

    def act(
        self,
        action: Action,
        kinds: tuple[VitalKind, ...] = (),
        scope: ConsentScope | None = None,
        text_version: str = "",
        measure: str = "",
        value: float | None = None,
    ) -> list[Effect]:
        self.sessions += action is Action.BEGIN
        order = Order(
            action=action,
            kinds=list(kinds),
            scope=scope,
            text_version=text_version,
            measure=measure,
            value=value,
        )
        return self.take(Act(order, self.token, WALL_MS + self.now_ms))

    @property
    def token(self) -> str:
        return f"{self.sessions:032x}"

    def come(self, *kinds: VitalKind, scope: ConsentScope | None = ConsentScope.KEEP) -> None:
        """Choose and consent: the first step is on."""
        self.act(Action.BEGIN, kinds)
        self.act(Action.CONSENT, scope=scope, text_version="2026-11")

    def say(self, kind: VitalKind, event: InstrumentEvent) -> list[Effect]:
        return self.take(Heard(device_of(kind), event))

    def lose(self, kind: VitalKind, absence: Absence = Absence.LOST) -> list[Effect]:
        return self.take(Gone(device_of(kind), kind, absence))

    def find(self, kind: VitalKind) -> list[Effect]:
        return self.take(Back(device_of(kind), kind))

    def wait(self, seconds: float) -> list[Effect]:
        self.now_ms += round(seconds * 1000)
        return self.take(Tick())

    def stream(self, kind: VitalKind, moment: Live, seconds: float) -> None:
        """Let a device say the same twice a second."""
        for _ in range(round(seconds * 2)):
            self.say(kind, moment)
            self.wait(0.5)
        self.say(kind, moment)

    def settle(self, *, is_kept: bool = True) -> None:
        """Let the journal answer everything that it was given of this session."""
        for _ in range(self.state.ledger.waiting):
            self.take(Recorded(self.state.session, Entry.READING, is_kept))

    @property
    def view(self) -> View:
        return show(self.state, 1, self.now_ms)

    def step(self) -> StepView:
        step = self.view.step
        assert step is not None
        return step

    def result(self) -> ReadingView:
        result = self.step().result
        assert result is not None
        return result

    def sheet(self) -> SheetView:
        sheet = self.view.sheet
        assert sheet is not None
        return sheet

    @property
    def actions(self) -> set[Action]:
        return set(self.view.actions)

    @property
    def kept(self) -> list[KeepReading]:
        return [effect for effect in self.effects if isinstance(effect, KeepReading)]

    @property
    def withdrawals(self) -> int:
        return sum(isinstance(effect, KeepWithdrawal) for effect in self.effects)

    @property
    def counts(self) -> tuple[int, int]:
        """Measurements accepted and refused."""
        counts = [effect.is_accepted for effect in self.effects if isinstance(effect, Count)]
        return sum(counts), len(counts) - sum(counts)

    @property
    def running(self) -> set[VitalKind]:
        """Instruments that were begun and not cancelled."""
        running: set[VitalKind] = set()
        for effect in self.effects:
            if isinstance(effect, Begin):
                running.add(effect.kind)
            elif isinstance(effect, Cancel):
                running.discard(effect.kind)
        return running


def measure_pressure(booth: Booth, *readings: tuple[int, int]) -> None:
    """Take readings of blood pressure from PREPARE on, with the pauses between them."""
    booth.act(Action.START)
    for number, (systolic, diastolic) in enumerate(readings):
        if number:
            assert booth.step().phase is Phase.REST
            booth.wait(60)
        booth.say(BP, pressure(systolic, diastolic))


def measure_oxygen(booth: Booth, spo2: int = 97) -> None:
    booth.act(Action.START)
    booth.stream(SPO2, finger(spo2), 10)

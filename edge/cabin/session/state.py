"""What a session knows. Everything that belongs to the person goes with `wiped`; only pace and offers stay."""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from edge.cabin.ports import Offer
from edge.cabin.rules.readings import MAX_REPEATS, Reading
from edge.cabin.rules.settling import Window
from edge.cabin.view import Page, Phase, Trouble
from edge.codecs.instrument import Live
from edge.instrument import Readiness
from wire.entries import ConsentScope, VitalKind

FAREWELL_MS: Final = 5_000
WAITING_LIMIT_MS: Final = 180_000
"""A person looks for a switch, puts a cuff on, and it inflates: beyond this nothing comes any more."""
MEASURING_LIMITS_MS: Final = MappingProxyType(
    {
        VitalKind.BLOOD_PRESSURE: 240_000,
        VitalKind.OXYGEN: 90_000,
        VitalKind.TEMPERATURE: 300_000,
        VitalKind.HEART_RATE: 90_000,
        VitalKind.WEIGHT: 60_000,
        VitalKind.HEIGHT: 60_000,
        VitalKind.GLUCOSE: 300_000,
    }
)
"""How long a measurement may go on after its first sign of life; a meter that is asked by wire gives one at once, so
that the time to put a cuff on or to prick a finger is in it."""
MAX_FAILURES: Final = 4
"""So many failed tries of one step; then the only way is on, so that nobody is held up by a broken instrument."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The site's times."""

    rest_ms: int = 60_000
    idle_ms: int = 60_000
    warning_ms: int = 15_000


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person agreed to, and when by both clocks."""

    scope: ConsentScope
    text_version: str
    wall_ms: int
    uptime_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the journal has of this session: `waiting` readings are on their way to the disk, `kept` are there."""

    is_begun: bool = False
    """The consent was handed to the journal, with the first reading."""
    waiting: int = 0
    kept: int = 0
    is_refused: bool = False
    """The disk was full; something of the session is not kept."""
    is_withdrawing: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The measurement that is on.

    `readings` count; `earlier` are those of a series that the person chose to repeat, and count again if the new one
    comes to nothing. `offered` is a reading that the person may still replace, so it is neither kept nor counted yet.
    """

    kind: VitalKind
    phase: Phase
    since_ms: int
    is_begun: bool = False
    """An instrument was told to begin, and what it says counts."""
    begun_ms: int = 0
    """When that was; an instrument that comes and goes does not keep an empty cabin busy for ever."""
    readings: tuple[Reading, ...] = ()
    earlier: tuple[Reading, ...] = ()
    offered: Reading | None = None
    repeats: int = 0
    failures: int = 0
    trouble: Trouble | None = None
    live: Live | None = None
    live_ms: int = 0
    window: Window = field(default_factory=Window)
    rest_until_ms: int = 0
    """The next reading must not be taken before."""

    @property
    def is_busy(self) -> bool:
        """Whether the person sits still for a measurement and touches nothing for good reason."""
        return self.phase in (Phase.WAITING, Phase.MEASURING, Phase.REST)

    @property
    def may_repeat(self) -> bool:
        """Whether a doubtful result may be repeated once more."""
        return self.repeats < MAX_REPEATS


@dataclass(frozen=True, slots=True)
class Done:
    """One kind of measurement that came to something; at least one reading."""

    kind: VitalKind
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The session of whoever is in the cabin, or the cabin waiting for somebody."""

    pace: Pace
    offers: tuple[Offer, ...] = ()
    page: Page = Page.CHOOSE
    session: str = ""
    subject: str | None = None
    chosen: tuple[VitalKind, ...] = ()
    consent: Consent | None = None
    step: Step | None = None
    done: tuple[Done, ...] = ()
    skipped: tuple[VitalKind, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
    sheet_at_ms: int = 0
    """Wall clock of the result sheet."""
    touched_ms: int = 0
    """When the person last did something, or an instrument last had them busy."""
    farewell_until_ms: int = 0

    @property
    def is_in_use(self) -> bool:
        """Whether there is something to wipe."""
        return self.page in (Page.CONSENT, Page.STEP, Page.SHEET) or bool(self.chosen)

    @property
    def is_busy(self) -> bool:
        """Whether a measurement has the person busy: nobody is warned or wiped meanwhile."""
        return self.step is not None and self.step.is_busy

    @property
    def has_measured(self) -> bool:
        """Whether there is anything that going back would throw away."""
        step = self.step
        return bool(self.done) or (step is not None and bool(step.readings or step.earlier))

    @property
    def warned_ms(self) -> int | None:
        """From when on the screen warns that everything will be wiped; None while there is no reason to."""
        return self.touched_ms + self.pace.idle_ms if self.is_in_use and not self.is_busy else None

    @property
    def wiped_ms(self) -> int | None:
        """When everything is wiped unless somebody does something."""
        return None if self.warned_ms is None else self.warned_ms + self.pace.warning_ms

    @property
    def is_last_step(self) -> bool:
        """Whether the sheet comes next."""
        return self.step is None or self.step.kind is self.chosen[-1]


def wiped(state: State) -> State:
    """Return the state that knows nothing of anybody."""
    return State(pace=state.pace, offers=state.offers)


def has_instrument(state: State, kind: VitalKind) -> bool:
    """Tell whether an instrument for `kind` is here and not missing."""
    return any(offer.kind is kind and offer.readiness is not Readiness.MISSING for offer in state.offers)


def can_measure(state: State, kind: VitalKind) -> bool:
    """Tell whether a person may choose `kind`: an instrument is there, or it can be typed."""
    return has_instrument(state, kind) or (kind is VitalKind.HEIGHT and bool(state.offers))

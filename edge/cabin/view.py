"""What the cabin's screen shows, as data: one `View` after each change, encoded as JSON by msgspec.

The screen holds nothing of its own: whoever opens the page gets the newest view and is in the picture. Keys such as
`hint` or `trouble` name sentences of the screen's catalogue; values are in the units of `wire.measures`.
"""

from enum import StrEnum

from msgspec import Struct

from edge.instrument import Readiness
from wire.entries import ConsentScope, Flag, VitalKind


class Page(StrEnum):
    """Which screen it is."""

    CHOOSE = "choose"
    CONSENT = "consent"
    STEP = "step"
    SHEET = "sheet"
    FAREWELL = "farewell"


class Phase(StrEnum):
    """Where within one step."""

    PREPARE = "prepare"
    """How to sit, where the cuff goes; the person presses start."""
    WAITING = "waiting"
    """Started; the instrument has not said anything yet."""
    MEASURING = "measuring"
    REST = "rest"
    """The pause between two readings, with a countdown."""
    RESULT = "result"
    TROUBLE = "trouble"
    ENTRY = "entry"
    """The person types a value (height)."""


class Trouble(StrEnum):
    """What went wrong in a step, each with one thing to do next (a sentence of the catalogue)."""

    PROBE_OFF = "probe-off"
    CUFF_LOOSE = "cuff-loose"
    CUFF_LEAK = "cuff-leak"
    MOTION = "motion"
    NO_PULSE = "no-pulse"
    OVERPRESSURE = "overpressure"
    LOW_BATTERY = "low-battery"
    TIMED_OUT = "timed-out"
    BROKEN = "broken"
    LOST = "lost"
    SILENT = "silent"
    BOND = "bond"
    RADIO = "radio"
    IMPLAUSIBLE = "implausible"
    NO_VALUE = "no-value"
    NOT_RECORDED = "not-recorded"
    """The station's disk is full: shown, not kept."""


class Action(StrEnum):
    """What the person may do now; `View.actions` lists exactly those that will be accepted."""

    BEGIN = "begin"
    CONSENT = "consent"
    START = "start"
    STOP = "stop"
    REPEAT = "repeat"
    SKIP = "skip"
    NEXT = "next"
    ENTER = "enter"
    BACK = "back"
    FINISH = "finish"
    WITHDRAW = "withdraw"
    EXTEND = "extend"


class OfferView(Struct, frozen=True, kw_only=True):
    """One thing that can be measured here, and about how long it takes."""

    kind: VitalKind
    readiness: Readiness
    seconds: int


class LiveView(Struct, frozen=True, kw_only=True):
    """The running measurement: values by measure, signal and progress from 0 to 1 where the device tells them."""

    values: dict[str, float]
    signal: float | None = None
    progress: float | None = None
    flags: list[Flag] = []


class ReadingView(Struct, frozen=True, kw_only=True):
    """One accepted reading."""

    values: dict[str, float]
    flags: list[Flag] = []


class StepView(Struct, frozen=True, kw_only=True):
    """The step that is on: number `number` of `of`; `reading` of `readings` (blood pressure takes two or three)."""

    kind: VitalKind
    number: int
    of: int
    phase: Phase
    reading: int = 1
    readings: int = 1
    live: LiveView | None = None
    countdown_s: int | None = None
    trouble: Trouble | None = None
    """In TROUBLE why; in RESULT only ever NOT_RECORDED: the result stands, and could not be kept."""
    result: ReadingView | None = None
    is_doubtful: bool = False
    """The result is to be taken with care; REPEAT among the actions offers to take it anew."""


class RowView(Struct, frozen=True, kw_only=True):
    """One kind of measurement on the sheet: what counts, and the readings that it came from."""

    kind: VitalKind
    values: dict[str, float]
    flags: list[Flag]
    readings: list[ReadingView]
    is_doubtful: bool
    calibration_overdue: bool = False
    """An instrument that it came from should have been calibrated before today."""


class NewsView(Struct, frozen=True, kw_only=True):
    """NEWS2 (Royal College of Physicians, 2017) as far as it can be known: at least `at_least`, without `missing`."""

    at_least: int
    missing: list[str]
    is_high: bool


class SheetView(Struct, frozen=True, kw_only=True):
    """The result sheet; `at_ms` is the station's wall clock."""

    at_ms: int
    rows: list[RowView]
    skipped: list[VitalKind]
    news2: NewsView | None
    kept: ConsentScope | None
    """What was agreed to, once the station's disk has all of it; None: not (yet), or nothing was to be kept."""
    is_withdrawn: bool = False
    trouble: Trouble | None = None
    """NOT_RECORDED: the disk was full, so that not everything could be kept, or the withdrawal not be noted."""


class IdleView(Struct, frozen=True, kw_only=True):
    """Nobody has touched anything for a while: everything will be wiped in `seconds_left`."""

    seconds_left: int


class View(Struct, frozen=True, kw_only=True):
    """Everything that the cabin's screen needs; `version` grows with every change and starts anew with the daemon."""

    version: int
    page: Page
    offers: list[OfferView]
    actions: list[Action]
    chosen: list[VitalKind] = []
    consent: ConsentScope | None = None
    is_bound: bool = False
    """The session is tied to a pseudonym, which goes along once the person agrees to anything being kept."""
    step: StepView | None = None
    sheet: SheetView | None = None
    idle: IdleView | None = None


class WaveView(Struct, frozen=True, kw_only=True):
    """More of the pleth wave, each sample 0 to 100; a piece that came too late is not kept."""

    samples: list[int]
    rate_hz: int

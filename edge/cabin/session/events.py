"""What the session hears, and what it wants done. Data."""

from dataclasses import dataclass
from enum import Enum

from edge.cabin.orders import Order
from edge.cabin.ports import Offer
from edge.cabin.rules.readings import Reading
from edge.codecs.instrument import Wave
from edge.instrument import InstrumentNews
from wire.entries import ConsentScope, SessionOutcome, VitalKind


@dataclass(frozen=True, slots=True)
class Act:
    """The person did something; `token` names a session that begins with it, `wall_ms` is the wall clock."""

    order: Order
    token: str
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be measured here now."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A card reader knows the person by this pseudonym."""

    subject: str


@dataclass(frozen=True, slots=True)
class Touched:
    """The person is busy with something else on the same screen."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Halted:
    """The daemon ends in good order."""


class Entry(Enum):
    """What kind of entry the journal was to take."""

    READING = "reading"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The journal has an entry of `session` on disk (`is_kept`), or has refused it for want of space."""

    session: str
    entry: Entry
    is_kept: bool


Event = Act | InstrumentNews | Offered | Bound | Touched | Tick | Halted | Recorded


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin a measurement with an instrument."""

    kind: VitalKind


@dataclass(frozen=True, slots=True)
class Cancel:
    """End it."""

    kind: VitalKind


@dataclass(frozen=True, slots=True)
class ShowWave:
    """Let the screen draw more of the pleth wave."""

    wave: Wave


@dataclass(frozen=True, slots=True)
class Count:
    """One more measurement was accepted or refused."""

    is_accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepConsent:
    """Write down that the person agreed, at these times of both clocks; always before the first reading."""

    session: str
    scope: ConsentScope
    text_version: str
    subject: str | None
    wall_ms: int
    uptime_ms: int


@dataclass(frozen=True, slots=True)
class KeepReading:
    """Write down one reading; `Recorded` answers."""

    session: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class KeepWithdrawal:
    """Write down that the person wants everything deleted; `Recorded` answers."""

    session: str


@dataclass(frozen=True, slots=True)
class KeepEnd:
    """Write down that nothing more will come."""

    session: str
    outcome: SessionOutcome


Keep = KeepConsent | KeepReading | KeepWithdrawal | KeepEnd
Effect = Begin | Cancel | ShowWave | Count | Keep
Effects = tuple[Effect, ...]

"""What a session knows. Everything of the person is in `Visit`, and forgetting it is one assignment."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from edge.idcard.card import AccessKey, CardRead, Step
from edge.idcard.groups import Field
from edge.identity.purposes import Gives, Purpose
from edge.identity.view import Outcome, Page

MAX_TRIES: Final = 3
"""Wrong numbers in a row before a pause, whoever types them: no citizen's card may lock itself here."""
PAUSE_MS: Final = 60_000
FAREWELL_MS: Final = 5_000
READING_LIMIT_MS: Final = 60_000
"""A whole card with its photo takes seconds; beyond this the reader hangs."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The site's times."""

    idle_ms: int = 60_000
    warning_ms: int = 15_000


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong numbers since one was right, and until when the card is left alone."""

    wrong: int = 0
    paused_until_ms: int = 0

    def failed(self, now_ms: int) -> "Tries":
        """Return it with one more; the last one begins the pause, after which the count is anew."""
        if self.wrong + 1 < MAX_TRIES:
            return Tries(self.wrong + 1)
        return Tries(0, now_ms + PAUSE_MS)

    def is_paused(self, now_ms: int) -> bool:
        """Tell whether nothing may be tried."""
        return now_ms < self.paused_until_ms


class Remedy(Enum):
    """What may be done about a trouble, besides ending."""

    TYPE_AGAIN = auto()
    READ_AGAIN = auto()
    REVIEW_AGAIN = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong (a name of edge.identity.view.TroubleView), and the way on."""

    fault: str
    remedy: Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything of the person at the card reader. `attempt` numbers readings: what an earlier one says is too late."""

    session: str
    offered: tuple[Purpose, ...]
    page: Page = Page.PURPOSE
    purpose: Purpose | None = None
    key: AccessKey | None = field(default=None, repr=False)
    number: str | None = field(default=None, repr=False)
    """All twelve digits, where the person gave them."""
    is_misread: bool = False
    """The last code that was scanned was another one; until the next touch."""
    step: Step | None = None
    begun_ms: int = 0
    card: CardRead | None = field(default=None, repr=False)
    shown: frozenset[Field] = frozenset()
    removed: frozenset[Field] = frozenset()
    trouble: Trouble | None = None

    @property
    def is_busy(self) -> bool:
        """Whether the station works and the person can only wait."""
        return self.page in (Page.READING, Page.SENDING)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that the card has and the purpose wants, in the order of the screen."""
        if self.card is None or self.purpose is None:
            return ()
        return tuple(field for field in self.purpose.fields if field in self.card.fields)

    @property
    def is_choosable(self) -> bool:
        """Whether fields may be left out."""
        return self.purpose is not None and self.purpose.gives in (Gives.SEALED, Gives.PREFILL)


@dataclass(frozen=True, slots=True)
class Farewell:
    """The last screen of a visit."""

    outcome: Outcome
    until_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The reader and whoever uses it; `turn` names the card that lies there, by its insertion."""

    pace: Pace
    is_reader_ok: bool = False
    turn: int | None = None
    tries: Tries = Tries()
    attempt: int = 0
    visit: Visit | None = None
    farewell: Farewell | None = None
    touched_ms: int = 0

    @property
    def page(self) -> Page:
        """Which screen it is."""
        if self.visit is not None:
            return self.visit.page
        return Page.NONE if self.farewell is None else Page.FAREWELL

    @property
    def warned_ms(self) -> int | None:
        """From when on the screen warns that everything will be wiped; None while there is no reason to."""
        if self.visit is None or self.visit.is_busy:
            return None
        return self.touched_ms + self.pace.idle_ms

    @property
    def wiped_ms(self) -> int | None:
        """When everything is wiped unless somebody does something."""
        return None if self.warned_ms is None else self.warned_ms + self.pace.warning_ms

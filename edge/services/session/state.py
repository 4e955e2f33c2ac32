"""What a session knows. Everything of the person is in `Visit`, and forgetting it is one assignment."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from catalogue.asking import faults
from catalogue.faults import Fault
from catalogue.model import Level, Need
from edge.idcard.card import Proof
from edge.idcard.groups import Field
from edge.services.draft_view import DraftFault
from edge.services.offer import Offer, Offered, Paper
from edge.services.session.draft import Fitting, Keepsake, Kept, card_keepsake, typed_answers
from edge.services.view import Outcome, Page

FAREWELL_MS: Final = 5_000
WRONG_CODES: Final = 5
"""So many codes may be wrong; then none is taken for PAUSE_MS."""
PAUSE_MS: Final = 60_000
_WISHING: Final = frozenset({Page.SERVICE, Page.QUESTION, Page.CHECK})
_KEEPABLE: Final = frozenset({Page.QUESTION, Page.CHECK, Page.TROUBLE})
_WORKING: Final = frozenset({Page.SENDING, Page.WAITING})
"""Pages that wait for the disk, and not for the person."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now: milliseconds of the monotonic clock, and which day it is in Vietnam."""

    uptime_ms: int
    today: dt.date


@dataclass(frozen=True, slots=True)
class Pace:
    """The site's times."""

    idle_ms: int = 60_000
    warning_ms: int = 15_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What stays the same as long as the daemon runs: `recipients` have a key, `wards` have their names by code.

    `keeps_drafts`: what is not submitted can be kept for later.
    """

    pace: Pace
    offer: Offer = field(repr=False)
    recipients: frozenset[str]
    wards: Mapping[str, str] = field(default_factory=dict, repr=False)
    keeps_drafts: bool = False


@dataclass(frozen=True, slots=True)
class CardGiven:
    """What the person left in of their card, and what was proven of it."""

    fields: Mapping[Field, str] = field(repr=False)
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is left of a submission; `papers` are to be brought."""

    tracking: str
    word: str = field(repr=False)
    at_ms: int
    is_online: bool
    papers: tuple[Paper, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything of the person. `request`, `tracking` and `word` stay the same however often it is tried to submit."""

    session: str
    need: Need | None
    """None: the person came to open a draft, and it is not open yet."""
    page: Page = Page.GROUP
    offered: Offered | None = field(default=None, repr=False)
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)
    """By question: only good ones, only of questions that apply; None: left out."""
    card: CardGiven | None = field(default=None, repr=False)
    question: str = ""
    is_changing: bool = False
    """The question was opened from the page that checks all answers, and leads back there."""
    fault: Fault | None = None
    shown: frozenset[str] = frozenset()
    request: str = ""
    tracking: str = ""
    word: str = field(default="", repr=False)
    trouble: str | None = None
    receipt: Receipt | None = None
    kept: Kept | None = None
    """The draft on disk that this visit comes from, or has just left behind."""
    found: Fitting | None = None
    """What was opened, before its person goes on with it."""
    fault_of_code: DraftFault | None = None
    seeks_draft: bool = False
    """The person has said that something is kept for their card."""

    @property
    def is_draft(self) -> bool:
        """Whether something of the person is here that is not submitted."""
        return bool(self.answers) or self.card is not None

    @property
    def wishes_card(self) -> bool:
        """Whether the service would take something from the card now."""
        is_chip = self.offered is not None and self.offered.whole.identity.level is Level.CHIP
        return is_chip and self.card is None and self.page in _WISHING

    @property
    def is_keepable(self) -> bool:
        """Whether something was answered by hand that could be kept for later."""
        has_answers = self.offered is not None and bool(typed_answers(self.offered, self.answers))
        return has_answers and self.page in _KEEPABLE

    @property
    def card_keepsake(self) -> Keepsake | None:
        """What would open a draft of this service that is tied to the card."""
        if self.card is None or self.offered is None:
            return None
        return card_keepsake(self.card.proof.fingerprint, self.offered.whole.id)

    def is_complete(self, today: dt.date) -> bool:
        """Whether nothing stands in the way of submitting."""
        if self.offered is None or faults(self.offered.asked, self.answers, today):
            return False
        return self.card is not None or self.offered.whole.identity.level is not Level.CHIP


@dataclass(frozen=True, slots=True)
class Farewell:
    """The last screen of a visit."""

    outcome: Outcome
    until_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The site, and whoever uses it; `is_away`: they are busy with their card on the same screen."""

    site: Site
    visit: Visit | None = None
    farewell: Farewell | None = None
    touched_ms: int = 0
    is_away: bool = False
    wrong_codes: int = 0
    paused_ms: int = 0
    """Until when no code of a draft is taken: of the screen, whoever stands there."""

    @property
    def page(self) -> Page:
        """Which screen it is."""
        if self.visit is not None:
            return self.visit.page
        return Page.HOME if self.farewell is None else Page.FAREWELL

    @property
    def warned_ms(self) -> int | None:
        """From when on the screen warns that everything will be wiped; None while there is no reason to."""
        if self.visit is None or self.is_away or self.visit.page in _WORKING:
            return None
        return self.touched_ms + self.site.pace.idle_ms

    @property
    def wiped_ms(self) -> int | None:
        """When everything is wiped unless somebody does something."""
        return None if self.warned_ms is None else self.warned_ms + self.site.pace.warning_ms

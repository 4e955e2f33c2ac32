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
from edge.services.offer import Offer, Offered, Paper
from edge.services.view import Outcome, Page

FAREWELL_MS: Final = 5_000
_WISHING: Final = frozenset({Page.SERVICE, Page.QUESTION, Page.CHECK})


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
    """What stays the same as long as the daemon runs: `recipients` have a key, `wards` have their names by code."""

    pace: Pace
    offer: Offer = field(repr=False)
    recipients: frozenset[str]
    wards: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class CardGiven:
    """What the person left in of their card, and what was proven of it."""

    fields: Mapping[Field, str] = field(repr=False)
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is left of a submission; `papers` are to be brought."""

    tracking: str
    at_ms: int
    is_online: bool
    papers: tuple[Paper, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything of the person. `request` and `tracking` stay the same however often it is tried to submit."""

    session: str
    need: Need
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
    trouble: str | None = None
    receipt: Receipt | None = None

    @property
    def is_draft(self) -> bool:
        """Whether something of the person is here that is not submitted."""
        return bool(self.answers) or self.card is not None

    @property
    def wishes_card(self) -> bool:
        """Whether the service would take something from the card now."""
        is_chip = self.offered is not None and self.offered.whole.identity.level is Level.CHIP
        return is_chip and self.card is None and self.page in _WISHING

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

    @property
    def page(self) -> Page:
        """Which screen it is."""
        if self.visit is not None:
            return self.visit.page
        return Page.HOME if self.farewell is None else Page.FAREWELL

    @property
    def warned_ms(self) -> int | None:
        """From when on the screen warns that everything will be wiped; None while there is no reason to."""
        if self.visit is None or self.is_away or self.visit.page is Page.SENDING:
            return None
        return self.touched_ms + self.site.pace.idle_ms

    @property
    def wiped_ms(self) -> int | None:
        """When everything is wiped unless somebody does something."""
        return None if self.warned_ms is None else self.warned_ms + self.site.pace.warning_ms

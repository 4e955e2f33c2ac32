"""What the screen shows of a services session, as data: one `ServicesView` after each change, JSON by msgspec.

Texts of services come along in both languages, everything else is a key of the screen's own words. What stands on a
card is not in it before its person asks to see it.
"""

from enum import StrEnum
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from catalogue.faults import Reason
from catalogue.model import Kind, Level, Need
from catalogue.questions import Span
from catalogue.words import Label, Text
from edge.services.draft_view import FoundView, KeptView, ResumeView


class Page(StrEnum):
    """Which screen it is."""

    HOME = "home"
    """The start screen; nobody's data is in it."""
    GROUP = "group"
    SERVICE = "service"
    QUESTION = "question"
    CHECK = "check"
    SENDING = "sending"
    RECEIPT = "receipt"
    TROUBLE = "trouble"
    FAREWELL = "farewell"
    KEEP = "keep"
    """How shall what was answered be kept for later?"""
    KEPT = "kept"
    RESUME = "resume"
    """Which draft is it?"""
    FOUND = "found"
    WAITING = "waiting"
    """A draft is being written, opened or deleted."""


class Action(StrEnum):
    """What the person may do now; `ServicesView.actions` lists exactly those that will be accepted."""

    OPEN = "open"
    CHOOSE = "choose"
    START = "start"
    USE_CARD = "use-card"
    ANSWER = "answer"
    SKIP = "skip"
    CHANGE = "change"
    SHOW = "show"
    HIDE = "hide"
    SUBMIT = "submit"
    BACK = "back"
    END = "end"
    EXTEND = "extend"
    KEEP = "keep"
    KEEP_BY_CODE = "keep-by-code"
    KEEP_BY_CARD = "keep-by-card"
    RESUME = "resume"
    UNLOCK = "unlock"
    FORGET = "forget"


class Outcome(StrEnum):
    """How it ended."""

    FINISHED = "finished"
    """It was submitted."""
    TIMED_OUT = "timed-out"
    LEFT = "left"
    KEPT = "kept"
    STILL_KEPT = "still-kept"
    FORGOTTEN = "forgotten"


FULL: Final = "full"
"""The station cannot take requests now; nothing was submitted, and the answers are still there."""
NO_RECIPIENT: Final = "no-recipient"
"""The station has no key of the authority, so nothing could be sealed for it."""


class ToldView(Struct, frozen=True, kw_only=True):
    """One answer of the catalogue about a service, and where it stands."""

    topic: str
    text: Text
    source: str
    confirmed: bool


class IdentityNeed(Struct, frozen=True, kw_only=True):
    """How sure one must be of who asks, and what is taken from the card."""

    level: Level
    fields: list[str]


class PaperView(Struct, frozen=True, kw_only=True):
    """A paper that must be brought to the desk."""

    name: Text
    optional: bool


class ServiceCard(Struct, frozen=True, kw_only=True):
    """One service, with what people ask about it. `has_card_fields`: the card's fields were taken over."""

    id: str
    version: int
    kind: Kind
    name: Label
    summary: Text
    warning: Text | None
    data_use: Text
    decides: Label
    answers: list[ToldView]
    result: Text
    identity: IdentityNeed
    has_card_fields: bool
    papers: list[PaperView]


class OptionView(Struct, frozen=True, kw_only=True):
    """One answer to choose."""

    id: str
    label: Label
    help: Text | None


class FaultView(Struct, frozen=True, kw_only=True):
    """Why the last answer was not taken, and what to do."""

    reason: Reason
    hint: Text | None


class QuestionCard(Struct, frozen=True, kw_only=True):
    """One question, "`number` of `of`"; `type` is the catalogue's. What belongs to other types is left out.

    `value` is the present answer; what stands on a card is not shown here.
    """

    id: str
    type: str
    text: Label
    help: Text | None
    spoken: Text | None
    optional: bool
    personal: bool
    number: int
    of: int
    value: object
    fault: FaultView | None
    options: list[OptionView] | UnsetType = UNSET
    max_length: int | UnsetType = UNSET
    many_lines: bool | UnsetType = UNSET
    pattern_hint: Text | UnsetType | None = UNSET
    example: str | UnsetType | None = UNSET
    unit: Label | UnsetType | None = UNSET
    lowest: int | UnsetType = UNSET
    highest: int | UnsetType = UNSET
    span: Span | UnsetType = UNSET
    years: int | UnsetType = UNSET
    most: int | UnsetType = UNSET

    def __repr__(self) -> str:
        """Tell everything but the answer."""
        return f"QuestionCard({self.id!r}, number={self.number}, of={self.of})"


class RowCard(Struct, frozen=True, kw_only=True):
    """One line of "check your answers"; `shown` is empty while it is hidden."""

    question: str
    text: Label
    shown: Text
    is_personal: bool
    is_hidden: bool
    is_card: bool
    may_change: bool

    def __repr__(self) -> str:
        """Tell everything but the answer."""
        return f"RowCard({self.question!r}, is_hidden={self.is_hidden})"


class ReceiptView(Struct, frozen=True, kw_only=True):
    """What the person takes along. Only who has the `word` may change what was submitted.

    `at_ms` is wall time; `is_online`: the line was up then.
    """

    tracking: str
    word: str
    at_ms: int
    is_online: bool
    deadline_words: Text | None

    def __repr__(self) -> str:
        """Tell everything but the word."""
        return f"ReceiptView({self.tracking}, is_online={self.is_online})"


class IdleView(Struct, frozen=True, kw_only=True):
    """Nobody has touched anything for a while: everything will be wiped in `seconds_left`."""

    seconds_left: int


class ServicesView(Struct, frozen=True, kw_only=True):
    """Everything that the screen needs; `version` grows with every change and starts anew with the daemon."""

    version: int
    page: Page
    actions: list[Action]
    need: Need | None = None
    service: ServiceCard | None = None
    question: QuestionCard | None = None
    rows: list[RowCard] = []
    receipt: ReceiptView | None = None
    trouble: str | None = None
    is_submitted: bool = False
    idle: IdleView | None = None
    outcome: Outcome | None = None
    resume: ResumeView | None = None
    found: FoundView | None = None
    kept: KeptView | None = None


class EntryView(Struct, frozen=True, kw_only=True):
    """A service on the start screen."""

    id: str
    name: Label
    summary: Text
    kind: Kind


class NeedView(Struct, frozen=True, kw_only=True):
    """A group of the start screen."""

    need: Need
    services: list[EntryView]


class MenuView(Struct, frozen=True, kw_only=True):
    """Everything that the station offers, in the order of the start screen; the same as long as the daemon runs."""

    needs: list[NeedView]


class WardView(Struct, frozen=True, kw_only=True):
    """A ward that an address can be in."""

    code: str
    name: str

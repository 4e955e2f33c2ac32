"""What the screen shows of an identity session, as data: one `IdentityView` after each change, JSON by msgspec.

A value that the person has not asked to see is not in it. Names such as `purpose` or `fault` are keys of the screen's
catalogue.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from edge.idcard.card import CloneCheck, Issuer, Step
from edge.idcard.groups import Field
from edge.identity.purposes import Gives


class Page(StrEnum):
    """Which screen it is."""

    NONE = "none"
    """Nobody uses the card; the screen belongs to others."""
    PURPOSE = "purpose"
    CONSENT = "consent"
    NUMBER = "number"
    DATES = "dates"
    CARD = "card"
    READING = "reading"
    TROUBLE = "trouble"
    REVIEW = "review"
    SENDING = "sending"
    DONE = "done"
    FAREWELL = "farewell"


class Action(StrEnum):
    """What the person may do now; `IdentityView.actions` lists exactly those that will be accepted."""

    OPEN = "open"
    CHOOSE = "choose"
    AGREE = "agree"
    NUMBER = "number"
    SCAN = "scan"
    TO_DATES = "to-dates"
    DATES = "dates"
    RETRY = "retry"
    SHOW = "show"
    HIDE = "hide"
    REMOVE = "remove"
    RESTORE = "restore"
    SEND = "send"
    BACK = "back"
    END = "end"
    EXTEND = "extend"


class Outcome(StrEnum):
    """How it ended."""

    FINISHED = "finished"
    CARD_REMOVED = "card-removed"
    TIMED_OUT = "timed-out"


BUSY: Final = "busy"
"""Too many wrong numbers: the card is left alone for a while, so that it does not lock itself."""
FULL: Final = "full"
"""The station cannot take requests now; nothing was sent, nothing is kept."""
TOO_LATE: Final = "too-late"
"""The cabin's session is over, or went on without the pseudonym."""


class PurposeView(Struct, frozen=True, kw_only=True):
    """One use of the card."""

    purpose: str
    gives: Gives
    fields: list[Field]
    recipient: str = ""


class StepView(Struct, frozen=True, kw_only=True):
    """How far the reading is."""

    name: Step


class TroubleView(Struct, frozen=True, kw_only=True):
    """What went wrong: a CardFault, BUSY, FULL or TOO_LATE; `wait_s` until the card may be tried again."""

    fault: str
    tries_left: int
    wait_s: int = 0


class FieldView(Struct, frozen=True, kw_only=True):
    """One field of the card; `value` is None while it is hidden."""

    field: Field
    value: str | None = None
    is_shown: bool = False
    is_removed: bool = False
    is_needed: bool = False

    def __repr__(self) -> str:
        """Tell everything but what stands on the card."""
        return f"FieldView({self.field!s}, is_shown={self.is_shown}, is_removed={self.is_removed})"


class ProofView(Struct, frozen=True, kw_only=True):
    """What was proven of the card."""

    issuer: Issuer
    clone_check: CloneCheck


class IdleView(Struct, frozen=True, kw_only=True):
    """Nobody has touched anything for a while: everything will be wiped in `seconds_left`."""

    seconds_left: int


class IdentityView(Struct, frozen=True, kw_only=True):
    """Everything that the screen needs; `version` grows with every change and starts anew with the daemon."""

    version: int
    page: Page
    actions: list[Action]
    purposes: list[PurposeView] = []
    purpose: PurposeView | None = None
    card_present: bool = False
    reader_ok: bool = False
    is_misread: bool = False
    """The scanner read another code than a card's."""
    step: StepView | None = None
    trouble: TroubleView | None = None
    fields: list[FieldView] = []
    has_photo: bool = False
    proof: ProofView | None = None
    idle: IdleView | None = None
    outcome: Outcome | None = None

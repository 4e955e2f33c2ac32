"""What the screen shows of a draft that is kept for later, as data."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from catalogue.words import Label

NO_ROOM: Final = "no-room"
"""The station keeps as many drafts as it may; this one was not kept, and the answers are still there."""
NOT_KEPT: Final = "not-kept"
"""The disk does not take a draft now, or does not let go of one; the answers are still there."""
NO_DRAFT: Final = "no-draft"
"""Nothing is kept for this card and this service."""
DRAFT_DAMAGED: Final = "draft-damaged"
"""What was kept for this card can no longer be read, and was deleted."""
DRAFT_TROUBLES: Final = frozenset({NO_ROOM, NOT_KEPT, NO_DRAFT, DRAFT_DAMAGED})


class DraftFault(StrEnum):
    """Why a code did not open a draft."""

    MISTYPED = "mistyped"
    """It is no code: a wrong character, or one too few or too many."""
    UNKNOWN = "unknown"
    """Nothing is kept for it: never was, its week is over, or it was submitted."""
    DAMAGED = "damaged"
    """What was kept can no longer be read, and was deleted."""
    UNREADABLE = "unreadable"
    """The disk cannot be asked now; nothing is lost by that."""
    NOT_OFFERED = "not-offered"
    """The service is no longer offered here."""


class ResumeView(Struct, frozen=True, kw_only=True):
    """What is asked for to open a draft; no code is taken for `seconds_left`. `by_card`: the services that a card opens one of."""

    fault: DraftFault | None
    seconds_left: int | None
    by_card: list[str]


class FoundView(Struct, frozen=True, kw_only=True):
    """A draft that was opened. `anew`: what no longer fits and is to be answered anew; `until_ms` is wall time."""

    answered: int
    anew: list[Label]
    is_changed: bool
    """The service was changed since."""
    until_ms: int


class KeptView(Struct, frozen=True, kw_only=True):
    """What the person takes along: a code, or (empty) their card. `until_ms` is wall time."""

    code: str
    until_ms: int

    def __repr__(self) -> str:
        """Tell everything but the code."""
        return f"KeptView(until_ms={self.until_ms})"

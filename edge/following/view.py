"""What the screen shows of a request that somebody follows, as data: JSON by msgspec. Times are the wall clock's in ms."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from wire.entries import RequestAction, RequestKind
from wire.messages import RequestChanged
from wire.tracking import MAX_TYPED_LENGTH


class Page(StrEnum):
    """Which page it is."""

    CODE = "code"
    """The code is to be typed."""
    ASKING = "asking"
    """Nothing is known here: the centre is to be asked."""
    FOUND = "found"


class Trouble(StrEnum):
    """Why there is no answer, or none that is new."""

    MISTYPED = "mistyped"
    UNKNOWN = "unknown"
    OFFLINE = "offline"
    TOO_OFTEN = "too-often"
    NOT_YOURS = "not-yours"
    """The word is not the one on the receipt."""
    NOT_RECORDED = "not-recorded"


class Step(StrEnum):
    """What the screen can want."""

    LOOK = "look"
    """Look a code up on the station's disk."""
    ASK = "ask"
    """Ask the centre about the code that was looked up, and about the word that was shown."""
    PROVE = "prove"
    """Show the word on the receipt."""
    AMEND = "amend"
    LEAVE = "leave"


class Needed(StrEnum):
    """What a person must show before they may do anything."""

    NOTHING = ""
    WORD = "word"
    CARD = "card"


class Order(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Take `step`: `code` (or all that the receipt's QR code holds) belongs to look, `word` to prove.

    `action` belongs to amend, `is_sure` to what ends a request, `rating` to rate.
    """

    step: Step
    code: Annotated[str, Meta(max_length=2 * MAX_TYPED_LENGTH)] = ""
    word: Annotated[str, Meta(max_length=MAX_TYPED_LENGTH)] = ""
    action: RequestAction | None = None
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    is_sure: bool = False

    def __repr__(self) -> str:
        """Tell everything but what was typed."""
        return f"Order({self.step!r}, {self.action!r})"


class FollowingView(Struct, frozen=True, kw_only=True):
    """`actions` are exactly those that will be accepted, `offered` those that will be once what is `needed` was shown.

    `is_fresh`: `now` is what the centre said just now.
    Only the centre tells `service`, `request_kind` and `submitted_at_ms`. `sent` is what the person did and is on disk.
    """

    page: Page
    actions: list[RequestAction] = []
    offered: list[RequestAction] = []
    needed: Needed = Needed.NOTHING
    now: RequestChanged | None = None
    service: str = ""
    request_kind: RequestKind | None = None
    submitted_at_ms: int | None = None
    is_fresh: bool = False
    sent: RequestAction | None = None
    trouble: Trouble | None = None

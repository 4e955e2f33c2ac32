"""What the session hears, and what it wants done. Data; nothing personal shows in a repr."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.services.draft_view import DraftFault
from edge.services.offer import Offered
from edge.services.orders import Order
from edge.services.session.draft import Draft, Keepsake, Kept
from edge.services.session.state import CardGiven


@dataclass(frozen=True, slots=True)
class Act:
    """The person did something; `token` names a visit or a request that begins with it."""

    order: Order
    token: str


@dataclass(frozen=True, slots=True)
class Prefilled:
    """The person handed over what the service wants of their card."""

    card: CardGiven


@dataclass(frozen=True, slots=True)
class Away:
    """The person turned to their card (on the same screen), or came back from it."""

    is_away: bool


@dataclass(frozen=True, slots=True)
class Touched:
    """The person is there."""


@dataclass(frozen=True, slots=True)
class Discarded:
    """The person does not want picture `name` any more."""

    name: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The person left while they were busy with their card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the person of `session` submitted is on disk; else `problem` says why not (edge.services.view).

    `tracking` and `word` are the code that was given out for it and the word beside it, empty when none was; `at_ms` is
    wall time.
    """

    session: str
    problem: str | None = None
    tracking: str = ""
    word: str = field(default="", repr=False)
    at_ms: int = 0
    is_online: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftKept:
    """What the person of `session` wanted to keep is on disk; else `problem` says why not (edge.services.draft_view)."""

    session: str
    kept: Kept | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOpened:
    """What was kept for the keepsake of `session`: a draft, a fault, or neither when nothing is."""

    session: str
    keepsake: Keepsake
    draft: Draft | None = None
    until_ms: int = 0
    fault: DraftFault | None = None


@dataclass(frozen=True, slots=True)
class DraftForgotten:
    """What was kept by the person of `session` is deleted; else `problem` says why not."""

    session: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Halted:
    """The daemon ends."""


Heard = (
    Prefilled
    | Away
    | Touched
    | Discarded
    | Abandoned
    | Settled
    | DraftKept
    | DraftOpened
    | DraftForgotten
    | Tick
    | Halted
)
Event = Act | Heard


@dataclass(frozen=True, slots=True)
class OpenCard:
    """Let the person lay their card on the reader, for service `service`."""

    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Seal it and write it down; `Settled` answers. Without `tracking` a code is to be given out first, with a word."""

    session: str
    request: str
    tracking: str
    word: str = field(default="", repr=False)
    offered: Offered = field(repr=False)
    answers: Mapping[str, object] = field(repr=False)
    card: CardGiven | None = field(repr=False)
    text_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDraft:
    """Seal it and write it down; `DraftKept` answers. Without a secret a code is to be given out first.

    `instead` is forgotten when it is done.
    """

    session: str
    keepsake: Keepsake
    draft: Draft
    instead: Keepsake | None = None


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """Look for what is kept; `DraftOpened` answers."""

    session: str
    keepsake: Keepsake


@dataclass(frozen=True, slots=True)
class ForgetDraft:
    """Delete what is kept; `DraftForgotten` answers."""

    session: str
    keepsake: Keepsake


DraftEffect = KeepDraft | OpenDraft | ForgetDraft
Effect = OpenCard | Submit | DraftEffect
Effects = tuple[Effect, ...]

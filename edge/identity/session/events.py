"""What the session hears, and what it wants done. Data; nothing personal shows in a repr."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.idcard.card import AccessKey, CardRead, Proof, Step
from edge.idcard.errors import CardFault
from edge.idcard.groups import Field
from edge.identity.orders import Order
from edge.identity.purposes import Purpose


@dataclass(frozen=True, slots=True)
class Act:
    """The person did something; `token` names a visit or a sending that begins with it, `offered` what is possible now."""

    order: Order
    token: str
    offered: tuple[Purpose, ...]


@dataclass(frozen=True, slots=True)
class CardIn:
    """A card was laid on the reader. Nobody else uses the screen when `offered` holds anything; `token` names the visit."""

    turn: int
    token: str
    offered: tuple[Purpose, ...]


@dataclass(frozen=True, slots=True)
class CardOut:
    """The card was taken away."""

    turn: int


@dataclass(frozen=True, slots=True)
class Misread:
    """The scanner read something that is not the code of a citizen's card."""


@dataclass(frozen=True, slots=True)
class ReaderChanged:
    """The reader works, or does not."""

    is_ok: bool


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far reading `attempt` is."""

    attempt: int
    step: Step


@dataclass(frozen=True, slots=True)
class ReadDone:
    """Reading `attempt` came to its end."""

    attempt: int
    card: CardRead


@dataclass(frozen=True, slots=True)
class ReadFailed:
    """Reading `attempt` did not."""

    attempt: int
    fault: CardFault


@dataclass(frozen=True, slots=True)
class Settled:
    """What the person of `session` sent is on disk or done; else `problem` says why not (edge.identity.view)."""

    session: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Halted:
    """The daemon ends."""


Event = (
    Act
    | CardIn
    | CardOut
    | Misread
    | ReaderChanged
    | Progressed
    | ReadDone
    | ReadFailed
    | Settled
    | Tick
    | Halted
)


@dataclass(frozen=True, slots=True)
class Read:
    """Read these fields of the card of `turn`."""

    attempt: int
    turn: int
    key: AccessKey = field(repr=False)
    fields: frozenset[Field]


@dataclass(frozen=True, slots=True)
class StopReading:
    """Let the card be."""


@dataclass(frozen=True, slots=True)
class KeepConsent:
    """Write down that somebody agreed to have the card read."""

    session: str
    purpose: str
    text_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Seal these fields for the purpose's recipient and write them down; `Settled` answers."""

    session: str
    share: str
    purpose: Purpose
    text_version: str
    fields: Mapping[Field, str] = field(repr=False)
    proof: Proof


@dataclass(frozen=True, slots=True)
class Bind:
    """Tie the cabin's session to the pseudonym of `number`; `Settled` answers."""

    session: str
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Give these fields to the service that the person is filling in; `Settled` answers."""

    session: str
    purpose: Purpose
    fields: Mapping[Field, str] = field(repr=False)
    proof: Proof


Effect = Read | StopReading | KeepConsent | Share | Bind | HandOver
Effects = tuple[Effect, ...]

"""What happens to the guide, what it remembers, and what it asks the screen to do. Data; nothing of what was said."""

from dataclasses import dataclass
from enum import StrEnum

from catalogue.answers import Answer, Topic
from edge.guide.sentences import Sentence
from edge.guide.understanding import Understood


@dataclass(frozen=True, slots=True)
class Started:
    """The person touched the guide."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The person said or typed something."""

    understood: Understood


@dataclass(frozen=True, slots=True)
class Chosen:
    """The person touched one of the proposed services."""

    service: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The person touched "none of these"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The person touched a question about the service at hand."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Entered:
    """The person opened a service by hand."""

    service: str


@dataclass(frozen=True, slots=True)
class Left:
    """Back to the start screen, or the session ended: everything is forgotten."""


Event = Started | Heard | Chosen | Refused | Asked | Entered | Left


@dataclass(frozen=True, slots=True)
class Propose:
    """Show these services as choices, best first, at most three, and "none of these" below."""

    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """Show the first screen of a service, which the person chose."""

    service: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Show and speak a reviewed answer together with its source."""

    service: str
    topic: Topic
    answer: Answer


@dataclass(frozen=True, slots=True)
class OfferPerson:
    """Show how to reach a person: the area officer, the help line."""


@dataclass(frozen=True, slots=True)
class OfferSos:
    """Put the SOS button before the person at once. It is never pressed for somebody."""


Intent = Propose | Open | Tell | OfferPerson | OfferSos


class Phase(StrEnum):
    """What the guide waits for."""

    LISTENING = "listening"
    CONFIRMING = "confirming"
    IN_SERVICE = "in-service"


@dataclass(frozen=True, slots=True)
class State:
    """What the guide remembers of one session.

    `candidates` were proposed (CONFIRMING), `refused` just before; `service` is at hand, `is_open` once its screens are
    shown; `topic` was asked before the service was known; `misses` counts what was not understood since it last was.
    """

    phase: Phase = Phase.LISTENING
    candidates: tuple[str, ...] = ()
    refused: frozenset[str] = frozenset()
    service: str | None = None
    topic: Topic | None = None
    is_open: bool = False
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """What to say, in this order, and what to do."""

    sentences: tuple[Sentence, ...] = ()
    intents: tuple[Intent, ...] = ()

"""What the guide answers, as data: JSON by msgspec, every text in both languages. Nothing of what was said is in it."""

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from catalogue.answers import Topic
from catalogue.words import Label, Text


class IntentKind(StrEnum):
    """What the screen is to do."""

    OPEN = "open"
    """Show the first page of `service`, which the person chose."""
    SOS = "sos"
    """Put the red button before the person; never press it."""
    PERSON = "person"
    """Show how to reach a person."""


class ChoiceView(Struct, frozen=True, kw_only=True):
    """A service by its name."""

    service: str
    name: Label


class AnswerView(Struct, frozen=True, kw_only=True):
    """A reviewed answer about the service at hand, and where it stands; unconfirmed ones say so in their text, too."""

    topic: Topic
    text: Text
    source: str
    confirmed: bool


class IntentView(Struct, frozen=True, kw_only=True):
    """One thing to do."""

    kind: IntentKind
    service: str | UnsetType = UNSET


class GuideView(Struct, frozen=True, kw_only=True):
    """One turn of the guide. `answer` is told before the `sentences`.

    `proposals`: at most three, to choose one or none of. `service` is at hand and not opened yet: `answer` is about it,
    and choosing it opens it. `topics` may be asked now.
    """

    sentences: list[Text] = []
    proposals: list[ChoiceView] = []
    service: ChoiceView | None = None
    answer: AnswerView | None = None
    topics: list[Topic] = []
    intents: list[IntentView] = []

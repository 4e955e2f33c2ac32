"""What the screen asks of the guide: one `Order` for each word or touch, as JSON by msgspec."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from catalogue.answers import Topic
from edge.guide.folding import MAX_TEXT

Id = Annotated[str, Meta(max_length=48)]
Said = Annotated[str, Meta(max_length=MAX_TEXT)]


class Happening(StrEnum):
    """What the person did."""

    START = "start"
    SAY = "say"
    CHOOSE = "choose"
    REFUSE = "refuse"
    ASK = "ask"
    LEAVE = "leave"


class Order(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that the person did. `text`: SAY; `service`: CHOOSE; `topic`: ASK. The guide checks that it is there."""

    event: Happening
    text: Said = ""
    service: Id = ""
    topic: Topic | None = None

    def __repr__(self) -> str:
        """Tell what was done, never what was said."""
        return f"Order({self.event!s})"

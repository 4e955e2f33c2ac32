"""What a service costs, how long it takes and what one must bring, as its authority puts it.

Amounts and times are for counting; `words` are for people, and hold what a number cannot (exemptions, "by page").
`confirmed: true` says that a person compared it with `source`; until then the screen asks to check at the counter.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from catalogue.conditions import When
from catalogue.words import Line, Slug, Text
from catalogue.workflow import Unit


class ChannelKind(StrEnum):
    """How a request can be handed in."""

    STATION = "station"
    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"


class Fee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fee in whole dong; `dong` None: it depends, and only `words` can say on what.

    `each` names a question for a number by which the fee is multiplied, e.g. how many copies.
    """

    dong: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
    each: Slug | None = None
    words: Text
    confirmed: bool = False
    source: Line | None = None


class Time(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long it takes once everything is handed in; without `amount` only `words` can say."""

    amount: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    unit: Unit | None = None
    words: Text
    confirmed: bool = False
    source: Line | None = None


class Channel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to hand it in, with its fee and its time."""

    kind: ChannelKind
    fee: Fee
    time: Time


class Form(StrEnum):
    """In which form a paper is wanted."""

    ORIGINAL = "original"
    COPY = "copy"
    CERTIFIED_COPY = "certified-copy"
    SCAN = "scan"
    """A picture taken at the station is enough."""
    SHOWN = "shown"
    """It is shown and taken home again."""


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paper of the dossier; `when` says in which cases."""

    id: Slug
    name: Text
    form: Form
    count: Annotated[int, Meta(ge=1, le=20)] = 1
    optional: bool = False
    when: When = ()
    note: Text | None = None

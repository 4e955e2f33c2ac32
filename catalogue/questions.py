"""The questions of a service, one on each page: a type for every way of answering.

In YAML `type` names the way. The shape of the answer to each stands in catalogue.answering.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from catalogue.conditions import Value, When
from catalogue.words import Label, Line, Slug, Text

Pattern = Annotated[str, Meta(min_length=1, max_length=100)]
"""A regular expression for the whole answer; only bounded repetition (see catalogue.check_questions)."""


class CardField(StrEnum):
    """What a service may take from a citizen's card; names as in the station's card reader."""

    NUMBER = "number"
    NAME = "name"
    BIRTH = "birth"
    SEX = "sex"
    NATIONALITY = "nationality"
    ORIGIN = "origin"
    RESIDENCE = "residence"
    ISSUED = "issued"
    EXPIRES = "expires"


class Span(StrEnum):
    """On which side of today a day lies; today itself is on both."""

    ANY = "any"
    PAST = "past"
    FUTURE = "future"


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """What all questions have: the question itself, help in plain language, and what is said aloud.

    `spoken` is needed where the screen's text cannot be read aloud as it stands. `personal` answers are masked where
    others may look on, and never leave the station unsealed.
    """

    id: Slug
    text: Label
    help: Text | None = None
    spoken: Text | None = None
    when: When = ()
    optional: bool = False
    personal: bool = True


class TextQuestion(Asked, frozen=True, kw_only=True, tag="text"):
    """Free text, or text of a pattern; `hint` is said when it does not fit."""

    max_length: Annotated[int, Meta(ge=1, le=1_000)] = 200
    pattern: Pattern | None = None
    example: Line | None = None
    hint: Text | None = None
    many_lines: bool = False


class NameQuestion(Asked, frozen=True, kw_only=True, tag="name"):
    """A person's name."""


class PhoneQuestion(Asked, frozen=True, kw_only=True, tag="phone"):
    """A telephone number in Vietnam."""


class DayQuestion(Asked, frozen=True, kw_only=True, tag="day"):
    """A day; at most `years` away from today."""

    span: Span = Span.ANY
    years: Annotated[int, Meta(ge=1, le=130)] = 130


class NumberQuestion(Asked, frozen=True, kw_only=True, tag="number"):
    """A whole number."""

    lowest: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    highest: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    unit: Label | None = None


class AmountQuestion(Asked, frozen=True, kw_only=True, tag="amount"):
    """An amount of money in whole dong."""

    lowest_dong: Annotated[int, Meta(ge=1, le=1_000_000_000)] = 1_000
    highest_dong: Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Option(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer to choose."""

    id: Slug
    label: Label
    help: Text | None = None


class ChoiceQuestion(Asked, frozen=True, kw_only=True, tag="choice"):
    """One of a few answers."""

    options: Annotated[tuple[Option, ...], Meta(min_length=2, max_length=12)]


class YesNoQuestion(Asked, frozen=True, kw_only=True, tag="yes-no"):
    """Yes or no."""


class AddressQuestion(Asked, frozen=True, kw_only=True, tag="address"):
    """Ward (phuong, xa, dac khu) and what comes before it: house, street, block, flat. There is no district any more."""


class PlaceQuestion(Asked, frozen=True, kw_only=True, tag="place"):
    """Where something is: the station's own place, or a point on the map with a few words."""


class PhotoQuestion(Asked, frozen=True, kw_only=True, tag="photo"):
    """Pictures of something, taken at the station or brought along."""

    most: Annotated[int, Meta(ge=1, le=6)] = 3


class ScanQuestion(Asked, frozen=True, kw_only=True, tag="scan"):
    """Pages of a paper of the service's `documents`."""

    document: Slug
    most: Annotated[int, Meta(ge=1, le=20)] = 4


class BillCodeQuestion(Asked, frozen=True, kw_only=True, tag="bill-code"):
    """A customer's code at a provider; the pattern is for capital letters and no blanks, however it was typed."""

    pattern: Pattern
    example: Line
    hint: Text


class CardQuestion(Asked, frozen=True, kw_only=True, tag="card"):
    """A field of the card's chip: filled in, shown when asked for, and removable where it is optional."""

    field: CardField


Question = (
    TextQuestion
    | NameQuestion
    | PhoneQuestion
    | DayQuestion
    | NumberQuestion
    | AmountQuestion
    | ChoiceQuestion
    | YesNoQuestion
    | AddressQuestion
    | PlaceQuestion
    | PhotoQuestion
    | ScanQuestion
    | BillCodeQuestion
    | CardQuestion
)


def closed_answers(question: Question) -> tuple[Value, ...] | None:
    """Return all answers there can be to a question; None when it is an open one."""
    if isinstance(question, ChoiceQuestion):
        return tuple(option.id for option in question.options)
    return (True, False) if isinstance(question, YesNoQuestion) else None

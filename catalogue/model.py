"""A service, and the catalogue of all of them."""

import datetime as dt
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from catalogue.holidays import Holidays
from catalogue.questions import CardField, Question
from catalogue.routes import Parties, RouteTable
from catalogue.terms import Channel, Document
from catalogue.words import Label, Line, Slug, Text
from catalogue.workflow import State

CODE: str = r"^\d\.\d{6}$"
"""Ma thu tuc hanh chinh: a procedure's code in the national database."""

Code = Annotated[str, Meta(pattern=CODE)]
Phrases = Annotated[tuple[Line, ...], Meta(min_length=5, max_length=60)]


class Kind(StrEnum):
    """What a service is, which decides what becomes of a submission."""

    DOSSIER = "dossier"
    REPORT = "report"
    BILL = "bill"
    BOOKING = "booking"
    REFERRAL = "referral"
    CONTACT = "contact"
    CABIN = "cabin"


class Need(StrEnum):
    """The group of the start screen: what a person has in mind, not which office it is."""

    HOME = "home"
    FAMILY = "family"
    PAPERS = "papers"
    MONEY = "money"
    HEALTH = "health"
    SAFETY = "safety"
    TELEPHONE_BANK = "telephone-bank"
    TALK = "talk"


class Level(StrEnum):
    """How sure one must be of who asks."""

    NONE = "none"
    NUMBER = "number"
    """The citizen number, as typed."""
    CHIP = "chip"
    """The card's chip, read and proven genuine."""


class Identity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who must show what: `fields` of the chip in the order of the screen, `needed` among them, and who may read them."""

    level: Level
    fields: Annotated[tuple[CardField, ...], Meta(max_length=9)] = ()
    needed: Annotated[tuple[CardField, ...], Meta(max_length=9)] = ()
    recipient: Slug | None = None

    @property
    def data_groups(self) -> tuple[int, ...]:
        """Which data groups of the chip must be read (ICAO Doc 9303-10): all fields stand in Vietnam's DG13."""
        return (13,) if self.fields else ()


class Search(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people say it: short phrases, with and without accents, colloquial ones too."""

    vi: Phrases
    en: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=30)]


class Service(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service, complete: what is shown, asked, answered, submitted, and what happens then.

    `version` grows with every change, so that a submission names what it was made from. `code` stands for procedures
    in the national database; `code_missing` says why a dossier has none. `summary` answers "what is this?", `data_use` "what happens to my data?" in one sentence.
    `warning` is shown before the first question.
    """

    id: Slug
    version: Annotated[int, Meta(ge=1, le=100_000)]
    kind: Kind
    need: Need
    code: Code | None = None
    code_confirmed: bool = False
    code_missing: Line | None = None
    former_codes: Annotated[tuple[Code, ...], Meta(max_length=8)] = ()
    name: Label
    spoken_name: Label | None = None
    summary: Text
    warning: Text | None = None
    data_use: Text
    search: Search
    authority: Slug
    decides: Label
    connector: Slug
    identity: Identity
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1, max_length=4)]
    documents: Annotated[tuple[Document, ...], Meta(max_length=20)] = ()
    documents_confirmed: bool = False
    legal: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    result: Text
    questions: Annotated[tuple[Question, ...], Meta(max_length=40)] = ()
    workflow: Annotated[tuple[State, ...], Meta(min_length=2, max_length=20)]
    reviewed_on: dt.date
    reviewed_by: Label


class Catalogue(Struct, frozen=True, kw_only=True):
    """Everything that was read, in a consistent whole; `services` by their id, in the order of their files' names."""

    services: dict[str, Service]
    parties: Parties
    routes: RouteTable
    holidays: tuple[Holidays, ...]

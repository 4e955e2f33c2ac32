"""Rules beyond shape, for one service and for the whole: each mistake with its place and what would be right."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from catalogue.check_questions import check_questions, twice, unspeakable
from catalogue.check_workflow import check_workflow
from catalogue.holidays import Holidays
from catalogue.mistakes import Mistake
from catalogue.model import Catalogue, Kind, Level, Service
from catalogue.questions import NumberQuestion
from catalogue.routes import EVERY, Parties, Party, Protocol, RouteTable
from catalogue.words import Label, Text
from catalogue.yaml_tree import Path, Tree

Told = Iterator[tuple[Path, str]]

_ACCENTED: Final = re.compile(r"[À-ỹ]")
_LONG_ENOUGH: Final = 20
_FRIDAY: Final = 4
_SPOKEN: Final = MappingProxyType(
    {
        Kind.DOSSIER: (Protocol.CASES, Protocol.INSURANCE, Protocol.DESK),
        Kind.REPORT: (Protocol.REPORTS, Protocol.DESK),
        Kind.BILL: (Protocol.BILLS,),
        Kind.BOOKING: (Protocol.BOOKINGS, Protocol.DESK),
        Kind.REFERRAL: (Protocol.REFERRALS, Protocol.DESK),
        Kind.CONTACT: (Protocol.DESK,),
        Kind.CABIN: (Protocol.DESK,),
    }
)
"""A protocol's words are states of some kinds only."""


def check_service(service: Service, tree: Tree) -> list[Mistake]:
    """Return what is wrong with one service by itself."""
    told = (
        *_head(service),
        *_identity(service),
        *_channels(service),
        *twice(("documents",), (document.id for document in service.documents)),
        *check_questions(service),
        *check_workflow(service.workflow),
        *_accents(service, ()),
    )
    return [tree.mistake(path, text) for path, text in told]


def check_catalogue(
    whole: Catalogue, trees: dict[str, Tree], parties_tree: Tree, routes_tree: Tree
) -> list[Mistake]:
    """Return what is wrong with each service and with how they, the parties and the routes stand together."""
    mistakes = [parties_tree.mistake(path, text) for path, text in _parties(whole.parties)]
    mistakes += [routes_tree.mistake(path, text) for path, text in _routes(whole)]
    names: dict[str, str] = {}
    for service in whole.services.values():
        tree = trees[service.id]
        mistakes += check_service(service, tree)
        told = (*_far_ends(service, whole), *_same_words(service, names))
        mistakes += [tree.mistake(path, text) for path, text in told]
    return mistakes


def check_holidays(years: Sequence[tuple[Holidays, Tree]]) -> list[Mistake]:
    """Return what is wrong with the files of holidays."""
    mistakes: list[Mistake] = []
    seen: set[int] = set()
    for holidays, tree in years:
        if holidays.year in seen:
            mistakes.append(tree.mistake(("year",), f"{holidays.year} is already in another file"))
        seen.add(holidays.year)
        mistakes += [tree.mistake(path, text) for path, text in _holidays(holidays)]
    return mistakes


def fold(text: str) -> str:
    """Return text as it is compared: lower case, without accents, single blanks."""
    plain = "".join(
        each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each)
    )
    return " ".join(plain.replace("đ", "d").split())


def _head(service: Service) -> Told:
    if service.kind is Kind.DOSSIER and (service.code is None) == (service.code_missing is None):
        yield (), r"a dossier has a code, of the form \d\.\d{6}; or write code_missing and why"
    if service.code is None and (service.code_confirmed or service.former_codes):
        yield (), "code_confirmed and former_codes belong to a code"
    if service.code in service.former_codes:
        yield ("former_codes",), f"{service.code} is the code of today"
    yield from unspeakable(service.name, service.spoken_name, ("name",), ("spoken_name",))


def _identity(service: Service) -> Told:
    identity = service.identity
    if (identity.level is Level.CHIP) != bool(identity.fields):
        yield ("identity",), "fields are read at level chip, and only there: write both or neither"
    if bool(identity.fields) != (identity.recipient is not None):
        yield ("identity",), "recipient: who may read the fields? Write both or neither"
    missing = [field for field in identity.needed if field not in identity.fields]
    if missing:
        yield ("identity", "needed"), f"{', '.join(missing)} not among fields"
    for name in ("fields", "needed"):
        yield from twice(("identity", name), getattr(identity, name))


def _channels(service: Service) -> Told:
    yield from twice(("channels",), (channel.kind for channel in service.channels))
    numbers = [question.id for question in service.questions if isinstance(question, NumberQuestion)]
    for index, channel in enumerate(service.channels):
        path: Path = ("channels", index)
        if channel.fee.each is not None and channel.fee.each not in numbers:
            known = ", ".join(numbers) or "none"
            yield (*path, "fee", "each"), f"{channel.fee.each} asks for no number; there are: {known}"
        if channel.fee.each is not None and channel.fee.dong is None:
            yield (*path, "fee"), "each of what? Write dong"
        for name, term in (("fee", channel.fee), ("time", channel.time)):
            if term.confirmed and term.source is None:
                yield (*path, name), "confirmed where? Write source, or confirmed: false"
        if (channel.time.amount is None) != (channel.time.unit is None):
            yield (*path, "time"), "amount and unit: both or neither"


def _accents(value: object, path: Path) -> Told:
    """Vietnamese is written with its accents: a long text without any was typed in a hurry."""
    if isinstance(value, Text | Label):
        if len(value.vi) >= _LONG_ENOUGH and not _ACCENTED.search(value.vi):
            yield (*path, "vi"), "written without accents"
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _accents(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _accents(each, (*path, index))


def _ids(parties: tuple[Party, ...]) -> set[str]:
    return {party.id for party in parties}


def _parties(parties: Parties) -> Told:
    for name in Parties.__struct_fields__:
        yield from twice((name,), (party.id for party in getattr(parties, name)))


def _known(name: str | None, parties: tuple[Party, ...], path: Path) -> Told:
    known = _ids(parties)
    if name not in {None, EVERY} and name not in known:
        yield path, f"{name} is not in parties.yaml; there are: {', '.join(sorted(known))}"


def _far_ends(service: Service, whole: Catalogue) -> Told:
    parties = whole.parties
    yield from _known(service.authority, parties.authorities, ("authority",))
    yield from _known(service.connector, parties.connectors, ("connector",))
    yield from _known(service.identity.recipient, parties.recipients, ("identity", "recipient"))
    yield from _spoken(service, service.connector, parties, ("connector",))
    known = service.authority in _ids(parties.authorities)
    if known and whole.routes.find(EVERY, service.authority, service.id) is None:
        yield ("id",), "no route for every ward leads anywhere: add one to routes.yaml"


def _spoken(service: Service, connector: str | None, parties: Parties, path: Path) -> Told:
    protocol, possible = parties.protocol(connector), _SPOKEN[service.kind]
    if protocol is not None and protocol not in possible:
        yield (
            path,
            f"{connector} speaks {protocol}; a {service.kind} needs one that speaks {', '.join(possible)}",
        )


def _same_words(service: Service, names: dict[str, str]) -> Told:
    """Names and search words lead to one service only; the same word twice in one service helps nobody."""
    mine: set[str] = set()
    words: list[tuple[Path, str]] = [
        (("name", language), getattr(service.name, language)) for language in ("vi", "en")
    ]
    words += [(("search", "vi", index), each) for index, each in enumerate(service.search.vi)]
    words += [(("search", "en", index), each) for index, each in enumerate(service.search.en)]
    for path, text in words:
        word = fold(text)
        other = names.setdefault(word, service.id)
        if other != service.id:
            yield path, f"{text!r} already leads to {other}"
        elif text in mine:
            yield path, f"{text!r} is written twice"
        mine.add(text)


def _routes(whole: Catalogue) -> Told:
    table: RouteTable = whole.routes
    yield from twice(("routes",), (" ".join(route.key) for route in table.routes))
    for index, route in enumerate(table.routes):
        path: Path = ("routes", index)
        yield from _known(route.connector, whole.parties.connectors, (*path, "connector"))
        yield from _known(route.desk, whole.parties.desks, (*path, "desk"))
        yield from _known(route.authority, whole.parties.authorities, (*path, "authority"))
        named = whole.services.get(route.service)
        if named is not None:
            yield from _spoken(named, route.connector, whole.parties, (*path, "connector"))
        if route.service != EVERY and named is None:
            yield (*path, "service"), f"{route.service} is no service of this catalogue"


def _holidays(holidays: Holidays) -> Told:
    for name in ("days_off", "days_worked"):
        days = [holiday.day for holiday in getattr(holidays, name)]
        yield from twice((name,), (day.isoformat() for day in days))
        for index, day in enumerate(days):
            if day.year != holidays.year:
                yield (name, index, "day"), f"{day} is not in {holidays.year}"
    for index, holiday in enumerate(holidays.days_worked):
        if holiday.day.weekday() <= _FRIDAY:
            yield ("days_worked", index, "day"), f"{holiday.day} is no weekend day: it is worked anyway"

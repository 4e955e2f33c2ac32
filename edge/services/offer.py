"""What a station offers of the catalogue: services that can be carried out here to their end. Pure.

With a camera, questions for pictures can be left out, also those that the authority wants answered: who has a paper not
with them, or finds the camera broken, brings it to the desk, and the submission says so. Without one they are not asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeGuard

import msgspec

from catalogue.asking import Answers, applicable, papers
from catalogue.model import Catalogue, Kind, Level, Need, Service
from catalogue.questions import BillCodeQuestion, PhotoQuestion, Question, ScanQuestion
from catalogue.terms import ChannelKind, Document, Form
from catalogue.words import Text
from edge.services.view import EntryView, MenuView, NeedView
from wire.entries import RequestKind

REQUEST_KINDS: Final[Mapping[Kind, RequestKind]] = MappingProxyType(
    {
        Kind.DOSSIER: RequestKind.DOSSIER,
        Kind.REPORT: RequestKind.REPORT,
        Kind.BOOKING: RequestKind.BOOKING,
        Kind.REFERRAL: RequestKind.REFERRAL,
        Kind.CONTACT: RequestKind.CONTACT,
        Kind.BILL: RequestKind.BILL,
    }
)
"""What can be submitted; the cabin needs no submission."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to bring to the desk: of which no picture was taken, or a picture is not enough."""

    document: Document
    optional: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A service as it is asked here: `whole` as its authority wrote it, `asked` with what this station makes of its pictures."""

    whole: Service
    asked: Service

    @property
    def recipient(self) -> str:
        """Who can open what is submitted."""
        return self.whole.identity.recipient or self.whole.authority

    @property
    def deadline_words(self) -> Text | None:
        """How long it takes, as the authority says of what is handed in here; None: it says nothing of it."""
        times = (each.time.words for each in self.whole.channels if each.kind is ChannelKind.STATION)
        return next(times, None)

    def all_papers(self) -> tuple[Paper, ...]:
        """Return every paper that may be called for, before anything is answered; what depends on it is optional."""
        brought = _brought(self.whole.documents, self.whole.questions, {})
        return tuple(Paper(each.document, each.optional or bool(each.document.when)) for each in brought)

    def owed_papers(self, answers: Answers) -> tuple[Paper, ...]:
        """Return the papers that these answers call for."""
        return _brought(papers(self.whole, answers), applicable(self.whole, answers), answers)

    def account(self, answers: Answers) -> str | None:
        """Return the customer's code whose bills are to be paid; None: no bill is."""
        if self.whole.kind is not Kind.BILL:
            return None
        codes = (answers.get(each.id) for each in self.asked.questions if isinstance(each, BillCodeQuestion))
        return next((code for code in codes if isinstance(code, str)), None)

    def pictures(self, answers: Answers) -> tuple[str, ...]:
        """Return the names of all pictures that go along."""
        found = (answers.get(each.id) for each in self.asked.questions if is_for_pictures(each))
        return tuple(str(name) for names in found if isinstance(names, list) for name in names)


def is_for_pictures(question: Question) -> TypeGuard[PhotoQuestion | ScanQuestion]:
    """Tell whether its answer are pictures."""
    return isinstance(question, PhotoQuestion | ScanQuestion)


def _brought(
    documents: tuple[Document, ...], questions: tuple[Question, ...], answers: Answers
) -> tuple[Paper, ...]:
    """Return what must be brought: all but a paper of which a picture does and was taken, and the form itself."""
    scans = {each.document: each for each in questions if isinstance(each, ScanQuestion)}
    return tuple(
        Paper(each, each.optional or (each.id in scans and scans[each.id].optional))
        for each in documents
        if each.form is not Form.SCAN or (each.id in scans and not answers.get(scans[each.id].id))
    )


class Offer:
    """The services of one station, by their id."""

    def __init__(
        self, catalogue: Catalogue, *, has_reader: bool, has_cabin: bool, has_camera: bool = False
    ) -> None:
        self._services = {
            service.id: Offered(service, _as_asked(service, has_camera=has_camera))
            for service in catalogue.services.values()
            if _is_possible(service, has_reader=has_reader, has_cabin=has_cabin)
        }

    @property
    def menu(self) -> MenuView:
        """The start screen, empty groups left out."""
        groups = {
            need: [each.whole for each in self._services.values() if each.whole.need is need] for need in Need
        }
        return MenuView(
            needs=[
                NeedView(need=need, services=[_entry(service) for service in services])
                for need, services in groups.items()
                if services
            ]
        )

    @property
    def by_card(self) -> list[str]:
        """The services that take something from a card, by id."""
        return [name for name, each in self._services.items() if each.whole.identity.level is Level.CHIP]

    def find(self, name: str) -> Offered | None:
        """Return a service that is offered."""
        return self._services.get(name)

    def has(self, need: Need) -> bool:
        """Tell whether a group holds anything."""
        return any(each.whole.need is need for each in self._services.values())


def _is_possible(service: Service, *, has_reader: bool, has_cabin: bool) -> bool:
    if service.kind is Kind.CABIN:
        return has_cabin
    return service.kind in REQUEST_KINDS and (has_reader or service.identity.level is not Level.CHIP)


def _as_asked(service: Service, *, has_camera: bool) -> Service:
    asked = tuple(
        msgspec.structs.replace(each, optional=True) if is_for_pictures(each) else each
        for each in service.questions
        if has_camera or not is_for_pictures(each)
    )
    return msgspec.structs.replace(service, questions=asked)


def _entry(service: Service) -> EntryView:
    return EntryView(id=service.id, name=service.name, summary=service.summary, kind=service.kind)

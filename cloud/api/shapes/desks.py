"""What a desk's page needs beside the requests: desks, a service's questions in words, and what could not be delivered."""

from typing import Self

from catalogue.model import Service
from catalogue.questions import CardQuestion, ChoiceQuestion, NumberQuestion, Question
from catalogue.words import Label, Text
from cloud.api.shapes.base import Shape
from cloud.api.shapes.people import User
from cloud.api.shapes.requests import Name, RequestCard


class Desk(Shape):
    """A desk that the visitor sees: how much is open and late, what it ended lately and how fast, who answers for it.

    `median_ms`: half of what was `ended` in the last 30 days took no longer, from submission to end; null when none was.
    """

    id: str
    name: Name | None
    open: int
    overdue: int
    ended: int
    median_ms: int | None
    people: tuple[User, ...]


class DeskList(Shape):
    """Desks by their id."""

    desks: tuple[Desk, ...]


class Choice(Shape):
    """An answer to choose, or a paper, by its id."""

    id: str
    label: Name

    @classmethod
    def of(cls, identity: str, label: Label | Text) -> Self:
        """Say the same in JSON."""
        return cls(id=identity, label=Name(vi=label.vi, en=label.en))


class Asked(Shape):
    """A question as people read it; `field` is a card's, `unit` a number's, `options` a choice's."""

    id: str
    type: str
    text: Name
    field: str | None
    unit: Name | None
    options: tuple[Choice, ...]

    @classmethod
    def of(cls, question: Question) -> Self:
        """Say the same in JSON."""
        unit = question.unit if isinstance(question, NumberQuestion) else None
        listed = question.options if isinstance(question, ChoiceQuestion) else ()
        return cls(
            id=question.id,
            type=str(question.__struct_config__.tag),
            text=Name.of(question.text),
            field=question.field.value if isinstance(question, CardQuestion) else None,
            unit=None if unit is None else Name.of(unit),
            options=tuple(Choice.of(each.id, each.label) for each in listed),
        )


class ServiceForm(Shape):
    """A service's questions and papers, as this release of the catalogue has them."""

    id: str
    version: int
    name: Name
    questions: tuple[Asked, ...]
    documents: tuple[Choice, ...]

    @classmethod
    def of(cls, service: Service) -> Self:
        """Say the same in JSON."""
        return cls(
            id=service.id,
            version=service.version,
            name=Name.of(service.name),
            questions=tuple(map(Asked.of, service.questions)),
            documents=tuple(Choice.of(each.id, each.name) for each in service.documents),
        )


class DeadLetter(Shape):
    """What was given up, and of which request; `kind`: submit, amend, paid, message; `detail`: why, in a technician's words."""

    number: int
    kind: str
    channel: str
    attempts: int
    ended_at_ms: int
    detail: str
    request: RequestCard


class DeadLetters(Shape):
    """The newest of them."""

    letters: tuple[DeadLetter, ...]

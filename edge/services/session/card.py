"""What a card answers of a service's questions. Its fields are read from the chip, never typed."""

import datetime as dt

from catalogue.answering import check_answer
from catalogue.model import Service
from catalogue.questions import CardQuestion
from edge.idcard.groups import Field
from edge.services.session.state import CardGiven


def card_answers(service: Service, card: CardGiven, today: dt.date) -> dict[str, object] | None:
    """Return the answers by question; None when the card lacks one that is needed. What its person took out is left out."""
    answers: dict[str, object] = {}
    for question in service.questions:
        if isinstance(question, CardQuestion):
            value = card.fields.get(Field(question.field.value))
            fits = check_answer(question, value, today) is None
            if not fits and not question.optional:
                return None
            answers[question.id] = value if fits else None
    return answers

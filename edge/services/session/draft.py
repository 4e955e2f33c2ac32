"""A draft that is kept for later: what is in it, what opens it again, and what of it still fits the catalogue.

What a card answers is not in it: that is read again; nor are pictures: they are taken again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from catalogue.answering import check_answer, tidy
from catalogue.asking import Answers, applicable
from catalogue.questions import CardQuestion, Question
from edge.services.offer import Offered, is_for_pictures


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """What is sealed, as JSON: the answers by question, and the question that was asked last ("": all were checked)."""

    service: str
    version: int
    question: str
    answers: dict[str, object]

    def __repr__(self) -> str:
        """Tell everything but the answers."""
        return f"Draft({self.service!r}, version={self.version})"


class Way(StrEnum):
    """What its person brings to open a draft again."""

    CODE = "code"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Keepsake:
    """What opens a draft. The secret is the code, or what only the card and its service together tell."""

    way: Way
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that is on disk, and until when (wall time)."""

    keepsake: Keepsake
    until_ms: int


@dataclass(frozen=True, slots=True)
class Fitting:
    """What still fits of a draft, and what is to be answered anew; `is_changed`: the service was, since."""

    answers: Mapping[str, object] = field(repr=False)
    anew: tuple[Question, ...]
    question: str
    is_changed: bool


def typed_answers(offered: Offered, answers: Answers) -> dict[str, object]:
    """Return the answers that did not come from a card or the camera: nobody's pictures lie here for a week."""
    left = {
        each.id for each in offered.asked.questions if isinstance(each, CardQuestion) or is_for_pictures(each)
    }
    return {name: value for name, value in answers.items() if name not in left}


def fitting(offered: Offered, draft: Draft, today: dt.date) -> Fitting:
    """Compare a draft with the service as it is today: days pass, and authorities change what they ask."""
    service, drafted = offered.asked, typed_answers(offered, draft.answers)
    good = {
        each.id: tidy(each, drafted[each.id])
        for each in service.questions
        if each.id in drafted and check_answer(each, drafted[each.id], today) is None
    }
    asked = applicable(service, good)
    return Fitting(
        answers={each.id: good[each.id] for each in asked if each.id in good},
        anew=tuple(each for each in asked if each.id in drafted and each.id not in good),
        question=draft.question,
        is_changed=draft.version != offered.whole.version,
    )


def card_keepsake(fingerprint: str, service: str) -> Keepsake | None:
    """Return what opens the draft of a card and a service; None for a card that nothing is known of."""
    return Keepsake(Way.CARD, f"{fingerprint} {service}") if fingerprint else None

"""One question on each page: which come next, which apply at all, what to check before submitting. Pure.

A person may answer in any order and change an earlier answer; questions that no longer apply fall out, with their
answers. An answer that cannot be taken counts as none.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from catalogue.answering import check_answer, tidy
from catalogue.conditions import Value, applies, is_among
from catalogue.faults import Fault, dong_en, dong_vi
from catalogue.model import Service
from catalogue.questions import (
    AmountQuestion,
    ChoiceQuestion,
    DayQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    ScanQuestion,
    YesNoQuestion,
    closed_answers,
)
from catalogue.terms import Document
from catalogue.words import Text

_MAX_SHOWN: Final = 10**15
"""A number beyond it is no answer to anything, and Python refuses to write the longest."""

Answers = Mapping[str, object]
"""By the question's id: the JSON value that catalogue.answering describes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of "check your answers": the question, and the answer as people read it (personal where it says so)."""

    question: Question
    shown: Text = field(repr=False)


def applicable(service: Service, answers: Answers) -> tuple[Question, ...]:
    """Return every question that applies now, in order: those that are answered and those still to come."""
    known: dict[str, Value] = {}
    found: list[Question] = []
    for question in service.questions:
        if not applies(question.when, known):
            continue
        found.append(question)
        value = answers.get(question.id)
        # only what can be chosen decides about other questions, so garbage cannot satisfy a "not"
        if isinstance(value, str | bool) and is_among(value, closed_answers(question) or ()):
            known[question.id] = value
    return tuple(found)


def next_question(service: Service, answers: Answers, today: dt.date) -> Question | None:
    """Return the first question that applies and has no good answer yet; None: it is time to check all of them."""
    for question in applicable(service, answers):
        if question.id not in answers or check_answer(question, answers[question.id], today) is not None:
            return question
    return None


def question_of(service: Service, name: str) -> Question | None:
    """Return a question by its id."""
    return next((question for question in service.questions if question.id == name), None)


def faults(service: Service, answers: Answers, today: dt.date) -> tuple[Fault, ...]:
    """Return everything that stands in the way of submitting, in the order of the questions."""
    found = (
        check_answer(question, answers.get(question.id), today)
        for question in applicable(service, answers)
        if not (question.optional and question.id not in answers)
    )
    return tuple(each for each in found if each is not None)


def kept(service: Service, answers: Answers) -> dict[str, object]:
    """Return what is submitted: the tidied answers to the questions that apply, and nothing else."""
    return {
        question.id: tidy(question, answers[question.id])
        for question in applicable(service, answers)
        if answers.get(question.id) is not None
    }


def step(service: Service, answers: Answers, name: str) -> tuple[int, int]:
    """Return "step 2 of 5" for a question that applies; (0, n) for one that does not."""
    ids = [question.id for question in applicable(service, answers)]
    return (ids.index(name) + 1 if name in ids else 0), len(ids)


def papers(service: Service, answers: Answers) -> tuple[Document, ...]:
    """Return the papers that these answers call for; a case that nobody has decided yet calls for nothing."""
    asked = {question.id for question in applicable(service, answers)}
    known = {name: value for name, value in answers.items() if name in asked}
    return tuple(document for document in service.documents if applies(document.when, known))


def review(service: Service, answers: Answers, wards: Mapping[str, str] | None = None) -> tuple[Row, ...]:
    """Return the rows of "check your answers"; `wards` gives names to the codes of wards."""
    names = wards or {}
    return tuple(
        Row(question, _shown(question, tidy(question, answers.get(question.id)), names))
        for question in applicable(service, answers)
    )


def _shown(question: Question, value: object, wards: Mapping[str, str]) -> Text:
    if value is None:
        return Text("Bỏ qua", "Left out")
    if isinstance(question, ChoiceQuestion):
        chosen = next((option for option in question.options if option.id == value), None)
        return Text("", "") if chosen is None else Text(chosen.label.vi, chosen.label.en)
    if isinstance(question, YesNoQuestion):
        return Text("Có", "Yes") if value is True else Text("Không", "No")
    if isinstance(value, dict):
        return _parts(value, wards)
    if isinstance(question, PhotoQuestion | ScanQuestion):
        count = len(value) if isinstance(value, list) else 0
        return Text(f"{count} ảnh", f"{count} pictures" if count != 1 else "1 picture")
    return _plain(question, value)


def _plain(question: Question, value: object) -> Text:
    if isinstance(value, int) and abs(value) > _MAX_SHOWN:
        return Text("", "")
    if isinstance(question, AmountQuestion) and isinstance(value, int):
        return Text(dong_vi(value), dong_en(value))
    if isinstance(question, NumberQuestion) and question.unit is not None:
        return Text(f"{value} {question.unit.vi}", f"{value} {question.unit.en}")
    if isinstance(question, DayQuestion):
        text = "/".join(reversed(str(value).split("-")))
        return Text(text, text)
    return Text(str(value), str(value))


def _parts(value: dict[str, object], wards: Mapping[str, str]) -> Text:
    """Write an address or a place."""
    if "ward" in value:
        ward = str(value["ward"])
        text = f"{value.get('street', '')}, {wards.get(ward, ward)}"
        return Text(text, text)
    note = f" ({value['note']})" if value.get("note") else ""
    if value.get("at") == "station":
        return Text(f"Tại trạm này{note}", f"At this station{note}")
    point = f"{value.get('lat')}, {value.get('lon')}{note}"
    return Text(point, point)

"""The parts of a view: a service, a question, the rows of "check your answers"."""

from collections.abc import Mapping
from typing import Any, Final

from catalogue.answers import Topic, answer
from catalogue.asking import applicable, question_of, review
from catalogue.questions import (
    AmountQuestion,
    BillCodeQuestion,
    CardQuestion,
    ChoiceQuestion,
    DayQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    ScanQuestion,
    TextQuestion,
)
from catalogue.words import Text
from edge.services.offer import Offered, Paper
from edge.services.session.state import Visit
from edge.services.view import (
    FaultView,
    IdentityNeed,
    OptionView,
    Page,
    PaperView,
    QuestionCard,
    RowCard,
    ServiceCard,
    ToldView,
)

TOPICS: Final = {
    "what": Topic.WHAT,
    "how-much": Topic.COST,
    "how-long": Topic.TIME,
    "what-needed": Topic.NEED,
}
_HIDDEN: Final = Text("", "")


def service_card(visit: Visit) -> ServiceCard | None:
    """Return the service of the visit; None before one is chosen."""
    offered = visit.offered
    if offered is None:
        return None
    service = offered.whole
    return ServiceCard(
        id=service.id,
        version=service.version,
        kind=service.kind,
        name=service.name,
        summary=service.summary,
        warning=service.warning,
        data_use=service.data_use,
        decides=service.decides,
        answers=[_told(offered, name, topic) for name, topic in TOPICS.items()],
        result=service.result,
        identity=IdentityNeed(
            level=service.identity.level, fields=[each.value for each in service.identity.fields]
        ),
        has_card_fields=visit.card is not None,
        papers=[
            PaperView(name=each.document.name, optional=each.optional) for each in _papers(visit, offered)
        ],
    )


def _told(offered: Offered, name: str, topic: Topic) -> ToldView:
    told = answer(offered.whole, topic)
    return ToldView(topic=name, text=told.text, source=told.source, confirmed=told.confirmed)


def _papers(visit: Visit, offered: Offered) -> tuple[Paper, ...]:
    """Return what may be needed, until the answers say what is."""
    if visit.receipt is not None:
        return visit.receipt.papers
    is_decided = visit.page in {Page.CHECK, Page.SENDING, Page.TROUBLE}
    return offered.owed_papers(visit.answers) if is_decided else offered.all_papers()


def question_card(visit: Visit) -> QuestionCard | None:
    """Return the question that is asked."""
    assert visit.offered is not None
    question = question_of(visit.offered.asked, visit.question)
    if question is None:
        return None
    counted = [
        each.id
        for each in applicable(visit.offered.asked, visit.answers)
        if visit.card is None or not isinstance(each, CardQuestion)
    ]
    fault = visit.fault
    return QuestionCard(
        id=question.id,
        type=str(question.__struct_config__.tag),
        text=question.text,
        help=question.help,
        spoken=question.spoken,
        optional=question.optional,
        personal=question.personal,
        number=counted.index(question.id) + 1 if question.id in counted else 0,
        of=len(counted),
        value=None if isinstance(question, CardQuestion) else visit.answers.get(question.id),
        fault=None if fault is None else FaultView(reason=fault.reason, hint=fault.text),
        **_details(question),
    )


def _details(question: Question) -> dict[str, Any]:
    """Return what only this type of question has."""
    details: dict[str, Any] = {}
    match question:
        case ChoiceQuestion():
            details["options"] = [
                OptionView(id=each.id, label=each.label, help=each.help) for each in question.options
            ]
        case TextQuestion(max_length=most, many_lines=many, hint=hint, example=example):
            details = {"max_length": most, "many_lines": many, "pattern_hint": hint, "example": example}
        case BillCodeQuestion(hint=hint, example=example):
            details = {"pattern_hint": hint, "example": example}
        case NumberQuestion(unit=unit, lowest=lowest, highest=highest):
            details = {"unit": unit, "lowest": lowest, "highest": highest}
        case AmountQuestion(lowest_dong=lowest, highest_dong=highest):
            details = {"lowest": lowest, "highest": highest}
        case DayQuestion(span=span, years=years):
            details = {"span": span, "years": years}
        case PhotoQuestion(most=most) | ScanQuestion(most=most):
            details = {"most": most}
        case _:
            pass
    return details


def row_cards(visit: Visit, wards: Mapping[str, str]) -> list[RowCard]:
    """Return every answer; a personal one only when its person asked to see it."""
    assert visit.offered is not None
    rows = review(visit.offered.asked, visit.answers, wards)
    return [_row(row.question, row.shown, is_hidden=_is_hidden(visit, row.question)) for row in rows]


def _is_hidden(visit: Visit, question: Question) -> bool:
    return question.personal and question.id not in visit.shown


def _row(question: Question, shown: Text, *, is_hidden: bool) -> RowCard:
    is_card = isinstance(question, CardQuestion)
    return RowCard(
        question=question.id,
        text=question.text,
        shown=_HIDDEN if is_hidden else shown,
        is_personal=question.personal,
        is_hidden=is_hidden,
        is_card=is_card,
        may_change=not is_card,
    )

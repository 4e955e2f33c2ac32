"""A service as one static page for those who write and review it: everything that people will meet, in both languages.

Plain HTML without scripts or outside references; every text is escaped.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from catalogue.answers import Topic, answer
from catalogue.conditions import Clause, Value
from catalogue.model import Service
from catalogue.preview_questions import controls
from catalogue.questions import ChoiceQuestion, Question
from catalogue.terms import Channel, Document, Fee, Time
from catalogue.words import Label, Text
from catalogue.workflow import State, Unit

_STYLE: Final = """
:root{color-scheme:light dark}body{font:18px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
h1,h2,h3{line-height:1.25}section{margin:2rem 0}.en{opacity:.85;font-style:italic;margin-top:0}p{margin:.25rem 0}
.page,.state{border:2px solid;border-radius:12px;padding:1rem;margin:1rem 0;list-style-position:inside}
.note{border-left:6px solid;padding-left:.75rem}table{border-collapse:collapse;width:100%}
th,td{border:1px solid;padding:.5rem;text-align:left;vertical-align:top}a{color:inherit}
.answers li{margin:.35rem 0}code{font-size:.95em}
"""
_TOPICS: Final = {
    Topic.WHAT: Label("Đây là gì?", "What is this?"),
    Topic.COST: Label("Hết bao nhiêu tiền?", "How much?"),
    Topic.TIME: Label("Mất bao lâu?", "How long?"),
    Topic.NEED: Label("Cần những gì?", "What do I need?"),
    Topic.WHERE: Label("Nộp ở đâu?", "Where?"),
    Topic.WHO: Label("Ai giải quyết?", "Who decides?"),
    Topic.RESULT: Label("Nhận được gì?", "What do I get?"),
    Topic.DATA: Label("Dữ liệu của tôi ra sao?", "What happens to my data?"),
}
_UNITS: Final = {Unit.HOURS: "hours", Unit.DAYS: "days", Unit.WORKING_DAYS: "working days"}


def page(services: Iterable[Service], title: str) -> str:
    """Return a whole HTML document for these services, with a list of them first where there is more than one."""
    chosen = list(services)
    body = "\n".join(("" if len(chosen) < 2 else _contents(chosen), *map(_service, chosen)))  # noqa: PLR2004  one needs no list
    return (
        f'<!doctype html>\n<html lang="vi">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main>\n<h1>{escape(title)}</h1>\n{body}\n</main></body>\n</html>\n"
    )


def both(text: Text | Label) -> str:
    """Write a text in both languages, each marked as what it is."""
    return f'<p lang="vi">{escape(text.vi)}</p><p lang="en" class="en">{escape(text.en)}</p>'


def _contents(services: list[Service]) -> str:
    links = "".join(
        f'<li><a href="#{each.id}">{escape(each.name.vi)}</a> '
        f'<span lang="en" class="en">{escape(each.name.en)}</span></li>'
        for each in services
    )
    return f'<nav aria-label="Dịch vụ"><ul>{links}</ul></nav>'


def _service(service: Service) -> str:
    parts = (*_head(service), *_words(service), *_questions(service), *_workflow(service), *_review(service))
    return (
        f'<section id="{service.id}" aria-labelledby="{service.id}-name">\n'
        + "\n".join(parts)
        + "\n</section>"
    )


def _head(service: Service) -> Iterator[str]:
    yield f'<h2 id="{service.id}-name">{escape(service.name.vi)}</h2>'
    yield f'<p lang="en" class="en">{escape(service.name.en)}</p>'
    code = service.code or service.code_missing or "none"
    sure = "" if service.code_confirmed or service.code is None else " (not confirmed)"
    yield (
        f'<p lang="en">{escape(service.id)}@{service.version}, {service.kind}, group {service.need}, '
        f"code: {escape(code)}{sure}, connector {escape(service.connector)}, identity {service.identity.level}</p>"
    )
    if service.spoken_name is not None:
        yield f'<div class="note">{both(service.spoken_name)}</div>'
    if service.warning is not None:
        yield f'<div class="note">{both(service.warning)}</div>'


def _words(service: Service) -> Iterator[str]:
    yield "<h3>Hỏi và đáp</h3><dl>"
    for topic, label in _TOPICS.items():
        told = answer(service, topic)
        yield (
            f'<dt>{escape(label.vi)} <span lang="en" class="en">{escape(label.en)}</span></dt>'
            f'<dd>{both(told.text)}<p lang="en"><code>{escape(told.source)}</code></p></dd>'
        )
    yield "</dl>"
    yield from _channels(service.channels)
    if service.documents:
        papers = "".join(_document(service, document) for document in service.documents)
        yield f"<h3>Giấy tờ</h3><ul>{papers}</ul>"
    phrases = ", ".join((*service.search.vi, *service.search.en))
    yield f"<h3>Cách người dân nói</h3><p>{escape(phrases)}</p>"


def _channels(channels: tuple[Channel, ...]) -> Iterator[str]:
    yield '<table><caption>Lệ phí và thời hạn</caption><tr><th scope="col">Cách nộp</th>'
    yield '<th scope="col">Lệ phí</th><th scope="col">Thời hạn</th></tr>'
    for channel in channels:
        fee, time = (_term(term) for term in (channel.fee, channel.time))
        yield f'<tr><th scope="row" lang="en">{channel.kind}</th><td>{fee}</td><td>{time}</td></tr>'
    yield "</table>"


def _term(term: Fee | Time) -> str:
    sure = "confirmed" if term.confirmed else "not confirmed"
    source = "" if term.source is None else f": {escape(term.source)}"
    return f'{both(term.words)}<p lang="en">{sure}{source}</p>'


def _document(service: Service, document: Document) -> str:
    optional = ", optional" if document.optional else ""
    note = "" if document.note is None else both(document.note)
    return (
        f'<li>{both(document.name)}{note}<p lang="en">{document.form}, copies: {document.count}{optional}</p>'
        f"{_condition(document.when, service.questions)}</li>"
    )


def _questions(service: Service) -> Iterator[str]:
    if not service.questions:
        return
    yield "<h3>Câu hỏi, mỗi trang một câu</h3><ol>"
    for question in service.questions:
        help_text = "" if question.help is None else both(question.help)
        spoken = "" if question.spoken is None else f'<div class="note">{both(question.spoken)}</div>'
        skipped = '<p lang="en">May be left out.</p>' if question.optional else ""
        yield (
            f'<li class="page">{_condition(question.when, service.questions)}'
            f"<h4>{escape(question.text.vi)}</h4>"
            f'<p lang="en" class="en">{escape(question.text.en)}</p>'
            f"{help_text}{spoken}{controls(question)}{skipped}</li>"
        )
    yield "</ol>"


def _condition(when: tuple[Clause, ...], questions: tuple[Question, ...]) -> str:
    if not when:
        return ""
    asked = {question.id: question for question in questions}
    clauses = "; ".join(_clause(clause, asked[clause.question]) for clause in when)
    return f'<p class="note">Chỉ khi: {clauses}.</p>'


def _clause(clause: Clause, question: Question) -> str:
    names = ", ".join(escape(_name(value, question)) for value in clause.named)
    return f"{escape(question.text.vi)} {'không phải' if clause.not_ else '='} {names}"


def _name(value: Value, question: Question) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    options = question.options if isinstance(question, ChoiceQuestion) else ()
    return next((option.label.vi for option in options if option.id == value), value)


def _workflow(service: Service) -> Iterator[str]:
    names = {state.id: state.name.vi for state in service.workflow}
    yield "<h3>Các bước giải quyết</h3><ol>"
    for state in service.workflow:
        yield f'<li class="state"><strong>{escape(state.name.vi)}</strong> '
        yield f'<span lang="en" class="en">{escape(state.name.en)} ({state.stage})</span>'
        yield f"{both(state.told)}{_waits(state)}"
        ways = "".join(
            f'<li><span lang="en">{move.action} by {move.by}</span>: {escape(names[move.to])}</li>'
            for move in state.moves
        )
        yield f"<ul>{ways}</ul></li>" if ways else "</li>"
    yield "</ol>"


def _waits(state: State) -> str:
    if state.who is None or state.deadline is None:
        return '<p lang="en">The end.</p>'
    deadline = f"{state.deadline.amount} {_UNITS[state.deadline.unit]}"
    return f'<p lang="en">Waits for the {state.who}, at most {deadline}.</p>'


def _review(service: Service) -> Iterator[str]:
    if service.legal:
        laws = "".join(f"<li>{escape(law)}</li>" for law in service.legal)
        yield f"<h3>Căn cứ pháp lý</h3><ul>{laws}</ul>"
    yield f"{both(service.reviewed_by)}<p>{service.reviewed_on.isoformat()}</p>"

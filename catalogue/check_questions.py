"""Rules for questions beyond their shape: conditions that can come true, papers and fields that exist, texts to say aloud."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from catalogue.conditions import Clause, Value, is_among
from catalogue.model import Level, Service
from catalogue.questions import (
    AmountQuestion,
    BillCodeQuestion,
    CardQuestion,
    ChoiceQuestion,
    NumberQuestion,
    Question,
    ScanQuestion,
    TextQuestion,
    closed_answers,
)
from catalogue.words import Label, Text
from catalogue.yaml_tree import Path

Told = Iterator[tuple[Path, str]]

_UNSPEAKABLE: Final = re.compile(r"[/()\[\]{}*#@&%+<>=|_~^\\]|[0-9]{5,}|\b[A-ZĐ]{2,}|[a-z][A-Z]")
_SAID_AS_WORDS: Final = re.compile(r"\bSIM\b")
_UNBOUNDED: Final = re.compile(r"(?<!\\)[*+]|\{[0-9]*,\}|\\[1-9]|\)[?{]|\(\?(?!:)")
_MAX_REPEAT: Final = 64
_REPEATS: Final = re.compile(r"\{([0-9]+)(?:,([0-9]+))?\}")


def check_questions(service: Service) -> Told:
    """Tell what is wrong with a service's questions, their conditions and those of its papers."""
    yield from twice(("questions",), (each.id for each in service.questions))
    before: dict[str, Question] = {}
    for index, question in enumerate(service.questions):
        path: Path = ("questions", index)
        yield from _clauses(question.when, before, path)
        if not _can_come_true(question.when, before):
            yield (*path, "when"), "can never come true: no one would be asked this; loosen or remove it"
        yield from unspeakable(question.text, question.spoken, (*path, "text"), (*path, "spoken"))
        yield from _details(service, question, path)
        before[question.id] = question
    for index, document in enumerate(service.documents):
        yield from _clauses(document.when, before, ("documents", index))


def twice(path: Path, ids: Iterable[str]) -> Told:
    """Tell every id that stands in the list more than once."""
    for name, count in Counter(ids).items():
        if count > 1:
            yield path, f"the id {name} is there {count} times; each needs its own"


def unspeakable(text: Label | Text, spoken: Label | Text | None, at: Path, spoken_at: Path) -> Told:
    """Tell which languages of a text need a spoken one, or have one that cannot be spoken either."""
    for language in ("vi", "en"):
        found = _unspoken(getattr(text if spoken is None else spoken, language))
        if found is None:
            continue
        if spoken is None:
            yield (
                (*at, language),
                f"{found!r} cannot be read aloud: write `{spoken_at[-1]}` with words for it",
            )
        else:
            yield (*spoken_at, language), f"{found!r} cannot be read aloud: write it as words"


def _unspoken(text: str) -> str | None:
    found = _UNSPEAKABLE.search(_SAID_AS_WORDS.sub("", text))
    return None if found is None else found.group()


def _clauses(when: tuple[Clause, ...], before: dict[str, Question], path: Path) -> Told:
    for index, clause in enumerate(when):
        at: Path = (*path, "when", index)
        if clause.forms != 1:
            yield at, "exactly one of is, in and not belongs here"
        question = before.get(clause.question)
        if question is None:
            earlier = ", ".join(before) or "none"
            yield (*at, "question"), f"{clause.question} is no question before this one; there are: {earlier}"
            continue
        known = closed_answers(question)
        if known is None:
            yield (
                (*at, "question"),
                f"{clause.question} has no list of answers; choice or yes-no belongs here",
            )
            continue
        wrong = [value for value in clause.named if not is_among(value, known)]
        if wrong:
            right = ", ".join(_written(value) for value in known)
            yield at, f"{_written(wrong[0])} is no answer to {clause.question}; there are: {right}"


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _can_come_true(when: tuple[Clause, ...], before: dict[str, Question]) -> bool:
    """Narrow the answers of every question that the conditions rest on, through theirs; exact, as all are lists."""
    left: dict[str, tuple[Value, ...]] = {}
    todo, seen = list(when), set[str]()
    while todo:
        clause = todo.pop()
        question = before.get(clause.question)
        known = None if question is None else closed_answers(question)
        if question is None or known is None:
            continue
        allowed = left.get(clause.question, known)
        left[clause.question] = tuple(value for value in allowed if clause.allows(value))
        if question.id not in seen:
            seen.add(question.id)
            todo += question.when
    return all(left.values())


def _details(service: Service, question: Question, path: Path) -> Told:
    if isinstance(question, ChoiceQuestion):
        yield from twice((*path, "options"), (option.id for option in question.options))
    elif isinstance(question, NumberQuestion):
        yield from _span(question.lowest, question.highest, (*path, "highest"))
    elif isinstance(question, AmountQuestion):
        yield from _span(question.lowest_dong, question.highest_dong, (*path, "highest_dong"))
    elif isinstance(question, ScanQuestion):
        yield from _document(service, question, (*path, "document"))
    elif isinstance(question, CardQuestion):
        yield from _card(service, question, path)
    elif isinstance(question, TextQuestion | BillCodeQuestion):
        yield from _pattern(question, path)


def _span(lowest: int, highest: int, path: Path) -> Told:
    if lowest > highest:
        yield path, f"{highest} is below the lowest, {lowest}"


def _document(service: Service, question: ScanQuestion, path: Path) -> Told:
    known = [document.id for document in service.documents]
    if question.document not in known:
        yield (
            path,
            f"{question.document} is no paper of this service; there are: {', '.join(known) or 'none'}",
        )


def _card(service: Service, question: CardQuestion, path: Path) -> Told:
    if service.identity.level is not Level.CHIP:
        yield path, "the card is not read at this identity level: write identity.level: chip, or ask in words"
    elif question.field not in service.identity.fields:
        yield (*path, "field"), f"{question.field} is not among identity.fields"
    elif question.optional and question.field in service.identity.needed:
        yield (*path, "optional"), f"{question.field} is among identity.needed, so it cannot be left out"


def _pattern(question: TextQuestion | BillCodeQuestion, path: Path) -> Told:
    if question.pattern is None:
        return
    at = (*path, "pattern")
    mistake = _pattern_mistake(question.pattern)
    if mistake is not None:
        yield at, mistake
    elif question.example is None or question.hint is None:
        yield path, "a pattern needs an example and a hint"
    elif re.fullmatch(question.pattern, question.example) is None:
        yield (*path, "example"), "does not fit the pattern"


def _pattern_mistake(pattern: str) -> str | None:
    # a pattern is tried on whatever somebody types: it must end soon for every text
    if _UNBOUNDED.search(pattern):
        return "write {1,20} instead of + and *, and no repeated groups, look-arounds or back-references"
    if any(int(most or least) > _MAX_REPEAT for least, most in _REPEATS.findall(pattern)):
        return f"repeats more than {_MAX_REPEAT} times"
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        return f"no regular expression: {error}"
    return None

"""Is this an answer to that question? Pure, total over any JSON value, and it never repeats what the person wrote.

The shape of an answer, as JSON, by the question's type; null: skipped, where the question is optional.

    text, name, phone, bill-code, card   a text
    day                                  "2026-11-22"
    number, amount                       a whole number
    choice                               the id of an option
    yes-no                               true or false
    address                              {"ward": "27097", "street": "..."}
    place                                {"at": "station"} or {"at": "point", "lat": 10.7, "lon": 106.7}, with a "note" if wanted
    photo, scan                          a list of SHA-256 digests in lower-case hex, as of the lane `blob`
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Final, cast

from catalogue.conditions import is_among
from catalogue.faults import Fault, Reason, fault_of
from catalogue.questions import (
    AddressQuestion,
    AmountQuestion,
    BillCodeQuestion,
    CardQuestion,
    ChoiceQuestion,
    DayQuestion,
    NameQuestion,
    NumberQuestion,
    PhoneQuestion,
    PhotoQuestion,
    PlaceQuestion,
    Question,
    ScanQuestion,
    Span,
    TextQuestion,
    YesNoQuestion,
    closed_answers,
)
from catalogue.words import WARD

MAX_TEXT: Final = 2_000
"""Characters of any one text, before anything else is looked at."""
MAX_NAME: Final = 100
MAX_STREET: Final = 200
MAX_NOTE: Final = 300
MAX_CARD: Final = 300

_PHONE: Final = re.compile(r"(?:0|\+84)(?:[35789][0-9]{8}|2[0-9]{9})")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WARD: Final = re.compile(WARD)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_NAME_MARKS: Final = frozenset(" '\u2019-.")
_LATITUDES: Final = (7.0, 24.0)
_LONGITUDES: Final = (102.0, 118.0)
"""Vietnam with its islands."""

Check = Callable[[Question, object, dt.date], Reason | None]


def check_answer(question: Question, value: object, today: dt.date) -> Fault | None:
    """Return what is wrong with an answer, or None. It is looked at as `tidy` leaves it."""
    if value is None:
        return None if question.optional else fault_of(question, Reason.MISSING)
    reason = _CHECKS[type(question)](question, tidy(question, value), today)
    return None if reason is None else fault_of(question, reason)


def tidy(question: Question, value: object) -> object:
    """Return the answer as it is kept: NFC, no blanks around; no separators in numbers of telephones and of customers."""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return value
    text = unicodedata.normalize("NFC", value).strip()
    if isinstance(question, PhoneQuestion):
        return re.sub(r"[\s.\-()]", "", text)
    if isinstance(question, BillCodeQuestion):
        return re.sub(r"[\s.\-]", "", text).upper()
    return " ".join(text.split()) if isinstance(question, NameQuestion) else text


def _line(value: object, most: int, *, least: int = 1, many: bool = False) -> Reason | None:
    if not isinstance(value, str):
        return Reason.WRONG_KIND
    if len(value) < least:
        return Reason.TOO_SHORT if value else Reason.MISSING
    if len(value) > most:
        return Reason.TOO_LONG
    blanks = "\n\t" if many else ""
    strange = any(
        unicodedata.category(each) in {"Cc", "Cs", "Co", "Cn"} and each not in blanks for each in value
    )
    return Reason.STRANGE if strange else None


def _text(question: Question, value: object, _today: dt.date) -> Reason | None:
    asked = cast("TextQuestion", question)
    reason = _line(value, asked.max_length, many=asked.many_lines)
    if (
        reason is None
        and asked.pattern is not None
        and re.fullmatch(asked.pattern, cast("str", value)) is None
    ):
        return Reason.NO_MATCH
    return reason


def _bill_code(question: Question, value: object, _today: dt.date) -> Reason | None:
    reason = _line(value, MAX_NAME)
    if (
        reason is None
        and re.fullmatch(cast("BillCodeQuestion", question).pattern, cast("str", value)) is None
    ):
        return Reason.NO_MATCH
    return reason


def _name(_question: Question, value: object, _today: dt.date) -> Reason | None:
    reason = _line(value, MAX_NAME, least=2)
    if reason is not None:
        return reason
    text = cast("str", value)
    fits = all(unicodedata.category(each)[0] in "LM" or each in _NAME_MARKS for each in text)
    return None if fits and any(each.isalpha() for each in text) else Reason.NO_MATCH


def _phone(_question: Question, value: object, _today: dt.date) -> Reason | None:
    if not isinstance(value, str):
        return Reason.WRONG_KIND
    return None if _PHONE.fullmatch(value) else Reason.NO_MATCH


def _day(question: Question, value: object, today: dt.date) -> Reason | None:
    asked = cast("DayQuestion", question)
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        return Reason.WRONG_KIND
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return Reason.NO_DAY
    if asked.span is Span.PAST and day > today:
        return Reason.FUTURE
    if asked.span is Span.FUTURE and day < today:
        return Reason.PAST
    return Reason.TOO_FAR if abs(day.year - today.year) > asked.years else None


def _within(value: object, lowest: int, highest: int) -> Reason | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return Reason.WRONG_KIND
    if value < lowest:
        return Reason.TOO_LOW
    return Reason.TOO_HIGH if value > highest else None


def _number(question: Question, value: object, _today: dt.date) -> Reason | None:
    asked = cast("NumberQuestion", question)
    return _within(value, asked.lowest, asked.highest)


def _amount(question: Question, value: object, _today: dt.date) -> Reason | None:
    asked = cast("AmountQuestion", question)
    return _within(value, asked.lowest_dong, asked.highest_dong)


def _closed(question: Question, value: object, _today: dt.date) -> Reason | None:
    return None if is_among(value, closed_answers(question) or ()) else Reason.WRONG_KIND


def _address(_question: Question, value: object, _today: dt.date) -> Reason | None:
    if not isinstance(value, dict) or value.keys() != {"ward", "street"}:
        return Reason.WRONG_KIND
    ward = value["ward"]
    if not isinstance(ward, str) or _WARD.fullmatch(ward) is None:
        return Reason.NO_WARD
    return _line(value["street"], MAX_STREET, least=3)


def _place(_question: Question, value: object, _today: dt.date) -> Reason | None:
    if not isinstance(value, dict):
        return Reason.WRONG_KIND
    given = dict(value)
    note = given.pop("note", "")
    reason = None if note == "" else _line(note, MAX_NOTE)
    if reason is not None or given == {"at": "station"}:
        return reason
    if given.keys() != {"at", "lat", "lon"} or given["at"] != "point":
        return Reason.WRONG_KIND
    inside = _between(given["lat"], _LATITUDES) and _between(given["lon"], _LONGITUDES)
    return None if inside else Reason.NO_PLACE


def _between(value: object, bounds: tuple[float, float]) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and bounds[0] <= value <= bounds[1]


def _pictures(question: Question, value: object, _today: dt.date) -> Reason | None:
    most = cast("PhotoQuestion | ScanQuestion", question).most
    if not isinstance(value, list):
        return Reason.WRONG_KIND
    if not value:
        return Reason.MISSING
    if len(value) > most:
        return Reason.TOO_MANY
    fits = all(isinstance(each, str) and _DIGEST.fullmatch(each) for each in value)
    return None if fits and len(set(value)) == len(value) else Reason.WRONG_KIND


def _card(_question: Question, value: object, _today: dt.date) -> Reason | None:
    return _line(value, MAX_CARD)


_CHECKS: Final[dict[type, Check]] = {
    TextQuestion: _text,
    NameQuestion: _name,
    PhoneQuestion: _phone,
    DayQuestion: _day,
    NumberQuestion: _number,
    AmountQuestion: _amount,
    ChoiceQuestion: _closed,
    YesNoQuestion: _closed,
    AddressQuestion: _address,
    PlaceQuestion: _place,
    PhotoQuestion: _pictures,
    ScanQuestion: _pictures,
    BillCodeQuestion: _bill_code,
    CardQuestion: _card,
}

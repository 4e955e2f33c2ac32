import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.answering import MAX_TEXT, check_answer, tidy
from catalogue.faults import Reason
from catalogue.questions import Question
from tests.catalogue.samples import TODAY, asked, choice, question, text, unhurried

CODE = {
    "pattern": "PE[0-9]{11}",
    "example": "PE01000123456",
    "hint": text("P E và mười một số", "P E and digits"),
}
CHIP = {"level": "chip", "fields": ["number"], "needed": [], "recipient": "ward-police"}

QUESTIONS: dict[str, Question] = {
    each.id: each
    for each in asked(
        question("text", "words", max_length=10),
        question("text", "lines", max_length=20, many_lines=True),
        question("text", "digits", pattern="[0-9]{3}", example="123", hint=text("Ba số", "Three digits")),
        question("name", "name"),
        question("phone", "phone"),
        question("day", "day"),
        question("day", "past", span="past", years=100),
        question("day", "future", span="future", years=2),
        question("number", "number", lowest=1, highest=20),
        question("amount", "amount", lowest_dong=10_000, highest_dong=500_000),
        choice("choice", "red", "blue"),
        question("yes-no", "yes-no"),
        question("address", "address"),
        question("place", "place"),
        question("photo", "photo", most=2),
        question("scan", "scan", document="photo", most=2),
        question("bill-code", "code", **CODE),
        question("card", "card", field="number"),
        question("name", "optional", optional=True),
        identity=CHIP,
    ).questions
}
A, B, C = ("a" * 64, "b" * 64, "c" * 64)
STATION = {"at": "station"}
POINT = {"at": "point", "lat": 10.78, "lon": 106.75}
HOME = {"ward": "27097", "street": "12 Đường Số 5"}


def reason(name: str, value: object) -> Reason | None:
    fault = check_answer(QUESTIONS[name], value, TODAY)
    assert fault is None or fault.question == name
    return None if fault is None else fault.reason


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("words", "mười chữ"),
        ("words", "  mười chữ  "),
        ("lines", "một\nhai"),
        ("digits", "123"),
        ("name", "NGUYỄN VĂN AN"),
        ("name", "Nguyễn Thị Bé-Ba"),
        ("name", "O\u2019Neill An"),
        ("name", "H'Hen Niê"),
        ("phone", "0903001234"),
        ("phone", "0903 001.234"),
        ("phone", "+84 903 001 234"),
        ("phone", "028 3829 1234"),
        ("day", "1950-02-28"),
        ("past", "2026-11-27"),
        ("future", "2026-11-27"),
        ("number", 20),
        ("amount", 10_000),
        ("choice", "blue"),
        ("yes-no", False),
        ("address", HOME),
        ("place", STATION),
        ("place", {**STATION, "note": "Cạnh thang máy"}),
        ("place", POINT),
        ("place", {**POINT, "note": "Trước cổng"}),
        ("photo", [A, B]),
        ("scan", [A]),
        ("code", "PE01000123456"),
        ("code", " pe 0100 0123 456 "),
        ("card", "079203001234"),
        ("optional", None),
    ],
)
def test_a_good_answer_is_taken(name: str, value: object) -> None:
    assert reason(name, value) is None


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("words", None, Reason.MISSING),
        ("words", "   ", Reason.MISSING),
        ("words", "mười một chữ", Reason.TOO_LONG),
        ("words", "một\nhai", Reason.STRANGE),
        ("words", "a\x00b", Reason.STRANGE),
        ("words", "a\ud800", Reason.STRANGE),
        ("words", 5, Reason.WRONG_KIND),
        ("words", "x" * (MAX_TEXT + 1), Reason.TOO_LONG),
        ("lines", "a\x07b", Reason.STRANGE),
        ("digits", "12", Reason.NO_MATCH),
        ("digits", "1234", Reason.NO_MATCH),
        ("digits", "١٢٣", Reason.NO_MATCH),
        ("name", "A", Reason.TOO_SHORT),
        ("name", "NGUYEN VAN 4N", Reason.NO_MATCH),
        ("name", "--", Reason.NO_MATCH),
        ("name", "x" * 101, Reason.TOO_LONG),
        ("phone", "113", Reason.NO_MATCH),
        ("phone", "0103001234", Reason.NO_MATCH),
        ("phone", 903001234, Reason.WRONG_KIND),
        ("day", "22-11-2026", Reason.WRONG_KIND),
        ("day", "2026-02-30", Reason.NO_DAY),
        ("day", "1800-01-01", Reason.TOO_FAR),
        ("past", "2026-11-28", Reason.FUTURE),
        ("future", "2026-11-26", Reason.PAST),
        ("future", "2029-01-01", Reason.TOO_FAR),
        ("number", 0, Reason.TOO_LOW),
        ("number", 21, Reason.TOO_HIGH),
        ("number", True, Reason.WRONG_KIND),
        ("number", "5", Reason.WRONG_KIND),
        ("number", 5.0, Reason.WRONG_KIND),
        ("amount", 9_999, Reason.TOO_LOW),
        ("amount", 500_001, Reason.TOO_HIGH),
        ("choice", "green", Reason.WRONG_KIND),
        ("choice", ["red"], Reason.WRONG_KIND),
        ("yes-no", 1, Reason.WRONG_KIND),
        ("yes-no", "yes", Reason.WRONG_KIND),
        ("address", {"ward": "27097"}, Reason.WRONG_KIND),
        ("address", {**HOME, "district": "Quận 2"}, Reason.WRONG_KIND),
        ("address", {**HOME, "ward": "2709"}, Reason.NO_WARD),
        ("address", {**HOME, "ward": 27097}, Reason.NO_WARD),
        ("address", {**HOME, "street": "a"}, Reason.TOO_SHORT),
        ("address", {**HOME, "street": "a\nb c"}, Reason.STRANGE),
        ("place", "here", Reason.WRONG_KIND),
        ("place", {"at": "moon"}, Reason.WRONG_KIND),
        ("place", {**POINT, "at": "station"}, Reason.WRONG_KIND),
        ("place", {**POINT, "lat": 48.8}, Reason.NO_PLACE),
        ("place", {**POINT, "lon": "106"}, Reason.NO_PLACE),
        ("place", {**POINT, "lat": True}, Reason.NO_PLACE),
        ("place", {**POINT, "lat": float("nan")}, Reason.NO_PLACE),
        ("place", {**POINT, "note": 5}, Reason.WRONG_KIND),
        ("place", {**STATION, "note": "x" * 301}, Reason.TOO_LONG),
        ("photo", [], Reason.MISSING),
        ("photo", [A, B, C], Reason.TOO_MANY),
        ("photo", [A, A], Reason.WRONG_KIND),
        ("photo", [A.upper()], Reason.WRONG_KIND),
        ("photo", A, Reason.WRONG_KIND),
        ("scan", [["x"]], Reason.WRONG_KIND),
        ("code", "PE0100012345", Reason.NO_MATCH),
        ("code", "", Reason.MISSING),
        ("card", 79203001234, Reason.WRONG_KIND),
        ("card", None, Reason.MISSING),
    ],
)
def test_each_answer_that_cannot_be_taken_has_its_reason(name: str, value: object, why: Reason) -> None:
    assert reason(name, value) is why


def test_an_answer_is_kept_without_what_is_only_typing() -> None:
    assert tidy(QUESTIONS["phone"], " 0903.001-234 ") == "0903001234"
    assert tidy(QUESTIONS["code"], "pe 0100 0123.456") == "PE01000123456"
    assert tidy(QUESTIONS["name"], "  nguyễn   văn  an ") == "nguyễn văn an"
    assert tidy(QUESTIONS["words"], " a  b ") == "a  b"
    assert tidy(QUESTIONS["name"], "Nguye\u0302\u0303n Va\u0306n An") == "Nguyễn Văn An"
    assert tidy(QUESTIONS["number"], 5) == 5
    assert tidy(QUESTIONS["words"], " " * (MAX_TEXT + 1)) == " " * (MAX_TEXT + 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["ward", "street", "at", "lat", "lon", "note"]) | st.text(max_size=3), inner
        )
    ),
    max_leaves=8,
)


@unhurried
@given(st.sampled_from(sorted(QUESTIONS)), json_values | st.from_regex(r"[0-9+. PE]{0,20}", fullmatch=True))
def test_any_json_is_an_answer_or_has_a_reason(name: str, value: object) -> None:
    fault = check_answer(QUESTIONS[name], value, TODAY)
    tidied = tidy(QUESTIONS[name], value)
    assert fault is None or fault.text.vi
    again = check_answer(QUESTIONS[name], tidied, TODAY)
    assert (fault is None) == (again is None)


@unhurried
@given(
    st.sampled_from(["words", "name", "phone", "digits", "code", "lines"]), st.text(min_size=6, max_size=60)
)
def test_what_is_said_of_a_fault_never_repeats_the_answer(name: str, value: str) -> None:
    fault = check_answer(QUESTIONS[name], value, TODAY)
    if fault is not None and re.search(r"\w{6}", value):
        assert value not in repr(fault)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_a_day_is_past_or_future_and_today_is_both(day: dt.date) -> None:
    past, future = (reason(name, day.isoformat()) for name in ("past", "future"))
    assert (past is None or past is Reason.TOO_FAR) == (day <= TODAY)
    assert (future is None or future is Reason.TOO_FAR) == (day >= TODAY)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.asking import applicable, faults, kept, next_question, papers, question_of, review, step
from catalogue.faults import Reason
from catalogue.load import load_catalogue
from catalogue.model import Service
from tests.catalogue.samples import TODAY, Doc, asked, choice, question, sample, service_of, text, unhurried
from tests.catalogue.test_answering import json_values

FAMILY = asked(
    choice("who", "adult", "child"),
    question("name", "name"),
    question("yes-no", "school", when=[{"question": "who", "is": "child"}]),
    question("text", "class", when=[{"question": "school", "is": True}], max_length=20),
    question("phone", "phone", optional=True, when=[{"question": "who", "not": ["child"]}]),
)
CHILD: dict[str, object] = {"who": "child", "name": "Nguyễn Thị Bé", "school": True, "class": "2A"}


def ids(service: Service, answers: dict[str, object]) -> list[str]:
    return [each.id for each in applicable(service, answers)]


def upcoming(answers: dict[str, object]) -> str | None:
    following = next_question(FAMILY, answers, TODAY)
    return None if following is None else following.id


def test_only_questions_whose_conditions_hold_are_asked() -> None:
    assert ids(FAMILY, {}) == ["who", "name"]
    assert ids(FAMILY, {"who": "child"}) == ["who", "name", "school"]
    assert ids(FAMILY, {"who": "child", "school": True}) == ["who", "name", "school", "class"]
    assert ids(FAMILY, {"who": "adult"}) == ["who", "name", "phone"]


def test_a_question_falls_out_with_the_one_that_it_rests_on() -> None:
    assert ids(FAMILY, {**CHILD, "who": "adult"}) == ["who", "name", "phone"]


@pytest.mark.parametrize("value", [None, "baby", 5, True, ["child"], {}])
def test_an_answer_that_cannot_be_taken_decides_nothing(value: object) -> None:
    assert ids(FAMILY, {**CHILD, "who": value}) == ["who", "name"]


def test_the_next_question_is_the_first_without_a_good_answer() -> None:
    assert upcoming({}) == "who"
    assert upcoming({"who": "child"}) == "name"
    assert upcoming({"who": "child", "name": "x"}) == "name"
    assert upcoming({"name": "Nguyễn Văn An"}) == "who"
    assert upcoming({"who": "child", "name": "Nguyễn Thị Bé", "school": True}) == "class"
    assert upcoming(CHILD) is None


def test_an_optional_question_is_asked_once_and_may_be_skipped() -> None:
    adult: dict[str, object] = {"who": "adult", "name": "Nguyễn Văn An"}
    assert upcoming(adult) == "phone"
    assert upcoming({**adult, "phone": None}) is None
    assert upcoming({**adult, "phone": "113"}) == "phone"


def test_everything_that_stands_in_the_way_is_told_in_order() -> None:
    found = faults(FAMILY, {"who": "child", "class": "x" * 50, "school": True}, TODAY)
    assert [(fault.question, fault.reason) for fault in found] == [
        ("name", Reason.MISSING),
        ("class", Reason.TOO_LONG),
    ]
    assert faults(FAMILY, CHILD, TODAY) == ()
    assert faults(FAMILY, {"who": "adult", "name": "Nguyễn Văn An"}, TODAY) == ()


def test_only_what_applies_is_submitted_and_tidied() -> None:
    answers = {**CHILD, "who": "adult", "name": "  Nguyễn  Văn An ", "phone": "0903 001 234", "evil": "x"}
    assert kept(FAMILY, answers) == {"who": "adult", "name": "Nguyễn Văn An", "phone": "0903001234"}
    assert kept(FAMILY, {"who": "adult", "phone": None}) == {"who": "adult"}


def test_a_step_is_counted_among_what_applies() -> None:
    assert step(FAMILY, CHILD, "school") == (3, 4)
    assert step(FAMILY, CHILD, "phone") == (0, 4)


def test_a_question_is_found_by_its_id() -> None:
    found = question_of(FAMILY, "school")
    assert found is not None
    assert found.id == "school"
    assert question_of(FAMILY, "nothing") is None


def test_papers_follow_the_answers() -> None:
    documents: list[Doc] = [
        {"id": "photo", "name": text("Ảnh"), "form": "original"},
        {"id": "letter", "name": text("Giấy"), "form": "copy", "when": [{"question": "who", "is": "child"}]},
    ]
    service = service_of(sample(documents=documents))
    assert [paper.id for paper in papers(service, {})] == ["photo"]
    assert [paper.id for paper in papers(service, {"who": "child"})] == ["photo", "letter"]


def test_answers_are_checked_in_the_words_of_people() -> None:
    service = asked(
        choice("who", "adult", "child"),
        question("yes-no", "school"),
        question("day", "day"),
        question("number", "months", highest=24, unit=text("tháng", "months")),
        question("number", "plain", highest=24),
        question("amount", "amount", highest_dong=500_000),
        question("address", "home"),
        question("place", "here"),
        question("place", "there"),
        question("photo", "photos"),
        question("name", "name", optional=True),
        question("phone", "phone"),
    )
    rows = review(
        service,
        {
            "who": "child",
            "school": False,
            "day": "2026-11-22",
            "months": 12,
            "plain": 7,
            "amount": 75_000,
            "home": {"ward": "27097", "street": "12 Đường Số 5"},
            "here": {"at": "station", "note": "Cạnh thang máy"},
            "there": {"at": "point", "lat": 10.5, "lon": 106.5},
            "photos": ["a" * 64],
            "name": None,
            "phone": "0903 001 234",
        },
        {"27097": "Phường Bình Trưng"},
    )
    assert [(row.question.id, row.shown.vi, row.shown.en) for row in rows] == [
        ("who", "Chọn child", "child"),
        ("school", "Không", "No"),
        ("day", "22/11/2026", "22/11/2026"),
        ("months", "12 tháng", "12 months"),
        ("plain", "7", "7"),
        ("amount", "75.000 đồng", "75,000 dong"),
        ("home", "12 Đường Số 5, Phường Bình Trưng", "12 Đường Số 5, Phường Bình Trưng"),
        ("here", "Tại trạm này (Cạnh thang máy)", "At this station (Cạnh thang máy)"),
        ("there", "10.5, 106.5", "10.5, 106.5"),
        ("photos", "1 ảnh", "1 picture"),
        ("name", "Bỏ qua", "Left out"),
        ("phone", "0903001234", "0903001234"),
    ]


def test_a_ward_without_a_name_is_shown_by_its_code() -> None:
    service = asked(question("address", "home"))
    (row,) = review(service, {"home": {"ward": "27097", "street": "Số 1"}})
    assert row.shown.vi == "Số 1, 27097"


def test_a_row_does_not_show_the_answer_in_a_log() -> None:
    (row,) = review(asked(question("name", "name")), {"name": "NGUYEN VAN AN"})
    assert row.shown.vi == "NGUYEN VAN AN"
    assert "NGUYEN" not in repr(row)


SERVICES = list(load_catalogue().services.values())


@unhurried
@given(st.data())
def test_any_answers_to_any_service_are_asked_checked_and_reviewed_without_failing(
    data: st.DataObject,
) -> None:
    service = data.draw(st.sampled_from([FAMILY, *SERVICES]))
    names = st.sampled_from([each.id for each in service.questions] or ["x"]) | st.text(max_size=3)
    likely = st.sampled_from([option for each in service.questions for option in _options(each)] or ["x"])
    answers = data.draw(st.dictionaries(names, json_values | likely, max_size=12))
    asked_now = applicable(service, answers)
    following = next_question(service, answers, TODAY)
    assert following is None or following in asked_now
    stand = faults(service, answers, TODAY)
    assert {fault.question for fault in stand} <= {each.id for each in asked_now}
    if following is None:
        assert stand == ()
    assert set(kept(service, answers)) <= {each.id for each in asked_now}
    assert len(review(service, answers)) == len(asked_now)
    assert applicable(service, kept(service, answers)) == asked_now


def _options(each: object) -> list[object]:
    return [option.id for option in getattr(each, "options", ())] + [True, False]

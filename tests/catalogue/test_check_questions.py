import pytest

from catalogue.conditions import Clause
from catalogue.questions import ChoiceQuestion, YesNoQuestion, closed_answers
from tests.catalogue.samples import Doc, choice, mistakes_of, question, sample, service_of, text, told_of

WHO = choice("who", "adult", "child", "elder")
MARRIED = question("yes-no", "married")
CHIP = {"level": "chip", "fields": ["number", "name"], "needed": ["number"], "recipient": "ward-police"}


def told(*questions: Doc, **changes: object) -> list[tuple[str, str]]:
    return told_of(sample(questions=list(questions), **changes))


def then(*when: Doc, **more: object) -> Doc:
    return question("name", "then", when=list(when), **more)


@pytest.mark.parametrize(
    "when",
    [
        [{"question": "who", "is": "child"}],
        [{"question": "who", "in": ["child", "elder"]}],
        [{"question": "who", "not": ["child"]}],
        [{"question": "married", "is": False}],
        [{"question": "who", "not": ["child"]}, {"question": "married", "is": True}],
        [{"question": "who", "in": ["child", "elder"]}, {"question": "who", "not": ["child"]}],
    ],
)
def test_conditions_on_earlier_closed_questions_are_right(when: list[Doc]) -> None:
    assert told(WHO, MARRIED, then(*when)) == []


@pytest.mark.parametrize(
    ("when", "path", "says"),
    [
        ([{"question": "who"}], "[0]", "exactly one of is, in and not"),
        ([{"question": "who", "is": "child", "not": ["elder"]}], "[0]", "exactly one of is, in and not"),
        (
            [{"question": "nobody", "is": "x"}],
            "[0].question",
            "nobody is no question before this one; there are: who, age",
        ),
        ([{"question": "then", "is": "x"}], "[0].question", "then is no question before this one"),
        ([{"question": "age", "is": "x"}], "[0].question", "age has no list of answers"),
        (
            [{"question": "who", "is": "baby"}],
            "[0]",
            "baby is no answer to who; there are: adult, child, elder",
        ),
        ([{"question": "who", "in": ["child", "baby"]}], "[0]", "baby is no answer to who"),
        ([{"question": "who", "not": [True]}], "[0]", "true is no answer to who"),
    ],
)
def test_a_condition_must_name_an_earlier_closed_question_and_its_answers(
    when: list[Doc], path: str, says: str
) -> None:
    age = question("number", "age", highest=120)
    found = dict(told(WHO, age, then(*when)))
    assert says in found[f"questions[2].when{path}"]


def test_a_question_that_comes_later_is_not_before() -> None:
    ((path, says),) = told(then({"question": "who", "is": "child"}), WHO)
    assert path == "questions[0].when[0].question"
    assert says.endswith("there are: none")


@pytest.mark.parametrize(
    "when",
    [
        [{"question": "who", "is": "child"}, {"question": "who", "is": "adult"}],
        [{"question": "who", "not": ["adult", "child", "elder"]}],
        [{"question": "who", "is": "child"}, {"question": "who", "not": ["child"]}],
        [{"question": "married", "is": True}, {"question": "married", "is": False}],
    ],
)
def test_a_question_that_no_answer_leads_to_is_told(when: list[Doc]) -> None:
    ((path, says),) = told(WHO, MARRIED, then(*when))
    assert path == "questions[2].when"
    assert says.startswith("can never come true")


def test_a_question_that_rests_on_one_of_the_contrary_case_is_told_too() -> None:
    married = question("yes-no", "married", when=[{"question": "who", "is": "adult"}])
    last = then({"question": "married", "is": True}, {"question": "who", "is": "child"})
    assert (
        "questions[2].when",
        "can never come true: no one would be asked this; loosen or remove it",
    ) in told(WHO, married, last)


def test_ids_of_questions_and_of_options_are_their_own() -> None:
    assert told(WHO, question("name", "who")) == [
        ("questions", "the id who is there 2 times; each needs its own")
    ]
    assert told(choice("who", "a", "b", "a")) == [
        ("questions[0].options", "the id a is there 2 times; each needs its own")
    ]


@pytest.mark.parametrize(
    ("vi", "found"),
    [
        ("Số CCCD của ông bà", "CC"),
        ("Cha/mẹ là ai?", "/"),
        ("Số điện thoại (nếu có)", "("),
        ("Gọi 19001022", "19001022"),
        ("Tài khoản VNeID", "VN"),
        ("Mở iBanking", "iB"),
    ],
)
def test_what_cannot_be_read_aloud_needs_words_for_it(vi: str, found: str) -> None:
    asked = {"type": "name", "id": "a", "text": text(vi, "Who is it?")}
    ((path, says),) = told(asked)
    assert path == "questions[0].text.vi"
    assert found in says
    assert "write `spoken`" in says
    assert told({**asked, "spoken": text("Viết thành lời", "In words")}) == []


def test_spoken_words_must_be_speakable_themselves_in_both_languages() -> None:
    asked = {
        "type": "name",
        "id": "a",
        "text": text("Cha/mẹ"),
        "spoken": text("Cha hoặc mẹ", "Father/mother"),
    }
    ((path, says),) = told(asked)
    assert path == "questions[0].spoken.en"
    assert says == "'/' cannot be read aloud: write it as words"


@pytest.mark.parametrize(
    "vi", ["Mua SIM mới", "Ở đây từ ngày nào?", "Có 12 tháng, hoặc 2.000 đồng", "Ông bà cần gì"]
)
def test_plain_words_short_numbers_and_sim_are_speakable(vi: str) -> None:
    assert told({"type": "name", "id": "a", "text": text(vi)}) == []


def test_the_lowest_is_not_above_the_highest() -> None:
    number = question("number", "n", lowest=5, highest=4)
    amount = question("amount", "a", lowest_dong=9_000, highest_dong=8_000)
    assert told(number, amount) == [
        ("questions[0].highest", "4 is below the lowest, 5"),
        ("questions[1].highest_dong", "8000 is below the lowest, 9000"),
    ]


def test_a_scan_is_of_a_paper_that_the_service_names() -> None:
    assert told(question("scan", "s", document="photo")) == []
    assert told(question("scan", "s", document="lease")) == [
        ("questions[0].document", "lease is no paper of this service; there are: photo")
    ]
    assert told(question("scan", "s", document="lease"), documents=[]) == [
        ("questions[0].document", "lease is no paper of this service; there are: none")
    ]


def test_a_card_field_is_one_that_is_read_and_what_is_needed_stays() -> None:
    assert told(question("card", "c", field="name", optional=True), identity=CHIP) == []
    assert "not read at this identity level" in told(question("card", "c", field="name"))[0][1]
    assert told(question("card", "c", field="birth"), identity=CHIP) == [
        ("questions[0].field", "birth is not among identity.fields")
    ]
    ((path, says),) = told(question("card", "c", field="number", optional=True), identity=CHIP)
    assert path == "questions[0].optional"
    assert "cannot be left out" in says


PATTERNED = {"hint": text("Mười số"), "example": "0123456789"}


def test_a_pattern_comes_with_an_example_that_fits_and_a_hint() -> None:
    assert told(question("text", "t", pattern="[0-9]{10}", **PATTERNED)) == []
    assert told(question("text", "t", pattern="[0-9]{10}")) == [
        ("questions[0]", "a pattern needs an example and a hint")
    ]
    assert told(question("bill-code", "t", pattern="[0-9]{9}", **PATTERNED)) == [
        ("questions[0].example", "does not fit the pattern")
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]+",
        "[0-9]*",
        "(a|b){9}",
        "(?:[0-9]{2}){3}",
        r"([0-9])\1",
        "[0-9]{2,}",
        "(?=a)a",
        "(?P<x>a)",
        "(a)?",
    ],
)
def test_a_pattern_that_might_take_for_ever_is_refused(pattern: str) -> None:
    ((path, says),) = told(question("text", "t", pattern=pattern, **PATTERNED))
    assert path == "questions[0].pattern"
    assert says.startswith("write {1,20} instead")


@pytest.mark.parametrize(
    ("pattern", "says"), [("[0-9]{65}", "repeats more than 64 times"), ("[0-9", "no regular expression")]
)
def test_a_pattern_is_short_and_a_regular_expression(pattern: str, says: str) -> None:
    ((_, found),) = told(question("bill-code", "t", pattern=pattern, **PATTERNED))
    assert found.startswith(says)


def test_conditions_of_papers_may_look_at_every_question() -> None:
    papers: list[Doc] = [
        {"id": "photo", "name": text("Ảnh"), "form": "scan", "when": [{"question": "who", "is": "child"}]}
    ]
    assert mistakes_of(sample(documents=papers)) == []
    papers[0]["when"] = [{"question": "name", "is": "child"}]
    assert told_of(sample(documents=papers))[0][0] == "documents[0].when[0].question"


def test_closed_questions_list_their_answers_and_open_ones_have_none() -> None:
    who, name, married = service_of(sample(questions=[WHO, question("name", "n"), MARRIED])).questions
    assert isinstance(who, ChoiceQuestion)
    assert isinstance(married, YesNoQuestion)
    assert [closed_answers(each) for each in (who, name, married)] == [
        ("adult", "child", "elder"),
        None,
        (True, False),
    ]
    assert service_of(sample()).questions[2].when == (Clause(question="who", is_="child"),)

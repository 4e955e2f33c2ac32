"""Conversations with the guide as a station has it: real catalogue, real sayings, from words to what the screen does."""

import pytest

from catalogue.answers import Topic
from catalogue.load import load_catalogue
from edge.guide.dialogue import step
from edge.guide.embedded import build_understanding
from edge.guide.events import (
    Chosen,
    Event,
    Heard,
    OfferPerson,
    OfferSos,
    Open,
    Phase,
    Propose,
    Refused,
    Started,
    State,
    Tell,
    Turn,
)
from edge.guide.knowledge import CatalogueKnowledge
from edge.guide.understanding import Understanding


class Person:
    """Somebody before the screen."""

    def __init__(self, understanding: Understanding, knowledge: CatalogueKnowledge) -> None:
        self._understanding = understanding
        self._knowledge = knowledge
        self.state = State()
        self.does(Started())

    def says(self, text: str) -> Turn:
        return self.does(Heard(self._understanding.understand(text)))

    def does(self, event: Event) -> Turn:
        self.state, turn = step(self.state, event, self._knowledge)
        return turn


SERVICES = load_catalogue().services
UNDERSTANDING = build_understanding(SERVICES)


@pytest.fixture
def person() -> Person:
    return Person(UNDERSTANDING, CatalogueKnowledge(SERVICES))


def proposed(turn: Turn) -> tuple[str, ...]:
    (intent,) = turn.intents
    assert isinstance(intent, Propose)
    return intent.services


def test_an_old_woman_pays_for_electricity(person: Person) -> None:
    """She types without accents, is asked, says yes, and asks on the way how much it costs and how long it takes."""
    services = proposed(person.says("toi muon dong tien dien"))
    assert services[0] == "bill-electricity"
    assert len(services) == 3
    assert person.says("dạ phải").intents == (Open("bill-electricity"),)
    (told,) = person.says("co mat phi khong con").intents
    assert isinstance(told, Tell)
    assert (told.service, told.topic) == ("bill-electricity", Topic.COST)
    assert told.answer.source.startswith("bill-electricity@")
    (told,) = person.says("mất bao lâu dzậy").intents
    assert isinstance(told, Tell)
    assert told.topic is Topic.TIME


def test_a_father_asks_before_he_begins(person: Person) -> None:
    """He wants to know what he needs for the birth certificate, and begins when he knows."""
    assert proposed(person.says("làm giấy khai sanh cho thằng cu nhà tui cần mang giấy tờ gì"))[0] == "birth"
    (told,) = person.says("cái đầu tiên").intents
    assert isinstance(told, Tell)
    assert (told.service, told.topic) == ("birth", Topic.NEED)
    assert told.answer.text.vi
    assert person.says("ừ").intents == (Open("birth"),)


def test_a_student_is_misunderstood_and_says_it_again(person: Person) -> None:
    proposed(person.says("làm giấy cho sinh viên ở trọ"))
    person.does(Refused())
    assert person.state.phase is Phase.LISTENING
    services = proposed(person.says("tôi cần thẻ ngân hàng"))
    assert services[0] == "referral-bank-account"
    assert person.does(Chosen("referral-bank-account")).intents == (Open("referral-bank-account"),)


def test_whom_nothing_here_can_help_is_sent_to_a_person(person: Person) -> None:
    assert person.says("tối nay đội nào đá chung kết").intents == ()
    assert person.says("kể chuyện cười đi").intents == (OfferPerson(),)


def test_an_emergency_comes_before_everything(person: Person) -> None:
    person.says("toi muon dong tien dien")
    assert person.says("cứu với, ông nhà tôi té xuống không thở được").intents == (OfferSos(),)
    assert person.says("đúng rồi").intents == (Open("bill-electricity"),)


def test_in_the_middle_of_one_thing_another_comes_to_mind(person: Person) -> None:
    person.says("gia hạn thẻ bảo hiểm y tế")
    person.says("phải")
    assert proposed(person.says("à mà hồ sơ tạm trú tui nộp bữa trước tới đâu rồi"))[0] == "track"
    person.says("không phải")
    assert person.state.service == "health-insurance"


def test_a_question_first_and_the_service_after(person: Person) -> None:
    assert person.says("cần giấy tờ gì").intents == ()
    assert proposed(person.says("đổi căn cước hết hạn"))[0] == "identity-card-renewal"
    (told,) = person.says("đúng").intents
    assert isinstance(told, Tell)
    assert (told.service, told.topic) == ("identity-card-renewal", Topic.NEED)


def test_who_speaks_english_is_understood_too(person: Person) -> None:
    assert proposed(person.says("I want to register my stay, I rent a room here"))[0] == "temporary-residence"
    assert person.says("yes please").intents == (Open("temporary-residence"),)
    (told,) = person.says("how long does it take").intents
    assert isinstance(told, Tell)
    assert told.answer.text.en

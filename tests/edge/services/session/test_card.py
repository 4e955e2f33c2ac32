"""What the card answers, what is hidden until it is asked for, and which papers are to be brought."""

import pytest

from edge.idcard.groups import Field
from edge.services.errors import OrderRefusedError, Refusal
from edge.services.session.events import OpenCard, Prefilled
from edge.services.session.machine import can_take
from edge.services.session.state import CardGiven, State
from edge.services.view import Action, Page
from tests.edge.services.visits import (
    CARD,
    FIELDS,
    NAME,
    PROOF,
    STAY,
    STREET,
    Counter,
    card_questions,
    site,
)


def refusal(counter: Counter, action: Action, **members: object) -> Refusal:
    before = counter.state
    with pytest.raises(OrderRefusedError) as refused:
        counter.act(action, **members)
    assert counter.state is before
    return refused.value.reason


def test_personal_rows_are_hidden_until_they_are_asked_for() -> None:
    counter = Counter()
    counter.to_check("temporary-residence", STAY)
    hidden = [row.question for row in counter.view.rows if row.is_hidden]
    assert "case" not in hidden
    assert {"card-name", "address", "phone"} <= set(hidden)
    assert counter.row("address").shown.vi == ""
    counter.act(Action.SHOW, question="address")
    assert counter.row("address").shown.vi == f"{STREET}, Phường Bình Trưng"
    counter.act(Action.SHOW, question="card-name")
    assert counter.row("card-name").shown.vi == NAME
    counter.act(Action.HIDE, question="address")
    assert (counter.row("address").is_hidden, counter.row("card-name").is_hidden) == (True, False)
    assert refusal(counter, Action.SHOW, question="case") is Refusal.QUESTION


def test_what_was_shown_is_hidden_again_after_a_look_elsewhere() -> None:
    counter = Counter()
    counter.to_check("temporary-residence", STAY)
    counter.act(Action.SHOW, question="address")
    counter.act(Action.BACK)
    counter.act(Action.ANSWER, question="phone", value="0901234567")
    assert counter.row("phone").is_hidden


def test_a_service_that_needs_the_chip_asks_for_it_first_and_takes_no_typed_field() -> None:
    counter = Counter()
    counter.act(Action.CHOOSE, service="temporary-residence")
    assert Action.USE_CARD in counter.view.actions
    counter.act(Action.START)
    assert counter.question.type == "card"
    assert counter.view.actions == [Action.USE_CARD, Action.BACK, Action.END]
    assert refusal(counter, Action.ANSWER, question="card-number", value="079203001234") is Refusal.NOT_NOW
    assert counter.act(Action.USE_CARD) == [OpenCard("temporary-residence")]


def test_what_the_card_gave_is_taken_over_and_its_questions_are_no_pages() -> None:
    counter = Counter()
    counter.act(Action.CHOOSE, service="temporary-residence")
    counter.lay_card()
    assert (counter.at(), counter.question.id, counter.question.number) == (Page.QUESTION, "case", 1)
    assert counter.view.service is not None
    assert counter.view.service.has_card_fields
    assert Action.USE_CARD not in counter.view.actions
    counter.act(Action.BACK)
    assert counter.at() is Page.SERVICE
    counter.act(Action.START)
    counter.answer_all(STAY)
    rows = {row.question: (row.is_card, row.may_change) for row in counter.view.rows}
    assert {rows[name] for name in card_questions("temporary-residence")} == {(True, False)}
    assert refusal(counter, Action.CHANGE, question="card-name") is Refusal.QUESTION


def test_a_field_that_the_person_took_out_is_left_out() -> None:
    counter = Counter()
    fields: dict[Field, str] = {name: text for name, text in FIELDS.items() if name is not Field.RESIDENCE}
    counter.act(Action.CHOOSE, service="temporary-residence")
    counter.lay_card(CardGiven(fields, PROOF))
    counter.answer_all(STAY)
    counter.act(Action.SHOW, question="card-residence")
    assert counter.row("card-residence").shown.en == "Left out"
    assert Action.SUBMIT in counter.view.actions


def test_a_card_without_what_is_needed_or_for_nobody_is_not_taken() -> None:
    counter = Counter()
    assert not can_take(counter.state, CARD, counter.moment)
    counter.act(Action.CHOOSE, service="temporary-residence")
    assert can_take(counter.state, CARD, counter.moment)
    poor = CardGiven({Field.NUMBER: FIELDS[Field.NUMBER]}, PROOF)
    assert not can_take(counter.state, poor, counter.moment)
    before = counter.state
    counter.feed(Prefilled(poor))
    assert counter.state is before
    counter.feed(Prefilled(CARD))
    assert not can_take(counter.state, CARD, counter.moment), "a second card changes nothing"


def test_pictures_are_not_asked_for_and_their_papers_are_named() -> None:
    counter = Counter()
    counter.act(Action.CHOOSE, service="temporary-residence")
    assert counter.view.service is not None
    assert [(paper.optional, paper.name.en[:5]) for paper in counter.view.service.papers] == [(True, "Paper")]
    counter.lay_card()
    counter.answer_all({**STAY, "dwelling": "own"})
    assert counter.view.service.papers == []


def test_a_paper_that_cannot_be_left_out_says_so_also_on_the_receipt() -> None:
    counter = Counter(State(site=site()))
    counter.act(Action.CHOOSE, service="birth")
    assert counter.view.service is not None
    told = {paper.name.en.partition(" ")[0]: paper.optional for paper in counter.view.service.papers}
    assert len(told) == 3
    assert False in told.values()

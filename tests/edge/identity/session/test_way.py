"""The way through a visit, from the first touch to the farewell."""

import pytest

from edge.idcard.card import Can, MrzKey, Step
from edge.idcard.groups import NEVER_SENT, Field
from edge.identity.errors import OrderRefusedError, Refusal
from edge.identity.orders import Order
from edge.identity.purposes import CABIN_HISTORY, CARD_CHECK, PURPOSES, TEMPORARY_RESIDENCE, Gives, Purpose
from edge.identity.session.events import Act, Bind, Halted, KeepConsent, Read, Share, StopReading
from edge.identity.session.machine import apply
from edge.identity.view import FULL, TOO_LATE, Action, Outcome, Page, StepView
from tests.edge.identity.visits import CAN, CARD, FIELDS, NUMBER, PROOF, Counter, cabin_counter


def test_a_card_laid_on_a_free_screen_asks_what_it_is_for() -> None:
    counter = Counter()
    counter.lay_card(opens=True)
    assert counter.at() is Page.PURPOSE
    assert [each.purpose for each in counter.view.purposes] == ["temporary-residence", "card-check"]
    assert counter.view.card_present


def test_a_card_laid_on_while_somebody_else_uses_the_screen_opens_nothing() -> None:
    counter = Counter()
    counter.lay_card()
    assert counter.at() is Page.NONE
    assert counter.view.card_present


def test_the_only_use_of_a_card_needs_no_question() -> None:
    counter = cabin_counter()
    counter.lay_card(opens=True)
    assert counter.at() is Page.CONSENT
    assert counter.view.purpose is not None
    assert counter.view.purpose.purpose == CABIN_HISTORY.name


def test_nothing_can_be_opened_where_a_card_is_of_no_use() -> None:
    counter = Counter(offered=())
    with pytest.raises(OrderRefusedError) as refused:
        counter.act(Action.OPEN)
    assert refused.value.reason is Refusal.PURPOSE


def test_the_consent_is_written_down_with_a_session_of_its_own_before_anything_is_read() -> None:
    counter = Counter()
    counter.act(Action.OPEN, purpose="card-check")
    consents = counter.act(Action.AGREE, text_version="identity-read-1")
    counter.act(Action.BACK)
    counter.act(Action.BACK)
    counter.act(Action.CHOOSE, purpose="temporary-residence")
    consents += counter.act(Action.AGREE, text_version="identity-read-1")
    assert [type(each) for each in consents] == [KeepConsent, KeepConsent]
    sessions = {each.session for each in consents if isinstance(each, KeepConsent)}
    assert len(sessions) == 2
    assert not any(isinstance(each, Read) for each in counter.effects)


def test_a_consent_without_the_name_of_its_text_is_none() -> None:
    counter = Counter()
    counter.act(Action.OPEN, purpose="card-check")
    for text_version in ("", "With Spaces"):
        with pytest.raises(OrderRefusedError) as refused:
            counter.act(Action.AGREE, text_version=text_version)
        assert refused.value.reason is Refusal.TEXT_VERSION
    assert counter.at() is Page.CONSENT


def test_number_first_then_card() -> None:
    counter = Counter()
    counter.to_number()
    counter.act(Action.NUMBER, number=NUMBER)
    assert counter.at() is Page.CARD
    turn = counter.lay_card()
    order = counter.effects[-1]
    assert isinstance(order, Read)
    assert (order.turn, order.key) == (turn, Can(CAN))
    assert order.fields == frozenset(TEMPORARY_RESIDENCE.fields)
    assert counter.at() is Page.READING


def test_card_first_then_number() -> None:
    counter = Counter()
    counter.lay_card(opens=True)
    counter.act(Action.CHOOSE, purpose="card-check")
    counter.act(Action.AGREE, text_version="identity-read-1")
    assert counter.at() is Page.NUMBER
    (order,) = counter.act(Action.NUMBER, number=CAN)
    assert isinstance(order, Read)


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER}|123456789|Nguyễn Văn An|17052003|Nam|12 Nguyễn Duy Trinh|01012022",
        f"{NUMBER}||Nguy?n V?n An|17052003|Nam|??|01012022",
    ],
)
def test_the_printed_code_gives_the_number(text: str) -> None:
    counter = Counter()
    counter.to_number()
    counter.act(Action.SCAN, text=text)
    assert counter.at() is Page.CARD
    assert counter.state.visit is not None
    assert counter.state.visit.key == Can(CAN)
    assert counter.state.visit.number == NUMBER


@pytest.mark.parametrize("text", ["", "https://example.vn/menu", "|||||||", "12345"])
def test_another_code_is_refused_and_nothing_changes(text: str) -> None:
    counter = Counter()
    counter.to_number()
    before = counter.state
    with pytest.raises(OrderRefusedError) as refused:
        counter.act(Action.SCAN, text=text)
    assert refused.value.reason is Refusal.CODE
    assert counter.state.visit == before.visit


@pytest.mark.parametrize("number", ["", "12345", "1234567", "٠٠١٢٣٤", "00123a", "079203001 34"])
def test_a_number_that_nobody_can_have_costs_no_try(number: str) -> None:
    counter = Counter()
    counter.to_number()
    with pytest.raises(OrderRefusedError) as refused:
        counter.act(Action.NUMBER, number=number)
    assert refused.value.reason is Refusal.NUMBER
    assert counter.at() is Page.NUMBER


def test_the_dates_open_the_card_where_the_number_does_not() -> None:
    counter = Counter()
    counter.to_number()
    counter.act(Action.TO_DATES)
    assert counter.at() is Page.DATES
    counter.act(Action.DATES, number=NUMBER, birth="2003-05-17", expiry="2028-05-17")
    assert counter.state.visit is not None
    key = counter.state.visit.key
    assert isinstance(key, MrzKey)
    assert key.document_number == "203001234"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"number": NUMBER, "birth": "2003-05-17"}, Refusal.DATES),
        ({"number": NUMBER, "birth": "2003-02-30", "expiry": "2028-05-17"}, Refusal.DATES),
        ({"number": NUMBER, "birth": "2028-05-17", "expiry": "2003-05-17"}, Refusal.DATES),
        ({"number": CAN, "birth": "2003-05-17", "expiry": "2028-05-17"}, Refusal.NUMBER),
    ],
)
def test_dates_that_are_none_are_refused(members: dict[str, str], reason: Refusal) -> None:
    counter = Counter()
    counter.to_number()
    counter.act(Action.TO_DATES)
    with pytest.raises(OrderRefusedError) as refused:
        counter.act(Action.DATES, **members)
    assert refused.value.reason is reason


def test_while_it_reads_the_screen_says_how_far_it_is() -> None:
    counter = Counter()
    counter.to_reading()
    seen = [counter.view.step]
    for step in (Step.OPENING, Step.READING):
        counter.progress(step)
        seen.append(counter.view.step)
    assert seen == [None, StepView(name=Step.OPENING), StepView(name=Step.READING)]
    assert counter.view.actions == [Action.END]


def test_what_was_read_is_hidden_until_it_is_asked_for() -> None:
    counter = Counter()
    counter.to_review()
    assert {row.field: row.value for row in counter.view.fields} == dict.fromkeys(FIELDS)
    counter.act(Action.SHOW, field=Field.NAME)
    shown = {row.field: row.value for row in counter.view.fields if row.is_shown}
    assert shown == {Field.NAME: FIELDS[Field.NAME]}
    counter.act(Action.HIDE, field=Field.NAME)
    assert all(row.value is None for row in counter.view.fields)


def test_only_what_was_left_in_is_sent_and_only_once_the_disk_has_it_is_it_told() -> None:
    counter = Counter()
    counter.to_review()
    counter.act(Action.REMOVE, field=Field.SEX)
    counter.act(Action.REMOVE, field=Field.RESIDENCE)
    counter.act(Action.RESTORE, field=Field.RESIDENCE)
    (share,) = counter.act(Action.SEND, text_version="identity-send-1")
    assert isinstance(share, Share)
    assert share.fields == {field: value for field, value in FIELDS.items() if field is not Field.SEX}
    assert (share.purpose, share.text_version, share.proof) == (
        TEMPORARY_RESIDENCE,
        "identity-send-1",
        PROOF,
    )
    assert counter.at() is Page.SENDING
    counter.settle()
    assert counter.at() is Page.DONE


def test_a_needed_field_cannot_be_left_out() -> None:
    counter = Counter()
    counter.to_review()
    for field in sorted(TEMPORARY_RESIDENCE.needed):
        with pytest.raises(OrderRefusedError) as refused:
            counter.act(Action.REMOVE, field=field)
        assert refused.value.reason is Refusal.FIELD
    assert {row.field for row in counter.view.fields if row.is_needed} == TEMPORARY_RESIDENCE.needed


def test_a_field_that_is_not_on_the_screen_can_be_neither_shown_nor_removed() -> None:
    counter = Counter()
    counter.to_review()
    for action in (Action.SHOW, Action.HIDE, Action.REMOVE, Action.RESTORE):
        for field in (Field.RELIGION, None):
            with pytest.raises(OrderRefusedError) as refused:
                counter.act(action, field=field)
            assert refused.value.reason is Refusal.FIELD


def test_no_purpose_reads_or_sends_what_may_never_be_sent() -> None:
    for purpose in PURPOSES.values():
        sendable = (
            set(purpose.fields) - {Field.PHOTO} if purpose.gives is Gives.NOTHING else set(purpose.fields)
        )
        assert not sendable & NEVER_SENT
        assert purpose.needed <= set(purpose.fields)
        assert bool(purpose.recipient) is (purpose.gives is Gives.SEALED)


def test_even_a_careless_purpose_sends_nothing_of_religion() -> None:
    careless = Purpose(
        name="careless", gives=Gives.SEALED, fields=(Field.NUMBER, Field.RELIGION), recipient="ward-police"
    )
    card = type(CARD)(fields={**FIELDS, Field.RELIGION: "Không"}, photo=None, proof=PROOF, apdus=1)
    counter = Counter(offered=(careless,))
    counter.to_review(careless, card)
    (share,) = counter.act(Action.SEND, text_version="identity-send-1")
    assert isinstance(share, Share)
    assert share.fields == {Field.NUMBER: NUMBER}


def test_looking_at_one_s_card_sends_nothing() -> None:
    counter = Counter()
    counter.to_review(CARD_CHECK)
    assert not {Action.SEND, Action.REMOVE, Action.RESTORE} & set(counter.view.actions)
    counter.act(Action.END)
    assert counter.view.outcome is Outcome.FINISHED
    assert not any(isinstance(each, Share | Bind) for each in counter.effects)


def test_the_cabin_gets_the_number_to_make_a_pseudonym_of() -> None:
    counter = cabin_counter()
    counter.to_review(CABIN_HISTORY)
    (bind,) = counter.act(Action.SEND, text_version="identity-send-1")
    assert bind == Bind(counter.state.visit.session if counter.state.visit else "", NUMBER)
    counter.settle()
    assert counter.at() is Page.DONE


def test_a_cabin_that_went_on_meanwhile_is_told_and_cannot_be_tried_again() -> None:
    counter = cabin_counter()
    counter.to_review(CABIN_HISTORY)
    counter.act(Action.SEND, text_version="identity-send-1")
    counter.settle(TOO_LATE)
    assert counter.trouble().fault == TOO_LATE
    assert counter.view.actions == [Action.END]


def test_what_the_disk_refused_can_be_sent_again_from_the_same_review() -> None:
    counter = Counter()
    counter.to_review()
    counter.act(Action.SEND, text_version="identity-send-1")
    counter.settle(FULL)
    assert counter.at() is Page.TROUBLE
    counter.act(Action.RETRY)
    assert counter.at() is Page.REVIEW
    (share,) = counter.act(Action.SEND, text_version="identity-send-1")
    assert isinstance(share, Share)


def test_back_goes_one_page_back_and_forgets_the_number() -> None:
    counter = Counter()
    counter.act(Action.OPEN)
    counter.act(Action.CHOOSE, purpose="card-check")
    counter.act(Action.AGREE, text_version="identity-read-1")
    counter.act(Action.NUMBER, number=NUMBER)
    seen = []
    while counter.at() is not Page.NONE:
        seen.append(counter.at())
        counter.act(Action.BACK)
        assert counter.state.visit is None or counter.state.visit.number is None
    assert seen == [Page.CARD, Page.NUMBER, Page.CONSENT, Page.PURPOSE]


def test_an_end_without_a_card_needs_no_farewell() -> None:
    counter = Counter()
    counter.act(Action.OPEN)
    counter.act(Action.END)
    assert counter.at() is Page.NONE


def test_the_end_of_a_reading_lets_the_card_be() -> None:
    counter = Counter()
    counter.to_reading()
    assert counter.act(Action.END) == [StopReading()]
    assert counter.at() is Page.FAREWELL


def test_a_daemon_that_ends_forgets_everything() -> None:
    counter = Counter()
    counter.to_review()
    counter.feed(Halted())
    assert counter.state.visit is None
    assert counter.at() is Page.NONE


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.OPEN])
def test_with_nobody_there_only_opening_is_possible(action: Action) -> None:
    counter = Counter()
    with pytest.raises(OrderRefusedError) as refused:
        counter.act(action)
    assert refused.value.reason is Refusal.NOT_NOW


def test_what_is_not_listed_is_refused_on_every_page() -> None:
    """Walk the pages; whatever the view does not name must not be taken."""
    counter = Counter()
    pages = {}
    counter.act(Action.OPEN)
    pages[counter.at()] = counter.state
    counter.act(Action.CHOOSE, purpose="temporary-residence")
    pages[counter.at()] = counter.state
    counter.act(Action.AGREE, text_version="identity-read-1")
    pages[counter.at()] = counter.state
    counter.act(Action.NUMBER, number=CAN)
    pages[counter.at()] = counter.state
    for page, state in pages.items():
        counter.state = state
        listed = counter.view.actions
        for action in set(Action) - set(listed):
            with pytest.raises(OrderRefusedError):
                apply(state, Act(Order(action=action), "0" * 32, counter.offered), counter.now_ms)
        assert len(listed) > 0, page

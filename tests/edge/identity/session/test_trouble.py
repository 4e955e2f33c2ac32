"""What goes wrong: wrong numbers and the pause, cards taken away, silence, and people who leave."""

import pytest

from edge.idcard.card import CardRead
from edge.idcard.errors import CardFault
from edge.idcard.groups import Field
from edge.identity.errors import OrderRefusedError
from edge.identity.purposes import TEMPORARY_RESIDENCE
from edge.identity.session.due import next_deadline_ms
from edge.identity.session.events import CardOut, Read, ReadDone, ReadFailed, StopReading
from edge.identity.session.state import FAREWELL_MS, MAX_TRIES, PAUSE_MS, READING_LIMIT_MS
from edge.identity.view import BUSY, Action, Outcome, Page
from tests.edge.identity.visits import (
    CAN,
    CARD,
    FIELDS,
    IDLE_MS,
    NUMBER,
    PROOF,
    SECRETS,
    WARNING_MS,
    Counter,
)


def type_wrong(counter: Counter) -> None:
    """Type a number and have the card refuse it."""
    counter.act(Action.RETRY)
    (order,) = counter.act(Action.NUMBER, number=CAN)
    assert isinstance(order, Read)
    counter.fail(CardFault.WRONG_KEY)


def test_a_wrong_number_is_asked_for_again_and_says_how_often_still() -> None:
    counter = Counter()
    counter.to_reading()
    counter.fail(CardFault.WRONG_KEY)
    assert (counter.trouble().fault, counter.trouble().tries_left) == ("wrong-key", MAX_TRIES - 1)
    counter.act(Action.RETRY)
    assert counter.at() is Page.NUMBER


def test_after_three_wrong_numbers_the_card_is_left_alone_for_a_minute() -> None:
    counter = Counter()
    counter.to_reading()
    counter.fail(CardFault.WRONG_KEY)
    for _ in range(MAX_TRIES - 1):
        type_wrong(counter)
    assert (counter.trouble().fault, counter.trouble().wait_s) == (BUSY, PAUSE_MS // 1000)
    assert Action.RETRY not in counter.view.actions
    counter.wait(PAUSE_MS - 1)
    assert counter.trouble().wait_s == 1
    with pytest.raises(OrderRefusedError):
        counter.act(Action.RETRY)
    counter.wait(1)
    counter.act(Action.RETRY)
    assert counter.at() is Page.NUMBER


def test_neither_another_visit_nor_another_card_goes_round_the_pause() -> None:
    counter = Counter()
    counter.to_reading()
    counter.fail(CardFault.WRONG_KEY)
    for _ in range(MAX_TRIES - 1):
        type_wrong(counter)
    counter.act(Action.END)
    counter.take_card()
    counter.wait(FAREWELL_MS)
    counter.lay_card(opens=True)
    counter.act(Action.CHOOSE, purpose="card-check")
    effects = counter.act(Action.AGREE, text_version="identity-read-1")
    assert not any(isinstance(effect, Read) for effect in effects)
    assert counter.trouble().fault == BUSY


def test_wrong_numbers_of_two_visits_count_together_until_one_is_right() -> None:
    counter = Counter()
    counter.to_reading()
    counter.fail(CardFault.WRONG_KEY)
    counter.act(Action.END)
    counter.wait(FAREWELL_MS)
    counter.take_card()
    counter.to_reading()
    counter.fail(CardFault.WRONG_KEY)
    assert counter.trouble().tries_left == 1
    counter.act(Action.RETRY)
    counter.act(Action.NUMBER, number=CAN)
    counter.feed(ReadDone(counter.state.attempt, CARD))
    assert counter.state.tries.wrong == 0


def test_the_typed_number_and_the_card_s_must_be_the_same_person_s() -> None:
    counter = Counter()
    counter.to_number()
    counter.act(Action.NUMBER, number="001303001234")
    counter.lay_card()
    counter.feed(ReadDone(counter.state.attempt, CARD))
    assert counter.trouble().fault == CardFault.OTHER_PERSON
    counter.act(Action.RETRY)
    assert counter.at() is Page.NUMBER


def test_a_card_without_a_field_that_is_needed_cannot_be_used_for_it() -> None:
    fields: dict[Field, str] = {field: value for field, value in FIELDS.items() if field is not Field.NAME}
    counter = Counter()
    order = counter.to_reading()
    counter.feed(ReadDone(order.attempt, CardRead(fields=fields, photo=None, proof=PROOF, apdus=9)))
    assert counter.trouble().fault == CardFault.UNREADABLE


@pytest.mark.parametrize("fault", [fault for fault in CardFault if fault is not CardFault.WRONG_KEY])
def test_every_fault_reaches_the_screen_by_its_name_with_a_way_on(fault: CardFault) -> None:
    counter = Counter()
    counter.to_reading()
    counter.fail(fault)
    assert counter.trouble().fault == fault
    ways = set(counter.view.actions)
    assert Action.END in ways
    assert ways & {Action.RETRY, Action.TO_DATES}


def test_a_card_taken_away_while_it_is_read_can_be_laid_on_again_without_a_touch() -> None:
    counter = Counter()
    counter.to_reading()
    assert counter.take_card() == [StopReading()]
    assert counter.trouble().fault == CardFault.GONE
    counter.lay_card()
    assert counter.at() is Page.READING


def test_what_an_earlier_reading_says_comes_too_late() -> None:
    counter = Counter()
    first = counter.to_reading()
    counter.take_card()
    counter.lay_card()
    counter.feed(ReadFailed(first.attempt, CardFault.GONE))
    counter.feed(ReadDone(first.attempt, CARD))
    assert counter.at() is Page.READING


def test_taking_the_card_away_wipes_what_was_read() -> None:
    counter = Counter()
    counter.to_review()
    counter.act(Action.SHOW, field=Field.NAME)
    counter.take_card()
    assert counter.state.visit is None
    assert counter.view.outcome is Outcome.CARD_REMOVED
    assert not any(secret in repr((counter.state, counter.view)) for secret in SECRETS)
    counter.wait(FAREWELL_MS)
    assert counter.at() is Page.NONE


def test_the_removal_of_an_earlier_card_wipes_nothing() -> None:
    counter = Counter()
    counter.to_review()
    assert counter.state.turn is not None
    counter.feed(CardOut(counter.state.turn - 1))
    assert counter.at() is Page.REVIEW


def test_a_card_may_be_taken_away_to_read_its_printed_code() -> None:
    counter = Counter()
    counter.lay_card(opens=True)
    counter.act(Action.CHOOSE, purpose="card-check")
    counter.act(Action.AGREE, text_version="identity-read-1")
    counter.take_card()
    assert counter.at() is Page.NUMBER


def test_a_card_taken_away_while_it_is_being_sent_does_not_undo_what_was_agreed() -> None:
    counter = Counter()
    counter.to_review()
    counter.act(Action.SEND, text_version="identity-send-1")
    counter.take_card()
    assert counter.at() is Page.SENDING
    counter.settle()
    assert counter.at() is Page.DONE


def test_taking_the_card_after_it_is_done_is_the_end() -> None:
    counter = Counter()
    counter.to_review()
    counter.act(Action.SEND, text_version="identity-send-1")
    counter.settle()
    counter.take_card()
    assert counter.view.outcome is Outcome.FINISHED


def test_nothing_of_a_card_outlives_the_sending() -> None:
    counter = Counter()
    counter.to_review()
    counter.act(Action.SEND, text_version="identity-send-1")
    counter.settle()
    assert counter.state.visit is not None
    assert (counter.state.visit.card, counter.state.visit.key, counter.state.visit.number) == (None,) * 3


def test_a_reader_that_does_not_work_is_told_before_anything_is_typed() -> None:
    counter = Counter()
    counter.break_reader()
    counter.act(Action.OPEN, purpose="card-check")
    counter.act(Action.AGREE, text_version="identity-read-1")
    assert counter.trouble().fault == CardFault.NO_READER


def test_a_reader_that_hangs_is_left_after_a_minute() -> None:
    counter = Counter()
    counter.to_reading()
    assert next_deadline_ms(counter.state, counter.now_ms) == counter.now_ms + READING_LIMIT_MS
    assert counter.wait(READING_LIMIT_MS) == [StopReading()]
    assert counter.trouble().fault == CardFault.SILENT


def test_somebody_who_leaves_is_warned_and_then_forgotten() -> None:
    counter = Counter()
    counter.to_review()
    counter.wait(IDLE_MS - 1)
    assert counter.idle_s() is None
    counter.wait(1)
    assert counter.idle_s() == WARNING_MS // 1000
    assert Action.EXTEND in counter.view.actions
    counter.wait(WARNING_MS)
    assert counter.state.visit is None
    assert counter.view.outcome is Outcome.TIMED_OUT


def test_a_touch_is_enough_to_stay() -> None:
    counter = Counter()
    counter.to_review()
    counter.wait(IDLE_MS + 1)
    counter.act(Action.EXTEND)
    assert counter.idle_s() is None
    assert counter.at() is Page.REVIEW


def test_nobody_is_warned_while_the_station_works() -> None:
    counter = Counter()
    counter.to_review()
    counter.act(Action.SEND, text_version="identity-send-1")
    counter.wait(10 * IDLE_MS)
    assert counter.at() is Page.SENDING
    assert next_deadline_ms(counter.state, counter.now_ms) is None


def test_every_countdown_wakes_the_screen_once_a_second() -> None:
    counter = Counter()
    counter.to_review()
    deadline_ms = next_deadline_ms(counter.state, counter.now_ms)
    seen = []
    while deadline_ms is not None and counter.at() is Page.REVIEW:
        counter.wait(deadline_ms - counter.now_ms)
        seconds = counter.idle_s()
        seen += [] if seconds is None else [seconds]
        deadline_ms = next_deadline_ms(counter.state, counter.now_ms)
    assert seen == list(range(WARNING_MS // 1000, 0, -1))


def test_no_repr_of_anything_tells_what_stands_on_the_card() -> None:
    counter = Counter()
    counter.to_number(TEMPORARY_RESIDENCE)
    counter.lay_card()
    counter.act(Action.NUMBER, number=NUMBER)
    counter.feed(ReadDone(counter.state.attempt, CARD))
    counter.act(Action.SHOW, field=Field.NAME)
    counter.act(Action.SHOW, field=Field.NUMBER)
    counter.act(Action.SEND, text_version="identity-send-1")
    for thing in (counter.state, counter.view, counter.effects, CARD):
        assert not any(secret in repr(thing) for secret in (*SECRETS, CAN))

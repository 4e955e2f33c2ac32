import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.answers import Answer, Topic
from catalogue.words import Text
from edge.guide.dialogue import MAX_MISSES, MISSES_TO_PERSON, step
from edge.guide.events import (
    Asked,
    Chosen,
    Entered,
    Event,
    Heard,
    Left,
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
from edge.guide.lexicon import Reply
from edge.guide.match import Candidate, Match
from edge.guide.sentences import Sentence
from edge.guide.understanding import SOS, TRACK, Understood

FEE = Answer(Text("Không mất phí.", "No fee."), "birth@1#channels", confirmed=True)
THREE = ("birth", "death", "track")


class Pack:
    """Knows one answer."""

    def answer(self, service: str, topic: Topic) -> Answer | None:
        return FEE if (service, topic) == ("birth", Topic.COST) else None


PACK = Pack()


def known(*services: str, topic: Topic | None = None) -> Heard:
    return Heard(Understood(matched(*services), topic))


def matched(*services: str, is_known: bool = True) -> Match:
    return Match(tuple(Candidate(each, 1.0 - 0.1 * at) for at, each in enumerate(services)), is_known)


def unknown(*services: str) -> Heard:
    return Heard(Understood(matched(*services, is_known=False)))


def replied(reply: Reply) -> Heard:
    return Heard(Understood(matched("death", is_known=False), reply=reply))


def only_asked(topic: Topic) -> Heard:
    return Heard(Understood(matched("track"), topic, is_only_question=True))


def after(*events: Event) -> tuple[State, Turn]:
    state, turn = State(), Turn()
    for event in events:
        state, turn = step(state, event, PACK)
    return state, turn


def test_it_greets_and_says_what_it_can_do() -> None:
    assert after(Started()) == (State(), Turn((Sentence.GREETING, Sentence.CAN_DO)))


def test_from_a_wish_to_the_screens_of_the_service() -> None:
    """A mother says "làm khai sinh cho con", is asked whether she means it, says "đúng rồi"."""
    state, turn = after(Started(), known(*THREE))
    assert state.phase is Phase.CONFIRMING
    assert turn == Turn((Sentence.CONFIRM,), (Propose(THREE),))
    state, turn = step(state, replied(Reply.YES), PACK)
    assert turn == Turn((Sentence.OPENING,), (Open("birth"),))
    assert state == State(phase=Phase.IN_SERVICE, service="birth", is_open=True)


@pytest.mark.parametrize("event", [Chosen("death"), replied(Reply.SECOND)])
def test_a_choice_is_touched_or_spoken(event: Event) -> None:
    assert after(known(*THREE), event)[1].intents == (Open("death"),)


def test_nothing_is_opened_before_the_person_chose() -> None:
    for event in (known("birth"), known("birth", topic=Topic.COST), unknown("birth"), only_asked(Topic.COST)):
        assert not [intent for intent in after(event)[1].intents if isinstance(intent, Open)]


def test_a_choice_that_is_not_there_is_asked_for_again() -> None:
    state, turn = after(known("birth", "death"), replied(Reply.THIRD))
    assert state.phase is Phase.CONFIRMING
    assert turn == Turn((Sentence.CHOOSE,), (Propose(("birth", "death")),))


def test_what_was_refused_comes_last_in_the_next_proposal() -> None:
    state, turn = after(known(*THREE), Refused())
    assert state.phase is Phase.LISTENING
    assert turn == Turn((Sentence.SAY_OTHERWISE, Sentence.EXAMPLES))
    assert step(state, known("birth", "cabin", "death"), PACK)[1].intents == (
        Propose(("cabin", "birth", "death")),
    )
    assert step(state, known("birth"), PACK)[1].intents == (Propose(("birth",)),)


def test_no_may_be_spoken_as_well() -> None:
    assert after(known(*THREE), replied(Reply.NO)) == after(known(*THREE), Refused())


def test_a_refusal_of_nothing_changes_nothing() -> None:
    assert after(Refused()) == (State(), Turn())


def test_who_speaks_on_instead_of_answering_is_heard_anew() -> None:
    state, turn = after(known(*THREE), known("cabin"))
    assert turn.intents == (Propose(("cabin",)),)
    assert state.candidates == ("cabin",)


def test_it_says_that_it_does_not_know_and_then_offers_a_person() -> None:
    state, turn = after(unknown("birth"))
    assert turn == Turn((Sentence.NOT_UNDERSTOOD, Sentence.EXAMPLES))
    for _ in range(MISSES_TO_PERSON - 1):
        state, turn = step(state, unknown("death"), PACK)
    assert turn == Turn((Sentence.NOT_UNDERSTOOD, Sentence.PERSON), (OfferPerson(),))


def test_refusals_count_as_misses_and_understanding_forgets_them() -> None:
    state, turn = after(unknown(), known(*THREE), Refused())
    assert turn.intents == (OfferPerson(),)
    state, _ = step(step(state, known("cabin"), PACK)[0], Chosen("cabin"), PACK)
    assert state.misses == 0


@pytest.mark.parametrize("before", [(), (known(*THREE),), (Entered("birth"),)])
def test_who_asks_for_a_person_is_offered_one_at_any_time(before: tuple[Event, ...]) -> None:
    state, _ = after(*before)
    assert step(state, replied(Reply.PERSON), PACK) == (state, Turn((Sentence.PERSON,), (OfferPerson(),)))


def test_whom_a_service_knows_how_to_reach_is_proposed_as_the_service() -> None:
    heard = Heard(Understood(matched("contact-area-officer"), reply=Reply.PERSON))
    for before in ((), (known(*THREE),)):
        assert after(*before, heard)[1].intents == (Propose(("contact-area-officer",)),)


@pytest.mark.parametrize("before", [(), (known(*THREE),), (Entered("birth"),), (unknown(), unknown())])
def test_in_an_emergency_the_button_is_offered_at_once_and_nothing_is_lost(before: tuple[Event, ...]) -> None:
    state, _ = after(*before)
    cry = Heard(Understood(matched("death"), reply=Reply.NO, is_emergency=True))
    assert step(state, cry, PACK) == (state, Turn((Sentence.SOS,), (OfferSos(),)))


def test_the_button_is_no_service_among_others() -> None:
    assert after(known("report-security", SOS))[1].intents == (Propose(("report-security",)),)
    assert after(Chosen(SOS))[1].intents == (OfferSos(),)


def test_looking_up_is_told_honestly_instead_of_opened() -> None:
    told = (State(), Turn((Sentence.TRACK,), (OfferPerson(),)))
    assert after(known("track", "birth"), Chosen(TRACK)) == told
    assert after(known("track", topic=Topic.COST), Chosen(TRACK)) == told


def test_a_question_at_the_service_is_answered_with_its_source() -> None:
    state, turn = after(Entered("birth"), only_asked(Topic.COST))
    assert turn == Turn((Sentence.ANSWER,), (Tell("birth", Topic.COST, FEE),))
    assert state.service == "birth"
    assert after(Entered("birth"), Asked(Topic.COST))[1] == turn


def test_a_question_that_was_said_with_the_wish_is_answered_before_it_begins() -> None:
    """ "Làm khai sinh mất bao nhiêu tiền?": the answer first, then the way."""
    state, turn = after(known(*THREE, topic=Topic.COST), Chosen("birth"))
    assert turn == Turn((Sentence.ANSWER, Sentence.BEGIN), (Tell("birth", Topic.COST, FEE),))
    assert not state.is_open
    assert step(state, replied(Reply.YES), PACK)[1].intents == (Open("birth"),)
    assert step(state, replied(Reply.NO), PACK) == (State(), Turn((Sentence.SOMETHING_ELSE,)))


def test_a_question_without_a_service_waits_for_the_service() -> None:
    state, turn = after(only_asked(Topic.COST))
    assert turn == Turn((Sentence.WHICH_SERVICE,))
    _, turn = step(step(state, known("birth"), PACK)[0], Chosen("birth"), PACK)
    assert turn.intents == (Tell("birth", Topic.COST, FEE),)


def test_a_question_between_the_choices_waits_for_the_choice() -> None:
    state, turn = after(known(*THREE), only_asked(Topic.COST))
    assert turn == Turn((Sentence.CHOOSE,), (Propose(THREE),))
    assert step(state, Chosen("birth"), PACK)[1].intents == (Tell("birth", Topic.COST, FEE),)


def test_a_touched_question_without_a_service_waits_too() -> None:
    assert after(Asked(Topic.COST)) == (State(topic=Topic.COST), Turn((Sentence.WHICH_SERVICE,)))


def test_what_nobody_reviewed_is_not_answered_but_a_person_offered() -> None:
    assert after(Entered("birth"), Asked(Topic.WHO))[1] == Turn((Sentence.NO_ANSWER,), (OfferPerson(),))
    assert after(Entered("death"), Asked(Topic.COST))[1] == Turn((Sentence.NO_ANSWER,), (OfferPerson(),))


def test_another_wish_within_a_service_is_proposed_and_refusing_it_goes_back() -> None:
    state, turn = after(Entered("birth"), known("death", topic=Topic.COST))
    assert turn.intents == (Propose(("death",)),)
    state, _ = step(state, Refused(), PACK)
    assert (state.phase, state.service, state.is_open) == (Phase.IN_SERVICE, "birth", True)


def test_the_same_wish_within_its_service_is_about_it() -> None:
    assert isinstance(after(Entered("birth"), known("birth", topic=Topic.COST))[1].intents[0], Tell)


@pytest.mark.parametrize("before", [(Entered("birth"),), (known(*THREE, topic=Topic.COST), Chosen("birth"))])
def test_who_names_the_service_at_hand_sees_its_screens(before: tuple[Event, ...]) -> None:
    assert after(*before, known("birth"))[1].intents == (Open("birth"),)


def test_what_is_not_understood_within_a_service_leaves_it_at_hand() -> None:
    state, turn = after(Entered("birth"), unknown("death"))
    assert (state.service, turn.sentences[0]) == ("birth", Sentence.NOT_UNDERSTOOD)
    state, turn = after(known(*THREE, topic=Topic.COST), Chosen("birth"), unknown("death"))
    assert (state.service, state.is_open, turn.sentences[0]) == ("birth", False, Sentence.NOT_UNDERSTOOD)


def test_leaving_forgets_everything() -> None:
    for before in ((known(*THREE),), (Entered("birth"), Asked(Topic.WHO)), (unknown(), Asked(Topic.COST))):
        assert after(*before, Left()) == (State(), Turn())


services = st.sampled_from(["birth", "death", "track", SOS])
topics = st.none() | st.sampled_from(Topic)
heard = st.builds(
    Heard,
    st.builds(
        Understood,
        st.builds(
            lambda ids, is_known: matched(*ids, is_known=is_known and bool(ids)),
            st.lists(services, max_size=3, unique=True),
            st.booleans(),
        ),
        topics,
        st.booleans(),
        st.none() | st.sampled_from(Reply),
        st.booleans(),
    ),
)
events = st.one_of(
    heard,
    st.builds(Chosen, services),
    st.builds(Asked, st.sampled_from(Topic)),
    st.builds(Entered, services),
    st.just(Started()),
    st.just(Refused()),
    st.just(Left()),
)


@given(st.lists(events, max_size=30))
def test_however_it_goes_the_guide_stays_within_its_rules(happened: list[Event]) -> None:
    state = State()
    for event in happened:
        before = state
        state, turn = step(state, event, PACK)
        assert 0 <= state.misses <= MAX_MISSES
        assert (state.phase is Phase.CONFIRMING) == bool(state.candidates) or before == state
        assert SOS not in state.candidates
        for intent in turn.intents:
            if isinstance(intent, Open):
                assert intent.service in {"birth", "death", "track"} or isinstance(event, Heard)
                assert isinstance(event, Chosen | Heard)
                assert intent.service in {before.service, *before.candidates, getattr(event, "service", None)}
            if isinstance(intent, Propose):
                assert 0 < len(intent.services) <= 3
        if isinstance(event, Heard) and event.understood.is_emergency:
            assert turn.intents == (OfferSos(),)

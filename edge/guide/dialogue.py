"""The conversation: a pure function of its state, what happened, and what the reviewed catalogue knows.

It greets and says what it can do, listens, asks whether it understood ("Có phải ông/bà muốn ...?", at most three
choices and "none of these"), opens the service's screens, answers questions about the service at hand, and offers a
person when it does not know. In an emergency it offers the red button at once; it never presses it.

A turn is what to say (`sentences` has the words) and what to do (`Intent`s, data for the screen). Whatever the far or
the near understanding proposes, a service is opened only after the person chose it.
"""

from dataclasses import replace
from typing import Final

from catalogue.answers import Topic
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
from edge.guide.knowledge import Knowledge
from edge.guide.lexicon import Reply
from edge.guide.sentences import Sentence
from edge.guide.understanding import SOS, TRACK, Understood

MISSES_TO_PERSON: Final = 2
"""So often something is not understood before a person is offered."""
MAX_MISSES: Final = 99
_PLACES: Final = {Reply.YES: 0, Reply.FIRST: 0, Reply.SECOND: 1, Reply.THIRD: 2}

Step = tuple[State, Turn]


def step(state: State, event: Event, knowledge: Knowledge) -> Step:
    """Return the next state and what to say and do."""
    match event:
        case Heard(understood):
            return _hear(state, understood, knowledge)
        case Chosen(service):
            return _choose(state, service, knowledge)
        case Asked(topic):
            return _ask(state, topic, knowledge)
        case Refused():
            return _refuse(state)
        case Started() | Entered() | Left():
            return _move(event)


def _move(event: Started | Entered | Left) -> Step:
    match event:
        case Started():
            return State(), Turn((Sentence.GREETING, Sentence.CAN_DO))
        case Entered(service):
            return State(phase=Phase.IN_SERVICE, service=service, is_open=True), Turn()
        case Left():
            return State(), Turn()


def _hear(state: State, understood: Understood, knowledge: Knowledge) -> Step:
    if understood.is_emergency:
        return state, Turn((Sentence.SOS,), (OfferSos(),))
    if understood.reply is Reply.PERSON and not understood.is_known:
        return state, Turn((Sentence.PERSON,), (OfferPerson(),))
    if state.phase is Phase.CONFIRMING and understood.reply not in {None, Reply.PERSON}:
        assert understood.reply is not None
        return _reply(state, understood.reply, knowledge)
    if state.phase is Phase.IN_SERVICE:
        return _hear_in_service(state, understood, knowledge)
    return _propose(state, understood)


def _reply(state: State, reply: Reply, knowledge: Knowledge) -> Step:
    """Take what is said to "Có phải ông/bà muốn ...?"."""
    if reply is Reply.NO:
        return _refuse(state)
    place = _PLACES.get(reply, len(state.candidates))
    if place >= len(state.candidates):
        return state, Turn((Sentence.CHOOSE,), (Propose(state.candidates),))
    return _choose(state, state.candidates[place], knowledge)


def _hear_in_service(state: State, understood: Understood, knowledge: Knowledge) -> Step:
    if understood.is_known and not understood.is_only_question:
        if understood.services[0] != state.service:
            return _propose(state, understood)
        return _open(state) if understood.topic is None else _ask(state, understood.topic, knowledge)
    if understood.topic is not None:
        return _ask(state, understood.topic, knowledge)
    return _miss(state) if state.is_open else _begin(state, understood.reply)


def _begin(state: State, reply: Reply | None) -> Step:
    """Take what is said to "Ông/bà có muốn bắt đầu không?"."""
    if reply is Reply.YES:
        return _open(state)
    if reply is Reply.NO:
        return State(), Turn((Sentence.SOMETHING_ELSE,))
    return _miss(state)


def _propose(state: State, understood: Understood) -> Step:
    """Ask whether one of the recognised services is meant; what was just refused comes last."""
    if understood.topic is not None and understood.is_only_question:
        return _ask_which(replace(state, topic=understood.topic))
    services = tuple(
        sorted((each for each in understood.services if each != SOS), key=state.refused.__contains__)
    )
    if not understood.is_known or not services:
        return _miss(state)
    topic = understood.topic or state.topic
    confirming = replace(state, phase=Phase.CONFIRMING, candidates=services, topic=topic)
    return confirming, Turn((Sentence.CONFIRM,), (Propose(services),))


def _ask_which(state: State) -> Step:
    if state.candidates:
        return state, Turn((Sentence.CHOOSE,), (Propose(state.candidates),))
    return state, Turn((Sentence.WHICH_SERVICE,))


def _choose(state: State, service: str, knowledge: Knowledge) -> Step:
    if service == SOS:
        return state, Turn((Sentence.SOS,), (OfferSos(),))
    if service == TRACK:
        return State(), Turn((Sentence.TRACK,), (OfferPerson(),))
    chosen = State(phase=Phase.IN_SERVICE, service=service)
    return _open(chosen) if state.topic is None else _ask(chosen, state.topic, knowledge)


def _open(state: State) -> Step:
    assert state.service is not None
    return replace(state, is_open=True, refused=frozenset(), misses=0), Turn(
        (Sentence.OPENING,), (Open(state.service),)
    )


def _refuse(state: State) -> Step:
    """Forget the proposal, and go back to the service at hand when there is one."""
    if state.phase is not Phase.CONFIRMING:
        return state, Turn()
    return _again(state, state.refused.union(state.candidates), Sentence.SAY_OTHERWISE)


def _miss(state: State) -> Step:
    return _again(state, state.refused, Sentence.NOT_UNDERSTOOD)


def _again(state: State, refused: frozenset[str], sentence: Sentence) -> Step:
    """Listen once more; who was not understood again and again is offered a person."""
    misses = min(state.misses + 1, MAX_MISSES)
    phase = Phase.LISTENING if state.service is None else Phase.IN_SERVICE
    listening = replace(state, phase=phase, candidates=(), refused=refused, misses=misses)
    if misses < MISSES_TO_PERSON:
        return listening, Turn((sentence, Sentence.EXAMPLES))
    return listening, Turn((sentence, Sentence.PERSON), (OfferPerson(),))


def _ask(state: State, topic: Topic, knowledge: Knowledge) -> Step:
    """Answer from the reviewed catalogue, or say that there is no answer and offer a person."""
    if state.service is None:
        return _ask_which(replace(state, topic=topic))
    found = knowledge.answer(state.service, topic)
    if found is None:
        return replace(state, topic=None), Turn((Sentence.NO_ANSWER,), (OfferPerson(),))
    said = (Sentence.ANSWER,) if state.is_open else (Sentence.ANSWER, Sentence.BEGIN)
    return replace(state, topic=None, misses=0), Turn(said, (Tell(state.service, topic, found),))

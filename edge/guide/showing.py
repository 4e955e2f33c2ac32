"""A turn of the conversation as the screen gets it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from catalogue.answers import Topic
from catalogue.words import Label, Text
from edge.guide.events import OfferPerson, OfferSos, Open, Phase, Propose, State, Tell, Turn
from edge.guide.sentences import SENTENCES, Sentence
from edge.guide.understanding import TRACK
from edge.guide.view import AnswerView, ChoiceView, GuideView, IntentKind, IntentView

TOPICS: Final = (Topic.WHAT, Topic.COST, Topic.TIME, Topic.NEED)
"""Which questions are offered to touch; the others are answered when somebody asks them."""

EXAMPLES: Final = (
    "bill-electricity",
    "birth",
    "temporary-residence",
    "report-civic",
    "health-insurance",
    "cabin",
)
"""What is named first as an example, where the station offers it."""
MAX_EXAMPLES: Final = 3

Names = Mapping[str, Label]


def show(state: State, turn: Turn, names: Names) -> GuideView:
    """Return what the screen shows of `turn`, after which the guide is in `state`. `names` has every service."""
    is_danger = any(isinstance(intent, OfferSos) for intent in turn.intents)
    at_hand = None if is_danger or state.is_open else _at_hand(state, names)
    may_ask = not is_danger and state.phase is not Phase.LISTENING
    return GuideView(
        sentences=[_said(sentence, state, names) for sentence in turn.sentences if _is_told(sentence)],
        proposals=[_choice(service, names) for service in _proposed(turn)],
        service=at_hand,
        answer=_answer(turn),
        topics=list(TOPICS) if may_ask else [],
        intents=list(_intents(turn)),
    )


def _is_told(sentence: Sentence) -> bool:
    """Leave out what only announces an answer: the view names the service beside it."""
    return sentence is not Sentence.ANSWER


def _said(sentence: Sentence, state: State, names: Names) -> Text:
    text = SENTENCES[sentence]
    if "{" not in text.vi:
        return text
    return Text(_filled(text.vi, "vi", state, names), _filled(text.en, "en", state, names))


def _filled(text: str, language: str, state: State, names: Names) -> str:
    """Return a sentence with what its placeholders stand for."""
    offered = [name for name in names if name != TRACK]
    first = [name for name in EXAMPLES if name in names] or offered
    examples = ", ".join(f"“{getattr(names[name], language)}”" for name in first[:MAX_EXAMPLES])
    at_hand = names.get(state.service or "")
    service = "" if at_hand is None else str(getattr(at_hand, language))
    return text.format(service=service, count=len(offered), examples=examples)


def _at_hand(state: State, names: Names) -> ChoiceView | None:
    if state.service is None or state.phase is not Phase.IN_SERVICE:
        return None
    return _choice(state.service, names)


def _choice(service: str, names: Names) -> ChoiceView:
    return ChoiceView(service=service, name=names[service])


def _proposed(turn: Turn) -> tuple[str, ...]:
    return next((intent.services for intent in turn.intents if isinstance(intent, Propose)), ())


def _answer(turn: Turn) -> AnswerView | None:
    for intent in turn.intents:
        if isinstance(intent, Tell):
            told = intent.answer
            return AnswerView(
                topic=intent.topic, text=told.text, source=told.source, confirmed=told.confirmed
            )
    return None


def _intents(turn: Turn) -> Iterator[IntentView]:
    for intent in turn.intents:
        match intent:
            case Open(service):
                yield IntentView(kind=IntentKind.OPEN, service=service)
            case OfferSos():
                yield IntentView(kind=IntentKind.SOS)
            case OfferPerson():
                yield IntentView(kind=IntentKind.PERSON)
            case _:
                pass

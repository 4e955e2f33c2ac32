import msgspec
from hypothesis import given
from hypothesis import strategies as st

from catalogue.answers import Answer, Topic
from catalogue.words import Label, Text
from edge.guide.events import OfferPerson, OfferSos, Open, Phase, Propose, State, Tell, Turn
from edge.guide.guide import TRACK_NAME
from edge.guide.sentences import SENTENCES, Sentence
from edge.guide.showing import TOPICS, show
from edge.guide.view import IntentKind

NAMES = {"birth": Label("Khai sinh", "Birth"), "death": Label("Khai tử", "Death")}
ANSWER = Answer(Text("Không thu.", "Nothing."), "birth@3#channels", confirmed=False)
AT_HAND = State(phase=Phase.IN_SERVICE, service="birth")


def test_an_answer_stands_beside_its_service_and_is_not_announced() -> None:
    turn = Turn((Sentence.ANSWER, Sentence.BEGIN), (Tell("birth", Topic.COST, ANSWER),))
    view = show(AT_HAND, turn, NAMES)
    assert view.sentences == [SENTENCES[Sentence.BEGIN]]
    assert msgspec.to_builtins(view.answer) == {
        "topic": "cost",
        "text": {"vi": "Không thu.", "en": "Nothing."},
        "source": "birth@3#channels",
        "confirmed": False,
    }
    assert msgspec.to_builtins(view.service) == {
        "service": "birth",
        "name": {"vi": "Khai sinh", "en": "Birth"},
    }
    assert view.topics == list(TOPICS)


def test_a_sentence_names_the_service_in_both_languages() -> None:
    opened = State(phase=Phase.IN_SERVICE, service="birth", is_open=True)
    view = show(opened, Turn((Sentence.OPENING,), (Open("birth"),)), NAMES)
    assert view.sentences == [Text("Bắt đầu: Khai sinh.", "Beginning: Birth.")]
    assert view.service is None, "it is open, nobody has to choose it again"


def test_proposals_have_names_and_their_order() -> None:
    state = State(phase=Phase.CONFIRMING, candidates=("death", "birth"))
    view = show(state, Turn((Sentence.CONFIRM,), (Propose(("death", "birth")),)), NAMES)
    assert [(each.service, each.name.en) for each in view.proposals] == [
        ("death", "Death"),
        ("birth", "Birth"),
    ]
    assert view.intents == []
    assert view.topics == list(TOPICS)


def test_a_service_left_behind_is_not_at_hand_while_others_are_proposed() -> None:
    state = State(phase=Phase.CONFIRMING, candidates=("death",), service="birth")
    assert show(state, Turn((Sentence.CONFIRM,), (Propose(("death",)),)), NAMES).service is None


def test_while_it_listens_nothing_can_be_asked_by_touch() -> None:
    view = show(State(), Turn((Sentence.NOT_UNDERSTOOD, Sentence.PERSON), (OfferPerson(),)), NAMES)
    assert view.topics == []
    assert msgspec.to_builtins(view.intents) == [{"kind": "person"}]


def test_in_danger_nothing_stands_beside_the_button() -> None:
    view = show(AT_HAND, Turn((Sentence.SOS,), (OfferSos(),)), NAMES)
    assert [each.kind for each in view.intents] == [IntentKind.SOS]
    assert (view.service, view.topics, view.proposals) == (None, [], [])


def test_it_says_how_much_can_be_done_here_and_names_only_that() -> None:
    names = {"death": Label("Khai tử", "Death"), "birth": Label("Khai sinh", "Birth"), "track": TRACK_NAME}
    view = show(State(), Turn((Sentence.GREETING, Sentence.CAN_DO)), names)
    assert view.sentences[1].vi.endswith("Trạm này có 2 việc, ví dụ: “Khai sinh”.")
    assert view.sentences[1].en.endswith("This station offers 2 services, for example: “Birth”.")


def test_where_none_of_the_usual_examples_is_offered_others_are_named() -> None:
    names = {"death": Label("Khai tử", "Death"), "track": TRACK_NAME}
    view = show(State(), Turn((Sentence.EXAMPLES,)), names)
    assert view.sentences == [Text("Ví dụ: “Khai tử”.", "For example: “Death”.")]


@given(
    st.lists(st.sampled_from(Sentence), max_size=4),
    st.sampled_from([None, "birth", "death"]),
    st.sampled_from(Phase),
)
def test_no_placeholder_is_ever_shown(sentences: list[Sentence], service: str | None, phase: Phase) -> None:
    """Sentences that name a service come with one at hand."""
    naming = {Sentence.OPENING, Sentence.ANSWER}
    told = [each for each in sentences if service is not None or each not in naming]
    view = show(State(phase=phase, service=service), Turn(tuple(told)), NAMES)
    assert not [text for text in view.sentences if "{" in text.vi + text.en]
    assert len(view.sentences) == len([each for each in told if each is not Sentence.ANSWER])

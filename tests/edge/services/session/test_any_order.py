"""Whatever is done in whatever order: only what is listed is taken, and only what is complete is submitted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.asking import applicable, faults
from catalogue.model import Level, Need
from catalogue.questions import ChoiceQuestion, Question, YesNoQuestion
from edge.idcard.groups import Field
from edge.services.draft_view import NO_ROOM, NOT_KEPT, DraftFault
from edge.services.errors import OrderRefusedError
from edge.services.orders import Order
from edge.services.session.codes import draft_code
from edge.services.session.draft import Draft, Keepsake, Kept, Way
from edge.services.session.events import (
    Abandoned,
    Act,
    Away,
    DraftForgotten,
    DraftKept,
    DraftOpened,
    Effect,
    Event,
    ForgetDraft,
    Halted,
    KeepDraft,
    OpenCard,
    OpenDraft,
    Prefilled,
    Settled,
    Submit,
    Tick,
    Touched,
)
from edge.services.session.state import CardGiven, State
from edge.services.view import FULL, Action, Page
from tests.edge.services.visits import CARD, FIELDS, PROOF, STAY, TRACKING, Counter, catalogue, site

unhurried = settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
CODE: Final = draft_code(2**58)
BY_CODE: Final = Keepsake(Way.CODE, CODE)
BY_CARD: Final = Keepsake(Way.CARD, f"{'ab' * 32} temporary-residence")
DRAFT: Final = Draft("report-security", 1, "where", {"category": "theft", "now": True, "soul": 1})
SERVICES: Final = sorted(catalogue().services)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_BY_TYPE: Final[dict[str, object]] = {
    "text": "079203001234",
    "name": "Lê Thị Bịa",
    "phone": "0901234567",
    "day": "2026-11-26",
    "number": 1,
    "amount": 50_000,
    "address": {"ward": "27097", "street": "1 Đường Bịa"},
    "place": {"at": "station"},
}


def good(question: Question) -> object:
    """Return an answer that is most likely taken."""
    if isinstance(question, ChoiceQuestion):
        return question.options[0].id
    if isinstance(question, YesNoQuestion):
        return True
    return _BY_TYPE.get(str(question.__struct_config__.tag))


def order_of(draw: Callable[[st.SearchStrategy[object]], object], counter: Counter) -> Order:
    """Return what a person might do here, most often something sensible."""
    is_listed = bool(counter.view.actions) and bool(draw(st.sampled_from([True, True, True, True, False])))
    action = draw(st.sampled_from(counter.view.actions if is_listed else list(Action)))
    assert isinstance(action, Action)
    here = counter.view.question
    names = [row.question for row in counter.view.rows] + ([] if here is None else [here.id])
    value = draw(JSON)
    visit = counter.state.visit
    if here is not None and visit is not None and visit.offered is not None and draw(st.booleans()):
        value = next((good(each) for each in visit.offered.asked.questions if each.id == here.id), value)
    return Order(
        action=action,
        need=draw(st.sampled_from([*Need, None])),  # type: ignore[arg-type]
        service=str(draw(st.sampled_from([*SERVICES, "none"]))),
        question=str(draw(st.sampled_from([*names, *names, *names, "soul"]))),
        value=value,
        text_version=str(draw(st.sampled_from(["service-submit-1", "service-submit-1", ""]))),
        code=draw(st.sampled_from([CODE, CODE, "K7QM"])),  # type: ignore[arg-type]
    )


def event_of(draw: Callable[[st.SearchStrategy[object]], object], counter: Counter) -> Event:
    session = "0" * 32 if counter.state.visit is None else counter.state.visit.session
    events: list[Event] = [
        Tick(),
        Touched(),
        Away(is_away=True),
        Away(is_away=False),
        Abandoned(),
        Halted(),
        Prefilled(CARD),
        Prefilled(CardGiven({}, PROOF)),
        Prefilled(CardGiven(FIELDS, replace(PROOF, fingerprint="ab" * 32))),
        DraftKept(session=session, kept=Kept(BY_CODE, 1)),
        DraftKept(session=session, problem=NO_ROOM),
        DraftOpened(session=session, keepsake=BY_CODE, draft=DRAFT),
        DraftOpened(session=session, keepsake=BY_CODE),
        DraftOpened(session=session, keepsake=BY_CARD, draft=Draft("temporary-residence", 1, "", STAY)),
        DraftOpened(session=session, keepsake=BY_CARD, fault=DraftFault.DAMAGED),
        DraftForgotten(session),
        DraftForgotten(session, NOT_KEPT),
        Settled(session=session, tracking=TRACKING),
        Settled(session=session, problem=FULL),
        Settled(session="f" * 32, tracking=TRACKING),
    ]
    event = draw(st.sampled_from(events))
    assert not isinstance(event, Order)
    return event  # type: ignore[return-value]


def check(counter: Counter) -> None:
    """Whatever holds at every moment."""
    state, view = counter.state, counter.view
    visit = state.visit
    msgspec.json.encode(view)
    assert len(set(view.actions)) == len(view.actions)
    assert view.is_submitted == (view.page is Page.RECEIPT or view.outcome == "finished")
    assert (view.resume is not None) == (view.page is Page.RESUME)
    assert (view.found is not None) == (view.page is Page.FOUND)
    assert (view.kept is not None) == (view.page is Page.KEPT)
    if visit is None:
        assert (view.question, view.rows, view.service, view.receipt) == (None, [], None, None)
        return
    assert (view.question is not None) == (visit.page is Page.QUESTION)
    assert (view.trouble is not None) == (visit.page is Page.TROUBLE)
    if visit.offered is not None:
        known = {each.id for each in applicable(visit.offered.asked, visit.answers)}
        assert visit.answers.keys() <= known, "an answer outlived its question"
        if Action.SUBMIT in view.actions:
            assert not faults(visit.offered.asked, visit.answers, counter.today)
    if visit.page in {Page.RECEIPT, Page.KEPT, Page.RESUME}:
        assert not visit.is_draft


PLACES: Final = (
    "home",
    "home-without-keys",
    "question",
    "check",
    "check-with-card",
    "trouble",
    "receipt",
    "keep",
    "kept",
    "resume",
    "opening",
)


def come_to(place: str) -> Counter:
    """Return a session at some place on the way."""
    counter = Counter(State(site=site(has_keys=place != "home-without-keys", keeps_drafts=True)))
    match place:
        case "question":
            counter.start("report-security")
        case "check" | "trouble":
            counter.to_check()
        case "check-with-card":
            counter.to_check("temporary-residence", STAY)
        case "receipt":
            counter.to_receipt()
        case _:
            pass
    if place == "trouble":
        counter.submit()
        counter.settle(FULL)
    come_to_draft(counter, place)
    return counter


def come_to_draft(counter: Counter, place: str) -> None:
    if place in {"keep", "kept"}:
        counter.to_check("temporary-residence", STAY)
        counter.act(Action.KEEP)
    if place == "kept":
        counter.act(Action.KEEP_BY_CODE)
    if place in {"resume", "opening"}:
        counter.act(Action.RESUME)
    if place == "opening":
        counter.act(Action.UNLOCK, code=CODE)


@unhurried
@given(st.data())
def test_any_order_of_any_acts_keeps_what_must_hold(data: st.DataObject) -> None:
    counter = come_to(data.draw(st.sampled_from(PLACES)))
    requests: dict[str, str] = {}
    for _ in range(data.draw(st.integers(1, 40))):
        if data.draw(st.integers(0, 9)) == 0:
            counter.now_ms += data.draw(st.integers(0, 80_000))
            counter.feed(Tick())
        elif data.draw(st.integers(0, 9)) == 0:
            counter.feed(event_of(data.draw, counter))
        else:
            act(counter, order_of(data.draw, counter), requests)
        check(counter)


def act(counter: Counter, order: Order, requests: dict[str, str]) -> None:
    """Do it, or see that it is refused and changes nothing."""
    before, listed = counter.state, counter.view.actions
    visit = before.visit
    refused: list[OrderRefusedError] = []
    effects: list[Effect] = []
    try:
        effects = counter.feed(Act(order, f"{next(counter.tokens):032x}"))
    except OrderRefusedError as error:
        refused.append(error)
    if refused:
        assert counter.state is before
        assert (refused[0].reason == "not-now") == (order.action not in listed)
        return
    assert order.action in listed
    for effect in effects:
        assert visit is not None
        if isinstance(effect, OpenDraft | ForgetDraft):
            assert counter.at() is Page.WAITING
            continue
        assert visit.offered is not None
        if isinstance(effect, OpenCard):
            assert visit.wishes_card
        if isinstance(effect, KeepDraft):
            assert not [name for name in effect.draft.answers if name.startswith("card-")]
        if isinstance(effect, Submit):
            assert not faults(effect.offered.asked, effect.answers, counter.today)
            assert effect.card is not None or visit.offered.whole.identity.level is not Level.CHIP
            assert requests.setdefault(effect.request, effect.session) == effect.session


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_that_is_offered_can_be_filled_in_and_submitted(service: str) -> None:
    counter = Counter()
    offered = counter.state.site.offer.find(service)
    if offered is None or service == "cabin":
        assert catalogue().services[service].kind == "cabin"
        return
    counter.act(Action.CHOOSE, service=service)
    if Action.USE_CARD in counter.view.actions:
        more = dict.fromkeys((Field.ISSUED, Field.EXPIRES, Field.ORIGIN), "01/01/2021")
        counter.feed(Prefilled(CardGiven({**FIELDS, **more}, PROOF)))
    else:
        counter.act(Action.START)
    for _ in range(60):
        if counter.at() is not Page.QUESTION:
            break
        question = next(each for each in offered.asked.questions if each.id == counter.question.id)
        counter.act(Action.ANSWER, question=question.id, value=answer_to(question))
        fault = None if counter.view.question is None else counter.question.fault
        assert fault is None, (service, question.id, fault)
    assert counter.at() is Page.CHECK
    counter.submit()
    counter.settle()
    assert counter.at() is Page.RECEIPT


def answer_to(question: Question) -> object:
    """Return an answer that fits, by what the question says of itself."""
    example = getattr(question, "example", None)
    if example is not None:
        return example
    for lowest in ("lowest", "lowest_dong"):
        if hasattr(question, lowest):
            return getattr(question, lowest)
    if question.__struct_config__.tag == "day":
        return "2026-11-28" if getattr(question, "span", "") == "future" else "2026-11-26"
    return good(question)

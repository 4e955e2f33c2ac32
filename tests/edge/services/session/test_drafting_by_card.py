"""A draft is tied to a card: nothing of the chip is kept, and the card opens it."""

import pytest

from edge.services.draft_view import DRAFT_DAMAGED, NO_DRAFT, DraftFault
from edge.services.errors import OrderRefusedError
from edge.services.session.draft import Draft
from edge.services.session.events import (
    DraftOpened,
    OpenCard,
    OpenDraft,
    Prefilled,
)
from edge.services.view import Action, Page
from tests.edge.services.session.drafts import (
    BY_CARD,
    BY_CODE,
    CARD,
    counter,
    keep,
    kept,
    opened,
    session,
    unlock,
)
from tests.edge.services.visits import STAY, Counter


def residence() -> Counter:
    """A tenant has laid their card on and answered two questions."""
    one = counter()
    one.act(Action.CHOOSE, service="temporary-residence")
    one.act(Action.USE_CARD)
    one.feed(Prefilled(CARD))
    for question in ("case", "address"):
        one.act(Action.ANSWER, question=question, value=STAY[question])
    return one


def test_nothing_of_the_card_is_kept_and_it_is_read_again() -> None:
    one = residence()
    draft = keep(one).draft
    assert draft.answers == {"case": STAY["case"], "address": STAY["address"]}
    other = counter()
    unlock(other)
    opened(other, draft)
    other.act(Action.START)
    assert other.question.type == "card"
    assert other.act(Action.USE_CARD) == [OpenCard("temporary-residence")]
    assert other.feed(Prefilled(CARD)) == []
    assert other.question.id == "since"


def test_a_draft_is_tied_to_the_card_and_the_service() -> None:
    one = residence()
    order = keep(one, Action.KEEP_BY_CARD)
    assert order.keepsake == BY_CARD
    assert "ab" * 32 not in repr(order)
    kept(one, BY_CARD)
    assert one.view.kept is not None
    assert one.view.kept.code == ""


def come_with_card(*, seeks: bool) -> Counter:
    """Choose the service and lay the card on; `seeks`: because something is kept for it."""
    one = counter()
    if seeks:
        one.act(Action.RESUME)
        assert one.view.resume is not None
        assert "temporary-residence" in one.view.resume.by_card
        assert "report-security" not in one.view.resume.by_card
    one.act(Action.CHOOSE, service="temporary-residence")
    one.act(Action.USE_CARD)
    assert one.feed(Prefilled(CARD)) == [OpenDraft(session(one), BY_CARD)]
    return one


@pytest.mark.parametrize("seeks", [True, False])
def test_the_card_opens_what_is_tied_to_it_and_is_not_read_twice(seeks: bool) -> None:  # noqa: FBT001
    one = come_with_card(seeks=seeks)
    opened(
        one, Draft("temporary-residence", 3, "since", {"case": "new", "address": STAY["address"]}), BY_CARD
    )
    assert one.at() is Page.FOUND
    one.act(Action.START)
    assert (one.at(), one.question.id) == (Page.QUESTION, "since")
    assert Action.USE_CARD not in one.view.actions


def test_who_looks_for_a_draft_in_vain_is_told_and_may_begin() -> None:
    one = come_with_card(seeks=True)
    opened(one, None, BY_CARD)
    assert (one.at(), one.view.trouble) == (Page.TROUBLE, NO_DRAFT)
    one.act(Action.START)
    assert (one.at(), one.question.id) == (Page.QUESTION, "case")


def test_who_begins_anew_is_not_bothered_when_nothing_is_kept() -> None:
    one = come_with_card(seeks=False)
    opened(one, None, BY_CARD)
    assert (one.at(), one.question.id) == (Page.QUESTION, "case")


@pytest.mark.parametrize("seeks", [True, False])
def test_a_damaged_draft_of_a_card_is_told_to_whoever_comes(seeks: bool) -> None:  # noqa: FBT001
    one = come_with_card(seeks=seeks)
    one.feed(DraftOpened(session=session(one), keepsake=BY_CARD, fault=DraftFault.DAMAGED))
    assert (one.at(), one.view.trouble) == (Page.TROUBLE, DRAFT_DAMAGED)
    one.act(Action.BACK)
    assert one.question.id == "case"


def test_a_service_without_a_card_is_not_looked_for_by_card() -> None:
    one = counter()
    one.act(Action.RESUME)
    with pytest.raises(OrderRefusedError):
        one.act(Action.CHOOSE, service="report-security")
    assert one.at() is Page.RESUME


def test_a_code_that_gives_way_to_the_card_is_forgotten() -> None:
    one = counter()
    unlock(one)
    opened(one, Draft("temporary-residence", 3, "since", {"case": "new"}))
    one.act(Action.START)
    one.feed(Prefilled(CARD))
    order = keep(one, Action.KEEP_BY_CARD)
    assert (order.keepsake, order.instead) == (BY_CARD, BY_CODE)

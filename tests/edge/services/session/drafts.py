"""A draft of the tests, and the steps by which somebody keeps it and comes back to it."""

from dataclasses import replace

from edge.services.draft_view import DraftFault
from edge.services.session.codes import draft_code
from edge.services.session.draft import Draft, Keepsake, Kept, Way
from edge.services.session.events import (
    DraftKept,
    DraftOpened,
    KeepDraft,
    OpenDraft,
)
from edge.services.session.state import CardGiven, State
from edge.services.view import Action, Page
from tests.edge.services.visits import FIELDS, PROOF, REPORT, Counter, site

CODE = draft_code(2**58)
BY_CODE = Keepsake(Way.CODE, CODE)
UNTIL_MS = 1_795_900_000_000
CARD = CardGiven(FIELDS, replace(PROOF, fingerprint="ab" * 32))
BY_CARD = Keepsake(Way.CARD, f"{'ab' * 32} temporary-residence")
DRAFT = Draft("report-security", 1, "where", {"category": "theft", "now": True})


def counter() -> Counter:
    return Counter(State(site=site(keeps_drafts=True)))


def begun() -> Counter:
    """Two questions of a report are answered."""
    one = counter()
    one.start("report-security")
    for question in ("category", "now"):
        one.act(Action.ANSWER, question=question, value=REPORT[question])
    return one


def session(one: Counter) -> str:
    assert one.state.visit is not None
    return one.state.visit.session


def keep(one: Counter, action: Action = Action.KEEP_BY_CODE) -> KeepDraft:
    one.act(Action.KEEP)
    (order,) = one.act(action)
    assert isinstance(order, KeepDraft)
    return order


def kept(one: Counter, keepsake: Keepsake = BY_CODE) -> None:
    one.feed(DraftKept(session=session(one), kept=Kept(keepsake, UNTIL_MS)))


def unlock(one: Counter, code: str = CODE) -> None:
    if one.at() is Page.HOME:
        one.act(Action.RESUME)
    assert one.act(Action.UNLOCK, code=code) == [OpenDraft(session(one), Keepsake(Way.CODE, code))]


def opened(one: Counter, draft: Draft | None = DRAFT, keepsake: Keepsake = BY_CODE) -> None:
    one.feed(DraftOpened(session=session(one), keepsake=keepsake, draft=draft, until_ms=UNTIL_MS))


def found() -> Counter:
    one = counter()
    unlock(one)
    opened(one)
    return one


def failed(one: Counter, fault: DraftFault | None) -> DraftFault | None:
    """Try a code; return what the screen says of it."""
    unlock(one)
    one.feed(DraftOpened(session=session(one), keepsake=BY_CODE, fault=fault))
    assert one.view.resume is not None
    return one.view.resume.fault


def pause_s(one: Counter) -> int | None:
    return None if one.view.resume is None else one.view.resume.seconds_left

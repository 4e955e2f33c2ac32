"""A services session by itself, over the shipped catalogue, with a clock that one sets and people who are invented."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from catalogue.questions import CardQuestion
from edge.idcard.card import CloneCheck, Issuer, Proof
from edge.idcard.groups import Field
from edge.services.offer import Offer
from edge.services.orders import Order
from edge.services.session.events import Act, Effect, Event, OpenCard, Prefilled, Settled, Submit, Tick
from edge.services.session.machine import apply
from edge.services.session.show import show
from edge.services.session.state import CardGiven, Moment, Pace, Site, State
from edge.services.view import Action, Page, QuestionCard, RowCard, ServicesView

TODAY = dt.date(2026, 11, 27)
IDLE_MS = 60_000
WARNING_MS = 15_000
NUMBER = "079203001234"
NAME = "Nguyễn Văn An"
PROOF = Proof(issuer=Issuer.VERIFIED, clone_check=CloneCheck.CHIP_AUTHENTICATION)
FIELDS: dict[Field, str] = {
    Field.NUMBER: NUMBER,
    Field.NAME: NAME,
    Field.BIRTH: "17/05/2003",
    Field.SEX: "Nam",
    Field.NATIONALITY: "Việt Nam",
    Field.RESIDENCE: "12 Nguyễn Duy Trinh, Bình Trưng, TP. Hồ Chí Minh",
}
CARD = CardGiven(FIELDS, PROOF)
STREET = "5 Đường Bịa Đặt, căn hộ A1-0203"
PHONE = "0901234567"
STAY: dict[str, object] = {
    "case": "new",
    "address": {"ward": "27097", "street": STREET},
    "since": "2026-09-01",
    "months": 12,
    "dwelling": "rent",
    "owner-name": "Trần Thị Bình",
    "owner-phone": None,
    "head-number": None,
    "children": False,
    "phone": PHONE,
}
"""What a tenant answers about temporary residence, besides their card."""
STORY = "Có người lạ cạy cửa nhà xe lúc nửa đêm."
REPORT: dict[str, object] = {
    "category": "theft",
    "now": True,
    "where": {"at": "station"},
    "what": STORY,
    "anonymous": True,
}
SECRETS = (NUMBER, NAME, "17/05/2003", "Duy Trinh", STREET, PHONE, "Trần Thị Bình", STORY)
TRACKING = "K7QM-3VXP-2HFD"


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def offer(*, has_reader: bool = True, has_cabin: bool = True, has_camera: bool = False) -> Offer:
    return Offer(catalogue(), has_reader=has_reader, has_cabin=has_cabin, has_camera=has_camera)


def site(
    *,
    has_keys: bool = True,
    has_reader: bool = True,
    has_cabin: bool = True,
    has_camera: bool = False,
    keeps_drafts: bool = False,
) -> Site:
    recipients = {each.identity.recipient or each.authority for each in catalogue().services.values()}
    return Site(
        pace=Pace(IDLE_MS, WARNING_MS),
        offer=offer(has_reader=has_reader, has_cabin=has_cabin, has_camera=has_camera),
        recipients=frozenset(recipients if has_keys else ()),
        wards={"27097": "Phường Bình Trưng"},
        keeps_drafts=keeps_drafts,
    )


@dataclass(slots=True)
class Counter:
    """A session with a clock that one sets."""

    state: State = field(default_factory=lambda: State(site=site()))
    now_ms: int = 1_000
    today: dt.date = TODAY
    effects: list[Effect] = field(default_factory=list)
    tokens: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def moment(self) -> Moment:
        return Moment(self.now_ms, self.today)

    @property
    def view(self) -> ServicesView:
        return show(self.state, 1, self.moment)

    @property
    def question(self) -> QuestionCard:
        assert self.view.question is not None
        return self.view.question

    def at(self) -> Page:
        return self.state.page

    def row(self, question: str) -> RowCard:
        (row,) = [each for each in self.view.rows if each.question == question]
        return row

    def feed(self, event: Event) -> list[Effect]:
        self.state, effects = apply(self.state, event, self.moment)
        self.effects += effects
        return list(effects)

    def act(self, action: Action, **members: object) -> list[Effect]:
        order = Order(action=action, **members)  # type: ignore[arg-type]
        return self.feed(Act(order, f"{next(self.tokens):032x}"))

    def wait(self, ms: int) -> None:
        self.now_ms += ms
        self.feed(Tick())

    def start(self, service: str) -> None:
        self.act(Action.CHOOSE, service=service)
        self.act(Action.START)

    def lay_card(self, card: CardGiven = CARD) -> None:
        assert self.act(Action.USE_CARD) == [
            OpenCard(service=self.view.service.id if self.view.service else "")
        ]
        self.feed(Prefilled(card))

    def answer_all(self, answers: Mapping[str, object]) -> None:
        """Answer whatever is asked, until all is to be checked."""
        while self.at() is Page.QUESTION:
            self.act(Action.ANSWER, question=self.question.id, value=answers[self.question.id])
            assert self.view.question is None or self.question.fault is None

    def to_check(self, service: str = "report-security", answers: Mapping[str, object] | None = None) -> None:
        self.start(service)
        if self.view.question is not None and self.question.type == "card":
            self.lay_card()
        self.answer_all(REPORT if answers is None else answers)
        assert self.at() is Page.CHECK

    def submit(self) -> Submit:
        (order,) = self.act(Action.SUBMIT, text_version="service-submit-1")
        assert isinstance(order, Submit)
        return order

    def settle(self, problem: str | None = None, tracking: str = TRACKING) -> None:
        assert self.state.visit is not None
        self.feed(
            Settled(
                session=self.state.visit.session,
                problem=problem,
                tracking=tracking,
                at_ms=1_795_314_930_000,
                is_online=True,
            )
        )

    def to_receipt(self) -> None:
        self.to_check()
        self.submit()
        self.settle()


def card_questions(service: str) -> list[str]:
    return [each.id for each in catalogue().services[service].questions if isinstance(each, CardQuestion)]

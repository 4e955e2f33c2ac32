"""What the tests of the identity session share: an invented card, and a session one can act in."""

from dataclasses import dataclass, field
from itertools import count

from edge.idcard.card import CardRead, CloneCheck, Issuer, Photo, Proof, Step
from edge.idcard.errors import CardFault
from edge.idcard.groups import Field
from edge.identity.orders import Order
from edge.identity.purposes import CABIN_HISTORY, CARD_CHECK, TEMPORARY_RESIDENCE, Purpose
from edge.identity.session.events import (
    Act,
    CardIn,
    CardOut,
    Effect,
    Event,
    Progressed,
    Read,
    ReadDone,
    ReaderChanged,
    ReadFailed,
    Settled,
    Tick,
)
from edge.identity.session.machine import apply
from edge.identity.session.show import show
from edge.identity.session.state import Pace, State
from edge.identity.view import Action, IdentityView, Page, TroubleView

NUMBER = "079203001234"
CAN = "001234"
FIELDS: dict[Field, str] = {
    Field.NUMBER: NUMBER,
    Field.NAME: "Nguyễn Văn An",
    Field.BIRTH: "17/05/2003",
    Field.SEX: "Nam",
    Field.NATIONALITY: "Việt Nam",
    Field.RESIDENCE: "12 Nguyễn Duy Trinh, Bình Trưng, TP. Hồ Chí Minh",
}
SECRETS = ("079203001234", "Nguyễn", "17/05/2003", "Duy Trinh")
PROOF = Proof(issuer=Issuer.VERIFIED, clone_check=CloneCheck.CHIP_AUTHENTICATION)
CARD = CardRead(fields=FIELDS, photo=None, proof=PROOF, apdus=12)
PHOTO = Photo(media_type="image/jpeg", data=b"\xff\xd8 a face")
OFFERED = (TEMPORARY_RESIDENCE, CARD_CHECK)
IDLE_MS = 60_000
WARNING_MS = 15_000


@dataclass(slots=True)
class Counter:
    """A session with a clock that one sets."""

    offered: tuple[Purpose, ...] = OFFERED
    state: State = field(default_factory=lambda: State(pace=Pace(IDLE_MS, WARNING_MS), is_reader_ok=True))
    now_ms: int = 1_000
    effects: list[Effect] = field(default_factory=list)
    turns: "count[int]" = field(default_factory=lambda: count(1))
    tokens: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def view(self) -> IdentityView:
        return show(self.state, 1, self.now_ms)

    def at(self) -> Page:
        return self.state.page

    def trouble(self) -> TroubleView:
        assert self.view.trouble is not None
        return self.view.trouble

    def idle_s(self) -> int | None:
        return None if self.view.idle is None else self.view.idle.seconds_left

    def feed(self, event: Event) -> list[Effect]:
        self.state, effects = apply(self.state, event, self.now_ms)
        self.effects += effects
        return list(effects)

    def act(self, action: Action, **members: object) -> list[Effect]:
        token = f"{next(self.tokens):032x}"
        return self.feed(Act(Order(action=action, **members), token, self.offered))  # type: ignore[arg-type]

    def lay_card(self, *, opens: bool = False) -> int:
        turn = next(self.turns)
        self.feed(CardIn(turn, f"{next(self.tokens):032x}", self.offered if opens else ()))
        return turn

    def take_card(self) -> list[Effect]:
        assert self.state.turn is not None
        return self.feed(CardOut(self.state.turn))

    def wait(self, ms: int) -> list[Effect]:
        self.now_ms += ms
        return self.feed(Tick())

    def to_number(self, purpose: Purpose = TEMPORARY_RESIDENCE) -> None:
        self.act(Action.OPEN, purpose=purpose.name)
        self.act(Action.AGREE, text_version="identity-read-1")
        assert self.at() is Page.NUMBER

    def to_reading(self, purpose: Purpose = TEMPORARY_RESIDENCE) -> Read:
        self.to_number(purpose)
        self.lay_card()
        (order,) = self.act(Action.NUMBER, number=CAN)
        assert isinstance(order, Read)
        return order

    def to_review(self, purpose: Purpose = TEMPORARY_RESIDENCE, card: CardRead = CARD) -> None:
        order = self.to_reading(purpose)
        self.feed(ReadDone(order.attempt, card))
        assert self.at() is Page.REVIEW

    def fail(self, fault: CardFault) -> None:
        self.feed(ReadFailed(self.state.attempt, fault))

    def progress(self, step: Step) -> None:
        self.feed(Progressed(self.state.attempt, step))

    def settle(self, problem: str | None = None) -> None:
        assert self.state.visit is not None
        self.feed(Settled(self.state.visit.session, problem))

    def break_reader(self) -> None:
        self.feed(ReaderChanged(is_ok=False))


def cabin_counter() -> Counter:
    """Return a session beside a cabin that is just asking for consent."""
    return Counter(offered=(CABIN_HISTORY,))

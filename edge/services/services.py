"""The services session with its hands: the way out, the card beside it, the clock.

What a person answers is in `_state`, in the view, and nowhere else; their pictures are in the album.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final, NamedTuple

from msgspec.structs import replace

from catalogue.asking import question_of
from edge.clock import Clock
from edge.idcard.card import Proof
from edge.idcard.groups import Field
from edge.logs import Log
from edge.papers.album import Album
from edge.services.errors import OrderRefusedError, Refusal
from edge.services.keeping import Keeping
from edge.services.offer import Offered, is_for_pictures
from edge.services.orders import Order
from edge.services.ports import Around
from edge.services.session.due import next_deadline_ms
from edge.services.session.events import (
    Abandoned,
    Act,
    Away,
    Discarded,
    Effect,
    Event,
    Halted,
    OpenCard,
    Prefilled,
    Settled,
    Submit,
    Tick,
    Touched,
)
from edge.services.session.machine import apply, can_take
from edge.services.session.show import show
from edge.services.session.state import CardGiven, Moment, Site, State
from edge.services.submitting import Submitting
from edge.services.view import Action, MenuView, Page, ServicesView, WardView
from edge.tokens import new_token

__all__ = ["OrderRefusedError", "Refusal", "Services"]

VIETNAM: Final = dt.timezone(dt.timedelta(hours=7))
"""Asia/Ho_Chi_Minh: one offset all the year, since 1975."""

_log: Final = Log(__name__)

Tell = Callable[[ServicesView], None]


class Posing(NamedTuple):
    """Pictures are taken now: whose visit, for which question, how many at most, and who may see them."""

    session: str
    question: str
    most: int
    recipient: str


class Services:
    """One screen's session; `keeping` None: nothing is kept for later. Run `run` under `supervise`; everything else never waits and is for the loop's thread."""

    def __init__(
        self,
        site: Site,
        around: Around,
        submitting: Submitting,
        clock: Clock,
        *,
        keeping: Keeping | None = None,
        album: Album | None = None,
        new_id: Callable[[], str] = new_token,
    ) -> None:
        self._site = site
        self._around = around
        self._submitting = submitting
        self._keeping = keeping
        self._album = album or Album()
        self._clock = clock
        self._new_id = new_id
        self._state = State(site=site)
        self._view = show(self._state, 1, self._moment())
        self._followers: list[Tell] = []
        self._wake = asyncio.Event()
        self.menu: Final[MenuView] = site.offer.menu
        self.wards: Final[list[WardView]] = [
            WardView(code=code, name=name) for code, name in site.wards.items()
        ]

    @property
    def view(self) -> ServicesView:
        """The newest view."""
        return self._view

    @property
    def is_free(self) -> bool:
        """Whether nobody is in a visit."""
        return self._state.visit is None

    @property
    def wish(self) -> Offered | None:
        """The service that is being filled in and would take something from the card now."""
        visit = self._state.visit
        return visit.offered if visit is not None and visit.wishes_card else None

    def act(self, order: Order) -> ServicesView:
        """Do what the person wants and return the view after it; OrderRefusedError when that cannot be done."""
        self._feed(Tick())
        self._require_pictures(order)
        self._feed(Act(order, self._new_id()))
        return self._view

    def prefill(self, service: str, fields: Mapping[Field, str], proof: Proof) -> bool:
        """Take what the person left in of their card; False: it is too late, or something is lacking."""
        self._feed(Tick())
        card = CardGiven(dict(fields), proof)
        wish = self.wish
        if wish is None or wish.whole.id != service or not can_take(self._state, card, self._moment()):
            return False
        self._feed(Prefilled(card))
        return True

    @property
    def posing(self) -> Posing | None:
        """The question whose pictures are taken now; None: none is."""
        visit = self._state.visit
        if visit is None or visit.offered is None or visit.page is not Page.QUESTION:
            return None
        question = question_of(visit.offered.asked, visit.question)
        if question is None or not is_for_pictures(question):
            return None
        return Posing(visit.session, question.id, question.most, visit.offered.recipient)

    def discard(self, picture: str) -> None:
        """Forget a picture that the person does not want any more."""
        self._album.remove(picture)
        self._feed(Discarded(picture))

    def touched(self) -> None:
        """Take that the person is busy on the same screen."""
        self._feed(Touched())

    def away(self, *, is_away: bool) -> None:
        """Take that the person turned to their card, or came back."""
        if is_away != self._state.is_away:
            self._feed(Away(is_away))

    def abandoned(self) -> None:
        """Take that the person left while they were busy with their card: their answers are forgotten."""
        self._feed(Abandoned())

    @contextmanager
    def follow(self, tell: Tell) -> Iterator[None]:
        """Within the context, tell the present view and each newer one; `tell` must not wait."""
        self._followers.append(tell)
        try:
            tell(self._view)
            yield
        finally:
            self._followers.remove(tell)

    async def run(self) -> None:
        """Let time pass until cancelled; everything of the person is then forgotten, and what was submitted is on disk."""
        try:
            while True:
                self._feed(Tick())
                self._wake.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._wait_s()):
                        await self._wake.wait()
        finally:
            self._feed(Halted())
            await self._submitting.finish()
            if self._keeping is not None:
                await self._keeping.finish()

    def _wait_s(self) -> float | None:
        now_ms = self._clock.uptime_ms()
        deadline_ms = next_deadline_ms(self._state, now_ms)
        return None if deadline_ms is None else max(0.0, (deadline_ms - now_ms) / 1000)

    def _moment(self) -> Moment:
        today = dt.datetime.fromtimestamp(self._clock.wall_ms() / 1000, VIETNAM).date()
        return Moment(self._clock.uptime_ms(), today)

    def _feed(self, event: Event) -> None:
        self._state, effects = apply(self._state, event, self._moment())
        for effect in effects:
            self._do(effect)
        visit = self._state.visit
        self._album.belong_to(None if visit is None or visit.page is Page.RECEIPT else visit.session)
        self._show()
        self._wake.set()

    def _require_pictures(self, order: Order) -> None:
        """Refuse an answer that names a picture which is not held for it: it would never come."""
        posing = self.posing
        if order.action is not Action.ANSWER or posing is None or not isinstance(order.value, list):
            return
        held = self._album.of(posing.question)
        if any(name not in held for name in order.value):
            raise OrderRefusedError(Refusal.PICTURE)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Submit():
                self._submitting.take(effect, self._album, partial(self._settled, effect))
            case OpenCard():
                self._around.open_card(effect.service)
            case _:
                assert self._keeping is not None
                self._keeping.take(effect, self._feed)

    def _settled(self, submit: Submit, settled: Settled) -> None:
        if settled.problem is None:
            _log.info("request submitted")
        self._feed(
            Settled(
                session=settled.session,
                problem=settled.problem,
                tracking=settled.tracking,
                word=settled.word,
                at_ms=settled.at_ms,
                is_online=self._around.is_online,
            )
        )
        account = submit.offered.account(submit.answers)
        if account is not None and self._view.page is Page.RECEIPT:
            self._around.open_payment(submit.request, submit.offered.whole.id, account)

    def _show(self) -> None:
        view = show(self._state, self._view.version, self._moment())
        if view != self._view:
            self._view = replace(view, version=view.version + 1)
            for tell in self._followers:
                tell(self._view)

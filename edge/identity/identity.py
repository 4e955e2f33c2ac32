"""The identity session with its hands: the card's reader, the way out, and the cabin beside it.

What a card says is in `_state`, in the view's shown values, and nowhere else.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from msgspec.structs import replace

from edge.clock import Clock
from edge.idcard.card import Photo, Step
from edge.idcard.errors import CardError, CardFault
from edge.identity.errors import OrderRefusedError, Refusal
from edge.identity.orders import MAX_SCAN, Order
from edge.identity.ports import CardDesk, Filling, Surroundings
from edge.identity.purposes import PURPOSES, Gives, Purpose
from edge.identity.sending import Sending
from edge.identity.session.due import next_deadline_ms
from edge.identity.session.events import (
    Act,
    Bind,
    CardIn,
    CardOut,
    Effect,
    Event,
    Halted,
    HandOver,
    KeepConsent,
    Misread,
    Progressed,
    Read,
    ReadDone,
    ReaderChanged,
    ReadFailed,
    Settled,
    Share,
    StopReading,
    Tick,
)
from edge.identity.session.machine import apply
from edge.identity.session.show import show
from edge.identity.session.state import Pace, State
from edge.identity.view import TOO_LATE, Action, IdentityView, Page
from edge.logs import Log
from edge.settings import CardSettings
from edge.tokens import new_token

__all__ = ["Identity", "OrderRefusedError", "Refusal"]

_log: Final = Log(__name__)

Tell = Callable[[IdentityView], None]


class Identity:
    """One card reader's session. Run `run` under `supervise`; everything else never waits and is for the loop's thread."""

    def __init__(
        self,
        settings: CardSettings,
        desk: CardDesk,
        surroundings: Surroundings,
        sending: Sending,
        clock: Clock,
        *,
        filling: Filling | None = None,
        new_id: Callable[[], str] = new_token,
    ) -> None:
        self._desk = desk
        self._surroundings = surroundings
        self._sending = sending
        self._clock = clock
        self._filling = filling
        self._new_id = new_id
        self._state = State(pace=Pace(settings.idle_s * 1000, settings.warning_s * 1000))
        self._view = show(self._state, 1, clock.uptime_ms())
        self._followers: list[Tell] = []
        self._reading: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self.cards_read = 0
        self.cards_refused = 0

    @property
    def view(self) -> IdentityView:
        """The newest view."""
        return self._view

    @property
    def photo(self) -> Photo | None:
        """The face, while its person looks at what was read."""
        visit = self._state.visit
        if visit is None or visit.page is not Page.REVIEW or visit.card is None:
            return None
        return visit.card.photo

    def act(self, order: Order) -> IdentityView:
        """Do what the person wants and return the view after it; OrderRefusedError when that cannot be done."""
        self._feed(Tick())
        self._surroundings.touched()
        self._feed(Act(order, self._new_id(), self._offered()))
        return self._view

    def scanned(self, text: str) -> None:
        """Take what the scanner read, as if the person had typed it; at another moment it means nothing."""
        try:
            self.act(Order(action=Action.SCAN, text=text[:MAX_SCAN]))
        except OrderRefusedError as error:
            if error.reason is Refusal.CODE:
                self._feed(Misread())

    def card_in(self, turn: int) -> None:
        """Take that a card was laid on the reader."""
        is_welcome = self._surroundings.is_free or self._surroundings.can_bind or self._wished is not None
        offered = self._offered() if is_welcome else ()
        self._feed(CardIn(turn, self._new_id(), offered))

    def card_out(self, turn: int) -> None:
        """Take that it was taken away."""
        self._feed(CardOut(turn))

    def reader_changed(self, *, is_ok: bool) -> None:
        """Take that the reader works, or does not."""
        self._feed(ReaderChanged(is_ok))

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
        """Let time pass until cancelled; everything of the person is then forgotten, and what was sent is on disk."""
        try:
            while True:
                self._feed(Tick())
                self._wake.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._wait_s()):
                        await self._wake.wait()
        finally:
            self._feed(Halted())
            await self._sending.finish()

    def _wait_s(self) -> float | None:
        now_ms = self._clock.uptime_ms()
        deadline_ms = next_deadline_ms(self._state, now_ms)
        return None if deadline_ms is None else max(0.0, (deadline_ms - now_ms) / 1000)

    @property
    def _wished(self) -> Purpose | None:
        return None if self._filling is None else self._filling.wished

    def _offered(self) -> tuple[Purpose, ...]:
        """Return what the card can be used for now: to answer the cabin's question or a service's, when one is asked.

        Where services are filled in, they are the only way to send something.
        """
        wished = self._wished
        if wished is not None and not self._surroundings.can_bind:
            return (wished,)
        kinds = {Gives.PSEUDONYM} if self._surroundings.can_bind else {Gives.SEALED, Gives.NOTHING}
        if self._filling is not None:
            kinds -= {Gives.SEALED}
        return tuple(
            purpose for purpose in PURPOSES.values() if purpose.gives in kinds and self._sending.can(purpose)
        )

    def _feed(self, event: Event) -> None:
        now_ms = self._clock.uptime_ms()
        self._state, effects = apply(self._state, event, now_ms)
        for effect in effects:
            self._do(effect)
        self._show(now_ms)
        self._wake.set()

    def _do(self, effect: Effect) -> None:
        match effect:
            case Read():
                self._reading = asyncio.create_task(self._read(effect), name="card-reading")
            case StopReading():
                if self._reading is not None:
                    self._reading.cancel()
            case KeepConsent() | Share() | Bind():
                self._sending.take(effect, self._feed)
            case HandOver():
                self._hand_over(effect)

    def _hand_over(self, given: HandOver) -> None:
        assert self._filling is not None
        is_taken = self._filling.take(given.purpose, given.fields, given.proof)
        self._feed(Settled(given.session, None if is_taken else TOO_LATE))

    def _show(self, now_ms: int) -> None:
        view = show(self._state, self._view.version, now_ms)
        if view != self._view:
            self._view = replace(view, version=view.version + 1)
            for tell in self._followers:
                tell(self._view)

    async def _read(self, order: Read) -> None:
        def tell(step: Step) -> None:
            self._feed(Progressed(order.attempt, step))

        try:
            card = await self._desk.read(order.turn, order.key, order.fields, tell)
        except CardError as error:
            _log.warning("card not read", fault=error.fault, reason=str(error))
            self._refused(order, error.fault)
        except Exception as error:  # noqa: BLE001 - nobody awaits this task, and a traceback could hold what was read
            _log.error("card not read", reason=type(error).__name__)
            self._refused(order, CardFault.GARBLED)
        else:
            self.cards_read += 1
            _log.info(
                "card read", issuer=card.proof.issuer, clone_check=card.proof.clone_check, apdus=card.apdus
            )
            self._feed(ReadDone(order.attempt, card))

    def _refused(self, order: Read, fault: CardFault) -> None:
        self.cards_refused += 1
        self._feed(ReadFailed(order.attempt, fault))

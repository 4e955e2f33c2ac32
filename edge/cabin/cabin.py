"""The cabin: the session's machine with its hands, for the screen that steers it and the journal that keeps.

What is measured lives in memory until the person has agreed, and there only. A daemon that is told to end closes the
session as INTERRUPTED; one that is killed, or loses its power, writes nothing more, and its next start knows of nobody.
The cloud then has a consent and some readings without a SessionEnded: they are whole as they are, and are kept and
deleted by the consent's time limit like those of any other session.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from edge.cabin.errors import ActionRefusedError, Refusal
from edge.cabin.keeping import Keeper
from edge.cabin.orders import Order
from edge.cabin.ports import Instruments
from edge.cabin.session.due import next_deadline_ms
from edge.cabin.session.events import (
    Act,
    Begin,
    Bound,
    Cancel,
    Count,
    Effect,
    Event,
    Halted,
    Keep,
    Offered,
    ShowWave,
    Tick,
    Touched,
)
from edge.cabin.session.machine import apply
from edge.cabin.session.show import show
from edge.cabin.session.state import Pace, State
from edge.cabin.view import Page, View, WaveView
from edge.cabin.watching import Watching
from edge.clock import Clock
from edge.instrument import InstrumentNews
from edge.journal.journal import Journal
from edge.logs import Log
from edge.settings import CabinSettings
from edge.tokens import new_token

__all__ = ["ActionRefusedError", "Cabin", "Order", "Refusal", "Watching"]

LOOK_S: Final = 0.5
"""How often the instruments are asked what they can do: a cuff that was switched on shows within half a second."""
END_TIMEOUT_S: Final = 1.0
"""A daemon that ends waits so long for the disk to take the last of a session."""

_log: Final = Log(__name__)


class Cabin:
    """One cabin. Run `run` under `supervise`; everything else never waits and is for the event loop's own thread."""

    def __init__(
        self,
        settings: CabinSettings,
        instruments: Instruments,
        journal: Journal,
        clock: Clock,
        *,
        new_id: Callable[[], str] = new_token,
    ) -> None:
        self._instruments = instruments
        self._clock = clock
        self._new_id = new_id
        self._keeper = Keeper(journal, clock, new_id, self._feed)
        pace = Pace(settings.rest_s * 1000, settings.idle_s * 1000, settings.warning_s * 1000)
        self._state = State(pace=pace)
        self._watchings: set[Watching] = set()
        self._wake = asyncio.Event()
        self._deadline_ms: int | None = None
        self.measurements_made = 0
        self.measurements_refused = 0
        self._view = show(self._state, 1, clock.uptime_ms())
        instruments.attach(self._hear)
        self._look()

    @property
    def view(self) -> View:
        """The newest view."""
        return self._view

    def act(self, order: Order) -> View:
        """Do what the person wants and return the view after it; ActionRefusedError when that cannot be done."""
        self._feed(Tick())
        self._feed(Act(order, self._new_id(), self._clock.wall_ms()))
        return self._view

    def bind(self, subject: str) -> None:
        """Tie the session to a pseudonym (32 hex digits) that a card reader knows the person by.

        Only from the question for consent until the first reading; it goes nowhere unless the person consents.
        ActionRefusedError otherwise.
        """
        self._feed(Tick())
        self._feed(Bound(subject))

    @property
    def is_free(self) -> bool:
        """Whether nobody is in a session."""
        return not self._state.is_in_use

    @property
    def is_asking(self) -> bool:
        """Whether somebody is just being asked for consent, so that `bind` is possible."""
        return self._state.page is Page.CONSENT

    def touched(self) -> None:
        """Take that the person is busy on the same screen: nobody is wiped meanwhile."""
        self._feed(Touched())

    def watch(self) -> Watching:
        """Return a way to follow the view; use it as a context manager."""
        return Watching(self._view, self._watchings.add, self._watchings.discard)

    async def run(self) -> None:
        """Let time pass and write what is to be kept, until cancelled; the session is then closed in good order."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keeper.run(), name="cabin-keeper")
                tasks.create_task(self._pass_time(), name="cabin-time")
        except asyncio.CancelledError:
            await self._halt()
            raise

    async def _pass_time(self) -> None:
        while True:
            self._look()
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._wait_s()):
                    await self._wake.wait()

    def _wait_s(self) -> float:
        if self._deadline_ms is None:
            return LOOK_S
        return min(LOOK_S, max(0.0, (self._deadline_ms - self._clock.uptime_ms()) / 1000))

    async def _halt(self) -> None:
        self._feed(Halted())
        try:
            async with asyncio.timeout(END_TIMEOUT_S):
                await self._keeper.flush()
        except TimeoutError:
            _log.warning("the disk did not take the end of a session")

    def _look(self) -> None:
        self._feed(Offered(tuple(self._instruments.offers())))

    def _hear(self, news: InstrumentNews) -> None:
        """Take what an instrument says; whatever is wrong with us must not reach its driver, nor a log with values."""
        try:
            self._feed(news)
        except Exception as error:  # noqa: BLE001 - see above
            _log.error("news not taken", news=type(news).__name__, reason=type(error).__name__)

    def _feed(self, event: Event) -> None:
        now_ms = self._clock.uptime_ms()
        self._state, effects = apply(self._state, event, now_ms)
        for effect in effects:
            self._do(effect)
        self._show(now_ms)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Begin(kind):
                self._instruments.begin(kind)
            case Cancel(kind):
                self._instruments.cancel(kind)
            case ShowWave(wave):
                self._draw(WaveView(samples=list(wave.samples), rate_hz=wave.rate_hz))
            case Count(is_accepted):
                self.measurements_made += is_accepted
                self.measurements_refused += not is_accepted
            case _:
                self._keep(effect)

    def _keep(self, keep: Keep) -> None:
        self._keeper.take(keep)

    def _show(self, now_ms: int) -> None:
        """Tell the watchers if anything is different, and whoever passes the time when he is needed next."""
        view = show(self._state, self._view.version, now_ms)
        if view != self._view:
            self._view = replace(view, version=view.version + 1)
            for watching in self._watchings:
                watching.show(self._view)
        deadline_ms = next_deadline_ms(self._state, now_ms)
        if deadline_ms != self._deadline_ms:
            self._deadline_ms = deadline_ms
            self._wake.set()

    def _draw(self, piece: WaveView) -> None:
        for watching in self._watchings:
            watching.draw(piece)

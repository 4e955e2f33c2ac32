"""The counter for chip cards as one part of the booth: reader, scanner, trust store and the session over them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from edge.cabin.cabin import ActionRefusedError, Cabin
from edge.clock import Clock
from edge.drivers.card.driver import BACKOFF as CARD_BACKOFF
from edge.drivers.card.driver import CardDriver, CardNews, Inserted
from edge.drivers.scanner import BACKOFF as SCANNER_BACKOFF
from edge.drivers.scanner import ScannerDriver
from edge.errors import EdgeError
from edge.idcard.blocks import Blocks
from edge.idcard.card import AccessKey, CardRead, Step
from edge.idcard.groups import Field
from edge.idcard.port import Port
from edge.idcard.reader import read_card
from edge.idcard.trust import TrustStore
from edge.identity.identity import Identity
from edge.identity.ports import Filling
from edge.identity.pseudonym import Pseudonyms, load_pseudonyms
from edge.identity.sending import Sending
from edge.journal.journal import Journal
from edge.logs import Log
from edge.sealing import Recipients, load_recipients
from edge.settings import CardSettings
from edge.supervise import Backoff
from edge.trust_anchors import read_anchors
from wire.entries import DeviceChanged, DeviceState, Reading
from wire.messages import DeviceHealth

_INSIDE: Final = Backoff(first_s=0.1, limit_s=5.0)
_log: Final = Log(__name__)

Note = Callable[[DeviceChanged], None]
Run = Callable[[], Awaitable[None]]


class CardCounter:
    """One counter; what the settings do not name, or whose keys cannot be read, is not offered and is logged."""

    def __init__(
        self,
        settings: CardSettings,
        station: str,
        journal: Journal,
        clock: Clock,
        *,
        note: Note,
        cabin: Cabin | None,
        form: Filling | None = None,
    ) -> None:
        self._note = note
        self._driver = CardDriver(settings, clock, note=self._noted, hear=self._heard)
        self._scanner = None
        if settings.scanner is not None:
            self._scanner = ScannerDriver(
                settings.scanner, settings.scanner_baud, clock, note=note, hear=self._scanned
            )
        neighbour = Neighbour(cabin, form)
        recipients, pseudonyms = _recipients(settings), _pseudonyms(settings)
        sending = Sending(station, journal, clock, neighbour, recipients, pseudonyms)
        desk = _Desk(self._driver, _trust(settings), clock)
        self.identity = Identity(settings, desk, neighbour, sending, clock, filling=form)

    def runs(self) -> Iterator[tuple[str, Run, Backoff]]:
        """Return what is to run, and how patiently."""
        yield "identity", self.identity.run, _INSIDE
        yield "card-reader", self._driver.run, CARD_BACKOFF
        if self._scanner is not None:
            yield "scanner", self._scanner.run, SCANNER_BACKOFF

    def health(self) -> Iterator[DeviceHealth]:
        """Return how reader and scanner are."""
        yield self._driver.device.health
        if self._scanner is not None:
            yield self._scanner.device.health

    def readings(self) -> Iterator[Reading]:
        """Return how many cards were read and refused, for telemetry; never whose."""
        yield Reading(measure="cards-read", value=self.identity.cards_read, sensor="card-reader")
        yield Reading(measure="cards-refused", value=self.identity.cards_refused, sensor="card-reader")

    def _heard(self, news: CardNews) -> None:
        if isinstance(news, Inserted):
            self.identity.card_in(news.turn)
        else:
            self.identity.card_out(news.turn)

    def _noted(self, change: DeviceChanged) -> None:
        self._note(change)
        self.identity.reader_changed(is_ok=change.state is DeviceState.OK)

    def _scanned(self, text: str) -> None:
        self.identity.scanned(text)


class Neighbour:
    """Cabin and services as an identity session sees them (edge.identity.ports.Surroundings); None: the station has none."""

    def __init__(self, cabin: Cabin | None, form: Filling | None = None) -> None:
        self._cabin = cabin
        self._form = form

    @property
    def is_free(self) -> bool:
        """Whether nobody uses the screen."""
        is_cabin_free = self._cabin is None or self._cabin.is_free
        return is_cabin_free and (self._form is None or self._form.is_free)

    @property
    def can_bind(self) -> bool:
        """Whether somebody is just being asked for consent."""
        return self._cabin is not None and self._cabin.is_asking

    def bind(self, subject: str) -> bool:
        """Tie the session to a pseudonym; False: it is too late."""
        try:
            if self._cabin is not None:
                self._cabin.bind(subject)
        except ActionRefusedError:
            return False
        return self._cabin is not None

    def touched(self) -> None:
        """Say that the person of the cabin, or of a service, is busy with their card."""
        if self._cabin is not None:
            self._cabin.touched()
        if self._form is not None:
            self._form.touched()


class _Desk:
    """Reader and trust store together (edge.identity.ports.CardDesk)."""

    def __init__(self, driver: CardDriver, trust: TrustStore | None, clock: Clock) -> None:
        self._driver = driver
        self._trust = trust
        self._clock = clock

    async def read(
        self, turn: int, key: AccessKey, fields: frozenset[Field], tell: Callable[[Step], None]
    ) -> CardRead:
        """Read in a thread of its own; `tell` is called on the loop."""
        loop = asyncio.get_running_loop()
        moment = datetime.fromtimestamp(self._clock.wall_ms() / 1000, UTC)

        def job(port: Port, blocks: Blocks) -> CardRead:
            return read_card(
                port,
                key,
                fields,
                trust=self._trust,
                moment=moment,
                blocks=blocks,
                tell=lambda step: _call(loop, tell, step),
            )

        return await self._driver.read(turn, job)


def _call(loop: asyncio.AbstractEventLoop, tell: Callable[[Step], None], step: Step) -> None:
    loop.call_soon_threadsafe(tell, step)


def _trust(settings: CardSettings) -> TrustStore | None:
    """Return the store; one that is named and cannot be read trusts nobody, so that no card is believed by mistake."""
    if settings.trust is None:
        return None
    try:
        anchors = read_anchors(settings.trust)
    except EdgeError as error:
        _log.error("no trust store: no card will be believed", reason=str(error))
        return TrustStore.of(())
    for problem in anchors.problems:
        _log.warning("left out of the trust store", reason=problem)
    return anchors.store


def _recipients(settings: CardSettings) -> Recipients | None:
    try:
        return None if settings.recipients is None else load_recipients(settings.recipients)
    except EdgeError as error:
        _log.error("nothing can be sealed", reason=str(error))
        return None


def _pseudonyms(settings: CardSettings) -> Pseudonyms | None:
    try:
        return None if settings.pseudonym_key is None else load_pseudonyms(settings.pseudonym_key)
    except EdgeError as error:
        _log.error("no pseudonyms", reason=str(error))
        return None

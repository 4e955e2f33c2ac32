"""The counter for services as one part of the booth: catalogue, keys, numbers, the session over them, and the card beside it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Final, Protocol

from catalogue.model import Catalogue, Service
from edge.cabin.cabin import Cabin
from edge.cabin.view import Page as CabinPage
from edge.cabin.view import View
from edge.clock import Clock
from edge.guide.counter import GuideCounter
from edge.guide.guide import Guide
from edge.idcard.card import Proof
from edge.idcard.groups import Field
from edge.identity.errors import OrderRefusedError
from edge.identity.identity import Identity
from edge.identity.orders import Order
from edge.identity.purposes import Gives, Purpose
from edge.identity.view import Action, IdentityView, Outcome, Page
from edge.journal.journal import Journal
from edge.logs import Log
from edge.papers.album import Album
from edge.papers.spool import Spool
from edge.paying.paying import Paying, ToPay
from edge.services.drafts import Drafts
from edge.services.keeping import Keeping
from edge.services.numbers import Numbers
from edge.services.offer import Offer
from edge.services.pictures import Pictures
from edge.services.services import Services
from edge.services.session.state import Pace, Site
from edge.services.submitting import Submitting
from edge.services.view import Page as ServicesPage
from edge.services.view import ServicesView
from edge.settings import Settings
from edge.shelf import Shelf
from edge.supervise import Backoff
from edge.uplink.questions import Questions

_INSIDE: Final = Backoff(first_s=0.1, limit_s=5.0)
_ELSEWHERE: Final = frozenset({Page.NONE, Page.FAREWELL})
"""Pages of the identity session that leave the screen to others."""
_log: Final = Log(__name__)

Run = Callable[[], Awaitable[None]]


class Line(Protocol):
    """The way to the centre."""

    @property
    def connected(self) -> bool:
        """Whether it is open now."""

    @property
    def questions(self) -> Questions:
        """What is asked of it while a person waits."""


class ServicesCounter:
    """One counter. `meet` brings it together with the card reader's session, once that is made."""

    def __init__(
        self,
        settings: Settings,
        shelf: Shelf,
        journal: Journal,
        clock: Clock,
        line: Line,
        cabin: Cabin | None = None,
    ) -> None:
        assert settings.services is not None
        station, pace = settings.station, settings.services
        offer = Offer(
            shelf.catalogue,
            has_reader=settings.card is not None,
            has_cabin=settings.cabin is not None,
            has_camera=settings.services.camera,
        )
        names = {
            service.identity.recipient or service.authority for service in shelf.catalogue.services.values()
        }
        numbers = Numbers(settings.tracking_path, station.id, clock.wall_ms)
        spool = Spool(journal, clock, settings.journal.max_bytes)
        submitting = Submitting(station.id, journal, clock, numbers, shelf.recipients, spool)
        album = Album()
        site = Site(
            pace=Pace(pace.idle_s * 1000, pace.warning_s * 1000),
            offer=offer,
            recipients=frozenset(name for name in names if submitting.can_seal_for(name)),
            wards=_own_first(station.ward, shelf.wards),
            keeps_drafts=True,
        )
        self._keeping = Keeping(Drafts(settings.drafts_path, clock.wall_ms))
        self._around = _Around(line)
        self.services = Services(site, self._around, submitting, clock, keeping=self._keeping, album=album)
        self.paying = Paying(line.questions.ask, clock, stay=self.services.touched)
        self._around.paying = self.paying
        self.pictures = Pictures(self.services, album, shelf.recipients)
        self.form = Form(self.services)
        self._guide = GuideCounter(settings.guide, _offered(offer, shelf.catalogue), clock)
        self._user = _User(frozenset({ServicesPage.HOME, ServicesPage.FAREWELL}))
        self._cabin = cabin

    @property
    def guide(self) -> Guide:
        """The guide to what is offered."""
        return self._guide.guide

    def meet(self, identity: Identity) -> None:
        """Take the session that reads cards."""
        self._around.identity = identity

    def runs(self) -> Iterator[tuple[str, Run, Backoff]]:
        """Return what is to run, and how patiently."""
        yield "services", self._run, _INSIDE
        yield "services-drafts", self._keeping.run, _INSIDE
        yield from self._guide.runs()
        if self._cabin is not None:
            yield "services-cabin", partial(self._see_cabin, self._cabin), _INSIDE

    async def _run(self) -> None:
        identity = self._around.identity
        with (
            nullcontext() if identity is None else identity.follow(self._seen),
            self.services.follow(self._served),
        ):
            await self.services.run()

    async def _see_cabin(self, cabin: Cabin) -> None:
        """Let the guide forget who has left the cabin."""
        user = _User(frozenset({CabinPage.CHOOSE, CabinPage.FAREWELL}))
        with cabin.watch() as views:
            async for view in views:
                if isinstance(view, View) and user.has_left(view.page):
                    self.guide.forget()

    def _seen(self, view: IdentityView) -> None:
        """Let the answers wait while their person is at the card, and go with them when they walk off."""
        if view.page is Page.FAREWELL and view.outcome is Outcome.TIMED_OUT and not self.services.is_free:
            self.services.abandoned()
        if view.page is Page.FAREWELL:
            self.guide.forget()
        self.services.away(is_away=view.page not in _ELSEWHERE)

    def _served(self, view: ServicesView) -> None:
        """Let the payment end with its receipt, and the guide forget who has left: at the start it may still be talking."""
        if view.page is not ServicesPage.RECEIPT:
            self.paying.end()
        if self._user.has_left(view.page):
            self.guide.forget()


class Form:
    """The service that is being filled in, as an identity session sees it (edge.identity.ports.Filling)."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def is_free(self) -> bool:
        """Whether nobody is filling in anything."""
        return self._services.is_free

    @property
    def wished(self) -> Purpose | None:
        """What the service would take from the card now."""
        wish = self._services.wish
        if wish is None:
            return None
        identity = wish.whole.identity
        return Purpose(
            name=wish.whole.id,
            gives=Gives.PREFILL,
            fields=tuple(Field(each.value) for each in identity.fields),
            needed=frozenset(Field(each.value) for each in identity.needed),
            recipient=wish.recipient,
        )

    def take(self, purpose: Purpose, fields: Mapping[Field, str], proof: Proof) -> bool:
        """Hand over what the person left in; False: it is too late, or something is lacking."""
        return self._services.prefill(purpose.name, fields, proof)

    def touched(self) -> None:
        """Say that the person is busy with their card."""
        self._services.touched()


class _User:
    """Somebody at a part of the station: there while its page is not one of `left`."""

    def __init__(self, left: frozenset[str]) -> None:
        self._left = left
        self._is_there = False

    def has_left(self, page: str) -> bool:
        """Take the present page; tell whether somebody was there until now."""
        was_there, self._is_there = self._is_there, page not in self._left
        return was_there and not self._is_there


class _Around:
    """The rest of the station (edge.services.ports.Around)."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.identity: Identity | None = None
        self.paying: Paying | None = None

    @property
    def is_online(self) -> bool:
        """Whether the line to the centre is open now."""
        return self._line.connected

    def open_payment(self, request: str, service: str, account: str) -> None:
        """Open the payment of a bill."""
        if self.paying is not None:
            self.paying.begin(ToPay(request=request, service=service, account=account))

    def open_card(self, service: str) -> None:
        """Open the identity session for a service."""
        try:
            if self.identity is not None:
                self.identity.act(Order(action=Action.OPEN, purpose=service))
        except OrderRefusedError as error:
            _log.warning("card not opened", reason=error.reason)


def _offered(offer: Offer, catalogue: Catalogue) -> dict[str, Service]:
    return {name: service for name, service in catalogue.services.items() if offer.find(name) is not None}


def _own_first(own: str | None, wards: Mapping[str, str]) -> Mapping[str, str]:
    """Return the wards with the station's own at the top: most people mean it. Without a list it is the only one."""
    if own is None:
        return wards
    name = wards.get(own, f"Phường, xã nơi đặt trạm ({own})")
    return {own: name, **wards}

"""Who is at the far end: authorities and connectors by name, and which desk a request of a ward goes to."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from catalogue.words import Label, Slug

EVERY: str = "*"
"""In a route: whatever it is."""

WardOrEvery = Annotated[str, Meta(pattern=r"^(?:[0-9]{5}|\*)$")]
SlugOrEvery = Annotated[str, Meta(max_length=48, pattern=r"^(?:[a-z0-9]+(?:-[a-z0-9]+)*|\*)$")]


class Party(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An authority or a provider, or a desk, with its name for people."""

    id: Slug
    name: Label


class Protocol(StrEnum):
    """What is spoken with the system behind a connector. The agreement with it says so, so it stands beside its name."""

    CASES = "cases"
    """Dossiers under the case numbers of authorities."""
    INSURANCE = "insurance"
    BOOKINGS = "bookings"
    REFERRALS = "referrals"
    REPORTS = "reports"
    BILLS = "bills"
    """Asked while the person waits; nothing is submitted."""
    DESK = "desk"
    """There is no system: people of ours answer, or the station itself."""

    @property
    def takes_requests(self) -> bool:
        """Whether requests are carried to it."""
        return self not in {Protocol.BILLS, Protocol.DESK}


class System(Party, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a connector leads to."""

    protocol: Protocol


class Parties(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of them; `recipients` are those who can open what a card's owner sends sealed."""

    authorities: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=100)]
    connectors: Annotated[tuple[System, ...], Meta(min_length=1, max_length=100)]
    recipients: Annotated[tuple[Party, ...], Meta(max_length=100)] = ()
    desks: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=1_000)]

    def protocol(self, connector: str | None) -> Protocol | None:
        """Return what is spoken by a connector; None when there is none of this name."""
        return next((each.protocol for each in self.connectors if each.id == connector), None)


class Route(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Requests of this ward, authority and service go by `connector` (None: the service's own) to `desk`."""

    ward: WardOrEvery = EVERY
    authority: SlugOrEvery = EVERY
    service: SlugOrEvery = EVERY
    connector: Slug | None = None
    desk: Slug

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it different from the others."""
        return (self.ward, self.authority, self.service)

    @property
    def weight(self) -> int:
        """How special it is: a named service outweighs a named ward, which outweighs a named authority."""
        return 4 * (self.service != EVERY) + 2 * (self.ward != EVERY) + (self.authority != EVERY)

    def fits(self, ward: str, authority: str, service: str) -> bool:
        """Whether such a request may go here."""
        return all(
            mine in {EVERY, theirs} for mine, theirs in zip(self.key, (ward, authority, service), strict=True)
        )


class RouteTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All routes, in any order."""

    routes: Annotated[tuple[Route, ...], Meta(min_length=1, max_length=10_000)]

    def find(self, ward: str, authority: str, service: str) -> Route | None:
        """Return the most special route that fits; None when there is none."""
        fitting = [route for route in self.routes if route.fits(ward, authority, service)]
        return max(fitting, key=lambda route: route.weight, default=None)

"""To whom a request goes: ward x authority x service -> connector and desk. Data decides, the most specific row wins.

A named service outweighs a named ward, which outweighs a named authority. No request is ever without a desk: what no row
fits goes to the catch-all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from cloud.requests.errors import RoutingError

MAX_ROUTES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: a desk that answers for it, and the connector by which it is sent; None: the service's own."""

    desk: str
    connector: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row; None stands for any."""

    target: Target
    ward: str | None = None
    authority: str | None = None
    service: str | None = None

    @property
    def weight(self) -> int:
        """How specific it is; two rows that fit the same request and weigh the same are the same row."""
        return 4 * (self.service is not None) + 2 * (self.ward is not None) + (self.authority is not None)


class Routing:
    """The table, and (`own`) by which connector a service goes where no row says otherwise.

    RoutingError when two rows say different things of the same, or there are more than MAX_ROUTES.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        catch_all: Target,
        own: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._targets: dict[tuple[str | None, str | None, str | None], Target] = {}
        self._catch_all = catch_all
        self._own = own
        for route in routes:
            key = (route.ward, route.authority, route.service)
            if key in self._targets:
                raise RoutingError(f"routes: two rows for {key}")
            self._targets[key] = route.target
            if len(self._targets) > MAX_ROUTES:
                raise RoutingError(f"routes: more than {MAX_ROUTES}")

    def find(self, *, ward: str, authority: str, service: str) -> Target:
        """Return the most specific target; the catch-all when nothing fits."""
        target = self._find(ward, authority, service)
        return target if target.connector is not None else replace(target, connector=self._own.get(service))

    def _find(self, ward: str, authority: str, service: str) -> Target:
        for of_service in (service, None):
            for of_ward in (ward, None):
                for of_authority in (authority, None):
                    target = self._targets.get((of_ward, of_authority, of_service))
                    if target is not None:
                        return target
        return self._catch_all

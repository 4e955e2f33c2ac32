"""What routes work with: made once for each app, in its composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, cast

from anyio import CapacityLimiter
from fastapi import Depends, Request

from catalogue.model import Catalogue
from cloud.api.problems import Problem
from cloud.api.sessions import Door, Visitor
from cloud.api.shapes.base import WardNames
from cloud.feed import Feed
from cloud.places import Places
from cloud.requests.offices import Offices
from cloud.settings import Settings
from cloud.store.engine import Store


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of the API, for its routes; `clock` returns ms since 1970 UTC.

    `offices` counts with the terms of `catalogue`, which says what stations offer and who answers for it.
    """

    settings: Settings
    places: Places
    names: WardNames
    store: Store
    door: Door
    logins: CapacityLimiter
    feed: Feed
    clock: Callable[[], int]
    push_public_key: str | None
    catalogue: Catalogue
    offices: Offices


def _context(request: Request) -> Context:
    return cast("Context", request.app.state.context)


CurrentContext = Annotated[Context, Depends(_context)]
"""The context, in any route."""


def require_sight(visitor: Visitor, ward: str) -> None:
    """Refuse whoever does not see a ward (Problem `forbidden`)."""
    if not visitor.sees(ward):
        raise Problem(HTTPStatus.FORBIDDEN, "forbidden")

"""The composition root of the API: which parts there are, and in which order a request meets them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI

from catalogue.model import Catalogue
from cloud.api.assets import Assets
from cloud.api.border import BodyLimit, RequestLog, SecurityHeaders
from cloud.api.context import Context
from cloud.api.guard import cookie_name
from cloud.api.problems import answer_with_problems
from cloud.api.push_key import read_public_key
from cloud.api.routes import (
    blobs,
    desks,
    fleet,
    incidents,
    live,
    office,
    open311,
    payments,
    probes,
    requests,
    session,
)
from cloud.api.sessions import Door
from cloud.cash_desk import read_keys
from cloud.feed import Feed
from cloud.metrics import Metrics
from cloud.places import Places
from cloud.roads import offices_of
from cloud.settings import Settings
from cloud.store.engine import Store
from cloud.till import Till

_THREADS: Final = 12
"""Routes that run at once; the store's pool has connections for all of them and for the feed."""


def create_app(
    settings: Settings, places: Places, catalogue: Catalogue, store: Store, clock: Callable[[], int]
) -> FastAPI:
    """Build the API over an open store; `clock` returns ms since 1970 UTC."""
    feed = Feed(store, clock, workers=settings.ingest.workers, per_login=settings.api.streams_per_user)
    metrics = Metrics(store, clock, lambda: feed.streams)
    app = FastAPI(
        title="TCDS",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    app.state.feed = feed
    app.state.metrics = metrics
    app.state.door = Door(store, settings.api, clock)
    app.state.cookie = cookie_name(is_secure=settings.api.secure_cookies)
    app.state.keys = read_keys(settings.payments)
    app.state.till = Till(store, {}, clock)
    app.state.context = Context(
        settings=settings,
        places=places,
        names={ward.code: ward.name for ward in places.wards},
        store=store,
        door=app.state.door,
        logins=CapacityLimiter(session.PARALLEL_LOGINS),
        feed=feed,
        clock=clock,
        push_public_key=read_public_key(settings.notify.push),
        catalogue=catalogue,
        offices=offices_of(catalogue),
    )
    for part in (session, incidents, live, fleet, office, desks, requests, blobs, open311, payments, probes):
        app.include_router(part.router)
    app.mount("/", Assets(settings.api.dist))
    answer_with_problems(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(
        SecurityHeaders, tiles_url=settings.api.tiles_url, is_https=settings.api.secure_cookies
    )
    app.add_middleware(RequestLog, finish=metrics.note)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = _THREADS
    feed: Feed = app.state.feed
    async with feed:
        yield

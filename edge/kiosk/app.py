"""The composition root of the kiosk's web side: which routes there are, and in which order a request meets them."""

from typing import Final

from fastapi import FastAPI

from edge.kiosk import (
    drafts_routes,
    following_routes,
    guide_routes,
    identity_routes,
    paying_routes,
    pictures_routes,
    screen_routes,
    service_routes,
    services_routes,
)
from edge.kiosk.assets import Assets
from edge.kiosk.border import Gate, SecurityHeaders, TimeLimit
from edge.kiosk.context import Context
from edge.kiosk.problems import answer_with_problems
from edge.kiosk.stream import Streams

LIMIT_S: Final = 10.0
DEVICE_LIMIT_S: Final = 30.0
"""A scan takes ten seconds, connecting to a sleepy device as many."""
PRINT_LIMIT_S: Final = 120.0
"""A full sheet takes 40 s at 19200 baud."""

_PRINT_PATHS: Final = ("/api/cabin/print", "/api/services/print", "/api/services/draft/print")
_DEVICE_PATHS: Final = ("/service/api/scan", "/service/api/devices/", "/service/api/pair")


def create_app(context: Context, streams: Streams) -> FastAPI:
    """Build the app over what the station has; nobody is shown what its routes are."""
    app = FastAPI(title="TCDS", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.context = context
    app.state.streams = streams
    app.include_router(screen_routes.router)
    app.include_router(identity_routes.router)
    app.include_router(services_routes.router)
    app.include_router(drafts_routes.router)
    app.include_router(paying_routes.router)
    app.include_router(following_routes.router)
    app.include_router(pictures_routes.router)
    app.include_router(guide_routes.router)
    app.include_router(service_routes.router)
    app.mount("/", Assets(context.settings.pages, has_service=context.has_service))
    answer_with_problems(app)
    app.add_middleware(TimeLimit, limit_of=limit_of)
    app.add_middleware(Gate)
    app.add_middleware(SecurityHeaders)
    return app


def limit_of(path: str) -> float | None:
    """Return how many seconds a request for `path` may take."""
    if path == "/api/cabin/stream":
        return None
    if path in _PRINT_PATHS:
        return PRINT_LIMIT_S
    return DEVICE_LIMIT_S if path.startswith(_DEVICE_PATHS) else LIMIT_S

"""What every request passes before any route sees it: only this machine's own pages are served. Plain ASGI.

The port is open on 127.0.0.1, where other programs and, through a browser, other sites can reach it too: a foreign name
that was pointed here (DNS rebinding) is told by Host, a foreign page by Origin and Sec-Fetch-Site.
"""

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge.kiosk.problems import Problem

MAX_BODY_BYTES: Final = 4 * 1024
"""The largest honest body is an order with every kind of measurement, or a device's description."""
PICTURES: Final = "/api/services/pictures/"
MAX_PICTURE_BYTES: Final = 1_250_000
"""As many as edge.papers.album takes; nothing else is so large."""

_HOST: Final = re.compile(r"^(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?$")
_SAFE: Final = frozenset({"GET", "HEAD"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})
_API: Final = re.compile(r"^/(?:service/)?api/")
_MAX_LENGTH_DIGITS: Final = 20

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""What pages may load and run: files of this server, no line of their own text; sounds also from memory."""

_HEADERS: Final = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), usb=(), serial=()"),
)

LimitOf = Callable[[str], float | None]
"""Returns how many seconds a path may take; None: as long as it likes."""


class Gate:
    """Refuses what does not come from this station's own pages, and bodies larger than their path takes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted."""
        if scope["type"] != "http":
            return
        problem = _reason_to_refuse(scope, Headers(scope=scope))
        if problem is not None:
            await problem.response()(scope, receive, send)
            return
        taken, limit = 0, max_body_bytes(scope["path"])

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, take, send)


def max_body_bytes(path: str) -> int:
    """Return how large the body of a request for `path` may be."""
    return MAX_PICTURE_BYTES if path.startswith(PICTURES) else MAX_BODY_BYTES


def _reason_to_refuse(scope: Scope, headers: Headers) -> Problem | None:
    host = headers.get("host", "")
    if not _HOST.match(host) or len(headers.getlist("host")) != 1:
        return Problem(HTTPStatus.MISDIRECTED_REQUEST, "host")
    if scope["method"] not in _SAFE and headers.get("origin") != f"http://{host}":
        return Problem(HTTPStatus.FORBIDDEN, "origin")
    if _API.match(scope["path"]) and headers.get("sec-fetch-site", "none") not in _OWN_SITES:
        return Problem(HTTPStatus.FORBIDDEN, "origin")
    declared = headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared[:_MAX_LENGTH_DIGITS]) > max_body_bytes(scope["path"]):
        return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large")
    return None


class SecurityHeaders:
    """Sets what browsers need to be told on every answer; nothing is stored unless a route says so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS:
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class TimeLimit:
    """Ends a request that takes longer than its path may."""

    def __init__(self, app: ASGIApp, limit_of: LimitOf) -> None:
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer with a problem when nothing was said until the limit."""
        has_started = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            async with asyncio.timeout(self._limit_of(scope["path"])):
                await self._app(scope, receive, send_and_note)
        except TimeoutError:
            if not has_started:
                await Problem(HTTPStatus.SERVICE_UNAVAILABLE, "too-slow").response()(scope, receive, send)

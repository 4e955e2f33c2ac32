"""What every request passes before any route sees it: a size limit, security headers, one log line. Plain ASGI."""

import time
from collections.abc import Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cloud.api.problems import Problem

MAX_BODY_BYTES: Final = 16 * 1024
"""The largest honest body is a push subscription with a note's length to spare."""

_SCRIPT_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:{tiles}; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Scripts and styles come from here alone: no line of a page's own text can run or hide anything."""

log = structlog.get_logger(__name__)

Finish = Callable[[str, str, int, float], None]
"""Called once a request is answered: method, route template, status, seconds."""


class BodyLimit:
    """Refuse bodies above MAX_BODY_BYTES, by their declared length or while they arrive."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared[:20]) > MAX_BODY_BYTES:
            await Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large").response()(scope, receive, send)
            return
        taken = 0

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MAX_BODY_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, take, send)


class SecurityHeaders:
    """Set what browsers need to be told on every answer; API answers are never stored by a cache."""

    def __init__(self, app: ASGIApp, tiles_url: str | None, *, is_https: bool) -> None:
        self._app = app
        tiles = "" if tiles_url is None else " " + "/".join(tiles_url.split("/", 3)[:3]).replace("{s}", "*")
        self._headers = {
            "Content-Security-Policy": _SCRIPT_POLICY.format(tiles=tiles),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }
        if is_https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class RequestLog:
    """One structured line and one measurement for each answer; never a query string, a body or a login."""

    def __init__(self, app: ASGIApp, finish: Finish) -> None:
        self._app = app
        self._finish = finish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its end."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            took_s = time.perf_counter() - started
            route = _route(scope)
            self._finish(scope["method"], route, status, took_s)
            log.info(
                "request", method=scope["method"], route=route, status=status, ms=round(took_s * 1000, 1)
            )


def _route(scope: MutableMapping[str, Any]) -> str:
    """Return the route's template, so that ids stay out of logs and metrics."""
    return str(getattr(scope.get("route"), "path", None) or "other")

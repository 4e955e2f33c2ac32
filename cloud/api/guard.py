"""Before a route runs: who is it, may they, and did the request come from the console itself."""

import secrets
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from cloud.api.access import ACCESS, PUBLIC
from cloud.api.problems import Problem
from cloud.api.refusals import common_refusals
from cloud.api.sessions import Door, Visitor
from cloud.store.accounts import Role

CSRF_HEADER: Final = "X-CSRF-Token"
_SAFE: Final = frozenset({"GET", "HEAD"})
_MAX_TOKEN_LENGTH: Final = 128


def cookie_name(*, is_secure: bool) -> str:
    """Return the session cookie's name; `__Host-` lets browsers refuse it from anywhere but this very host."""
    return "__Host-tcds" if is_secure else "tcds"


class GuardedRoute(APIRoute):
    """A route whose row in the access table is checked before its body is even read.

    KeyError at start when the table has no row for it.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        is_public = self._allowed is PUBLIC
        self.responses = {**common_refusals(self._method, path, is_public=is_public), **self.responses}

    @property
    def _method(self) -> str:
        assert self.methods is not None
        (method,) = self.methods
        return method

    @property
    def _allowed(self) -> frozenset[Role]:
        return ACCESS[f"{self._method} {self.path}"]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler with the check."""
        handle = super().get_route_handler()
        allowed = self._allowed
        if allowed is PUBLIC:
            return handle

        async def guarded(request: Request) -> Response:
            request.state.visitor = await _admit(request, allowed)
            return await handle(request)

        return guarded


async def _admit(request: Request, allowed: frozenset[Role]) -> Visitor:
    door: Door = request.app.state.door
    token = request.cookies.get(request.app.state.cookie, "")
    known = 0 < len(token) <= _MAX_TOKEN_LENGTH
    visitor = await run_in_threadpool(door.recognise, token) if known else None
    if visitor is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "no-session")
    if request.method not in _SAFE:
        given = request.headers.get(CSRF_HEADER, "")
        if not secrets.compare_digest(given.encode(), visitor.session.csrf.encode()):
            raise Problem(HTTPStatus.FORBIDDEN, "csrf")
    if visitor.account.role not in allowed:
        raise Problem(HTTPStatus.FORBIDDEN, "forbidden")
    return visitor


def _visitor(request: Request) -> Visitor:
    return cast("Visitor", request.state.visitor)


CurrentVisitor = Annotated[Visitor, Depends(_visitor)]
"""The visitor, in a route of a GuardedRoute router that is not public."""

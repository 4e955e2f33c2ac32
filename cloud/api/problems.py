"""Every error of the API as problem+json (RFC 9457) with a stable `code`; consoles translate by the code.

What somebody sent is never repeated in an answer: it may be personal.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from cloud.store.errors import AwayError, MissingError

MEDIA_TYPE: Final = "application/problem+json"
MAX_TOLD_MISTAKES: Final = 10

_CODES: Final = {
    HTTPStatus.BAD_REQUEST: "malformed",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
}
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_READING: Final = ("GET", "HEAD")
_MISSED: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})

log = structlog.get_logger(__name__)


class Problem(Exception):  # noqa: N818  RFC 9457's own word for it
    """An answer that refuses: HTTP status, stable code, and members that the code promises (a card, mistakes)."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        members: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.members = dict(members or {})
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """Return the answer."""
        body = {
            "type": f"urn:tcds:problem:{self.code}",
            "title": self.status.phrase,
            "status": self.status.value,
            "code": self.code,
            **self.members,
        }
        text = json.dumps(body, ensure_ascii=False)
        return Response(text, self.status.value, self.headers, media_type=MEDIA_TYPE)


def answer_with_problems(app: FastAPI) -> None:
    """Let the app answer every error, its own and the framework's, with a problem."""
    app.add_exception_handler(Problem, _of_problem)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(MissingError, _of_missing)
    app.add_exception_handler(AwayError, _of_store)
    app.add_exception_handler(Exception, _of_fault)


def _of_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


def _of_validation(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    mistakes = error.errors()
    if any(mistake["type"] == "json_invalid" for mistake in mistakes):
        return Problem(HTTPStatus.BAD_REQUEST, "malformed").response()
    told = [{"where": _where(m["loc"]), "what": m["type"]} for m in mistakes[:MAX_TOLD_MISTAKES]]
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", {"mistakes": told}).response()


def _where(place: tuple[object, ...]) -> str:
    """Where the mistake is; a name that the sender made up is not repeated."""
    return ".".join(str(part) for part in place[:2])[:80]


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status in _MISSED:
        # what no route takes has fallen through to the files, which know nothing of the API's methods
        taken = _taken(request)
        status = HTTPStatus.METHOD_NOT_ALLOWED if taken else status
        headers["Allow"] = ", ".join(taken or _READING)
    return Problem(status, _CODES.get(status, "refused"), headers=headers).response()


def _taken(request: Request) -> list[str]:
    """Return the methods that the API takes at this path; a path that is none of its own may still be a file's."""
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


def _of_missing(_request: Request, _error: Exception) -> Response:
    return Problem(HTTPStatus.NOT_FOUND, "not-found").response()


def _of_store(_request: Request, error: Exception) -> Response:
    log.error("store.away", error=type(error).__name__)
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "store", headers={"Retry-After": "2"}).response()


def _of_fault(request: Request, error: Exception) -> Response:
    log.error("request.failed", path=request.url.path, error=type(error).__name__)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal").response()

"""Every refusal of the kiosk as `{"problem": ...}`; pages translate by it. What somebody sent is never repeated."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from edge.kiosk.ports import DeskError, UnknownDeviceError
from edge.logs import Log

_PROBLEMS: Final = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: "malformed",
        HTTPStatus.NOT_FOUND: "not-found",
        HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    }
)
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_READING: Final = ("GET", "HEAD")
_MISSED: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})

_log: Final = Log(__name__)


class Problem(Exception):  # noqa: N818  RFC 9457's own word for it
    """An answer that refuses: HTTP status, stable name, and members that the name promises."""

    def __init__(
        self, status: HTTPStatus, problem: str, members: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem
        self.members = members

    def response(self) -> Response:
        """Return the answer."""
        return answer({"problem": self.problem, **self.members}, self.status)


def answer(data: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return `data`, msgspec Structs included, as JSON."""
    return Response(msgspec.json.encode(data), status, media_type="application/json")


def answer_with_problems(app: FastAPI) -> None:
    """Let the app answer every error, its own and the framework's, with a problem."""
    app.add_exception_handler(Problem, _of_problem)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(DeskError, _of_desk)
    app.add_exception_handler(Exception, _of_fault)


def _of_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


def _of_validation(_request: Request, _error: Exception) -> Response:
    return Problem(HTTPStatus.BAD_REQUEST, "malformed").response()


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    if status not in _MISSED:
        return Problem(status, _PROBLEMS.get(status, "refused")).response()
    # what no route takes has fallen through to the files, which know nothing of the API's methods
    taken = _taken(request)
    status = HTTPStatus.METHOD_NOT_ALLOWED if taken else status
    response = Problem(status, _PROBLEMS[status]).response()
    response.headers["Allow"] = ", ".join(taken or _READING)
    return response


def _taken(request: Request) -> list[str]:
    """Return the methods that the API takes at this path; a path that is none of its own may still be a file's."""
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


def _of_desk(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DeskError)
    status = HTTPStatus.NOT_FOUND if isinstance(error, UnknownDeviceError) else HTTPStatus.CONFLICT
    return Problem(status, error.problem).response()


def _of_fault(request: Request, error: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", "other")
    _log.error("request failed", route=route, error=type(error).__name__)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal").response()

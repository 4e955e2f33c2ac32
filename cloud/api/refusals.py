"""What routes promise to refuse with, for the description of the API (OpenAPI): nothing of it runs when a request comes."""

from http import HTTPStatus
from typing import Any

from cloud.api.problems import MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]
"""What FastAPI takes as `responses`."""


def refusals(*statuses: HTTPStatus) -> Responses:
    """Return problems of these statuses as FastAPI takes them."""
    return {
        status.value: {
            "description": status.phrase,
            "content": {MEDIA_TYPE: {"schema": _problem(status)}},
        }
        for status in statuses
    }


def answers(*media_types: str, status: HTTPStatus = HTTPStatus.OK) -> Responses:
    """Return an answer that is no JSON of a Shape: its media types, and nothing about what stands in it."""
    return {status.value: {"content": {media_type: {} for media_type in media_types}}}


def common_refusals(method: str, path: str, *, is_public: bool) -> Responses:
    """Return what any route of this kind may refuse with: by its guard, its parameters and body, and the store."""
    statuses = [HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE]
    if not is_public:
        statuses += [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN]
    if "{" in path:
        statuses.append(HTTPStatus.NOT_FOUND)
    if method != "GET":
        statuses += [HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE]
    return refusals(*statuses)


def _problem(status: HTTPStatus) -> dict[str, Any]:
    """Return the JSON Schema of cloud.api.problems.Problem; further members are promised by its code."""
    return {
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": {"type": "string", "pattern": "^urn:tcds:problem:[a-z0-9-]+$"},
            "title": {"type": "string"},
            "status": {"const": status.value},
            "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        },
    }

"""What each route of the kiosk takes, gives and refuses with, as OpenAPI: one table. For tests and documents; the daemon never imports it."""

from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import msgspec
from fastapi import FastAPI
from msgspec import Struct

from edge.cabin.orders import Order as CabinOrder
from edge.cabin.view import View
from edge.devices import Change
from edge.following.view import FollowingView
from edge.following.view import Order as FollowingOrder
from edge.guide.orders import Order as GuideOrder
from edge.guide.view import GuideView
from edge.identity.orders import Order as IdentityOrder
from edge.identity.view import IdentityView
from edge.kiosk.paper import PrintOrder
from edge.kiosk.ports import DeviceRow, Pairing, PairingAnswer, PairOrder, Scan, Tested
from edge.kiosk.screen_routes import Beat, Press
from edge.kiosk.service_routes import Login
from edge.paying.orders import Order as PayingOrder
from edge.paying.view import PayingView
from edge.services.orders import Order as ServicesOrder
from edge.services.view import MenuView, ServicesView, WardView
from wire.entries import Token
from wire.messages import SosStage

JSON: Final = "application/json"
_JPEG: Final = "image/jpeg"
_SVG: Final = "image/svg+xml"
_BAD, _SESSION, _ABSENT = HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND
_NOT_NOW, _LOCKED = HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS
_ALWAYS: Final = (
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""By the border, before any route: a foreign page, a body that is too large, a foreign name; and what takes too long."""


class Station(Struct):
    """Which station this is."""

    id: str
    name: str
    place: str


class About(Struct):
    """GET /api/kiosk."""

    station: Station
    has_cabin: bool
    has_card: bool
    has_services: bool
    has_guide: bool
    has_printer: bool
    has_service: bool
    release: str


class Recorded(Struct):
    """The press is on disk."""

    stage: SosStage


class Printed(Struct):
    """The paper is out."""

    printed: bool


class Taken(Struct):
    """The pictures that there are, by name."""

    taken: list[str]


class Wards(Struct):
    """Where one can live."""

    wards: list[WardView]


class Devices(Struct):
    """What is paired."""

    devices: list[DeviceRow]


class Begun(Struct):
    """A pairing that was begun."""

    pairing: Token


class Refusal(Struct):
    """edge.kiosk.problems.Problem; further members are promised by its name."""

    problem: str


@dataclass(frozen=True, slots=True)
class Promise:
    """`gives` and `takes`: a type in JSON, a media type of something else, or None for no body."""

    gives: type[Struct] | str | None
    takes: type[Struct] | str | None = None
    refuses: tuple[HTTPStatus, ...] = ()
    status: HTTPStatus = HTTPStatus.OK


_ORDERED: Final = (_BAD, _ABSENT, _NOT_NOW)
_DESK: Final = (_BAD, _SESSION, _ABSENT, _NOT_NOW)
_PICTURE: Final = (*_ORDERED, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNPROCESSABLE_ENTITY)
_NONE: Final = HTTPStatus.NO_CONTENT

PROMISES: Final = MappingProxyType(
    {
        "GET /api/kiosk": Promise(About),
        "GET /api/cabin/stream": Promise("text/event-stream"),
        "POST /api/cabin/orders": Promise(View, CabinOrder, _ORDERED),
        "POST /api/sos": Promise(Recorded, Press, (_BAD,)),
        "POST /api/beat": Promise(None, Beat, (_BAD,), _NONE),
        "GET /api/speech": Promise("audio/wav", None, (_BAD,)),
        "POST /api/cabin/print": Promise(Printed, PrintOrder, _ORDERED),
        "GET /api/cabin/sheet.svg": Promise(_SVG, None, _ORDERED),
        "POST /api/identity/orders": Promise(IdentityView, IdentityOrder, _ORDERED),
        "GET /api/identity/photo": Promise(_JPEG, None, _ORDERED),
        "GET /api/services": Promise(MenuView, None, (_ABSENT,)),
        "GET /api/services/wards": Promise(Wards, None, (_ABSENT,)),
        "POST /api/services/orders": Promise(ServicesView, ServicesOrder, _ORDERED),
        "GET /api/services/receipt.svg": Promise(_SVG, None, _ORDERED),
        "POST /api/services/print": Promise(Printed, PrintOrder, _ORDERED),
        "POST /api/services/draft/print": Promise(Printed, PrintOrder, _ORDERED),
        "POST /api/paying/orders": Promise(PayingView, PayingOrder, _ORDERED),
        "GET /api/paying/codes/{provider}": Promise(_SVG, None, _ORDERED),
        "GET /api/services/pictures/{question}": Promise(Taken, None, _ORDERED),
        "POST /api/services/pictures/{question}": Promise(Taken, _JPEG, _PICTURE),
        "GET /api/services/pictures/{question}/{name}": Promise(_JPEG, None, _ORDERED),
        "DELETE /api/services/pictures/{question}/{name}": Promise(Taken, None, _ORDERED),
        "POST /api/following/orders": Promise(FollowingView, FollowingOrder, _ORDERED),
        "POST /api/guide": Promise(GuideView, GuideOrder, _ORDERED),
        "POST /service/api/login": Promise(None, Login, (*_DESK, _LOCKED), _NONE),
        "POST /service/api/logout": Promise(None, None, (_ABSENT,), _NONE),
        "GET /service/api/devices": Promise(Devices, None, _DESK),
        "PATCH /service/api/devices/{name}": Promise(DeviceRow, Change, _DESK),
        "DELETE /service/api/devices/{name}": Promise(None, None, _DESK, _NONE),
        "POST /service/api/devices/{name}/test": Promise(Tested, None, _DESK),
        "POST /service/api/scan": Promise(Scan, None, _DESK),
        "POST /service/api/pair": Promise(Begun, PairOrder, _DESK, HTTPStatus.ACCEPTED),
        "GET /service/api/pairing/{pairing}": Promise(Pairing, None, _DESK),
        "POST /service/api/pairing/{pairing}": Promise(Pairing, PairingAnswer, _DESK),
    }
)
"""Method and path to what is promised."""


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the kiosk; KeyError names a route that has no row."""
    document = app.openapi()
    types = [each for promise in PROMISES.values() for each in (promise.gives, promise.takes)]
    bodies = {each for each in types if isinstance(each, type)} | {Refusal}
    ordered = sorted(bodies, key=lambda each: (each.__module__, each.__name__))
    schemas, components = msgspec.json.schema_components(
        ordered, schema_hook=_anything, ref_template="#/components/schemas/{name}"
    )
    shapes = dict(zip(ordered, schemas, strict=True))
    document["components"] = {"schemas": components}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            promise = PROMISES[f"{method.upper()} {path}"]
            operation["responses"] = _responses(promise, shapes)
            if promise.takes is not None:
                operation["requestBody"] = {"required": True, "content": _content(promise.takes, shapes)}
    return document


def _anything(kind: type) -> dict[str, Any]:
    """Return what holds of a value that may be any JSON, as answers to questions may."""
    if kind is object:
        return {"description": "any JSON"}  # msgspec takes an empty one for none
    raise NotImplementedError


def _responses(promise: Promise, shapes: dict[type[Struct], Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": promise.status.phrase}
    if promise.gives is not None:
        answer["content"] = _content(promise.gives, shapes)
    refusals = {
        str(status.value): {"description": status.phrase, "content": _content(Refusal, shapes)}
        for status in (*_ALWAYS, *promise.refuses)
    }
    return {str(promise.status.value): answer, **refusals}


def _content(body: type[Struct] | str, shapes: dict[type[Struct], Any]) -> dict[str, Any]:
    return {body: {}} if isinstance(body, str) else {JSON: {"schema": shapes[body]}}

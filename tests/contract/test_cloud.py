"""The cloud's API, whoever asks whatever: no fault, no answer that its description does not know, no bad input taken."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import pytest
from fastapi import FastAPI
from schemathesis.core.parameters import ParameterLocation
from schemathesis.schemas import BaseSchema

from cloud.api import routes
from cloud.api.access import ACCESS, PUBLIC
from cloud.api.app import create_app
from cloud.store.accounts import Role
from tests.cloud.api.city import PASSWORD, PEOPLE, City
from tests.contract.holding import AnyCase, Asking, ask_everything, dice, labels_of, operation_of, schema_of
from tests.contract.known import STATION, TRACKING, Known


def described() -> FastAPI:
    """Every route there is with nothing behind it: what is promised does not depend on a store."""
    app = FastAPI(title="TCDS")
    for found in pkgutil.iter_modules(routes.__path__, f"{routes.__name__}."):
        app.include_router(import_module(found.name).router)
    return app


@pytest.fixture(scope="module")
def promised() -> BaseSchema:
    return schema_of(described().openapi())


LABELS: Final = sorted([*ACCESS, "GET /healthz", "GET /readyz", "GET /metrics"])
FINITE: Final = [label for label in LABELS if not label.endswith("/stream")]
"""Streams never end when all is well: how they refuse is asked below, what they say in tests/cloud/api/test_stream.py."""

_KEYS: Final = {"p256dh": "B" + "a" * 86, "auth": "c" * 22}
_PUSH: Final = {"endpoint": "https://push.example.vn/send/abc", "keys": _KEYS}
_ACTION: Final = {"version": 1, "idempotency_key": "key-00000001"}
_CONSOLE: Final = "0f" * 16

GOOD: Final[dict[str, dict[str, Any]]] = {
    "POST /api/session": {"body": {"login": PEOPLE["duty_officer"].login, "password": PASSWORD}},
    "POST /api/incidents/{incident}/actions": {"body": {**_ACTION, "action": "acknowledge"}},
    "POST /api/incidents/{incident}/seen": {"body": {}},
    "PUT /api/presence": {"body": {"console": _CONSOLE, "armed": True}},
    "DELETE /api/presence/{console}": {"path_parameters": {"console": _CONSOLE}},
    "POST /api/drills": {"body": {"station": STATION}},
    "GET /api/shift-report": {"query": {"from_ms": 1_790_000_000_000, "to_ms": 1_790_000_060_000}},
    "POST /api/push-subscriptions": {"body": _PUSH},
    "DELETE /api/push-subscriptions": {"body": _PUSH},
    "POST /api/requests/{request}/actions": {"body": {**_ACTION, "action": "receive"}},
    "GET /api/services/{service}": {"path_parameters": {"service": "temporary-residence"}},
    "GET /api/tracking/{code}": {"path_parameters": {"code": TRACKING}},
    "GET /api/open311/v2/services.{form}": {"path_parameters": {"form": "xml"}},
    "GET /api/open311/v2/requests.{form}": {"path_parameters": {"form": "xml"}},
    "GET /api/open311/v2/requests/{number}.{form}": {"path_parameters": {"form": "json"}},
}
"""What a request that succeeds carries beside the ids of its path; others carry nothing."""


NEEDS_A_FAILURE: Final = "POST /api/dead-letters/{number}/resend"
"""Succeeds only after twelve hours of failing, which is a story of its own."""


@pytest.fixture
def asking(city: City) -> Iterator[Asking]:
    app = create_app(city.settings, city.places, city.catalogue, city.store, city.clock)
    with Asking(app, "http://tcds.test") as asking:
        yield asking


def roles_of(label: str) -> list[Role]:
    """Who may, the desk officer first: what exists is at that desk."""
    return sorted(ACCESS.get(label, PUBLIC), key=lambda role: (role is not Role.DESK_OFFICER, role))


def session_of(city: City, role: Role) -> dict[str, str]:
    token, csrf = city.session(role)
    return {"Cookie": f"tcds={token}", "X-CSRF-Token": csrf}


def test_the_description_is_of_every_route(city: City, promised: BaseSchema) -> None:
    app = create_app(city.settings, city.places, city.catalogue, city.store, city.clock)
    assert app.openapi()["paths"] == described().openapi()["paths"]
    assert labels_of(promised) == LABELS
    assert set(GOOD) <= set(LABELS)


NEED_A_PROVIDER: Final = ("/api/pay/vnpay", "/api/pay/momo", "/api/pay/bank")
"""Signed by providers, of whom none is agreed here; their successes are in tests/cloud/api/test_notices.py."""


@pytest.mark.parametrize("label", FINITE)
def test_every_answer_is_as_described(
    label: str, city: City, known: Known, asking: Asking, promised: BaseSchema
) -> None:
    roles = roles_of(label)

    def ask(case: AnyCase) -> None:
        _name_what_exists(case, known)
        asking.ask(case, session_of(city, roles[dice(case, len(roles), "role")]) if roles else {})

    ask_everything(operation_of(promised, label), ask)


@pytest.mark.parametrize(
    "label", [label for label in FINITE if label != NEEDS_A_FAILURE and not label.endswith(NEED_A_PROVIDER)]
)
def test_every_operation_also_succeeds(
    label: str, city: City, known: Known, asking: Asking, promised: BaseSchema
) -> None:
    good = GOOD.get(label, {})
    named = {name: value for name, value in known.items() if f"{{{name}}}" in label}
    case = operation_of(promised, label).Case(
        **{**good, "path_parameters": named | good.get("path_parameters", {})}
    )
    roles = roles_of(label)
    answer = asking.ask(case, session_of(city, roles[0]) if roles else {})
    assert answer.is_success, answer.text


@pytest.mark.parametrize("headers", [{}, {"Last-Event-ID": "1" * 101}], ids=["no-session", "too-long"])
def test_a_stream_that_is_refused_is_refused_as_described(
    headers: dict[str, str], city: City, asking: Asking, promised: BaseSchema
) -> None:
    session = session_of(city, Role.DUTY_OFFICER) if headers else {}
    answer = asking.ask(operation_of(promised, "GET /api/stream").Case(), session | headers)
    assert answer.status_code == (422 if headers else 401)


def _name_what_exists(case: AnyCase, known: Known) -> None:
    """Let every other good path lead to something, and every other good version be the present one."""
    for name, value in case.path_parameters.items():
        is_good = case.meta is None or case.meta.components[ParameterLocation.PATH].mode.is_positive
        if name in known and is_good and dice(case, 2, name):
            case.path_parameters[name] = known[name] if isinstance(value, str) else int(known[name])
    if isinstance(case.body, dict) and isinstance(case.body.get("version"), int) and dice(case, 2, "version"):
        case.body["version"] = 1

"""How a described API is held to its word: what schemathesis asks, how that is sent, and what is checked of the answers."""

import asyncio
import zlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, Self

import httpx
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from schemathesis.schemas import APIOperation, BaseSchema

EXAMPLES: Final = 8
"""Drawn for each operation, good and bad ones; the boundaries of every field come on top."""

_UNHURRIED: Final = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
"""The same questions in every run."""
_MODES: Final = [HypothesisTestMode.COVERAGE, HypothesisTestMode.FUZZING]

AnyCase = Case[Any]
Operation = APIOperation[Any, Any, Any, Any]

load_all_checks()
_ACCEPTANCE: Final = "positive_data_acceptance"
_PROMISES: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
)
_BEYOND_SCHEMA: Final = frozenset({"value_error", "int_type"})
"""Mistakes of what JSON Schema calls right: a check of ours, and 1.0, which it takes for an integer."""


def schema_of(document: dict[str, Any]) -> BaseSchema:
    """Return the description as schemathesis reads it."""
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig())


def labels_of(schema: BaseSchema) -> list[str]:
    """Return every operation, as `GET /path`."""
    return sorted(f"{method.upper()} {path}" for path in schema for method in schema[path])


def operation_of(schema: BaseSchema, label: str) -> Operation:
    """Return the operation that is called so."""
    method, path = label.split(" ")
    return schema[path][method]


def ask_everything(operation: Operation, ask: Callable[[AnyCase], None]) -> None:
    """Let `ask` (its parameter is `case`) ask at every boundary that the description has, then what is drawn.

    Not by schemathesis's own parametrization: it makes its questions while pytest collects, in every process, which takes
    longer than to ask them.
    """
    config = HypothesisTestConfig(project=operation.schema.config, modes=_MODES, settings=_UNHURRIED)
    create_test(operation=operation, test_func=ask, config=config)()


def dice(case: AnyCase, sides: int, about: str) -> int:
    """Return a number below `sides` that follows from the case alone: asked again, it is the same in everything."""
    return (
        zlib.crc32(repr((about, case.method, case.path_parameters, case.query, case.body)).encode()) % sides
    )


class Asking:
    """Sends cases to an app, in this process."""

    def __init__(self, app: FastAPI, base_url: str) -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport)
        self._base_url = base_url
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._client.aclose())
        self._loop.close()

    def ask(self, case: AnyCase, headers: dict[str, str]) -> httpx.Response:
        """Return the answer once it has kept every promise."""
        named = case.as_transport_kwargs(base_url=self._base_url, headers=headers)
        prepared = requests.Request(**named).prepare()
        assert prepared.method is not None
        assert prepared.url is not None
        body = prepared.body
        assert body is None or isinstance(body, str | bytes)
        names = {
            name: value if isinstance(value, str) else value.decode()
            for name, value in prepared.headers.items()
        }
        request = httpx.Request(prepared.method, prepared.url, headers=names, content=body)
        answer = self._loop.run(self._client.send(request))
        case.validate_response(answer, checks=_promises(answer))
        return answer


def _promises(answer: httpx.Response) -> list[Any]:
    """Return what is to hold: what has the right shape is accepted, unless it breaks a rule that no schema can say."""
    breaks_rule = answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and all(
        mistake["what"] in _BEYOND_SCHEMA for mistake in answer.json().get("mistakes", [])
    )
    return CHECKS.get_by_names([*_PROMISES] if breaks_rule else [*_PROMISES, _ACCEPTANCE])

"""What routes take from a request: the context, and a body as a checked Struct.

Routes and what they depend on are coroutines: FastAPI runs plain functions in threads, and a press must not wait for one.
"""

from http import HTTPStatus
from typing import Annotated, TypeVar, cast

import msgspec
from fastapi import Depends, Request

from edge.kiosk.context import Context
from edge.kiosk.problems import Problem
from edge.kiosk.stream import Streams

T = TypeVar("T", bound=msgspec.Struct)


async def read(request: Request, kind: type[T]) -> T:
    """Return the body as `kind`; Problem 400 `malformed`. Its size is bounded by the border."""
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed") from None


async def _context(request: Request) -> Context:
    return cast("Context", request.app.state.context)


async def _streams(request: Request) -> Streams:
    return cast("Streams", request.app.state.streams)


Here = Annotated[Context, Depends(_context)]
OpenStreams = Annotated[Streams, Depends(_streams)]
